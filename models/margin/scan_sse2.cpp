#include "models/margin/scan_lanes.h"

namespace mezz::margin::detail {

void scan_sse2(const ScanJob& job) { scan_in_lanes<2>(job); }

}  // namespace mezz::margin::detail

#include "models/margin/scan_lanes.h"

namespace mezz::margin::detail {

void scan_avx2(const ScanJob& job) { scan_in_lanes<4>(job); }

}  // namespace mezz::margin::detail

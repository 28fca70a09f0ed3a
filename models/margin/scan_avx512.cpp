#include "models/margin/scan_lanes.h"

namespace mezz::margin::detail {

void scan_avx512(const ScanJob& job) { scan_in_lanes<8>(job); }

}  // namespace mezz::margin::detail

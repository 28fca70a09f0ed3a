#include "models/pricing/black_isas.h"
#include "models/pricing/implied_vol_lanes.h"

namespace mezz::pricing::detail {

void implied_avx2(const QuoteColumns& quotes, double* volatility) {
  implied_in_lanes<4>(quotes, volatility);
}

}  // namespace mezz::pricing::detail

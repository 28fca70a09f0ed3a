#include "models/pricing/black_isas.h"
#include "models/pricing/implied_vol_lanes.h"

namespace mezz::pricing::detail {

void implied_sse2(const QuoteColumns& quotes, double* volatility) {
  implied_in_lanes<2>(quotes, volatility);
}

}  // namespace mezz::pricing::detail

#include "models/pricing/black_isas.h"
#include "models/pricing/implied_vol_lanes.h"

namespace mezz::pricing::detail {

void implied_avx512(const QuoteColumns& quotes, double* volatility) {
  implied_in_lanes<8>(quotes, volatility);
}

}  // namespace mezz::pricing::detail

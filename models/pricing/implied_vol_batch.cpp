#include "models/pricing/implied_vol_batch.h"

#include "models/pricing/black_isas.h"
#include "sim/check/assert.h"

namespace mezz::pricing {
namespace {

void run(const QuoteColumns& quotes, double* volatility, Isa isa) {
  switch (isa) {
    case Isa::Sse2:
      return detail::implied_sse2(quotes, volatility);
    case Isa::Avx2:
      return detail::implied_avx2(quotes, volatility);
    case Isa::Avx512:
      return detail::implied_avx512(quotes, volatility);
  }
}

}  // namespace

void implied_volatility_batch(const QuoteColumns& quotes, double* volatility,
                              ImpliedVolStatus* status, Isa isa) {
  MEZZ_ASSERT(isa <= widest_isa());
  run(quotes, volatility, isa);
  for (std::size_t i = 0; i < quotes.count; ++i) {
    status[i] = ImpliedVolStatus::Found;
    if (volatility[i] == volatility[i]) continue;
    const ImpliedVol found =
        implied_volatility({.right = quotes.sign[i] > 0.0 ? OptionRight::Call : OptionRight::Put,
                            .forward = quotes.forward[i],
                            .strike = quotes.strike[i],
                            .time = quotes.time[i],
                            .volatility = 0.0,
                            .rate = quotes.rate[i]},
                           quotes.price[i]);
    volatility[i] = found.volatility;
    status[i] = found.status;
  }
}

}  // namespace mezz::pricing

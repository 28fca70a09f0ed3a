// Fair values of contracts without an expiry, which funding ties to their payoff.
//
// Perpetual futures (D. Ackerer, J. Hugonnier, U. Jermann, Perpetual futures pricing, 2024): the
// long pays per funding period k (f - x) + iota x, f the futures price and x the spot; inverse
// contracts settle in the coin, where 1 / f and 1 / x take these places. In discrete time k and
// iota are per period, and the spot in the funding is that of the period's end or its beginning;
// in continuous time (period 0) both are per year.
// Everlasting options (S. Bankman-Fried, D. White, Everlasting Options, Paradigm 2021): a portfolio
// of options, half of what is left expiring at each funding, or continuously at rate 1 / period.
// The options are ordinary ones, bought and discounted at `rate`, in both styles: the paper's
// argument buys and rolls them (it names no rate), its authors' power perpetuals and Paradex's
// continuous formula (strike / (1 + r T)) discount as well. A venue that takes no premium, only
// margin that earns interest, quotes the undiscounted sum: rate 0 with yield = -(drift).
// Power perpetuals (D. White et al., Power Perpetuals, Paradigm 2021): the same with payoff S^p.
//
// Units: rates, yield and volatility per year; period in years. Errors: where funding is too weak
// to hold a price there is none, and infinity is returned; never NaN for inputs that are numbers.
#pragma once

#include "models/pricing/black.h"

namespace mezz::pricing {

enum class PerpetualPayoff : std::uint8_t { Linear, Inverse };
enum class FundingSpot : std::uint8_t { Previous, Current };
struct PerpetualFuture {
  PerpetualPayoff payoff = PerpetualPayoff::Linear;
  FundingSpot funding_spot = FundingSpot::Previous;
  double period = 0.0;  // 0: continuous
  double spot = 0.0;
  double rate = 0.0;
  double yield = 0.0;
  double k = 0.0;     // strength of the funding
  double iota = 0.0;  // interest part of the funding
};
[[nodiscard]] double perpetual_future(const PerpetualFuture& contract);

enum class FundingTime : std::uint8_t { Discrete, Continuous };
// `option.time` is the funding period; continuous: rate x period and yield x period above -1.
[[nodiscard]] double everlasting_option(const SpotOption& option, FundingTime funding);

struct PowerPerpetual {
  double power = 2.0;
  double spot = 0.0;
  double volatility = 0.0;
  double rate = 0.0;
  double period = 0.0;
};
[[nodiscard]] double power_perpetual(const PowerPerpetual& contract);

}  // namespace mezz::pricing

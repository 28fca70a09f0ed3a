// Closed forms for a leveraged long whose price is a geometric Brownian motion or Merton's jump
// diffusion, drift 0, years of 365 days. Entry 1, liquidation price H = (1 - 1/L) / (1 - m),
// bankruptcy price B = 1 - 1/L, so B / H = 1 - m whatever the leverage. Sources: reflection
// principle; Broadie, Glasserman, Kou 1997 (discrete monitoring); Black 1976; Merton 1976.
#pragma once

namespace mezz::validation {

double liquidation_price(double leverage, double maintenance);

// P(the path touches the barrier within `years`), barrier < 1.
double hit_probability(double barrier, double volatility, double years);
// The barrier that, watched continuously, is hit as often as `barrier` looked at every `step`
// years.
double shifted_barrier(double barrier, double volatility, double step);

struct JumpLaw {
  double volatility = 0;
  double jumps_per_year = 0;
  double jump_mean = 0;       // of the log
  double jump_deviation = 0;  // of the log
};
struct Shortfall {
  double probability = 0;  // price / start < strike
  double expected = 0;     // E[(strike - price / start)+]
};
// After `years`, from a start of 1.
Shortfall shortfall(double strike, const JumpLaw& law, double years);
// The same with the time uniform on [low, high] (Simpson's rule).
Shortfall shortfall_uniform(double strike, const JumpLaw& law, double low, double high);

}  // namespace mezz::validation

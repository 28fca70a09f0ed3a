// Volatility that wanders: the log of the volatility is the sum of two stationary
// Ornstein-Uhlenbeck processes, one that forgets quickly and one that forgets slowly (Scott 1987;
// two scales: Fouque, Papanicolaou, Sircar, Solna 2003). Over a step of any length the transition
// is exact; within a step the volatility is held. With E[factor^2] = 1 the parameter `volatility`
// of the path stays the root of the mean variance:
//   factor = exp(fast + slow - fast.deviation^2 - slow.deviation^2)
// Why not Heston: its square root touches zero at the parameters that crypto returns ask for, and
// the log needs no rule for that. Left out: correlation with the return (leverage effect).
#pragma once

#include "sim/config/visit.h"
#include "sim/random/stream.h"
#include "sim/types/time.h"

namespace mezz {

struct VolatilityFactorParams {
  double deviation = 0.0;
  Duration memory = 1_h;

  void visit(auto& v) {
    v("deviation", deviation,
      {.doc = "Standard deviation of the log of the volatility", .min = 0.0, .max = 3.0});
    v("memory", memory,
      {.doc = "Time in which its autocorrelation falls to 1/e", .min = 1_s, .max = 3650_d});
  }
};

struct VolatilityFactorsParams {
  VolatilityFactorParams fast = {.deviation = 0.4, .memory = 20_min};
  VolatilityFactorParams slow = {.deviation = 0.5, .memory = 2_d};

  void visit(auto& v) {
    v("fast", fast, {.doc = "Bursts"});
    v("slow", slow, {.doc = "Regimes of days"});
  }
};

class VolatilityFactors {
 public:
  explicit VolatilityFactors(const VolatilityFactorsParams& params = {}) : params_(params) {}
  // Draws both from their stationary law; without it they start at their mean.
  void start(Stream& stream);
  void advance(Duration step, Stream& stream);  // two normal draws
  [[nodiscard]] double factor() const;

  void visit_state(auto& v) {
    v("fast", fast_);
    v("slow", slow_);
  }

 private:
  VolatilityFactorsParams params_;
  double fast_ = 0.0;
  double slow_ = 0.0;
};

}  // namespace mezz

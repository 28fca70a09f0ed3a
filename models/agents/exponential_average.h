// An exponentially weighted average of a price over time: a sample that comes dt after the last one
// weighs dt / (dt + memory). Kept in 2^-16 ticks, integer.
#pragma once

#include <cstdint>

#include "sim/types/price.h"
#include "sim/types/rounding.h"
#include "sim/types/time.h"

namespace mezz {

class ExponentialAverage {
 public:
  explicit ExponentialAverage(Duration memory) : memory_(memory) {
    MEZZ_ASSERT(memory > Duration::zero());
  }
  void add(Price price, Time now) {
    const Int128 target = Int128{price.ticks} << kBits;
    if (!last_.happened()) {
      value_ = narrow(target);
    } else {
      MEZZ_ASSERT(now >= last_);
      const Duration dt = now - last_;
      value_ +=
          narrow(divide((target - value_) * dt.ns, Int128{dt.ns} + memory_.ns, Round::HalfEven));
    }
    last_ = now;
  }
  [[nodiscard]] bool known() const { return last_.happened(); }
  [[nodiscard]] Price price() const {
    return {narrow(divide(value_, Int128{1} << kBits, Round::HalfEven))};
  }
  void visit_state(auto& v) {
    v("value", value_);
    v("last", last_);
  }

 private:
  static constexpr int kBits = 16;
  Duration memory_;
  std::int64_t value_ = 0;
  Time last_ = Time::never();
};

}  // namespace mezz

// A configurable delay, as scenarios write it: link latencies, think times, proving times.
//   kind                 uses            law
//   constant             mean            always `mean`
//   uniform              mean spread     uniform on [mean - spread, mean + spread]
//   exponential          mean            memoryless
//   shifted_exponential  mean minimum    minimum + exponential of mean (mean - minimum)
//   lognormal            mean cv         cv = standard deviation / mean
//   erlang               mean phases     sum of `phases` equal exponentials, cv = 1 / sqrt(phases)
// The mean of the law is `mean` for every kind, so that designs are compared at equal mean latency.
// A draw is never negative. constant takes no draw, erlang `phases`, all others one.
// Left out: empirical tables and heavy tails without a variance.
#pragma once

#include <cstdint>
#include <string_view>

#include "sim/random/stream.h"
#include "sim/types/enum_names.h"
#include "sim/types/time.h"

namespace mezz {

enum class DelayKind : std::uint8_t {
  Constant,
  Uniform,
  Exponential,
  ShiftedExponential,
  Lognormal,
  Erlang,
};
template <>
struct EnumNames<DelayKind> {
  static constexpr std::string_view names[] = {
      "constant", "uniform", "exponential", "shifted_exponential", "lognormal", "erlang"};
};

struct DelayDistribution {
  DelayKind kind = DelayKind::Constant;
  Duration mean = {};
  Duration spread = {};
  Duration minimum = {};
  double cv = 1.0;
  std::int64_t phases = 2;

  static constexpr DelayDistribution constant(Duration mean) { return {.mean = mean}; }
  static constexpr DelayDistribution exponential(Duration mean) {
    return {.kind = DelayKind::Exponential, .mean = mean};
  }
  static constexpr DelayDistribution lognormal(Duration mean, double cv) {
    return {.kind = DelayKind::Lognormal, .mean = mean, .cv = cv};
  }

  void visit(auto& v) {
    v("kind", kind, {.doc = "Shape of the distribution"});
    v("mean", mean, {.doc = "Mean delay, whatever the kind", .min = Duration::zero()});
    v("spread", spread, {.doc = "uniform: half the width of the range", .min = Duration::zero()});
    v("minimum", minimum,
      {.doc = "shifted_exponential: the shortest delay", .min = Duration::zero()});
    v("cv", cv, {.doc = "lognormal: standard deviation / mean", .min = 0.0, .max = 100.0});
    v("phases", phases, {.doc = "erlang: number of exponential phases", .min = 1, .max = 1'000});
  }

  bool operator==(const DelayDistribution&) const = default;
};

// Throws ScenarioError naming path.field when a field contradicts the kind.
void check(const DelayDistribution& delay, std::string_view path);

Duration draw(const DelayDistribution& delay, Stream& stream);

}  // namespace mezz

#include "sim/random/distribution_params.h"

#include <string>

#include "sim/check/assert.h"
#include "sim/check/error.h"
#include "sim/numeric/elementary.h"
#include "sim/random/distribution.h"

namespace mezz {
namespace {

constexpr double kCvMax = 100.0;
constexpr std::int64_t kPhasesMax = 1'000;

void require(bool holds, std::string_view path, const char* field, const std::string& problem) {
  if (!holds) throw ScenarioError(std::string(path) + "." + field, problem);
}

std::string nanoseconds(Duration d) { return std::to_string(d.ns) + " ns"; }

double as_double(Duration d) { return static_cast<double>(d.ns); }

// exp(mu + sigma Z) has mean 1 and the wanted cv when sigma^2 = ln(1 + cv^2), mu = -sigma^2 / 2.
double unit_lognormal(Stream& stream, double cv) {
  const double variance = numeric::log1p(cv * cv);
  return lognormal(stream, -0.5 * variance, numeric::sqrt(variance));
}

}  // namespace

void check(const DelayDistribution& d, std::string_view path) {
  require(d.mean >= Duration::zero() && d.mean <= kLongestDraw, path, "mean",
          "must be between 0 and 146 years, got " + nanoseconds(d.mean));
  require(d.spread >= Duration::zero(), path, "spread",
          "must be >= 0, got " + nanoseconds(d.spread));
  require(d.minimum >= Duration::zero(), path, "minimum",
          "must be >= 0, got " + nanoseconds(d.minimum));
  if (d.kind == DelayKind::Uniform) {
    require(d.spread <= d.mean, path, "spread",
            "must be <= mean, got " + nanoseconds(d.spread) + " with mean " + nanoseconds(d.mean));
  }
  if (d.kind == DelayKind::ShiftedExponential) {
    require(d.minimum <= d.mean, path, "minimum",
            "must be <= mean, got " + nanoseconds(d.minimum) + " with mean " + nanoseconds(d.mean));
  }
  require(d.cv >= 0.0 && d.cv <= kCvMax, path, "cv",
          "must be between 0 and 100, got " + std::to_string(d.cv));
  require(d.phases >= 1 && d.phases <= kPhasesMax, path, "phases",
          "must be between 1 and 1000, got " + std::to_string(d.phases));
}

Duration draw(const DelayDistribution& d, Stream& stream) {
  MEZZ_ASSERT(d.mean >= Duration::zero());
  switch (d.kind) {
    case DelayKind::Constant:
      return d.mean;
    case DelayKind::Uniform:
      MEZZ_ASSERT(d.spread >= Duration::zero() && d.spread <= d.mean);
      MEZZ_ASSERT(d.mean <= kLongestDraw);
      return {uniform_int(stream, d.mean.ns - d.spread.ns, d.mean.ns + d.spread.ns)};
    case DelayKind::Exponential:
      return exponential(stream, d.mean);
    case DelayKind::ShiftedExponential: {
      MEZZ_ASSERT(d.minimum >= Duration::zero() && d.minimum <= d.mean);
      const double rest = exponential(stream) * as_double(d.mean - d.minimum);
      return to_drawn_duration(as_double(d.minimum) + rest);
    }
    case DelayKind::Lognormal:
      return to_drawn_duration(as_double(d.mean) * unit_lognormal(stream, d.cv));
    case DelayKind::Erlang: {
      const double phase_mean = as_double(d.mean) / static_cast<double>(d.phases);
      return to_drawn_duration(erlang(stream, d.phases) * phase_mean);
    }
  }
  assert_failed("delay kind is known", __FILE__, __LINE__);
}

}  // namespace mezz

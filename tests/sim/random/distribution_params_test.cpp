#include "sim/random/distribution_params.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "sim/check/error.h"
#include "sim/config/visit.h"

namespace mezz {
namespace {

static_assert(Visitable<DelayDistribution>);

constexpr int kDraws = 100'000;

std::vector<DelayDistribution> one_of_each() {
  return {DelayDistribution::constant(200_ms),
          {.kind = DelayKind::Uniform, .mean = 200_ms, .spread = 150_ms},
          DelayDistribution::exponential(200_ms),
          {.kind = DelayKind::ShiftedExponential, .mean = 200_ms, .minimum = 80_ms},
          DelayDistribution::lognormal(200_ms, 0.7),
          {.kind = DelayKind::Erlang, .mean = 200_ms, .phases = 4}};
}

TEST(DelayDistribution, EveryKindHasItsMeanAndCoefficientOfVariation) {
  // uniform: spread / (sqrt(3) mean); shifted: (mean - minimum) / mean; erlang: 1 / sqrt(phases).
  const double cv[] = {0, 150 / std::sqrt(3) / 200, 1, 120 / 200.0, 0.7, 0.5};
  const std::vector<DelayDistribution> all = one_of_each();
  for (std::size_t i = 0; i < all.size(); ++i) {
    SCOPED_TRACE(enum_name(all[i].kind));
    Stream s(5, 0, "link", "delay");
    double sum = 0, squares = 0;
    for (int n = 0; n < kDraws; ++n) {
      const double x = draw(all[i], s).seconds() / 0.2;
      sum += x;
      squares += x * x;
    }
    const double mean = sum / kDraws;
    EXPECT_NEAR(mean, 1, 4 * cv[i] / std::sqrt(kDraws) + 1e-9);
    // 3 % is at least 4 standard errors of the standard deviation for each of these shapes.
    EXPECT_NEAR(std::sqrt(std::max(0.0, squares / kDraws - mean * mean)), cv[i],
                0.03 * cv[i] + 1e-6);
  }
}

TEST(DelayDistribution, DrawsStayAboveTheirMinimum) {
  Stream s(5, 0, "link", "delay");
  for (const DelayDistribution& d : one_of_each()) {
    for (int n = 0; n < 10'000; ++n) ASSERT_GE(draw(d, s), d.minimum) << enum_name(d.kind);
  }
}

TEST(DelayDistribution, ZeroMeanIsZeroDelayForEveryKind) {
  Stream s(5, 0, "link", "delay");
  for (DelayDistribution d : one_of_each()) {
    d.mean = d.spread = d.minimum = Duration::zero();
    EXPECT_EQ(draw(d, s), Duration::zero()) << enum_name(d.kind);
  }
}

TEST(DelayDistribution, CountsItsDraws) {
  const std::uint64_t draws[] = {0, 1, 1, 1, 1, 4};
  const std::vector<DelayDistribution> all = one_of_each();
  for (std::size_t i = 0; i < all.size(); ++i) {
    Stream s(5, 0, "link", "delay");
    (void)draw(all[i], s);
    EXPECT_EQ(s.position(), draws[i]) << enum_name(all[i].kind);
  }
}

std::string problem_path(const DelayDistribution& d) {
  try {
    check(d, "layer2.link");
  } catch (const ScenarioError& e) {
    return e.path();
  }
  return "accepted";
}

TEST(DelayDistribution, CheckNamesTheFieldThatIsWrong) {
  for (const DelayDistribution& d : one_of_each()) EXPECT_EQ(problem_path(d), "accepted");
  EXPECT_EQ(problem_path(DelayDistribution::constant(-1_ns)), "layer2.link.mean");
  EXPECT_EQ(problem_path({.kind = DelayKind::Uniform, .mean = 1_s, .spread = 2_s}),
            "layer2.link.spread");
  EXPECT_EQ(problem_path({.kind = DelayKind::ShiftedExponential, .mean = 1_s, .minimum = 2_s}),
            "layer2.link.minimum");
  EXPECT_EQ(problem_path(DelayDistribution::lognormal(1_s, -0.1)), "layer2.link.cv");
  EXPECT_EQ(problem_path(DelayDistribution::lognormal(1_s, std::nan(""))), "layer2.link.cv");
  EXPECT_EQ(problem_path({.kind = DelayKind::Erlang, .mean = 1_s, .phases = 0}),
            "layer2.link.phases");
}

TEST(DelayDistribution, AnUncheckedContradictionIsOurBug) {
  Stream s(5, 0, "link", "delay");
  EXPECT_THROW((void)draw({.kind = DelayKind::Uniform, .mean = 1_s, .spread = 2_s}, s),
               AssertionFailure);
}

TEST(DelayKind, HasOneNamePerValue) {
  EXPECT_EQ(enum_name(DelayKind::Constant), "constant");
  EXPECT_EQ(enum_name(DelayKind::ShiftedExponential), "shifted_exponential");
  EXPECT_EQ(enum_name(DelayKind::Erlang), "erlang");
  EXPECT_EQ(std::size(EnumNames<DelayKind>::names),
            static_cast<std::size_t>(DelayKind::Erlang) + 1);
}

}  // namespace
}  // namespace mezz

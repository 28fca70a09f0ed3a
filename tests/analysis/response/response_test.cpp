// What a number answers to, on runs whose answers are known in closed form.
#include "analysis/response/response.h"

#include <gmock/gmock.h>

#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <numbers>

#include "tests/analysis/result_fixture.h"

namespace mezz::analysis {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Json = nlohmann::json;

RunRecord run(const std::vector<std::string>& values, double number) {
  RunRecord out;
  for (const std::string& value : values) out.values.push_back(key_value(value));
  out.status = "complete";
  out.metrics = {{"loss", number, "USD"}};
  return out;
}

std::string text_of(double number) { return Json(number).dump(); }

TEST(Factors, AreInTheOrderOfTheirNumbers) {
  RunSet set{.keys = {"delay", "run.seed"}};
  for (const char* delay : {"10 s", "100 ms", "1 s"}) set.runs.push_back(run({delay, "1"}, 0));
  const std::vector<Factor> factors = factors_of(set);
  ASSERT_THAT(factors, SizeIs(1));
  EXPECT_THAT(factors[0].levels, ElementsAre("100 ms", "1 s", "10 s"));
  EXPECT_THAT(factors[0].numbers, ElementsAre(0.1, 1, 10));
  EXPECT_EQ(factors[0].unit, "s");
  EXPECT_THAT(factors[0].level_of_run, ElementsAre(2U, 0U, 1U));
  EXPECT_TRUE(factors[0].geometric());
}

TEST(Factors, ThatChangeTogetherAreOne) {
  RunSet set{.keys = {"a", "b", "c"}};
  set.runs = {run({"1", "x", "p"}, 0), run({"2", "y", "p"}, 0), run({"1", "x", "q"}, 0),
              run({"2", "y", "q"}, 0)};
  const std::vector<Factor> factors = factors_of(set);
  ASSERT_THAT(factors, SizeIs(2));
  EXPECT_EQ(factors[0].name, "a with b");
  EXPECT_EQ(factors[1].name, "c");
}

TEST(Factors, GrowGeometricallyOrNot) {
  const auto of = [](std::vector<double> numbers) {
    return Factor{.name = "", .numbers = numbers};
  };
  EXPECT_TRUE(of({1, 10, 100}).geometric());
  EXPECT_TRUE(of({3, 6, 12, 24}).geometric());
  EXPECT_FALSE(of({1, 2, 3}).geometric());
  EXPECT_FALSE(of({1, 10}).geometric());
  EXPECT_FALSE(of({0, 1, 2}).geometric());
  EXPECT_FALSE(of({-1, -10, -100}).geometric());
}

// Ishigami and Homma 1990: f = sin x1 + a sin^2 x2 + b x3^4 sin x1 with uniform x in -pi ... pi.
// With a = 7, b = 0.1 the first-order indices are 0.3139, 0.4424 and 0 (Saltelli et al. 2008). They
// follow from the moments of sin x1 (0, 1/2), of sin^2 x2 (1/2, variance 1/8) and of x3^4 (pi^4 /
// 5, and pi^8 / 9 of its square), and these few levels have just those moments:
//   sin^2 of +-pi/4, +-3pi/4 is 1/2; sin^2 of 0, +-2pi/3 is 0, 3/4, 3/4;
//   x3^4 = 0, q, r with q + r = 3 m and q^2 + r^2 = pi^8 / 3 for m = pi^4 / 5.
TEST(Sensitivity, OfIshigamisFunctionFromResultFiles) {
  constexpr double kPi = std::numbers::pi;
  const double m = std::pow(kPi, 4) / 5;
  // q r = (9 m^2 - 25 m^2 / 3) / 2 = m^2 / 3.
  const double root = std::sqrt(9 * m * m - 4 * m * m / 3);
  const ScratchFolder folder;
  int number = 0;
  for (const double x1 : {-3 * kPi / 4, -kPi / 4, kPi / 4, 3 * kPi / 4}) {
    for (const double x2 : {-2 * kPi / 3, 0.0, 2 * kPi / 3}) {
      for (const double fourth : {0.0, (3 * m - root) / 2, (3 * m + root) / 2}) {
        const double value =
            std::sin(x1) + 7 * std::sin(x2) * std::sin(x2) + 0.1 * fourth * std::sin(x1);
        MarketFile file{.rows = 1, .metrics = {{"f", value, "1"}}};
        file.metadata.parameters = {
            {"x1", text_of(x1)}, {"x2", text_of(x2)}, {"x3", text_of(std::pow(fourth, 0.25))}};
        write_market(folder.file(std::to_string(number++) + ".h5"), file);
      }
    }
  }
  const RunSet set = read_run_set({folder.file("")}, {.program = MEZZ_H5READ});
  const Sensitivity found = sensitivity(set, "f", 0.95);
  ASSERT_THAT(found.factors, SizeIs(3)) << found.problem;
  EXPECT_EQ(found.runs, 36U);
  EXPECT_EQ(found.factors[0].name, "x2");
  EXPECT_NEAR(found.factors[0].share.value, 0.4424, 0.00005);
  EXPECT_EQ(found.factors[1].name, "x1");
  EXPECT_NEAR(found.factors[1].share.value, 0.3139, 0.00005);
  EXPECT_EQ(found.factors[2].name, "x3");
  EXPECT_NEAR(found.factors[2].share.value, 0, 1e-12);
  // What is left is the interaction of x1 and x3.
  EXPECT_NEAR(found.together, 1 - 0.4424 - 0.3139, 0.0001);
  EXPECT_TRUE(std::isnan(found.chance));
  EXPECT_TRUE(std::isinf(found.factors[0].share.interval.high));  // one seed
}

// 10 a + b + noise with a, b = -1, 1 and noise = -1, 1 of two seeds: variances 100, 1 and 1.
RunSet two_by_two() {
  RunSet set{.title = "Grid", .keys = {"a", "b", "run.seed"}};
  for (const int a : {-1, 1}) {
    for (const int b : {-1, 1}) {
      for (const int seed : {-1, 1}) {
        set.runs.push_back(
            run({std::to_string(a), std::to_string(b), std::to_string(seed)}, 10.0 * a + b + seed));
      }
    }
  }
  return set;
}

TEST(Sensitivity, TellsChanceFromParameters) {
  const Sensitivity found = sensitivity(two_by_two(), "loss", 0.95);
  ASSERT_THAT(found.factors, SizeIs(2));
  EXPECT_EQ(found.factors[0].name, "a");
  EXPECT_DOUBLE_EQ(found.factors[0].share.value, 100.0 / 102);
  EXPECT_DOUBLE_EQ(found.factors[1].share.value, 1.0 / 102);
  EXPECT_DOUBLE_EQ(found.chance, 1.0 / 102);
  EXPECT_NEAR(found.together, 0, 1e-12);
  EXPECT_EQ(found.seeds, 2U);
  EXPECT_THAT(found.notes, IsEmpty());
}

TEST(Sensitivity, SaysWhatIsMissing) {
  RunSet set = two_by_two();
  set.runs[0].status = "failed";
  EXPECT_THAT(sensitivity(set, "loss", 0.95).notes, Contains(HasSubstr("1 of 8 runs")));
  set.runs[1].status = "failed";  // with the first the whole combination
  const Sensitivity found = sensitivity(set, "loss", 0.95);
  EXPECT_THAT(found.notes, Contains(HasSubstr("1 of 4 combinations have no run")));
  EXPECT_TRUE(std::isnan(found.together));
  EXPECT_EQ(sensitivity(set, "none", 0.95).problem, "no complete run has the number");
  for (RunRecord& one : set.runs) one.metrics[0].value = 3;
  EXPECT_EQ(sensitivity(set, "loss", 0.95).problem, "the number is the same in every run");
  EXPECT_EQ(sensitivity({.keys = {"run.seed"}, .runs = {run({"1"}, 1), run({"2"}, 2)}}, "loss", 0.9)
                .problem,
            "no parameter varies but the seed");
}

SurfaceFactors factors(const RunSet& set) { return {factor_of(set, 0), factor_of(set, 1)}; }

// 3 + 2 u - v + u v with u = (x - 20) / 10 and v = log10(y) - 1; seeds shift the whole by -1, 0, 1
// and the slope in u by -0.5, 0, 0.5.
RunSet saddle() {
  RunSet set{.title = "Saddle", .keys = {"x", "y", "run.seed"}};
  for (const int x : {10, 20, 30}) {
    for (const int y : {1, 10, 100}) {
      for (const int seed : {-1, 0, 1}) {
        const double u = (x - 20) / 10.0;
        const double v = std::log10(y) - 1;
        set.runs.push_back(run({std::to_string(x), std::to_string(y) + " s", std::to_string(seed)},
                               3 + 2 * u - v + u * v + seed + 0.5 * seed * u));
      }
    }
  }
  return set;
}

TEST(ResponseSurface, OfASaddleIsItsPolynomial) {
  const RunSet set = saddle();
  const ResponseSurface found = response_surface(set, "loss", factors(set), 0.95);
  ASSERT_EQ(found.problem, "");
  EXPECT_TRUE(found.y.logarithmic);
  EXPECT_FALSE(found.x.logarithmic);
  const double expected[] = {3, 2, -1, 0, 1, 0};
  for (std::size_t c = 0; c < 6; ++c) {
    EXPECT_NEAR(found.surface.coefficients[c].value, expected[c], 1e-9) << c;
  }
  EXPECT_NEAR(found.surface.r_squared, 1, 1e-12);
  EXPECT_NEAR(found.predict(15, 10), 3 - 1, 1e-9);
  EXPECT_THAT(term_names(found), ElementsAre("1", "x", "y", "x^2", "x * y", "y^2"));
  // Over the seeds the constant is 2, 3, 4 and the slope 1.5, 2, 2.5: t(0.975, 2) = 4.302653 times
  // 1 / sqrt(3) and half of it.
  EXPECT_EQ(found.seeds, 3U);
  EXPECT_NEAR(found.surface.coefficients[0].interval.half_width(), 4.302653 / std::sqrt(3), 1e-5);
  EXPECT_NEAR(found.surface.coefficients[1].interval.half_width(), 4.302653 / std::sqrt(12), 1e-5);
}

TEST(ResponseSurface, WithAMissingRunTakesItsErrorsFromTheDeviations) {
  RunSet set = saddle();
  set.runs[4].metrics.clear();
  const ResponseSurface found = response_surface(set, "loss", factors(set), 0.95);
  EXPECT_EQ(found.seeds, 0U);
  EXPECT_EQ(found.surface.coefficients[0].n, 9U);
}

TEST(ResponseSurface, OfTwoLevelsIsLinear) {
  const RunSet set = two_by_two();
  const ResponseSurface found = response_surface(set, "loss", factors(set), 0.95);
  ASSERT_EQ(found.problem, "");
  EXPECT_EQ(found.kind, statistics::SurfaceKind::Linear);
  EXPECT_NEAR(found.surface.coefficients[1].value, 10, 1e-12);
  EXPECT_NEAR(found.surface.coefficients[2].value, 1, 1e-12);
}

TEST(ResponseSurface, OfNamesIsNone) {
  RunSet set{.keys = {"x", "design"}};
  set.runs = {run({"1", "plasma"}, 1), run({"2", "sidechain"}, 2)};
  EXPECT_EQ(response_surface(set, "loss", factors(set), 0.95).problem,
            "design is no number of one unit in these runs");
  set.runs = {run({"1", "5"}, 1), run({"1", "6"}, 2)};
  EXPECT_EQ(response_surface(set, "loss", factors(set), 0.95).problem,
            "x has one value in these runs");
}

// The quantiles (i - 1/2) / n of a generalised Pareto law with shape 1/2 and scale 2 beyond 10, and
// nine times as many values below.
std::vector<double> pareto_sample(std::size_t beyond) {
  std::vector<double> out;
  for (std::size_t i = 0; i < beyond; ++i) {
    const double p = (static_cast<double>(i) + 0.5) / static_cast<double>(beyond);
    out.push_back(10 + 2 * (std::pow(1 - p, -0.5) - 1) / 0.5);
  }
  for (std::size_t i = 0; i < 9 * beyond; ++i) out.push_back(10.0 - static_cast<double>(i % 9));
  return out;
}

TEST(Tail, OfAGeneralisedParetoSampleIsItsLaw) {
  const Tail tail = tail_of(pareto_sample(1'000), {.threshold = 10});
  ASSERT_EQ(tail.problem, "");
  EXPECT_EQ(tail.values, 10'000U);
  EXPECT_EQ(tail.fit.shape.n, 1'000U);
  EXPECT_NEAR(tail.fit.shape.value, 0.5, 0.02);
  EXPECT_NEAR(tail.fit.scale.value, 2, 0.04);
  EXPECT_TRUE(tail.fit.shape.interval.contains(0.5));
  // Smith 1987: the error of the shape is (1 + 1/2) / sqrt(1000).
  EXPECT_NEAR(tail.fit.shape.interval.half_width(), 1.959964 * 1.5 / std::sqrt(1'000), 0.002);
  // 1 % lie beyond the value at risk, a tenth of the tail: 10 + 4 (10^(1/2) - 1) = 18.649; the mean
  // beyond is that plus (2 + (18.649 - 10) / 2) / (1 - 1/2) = 12.649.
  EXPECT_NEAR(tail.value_at_risk, 18.649, 0.2);
  EXPECT_NEAR(tail.expected_shortfall, 18.649 + 12.649, 1);
  EXPECT_NEAR(tail.observed.value_at_risk.value, 18.649, 0.1);
}

TEST(Tail, BeginsSoThatATenthLiesBeyond) {
  const Tail tail = tail_of(pareto_sample(100), {});
  EXPECT_EQ(tail.fit.threshold, 10);
  EXPECT_EQ(tail.fit.shape.n, 100U);
  // At least ten values, also of few.
  std::vector<double> few;
  for (int i = 1; i <= 30; ++i) few.push_back(i * i);
  EXPECT_EQ(tail_of(few, {}).fit.shape.n, 10U);
  EXPECT_EQ(tail_of(few, {}).fit.threshold, 400);
}

TEST(Tail, OfTooLittleSaysSo) {
  EXPECT_EQ(tail_of({1, 2, 3}, {}).problem, "3 values; a tail needs 20 or more");
  EXPECT_THAT(tail_of(std::vector<double>(50, 7.0), {}).problem,
              HasSubstr("0 of 50 values lie beyond 7"));
}

TEST(Tail, IsThatOfEachGroup) {
  RunSet set{.keys = {"design", "run.seed"}};
  for (int seed = 0; seed < 40; ++seed) {
    set.runs.push_back(run({"plasma", std::to_string(seed)}, std::exp(seed / 10.0)));
    if (seed < 5) set.runs.push_back(run({"optimium", std::to_string(seed)}, seed));
  }
  const std::vector<GroupTail> found = tails(set, "loss", {});
  ASSERT_THAT(found, SizeIs(2));
  EXPECT_EQ(found[0].group, "design = plasma");
  EXPECT_EQ(found[0].tail.values, 40U);
  EXPECT_EQ(found[0].tail.problem, "");
  EXPECT_EQ(found[1].tail.problem, "5 values; a tail needs 20 or more");
}

TEST(Output, HasEveryNumberAndNullForNone) {
  const RunSet set = saddle();
  const Responses responses{
      .title = "Saddle",
      .metrics = {{.metric = "loss",
                   .unit = "USD",
                   .sensitivity = sensitivity(set, "loss", 0.95),
                   .surface = response_surface(set, "loss", factors(set), 0.95),
                   .tails = tails(set, "loss", {})}}};
  const Json json = Json::parse(responses_json(responses))["metrics"]["loss"];
  EXPECT_EQ(json["sensitivity"]["parameters"][0]["parameter"], "x");
  EXPECT_NEAR(json["surface"]["terms"][4]["value"].get<double>(), 1, 1e-9);
  EXPECT_EQ(json["surface"]["terms"][4]["term"], "x * y");
  EXPECT_EQ(json["surface"]["combinations"].size(), 9U);
  EXPECT_THAT(json["tails"][0]["problem"].get<std::string>(), HasSubstr("3 values"));
  const std::string text = responses_text(responses);
  EXPECT_THAT(text, HasSubstr("where the variation comes from, 95 % intervals"));
  EXPECT_THAT(text, HasSubstr("y is y, -1 at 1 s, 1 at 1.67 min, in logarithms"));
  EXPECT_THAT(text, HasSubstr("tail: none for x = 10, y = 1 s; 3 values"));
  EXPECT_THAT(text, HasSubstr("tail: none for 6 more groups"));
}

}  // namespace
}  // namespace mezz::analysis

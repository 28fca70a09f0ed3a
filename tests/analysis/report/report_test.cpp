// Pages of made-up run sets: what is said, and in words where there is nothing to draw.
#include <gmock/gmock.h>

#include <algorithm>

#include "analysis/report/page.h"
#include "analysis/report/words.h"
#include "tests/analysis/chart/markup.h"

namespace mezz::report {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

analysis::RunRecord run(const std::string& design, std::uint64_t seed, double bad_debt) {
  analysis::RunRecord out;
  out.path = "runs/" + design + std::to_string(seed) + ".h5";
  out.scenario = "crash";
  out.design = design;
  out.seed = seed;
  out.status = "complete";
  out.fingerprint = "0123456789abcdef";
  out.values = {analysis::key_value("\"" + design + "\""),
                analysis::key_value(std::to_string(seed))};
  out.metrics = {{"bad_debt.usd", bad_debt, "USD"},
                 {"finality.preconfirmed.p50", 1.0, "s"},
                 {"finality.preconfirmed.p99", 2.0, "s"}};
  return out;
}

// Two designs, three seeds, one failure.
analysis::RunSet two_designs() {
  analysis::RunSet set;
  set.title = "Crash";
  set.keys = {"layer2.design", "run.seed"};
  set.runs = {run("rollup", 1, 100.0), run("rollup", 2, 200.0), run("rollup", 3, 300.0),
              run("plasma", 1, 110.0), run("plasma", 2, 230.0), run("plasma", 3, 300.0)};
  analysis::RunRecord failed = run("plasma", 4, 0.0);
  failed.status = "failed";
  failed.message = "an <invariant> failed";
  failed.metrics.clear();
  set.runs.push_back(failed);
  set.planned = set.runs.size();
  return set;
}

// Everything between tags, in order.
std::string words_of(const std::string& page) {
  std::string out;
  for (const Element& element : Markup(page).elements) {
    if (!element.text.empty() && element.name != "style") out += element.text + " | ";
  }
  return out;
}

TEST(Distribution, ThinnedPointsLieOnTheExactFunction) {
  std::vector<double> values;
  for (int i = 0; i < 10'000; ++i)
    values.push_back((i * 7919 % 10'000) / 10);  // 0 ... 999, ten each
  const Distribution thin = distribution_of(values, 5, 100);
  EXPECT_EQ(thin.count, 10'000U);
  EXPECT_EQ(thin.never, 5U);
  EXPECT_LE(thin.points.size(), 101U);
  EXPECT_GE(thin.points.size(), 90U);
  EXPECT_EQ(thin.points.front().x, 0.0);
  EXPECT_EQ(thin.points.back().x, 999.0);
  EXPECT_EQ(thin.points.back().y, 1.0);
  // Ten values at each of 0 ... x: the share at or below x is (x + 1) / 1000.
  for (const chart::Point& point : thin.points) EXPECT_DOUBLE_EQ(point.y, (point.x + 1) / 1'000);
}

TEST(Distribution, FewValuesAreAllKept) {
  const Distribution all = distribution_of({3.0, 1.0, 2.0, 2.0}, 0, 100);
  ASSERT_THAT(all.points, SizeIs(3));
  EXPECT_EQ(all.points[1].x, 2.0);
  EXPECT_EQ(all.points[1].y, 0.75);  // 1, 2, 2 of four
  EXPECT_THAT(distribution_of({}, 3, 100).points, IsEmpty());
}

TEST(Groups, AreWhatDiffersInMoreThanTheSeed) {
  const ReportData data = arrange(two_designs());
  ASSERT_THAT(data.groups, SizeIs(2));
  EXPECT_EQ(data.groups[0].name, "rollup");
  EXPECT_EQ(data.groups[1].name, "plasma");
  EXPECT_THAT(data.groups[1].runs, ElementsAre(3U, 4U, 5U));
  EXPECT_EQ(data.groups[1].failed, 1U);
}

// Two parameters of three levels, two seeds; the bad debt is 100 a + 10 b + seed.
analysis::RunSet grid() {
  analysis::RunSet set;
  set.title = "Grid";
  set.keys = {"a", "b", "run.seed"};
  for (const int a : {1, 2, 3}) {
    for (const int b : {1, 2, 3}) {
      for (const int seed : {1, 2}) {
        analysis::RunRecord one =
            run("rollup", static_cast<std::uint64_t>(seed), 100.0 * a + 10.0 * b + seed);
        one.values = {analysis::key_value(std::to_string(a)),
                      analysis::key_value(std::to_string(b)),
                      analysis::key_value(std::to_string(seed))};
        set.runs.push_back(one);
      }
    }
  }
  set.planned = set.runs.size();
  return set;
}

TEST(Page, SaysWhichParameterMattersAndFitsASurface) {
  const std::string page = report_page(arrange(grid()));
  EXPECT_NO_THROW(Markup{page});
  const std::string words = words_of(page);
  // Variances 10000 * 2/3, 100 * 2/3 and 1/4: the shares of a, b and chance are 98.97, 0.99 and
  // 0.04 %.
  EXPECT_THAT(words, HasSubstr("Which parameter matters"));
  EXPECT_THAT(words, HasSubstr("99.0 % ["));
  EXPECT_THAT(words, HasSubstr("1.0 % ["));
  EXPECT_THAT(words, HasSubstr("0.0 %"));
  EXPECT_THAT(words, HasSubstr("bad_debt.usd: quadratic surface by least squares through these "
                               "means; R\u00b2 = 1.000"));
}

TEST(Page, FitsATailWhereThereAreEnoughRuns) {
  analysis::RunSet set;
  set.keys = {"layer2.design", "run.seed"};
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    set.runs.push_back(run("rollup", seed, 1e6 / static_cast<double>(seed)));
  }
  set.planned = set.runs.size();
  const std::string words = words_of(report_page(arrange(set)));
  EXPECT_THAT(words, HasSubstr("The largest losses"));
  // The ten largest lie beyond the eleventh, 1e6 / 11.
  EXPECT_THAT(words, HasSubstr("rollup | 40 | 10 | 90.91 k USD"));
  set.runs.resize(19);
  EXPECT_THAT(words_of(report_page(arrange(set))), Not(HasSubstr("The largest losses")));
}

TEST(Page, IsWellFormed) {
  const std::string page = report_page(arrange(two_designs()));
  EXPECT_NO_THROW(Markup{page});
  EXPECT_EQ(page, report_page(arrange(two_designs())));
}

TEST(Page, GivesMeansWithIntervals) {
  // 100, 200, 300: mean 200, s = 100, t(0.975, 2) = 4.30265: half width 100 / sqrt(3) * 4.30265 =
  // 248.41.
  EXPECT_THAT(words_of(report_page(arrange(two_designs()))), HasSubstr("200 USD | [-48.4, 448]"));
}

TEST(Page, ComparesSeedBySeed) {
  // Differences 10, 30, 0: mean 13.33, s = 15.2753, half width 15.2753 / sqrt(3) * 4.30265 = 37.95.
  const std::string words = words_of(report_page(arrange(two_designs())));
  EXPECT_THAT(words, HasSubstr("13.3 USD | -24.6 USD to 51.3 USD"));
}

TEST(Page, NamesFailedRunsWithTheirMessage) {
  const std::string words = words_of(report_page(arrange(two_designs())));
  EXPECT_THAT(words, HasSubstr("1 failed run"));
  EXPECT_THAT(words, HasSubstr("an &lt;invariant&gt; failed"));
}

TEST(Page, ListsTheWorstRunsFirst) {
  const std::string words = words_of(report_page(arrange(two_designs())));
  const std::size_t third = words.find("mezz reproduce runs/rollup3.h5");
  const std::size_t second = words.find("mezz reproduce runs/plasma2.h5");
  ASSERT_NE(second, std::string::npos);
  EXPECT_LT(third, second);
  EXPECT_EQ(words.find("mezz reproduce runs/plasma4.h5"), std::string::npos);  // failed
}

TEST(Page, SaysInWordsWhatThereIsNot) {
  analysis::RunSet set;
  set.title = "Calm";
  set.runs = {run("rollup", 1, 0.0)};
  set.runs[0].values.clear();
  set.planned = 1;
  const std::string words = words_of(report_page(arrange(set)));
  EXPECT_THAT(words, HasSubstr("There were no liquidations."));
  EXPECT_THAT(words, HasSubstr("The run left no bad debt."));
  EXPECT_THAT(words, HasSubstr("The files record no transactions"));
  EXPECT_THAT(words, HasSubstr("A single run of crash (rollup), seed 1."));
  EXPECT_THAT(words, HasSubstr("The scenario sets no limits"));
  EXPECT_THAT(words, HasSubstr("no rung of this design"));
}

TEST(Page, SaysWhenNothingSettled) {
  ReportData data = arrange(two_designs());
  data.groups.resize(1);
  data.groups[0].latency[0] = distribution_of({1.0, 2.0}, 0, 10);
  data.groups[0].latency[3].never = 2;
  EXPECT_THAT(words_of(report_page(data)), HasSubstr("None of 2 transactions was settled"));
}

TEST(Page, TheWaterfallShowsWhoBoreWhat) {
  analysis::RunSet set = two_designs();
  for (analysis::RunRecord& one : set.runs) {
    one.metrics.push_back({"loss.fund", 150.0, "USD"});
    one.metrics.push_back({"loss.bad_debt", 300.0, "USD"});
  }
  ReportData data = arrange(set);
  data.groups.resize(1);
  data.groups[0].tables_read = 2;
  data.groups[0].closures = {.steps = {{.step = "book", .rows = 3, .notional = 4'000.0}},
                             .rows = 3};
  const Markup page(report_page(data));
  std::vector<double> widths;
  for (const Element& bar : page.all("rect", "bar")) {
    if (bar.has_class("f5") || bar.has_class("f1")) widths.push_back(bar.number("width"));
  }
  ASSERT_THAT(widths, SizeIs(2));
  EXPECT_NEAR(widths[0] * 2, widths[1], 0.05);  // 150 : 300
  std::vector<std::string> texts;
  for (const Element& text : page.all("text")) texts.push_back(text.text);
  EXPECT_THAT(texts, Contains("2 k USD"));  // 4000 in two files
  EXPECT_THAT(texts, Contains("nobody: bad debt"));
}

TEST(Page, HostileTextsStayTexts) {
  analysis::RunSet set = two_designs();
  const std::string hostile = "</title><script>alert(1)</script><img src=x onerror='y'>\x02";
  set.title = hostile;
  set.keys[0] = hostile;
  for (analysis::RunRecord& one : set.runs) {
    one.path = hostile;
    one.design = hostile;
    one.scenario = hostile;
    one.message = hostile;
    one.program = hostile;
    one.values[0].text = hostile + one.values[0].text;
    for (analysis::Metric& metric : one.metrics) metric.unit = hostile;
  }
  ReportData data = arrange(set);
  data.question = hostile;
  data.scenario.source = hostile;
  data.header.compiler = hostile;
  data.limits = {{hostile, hostile, hostile, hostile, true}};
  const Markup page(report_page(data));
  EXPECT_THAT(page.all("script"), IsEmpty());
  EXPECT_THAT(page.all("img"), IsEmpty());
}

TEST(Words, CommandsAreQuotedForTheShell) {
  EXPECT_EQ(shell_quoted("runs/000042.h5"), "runs/000042.h5");
  EXPECT_EQ(shell_quoted("my runs/a'b.h5"), "'my runs/a'\\''b.h5'");
  EXPECT_EQ(shell_quoted("$(rm x)"), "'$(rm x)'");
}

}  // namespace
}  // namespace mezz::report

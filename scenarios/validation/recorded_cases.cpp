// Recorded crises against their published figures: how deep a price fell within a given time
// (B-CR-*), and the statistics of one column of a recorded table (funding rates, a stablecoin, gas,
// quotes). What is tested is the reading of such files; runs through the market use the same
// reader.
//   fall       lowest low within the time after a close, over that close, less one; the deepest
//   exact      share of rows that have this value (a rate on its clamp)
// Gaps are not filled: a fall spans rows, not time, only where the file has no gap.
#include <algorithm>
#include <cmath>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "analysis/statistics/quantile.h"
#include "models/market/price/replay_csv.h"
#include "scenarios/validation/cases.h"
#include "scenarios/validation/recorded_table.h"
#include "scenarios/validation/statistics.h"
#include "sim/check/error.h"

namespace mezz::validation {

namespace {

// ---- falls ----------------------------------------------------------------------------------

struct PublishedFall {
  Duration within = 1_h;
  double fall = 0.0;

  void visit(auto& v) {
    v("within", within, {.doc = "Time of the fall", .min = 1_s});
    v("fall", fall, {.doc = "Published, a share; negative", .min = -1.0, .max = 0.0});
  }
};

struct FallsParams {
  std::string file = {};
  std::string from = {};
  std::string to = {};
  std::vector<PublishedFall> published = {};
  std::optional<double> low = {};
  double tolerance = 1e-4;

  void visit(auto& v) {
    v("file", file, {.doc = "CSV of bars, relative to the working or the source folder"});
    v("from", from, {.doc = "First bar that a fall may begin with, as ISO 8601; empty: the first"});
    v("to", to, {.doc = "End of the last fall; empty: the last bar"});
    v("published", published, {.doc = "Deepest falls", .count_max = 20});
    v("low", low, {.doc = "Published lowest price; left out: not compared"});
    v("tolerance", tolerance, {.doc = "Of a fall, absolute; of the low, relative", .min = 1e-9});
  }
};

double deepest_fall(const std::vector<Bar>& bars, Duration within) {
  double deepest = 0.0;
  std::deque<std::size_t> lows;  // of the bars ahead, ascending; the first is the lowest
  std::size_t next = 0;
  for (std::size_t i = 0; i + 1 < bars.size(); ++i) {
    next = std::max(next, i + 1);
    while (next < bars.size() && bars[next].time - bars[i].time <= within) {
      while (!lows.empty() && bars[lows.back()].low >= bars[next].low) lows.pop_back();
      lows.push_back(next++);
    }
    while (!lows.empty() && lows.front() <= i) lows.pop_front();
    if (lows.empty()) continue;
    deepest = std::min(deepest, bars[lows.front()].low.usd() / bars[i].close.usd() - 1.0);
  }
  return deepest;
}

class RecordedFalls final : public CaseOf<FallsParams> {
 public:
  [[nodiscard]] std::vector<LawRow> law() const override {
    std::vector<LawRow> rows;
    for (const PublishedFall& p : params().published) {
      const double minutes = p.within.seconds() / 60;
      rows.push_back({"deepest fall in " + std::to_string(std::llround(minutes)) + " min", p.fall,
                      Comparison::Exact, params().tolerance});
    }
    if (params().low) {
      rows.push_back({"lowest price", *params().low, Comparison::Exact, params().tolerance, true});
    }
    return rows;
  }
  [[nodiscard]] std::vector<double> replicate(const Replication&) const override {
    const std::vector<Bar> bars = chosen();
    std::vector<double> values;
    for (const PublishedFall& p : params().published)
      values.push_back(deepest_fall(bars, p.within));
    if (params().low) {
      Money low = bars.front().low;
      for (const Bar& bar : bars) low = std::min(low, bar.low);
      values.push_back(low.usd());
    }
    return values;
  }
  [[nodiscard]] std::string unavailable() const override { return missing_recorded(params().file); }

 private:
  void check() const override {
    if (law().empty()) throw ScenarioError("published", "nothing to compare with");
  }
  [[nodiscard]] std::vector<Bar> chosen() const {
    const PriceSeries series = read_price_csv(find_recorded(params().file), {}, "file");
    std::vector<Bar> bars;
    for (const Bar& bar : series.bars) {
      const std::string time = to_iso8601(series.first_unix_ns + (bar.time - Time::zero()).ns);
      if (!params().from.empty() && time < params().from) continue;
      if (!params().to.empty() && time >= params().to) continue;
      bars.push_back(bar);
    }
    if (bars.size() < 2) throw ScenarioError("from", "must leave two bars", params().file);
    return bars;
  }
};

// ---- one column -----------------------------------------------------------------------------

struct ColumnParams {
  std::string file = {};
  std::string column = {};
  std::string minus = {};
  double scale = 1.0;
  bool steps = false;
  std::string where = {};
  double from = 0.0;
  std::string labels = "time_utc";
  std::optional<double> rows = {};
  std::optional<double> mean = {};
  std::optional<double> median = {};
  std::optional<double> deviation = {};
  std::optional<double> min = {};
  std::optional<double> max = {};
  std::string min_at = {};
  std::string max_at = {};
  std::optional<double> positive = {};
  double exact_value = 0.0;
  std::optional<double> exact = {};
  std::optional<double> memory = {};
  double tolerance = 0.01;

  void visit(auto& v) {
    v("file", file, {.doc = "CSV, relative to the working or the source folder"});
    v("column", column, {.doc = "Header of the column"});
    v("minus", minus, {.doc = "Less this column; empty: nothing"});
    v("scale", scale, {.doc = "Times this"});
    v("steps", steps, {.doc = "What it changes by from row to row, in place of the value"});
    v("where", where, {.doc = "Only rows in which this column is at least `from`; empty: all"});
    v("from", from, {.doc = "See `where`"});
    v("labels", labels, {.doc = "Header of the column that min_at and max_at name"});
    v("rows", rows, {.doc = "Published, like all below; left out: not compared"});
    v("mean", mean, {.doc = "Of all rows"});
    v("median", median, {.doc = "Mean of the middle two where their number is even"});
    v("deviation", deviation, {.doc = "Standard deviation"});
    v("min", min, {.doc = "Smallest value"});
    v("max", max, {.doc = "Largest value"});
    v("min_at", min_at, {.doc = "Label of the first row that has the smallest value"});
    v("max_at", max_at, {.doc = "Label of the first row that has the largest value"});
    v("positive", positive, {.doc = "Share of rows above 0"});
    v("exact_value", exact_value, {.doc = "The value that `exact` counts"});
    v("exact", exact, {.doc = "Share of rows with that value"});
    v("memory", memory, {.doc = "Autocorrelation at lag 1"});
    v("tolerance", tolerance, {.doc = "Relative", .min = 1e-9, .max = 0.5});
  }
};

class RecordedColumn final : public CaseOf<ColumnParams> {
 public:
  [[nodiscard]] std::vector<LawRow> law() const override {
    const ColumnParams& p = params();
    std::vector<LawRow> rows;
    const std::string name = p.minus.empty() ? p.column : p.column + " - " + p.minus;
    const auto add = [&](const char* what, const std::optional<double>& published) {
      if (!published) return;
      rows.push_back({name + (p.steps ? ", step, " : ", ") + what, *published, Comparison::Exact,
                      p.tolerance, true});
    };
    add("rows", p.rows);
    add("mean", p.mean);
    add("median", p.median);
    add("deviation", p.deviation);
    add("smallest", p.min);
    add("largest", p.max);
    add("share above 0", p.positive);
    add("share of one value", p.exact);
    add("autocorrelation, lag 1", p.memory);
    if (!p.min_at.empty()) rows.push_back({"smallest at " + p.min_at, 1, Comparison::Exact});
    if (!p.max_at.empty()) rows.push_back({"largest at " + p.max_at, 1, Comparison::Exact});
    return rows;
  }
  [[nodiscard]] std::vector<double> replicate(const Replication&) const override {
    const ColumnParams& p = params();
    const RecordedTable table(find_recorded(p.file));
    const std::vector<double> x = read(table);
    const auto share = [&](auto&& counts) {
      return static_cast<double>(std::count_if(x.begin(), x.end(), counts)) /
             static_cast<double>(x.size());
    };
    const auto least = std::min_element(x.begin(), x.end());
    const auto most = std::max_element(x.begin(), x.end());
    const auto label = [&](auto at) {
      return table.text(static_cast<std::size_t>(at - x.begin()), p.labels);
    };
    std::vector<double> values;
    if (p.rows) values.push_back(static_cast<double>(x.size()));
    if (p.mean) values.push_back(validation::mean(x));
    if (p.median) values.push_back(statistics::quantile(x, 0.5));
    if (p.deviation) values.push_back(deviation(x));
    if (p.min) values.push_back(*least);
    if (p.max) values.push_back(*most);
    if (p.positive) values.push_back(share([](double v) { return v > 0; }));
    if (p.exact) values.push_back(share([&](double v) { return v == p.exact_value; }));
    if (p.memory) values.push_back(statistics::autocorrelation(x, 1));
    if (!p.min_at.empty()) values.push_back(label(least) == p.min_at ? 1 : 0);
    if (!p.max_at.empty()) values.push_back(label(most) == p.max_at ? 1 : 0);
    return values;
  }
  [[nodiscard]] std::string unavailable() const override { return missing_recorded(params().file); }

 private:
  void check() const override {
    if (law().empty()) throw ScenarioError("mean", "nothing published to compare with");
    const bool labelled = !params().min_at.empty() || !params().max_at.empty();
    if (labelled && (params().steps || !params().where.empty())) {
      throw ScenarioError("min_at", "names a row: not with steps or where");
    }
  }
  [[nodiscard]] std::vector<double> read(const RecordedTable& table) const {
    const ColumnParams& p = params();
    std::vector<double> x;
    for (std::size_t i = 0; i < table.rows(); ++i) {
      if (!p.where.empty() && table.number(i, p.where) < p.from) continue;
      const double less = p.minus.empty() ? 0.0 : table.number(i, p.minus);
      x.push_back(p.scale * (table.number(i, p.column) - less));
    }
    if (p.steps) {
      for (std::size_t i = 1; i < x.size(); ++i) x[i - 1] = x[i] - x[i - 1];
      if (!x.empty()) x.pop_back();
    }
    if (x.size() < 2) throw ScenarioError("file", "must have two rows to look at", p.file);
    return x;
  }
  // Of these values, not of a law that they are a sample of: n in the denominator.
  static double deviation(const std::vector<double>& x) {
    const auto n = static_cast<double>(x.size());
    return std::sqrt(statistics::variance(x) * (n - 1) / n);
  }
};

}  // namespace

std::unique_ptr<ValidationCase> recorded_falls() { return make_case<RecordedFalls>(); }
std::unique_ptr<ValidationCase> recorded_column() { return make_case<RecordedColumn>(); }

}  // namespace mezz::validation

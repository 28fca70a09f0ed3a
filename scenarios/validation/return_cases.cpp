// Returns of recorded prices (closes of bars): moments against published values of the same files
// (B-CONT-2), and the stylised facts of Cont 2001 as bounds (B-CONT-1): no linear memory, a tail
// index between 2 and 5, long memory of sizes, returns that get closer to normal over longer times.
//   tail index  Hill 1975, over the largest 1 % (rounded down) of absolute returns
//   kurtosis    3 for a normal law
// Gaps are not filled: a return spans what lies between two rows.
#include <cmath>
#include <optional>
#include <string>

#include "analysis/statistics/tail_fit.h"
#include "models/market/price/price_path.h"
#include "models/market/price/replay_csv.h"
#include "scenarios/validation/cases.h"
#include "scenarios/validation/recorded_table.h"
#include "scenarios/validation/statistics.h"
#include "sim/check/error.h"

namespace mezz::validation {

namespace {

using statistics::autocorrelation;

constexpr std::size_t kReturnsMin = 500;

struct Returns {
  std::vector<double> values;
  double per_year = 0;  // bars
};

// Of every `stride`-th close.
Returns read_returns(const std::string& file, std::size_t stride) {
  const PriceSeries series = read_price_csv(find_recorded(file), {}, "file");
  Returns returns;
  for (std::size_t i = stride; i < series.bars.size(); i += stride) {
    const double before = series.bars[i - stride].close.usd();
    returns.values.push_back(std::log(series.bars[i].close.usd() / before));
  }
  if (returns.values.size() < kReturnsMin) {
    throw ScenarioError("file", "must have at least 500 returns", file);
  }
  returns.per_year = 1 / (years(series.step) * static_cast<double>(stride));
  return returns;
}

double central_moment(const std::vector<double>& x, int power) {
  const double centre = mean(x);
  double sum = 0;
  for (const double v : x) sum += std::pow(v - centre, power);
  return sum / static_cast<double>(x.size());
}

double kurtosis(const std::vector<double>& x) {
  const double variance = central_moment(x, 2);
  return central_moment(x, 4) / (variance * variance);
}

std::vector<double> sizes(std::vector<double> x) {
  for (double& v : x) v = std::fabs(v);
  return x;
}

double tail_index(const std::vector<double>& x) {
  return statistics::hill(sizes(x), x.size() / 100, 0.95).value;
}

// ---- published moments ----------------------------------------------------------------------

struct MomentsParams {
  std::string file = {};
  std::optional<double> kurtosis = {};
  std::optional<double> tail_index = {};
  std::optional<double> memory = {};
  std::optional<double> size_memory = {};
  std::optional<double> size_memory_20 = {};
  std::optional<double> volatility = {};
  double tolerance = 0.01;
  double memory_tolerance = 0.001;

  void visit(auto& v) {
    v("file", file, {.doc = "CSV of bars, relative to the working or the source folder"});
    v("kurtosis", kurtosis, {.doc = "Published, like all below; left out: not compared"});
    v("tail_index", tail_index, {.doc = "Hill, largest 1 %"});
    v("memory", memory, {.doc = "Autocorrelation of returns at lag 1"});
    v("size_memory", size_memory, {.doc = "Autocorrelation of absolute returns at lag 1"});
    v("size_memory_20", size_memory_20, {.doc = "The same at lag 20"});
    v("volatility", volatility, {.doc = "Per square root of a year of 365 days"});
    v("tolerance", tolerance, {.doc = "Relative", .min = 1e-9, .max = 0.5});
    v("memory_tolerance", memory_tolerance, {.doc = "Of `memory`, absolute", .min = 1e-9});
  }
};

class ReturnMoments final : public CaseOf<MomentsParams> {
 public:
  [[nodiscard]] std::vector<LawRow> law() const override {
    const MomentsParams& p = params();
    std::vector<LawRow> rows;
    const auto add = [&](const char* name, const std::optional<double>& published) {
      if (!published.has_value()) return;
      rows.push_back({name, *published, Comparison::Exact, p.tolerance, true});
    };
    add("kurtosis", p.kurtosis);
    add("tail index, largest 1 %", p.tail_index);
    if (p.memory.has_value()) {
      rows.push_back({"autocorrelation, lag 1", *p.memory, Comparison::Exact, p.memory_tolerance});
    }
    add("autocorrelation of sizes, lag 1", p.size_memory);
    add("autocorrelation of sizes, lag 20", p.size_memory_20);
    add("volatility per year", p.volatility);
    return rows;
  }
  [[nodiscard]] std::vector<double> replicate(const Replication&) const override {
    const MomentsParams& p = params();
    const Returns r = read_returns(p.file, 1);
    std::vector<double> values;
    if (p.kurtosis.has_value()) values.push_back(kurtosis(r.values));
    if (p.tail_index.has_value()) values.push_back(tail_index(r.values));
    if (p.memory.has_value()) values.push_back(autocorrelation(r.values, 1));
    if (p.size_memory.has_value()) values.push_back(autocorrelation(sizes(r.values), 1));
    if (p.size_memory_20.has_value()) values.push_back(autocorrelation(sizes(r.values), 20));
    if (p.volatility.has_value()) {
      values.push_back(std::sqrt(central_moment(r.values, 2) * r.per_year));
    }
    return values;
  }
  [[nodiscard]] std::string unavailable() const override { return missing_recorded(params().file); }

 private:
  void check() const override {
    if (law().empty()) throw ScenarioError("kurtosis", "nothing published to compare with");
  }
};

// ---- stylised facts -------------------------------------------------------------------------

struct FactsParams {
  std::string file = {};
  std::int64_t longer = 24;

  void visit(auto& v) {
    v("file", file, {.doc = "CSV of bars, relative to the working or the source folder"});
    v("longer", longer, {.doc = "Bars in the longer return", .min = 2, .max = 1'000});
  }
};

class StylisedFacts final : public CaseOf<FactsParams> {
 public:
  [[nodiscard]] std::vector<LawRow> law() const override {
    return {{"0.1 - size of autocorrelation, lag 1", 0, Comparison::AtLeast},
            {"tail index, largest 1 %", 2, Comparison::AtLeast},
            {"5 - tail index", 0, Comparison::AtLeast},
            {"autocorrelation of sizes, lag 1", 0.2, Comparison::AtLeast},
            {"autocorrelation of sizes, lag 20", 0.05, Comparison::AtLeast},
            {"kurtosis, bars - longer returns", 0, Comparison::AtLeast}};
  }
  [[nodiscard]] std::vector<double> replicate(const Replication&) const override {
    const std::vector<double> x = read_returns(params().file, 1).values;
    const auto stride = static_cast<std::size_t>(params().longer);
    const double longer = kurtosis(read_returns(params().file, stride).values);
    const double tail = tail_index(x);
    return {0.1 - std::fabs(autocorrelation(x, 1)),
            tail,
            5 - tail,
            autocorrelation(sizes(x), 1),
            autocorrelation(sizes(x), 20),
            kurtosis(x) - longer};
  }
  [[nodiscard]] std::string unavailable() const override { return missing_recorded(params().file); }
};

}  // namespace

std::unique_ptr<ValidationCase> return_moments() { return make_case<ReturnMoments>(); }
std::unique_ptr<ValidationCase> stylised_facts() { return make_case<StylisedFacts>(); }

}  // namespace mezz::validation

// A recorded option chain (Deribit, marks in the coin, one row per option): put-call parity of the
// marks, and what our implied volatilities say against those published for the same file.
#include <cmath>
#include <cstdlib>
#include <map>
#include <optional>
#include <string>

#include "models/market/price/csv_scalar.h"
#include "models/market/price/price_path.h"
#include "models/pricing/implied_vol.h"
#include "scenarios/validation/cases.h"
#include "scenarios/validation/recorded_table.h"
#include "sim/check/error.h"

namespace mezz::validation {

namespace {

struct Pair {
  double forward = 0;
  std::optional<double> call;  // USD
  std::optional<double> put;
};
using Strikes = std::map<double, Pair>;

// By expiry as the file writes it, "11JAN24".
std::map<std::string, Strikes> read_chain(const RecordedTable& table) {
  std::map<std::string, Strikes> chain;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    Pair& pair = chain[table.text(i, "expiry")][table.number(i, "strike")];
    pair.forward = table.number(i, "underlying_usd");
    const double mark = table.number(i, "mark_eth") * pair.forward;
    (table.text(i, "type") == "C" ? pair.call : pair.put) = mark;
  }
  return chain;
}

// ---- parity ---------------------------------------------------------------------------------

struct ParityParams {
  std::string file = {};
  std::int64_t published_pairs = 227;
  double published_mean = -0.045;
  double published_deviation = 0.049;
  double largest = 0.25;
  double tolerance = 1e-3;

  void visit(auto& v) {
    v("file", file, {.doc = "CSV, relative to the working or the source folder"});
    v("published_pairs", published_pairs, {.doc = "Strikes with call and put", .min = 1});
    v("published_mean", published_mean, {.doc = "(C - P) F - (F - K), USD"});
    v("published_deviation", published_deviation, {.doc = "The same", .min = 0.0});
    v("largest", largest,
      {.doc = "Largest deviation from parity that marks may have, USD", .min = 1e-6});
    v("tolerance", tolerance, {.doc = "Of mean and deviation, USD", .min = 1e-9});
  }
};

class ChainParity final : public CaseOf<ParityParams> {
 public:
  [[nodiscard]] std::vector<LawRow> law() const override {
    const ParityParams& p = params();
    return {{"pairs of call and put", static_cast<double>(p.published_pairs), Comparison::Exact},
            {"mean of (C - P) F - (F - K), USD", p.published_mean, Comparison::Exact, p.tolerance},
            {"deviation of it, USD", p.published_deviation, Comparison::Exact, p.tolerance},
            {"largest of it, USD", 0, Comparison::Exact, p.largest}};
  }
  [[nodiscard]] std::vector<double> replicate(const Replication&) const override {
    double count = 0;
    double sum = 0;
    double squares = 0;
    double largest = 0;
    for (const auto& [expiry, strikes] : read_chain(RecordedTable(find_recorded(params().file)))) {
      for (const auto& [strike, pair] : strikes) {
        if (!pair.call.has_value() || !pair.put.has_value()) continue;
        const double off = *pair.call - *pair.put - (pair.forward - strike);
        count += 1;
        sum += off;
        squares += off * off;
        largest = std::max(largest, std::fabs(off));
      }
    }
    if (count < 2) throw ScenarioError("file", "has no two pairs of call and put", params().file);
    const double variance = (squares - sum * sum / count) / (count - 1);
    return {count, sum / count, std::sqrt(variance), largest};
  }
  [[nodiscard]] std::string unavailable() const override { return missing_recorded(params().file); }
};

// ---- implied volatilities at the money ------------------------------------------------------

struct PublishedVol {
  std::string expiry = {};
  double volatility = 0;
  void visit(auto& v) {
    v("expiry", expiry, {.doc = "As the file writes it: 11JAN24"});
    v("volatility", volatility, {.doc = "Implied, at the money", .min = 0.0, .max = 50.0});
  }
};

struct ChainVolParams {
  std::string file = {};
  std::vector<PublishedVol> published = {};
  Duration expiry_hour = 8_h;
  double tolerance = 0.002;

  void visit(auto& v) {
    v("file", file, {.doc = "CSV, relative to the working or the source folder"});
    v("published", published, {.doc = "Expiries and their implied volatilities"});
    v("expiry_hour", expiry_hour, {.doc = "UTC, time of day", .min = 0_s, .max = 24_h});
    v("tolerance", tolerance, {.doc = "Absolute", .min = 1e-9, .max = 1.0});
  }
};

// "11JAN24" as a date of csv::parse_time; empty when it is none.
std::string date_of(const std::string& expiry) {
  static constexpr const char* kMonths[] = {"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                            "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
  if (expiry.size() < 6 || expiry.size() > 7) return {};
  const std::string day = expiry.substr(0, expiry.size() - 5);
  const std::string month = expiry.substr(expiry.size() - 5, 3);
  for (int i = 0; i < 12; ++i) {
    if (month != kMonths[i]) continue;
    const std::string number = std::to_string(i + 1);
    return "20" + expiry.substr(expiry.size() - 2) + (i < 9 ? "-0" : "-") + number +
           (day.size() == 1 ? "-0" : "-") + day;
  }
  return {};
}

class ChainVolatility final : public CaseOf<ChainVolParams> {
 public:
  [[nodiscard]] std::vector<LawRow> law() const override {
    std::vector<LawRow> rows;
    for (const PublishedVol& one : params().published) {
      rows.push_back({"implied volatility, " + one.expiry, one.volatility, Comparison::Exact,
                      params().tolerance});
    }
    return rows;
  }
  [[nodiscard]] std::vector<double> replicate(const Replication&) const override {
    const RecordedTable table(find_recorded(params().file));
    const std::map<std::string, Strikes> chain = read_chain(table);
    std::vector<double> values;
    for (const PublishedVol& one : params().published) {
      const auto found = chain.find(one.expiry);
      if (found == chain.end()) throw ScenarioError("published", "the file has no " + one.expiry);
      values.push_back(at_the_money(found->second, years_to(one.expiry, table)));
    }
    return values;
  }
  [[nodiscard]] std::string unavailable() const override { return missing_recorded(params().file); }

 private:
  // Of the call whose strike is nearest to the forward.
  static double at_the_money(const Strikes& strikes, double time) {
    const std::pair<const double, Pair>* best = nullptr;
    for (const auto& entry : strikes) {
      if (!entry.second.call.has_value()) continue;
      const auto distance = [](const auto& e) { return std::fabs(e.first - e.second.forward); };
      if (best == nullptr || distance(entry) < distance(*best)) best = &entry;
    }
    if (best == nullptr) throw ScenarioError("published", "one has no call");
    return pricing::implied_volatility(
               {.forward = best->second.forward, .strike = best->first, .time = time},
               *best->second.call)
        .volatility;
  }
  [[nodiscard]] double years_to(const std::string& expiry, const RecordedTable& table) const {
    const auto end = csv::parse_time(date_of(expiry), TimeFormat::Iso8601);
    const auto now = csv::parse_time(table.text(0, "snapshot_utc"), TimeFormat::Iso8601);
    if (!end.has_value() || !now.has_value()) {
      throw ScenarioError("published", "not a date like 11JAN24: " + expiry);
    }
    return years(Duration{*end - *now} + params().expiry_hour);
  }
  void check() const override {
    if (params().published.empty()) throw ScenarioError("published", "must name an expiry");
    for (const PublishedVol& one : params().published) {
      if (!csv::parse_time(date_of(one.expiry), TimeFormat::Iso8601).has_value()) {
        throw ScenarioError("published.expiry", "not a date like 11JAN24: " + one.expiry);
      }
    }
  }
};

}  // namespace

std::unique_ptr<ValidationCase> chain_parity() { return make_case<ChainParity>(); }
std::unique_ptr<ValidationCase> chain_volatility() { return make_case<ChainVolatility>(); }

}  // namespace mezz::validation

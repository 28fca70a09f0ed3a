// The base fee of 340 consecutive mainnet blocks (or any file with the columns time_utc, block,
// base_fee_gwei): every step must lie within 1/8 either way, and our rule must be able to make it:
// for some gas used between nothing and the limit, next_base_fee() gives the fee that followed, to
// the precision of the file.
#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>
#include <string>

#include "models/base_chain/fee_rules.h"
#include "models/market/price/csv_scalar.h"
#include "scenarios/validation/cases.h"
#include "scenarios/validation/recorded_table.h"
#include "sim/check/error.h"

namespace mezz::validation {

namespace {

struct HistoryParams {
  std::string file = {};
  Gas gas_limit{30'000'000};
  Duration slot_time = 12_s;
  double tolerance = 1e-6;

  void visit(auto& v) {
    v("file", file, {.doc = "CSV, relative to the working or the source folder"});
    v("gas_limit", gas_limit, {.doc = "Of the blocks in the file", .min = Gas{1}});
    v("slot_time", slot_time, {.doc = "Between two blocks", .min = 1_s});
    v("tolerance", tolerance, {.doc = "Of a ratio: rounding of the file", .min = 0.0, .max = 0.1});
  }
};

struct Block {
  std::int64_t time = 0;  // s
  std::int64_t number = 0;
  GasPrice base_fee;
};

std::vector<Block> read_blocks(const std::string& path) {
  std::ifstream in(path);
  std::vector<Block> blocks;
  std::string line;
  std::getline(in, line);  // header
  while (std::getline(in, line)) {
    std::istringstream fields(line);
    std::string time;
    std::string number;
    std::string fee;
    std::getline(fields, time, ',');
    std::getline(fields, number, ',');
    std::getline(fields, fee, ',');
    while (!fee.empty() && (fee.back() == '\r' || fee.back() == ' ')) fee.pop_back();
    const auto at = csv::parse_time(time, csv::guess_time_format(time));
    const auto height = csv::parse_scaled(number, 0);
    const auto wei = csv::parse_scaled(fee, 9);
    if (!at.has_value() || !height.has_value() || !wei.has_value() || *wei <= 0) {
      throw ScenarioError("file", "not a row time_utc,block,base_fee_gwei: " + line, path);
    }
    blocks.push_back({*at / 1'000'000'000, *height, GasPrice{*wei}});
  }
  if (blocks.size() < 2) throw ScenarioError("file", "has no two blocks", path);
  return blocks;
}

// The rule rises with the gas used, so the fee that comes nearest is found by bisection.
bool rule_can_make(const Block& parent, const Block& child, Gas limit) {
  constexpr std::int64_t kRounding = 1'000;  // wei: the file has six decimals of a gwei
  Gas low{0};
  Gas high = limit;
  while (low < high) {
    const Gas middle{(low.units + high.units) / 2};
    const GasPrice fee = base_chain::next_base_fee(parent.base_fee, {middle, limit});
    if (fee < child.base_fee) {
      low = Gas{middle.units + 1};
    } else {
      high = middle;
    }
  }
  const std::int64_t above = base_chain::next_base_fee(parent.base_fee, {low, limit}).wei_per_gas -
                             child.base_fee.wei_per_gas;
  const Gas less{std::max<std::int64_t>(low.units - 1, 0)};
  const std::int64_t below = child.base_fee.wei_per_gas -
                             base_chain::next_base_fee(parent.base_fee, {less, limit}).wei_per_gas;
  return std::llabs(above) <= 2 * kRounding || std::llabs(below) <= 2 * kRounding;
}

class BaseFeeHistory final : public CaseOf<HistoryParams> {
 public:
  [[nodiscard]] std::vector<LawRow> law() const override {
    const auto steps = static_cast<double>(read_blocks(find_recorded(params().file)).size() - 1);
    return {{"steps with a ratio in [0.875, 1.125]", steps, Comparison::Exact},
            {"steps that our base fee rule can make", steps, Comparison::Exact},
            {"gaps in the block numbers", 0, Comparison::Exact},
            {"missed slots", 0, Comparison::Exact}};
  }
  [[nodiscard]] std::vector<double> replicate(const Replication&) const override {
    const std::vector<Block> blocks = read_blocks(find_recorded(params().file));
    double inside = 0;
    double made = 0;
    double gaps = 0;
    double missed = 0;
    for (std::size_t i = 1; i < blocks.size(); ++i) {
      const Block& parent = blocks[i - 1];
      const Block& child = blocks[i];
      const double ratio = static_cast<double>(child.base_fee.wei_per_gas) /
                           static_cast<double>(parent.base_fee.wei_per_gas);
      const bool fits = std::fabs(ratio - 1) <= 0.125 + params().tolerance;
      inside += fits ? 1 : 0;
      made += rule_can_make(parent, child, params().gas_limit) ? 1 : 0;
      gaps += static_cast<double>(child.number - parent.number - 1);
      missed +=
          static_cast<double>((child.time - parent.time) * 1'000'000'000 / params().slot_time.ns) -
          1;
    }
    return {inside, made, gaps, missed};
  }
  [[nodiscard]] std::string unavailable() const override { return missing_recorded(params().file); }
};

}  // namespace

std::unique_ptr<ValidationCase> base_fee_history() { return make_case<BaseFeeHistory>(); }

}  // namespace mezz::validation

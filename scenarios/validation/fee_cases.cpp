// Layer-one fees: the chain entity, with its blocks filled by transactions, against the EIPs'
// recurrences written apart (fee_laws.h). Integers: to the wei.
#include <cmath>
#include <string>

#include "scenarios/validation/cases.h"
#include "scenarios/validation/chain_probes.h"
#include "scenarios/validation/fee_laws.h"
#include "sim/check/error.h"
#include "sim/world/world.h"

namespace mezz::validation {

namespace {

// A chain and its filler, run for a number of blocks.
struct FilledChain {
  World world;
  Ref<BaseChain> chain;
  Ref<BlockFiller> filler;
  Duration slot;

  FilledChain(const BaseChainParams& p, const FillerParams& filling)
      : world({.seed = 1}), slot(p.slot_time) {
    chain = world.add<BaseChain>("l1", p);
    filler = world.add<BlockFiller>("filler", filling, chain);
    world.get(chain).subscribe(filler);
    world.start();
  }
  void run_to_block(std::int64_t block) { world.run(Time::zero() + slot * block); }
};

// ---- base fee -------------------------------------------------------------------------------

struct BaseFeeParams {
  GasPrice initial_base_fee = 1_gwei;
  Gas gas_limit{30'000'000};
  Duration slot_time = 12_s;
  Ratio fullness = Ratio::one();
  std::vector<std::int64_t> blocks = {1, 2, 10, 20, 50};
  double factor = 0;

  void visit(auto& v) {
    v("initial_base_fee", initial_base_fee, {.doc = "Of the first block", .min = GasPrice{1}});
    v("gas_limit", gas_limit, {.doc = "Of a block", .min = base_chain::kTransactionGasMax});
    v("slot_time", slot_time, {.doc = "Between two blocks", .min = 1_s});
    v("fullness", fullness,
      {.doc = "Gas used, as a share of the limit", .min = Ratio::zero(), .max = Ratio::one()});
    v("blocks", blocks,
      {.doc = "After which the fee is compared", .min = 1, .max = 10'000, .count_max = 100});
    v("factor", factor,
      {.doc = "0, or: blocks until the fee is so many times the first", .min = 0.0, .max = 1e6});
  }
};

class BaseFeePath final : public CaseOf<BaseFeeParams> {
 public:
  [[nodiscard]] std::vector<LawRow> law() const override {
    const std::int64_t used = filled_gas(params().gas_limit, params().fullness, 0).units;
    std::vector<LawRow> rows;
    for (const std::int64_t block : params().blocks) {
      std::int64_t fee = params().initial_base_fee.wei_per_gas;
      for (std::int64_t i = 0; i < block; ++i) {
        fee = base_fee_after(fee, used, params().gas_limit.units);
      }
      rows.push_back({"base fee after block " + std::to_string(block) + ", wei",
                      static_cast<double>(fee), Comparison::Exact});
    }
    if (params().factor <= 0) return rows;
    const double blocks = blocks_to_factor();
    rows.push_back({"blocks until the fee is multiplied", blocks, Comparison::Exact});
    rows.push_back(
        {"time until then, s", blocks * params().slot_time.seconds(), Comparison::Exact, 1e-6});
    return rows;
  }

  [[nodiscard]] std::vector<double> replicate(const Replication&) const override {
    BaseChainParams p = quiet_chain();
    p.gas_limit = params().gas_limit;
    p.initial_base_fee = params().initial_base_fee;
    p.slot_time = params().slot_time;
    FilledChain run(p, {.pattern = {params().fullness}, .gas_limit = params().gas_limit});
    std::int64_t last = 0;
    for (const std::int64_t block : params().blocks) last = std::max(last, block);
    if (params().factor > 0)
      last = std::max(last, static_cast<std::int64_t>(blocks_to_factor()) + 2);
    run.run_to_block(last);
    const std::vector<std::int64_t>& fees = run.world.get(run.filler).base_fees();
    std::vector<double> values;
    for (const std::int64_t block : params().blocks) {
      values.push_back(static_cast<double>(fees.at(static_cast<std::size_t>(block - 1))));
    }
    if (params().factor <= 0) return values;
    const double wanted =
        params().factor * static_cast<double>(params().initial_base_fee.wei_per_gas);
    std::size_t n = 0;
    while (n < fees.size() && static_cast<double>(fees[n]) < wanted) ++n;
    values.push_back(static_cast<double>(n + 1));
    values.push_back(run.world.get(run.chain).time_of(n + 1).seconds());
    return values;
  }

 private:
  // Smallest n with growth^n >= factor; the floors of the recurrence cost less than a block.
  [[nodiscard]] double blocks_to_factor() const {
    const double growth = 1 + (2 * params().fullness.value() - 1) / 8;
    return std::ceil(std::log(params().factor) / std::log(growth) - 1e-12);
  }
  void check() const override {
    if (params().factor == 0) return;
    if (params().factor <= 1) throw ScenarioError("factor", "must be above 1");
    if (params().fullness.value() < 0.55) {
      throw ScenarioError("fullness", "must be at least 55 % for the fee to reach a factor soon");
    }
  }
};

// ---- blob fee -------------------------------------------------------------------------------

struct BlobFeeParams {
  base_chain::BlobPreset schedule = base_chain::BlobPreset::Cancun;
  std::vector<std::int64_t> excess = {13'107'200, 39'321'600, 100'000'000};

  void visit(auto& v) {
    v("schedule", schedule, {.doc = "Fixes the update fraction"});
    v("excess", excess, {.doc = "Excess blob gas", .min = 0, .count_max = 100});
  }
};

class BlobFee final : public CaseOf<BlobFeeParams> {
 public:
  [[nodiscard]] std::vector<LawRow> law() const override {
    const std::int64_t fraction = base_chain::blob_schedule(params().schedule).update_fraction;
    std::vector<LawRow> rows;
    for (const std::int64_t excess : params().excess) {
      rows.push_back({"blob fee at excess " + std::to_string(excess) + ", wei",
                      static_cast<double>(blob_fee_at(excess, fraction)), Comparison::Exact});
    }
    return rows;
  }
  [[nodiscard]] std::vector<double> replicate(const Replication&) const override {
    std::vector<double> values;
    for (const std::int64_t excess : params().excess) {
      BaseChainParams p = quiet_chain();
      p.blob_schedule = params().schedule;
      p.initial_excess_blob_gas = Gas{excess};
      World world({.seed = 1});
      const Ref<BaseChain> chain = world.add<BaseChain>("l1", p);
      values.push_back(static_cast<double>(world.get(chain).blob_fee().wei_per_gas));
    }
    return values;
  }

 private:
  void check() const override {
    const std::int64_t largest = 40 * base_chain::blob_schedule(params().schedule).update_fraction;
    for (const std::int64_t excess : params().excess) {
      if (excess > largest) {
        throw ScenarioError("excess", "must be at most " + std::to_string(largest));
      }
    }
  }
};

struct BlobClimbParams {
  base_chain::BlobPreset schedule = base_chain::BlobPreset::Cancun;
  GasPrice threshold = 1_gwei;
  GasPrice initial_base_fee = 1_gwei;
  Gas gas_limit{30'000'000};

  void visit(auto& v) {
    v("schedule", schedule, {.doc = "Target, maximum, update fraction"});
    v("threshold", threshold, {.doc = "Blob fee to be reached", .min = GasPrice{2}});
    v("initial_base_fee", initial_base_fee,
      {.doc = "Matters under EIP-7918 only", .min = GasPrice{1}});
    v("gas_limit", gas_limit, {.doc = "Of a block", .min = base_chain::kTransactionGasMax});
  }
};

class BlobClimb final : public CaseOf<BlobClimbParams> {
 public:
  [[nodiscard]] std::vector<LawRow> law() const override {
    const BlobLaw rules = blob_law();
    std::int64_t blocks = 0;
    std::int64_t excess = 0;
    std::int64_t base_fee = params().initial_base_fee.wei_per_gas;
    while (blob_fee_at(excess, rules.update_fraction) < params().threshold.wei_per_gas) {
      excess = excess_after(excess, rules.max, base_fee, rules);
      base_fee =
          base_fee_after(base_fee, base_chain::kTransactionGas.units, params().gas_limit.units);
      ++blocks;
    }
    const auto fraction = static_cast<double>(rules.update_fraction);
    const double up = std::exp(static_cast<double>(rules.max - rules.target) * 131'072 / fraction);
    const double down = std::exp(-static_cast<double>(rules.target) * 131'072 / fraction);
    // A ratio of two floored fees of this size is off by about 2 / fee.
    const double floors = 3.0 / static_cast<double>(params().threshold.wei_per_gas) + 1e-9;
    return {{"blocks until the threshold", static_cast<double>(blocks), Comparison::Exact},
            {"blob fee then, wei", static_cast<double>(blob_fee_at(excess, rules.update_fraction)),
             Comparison::Exact},
            {"excess blob gas then", static_cast<double>(excess), Comparison::Exact},
            {"growth by a full block", up, Comparison::Exact, floors},
            {"growth by an empty block", down, Comparison::Exact, floors}};
  }

  [[nodiscard]] std::vector<double> replicate(const Replication&) const override {
    BaseChainParams p = quiet_chain();
    p.blob_schedule = params().schedule;
    p.initial_base_fee = params().initial_base_fee;
    p.gas_limit = params().gas_limit;
    FilledChain run(p, {.pattern = {Ratio::zero()},
                        .blobs = base_chain::blob_schedule(params().schedule).max,
                        .gas_limit = params().gas_limit});
    BlockFiller& filler = run.world.get(run.filler);
    std::int64_t block = 0;
    do {
      run.run_to_block(++block);
    } while (filler.blob_fees().back() < params().threshold.wei_per_gas);
    const double reached = static_cast<double>(filler.blob_fees().back());
    const double excess = static_cast<double>(run.world.get(run.chain).excess_blob_gas().units);
    // The blobs of the next block are already on their way; the one after it is empty.
    filler.stop_blobs();
    run.run_to_block(block + 2);
    const std::vector<std::int64_t>& fees = filler.blob_fees();
    const auto fee = [&fees](std::size_t from_end) {
      return static_cast<double>(fees[fees.size() - from_end]);
    };
    return {static_cast<double>(block), reached, excess, fee(2) / fee(3), fee(1) / fee(2)};
  }

 private:
  [[nodiscard]] BlobLaw blob_law() const {
    const base_chain::BlobSchedule s = base_chain::blob_schedule(params().schedule);
    return {s.target, s.max, s.update_fraction, s.eip7918};
  }
  void check() const override {
    if (params().threshold > 1'000'000_gwei) {
      throw ScenarioError("threshold", "must be at most 1_000_000 gwei: nobody pays more");
    }
  }
};

// ---- full, empty, full, empty ---------------------------------------------------------------

struct SwingParams {
  GasPrice initial_base_fee = 1'000_gwei;
  Gas gas_limit{30'000'000};
  Ratio high = Ratio::one();
  Ratio low = Ratio::zero();
  std::int64_t pairs = 100;
  double tolerance = 0.001;

  void visit(auto& v) {
    v("initial_base_fee", initial_base_fee,
      {.doc = "High, so that the floors do not matter", .min = GasPrice{1}});
    v("gas_limit", gas_limit, {.doc = "Of a block", .min = base_chain::kTransactionGasMax});
    v("high", high, {.doc = "Fullness of odd blocks", .min = Ratio::zero(), .max = Ratio::one()});
    v("low", low, {.doc = "Fullness of even blocks", .min = Ratio::zero(), .max = Ratio::one()});
    v("pairs", pairs, {.doc = "Pairs of blocks", .min = 1, .max = 10'000});
    v("tolerance", tolerance, {.doc = "Relative: the floors", .min = 0.0, .max = 0.1});
  }
};

class BaseFeeSwing final : public CaseOf<SwingParams> {
 public:
  [[nodiscard]] std::vector<LawRow> law() const override {
    const auto step = [](Ratio fullness) { return 1 + (2 * fullness.value() - 1) / 8; };
    const double pair = step(params().high) * step(params().low);
    return {{"fee, as a multiple of the first", std::pow(pair, static_cast<double>(params().pairs)),
             Comparison::Exact, params().tolerance, true}};
  }
  [[nodiscard]] std::vector<double> replicate(const Replication&) const override {
    BaseChainParams p = quiet_chain();
    p.gas_limit = params().gas_limit;
    p.initial_base_fee = params().initial_base_fee;
    FilledChain run(p, {.pattern = {params().high, params().low}, .gas_limit = params().gas_limit});
    run.run_to_block(2 * params().pairs);
    return {static_cast<double>(run.world.get(run.filler).base_fees().back()) /
            static_cast<double>(params().initial_base_fee.wei_per_gas)};
  }
};

}  // namespace

std::unique_ptr<ValidationCase> base_fee_path() { return make_case<BaseFeePath>(); }
std::unique_ptr<ValidationCase> blob_fee() { return make_case<BlobFee>(); }
std::unique_ptr<ValidationCase> blob_fee_climb() { return make_case<BlobClimb>(); }
std::unique_ptr<ValidationCase> base_fee_swing() { return make_case<BaseFeeSwing>(); }

}  // namespace mezz::validation

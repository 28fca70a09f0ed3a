// A surge of blob demand, 2024-06-20 (reference sheet "layer-two protocols" section 13): blobs
// became dearer than calldata within 100 blocks, from about a hundredth of that price. The sheet's
// calibration says that 4.17 of 6 blobs a block, 39 % over the target of 3, do that. Simulated: the
// chain entity with that many blobs in every block, as whole numbers spread evenly. Law: EIP-4844's
// growth exp(blobs over the target * gas per blob / update fraction), and the published 100.
#include <cmath>

#include "scenarios/validation/cases.h"
#include "scenarios/validation/chain_probes.h"
#include "scenarios/validation/fee_laws.h"
#include "sim/check/assert.h"
#include "sim/check/error.h"
#include "sim/world/world.h"

namespace mezz::validation {

namespace {

constexpr double kGasPerBlob = 131'072;

struct SurgeParams {
  base_chain::BlobPreset schedule = base_chain::BlobPreset::Cancun;
  Ratio demand = 139_percent;
  double factor = 100;
  GasPrice initial_blob_fee = 1_gwei;
  std::int64_t published_blocks = 100;
  double tolerance = 0.05;

  void visit(auto& v) {
    v("schedule", schedule, {.doc = "Target, maximum, update fraction"});
    v("demand", demand,
      {.doc = "Blobs per block, as a share of the target", .min = 105_percent, .max = 200_percent});
    v("factor", factor,
      {.doc = "The surge ends when the fee is so many times the first", .min = 2});
    v("initial_blob_fee", initial_blob_fee,
      {.doc = "High enough that its floors do not matter", .min = GasPrice{1'000'000}});
    v("published_blocks", published_blocks, {.doc = "What was published for it", .min = 1});
    v("tolerance", tolerance,
      {.doc = "Of the published number, as a share of it", .min = 0.0, .max = 1.0});
  }
};

// Sends one transaction with the blobs of a block after every block.
struct SurgeFillerParams {
  std::int64_t blobs_per_thousand = 4'170;
  void visit(auto& v) {
    v("blobs_per_thousand", blobs_per_thousand, {.doc = "Blobs in 1000 blocks", .min = 1});
  }
};

class SurgeFiller final : public EntityOf<SurgeFiller, SurgeFillerParams, L1Observer> {
 public:
  SurgeFiller(const Site& site, const SurgeFillerParams& params, Ref<BaseChain> chain)
      : EntityOf(site, params), chain_(chain) {
    MEZZ_ASSERT(chain.exists());
  }
  void on(Context& ctx, const Start&) { fill(ctx); }
  void on(Context& ctx, const L1Head&) override { fill(ctx); }
  void on(Context&, const L1Reorg&) override {}
  void on(Context&, const L1Finalised&) override {}

  void visit_state(auto& v) { v("next", next_); }

 private:
  // Spread evenly: of every prefix of blocks as many as are due, rounded down.
  void fill(Context& ctx) {
    const std::int64_t rate = params().blobs_per_thousand;
    const std::int64_t blobs = rate * (next_ + 1) / 1'000 - rate * next_ / 1'000;
    ++next_;
    MEZZ_ASSERT(blobs >= 0);
    if (blobs == 0) return;
    SubmitL1Transaction call;
    call.tag = static_cast<std::uint64_t>(next_);
    call.gas = static_cast<std::uint32_t>(base_chain::kTransactionGas.units);
    call.blobs = static_cast<std::uint16_t>(blobs);
    call.tip = MilliGwei{1'000};
    call.cap = MilliGwei{0xFFFFFFFFU};
    ctx.send(chain_, call);
  }

  Ref<BaseChain> chain_;
  std::int64_t next_ = 0;
};

class BlobSurge final : public CaseOf<SurgeParams> {
 public:
  [[nodiscard]] std::vector<LawRow> law() const override {
    const auto published = static_cast<double>(params().published_blocks);
    // Whole blobs and whole blocks: one of each either way.
    return {{"blocks until the fee is multiplied, by growth", std::ceil(expected_blocks()),
             Comparison::Exact, 2.0},
            {"blocks until the fee is multiplied, as published", published, Comparison::Exact,
             params().tolerance, true}};
  }

  [[nodiscard]] std::vector<double> replicate(const Replication&) const override {
    BaseChainParams p = quiet_chain();
    p.blob_schedule = params().schedule;
    const BlobLaw rules = blob_law();
    const double first = static_cast<double>(params().initial_blob_fee.wei_per_gas);
    const double excess = std::log(first) * static_cast<double>(rules.update_fraction);
    p.initial_excess_blob_gas = Gas{static_cast<std::int64_t>(excess)};
    World world({.seed = 1});
    const Ref<BaseChain> chain = world.add<BaseChain>("l1", p);
    const double start = static_cast<double>(world.get(chain).blob_fee().wei_per_gas);
    const std::int64_t rate =
        mul_div(rules.target * 1'000, params().demand.ppb, Ratio::kScale, Round::HalfEven);
    const auto filler =
        world.add<SurgeFiller>("surge", SurgeFillerParams{.blobs_per_thousand = rate}, chain);
    world.get(chain).subscribe(filler);
    world.start();
    std::int64_t block = 0;
    const auto limit = static_cast<std::int64_t>(10 * expected_blocks()) + 10;
    while (block < limit &&
           static_cast<double>(world.get(chain).blob_fee().wei_per_gas) < params().factor * start) {
      world.run(Time::zero() + p.slot_time * ++block);
    }
    return {static_cast<double>(block), static_cast<double>(block)};
  }

 private:
  [[nodiscard]] BlobLaw blob_law() const {
    const base_chain::BlobSchedule s = base_chain::blob_schedule(params().schedule);
    return {s.target, s.max, s.update_fraction, s.eip7918};
  }
  [[nodiscard]] double expected_blocks() const {
    const BlobLaw rules = blob_law();
    const double over = static_cast<double>(rules.target) * (params().demand.value() - 1);
    return std::log(params().factor) * static_cast<double>(rules.update_fraction) /
           (over * kGasPerBlob);
  }
  void check() const override {
    const BlobLaw rules = blob_law();
    const double blobs = static_cast<double>(rules.target) * params().demand.value();
    if (blobs > static_cast<double>(rules.max)) {
      throw ScenarioError("demand", "more blobs than a block of this schedule takes");
    }
  }
};

}  // namespace

std::unique_ptr<ValidationCase> blob_surge() { return make_case<BlobSurge>(); }

}  // namespace mezz::validation

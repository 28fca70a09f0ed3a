// Everybody else's demand for blockspace: the anonymous transactions that share blocks with ours.
// Demand per slot = mean x slow lognormal AR(1) x independent noise of the slot x (1 + excitement)
// x shock factor x (base fee / reference)^-elasticity. The excitement is self-exciting (each burst
// makes further bursts likelier, as in a Hawkes process) and fed by the simulated market through
// DemandPulse: liquidation storms and congestion are the same event (reference sheet "layer-two
// protocols", section 1, demand model). Blobs: the same with a Poisson count.
//
// The demand of a slot is one quantity with a distribution of tips, not a list of transactions:
// ahead_of(tip) says how much of it outbids a tip. Tips rise by 1/8 per block that leaves demand
// over, and fall back as fast. What a block leaves over waits with probability `patience`.
// Units: gas, blobs, wei per gas. Numbers marked [D] are modelling defaults without a single true
// value. Left out: return of anonymous transactions after a reorg, private order flow.
#pragma once

#include <cstdint>

#include "models/base_chain/fee_rules.h"
#include "sim/config/visit.h"
#include "sim/random/stream.h"
#include "sim/types/ratio.h"
#include "sim/types/time.h"

namespace mezz {

// From whoever watches the market: it moved by so much (|return|, 1 % = 0.01).
struct DemandPulse {
  Ratio magnitude;
};

namespace base_chain {

struct GasDemandParams {
  Ratio mean_gas = 220_percent;
  GasPrice reference_base_fee = 7_gwei;
  double gas_elasticity = 0.6;
  Ratio mean_blobs = 60_percent;
  GasPrice reference_blob_fee = 1_gwei;
  double blob_elasticity = 0.5;
  double level_deviation = 0.25;
  Duration level_memory = 30_min;
  double slot_deviation = 1.6;
  Ratio burst_probability = Ratio::from_ppm(1'000);
  double burst_size = 1.0;
  Ratio burst_branching = 40_percent;
  Duration burst_memory = 5_min;
  double pulse_gain = 10.0;
  Ratio patience = 20_percent;
  GasPrice median_tip = 1_gwei;
  double tip_rise_max = 64.0;

  void visit(auto& v) {
    v("mean_gas", mean_gas,
      {.doc = "Mean demand at the reference base fee, as a share of the gas target (half the "
              "limit), with what does not fit; 220 % lets the base fee settle near the reference "
              "[D]",
       .min = Ratio::zero(),
       .max = Ratio{100 * Ratio::kScale}});
    v("reference_base_fee", reference_base_fee,
      {.doc = "Base fee at which demand is mean_gas; 7 gwei is the mean of 340 blocks on "
              "2025-01-01",
       .min = GasPrice{1}});
    v("gas_elasticity", gas_elasticity,
      {.doc = "Demand falls as base_fee^-elasticity [D]", .min = 0.0, .max = 5.0});
    v("mean_blobs", mean_blobs,
      {.doc = "Mean blob demand at a low blob fee, as a share of the blob target [D]",
       .min = Ratio::zero(),
       .max = Ratio{100 * Ratio::kScale}});
    v("reference_blob_fee", reference_blob_fee,
      {.doc = "Blob demand falls as (1 + blob fee / this)^-elasticity [D]", .min = GasPrice{1}});
    v("blob_elasticity", blob_elasticity,
      {.doc = "Price elasticity of blob demand [D]", .min = 0.0, .max = 5.0});
    v("level_deviation", level_deviation,
      {.doc = "Standard deviation of the log of the slow demand level [D]",
       .min = 0.0,
       .max = 2.0});
    v("level_memory", level_memory,
      {.doc = "Correlation time of the slow demand level [D]", .min = 1_s});
    v("slot_deviation", slot_deviation,
      {.doc = "Standard deviation of the log of a single slot's demand; 1.6 gives 30 % full blocks "
              "as on 2025-01-01",
       .min = 0.0,
       .max = 3.0});
    v("burst_probability", burst_probability,
      {.doc = "Chance per slot of a spontaneous burst [D]",
       .min = Ratio::zero(),
       .max = Ratio::one()});
    v("burst_size", burst_size,
      {.doc = "Mean size of a burst in units of the mean demand [D]", .min = 0.0, .max = 100.0});
    v("burst_branching", burst_branching,
      {.doc = "Bursts that one burst sets off on average; below 1, else they never end [D]",
       .min = Ratio::zero(),
       .max = 90_percent});
    v("burst_memory", burst_memory, {.doc = "Decay time of a burst [D]", .min = 1_s});
    v("pulse_gain", pulse_gain,
      {.doc = "Excitement per unit of market move: 10 means that a move of 10 % doubles demand "
              "[D]",
       .min = 0.0,
       .max = 1000.0});
    v("patience", patience,
      {.doc = "Share of the demand left over by a block that waits for the next one [D]",
       .min = Ratio::zero(),
       .max = Ratio::one()});
    v("median_tip", median_tip, {.doc = "Median tip of anonymous transactions in calm [D]"});
    v("tip_rise_max", tip_rise_max,
      {.doc = "How far congestion can raise all tips, as a factor [D]", .min = 1.0, .max = 1e6});
  }
};

// At this price per gas or blob gas (0.001 ETH) anonymous demand ends, whatever its elasticity.
inline constexpr GasPrice kChokePrice = 1'000'000_gwei;

// Share of anonymous demand that bids at least `tip` when the median is `median`: a lognormal of
// log-deviation 1.5, linear between tabulated quantiles.
double share_bidding_at_least(double tip, double median);

struct BlockTargets {
  Gas gas;
  std::int64_t blobs = 0;
};
struct Fees {
  GasPrice base;
  GasPrice blob;
  bool operator==(const Fees&) const = default;
};
struct ShockFactors {
  Ratio gas = Ratio::one();
  Ratio blobs = Ratio::one();
};
struct Room {
  Gas gas;
  std::int64_t blobs = 0;
  bool operator==(const Room&) const = default;
};

class GasDemand {
 public:
  GasDemand(const GasDemandParams& params, Duration slot_time, BlockTargets targets,
            Stream gas_stream, Stream blob_stream);

  void pulse(Ratio magnitude);
  // Adds one slot's demand to what waits. Called for missed slots too: their demand piles up.
  void arrive(Fees fees, ShockFactors shocks);
  // Takes what fits into the room that others left in the block.
  Room take(Room room);

  // How much of the waiting demand outbids this tip.
  [[nodiscard]] Room ahead_of(GasPrice tip) const;
  [[nodiscard]] Room waiting() const;
  [[nodiscard]] double excitement() const { return excitement_; }
  [[nodiscard]] double tip_rise() const { return tip_rise_; }

  void visit_state(auto& v) {
    v("gas_stream", gas_stream_);
    v("blob_stream", blob_stream_);
    v("level", level_);
    v("excitement", excitement_);
    v("tip_rise", tip_rise_);
    v("blob_tip_rise", blob_tip_rise_);
    v("waiting_gas", waiting_gas_);
    v("waiting_blobs", waiting_blobs_);
  }

 private:
  void excite();
  void arrive_gas(GasPrice price, double log_level, Ratio shock);
  void arrive_blobs(GasPrice price, double log_level, Ratio shock);

  GasDemandParams params_;
  BlockTargets targets_;
  Stream gas_stream_;
  Stream blob_stream_;
  // Per-slot constants of the two decays.
  double level_keep_;
  double level_shake_;
  double burst_keep_;
  // State.
  double level_ = 0.0;  // log of the slow factor, before the correction to mean 1
  double excitement_ = 0.0;
  double tip_rise_ = 1.0;
  double blob_tip_rise_ = 1.0;
  std::int64_t waiting_gas_ = 0;
  std::int64_t waiting_blobs_ = 0;
};

}  // namespace base_chain
}  // namespace mezz

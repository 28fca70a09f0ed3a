#include "models/base_chain/gas_demand.h"

#include <algorithm>

#include "sim/check/assert.h"
#include "sim/numeric/elementary.h"
#include "sim/random/distribution.h"

namespace mezz::base_chain {

namespace {

// Demand that waits is cut here (in targets): nobody queues for hours behind a full mempool, and
// integers cannot overflow whatever the scenario asks for.
constexpr double kWaitingMax = 1'000.0;
constexpr double kTipStep = 1.125;

double decay_per_slot(Duration slot, Duration memory) {
  MEZZ_ASSERT(slot > Duration::zero() && memory > Duration::zero());
  return numeric::exp(-slot.seconds() / memory.seconds());
}

double next_tip_rise(double rise, double rise_max, bool left_over) {
  const double next = left_over ? rise * kTipStep : rise / kTipStep;
  return std::clamp(next, 1.0, rise_max);
}

std::int64_t keep_share(std::int64_t amount, Ratio share) {
  return mul_div(amount, share.ppb, Ratio::kScale, Round::Down);
}

}  // namespace

double share_bidding_at_least(double tip, double median) {
  MEZZ_ASSERT(tip >= 0.0 && median >= 0.0);
  struct Quantile {
    double multiple;  // of the median
    double share;     // that bids at least this: 1 - Phi(ln(multiple) / 1.5)
  };
  static constexpr Quantile kQuantiles[] = {
      {0.0, 1.0},    {0.03, 0.9903}, {0.1, 0.9376},  {0.3, 0.7889},   {1.0, 0.5},
      {3.0, 0.2320}, {10.0, 0.0624}, {30.0, 0.0117}, {100.0, 0.0011}, {300.0, 0.0}};
  if (median == 0.0) return tip > 0.0 ? 0.0 : 1.0;
  const double multiple = tip / median;
  const Quantile* low = kQuantiles;
  for (const Quantile& high : kQuantiles) {
    if (multiple <= high.multiple) {
      if (high.multiple == low->multiple) return high.share;
      const double way = (multiple - low->multiple) / (high.multiple - low->multiple);
      return low->share + way * (high.share - low->share);
    }
    low = &high;
  }
  return 0.0;
}

GasDemand::GasDemand(const GasDemandParams& params, Duration slot_time, BlockTargets targets,
                     Stream gas_stream, Stream blob_stream)
    : params_(params),
      targets_(targets),
      gas_stream_(gas_stream),
      blob_stream_(blob_stream),
      level_keep_(decay_per_slot(slot_time, params.level_memory)),
      level_shake_(numeric::sqrt(1.0 - level_keep_ * level_keep_) * params.level_deviation),
      burst_keep_(decay_per_slot(slot_time, params.burst_memory)) {
  MEZZ_ASSERT(targets.gas.units > 0 && targets.blobs > 0);
  MEZZ_ASSERT(params.reference_base_fee.wei_per_gas > 0);
  MEZZ_ASSERT(params.reference_blob_fee.wei_per_gas > 0);
}

void GasDemand::pulse(Ratio magnitude) {
  MEZZ_ASSERT(magnitude >= Ratio::zero());
  excitement_ += params_.pulse_gain * magnitude.value();
  MEZZ_ASSERT(excitement_ >= 0.0);
}

void GasDemand::excite() {
  excitement_ *= burst_keep_;
  // Over its life a burst of mean size contributes branching bursts: the sum over slots of
  // (1 - keep) * keep^n is one.
  const double echo =
      params_.burst_size > 0.0
          ? params_.burst_branching.value() * (1.0 - burst_keep_) * excitement_ / params_.burst_size
          : 0.0;
  const double chance = params_.burst_probability.value() + echo;
  // Both draws in every slot, so that compared runs stay in step.
  const double u = gas_stream_.uniform();
  const double size = exponential(gas_stream_);
  if (u < chance) excitement_ += params_.burst_size * size;
}

void GasDemand::arrive(Fees fees, ShockFactors shocks) {
  MEZZ_ASSERT(fees.base.wei_per_gas >= 0 && fees.blob.wei_per_gas >= 0);
  MEZZ_ASSERT(shocks.gas >= Ratio::zero() && shocks.blobs >= Ratio::zero());
  excite();
  const double slow = normal(gas_stream_);
  const double fast = normal(gas_stream_);
  level_ = level_keep_ * level_ + level_shake_ * slow;
  const double deviation = params_.slot_deviation;
  const double slot_noise = deviation * fast - 0.5 * deviation * deviation;

  const double level = level_ - 0.5 * params_.level_deviation * params_.level_deviation +
                       numeric::log1p(excitement_);
  arrive_gas(fees.base, level + slot_noise, shocks.gas);
  arrive_blobs(fees.blob, level, shocks.blobs);
}

void GasDemand::arrive_gas(GasPrice price, double log_level, Ratio shock) {
  if (price >= kChokePrice) {
    waiting_gas_ = 0;
    return;
  }
  const double relative = static_cast<double>(std::max<std::int64_t>(price.wei_per_gas, 1)) /
                          static_cast<double>(params_.reference_base_fee.wei_per_gas);
  const double log_factor = log_level - params_.gas_elasticity * numeric::log(relative);
  const double wanted = params_.mean_gas.value() * numeric::exp(log_factor) * shock.value();
  waiting_gas_ += static_cast<std::int64_t>(std::min(wanted, kWaitingMax) *
                                            static_cast<double>(targets_.gas.units));
  waiting_gas_ =
      std::min(waiting_gas_, static_cast<std::int64_t>(kWaitingMax) * targets_.gas.units);
}

void GasDemand::arrive_blobs(GasPrice price, double log_level, Ratio shock) {
  const double relative = 1.0 + static_cast<double>(price.wei_per_gas) /
                                    static_cast<double>(params_.reference_blob_fee.wei_per_gas);
  const double log_factor = log_level - params_.blob_elasticity * numeric::log(relative);
  const double wanted = params_.mean_blobs.value() * numeric::exp(log_factor) * shock.value();
  // Drawn at any price, so that compared runs stay in step.
  const std::int64_t blobs =
      poisson(blob_stream_, std::min(wanted, kWaitingMax) * static_cast<double>(targets_.blobs));
  waiting_blobs_ =
      std::min(waiting_blobs_ + blobs, static_cast<std::int64_t>(kWaitingMax) * targets_.blobs);
  if (price >= kChokePrice) waiting_blobs_ = 0;
}

Room GasDemand::take(Room room) {
  MEZZ_ASSERT(room.gas.units >= 0 && room.blobs >= 0);
  const Room taken{.gas = std::min(room.gas, Gas{waiting_gas_}),
                   .blobs = std::min(room.blobs, waiting_blobs_)};
  waiting_gas_ -= taken.gas.units;
  waiting_blobs_ -= taken.blobs;
  tip_rise_ = next_tip_rise(tip_rise_, params_.tip_rise_max, waiting_gas_ > 0);
  blob_tip_rise_ = next_tip_rise(blob_tip_rise_, params_.tip_rise_max, waiting_blobs_ > 0);
  waiting_gas_ = keep_share(waiting_gas_, params_.patience);
  waiting_blobs_ = keep_share(waiting_blobs_, params_.patience);
  MEZZ_ASSERT(waiting_gas_ >= 0 && waiting_blobs_ >= 0);
  return taken;
}

Room GasDemand::ahead_of(GasPrice tip) const {
  MEZZ_ASSERT(tip.wei_per_gas >= 0);
  const auto offered = static_cast<double>(tip.wei_per_gas);
  const auto median = static_cast<double>(params_.median_tip.wei_per_gas);
  const double gas_share = share_bidding_at_least(offered, median * tip_rise_);
  const double blob_share = share_bidding_at_least(offered, median * blob_tip_rise_);
  return {.gas = {static_cast<std::int64_t>(static_cast<double>(waiting_gas_) * gas_share)},
          .blobs = static_cast<std::int64_t>(static_cast<double>(waiting_blobs_) * blob_share)};
}

Room GasDemand::waiting() const { return {.gas = {waiting_gas_}, .blobs = waiting_blobs_}; }

}  // namespace mezz::base_chain

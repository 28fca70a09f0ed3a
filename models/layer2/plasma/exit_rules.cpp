#include "models/layer2/plasma/exit_rules.h"

#include <algorithm>
#include <bit>

#include "sim/check/assert.h"
#include "sim/check/fingerprint.h"

namespace mezz::plasma {

namespace {
constexpr Int128 kWeiPerEther = 1'000'000'000'000'000'000;
}  // namespace

Time exitable_time(PlasmaVariant variant, OutputOrigin origin, ExitTimes times,
                   Duration min_exit_period) {
  MEZZ_ASSERT(min_exit_period > Duration::zero());
  MEZZ_ASSERT(times.started.happened() && times.output <= times.started);
  const Time from_start = times.started + min_exit_period;
  if (origin == OutputOrigin::Deposit || variant == PlasmaVariant::Cash) return from_start;
  return std::max(times.output + min_exit_period * 2, from_start);
}

Duration settling_time(PlasmaVariant variant, Duration min_exit_period) {
  return min_exit_period * (variant == PlasmaVariant::Cash ? 1 : 2);
}

InFlightPhase InFlightExit::phase(Time now) const {
  MEZZ_ASSERT(started_.happened() && now >= started_);
  const Duration age = now - started_;
  if (age < period_ / 2) return InFlightPhase::Piggyback;
  return age < period_ ? InFlightPhase::Dispute : InFlightPhase::Over;
}

bool InFlightExit::piggyback(InFlightSide side, Time now) {
  if (phase(now) != InFlightPhase::Piggyback || piggybacked(side)) return false;
  sides_ |= static_cast<std::uint32_t>(side);
  return true;
}

bool InFlightExit::challenge(Time now) {
  if (phase(now) != InFlightPhase::Dispute || !canonical()) return false;
  canonical_ = 0;
  return true;
}

bool InFlightExit::respond(Time now) {
  if (phase(now) != InFlightPhase::Dispute || canonical()) return false;
  canonical_ = 1;
  return true;
}

bool InFlightExit::pays(InFlightSide side) const {
  return piggybacked(side) && canonical() == (side == InFlightSide::Outputs);
}

namespace {
// Gas that exits may use in the window, times (slot x 10^9).
Int128 scaled_room(const MassExit& exit, Duration window) {
  MEZZ_ASSERT(exit.gas_limit.units > 0 && exit.share > Ratio::zero());
  MEZZ_ASSERT(window >= Duration::zero() && exit.slot > Duration::zero());
  return Int128{exit.gas_limit.units} * exit.share.ppb * window.ns;
}
Int128 scaled_need(const MassExit& exit) {
  MEZZ_ASSERT(exit.users >= 0 && exit.gas_per_exit.units > 0);
  return Int128{exit.users} * exit.gas_per_exit.units * exit.slot.ns * Ratio::kScale;
}
}  // namespace

std::int64_t exits_in(const MassExit& exit, Duration window) {
  const Int128 one = Int128{exit.gas_per_exit.units} * exit.slot.ns * Ratio::kScale;
  MEZZ_ASSERT(one > 0);
  return narrow(divide(scaled_room(exit, window), one, Round::Down));
}

Duration clearing_time(const MassExit& exit) {
  const Int128 per_ns = Int128{exit.gas_limit.units} * exit.share.ppb;
  MEZZ_ASSERT(per_ns > 0);
  return {narrow(divide(scaled_need(exit), per_ns, Round::Up))};
}

bool unsafe(const MassExit& exit, Duration window) {
  return scaled_need(exit) > scaled_room(exit, window);
}

Money exit_threshold(const ExitCost& cost, GasPrice price) {
  MEZZ_ASSERT(cost.gas.units > 0 && cost.ether_price > Money::zero());
  MEZZ_ASSERT(price.wei_per_gas >= 0);
  const Int128 wei = fee(price, cost.gas).value + cost.bounty.value;
  return {narrow(divide(wei * cost.ether_price.micros, kWeiPerEther, Round::Up))};
}

GasPrice exit_gas_price(const ExitCost& cost, Money value) {
  MEZZ_ASSERT(cost.gas.units > 0 && cost.ether_price > Money::zero());
  const Int128 wei =
      divide(Int128{value.micros} * kWeiPerEther, cost.ether_price.micros, Round::Down);
  if (wei <= cost.bounty.value) return {};
  const Int128 price = divide(wei - cost.bounty.value, cost.gas.units, Round::Down);
  return {static_cast<std::int64_t>(std::min<Int128>(price, INT64_MAX))};
}

std::uint64_t history_bytes(std::uint64_t blocks, std::uint64_t coins) {
  const auto depth = static_cast<std::uint64_t>(std::bit_width(coins > 1 ? coins - 1 : 0));
  return blocks * depth * 32;
}

bool chosen(Ratio share, std::uint64_t account) {
  constexpr std::uint64_t kPurpose = 0x6C65'6176'6572;  // "leaver": not the hash of anything else
  const std::uint64_t draw = mix(account, kPurpose) % static_cast<std::uint64_t>(Ratio::kScale);
  return static_cast<std::int64_t>(draw) < share.ppb;
}

}  // namespace mezz::plasma

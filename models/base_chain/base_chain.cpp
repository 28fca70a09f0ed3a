#include "models/base_chain/base_chain.h"

#include <algorithm>
#include <string>

#include "sim/check/assert.h"
#include "sim/check/error.h"
#include "sim/engine/context.h"

namespace mezz {

using base_chain::ChainBlock;
using base_chain::kSlotsPerEpoch;
using base_chain::Room;

namespace {

// Under the shock L1NoFinality: safely below 2/3, as in the incidents of May 2023.
constexpr Ratio kParticipationInCrisis = 50_percent;

std::uint64_t gwei_rounded_up(Wei amount) {
  MEZZ_ASSERT(amount >= Wei::zero());
  return static_cast<std::uint64_t>(narrow(divide(amount.value, 1'000'000'000, Round::Up)));
}

}  // namespace

BaseChain::BaseChain(const Site& site, const BaseChainParams& p)
    : EntityOf(site, p),
      schedule_(base_chain::blob_schedule(p.blob_schedule)),
      demand_(p.demand, p.slot_time, {.gas = {p.gas_limit.units / 2}, .blobs = schedule_.target},
              site.stream("gas demand"), site.stream("blob demand")),
      missed_stream_(site.stream("missed slots")),
      reorg_stream_(site.stream("reorgs")) {
  MEZZ_ASSERT(p.slot_time > Duration::zero());
  MEZZ_ASSERT(p.gas_limit >= base_chain::kTransactionGasMax);
  // e^40 wei is 0.2 ETH per unit of blob gas: nobody has paid that, and 64 bits end at e^43.
  const Gas excess_max{40 * schedule_.update_fraction};
  if (p.initial_excess_blob_gas > excess_max) {
    throw ScenarioError(
        "initial_excess_blob_gas",
        "must be at most " + std::to_string(excess_max.units) + " under this blob schedule");
  }
  chain_.append(0);
  chain_.finalise(0);
  fee_states_.push_back({.base_fee = p.initial_base_fee, .excess = p.initial_excess_blob_gas});
  refresh_fees();
  for (const std::string_view kind : EnumNames<L1CallKind>::names) {
    delay_names_.push_back("inclusion_delay/" + std::string(kind));
  }
  for (const std::string& name : delay_names_) {
    inclusion_delay_.push_back(
        Probe<Duration>{{.name = name,
                         .doc = "Submission to (latest) inclusion on layer one",
                         .recorders = "mean quantiles"}});
  }
  if (site.recording == nullptr) return;
  base_fee_probe_.bind(*site.recording, path());
  blob_fee_probe_.bind(*site.recording, path());
  for (Probe<Duration>& probe : inclusion_delay_) probe.bind(*site.recording, path());
  blocks_.declare(*site.recording, "l1_blocks", "Layer one, one row per slot");
}

void BaseChain::on(Context& ctx, const Start&) {
  MEZZ_ASSERT(slot_ == 0 && ctx.now() == Time::zero());
  epoch_votes_ = static_cast<std::uint64_t>(participation_now().ppb);
  after(ctx, params().slot_time, SlotTick{});
}

void BaseChain::on(Context& ctx, const SlotTick&) {
  ++slot_;
  MEZZ_ASSERT(ctx.now() == Time::zero() + params().slot_time * static_cast<std::int64_t>(slot_));
  after(ctx, params().slot_time, SlotTick{});
  if (slot_ % kSlotsPerEpoch == 0) end_epoch(ctx);
  epoch_votes_ += static_cast<std::uint64_t>(participation_now().ppb);
  demand_.arrive(fees_, {.gas = gas_spike_.on() ? gas_spike_.magnitude : Ratio::one(),
                         .blobs = blob_spike_.on() ? blob_spike_.magnitude : Ratio::one()});
  const bool missed = draw_missed();
  draw_reorg();
  if (missed) {
    record_missed(ctx.now());
    return;
  }
  const std::uint64_t orphaned = reorg_due_ > 0 ? reorganise(ctx) : 0;
  build_block(ctx, orphaned);
}

void BaseChain::on(Context& ctx, const SubmitL1Transaction& call) {
  // Such a transaction could never be included: its sender has to split it.
  MEZZ_ASSERT(call.blobs <= schedule_.max);
  MEZZ_ASSERT(static_cast<std::size_t>(call.kind) < kL1CallKinds);
  mempool_.add(call, ctx.now());
}

void BaseChain::on(Context&, const SubscribeL1& message) { subscribe(message.observer); }

void BaseChain::subscribe(Ref<L1Observer> observer) {
  MEZZ_ASSERT(observer.exists());
  MEZZ_ASSERT(std::find(observers_.begin(), observers_.end(), observer) == observers_.end());
  observers_.push_back(observer);
}

void BaseChain::on(Context&, const DemandPulse& pulse) { demand_.pulse(pulse.magnitude); }

void BaseChain::on(Context&, const Shock& shock) {
  MEZZ_ASSERT(shock.magnitude >= Ratio::zero());
  switch (shock.kind) {
    case ShockKind::L1Reorg: {
      if (shock.edge == ShockEdge::Ends) return;
      const Int128 depth = divide(shock.magnitude.ppb, Ratio::kScale, Round::Up);
      reorg_due_ = std::max(reorg_due_, static_cast<std::uint64_t>(narrow(depth)));
      return;
    }
    case ShockKind::L1NoFinality:
      return no_finality_.apply(shock);
    case ShockKind::L1MissedSlots:
      return missed_slots_.apply(shock);
    case ShockKind::GasSpike:
      return gas_spike_.apply(shock);
    case ShockKind::BlobSpike:
      return blob_spike_.apply(shock);
    default:
      return;  // hits somebody else
  }
}

Time BaseChain::time_of(std::uint64_t height) const {
  const auto slot = static_cast<std::int64_t>(chain_.canonical_at(height).slot);
  return Time::zero() + params().slot_time * slot;
}

L1Spending BaseChain::spent(L1CallKind kind) const {
  MEZZ_ASSERT(static_cast<std::size_t>(kind) < kL1CallKinds);
  return spent_[static_cast<std::size_t>(kind)];
}

L1Spending BaseChain::spent() const {
  L1Spending sum;
  for (const L1Spending& one : spent_) {
    sum.execution += one.execution;
    sum.blobs += one.blobs;
  }
  return sum;
}

Ratio BaseChain::participation_now() const {
  return no_finality_.on() ? std::min(params().participation, kParticipationInCrisis)
                           : params().participation;
}

void BaseChain::end_epoch(Context& ctx) {
  const base_chain::EpochVotes votes{
      .attesting = epoch_votes_,
      .total = kSlotsPerEpoch * static_cast<std::uint64_t>(Ratio::kScale)};
  MEZZ_ASSERT(base_chain::first_slot(gadget_.epoch() + 1) == slot_);
  epoch_votes_ = 0;
  if (!gadget_.end_epoch(votes)) return;
  // The checkpoint is the newest block at or before its slot, which may have been missed.
  std::uint64_t height = finalised_height_;
  while (height < chain_.head().height && gadget_.is_final(chain_.canonical_at(height + 1).slot)) {
    ++height;
  }
  if (height == finalised_height_) return;
  MEZZ_ASSERT(height > finalised_height_);
  finalised_height_ = height;
  chain_.finalise(height);
  const auto first_open =
      std::find_if(included_.begin(), included_.end(),
                   [height](const IncludedTransaction& tx) { return tx.height > height; });
  included_.erase(included_.begin(), first_open);
  for (const Ref<L1Observer> observer : observers_) ctx.send(observer, L1Finalised{height});
}

bool BaseChain::draw_missed() {
  const Ratio usual = params().missed_slot_probability;
  const Ratio now = missed_slots_.on() ? std::max(usual, missed_slots_.magnitude) : usual;
  return missed_stream_.chance(now);
}

void BaseChain::draw_reorg() {
  if (!reorg_stream_.chance(params().reorg_probability)) return;
  std::int64_t depth = 1;
  while (depth < params().reorg_depth_max && reorg_stream_.chance(params().reorg_deeper)) ++depth;
  reorg_due_ = std::max(reorg_due_, static_cast<std::uint64_t>(depth));
}

std::uint64_t BaseChain::reorganise(Context& ctx) {
  const std::uint64_t depth = std::min(reorg_due_, chain_.depth_above_final());
  reorg_due_ = 0;
  if (depth == 0) return 0;
  chain_.undo(depth);
  const std::uint64_t kept = chain_.head().height;
  MEZZ_ASSERT(kept >= finalised_height_);
  while (!included_.empty() && included_.back().height > kept) undo_last(ctx);
  fee_states_.resize(kept + 1);
  refresh_fees();
  for (const Ref<L1Observer> observer : observers_) ctx.send(observer, L1Reorg{kept, depth});
  return depth;
}

void BaseChain::undo_last(Context& ctx) {
  MEZZ_ASSERT(!included_.empty());
  const IncludedTransaction last = included_.back();
  included_.pop_back();
  const SubmitL1Transaction& call = last.pooled.call;
  L1Spending& spent = spent_[static_cast<std::size_t>(call.kind)];
  spent.execution -= last.execution_fee();
  spent.blobs -= last.blob_fee();
  MEZZ_ASSERT(spent.execution >= Wei::zero() && spent.blobs >= Wei::zero());
  if (call.to.exists()) {
    ctx.send_after(Duration::zero(), call.to,
                   L1Undo{.from = call.from,
                          .kind = call.kind,
                          .blobs = call.blobs,
                          .tag = call.tag,
                          .a = call.a,
                          .b = call.b,
                          .block = last.block,
                          .height = last.height});
  }
  if (call.from.exists()) ctx.send(call.from, L1Reverted{call.tag, last.block});
  mempool_.put_back(last.pooled);
}

void BaseChain::build_block(Context& ctx, std::uint64_t orphaned) {
  const Room room{.gas = params().gas_limit, .blobs = schedule_.max};
  packed_.clear();
  mempool_.pack(fees_, room, demand_, packed_);
  const ChainBlock block = chain_.append(slot_);
  Room used;
  for (const base_chain::PackedTransaction& packed : packed_) {
    include(ctx, packed, block);
    used.gas += Gas{packed.pooled.call.gas};
    used.blobs += packed.pooled.call.blobs;
  }
  const Room background =
      demand_.take({.gas = room.gas - used.gas, .blobs = room.blobs - used.blobs});
  used.gas += background.gas;
  used.blobs += background.blobs;
  MEZZ_ASSERT(used.gas <= room.gas && used.blobs <= room.blobs);
  record_slot(ctx.now(), used, orphaned);
  advance_fees(used);
  const L1Head head{
      .height = block.height, .block = block.id, .base_fee = fees_.base, .blob_fee = fees_.blob};
  for (const Ref<L1Observer> observer : observers_) ctx.send(observer, head);
}

void BaseChain::include(Context& ctx, const base_chain::PackedTransaction& packed,
                        const ChainBlock& block) {
  const SubmitL1Transaction& call = packed.pooled.call;
  const IncludedTransaction included{.pooled = packed.pooled,
                                     .block = block.id,
                                     .height = block.height,
                                     .price = fees_.base + packed.effective_tip,
                                     .blob_price = fees_.blob};
  MEZZ_ASSERT(included.price <= call.cap.price());
  MEZZ_ASSERT(packed.pooled.submitted <= ctx.now());
  included_.push_back(included);
  L1Spending& spent = spent_[static_cast<std::size_t>(call.kind)];
  spent.execution += included.execution_fee();
  spent.blobs += included.blob_fee();
  inclusion_delay_[static_cast<std::size_t>(call.kind)].record(ctx.now(),
                                                               ctx.now() - packed.pooled.submitted);
  // Not over a link: the code runs on the chain itself, whoever stands where.
  if (call.to.exists()) {
    ctx.send_after(Duration::zero(), call.to,
                   L1Execute{.from = call.from,
                             .kind = call.kind,
                             .blobs = call.blobs,
                             .tag = call.tag,
                             .a = call.a,
                             .b = call.b,
                             .block = block.id,
                             .height = block.height});
  }
  if (call.from.exists()) {
    ctx.send(call.from, L1Included{.tag = call.tag,
                                   .block = block.id,
                                   .height = block.height,
                                   .execution_fee_gwei = gwei_rounded_up(included.execution_fee()),
                                   .blob_fee_gwei = gwei_rounded_up(included.blob_fee())});
  }
}

void BaseChain::advance_fees(Room used) {
  const FeeState now = fee_states_.back();
  MEZZ_ASSERT(fee_states_.size() + 1 == chain_.length());
  fee_states_.push_back(
      {.base_fee =
           base_chain::next_base_fee(now.base_fee, {.used = used.gas, .limit = params().gas_limit}),
       .excess = base_chain::next_excess_blob_gas(
           {.excess = now.excess, .blobs = used.blobs, .base_fee = now.base_fee}, schedule_)});
  refresh_fees();
}

void BaseChain::refresh_fees() {
  const FeeState next = fee_states_.back();
  MEZZ_ASSERT(fee_states_.size() == chain_.length());
  fees_ = {.base = next.base_fee, .blob = base_chain::blob_fee(next.excess, schedule_)};
}

void BaseChain::record_slot(Time now, Room used, std::uint64_t orphaned) {
  base_fee_probe_.record(now, fees_.base);
  blob_fee_probe_.record(now, fees_.blob);
  blocks_.append({.time = now,
                  .height = chain_.head().height,
                  .base_fee = fees_.base,
                  .blob_fee = fees_.blob,
                  .gas_used = used.gas.units,
                  .blobs = static_cast<std::uint16_t>(used.blobs),
                  .orphaned = static_cast<std::uint16_t>(std::min<std::uint64_t>(orphaned, 65'535)),
                  .missed = false});
}

void BaseChain::record_missed(Time now) {
  blocks_.append({.time = now,
                  .height = chain_.head().height,
                  .base_fee = fees_.base,
                  .blob_fee = fees_.blob,
                  .gas_used = 0,
                  .blobs = 0,
                  .orphaned = 0,
                  .missed = true});
}

}  // namespace mezz

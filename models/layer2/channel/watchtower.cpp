#include "models/layer2/channel/watchtower.h"

#include "sim/check/assert.h"
#include "sim/engine/context.h"

namespace mezz {

Watchtower::Watchtower(const Site& site, const WatchtowerParams& params,
                       const WatchtowerWiring& wiring)
    : EntityOf(site, params),
      book_(wiring.book),
      contract_(wiring.contract),
      address_{.l1 = wiring.l1, .contract = wiring.contract_ref, .sender = self()},
      response_(site.stream("response")) {
  MEZZ_ASSERT(book_ != nullptr && contract_ != nullptr);
  MEZZ_ASSERT(params.poll_interval > Duration::zero());
}

void Watchtower::on(Context& ctx, const Start&) {
  const auto phase = rng().below(static_cast<std::uint64_t>(params().poll_interval.ns));
  after(ctx, Duration{static_cast<std::int64_t>(phase)}, Look{});
}

void Watchtower::on(Context& ctx, const Look&) {
  after(ctx, params().poll_interval, Look{});
  const bool awake = response_.chance(params().response);  // drawn always: streams stay in step
  if (down_.on() || !awake) {
    ++missed_;
    return;
  }
  ++looks_;
  answer_stale(ctx);
}

void Watchtower::answer_stale(Context& ctx) {
  std::int64_t left = params().calls_per_poll;
  for (const std::uint64_t id : contract_->challenged()) {
    if (left == 0) return;
    const AccountId account{static_cast<std::uint32_t>(id)};
    const OnChainChannel& seen = contract_->channel(account);
    const ChannelBook::Signed& latest = book_->latest(account);
    if (seen.challenger != ChannelSide::Account || seen.machine.turn_record >= latest.turn)
      continue;
    if (seen.machine.mode(ctx.now()) != channel::Mode::Challenge) continue;  // too late
    if (!answered_.insert({id, seen.machine.turn_record}).second) continue;
    const std::uint64_t number = contract_->write({.account = account,
                                                   .side = ChannelSide::Hub,
                                                   .move = ChannelMove::Checkpoint,
                                                   .turn = latest.turn,
                                                   .holding = latest.holding,
                                                   .block = latest.block});
    outbox_.submit(
        ctx, address_, params().fees,
        {.kind = L1CallKind::AnswerChannel, .a = number, .gas = channel::gas::kCheckpoint});
    ++answers_;
    earned_ += params().fee;
    --left;
  }
}

void Watchtower::on(Context&, const L1Included& included) { outbox_.included(included); }
void Watchtower::on(Context&, const L1Reverted& reverted) { outbox_.reverted(reverted); }
void Watchtower::on(Context&, const L1Finalised& finalised) { outbox_.finalised(finalised.height); }

void Watchtower::on(Context&, const Shock& shock) {
  if (shock.kind == ShockKind::WatchtowerDown) down_.apply(shock);
}

void Watchtower::report(MetricList& out) const {
  out.count("channel.tower_looks", looks_);
  out.count("channel.tower_missed", missed_);
  out.count("channel.tower_answers", answers_);
  out.money("channel.tower_fees", earned_);
}

}  // namespace mezz

#include "models/layer2/plasma/exit_keeper.h"

#include <algorithm>

#include "sim/check/assert.h"
#include "sim/check/error.h"
#include "sim/engine/context.h"

namespace mezz {

ExitKeeper::ExitKeeper(const Site& site, const PlasmaParams& p, const PlasmaWiring& wiring)
    : EntityOf(site, p),
      game_(wiring.game),
      address_{.l1 = wiring.l1, .contract = wiring.contract, .sender = self()} {
  MEZZ_ASSERT(game_ != nullptr && p.process_calls > 0);
  if (p.gas.process_base + p.gas.process_exit * p.exits_per_call > base_chain::kTransactionGasMax) {
    throw ScenarioError("plasma.exits_per_call",
                        "process_base + exits_per_call x process_exit must fit into one "
                        "transaction of 16777216 gas (EIP-7825)");
  }
}

GasPrice ExitKeeper::break_even() const {
  const std::int64_t gas =
      params().gas.process_exit.units + params().gas.process_base.units / params().exits_per_call;
  MEZZ_ASSERT(gas > 0);
  // Without a bounty the operator pays, as for its roots.
  if (params().bonds.bounty == Wei::zero()) return params().fees.cap;
  const Int128 price = divide(params().bonds.bounty.value, gas, Round::Down);
  return {static_cast<std::int64_t>(std::min<Int128>(price, INT64_MAX))};
}

void ExitKeeper::on(Context& ctx, const L1Head&) {
  if (!challenger_down_.on() && !watchtower_down_.on()) challenge(ctx);
  process(ctx);
}

void ExitKeeper::challenge(Context& ctx) {
  for (const std::uint64_t number : game_->challengeable()) {
    const PlasmaExit& exit = game_->exit(number);
    if (exit.kind != ExitKind::Spent) continue;
    const std::uint64_t claim = ExitClaim{.kind = exit.kind, .number = exit.number}.packed();
    if (outbox_.waits(L1CallKind::ChallengeExit, claim, 0)) continue;
    outbox_.submit(ctx, address_, params().fees,
                   {.kind = L1CallKind::ChallengeExit, .a = claim, .gas = params().gas.challenge});
  }
}

void ExitKeeper::process(Context& ctx) {
  const auto per_call = static_cast<std::size_t>(params().exits_per_call);
  const auto calls_max = static_cast<std::size_t>(params().process_calls);
  std::size_t due = game_->queue().due(ctx.now(), per_call * calls_max);
  std::size_t covered = calls_.size() * per_call;
  const L1FeePolicy fees{.tip = params().fees.tip, .cap = break_even()};
  while (covered < due && calls_.size() < calls_max) {
    const std::size_t count = std::min(due - covered, per_call);
    calls_.push_back(
        outbox_.submit(ctx, address_, fees,
                       {.kind = L1CallKind::ProcessExits,
                        .a = count,
                        .gas = params().gas.process_base +
                               params().gas.process_exit * static_cast<std::int64_t>(count)}));
    covered += per_call;
  }
}

void ExitKeeper::on(Context&, const L1Included& included) {
  const L1Outbox::Sent& sent = outbox_.included(included);
  if (sent.height > 0) std::erase(calls_, sent.tag);
}

void ExitKeeper::on(Context&, const L1Reverted& reverted) {
  const L1Outbox::Sent& sent = outbox_.reverted(reverted);
  if (sent.call.kind != L1CallKind::ProcessExits || sent.height > 0) return;
  if (std::find(calls_.begin(), calls_.end(), sent.tag) == calls_.end()) {
    calls_.push_back(sent.tag);
  }
}

void ExitKeeper::on(Context&, const Shock& shock) {
  if (shock.kind == ShockKind::ChallengerDown) challenger_down_.apply(shock);
  if (shock.kind == ShockKind::WatchtowerDown) watchtower_down_.apply(shock);
}

}  // namespace mezz

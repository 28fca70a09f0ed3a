#include "models/layer2/plasma/plasma_operator.h"

#include <algorithm>

#include "sim/check/assert.h"
#include "sim/engine/context.h"

namespace mezz {

using plasma::BlockCommit;

PlasmaOperator::PlasmaOperator(const Site& site, const PlasmaParams& p, const PlasmaWiring& wiring)
    : EntityOf(site, p),
      game_(wiring.game),
      node_(wiring.node),
      address_{.l1 = wiring.l1, .contract = wiring.contract, .sender = self()} {
  MEZZ_ASSERT(game_ != nullptr && node_ != nullptr);
  MEZZ_ASSERT(p.blocks_per_root >= 1);
}

void PlasmaOperator::on(Context& ctx, const L1Head& head) {
  base_fee_ = head.base_fee;
  if (game_->invalid_since().happened()) {
    claim_inventions(ctx);
    return;
  }
  if (game_->halted() || down_.on() || proposer_down_.on()) return;
  if (cheat_due_ != 0) {
    post_invalid(ctx);
    return;
  }
  if (head.height >= next_height_) post(ctx, head.height);
}

BlockCommit PlasmaOperator::snapshot() const {
  const Exchange& exchange = node_->exchange();
  const plasma::OutputSet& outputs = game_->outputs();
  const BlockId head = node_->chain().head();
  BlockCommit commit{.last = head,
                     .root = node_->chain().root(head),
                     .base = outputs.newest().number,
                     .mark = exchange.oracle(),
                     .changes = {}};
  MEZZ_ASSERT(exchange.accounts() == outputs.accounts());
  for (std::uint32_t i = 0; i < exchange.accounts(); ++i) {
    const AccountId account{i};
    const plasma::Output& known = outputs.output(account);
    const Money quote = exchange.quote(account);
    const Quantity size = exchange.position(account);
    if (quote == known.quote && size == known.size) continue;
    commit.changes.push_back({.account = account, .quote = quote, .size = size});
  }
  return commit;
}

void PlasmaOperator::post(Context& ctx, std::uint64_t height) {
  if (waiting_ != kNoExit && outbox_.waits(L1CallKind::Checkpoint, waiting_, 0)) return;
  if (node_->chain().head() <= game_->outputs().newest().last) return;
  BlockCommit commit = snapshot();
  if (withheld_.on()) {
    commit.withheld = 1;
    commit.changes.clear();
    ++withheld_roots_;
  }
  waiting_ = commits_.add(std::move(commit));
  outbox_.submit(ctx, address_, params().fees,
                 {.kind = L1CallKind::Checkpoint, .a = waiting_, .gas = params().gas.root});
  next_height_ = height + static_cast<std::uint64_t>(params().blocks_per_root);
}

plasma::ExitCost PlasmaOperator::theft_cost() const {
  return {.gas = params().gas.start_exit,
          .bounty = params().bonds.bounty,
          .ether_price = params().ether_price};
}

void PlasmaOperator::post_invalid(Context& ctx) {
  if (waiting_ != kNoExit && outbox_.waits(L1CallKind::Checkpoint, waiting_, 0)) return;
  cheat_due_ = 0;
  BlockCommit commit{.last = node_->chain().head(),
                     .base = game_->outputs().newest().number,
                     .invalid = 1,
                     .changes = {}};
  const std::uint64_t number = commits_.add(std::move(commit));
  if (params().variant == PlasmaVariant::Cash) {
    // A coin that costs more to take than it is worth is left alone.
    const Money worth = plasma::exit_threshold(theft_cost(), base_fee_);
    for (std::uint32_t i = 0; i < game_->outputs().accounts(); ++i) {
      const AccountId victim{i};
      const Money coin = game_->account_value(victim);
      if (coin <= worth || !plasma::chosen(cheat_.magnitude, i)) continue;
      commits_.invent({.commit = number, .victim = victim, .amount = coin});
    }
  } else {
    const Money amount = scale(game_->totals().escrow, cheat_.magnitude, Round::Down);
    if (amount > Money::zero()) {
      commits_.invent({.commit = number, .victim = AccountId::none(), .amount = amount});
    }
  }
  waiting_ = number;
  outbox_.submit(ctx, address_, params().fees,
                 {.kind = L1CallKind::Checkpoint, .a = number, .gas = params().gas.root});
}

// A few per block: a thief is no quicker on layer one than anybody else.
void PlasmaOperator::claim_inventions(Context& ctx) {
  std::int64_t left = params().exits_in_mempool;
  for (; claimed_ < commits_.inventions().size() && left > 0; ++claimed_, --left) {
    const ExitClaim claim{.kind = ExitKind::Invented, .number = claimed_};
    L1FeePolicy fees = params().fees;
    fees.cap = std::min(
        fees.cap, plasma::exit_gas_price(theft_cost(), commits_.inventions()[claimed_].amount));
    outbox_.submit(
        ctx, address_, fees,
        {.kind = L1CallKind::StartExit, .a = claim.packed(), .gas = params().gas.start_exit});
  }
}

void PlasmaOperator::on(Context&, const L1Included& included) {
  const L1Outbox::Sent& sent = outbox_.included(included);
  if (sent.call.kind != L1CallKind::Checkpoint) return;
  BlockCommit& commit = commits_.at(sent.call.a);
  commit.height = sent.height;
  // Refused, because layer one took back the root it continues: it tries again.
  if (commit.invalid != 0 && !game_->invalid_since().happened()) cheat_due_ = 1;
}

void PlasmaOperator::on(Context&, const L1Reverted& reverted) {
  const L1Outbox::Sent& sent = outbox_.reverted(reverted);
  if (sent.call.kind == L1CallKind::Checkpoint) commits_.at(sent.call.a).height = sent.height;
}

void PlasmaOperator::on(Context&, const L1Finalised& finalised) {
  outbox_.finalised(finalised.height);
  commits_.drop_final(finalised.height);
}

void PlasmaOperator::on(Context&, const Shock& shock) {
  switch (shock.kind) {
    case ShockKind::BatcherDown:
      return down_.apply(shock);
    case ShockKind::ProposerDown:
      return proposer_down_.apply(shock);
    case ShockKind::DataWithheld:
      return withheld_.apply(shock);
    case ShockKind::InvalidBlock:
      cheat_.apply(shock);
      if (shock.edge == ShockEdge::Begins) cheat_due_ = 1;
      return;
    default:
      return;
  }
}

void PlasmaOperator::report(MetricList& out) const {
  out.count("plasma.roots.withheld", withheld_roots_);
  out.count("plasma.invented", commits_.inventions().size());
  out.add("plasma.operator.fees", static_cast<double>(outbox_.spent_gwei()) * 1e-9, "ETH");
}

}  // namespace mezz

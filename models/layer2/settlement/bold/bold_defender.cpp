#include "models/layer2/settlement/bold/bold_defender.h"

#include <algorithm>

#include "sim/check/assert.h"
#include "sim/engine/context.h"

namespace mezz {

using bold::AssertionIndex;
using bold::EdgeIndex;
using bold::kNeverHeight;

BoldDefender::BoldDefender(const Site& site, const BoldDefenderParams& p, Ref<BaseChain> l1,
                           AssertionChain& contract, const Layer2Chain& chain, std::int64_t number)
    : EntityOf(site, p),
      chain_(&chain),
      player_(p.player, {.l1 = l1, .sender = self(), .watcher = self()}, contract),
      number_(number) {
  MEZZ_ASSERT(number >= 0);
  mezz::check(p.reply_delay, "bold.defender.reply_delay");
  if (site.recording != nullptr) stakes_.bind(*site.recording, path());
}

void BoldDefender::think(Context& ctx) {
  if (thinking_ != 0) return;
  thinking_ = 1;
  const Duration delay = draw(params().reply_delay, rng());
  after(ctx, delay + params().patience * number_, ThinkAgain{});
}

// Somebody stands against the correct child of the parent, or in its place.
bool BoldDefender::challenged(AssertionIndex parent) const {
  const BoldAssertion& above = player_.contract().assertion(parent);
  if (above.second_child.exists()) return true;
  return above.first_child.exists() && !player_.contract().correct_child(parent).exists();
}

void BoldDefender::assert_on(Context& ctx, AssertionIndex tip) {
  const AssertionChain& contract = player_.contract();
  const std::optional<BlockId> block = contract.claimable(tip);
  if (!block) return;
  const Rung rung = params().from == AssertFrom::Finalised ? Rung::OrderFinal : Rung::Published;
  if (*block > chain_->reached(rung)) return;
  const auto gap = static_cast<std::uint64_t>(contract.params().assertion_period);
  if (height_ + 1 < contract.assertion(tip).created + gap) return;
  player_.assert_state(ctx, tip, *block, chain_->root(*block));
}

void BoldDefender::make_assertion(Context& ctx) {
  const AssertionChain& contract = player_.contract();
  const AssertionIndex tip = contract.correct_tip();
  // Contradictions are answered after thinking, by any of them.
  if (contract.assertion(tip).first_child.exists()) return;
  if (ctx.now() < contract.assertion(tip).created_at + params().assertion_interval) return;
  assert_on(ctx, tip);
}

void BoldDefender::defend(Context& ctx) {
  const AssertionChain& contract = player_.contract();
  AssertionIndex parent = contract.latest_confirmed();
  for (;; parent = contract.correct_child(parent)) {
    const AssertionIndex child = contract.correct_child(parent);
    if (challenged(parent)) {
      if (!child.exists()) {
        assert_on(ctx, parent);
      } else if (!contract.edges().top_of(child).exists()) {
        player_.claim(ctx, child, {});
      }
    }
    if (!child.exists()) break;
  }
  // Also below assertions that are confirmed by now: mini-stakes come back with their edges.
  const bold::EdgeManager& edges = contract.edges();
  for (std::uint32_t i = 0; i < edges.size(); ++i) {
    const bold::Edge& top = edges.edge({i});
    if (!top.assertion.exists() || !top.is_true()) continue;
    if (!bold::open_tops(edges, {i}).empty()) player_.play(ctx, {.top = {i}});
  }
}

void BoldDefender::settle(Context& ctx) {
  const bold::EdgeManager& edges = player_.contract().edges();
  if (height_ + 1 < next_check_) return;
  next_check_ = kNeverHeight;
  for (std::uint32_t i = 0; i < edges.size(); ++i) {
    const bold::Edge& top = edges.edge({i});
    if (!top.assertion.exists() || !top.is_true()) continue;
    next_check_ = std::min(next_check_, player_.settle(ctx, {i}, height_ + 1));
  }
}

void BoldDefender::confirm_due(Context& ctx) {
  const AssertionChain& contract = player_.contract();
  const AssertionIndex next = contract.correct_child(contract.latest_confirmed());
  if (next.exists()) player_.confirm(ctx, next, height_ + 1);
}

void BoldDefender::on(Context& ctx, const L1Head& head) {
  height_ = head.height;
  if (down_.on()) return;
  if (number_ == 0 && !silent_.on()) make_assertion(ctx);
  confirm_due(ctx);
  settle(ctx);
  // An answer may have had to wait for the least age of its parent or for finality.
  const AssertionIndex tip = player_.contract().correct_tip();
  if (player_.contract().assertion(tip).first_child.exists()) think(ctx);
}

void BoldDefender::on(Context&, const L1Finalised& finalised) { player_.on(finalised); }

void BoldDefender::on(Context& ctx, const L1Included& included) {
  player_.on(included);
  next_check_ = 0;
  if (!down_.on() && player_.contract().edges().size() > 0) think(ctx);
}

void BoldDefender::on(Context&, const L1Reverted& reverted) { player_.on(reverted); }

void BoldDefender::on(Context& ctx, const AssertionNews&) {
  next_check_ = 0;
  stakes_.record(ctx.now(), player_.account().held);
  if (!down_.on()) think(ctx);
}

void BoldDefender::on(Context& ctx, const ThinkAgain&) {
  MEZZ_ASSERT(thinking_ == 1);
  thinking_ = 0;
  if (!down_.on()) defend(ctx);
}

void BoldDefender::on(Context& ctx, const Shock& shock) {
  if (shock.kind == ShockKind::ProposerDown) silent_.apply(shock);
  if (shock.kind == ShockKind::ChallengerDown) down_.apply(shock);
  MEZZ_ASSERT(silent_.active >= 0 && down_.active >= 0);
  if (shock.kind == ShockKind::ChallengerDown && !down_.on()) {
    next_check_ = 0;
    think(ctx);
  }
}

}  // namespace mezz

#include "models/layer2/settlement/bold/bold_adversary.h"

#include <algorithm>
#include <string>

#include "sim/check/assert.h"
#include "sim/check/error.h"
#include "sim/engine/context.h"

namespace mezz {

using bold::AssertionIndex;
using bold::EdgeIndex;
using bold::kNeverHeight;

BoldAdversary::BoldAdversary(const Site& site, const BoldAdversaryParams& p, Ref<BaseChain> l1,
                             AssertionChain& contract, const Layer2Chain& chain,
                             std::int64_t number)
    : EntityOf(site, p),
      chain_(&chain),
      player_(p.player, {.l1 = l1, .sender = self(), .watcher = self()}, contract),
      number_(number) {
  MEZZ_ASSERT(number >= 0 && number < p.count);
  mezz::check(p.reply_delay, "bold.adversary.reply_delay");
  const bold::BoldRules& rules = contract.params();
  const auto instruction = static_cast<std::uint64_t>(p.false_instruction);
  const std::uint64_t big_step = instruction / rules.length(2);
  if (big_step >= rules.length(1)) {
    throw ScenarioError("bold.adversary.false_instruction",
                        "lies beyond the last instruction of a block, 2^" +
                            std::to_string(rules.halvings(1) + rules.halvings(2)) + " - 1, got " +
                            std::to_string(p.false_instruction));
  }
  // The state after an instruction is one further along the history than the state before it.
  diverges_[1] = static_cast<std::uint32_t>(big_step + 1);
  diverges_[2] = static_cast<std::uint32_t>(instruction % rules.length(2) + 1);
}

AssertionIndex BoldAdversary::own() const {
  const AssertionIndex latest = player_.account().latest;  // it never continues an assertion
  if (!latest.exists()) return {};
  const bool pending = player_.contract().assertion(latest).state() == AssertionStatus::Pending;
  return pending ? latest : AssertionIndex{};
}

bold::History BoldAdversary::history_of(const BoldAssertion& subject) const {
  const BlockId start = player_.contract().assertion(subject.parent).block;
  MEZZ_ASSERT(subject.block > start);
  const std::uint64_t blocks = subject.block.value - start.value;
  const auto wanted = static_cast<std::uint64_t>(params().false_blocks * (number_ + 1));
  const auto first = static_cast<std::uint32_t>(blocks - std::min(blocks, wanted) + 1);
  return {.diverges = first, .name = bold::lie_name(subject.root, first)};
}

void BoldAdversary::lie(Context& ctx) {
  const AssertionChain& contract = player_.contract();
  if (own().exists()) return;
  const bool newest = params().target == BoldTarget::Newest;
  const AssertionIndex parent = newest ? contract.correct_tip() : contract.latest_confirmed();
  if (!newest && !contract.correct_child(parent).exists()) return;  // nothing to contradict yet
  const std::optional<BlockId> block = contract.claimable(parent);
  if (!block) return;
  const auto gap = static_cast<std::uint64_t>(contract.params().assertion_period);
  if (height_ + 1 < contract.assertion(parent).created + gap) return;
  // Some other word than the real root, and another one for each adversary and parent.
  const std::uint64_t number = static_cast<std::uint64_t>(number_) + 1;
  const std::uint64_t root = chain_->root(*block) + number * 0x9E37'79B9'7F4A'7C15U;
  if (root == 0 || root == chain_->root(*block)) return;
  player_.assert_state(ctx, parent, *block, root);
}

std::uint64_t BoldAdversary::rival_wins_at(EdgeIndex top) const {
  const bold::EdgeManager& edges = player_.contract().edges();
  std::uint64_t first = kNeverHeight;
  for (std::uint32_t i = edges.edge(top).group; i < edges.size(); ++i) {
    const bold::Edge& rival = edges.edge({i});
    if (rival.group != edges.edge(top).group || i == top.value || !rival.is_true()) continue;
    const std::uint64_t alone = player_.contract().alone(rival.assertion);
    first = std::min(first, edges.confirmable_at({i}, alone));
  }
  return first;
}

void BoldAdversary::act(Context& ctx) {
  const AssertionIndex mine = own();
  next_move_ = kNeverHeight;
  if (!mine.exists() || params().style == BoldStyle::Silent) return;
  const AssertionChain& contract = player_.contract();
  const BoldAssertion& subject = contract.assertion(mine);
  if (!contract.assertion(subject.parent).second_child.exists()) return;
  const bold::History history = history_of(subject);
  const EdgeIndex top = contract.edges().top_of(mine);
  if (!top.exists()) return player_.claim(ctx, mine, history);
  if (params().style == BoldStyle::Stall) {
    const std::uint64_t end = rival_wins_at(top);
    const auto margin = static_cast<std::uint64_t>(params().stall_margin);
    if (end != kNeverHeight && height_ + margin < end) {
      next_move_ = end - margin;
      return;
    }
  }
  BoldPlayer::Plan plan{.top = top, .belief = bold::Belief::Lie, .diverges = diverges_};
  plan.diverges[0] = history.diverges;
  player_.play(ctx, plan);
}

void BoldAdversary::think(Context& ctx) {
  if (thinking_ != 0) return;
  thinking_ = 1;
  const Duration delay = draw(params().reply_delay, rng());
  after(ctx, delay, ThinkAgain{});
}

void BoldAdversary::on(Context& ctx, const L1Head& head) {
  height_ = head.height;
  if (wanted_ > 0) lie(ctx);
  if (height_ >= next_move_) act(ctx);
  const AssertionIndex mine = own();
  if (!mine.exists()) return;
  player_.confirm(ctx, mine, height_ + 1);
  if (height_ + 1 < next_check_) return;
  const EdgeIndex top = player_.contract().edges().top_of(mine);
  next_check_ = top.exists() ? player_.settle(ctx, top, height_ + 1) : kNeverHeight;
}

void BoldAdversary::on(Context&, const L1Finalised& finalised) { player_.on(finalised); }

void BoldAdversary::on(Context& ctx, const L1Included& included) {
  player_.on(included);
  next_check_ = 0;
  think(ctx);
}

void BoldAdversary::on(Context&, const L1Reverted& reverted) { player_.on(reverted); }

void BoldAdversary::on(Context& ctx, const AssertionNews& news) {
  next_check_ = 0;
  const bool asserted = news.change == static_cast<std::uint32_t>(AssertionChange::Asserted);
  if (asserted && wanted_ > 0 && news.assertion.value < player_.contract().size() &&
      player_.contract().assertion(news.assertion).staker == player_.party()) {
    --wanted_;
  }
  think(ctx);
}

void BoldAdversary::on(Context& ctx, const ThinkAgain&) {
  MEZZ_ASSERT(thinking_ == 1);
  thinking_ = 0;
  act(ctx);
}

void BoldAdversary::on(Context& ctx, const Shock& shock) {
  if (shock.kind != ShockKind::InvalidClaim || shock.edge != ShockEdge::Begins) return;
  ++wanted_;
  lie(ctx);
}

}  // namespace mezz

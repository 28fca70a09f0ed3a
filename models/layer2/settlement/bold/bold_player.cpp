#include "models/layer2/settlement/bold/bold_player.h"

#include <algorithm>

#include "sim/check/assert.h"
#include "sim/engine/context.h"

namespace mezz {

using bold::AssertionIndex;
using bold::Edge;
using bold::EdgeAction;
using bold::EdgeIndex;
using bold::EdgeMoveCall;
using bold::History;
using bold::kNeverHeight;

namespace {
constexpr Gas kUpdateBase{60'000};
}  // namespace

BoldPlayer::BoldPlayer(const BoldPlayerParams& params, const Wiring& wiring,
                       AssertionChain& contract)
    : params_(params),
      address_{.l1 = wiring.l1, .contract = contract.self(), .sender = wiring.sender},
      contract_(&contract),
      party_(contract.join(wiring.sender, wiring.watcher)) {
  MEZZ_ASSERT(wiring.l1.exists());
  MEZZ_ASSERT(party_.exists());
}

Wei BoldPlayer::available() const {
  return params_.stake_capital - account().held - outbox_.bonds_waiting();
}

void BoldPlayer::send(Context& ctx, const L1Outbox::Call& call) {
  if (outbox_.waits(call.kind, call.a, call.b)) return;
  if (call.bond > Wei::zero() && call.bond > available()) {
    ++short_of_capital_;
    return;
  }
  outbox_.submit(ctx, address_, params_.fees, call);
  gas_sent_ += call.gas;
}

void BoldPlayer::assert_state(Context& ctx, AssertionIndex parent, BlockId block,
                              std::uint64_t root) {
  MEZZ_ASSERT(block > contract_->assertion(parent).block);
  if (!contract_->can_assert(party_, parent)) return;
  const Wei stake = account().latest.exists() ? Wei::zero() : contract_->params().assertion_stake;
  send(ctx, {.kind = L1CallKind::StateClaim,
             .a = AssertionChain::claim_word(block, parent),
             .b = root,
             .gas = params_.assertion_gas,
             .bond = stake});
}

void BoldPlayer::move(Context& ctx, const EdgeMoveCall& call, Gas gas, Wei stake) {
  const EdgeMoveCall::Words words = call.packed();
  send(ctx, {.kind = L1CallKind::EdgeMove, .a = words.a, .b = words.b, .gas = gas, .bond = stake});
}

void BoldPlayer::claim(Context& ctx, AssertionIndex assertion, const History& history) {
  move(ctx, {.action = EdgeAction::Claim, .subject = assertion.value, .history = history},
       params_.top_edge_gas, Wei::zero());
}

void BoldPlayer::play(Context& ctx, const Plan& plan) {
  const bold::EdgeManager& edges = contract_->edges();
  for (const bold::PlannedEdgeMove& planned : bold::next_moves(edges, plan.top, plan.belief)) {
    EdgeMoveCall call{.action = planned.action,
                      .subject = planned.edge.value,
                      .fold = edges.fold(planned.edge),
                      .history = {}};
    const Edge& edge = edges.edge(planned.edge);
    switch (planned.action) {
      case EdgeAction::Bisect:
        move(ctx, call, params_.bisect_gas, Wei::zero());
        break;
      case EdgeAction::Prove:
        move(ctx, call, params_.step_gas, Wei::zero());
        break;
      default: {
        MEZZ_ASSERT(planned.action == EdgeAction::Refine);
        if (plan.belief == bold::Belief::Lie) {
          call.history.diverges = plan.diverges[edge.level + 1];
          call.history.name = bold::lie_name(edge.end_label, call.history.diverges);
        }
        move(ctx, call, params_.top_edge_gas, edges.rules().stake(edge.level + 1));
      }
    }
  }
}

void BoldPlayer::send_updates(Context& ctx, EdgeIndex top) {
  const bold::EdgeManager& edges = contract_->edges();
  const auto total = static_cast<std::uint32_t>(edges.post_order(top).size());
  const std::int64_t room = base_chain::kTransactionGasMax.units - kUpdateBase.units;
  const auto each = static_cast<std::uint32_t>(room / params_.update_gas.units);
  MEZZ_ASSERT(each > 0);
  for (std::uint32_t first = 0; first < total; first += each) {
    const std::uint32_t count = std::min(each, total - first);
    move(ctx,
         {.action = EdgeAction::Update,
          .subject = top.value,
          .fold = edges.fold(top),
          .history = {},
          .range = {.first = first, .count = count}},
         kUpdateBase + params_.update_gas * count, Wei::zero());
  }
}

std::uint64_t BoldPlayer::settle(Context& ctx, EdgeIndex top, std::uint64_t height) {
  const bold::EdgeManager& edges = contract_->edges();
  std::uint64_t next = kNeverHeight;
  for (const EdgeIndex open : bold::open_tops(edges, top)) {
    if (edges.rival_confirmed(open)) continue;
    const AssertionIndex claimed = edges.edge(open).assertion;
    const std::uint64_t blocks = claimed.exists() ? contract_->alone(claimed) : 0;
    const std::uint64_t at = edges.confirmable_at(open, blocks);
    if (at > height) {
      next = std::min(next, at);
      continue;
    }
    if (edges.written_timer(open, height) + blocks < edges.rules().period()) {
      send_updates(ctx, open);
    }
    move(ctx,
         {.action = EdgeAction::Confirm,
          .subject = open.value,
          .fold = edges.fold(open),
          .history = {}},
         params_.confirm_gas, Wei::zero());
  }
  return next;
}

void BoldPlayer::confirm(Context& ctx, AssertionIndex assertion, std::uint64_t height) {
  if (contract_->confirmable_at(assertion) > height) return;
  send(ctx, {.kind = L1CallKind::ResolveGame, .a = assertion.value, .gas = params_.confirm_gas});
}

}  // namespace mezz

#include "models/layer2/settlement/honest_strategy.h"

#include <optional>
#include <utility>

#include "sim/check/assert.h"

namespace mezz::layer2 {

namespace {

// What the actor knows about each claim of the game, by claim index.
struct Tracked {
  bool agreed = false;               // the actor would have made this very claim
  std::optional<Position> response;  // where the actor answers this claim, if it does by a move
};

class Planner {
 public:
  Planner(const DisputeGame& game, const Trace& trace, Time now)
      : game_(game), trace_(trace), now_(now), tracked_(game.claim_count()) {}

  std::vector<PlannedMove> plan() {
    for (std::uint32_t i = 0; i < game_.claim_count(); ++i) visit({i});
    return std::move(moves_);
  }

 private:
  void visit(ClaimIndex index) {
    const Claim& claim = game_.claim(index);
    const ClaimValue mine = trace_.commitment(game_, claim.parent, claim.position);
    const bool agrees = mine == claim.value;
    if (index.value == 0 && agrees) tracked_[0].agreed = true;
    if (!should_counter(index)) return;
    const MoveKind kind = agrees ? MoveKind::Defend : MoveKind::Attack;
    if (claim.position.depth() == game_.params().max_game_depth) {
      plan_step(index, kind);
    } else {
      plan_move(index, kind);
    }
  }

  [[nodiscard]] bool should_counter(ClaimIndex index) const {
    if (tracked_[index.value].agreed) return false;
    const Claim& claim = game_.claim(index);
    if (!claim.parent.exists()) return true;
    const Tracked& parent = tracked_[claim.parent.value];
    if (parent.agreed) return true;
    if (!parent.response) return false;  // a claim the actor ignores, and so everything below it
    const std::uint32_t depth = game_.params().max_game_depth;
    return claim.position.trace_index(depth) <= parent.response->trace_index(depth);
  }

  void plan_move(ClaimIndex index, MoveKind kind) {
    const Position position = game_.claim(index).position.moved(kind);
    // A root claim of either bisection stands for its whole trace: agreed means nothing to defend.
    const bool root = index.value == 0 || position.depth() == game_.params().split_depth + 2;
    if (root && kind == MoveKind::Defend) return;
    const ClaimValue value = trace_.commitment(game_, index, position);
    tracked_[index.value].response = position;
    if (const auto made = game_.find(index, position, value)) {
      MEZZ_ASSERT(made->value > index.value);
      tracked_[made->value].agreed = true;
      return;
    }
    if (now_ >= game_.clock_expires(index)) return;
    moves_.push_back({.action = PlannedMove::Action::Move,
                      .against = index,
                      .kind = kind,
                      .value = value,
                      .bond = game_.required_bond(position)});
  }

  void plan_step(ClaimIndex index, MoveKind kind) {
    const Claim& claim = game_.claim(index);
    MEZZ_ASSERT(claim.parent.exists());
    if (claim.countered_by.exists()) return;
    moves_.push_back({.action = PlannedMove::Action::Step,
                      .against = index,
                      .kind = kind,
                      .value = {},
                      .bond = {}});
  }

  const DisputeGame& game_;
  const Trace& trace_;
  Time now_;
  std::vector<Tracked> tracked_;
  std::vector<PlannedMove> moves_;
};

}  // namespace

std::vector<PlannedMove> next_moves(const DisputeGame& game, const Trace& trace, Time now) {
  if (game.status() != GameStatus::InProgress) return {};
  MEZZ_ASSERT(game.claim_count() > 0);
  return Planner(game, trace, now).plan();
}

}  // namespace mezz::layer2

// The moves that a party who believes in a trace must make next: the honest actor's algorithm of
// the OP Stack specification ("Honest challenger"). Claims are visited in the contract's order,
// tracking the claims the actor itself makes or would make; a claim is answered when it counters
// one of those, or stands beside one at the same or a lower trace index (a freeloader); the answer
// attacks when the actor disagrees with the claim and defends when it agrees, and at the maximum
// depth it is a step. With the honest trace this wins; with a false one it is a stubborn liar. The
// actor keeps no memory: moves already made by anyone are recognised, so the list may be recomputed
// at any time. Left out: choosing among moves when capital is short (the caller sees the bonds and
// decides).
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "models/layer2/settlement/dispute_game.h"
#include "models/layer2/settlement/trace.h"

namespace mezz::layer2 {

struct PlannedMove {
  enum class Action : std::uint8_t { Move, Step };
  Action action = Action::Move;
  ClaimIndex against;
  MoveKind kind = MoveKind::Attack;
  ClaimValue value;  // Move only
  Wei bond;          // Move only

  bool operator==(const PlannedMove&) const = default;
};

// Moves whose clock has run out by `now` are left out: the contract would refuse them.
std::vector<PlannedMove> next_moves(const DisputeGame& game, const Trace& trace, Time now);

}  // namespace mezz::layer2

namespace mezz {
template <>
struct EnumNames<layer2::PlannedMove::Action> {
  static constexpr std::string_view names[] = {"move", "step"};
};
}  // namespace mezz

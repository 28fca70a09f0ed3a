// What FaultProof says to those who watch it, and how a move of the dispute game fits into the two
// argument words of a layer-one call. The contract sends a move's exact bond along with it, so the
// bond is not an argument. As in FaultDisputeGame.sol, a move names the claim it answers by index
// and by value: after a reorganisation another claim may stand there, and the move is then refused.
#pragma once

#include <cstdint>

#include "models/layer2/settlement/dispute_game.h"
#include "models/layer2/settlement/honest_strategy.h"
#include "sim/engine/message.h"

namespace mezz {

class Context;

using GameId = Id<struct GameTag, std::uint32_t>;  // in the order of creation

enum class GameChange : std::uint8_t { Created, Moved, Stepped, Resolved, AirGapOver, Undone };
template <>
struct EnumNames<GameChange> {
  static constexpr std::string_view names[] = {"created",  "moved",        "stepped",
                                               "resolved", "air_gap_over", "undone"};
};

struct GameChanged {
  GameId game;
  layer2::ClaimIndex claim;  // of Created, Moved and Stepped
  GameChange change;
  layer2::GameStatus status;
  std::uint16_t reserved = 0;
};
static_assert(Message<GameChanged>);

// Proposers, challengers, relayers: they hear of every game when the transaction is included.
class DisputeWatcher {
 public:
  virtual ~DisputeWatcher() = default;
  virtual void on(Context& ctx, const GameChanged& changed) = 0;
};

struct DisputeCall {
  GameId game;
  layer2::ClaimIndex against;
  layer2::PlannedMove::Action action = layer2::PlannedMove::Action::Move;
  layer2::MoveKind kind = layer2::MoveKind::Attack;
  std::uint32_t answered = 0;  // 22 bits of the value of the claim it answers
  layer2::ClaimValue value;    // of a move

  struct Words {
    std::uint64_t a = 0;
    std::uint64_t b = 0;
  };
  [[nodiscard]] Words packed() const;
  static DisputeCall from(Words words);
  static std::uint32_t fold(layer2::ClaimValue value);
};

}  // namespace mezz

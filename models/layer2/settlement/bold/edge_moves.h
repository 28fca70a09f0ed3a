// What a believer in a history does next in a BoLD challenge, how a move fits into the two argument
// words of a layer-one call, and what the contract tells those who watch it. A move names the edge
// it acts on by index and by a hash of what the edge is: after a re-organisation another edge may
// stand there, and the move is then refused. Source: paper "BoLD", honest strategy (bisect every
// rivalled edge of one's own history; refine at length one; prove the last step).
#pragma once

#include <cstdint>
#include <vector>

#include "models/layer2/settlement/bold/edge_manager.h"
#include "sim/engine/message.h"

namespace mezz {
class Context;
}

namespace mezz::bold {

enum class EdgeAction : std::uint8_t { Claim, Bisect, Refine, Prove, Update, Confirm };

struct EdgeMoveCall {
  EdgeAction action = EdgeAction::Bisect;
  std::uint32_t subject = 0;      // edge, or assertion (Claim)
  std::uint32_t fold = 0;         // of the edge
  History history = {};           // Claim, Refine
  EdgeManager::Range range = {};  // Update

  struct Words {
    std::uint64_t a = 0;
    std::uint64_t b = 0;
  };
  [[nodiscard]] Words packed() const;
  static EdgeMoveCall from(Words words);
};

struct PlannedEdgeMove {
  EdgeAction action = EdgeAction::Bisect;
  EdgeIndex edge;
};
// Moves that are due below a top edge, in order of the tree. A believer in the truth also proves
// single steps; a liar leaves to others what is true in its history.
enum class Belief : std::uint8_t { Truth, Lie };
std::vector<PlannedEdgeMove> next_moves(const EdgeManager& edges, EdgeIndex top, Belief belief);
// Top edges in the tree of a top edge, the deepest first, that are not confirmed.
std::vector<EdgeIndex> open_tops(const EdgeManager& edges, EdgeIndex top);

}  // namespace mezz::bold

namespace mezz {
template <>
struct EnumNames<bold::EdgeAction> {
  static constexpr std::string_view names[] = {"claim", "bisect", "refine",
                                               "prove", "update", "confirm"};
};

enum class AssertionChange : std::uint8_t { Asserted, Moved, Confirmed, Undone };
struct AssertionNews {
  bold::AssertionIndex assertion;  // of Asserted and Confirmed
  bold::EdgeIndex edge;            // of Moved: the edge acted on
  std::uint32_t change = 0;        // AssertionChange
};
static_assert(Message<AssertionNews>);

// Validators: they hear of every accepted call when it is included.
class AssertionWatcher {
 public:
  virtual ~AssertionWatcher() = default;
  virtual void on(Context& ctx, const AssertionNews& news) = 0;
};
}  // namespace mezz

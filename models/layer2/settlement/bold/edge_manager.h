// The rules of BoLD challenges, as a value: all edges of all challenges, all against all. A party
// is not a player here: an edge belongs to a history, and whoever holds this history moves on.
//
//   top edge      claims an assertion (level 0) or an edge of length one (levels 1 and 2, with a
//                 mini-stake): the whole history of that level
//   bisection     of a rivalled edge, at its middle; free. The half on which two rivals agree is
//                 one edge that both share
//   one step      an edge of length one of the last level is run on layer one
//   timer         blocks without a rival, of the edge and of its ancestors; inherited upwards as
//                 the minimum over the children, only when somebody writes it (update, lowest
//                 first); a proven step is worth forever
//   confirmation  of a top edge whose timer reaches the challenge period; its stake goes back, the
//                 stakes of its rivals are lost
//
// Source: EdgeChallengeManager.sol, EdgeChallengeManagerLib.sol (OffchainLabs/bold). Every call
// takes the height of layer one at which it is included. A refused call is an outcome. What a call
// changes is written down in a journal, so that a re-organisation can take it back exactly. Left
// out: checking inclusion proofs (a history that does not fit its claim is refused all the same),
// a refund as a call of its own, excess stake escrow (stakes are held until a rival is confirmed).
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "models/layer2/settlement/bold/bold_rules.h"
#include "models/layer2/settlement/bold/edge.h"
#include "sim/types/enum_names.h"

namespace mezz::bold {

enum class EdgeOutcome : std::uint8_t {
  Accepted,
  UnknownEdge,
  AlreadyExists,
  NotRivalled,
  AlreadyConfirmed,
  RivalConfirmed,
  WrongLength,
  HistoryMismatch,  // the inclusion proof against the claim fails
  StepFails,
  TimerTooShort,
  NotTop,
};

// What one call changed: edges as they were, in order of change, and how many there were.
struct EdgeJournal {
  std::uint64_t edges = 0;
  std::vector<std::pair<std::uint32_t, Edge>> before;

  void visit_state(auto& v) {
    v("edges", edges);
    v("before", before);
  }
};
// Where the stakes of a group go when one of its edges is confirmed.
struct StakePayout {
  PartyId party;
  Wei amount;
  bool returned = false;  // else confiscated
};

class EdgeManager {
 public:
  EdgeManager() = default;
  explicit EdgeManager(const BoldRules& rules) : rules_(rules) {}

  struct BlockClaim {
    AssertionIndex parent;
    AssertionIndex assertion;
    std::uint64_t false_end = 0;  // state the assertion ends in; 0: it is true
    History history;
    PartyId by;
  };
  EdgeOutcome claim_assertion(const BlockClaim& claim, std::uint64_t height);
  EdgeOutcome bisect(EdgeIndex edge, std::uint64_t height);
  // Opens the next level: claims an edge of length one.
  EdgeOutcome refine(EdgeIndex edge, const History& history, PartyId by, std::uint64_t height);
  EdgeOutcome prove_step(EdgeIndex edge, std::uint64_t height);
  struct Range {
    std::uint32_t first = 0;  // in post-order below the edge: lowest first
    std::uint32_t count = 0;
  };
  EdgeOutcome update(EdgeIndex edge, Range range, std::uint64_t height);
  // `assertion_blocks`: how long the claimed assertion stood alone.
  EdgeOutcome confirm(EdgeIndex edge, std::uint64_t assertion_blocks, std::uint64_t height);

  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(edges_.size()); }
  [[nodiscard]] bool knows(EdgeIndex edge) const { return edge.value < edges_.size(); }
  [[nodiscard]] const Edge& edge(EdgeIndex index) const;
  [[nodiscard]] const BoldRules& rules() const { return rules_; }
  // The top edge that claims the assertion, if there is one.
  [[nodiscard]] EdgeIndex top_of(AssertionIndex assertion) const;
  [[nodiscard]] bool rival_confirmed(EdgeIndex edge) const;
  // Timer as layer one knows it: own blocks without a rival and what has been written below.
  [[nodiscard]] std::uint64_t written_timer(EdgeIndex edge, std::uint64_t height) const;
  // Timer if everything below were updated now.
  [[nodiscard]] std::uint64_t inherited_timer(EdgeIndex edge, std::uint64_t height) const;
  // First height at which the edge can be confirmed, after updates, if nobody moves; kNeverHeight
  // while something below waits for a move.
  [[nodiscard]] std::uint64_t confirmable_at(EdgeIndex edge, std::uint64_t assertion_blocks) const;
  // The edge and all below it that an update can reach, lowest first.
  [[nodiscard]] std::vector<EdgeIndex> post_order(EdgeIndex edge) const;
  [[nodiscard]] std::vector<StakePayout> payouts(EdgeIndex confirmed) const;
  // A number that tells edges apart after a re-organisation gave an index to another edge.
  [[nodiscard]] std::uint32_t fold(EdgeIndex edge) const;

  // Everything since the last call of this function.
  [[nodiscard]] EdgeJournal take_journal();
  void undo(const EdgeJournal& journal);

  void visit_state(auto& v) {
    v("edges", edges_);
    v("journal", journal_);
  }

 private:
  [[nodiscard]] Edge& change(EdgeIndex index);
  // Adds the edge to its group, or finds the one that is there already.
  std::pair<EdgeIndex, bool> add(Edge edge, std::uint64_t height);
  [[nodiscard]] EdgeOutcome movable(EdgeIndex edge) const;
  void walk(EdgeIndex edge, std::vector<EdgeIndex>& out) const;
  [[nodiscard]] std::uint64_t ready_at(EdgeIndex edge, std::uint64_t inherited) const;

  BoldRules rules_;
  std::vector<Edge> edges_;
  EdgeJournal journal_;
};

}  // namespace mezz::bold

namespace mezz {
template <>
struct EnumNames<bold::EdgeOutcome> {
  static constexpr std::string_view names[] = {
      "accepted",          "unknown_edge",    "already_exists", "not_rivalled",
      "already_confirmed", "rival_confirmed", "wrong_length",   "history_mismatch",
      "step_fails",        "timer_too_short", "not_top"};
};
}  // namespace mezz

// Edges of a BoLD challenge, as values. An edge claims that a history leads from its start height
// to its end height: "after `end` blocks the chain is in this state". Histories are as long as
// 2^26 blocks and 2^42 instructions, so a party's history is kept as what it is to the simulator:
// true up to a height, and from there on one particular lie. The commitment to its first h states
// is then a label, equal for two parties exactly when their histories agree up to h (0: the truth).
// Source: Arbitrum BoLD, ChallengeEdgeLib.sol, EdgeChallengeManager.sol; paper "BoLD: Fast and
// Cheap Dispute Resolution"; reference sheet "layer-two protocols" section 2.4. Heights count L1
// blocks (timers) or steps of a history (start, end). Left out: the hashes themselves.
#pragma once

#include <cstdint>

#include "models/layer2/settlement/dispute_game.h"
#include "sim/types/id.h"
#include "sim/types/wei.h"

namespace mezz::bold {

using EdgeIndex = Id<struct EdgeTag, std::uint32_t>;            // in the order of creation
using AssertionIndex = Id<struct AssertionTag, std::uint32_t>;  // in the order of creation
using layer2::PartyId;

inline constexpr std::uint64_t kNeverHeight = UINT64_MAX;
// Of what one step on layer one has proven: more than any period, and sums of it do not overflow.
inline constexpr std::uint64_t kForeverBlocks = std::uint64_t{1} << 60;
inline constexpr std::uint32_t kTruth = 0;

struct History {
  std::uint32_t diverges = UINT32_MAX;  // first height at which it is not the truth
  std::uint32_t name = kTruth;          // of the lie

  [[nodiscard]] constexpr std::uint32_t label(std::uint64_t height) const {
    return height < diverges ? kTruth : name;
  }
  constexpr auto operator<=>(const History&) const = default;
};
// The name of a lie follows from the false state that it ends in and from where it begins to lie,
// so that a party cannot change its history within a challenge.
std::uint32_t lie_name(std::uint64_t false_end, std::uint32_t diverges);

struct Edge {
  // What makes it this edge. Edges that share all of it but the end label are rivals.
  std::uint32_t level = 0;   // 0: blocks, then big steps, small steps
  std::uint32_t origin = 0;  // level 0: the parent of the assertions; else the group of the claimed
                             // edge
  std::uint64_t start = 0;
  std::uint64_t end = 0;
  std::uint32_t start_label = 0;
  std::uint32_t end_label = 0;

  std::uint32_t group = 0;   // index of the first edge among its rivals
  AssertionIndex assertion;  // what a top edge of level 0 claims
  EdgeIndex claim;           // what a top edge of a deeper level claims
  EdgeIndex lower;           // children after bisection
  EdgeIndex upper;
  EdgeIndex claimed_by;  // top edge of the next level
  History history;       // of whoever made it first
  PartyId staker;        // of a top edge
  Wei stake;
  std::uint64_t created = 0;
  std::uint64_t rivalled = kNeverHeight;   // when its first rival came, if that was later
  std::uint64_t cache = 0;                 // timer as written by the last update
  std::uint64_t confirmed = kNeverHeight;  // height

  [[nodiscard]] bool is_top() const { return assertion.exists() || claim.exists(); }
  [[nodiscard]] bool is_rivalled() const { return rivalled != kNeverHeight; }
  [[nodiscard]] bool is_confirmed() const { return confirmed != kNeverHeight; }
  [[nodiscard]] std::uint64_t length() const { return end - start; }
  [[nodiscard]] bool is_true() const { return start_label == kTruth && end_label == kTruth; }
  [[nodiscard]] bool has_moved() const { return lower.exists() || claimed_by.exists(); }
  // Blocks of layer one without a rival.
  [[nodiscard]] std::uint64_t unrivalled(std::uint64_t height) const {
    const std::uint64_t until = height < rivalled ? height : rivalled;
    return until > created ? until - created : 0;
  }

  void visit_state(auto& v) {
    v("level", level);
    v("origin", origin);
    v("start", start);
    v("end", end);
    v("start_label", start_label);
    v("end_label", end_label);
    v("group", group);
    v("assertion", assertion);
    v("claim", claim);
    v("lower", lower);
    v("upper", upper);
    v("claimed_by", claimed_by);
    v("history", history);
    v("staker", staker);
    v("stake", stake);
    v("created", created);
    v("rivalled", rivalled);
    v("cache", cache);
    v("confirmed", confirmed);
  }
};

}  // namespace mezz::bold

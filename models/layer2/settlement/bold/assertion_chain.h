// Arbitrum's rollup contract with BoLD on layer one: assertions about the state, each the child of
// another, and the challenges between children of one parent. All calls are transactions:
//   StateClaim   a = block | parent << 40, b = root: a new assertion, with the party's stake
//   EdgeMove     edge_moves.h: a move in a challenge
//   ResolveGame  a = assertion: confirm it
//   ReleaseFunds the sender's assertion stake, when its last assertion has a child or is confirmed
// They take effect when included and are undone exactly when their block is orphaned. Source:
// RollupCore.sol, RollupUserLogic.sol (OffchainLabs/bold); reference sheet "layer-two protocols"
// sections 2.4 and 2.5. Heights count blocks of layer one; stakes in wei.
//
// An assertion covers what was published when its PARENT was made (at least one block), so that
// rivals speak of the same inputs. It is confirmed when its parent is the last confirmed one and
// it is challenge_period old; if it has rivals, only grace_period after its edge has won. What
// stands against a confirmed assertion is rejected, and its stakes are confiscated. Blocks are
// Asserted while an assertion that is not rejected covers them, Settled when one is confirmed.
// Left out: the whitelist and its 28-day drop, staking on an assertion that another made, the
// security council, gas refunds and the 1 % bounty, overflow assertions.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "models/base_chain/messages.h"
#include "models/base_chain/undo_log.h"
#include "models/layer2/chain.h"
#include "models/layer2/reporter.h"
#include "models/layer2/settlement/bold/edge_moves.h"
#include "sim/engine/entity.h"
#include "sim/record/event_table.h"

namespace mezz {

enum class AssertionStatus : std::uint8_t { Pending, Confirmed, Rejected };
template <>
struct EnumNames<AssertionStatus> {
  static constexpr std::string_view names[] = {"pending", "confirmed", "rejected"};
};

struct BoldAssertion {
  bold::AssertionIndex parent;
  bold::AssertionIndex first_child;
  bold::AssertionIndex second_child;
  bold::PartyId staker;
  BlockId block;
  BlockId next_block;  // that its children must claim
  std::uint64_t root = 0;
  std::uint64_t created = 0;  // height of layer one
  Time created_at;
  Time closed_at = Time::never();  // confirmed or rejected
  std::uint64_t status = 0;        // AssertionStatus

  [[nodiscard]] AssertionStatus state() const { return static_cast<AssertionStatus>(status); }
};
static_assert(Flat<BoldAssertion>);

struct BoldAccount {
  Wei posted;
  Wei held;
  Wei returned;
  Wei confiscated;
  Wei held_peak;
  bold::AssertionIndex latest;  // that its stake stands on; none: no assertion stake

  void visit_state(auto& v) {
    v("posted", posted);
    v("held", held);
    v("returned", returned);
    v("confiscated", confiscated);
    v("held_peak", held_peak);
    v("latest", latest);
  }
};

struct AssertionRow {
  Time time;
  bold::AssertionIndex assertion;
  bold::AssertionIndex parent;
  BlockId block;
  bold::PartyId staker;
  bool correct;
  bool undone;
  AssertionStatus status;

  void visit(auto& v) {
    v("time", time);
    v("assertion", assertion, {.doc = "Order of creation; used again after an orphaned one"});
    v("parent", parent, {.doc = "Assertion that it continues"});
    v("block", block, {.doc = "Last layer-two block that it covers"});
    v("staker", staker, {.doc = "Who made it"});
    v("correct", correct, {.doc = "The root is the real one"});
    v("undone", undone, {.doc = "Its layer-one block was orphaned"});
    v("status", status, {.doc = "What it is from now on"});
  }
};
struct EdgeMoveRow {
  Time time;
  bold::EdgeIndex edge;
  bold::EdgeAction action;
  bold::PartyId party;
  std::uint32_t level;
  std::uint64_t start;
  std::uint64_t end;
  bool is_true;
  std::uint64_t timer;

  void visit(auto& v) {
    v("time", time, {.doc = "Of inclusion on layer one"});
    v("edge", edge, {.doc = "The edge acted on, or made"});
    v("action", action, {.doc = "Kind of move"});
    v("party", party, {.doc = "Who moved"});
    v("level", level, {.doc = "0: blocks, 1: big steps, 2: small steps"});
    v("start", start, {.doc = "Height in the history of this level"});
    v("end", end, {.doc = "Height in the history of this level"});
    v("is_true", is_true, {.doc = "The edge is part of the real history"});
    v("timer", timer, {.doc = "Blocks of layer one it has inherited, as written there"});
  }
};

struct BoldTotals {
  std::uint64_t assertions = 0;
  std::uint64_t challenges = 0;  // parents with a second child
  std::uint64_t moves = 0;       // accepted, other than updates
  std::uint64_t updates = 0;
  std::uint64_t steps = 0;
  std::uint64_t refused = 0;
  std::uint64_t confirmed = 0;
  std::uint64_t rejected = 0;
  std::uint64_t false_assertions_settled = 0;  // the safety failure
  std::uint64_t honest_assertions_rejected = 0;
};
static_assert(Flat<BoldTotals>);

class AssertionChain final
    : public EntityOf<AssertionChain, bold::BoldRules, L1Contract, L1Observer>,
      public Reporter {
 public:
  using AssertionIndex = bold::AssertionIndex;
  using EdgeIndex = bold::EdgeIndex;

  // Marks the rungs Asserted and Settled of the chain. The builder subscribes it to layer one.
  AssertionChain(const Site& site, const bold::BoldRules& params, Layer2Chain& chain);

  // ---- while building
  bold::PartyId join(Ref<L1Sender> sender, Ref<AssertionWatcher> watcher);

  void on(Context& ctx, const L1Execute& call) override;
  void on(Context& ctx, const L1Undo& call) override;
  void on(Context& ctx, const L1Head& head) override;
  void on(Context&, const L1Reorg&) override {}
  void on(Context& ctx, const L1Finalised& finalised) override;

  // ---- for readers with a layer-one node
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(list_.size()); }
  [[nodiscard]] const BoldAssertion& assertion(AssertionIndex index) const;
  [[nodiscard]] const bold::EdgeManager& edges() const { return edges_; }
  [[nodiscard]] AssertionIndex latest_confirmed() const { return confirmed_; }
  // What a child of this assertion must claim now; nothing while it is not published.
  [[nodiscard]] std::optional<BlockId> claimable(AssertionIndex parent) const;
  [[nodiscard]] bool is_correct(AssertionIndex index) const;
  // The correct child of an assertion, and the end of the correct branch.
  [[nodiscard]] AssertionIndex correct_child(AssertionIndex parent) const;
  [[nodiscard]] AssertionIndex correct_tip() const;
  // Blocks of layer one that the assertion stood without a rival: its edge inherits them.
  [[nodiscard]] std::uint64_t alone(AssertionIndex index) const;
  // First height at which a call may confirm it, if nothing else happens; kNeverHeight while a
  // challenge is open or the parent is not confirmed.
  [[nodiscard]] std::uint64_t confirmable_at(AssertionIndex index) const;
  [[nodiscard]] const BoldAccount& account(bold::PartyId party) const;
  [[nodiscard]] bool can_assert(bold::PartyId party, AssertionIndex parent) const;
  [[nodiscard]] Wei held() const { return held_; }
  [[nodiscard]] const BoldTotals& totals() const { return totals_; }
  // Asserts that every wei posted is held, returned or confiscated.
  void check_stakes() const;
  void report(MetricList& out) const override;
  void check() const override { check_stakes(); }

  static std::uint64_t claim_word(BlockId block, AssertionIndex parent) {
    return block.value | (std::uint64_t{parent.value} << 40);
  }

  void visit_state(auto& v) {
    v("list", list_);
    v("edges", edges_);
    v("confirmed", confirmed_);
    v("accounts", accounts_);
    v("held", held_);
    v("undo", undo_);
    v("settled", settled_);
    v("final", final_);
    v("totals", totals_);
    v("tip", tip_);
    v("tip_incarnation", tip_incarnation_);
  }

 private:
  // What one call changed, until layer one is final.
  struct Change {
    std::uint64_t tag = 0;
    L1BlockId block;
    std::uint64_t height = 0;
    bool accepted = false;
    BoldTotals totals;  // before
    std::uint64_t assertions = 0;
    AssertionIndex confirmed;
    Wei held;
    std::vector<std::pair<std::uint32_t, BoldAssertion>> list;
    std::vector<std::pair<std::uint32_t, BoldAccount>> accounts;
    bold::EdgeJournal edges;

    void visit_state(auto& v) {
      v("tag", tag);
      v("block", block);
      v("height", height);
      v("accepted", accepted);
      v("totals", totals);
      v("assertions", assertions);
      v("confirmed", confirmed);
      v("held", held);
      v("list", list);
      v("accounts", accounts);
      v("edges", edges);
    }
  };
  // A confirmation that layer one can still take back.
  struct Settled {
    std::uint64_t height = 0;
    BlockId block;
  };

  [[nodiscard]] bool execute(Context& ctx, const L1Execute& call, bold::PartyId party,
                             Change& change);
  [[nodiscard]] bool make_assertion(Context& ctx, const L1Execute& call, bold::PartyId party,
                                    Change& change);
  [[nodiscard]] bool play(Context& ctx, const L1Execute& call, bold::PartyId party, Change& change);
  [[nodiscard]] bool claim_edge(const bold::EdgeMoveCall& move, bold::PartyId party,
                                std::uint64_t height);
  [[nodiscard]] bool confirm_edge(EdgeIndex edge, std::uint64_t height, Change& change);
  [[nodiscard]] bool confirm(Context& ctx, AssertionIndex index, std::uint64_t height,
                             Change& change);
  [[nodiscard]] bool release(bold::PartyId party, Change& change);
  void reject_rivals(Context& ctx, AssertionIndex winner, Change& change);
  [[nodiscard]] BoldAssertion& touch(AssertionIndex index, Change& change);
  [[nodiscard]] BoldAccount& touch(bold::PartyId party, Change& change);
  void post(bold::PartyId party, Wei stake, Change& change);
  void pay(const bold::StakePayout& payout, Change& change);
  void count_move(Context& ctx, const bold::EdgeMoveCall& move, bold::PartyId party,
                  std::uint64_t height);
  // The chain has this root at this block.
  [[nodiscard]] bool matches(AssertionIndex index) const;
  void update_rungs(Time now);
  void tell(Context& ctx, AssertionChange change, AssertionIndex assertion, EdgeIndex edge);
  [[nodiscard]] bold::PartyId party_of(Ref<L1Sender> sender) const;
  void record(Time now, AssertionIndex index, bool undone);

  Layer2Chain* chain_;
  std::vector<Ref<L1Sender>> parties_;
  std::vector<Ref<AssertionWatcher>> watchers_;

  std::vector<BoldAssertion> list_;
  bold::EdgeManager edges_;
  AssertionIndex confirmed_{0};
  std::vector<BoldAccount> accounts_;
  Wei held_;
  UndoLog<Change> undo_;
  std::vector<Settled> settled_;
  BlockId final_{0};  // settled, and the confirmation is final on layer one
  BoldTotals totals_;
  mutable AssertionIndex tip_;  // result of correct_tip() while nothing changes
  mutable std::uint64_t tip_incarnation_ = 0;
  EventTable<AssertionRow> rows_;
  EventTable<EdgeMoveRow> moves_;
};

}  // namespace mezz

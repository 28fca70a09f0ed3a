// The settlement contracts of an optimistic rollup on layer one: dispute game factory, the games,
// the anchor state. A StateClaim (a = block, b = root) opens a game with the root bond; DisputeMove
// (dispute_messages.h) moves or steps; ResolveGame (a = game) resolves. All take effect when the
// transaction is included, and are undone exactly when its block is orphaned: what a call changed
// is kept until layer one is final. Source: DisputeGameFactory, FaultDisputeGame,
// AnchorStateRegistry of the OP Stack; reference sheet "layer-two protocols" section 2.3.
//
// Blocks are Asserted while a game that is not lost covers them, and Settled when a game was
// resolved for the defender and its air gap is over; that game then becomes the anchor of new ones.
// Neither runs ahead of publication. Bonds in wei: what is posted is held here until the game is
// resolved, then paid to whom the game names. The on-chain VM is the real execution, so a step
// cannot be won with a false one. Left out: guardian (blacklist, retirement), DelayedWETH's 7 days,
// a transaction to advance the anchor (it moves by itself), several
// types of games. Beyond the contracts: a claim is refused while nothing is published above the
// anchor.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/base_chain/messages.h"
#include "models/base_chain/undo_log.h"
#include "models/layer2/chain.h"
#include "models/layer2/messages.h"
#include "models/layer2/reporter.h"
#include "models/layer2/settlement/dispute_messages.h"
#include "models/layer2/settlement/node_roots.h"
#include "models/layer2/settlement/trace.h"
#include "models/layer2/settlement/withdrawal_rules.h"
#include "sim/engine/entity.h"
#include "sim/record/event_table.h"

namespace mezz {

struct FaultProofParams {
  layer2::DisputeGameParams game;
  Duration air_gap = 302'400_s;
  std::int64_t program_instructions = 1'000'000'000;

  void visit(auto& v) {
    v("game", game, {.doc = "Clocks, depths and bonds of a dispute"});
    v("air_gap", air_gap,
      {.doc = "Time between a game's resolution and the finality of its claim (OP: 3.5 d)",
       .min = 0_s});
    v("program_instructions", program_instructions,
      {.doc = "VM instructions that execute one block", .min = 1});
  }
};

enum class ClaimEvent : std::uint8_t { Created, ChallengerWins, DefenderWins, Settled, Undone };
template <>
struct EnumNames<ClaimEvent> {
  static constexpr std::string_view names[] = {"created", "challenger_wins", "defender_wins",
                                               "settled", "undone"};
};
struct ClaimRow {
  Time time;
  GameId game;
  BlockId block;
  layer2::PartyId proposer;
  bool correct;
  ClaimEvent status;

  void visit(auto& v) {
    v("time", time);
    v("game", game, {.doc = "Order of creation; used again after an orphaned claim"});
    v("block", block, {.doc = "Claimed layer-two block"});
    v("proposer", proposer, {.doc = "Who posted it"});
    v("correct", correct, {.doc = "The root is the real one"});
    v("status", status, {.doc = "What happened to the claim"});
  }
};
struct DisputeRow {
  Time time;
  GameId game;
  layer2::ClaimIndex move;
  std::uint32_t depth;
  layer2::PartyId party;
  bool step;
  Wei bond;
  Duration clock;

  void visit(auto& v) {
    v("time", time, {.doc = "Of inclusion on layer one"});
    v("game", game, {.doc = "Order of creation"});
    v("move", move, {.doc = "The new claim, or the claim stepped on"});
    v("depth", depth, {.doc = "Of that claim"});
    v("party", party, {.doc = "Who moved"});
    v("step", step, {.doc = "One instruction run on layer one"});
    v("bond", bond, {.doc = "Posted with the move"});
    v("clock", clock, {.doc = "Used by the mover's team so far"});
  }
};

struct BondAccount {
  Wei posted;
  Wei locked;    // posted in games that are not resolved
  Wei credited;  // by resolved games
  Wei locked_peak;

  void visit_state(auto& v) {
    v("posted", posted);
    v("locked", locked);
    v("credited", credited);
    v("locked_peak", locked_peak);
  }
};

struct ClaimedGame {
  layer2::DisputeGame game;
  BlockId block;
  BlockId anchor_block;
  BlockId published;  // when the claim was included: what layer one knew of layer two
  layer2::PartyId proposer;
  bool air_gap_over = false;

  [[nodiscard]] std::uint64_t root() const { return game.claim({0}).value.bits; }
  void visit_state(auto& v) {
    v("game", game);
    v("block", block);
    v("anchor_block", anchor_block);
    v("published", published);
    v("proposer", proposer);
    v("air_gap_over", air_gap_over);
  }
};

struct SettlementTotals {
  std::uint64_t claims = 0;
  std::uint64_t moves = 0;
  std::uint64_t steps = 0;
  std::uint64_t refused = 0;  // calls that reverted
  std::uint64_t challenger_wins = 0;
  std::uint64_t defender_wins = 0;
  std::uint64_t false_claims_settled = 0;    // the safety failure
  std::uint64_t honest_claims_rejected = 0;  // resolved against the real root
};

class FaultProof final : public EntityOf<FaultProof, FaultProofParams, L1Contract, L1Observer>,
                         public Reporter {
 public:
  struct Settle {
    GameId game;
    std::uint32_t reserved = 0;
    Time resolved_at;
  };

  // Marks the rungs Asserted and Settled of the chain. The builder subscribes this entity to layer
  // one.
  FaultProof(const Site& site, const FaultProofParams& params, Layer2Chain& chain);

  // ---- while building
  layer2::PartyId join(Ref<L1Sender> sender, Ref<DisputeWatcher> watcher);
  void watch(Ref<DisputeWatcher> watcher);

  void on(Context& ctx, const L1Execute& call) override;
  void on(Context& ctx, const L1Undo& call) override;
  void on(Context& ctx, const L1Head& head) override;
  void on(Context&, const L1Reorg&) override {}
  void on(Context& ctx, const L1Finalised& finalised) override;
  void on(Context& ctx, const Settle& settle);

  // ---- for readers with a layer-one node
  [[nodiscard]] std::uint32_t games() const { return static_cast<std::uint32_t>(games_.size()); }
  [[nodiscard]] const ClaimedGame& game(GameId id) const;
  [[nodiscard]] layer2::GameView view(GameId id) const;
  [[nodiscard]] const std::vector<GameId>& open_games() const { return open_; }
  // The first instant at which ResolveGame resolves it unless somebody moves again.
  [[nodiscard]] Time resolvable_at(GameId id) const;
  // The oldest game that is not lost and whose claim covers the block.
  [[nodiscard]] std::optional<GameId> game_covering(BlockId block) const;
  // What a party with this node believes about the game. A block that was not published when the
  // claim was included has, for the game, the root of the last one that was. Nothing while the node
  // lacks a block that was (it has gone back).
  [[nodiscard]] std::optional<layer2::Trace> honest_trace(GameId id, NodeRoots& node) const;
  [[nodiscard]] bool is_correct(GameId id) const;
  [[nodiscard]] BlockId anchor_block() const { return anchor_block_; }
  [[nodiscard]] layer2::ClaimValue anchor_root() const { return anchor_root_; }
  [[nodiscard]] const BondAccount& bonds(layer2::PartyId party) const;
  [[nodiscard]] Wei held() const { return held_; }
  [[nodiscard]] const SettlementTotals& totals() const { return totals_; }
  // Asserts that every wei posted is either held or paid. For tests and checkpoints.
  void check_bonds() const;
  void report(MetricList& out) const override;
  void check() const override { check_bonds(); }

  void visit_state(auto& v) {
    v("games", games_);
    v("open", open_);
    v("won", won_);
    v("anchor_block", anchor_block_);
    v("anchor_root", anchor_root_);
    v("accounts", accounts_);
    v("held", held_);
    v("undo", undo_);
    v("totals", totals_);
  }

 private:
  // What one call changed, until layer one is final.
  struct Change {
    std::uint64_t tag = 0;
    L1BlockId block;
    std::uint64_t height = 0;
    SettlementTotals totals;  // before
    GameId game;              // none: the call was refused
    layer2::PartyId party;
    Wei bond;
    Wei locked_peak;                            // of the party, before
    std::optional<layer2::DisputeGame> before;  // none: the call opened the game

    void visit_state(auto& v) {
      v("tag", tag);
      v("block", block);
      v("height", height);
      v("totals", totals);
      v("game", game);
      v("party", party);
      v("bond", bond);
      v("locked_peak", locked_peak);
      v("before", before);
    }
  };

  void open_game(Context& ctx, const L1Execute& call, Change& change);
  void play(Context& ctx, const DisputeCall& call, Change& change);
  [[nodiscard]] bool move(ClaimedGame& target, const DisputeCall& call, Change& change, Time now);
  [[nodiscard]] bool step(ClaimedGame& target, const DisputeCall& call, Change& change, Time now);
  void resolve(Context& ctx, GameId id, Change& change);
  void settle_bonds(const layer2::DisputeGame& game, std::int64_t sign);
  void post(Change& change);
  void unpost(const Change& change);
  void unresolve(GameId id);
  void update_rungs(Time now);
  void tell(Context& ctx, const GameChanged& changed);
  [[nodiscard]] layer2::PartyId party_of(Ref<L1Sender> sender) const;
  void record_claim(Time now, GameId id, ClaimEvent event);

  Layer2Chain* chain_;
  std::vector<Ref<L1Sender>> parties_;
  std::vector<Ref<DisputeWatcher>> watchers_;
  NodeRoots node_;

  std::vector<ClaimedGame> games_;
  std::vector<GameId> open_;  // in progress, ascending
  std::vector<GameId> won_;   // resolved for the defender, air gap not over
  BlockId anchor_block_{0};
  layer2::ClaimValue anchor_root_;
  std::vector<BondAccount> accounts_;
  Wei held_;
  UndoLog<Change> undo_;
  SettlementTotals totals_;
  EventTable<ClaimRow> claims_;
  EventTable<DisputeRow> disputes_;
};

}  // namespace mezz

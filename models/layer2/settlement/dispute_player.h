// What proposer, attacker and challengers have in common: an account with a bond capital, a wallet
// for layer-one transactions and the play of dispute games by the strategy of honest_strategy.h,
// for whatever trace the party believes in (or pretends to). Every move is one transaction; it
// counts from its inclusion. Timing: at once (the caller has waited its reply delay), or as late as
// the clock allows, less a margin for inclusion. A move that the capital cannot bond waits until
// bonds come back. Gas of the calls are modelling defaults in the order of mainnet receipts.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/layer2/settlement/dispute_messages.h"
#include "models/layer2/settlement/fault_proof.h"
#include "models/layer2/settlement/l1_outbox.h"
#include "sim/config/visit.h"
#include "sim/random/distribution_params.h"
#include "sim/types/enum_names.h"

namespace mezz {

enum class ResolvePolicy : std::uint8_t {
  Never,
  Own,  // games of its own claims
  All,
};
template <>
struct EnumNames<ResolvePolicy> {
  static constexpr std::string_view names[] = {"never", "own", "all"};
};

struct DisputePlayerParams {
  Wei bond_capital = 1'000_eth;
  L1FeePolicy fees;
  Gas claim_gas{600'000};
  Gas move_gas{250'000};
  Gas step_gas{1'500'000};
  Gas resolve_gas{300'000};

  void visit(auto& v) {
    v("bond_capital", bond_capital, {.doc = "Most that may be locked in bonds at one time"});
    v("fees", fees, {.doc = "What it offers for inclusion on layer one"});
    v("claim_gas", claim_gas, {.doc = "Gas of a state claim", .min = Gas{21'000}});
    v("move_gas", move_gas, {.doc = "Gas of a move", .min = Gas{21'000}});
    v("step_gas", step_gas, {.doc = "Gas of a step", .min = Gas{21'000}});
    v("resolve_gas", resolve_gas, {.doc = "Gas of a resolution", .min = Gas{21'000}});
  }
};

// To oneself, after the reply delay.
struct ThinkAbout {
  GameId game;
};

class DisputePlayer {
 public:
  struct Wiring {
    Ref<BaseChain> l1;
    Ref<L1Sender> sender;
    Ref<DisputeWatcher> watcher;
  };
  // Joins the contract as a party.
  DisputePlayer(const DisputePlayerParams& params, const Wiring& wiring, FaultProof& proof);

  // False when the capital does not cover the root bond.
  bool claim(Context& ctx, BlockId block, layer2::ClaimValue root);
  enum class Timing : std::uint8_t { AtOnce, LastMoment };
  struct Plan {
    GameId game;
    const layer2::Trace* trace = nullptr;
    Timing timing = Timing::AtOnce;
    Duration margin = {};  // LastMoment: how long before the clock ends
  };
  // Sends the moves that are due; returns when to look again, if some are not.
  std::optional<Time> play(Context& ctx, const Plan& plan);
  // Resolves games whose clocks have run out for at least the patience: others may come first.
  void resolve_due(Context& ctx, ResolvePolicy policy, Duration patience);

  // True when the caller should think about the game after its reply delay; it is then marked so.
  bool begin_thinking(GameId game);
  void end_thinking(GameId game);

  // The game of a move among them, to be thought about again.
  std::optional<GameId> on(const L1Included& included);
  void on(const L1Reverted& reverted) { outbox_.reverted(reverted); }
  void on(const L1Finalised& finalised) { outbox_.finalised(finalised.height); }

  [[nodiscard]] layer2::PartyId party() const { return party_; }
  [[nodiscard]] const FaultProof& proof() const { return *proof_; }
  [[nodiscard]] Wei available() const;
  [[nodiscard]] Wei bonds_peak() const { return bonds_peak_; }  // locked or on the way
  [[nodiscard]] const L1Outbox& outbox() const { return outbox_; }
  [[nodiscard]] std::uint64_t short_of_capital() const { return short_of_capital_; }
  [[nodiscard]] bool owns(GameId game) const { return proof_->game(game).proposer == party_; }

  void visit_state(auto& v) {
    v("outbox", outbox_);
    v("thinking", thinking_);
    v("bonds_peak", bonds_peak_);
    v("short_of_capital", short_of_capital_);
  }

 private:
  void send(Context& ctx, const L1Outbox::Call& call);
  [[nodiscard]] L1Outbox::Call call_for(GameId game, const layer2::PlannedMove& planned) const;

  DisputePlayerParams params_;
  L1Outbox::Address address_;
  const FaultProof* proof_;
  layer2::PartyId party_;
  L1Outbox outbox_;
  std::vector<std::uint8_t> thinking_;  // by game
  Wei bonds_peak_;
  std::uint64_t short_of_capital_ = 0;  // times a move had to wait for capital
};

}  // namespace mezz

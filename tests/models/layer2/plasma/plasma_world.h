// A plasma chain whole: quiet layer one, exchange, sequencer, operator, exit game, keeper, crowd.
// MEP is OmiseGO's test value, 10 min; a root every five blocks of layer one. Nothing is recorded.
#pragma once

#include "models/layer2/plasma/exit_crowd.h"
#include "models/layer2/plasma/exit_keeper.h"
#include "tests/models/layer2/sequencing/rollup_world.h"

namespace mezz {

inline constexpr Duration kMep = 10_min;
inline constexpr Duration kSlot = 12_s;

inline PlasmaParams short_plasma() {
  PlasmaParams p;
  p.min_exit_period = kMep;
  p.online_every = 1_min;
  p.data_timeout = 2_min;
  return p;
}

struct PlasmaSetup {
  PlasmaParams plasma = short_plasma();
  BaseChainParams l1 = quiet_l1();
  std::uint32_t accounts = 8;
  Money balance = 10'000_usd;
  Duration block_time = 4_s;
  std::uint64_t seed = 11;
};

struct PlasmaWorld {
  World world;
  Ref<BaseChain> l1_ref;
  Ref<ExecutionNode> node_ref;
  Ref<L1Inbox> inbox_ref;
  Ref<Derivation> derivation_ref;
  Ref<SingleSequencer> sequencer_ref;
  Ref<ExitGame> game_ref;
  Ref<PlasmaOperator> operator_ref;
  Ref<ExitKeeper> keeper_ref;
  Ref<ExitCrowd> crowd_ref;

  explicit PlasmaWorld(const PlasmaSetup& s = {}) : world({.seed = s.seed}) {
    ExecutionParams execution;
    execution.full_check_every = 5'000;
    execution.checkpoints_max = 3;
    execution.exchange.insurance_fund = Money::zero();  // the escrow is the users' money alone
    l1_ref = world.add<BaseChain>("l1", s.l1);
    node_ref = world.add<ExecutionNode>("node", execution);
    inbox_ref = world.add<L1Inbox>("inbox", NoParams{}, node().chain());
    derivation_ref = world.add<Derivation>(
        "derivation", DerivationParams{.forced_inclusion = ForcedInclusion::QueueOnly}, node(),
        world.get(inbox_ref));
    sequencer_ref =
        world.add<SingleSequencer>("sequencer", SequencerParams{.block_time = s.block_time}, node(),
                                   world.get(derivation_ref));
    game_ref = world.add<ExitGame>("game", s.plasma, node(), world.get(derivation_ref));
    const PlasmaWiring wiring{.l1 = l1_ref, .contract = game_ref, .game = &game(), .node = &node()};
    operator_ref = world.add<PlasmaOperator>("operator", s.plasma, wiring);
    game().read_commits(world.get(operator_ref).commits());
    keeper_ref = world.add<ExitKeeper>("keeper", s.plasma, wiring);
    crowd_ref = world.add<ExitCrowd>("crowd", s.plasma, wiring, world.get(operator_ref).commits(),
                                     sequencer_ref);
    BaseChain& l1 = world.get(l1_ref);
    l1.subscribe(derivation_ref);
    l1.subscribe(game_ref);
    l1.subscribe(operator_ref);
    l1.subscribe(keeper_ref);
    l1.subscribe(crowd_ref);
    world.get(inbox_ref).escrow_with(game_ref);
    world.get(derivation_ref).feed().observe_blocks(game_ref);
    for (std::uint32_t i = 0; i < s.accounts; ++i) {
      const AccountId account = node().genesis().open_account();
      node().genesis().genesis_deposit(account, s.balance);
    }
    crowd().open_holders(node().genesis());
    node().end_genesis();
    game().lock_genesis(node().exchange().totals());
    world.start();
  }

  ExecutionNode& node() { return world.get(node_ref); }
  ExitGame& game() { return world.get(game_ref); }
  ExitCrowd& crowd() { return world.get(crowd_ref); }
  const Layer2Chain& chain() { return node().chain(); }

  void run_until(Duration age) { world.run(Time::zero() + age); }
  void withdraw(Duration age, std::uint32_t account, Money amount) {
    world.engine().schedule(Time::zero() + age, Ref<Inbox>(sequencer_ref),
                            SubmitTransaction{{.account = AccountId{account},
                                               .kind = TxKind::Withdraw,
                                               .amount = amount.micros,
                                               .submitted = Time::zero() + age}});
  }
  void call(Duration age, L1CallKind kind, std::uint64_t a, std::uint64_t b = 0) {
    world.engine().schedule(Time::zero() + age, l1_ref,
                            SubmitL1Transaction{.to = game_ref,
                                                .a = a,
                                                .b = b,
                                                .gas = 300'000,
                                                .kind = kind,
                                                .tip = MilliGwei::from(3_gwei),
                                                .cap = MilliGwei::from(1'000_gwei)});
  }
  void deposit(Duration age, std::uint32_t account, Money amount) {
    world.engine().schedule(Time::zero() + age, l1_ref,
                            SubmitL1Transaction{.to = inbox_ref,
                                                .a = account,
                                                .b = static_cast<std::uint64_t>(amount.micros),
                                                .gas = 100'000,
                                                .kind = L1CallKind::Deposit,
                                                .tip = MilliGwei::from(3_gwei),
                                                .cap = MilliGwei::from(1'000_gwei)});
  }
  template <class Part>
  void shock_at(Duration age, Ref<Part> part, ShockKind kind, Ratio magnitude = Ratio::one(),
                ShockEdge edge = ShockEdge::Begins) {
    world.engine().schedule(Time::zero() + age, Ref<Shockable>(part), shock(kind, edge, magnitude));
  }
  void reorg_at(Duration age, std::int64_t depth) {
    shock_at(age, l1_ref, ShockKind::L1Reorg, Ratio::one() * depth);
  }
  bool conserved() {
    game().check();
    crowd().check();
    return game().check_conservation(node().exchange().totals());
  }
  // Of what the account got out: by this kind of exit.
  [[nodiscard]] Money paid(ExitKind kind, std::uint64_t number) {
    const std::uint64_t exit = game().exit_of({.kind = kind, .number = number});
    return exit == kNoExit ? Money::zero() : game().exit(exit).paid;
  }
};

}  // namespace mezz

// A ZK rollup with a quiet market: base chain, node, sequencer, poster, contract, prover and a
// one-step bridge with its relayer. Everything arrives at once unless a test sets links.
#pragma once

#include "models/layer2/bridge/canonical_bridge.h"
#include "models/layer2/bridge/withdrawal_relayer.h"
#include "models/layer2/proving/prover.h"
#include "tests/models/layer2/sequencing/rollup_world.h"

namespace mezz {

// Every time is a constant; a batch a minute; 10 circuits per cancellation, 10 circuits per job.
inline ProverParams exact_prover() {
  ProverParams p;
  p.seal.max_age = 60_s;
  p.seal.units = {.cancel = 10, .withdraw = 10, .funding = 0};
  p.witness = {.machines = 4, .time = DelayDistribution::constant(10_s), .timeout = 900_s};
  p.gpu = {.machines = 3, .time = DelayDistribution::constant(20_s), .timeout = 600_s};
  p.wrap = {.machines = 1, .time = DelayDistribution::constant(30_s), .timeout = 3'600_s};
  p.units_per_job = 10;
  p.arity = 2;
  p.recursion_time = DelayDistribution::constant(5_s);
  p.failure = Ratio::zero();
  p.execute_max_wait = Duration::zero();
  return p;
}

struct ProvingWorld {
  struct Setup {
    BaseChainParams l1 = quiet_l1();
    DerivationParams derivation = {.forced_inclusion = ForcedInclusion::QueueOnly};
    BatchPosterParams poster = {.max_channel_duration = 10_s, .poll_interval = 1_s};
    ValidityParams validity = {.execution_delay = 60_s};
    ProverParams prover = exact_prover();
    UserDeskParams desk = {};
    std::uint64_t seed = 5;
    Duration delay = Duration::zero();  // mean, between layer one and the rest
  };

  explicit ProvingWorld(const Setup& setup) : world({.seed = setup.seed}) {
    build_chain(setup);
    build_settlement(setup);
    const Link link{.delay = DelayDistribution::exponential(setup.delay)};
    if (setup.delay > Duration::zero()) world.link("l1", "l2", link);
    if (setup.delay > Duration::zero()) world.link("l2", "l1", link);
    world.start();
  }
  void build_chain(const Setup& setup) {
    world.place("l1");
    l1_ref = world.add<BaseChain>("l1", setup.l1);
    world.place("l2");
    node_ref = world.add<ExecutionNode>("node", ExecutionParams{});
    world.place("l1");
    inbox_ref = world.add<L1Inbox>("inbox", NoParams{}, node().chain());
    world.place("l2");
    derivation_ref =
        world.add<Derivation>("derivation", setup.derivation, node(), world.get(inbox_ref));
    sequencer_ref =
        world.add<SingleSequencer>("sequencer", SequencerParams{}, node(), derivation());
    poster_ref = world.add<BatchPoster>(
        "poster", setup.poster,
        BatchPosterWiring{.l1 = l1_ref,
                          .inbox_ref = inbox_ref,
                          .inbox = &world.get(inbox_ref),
                          .chain = &node().chain(),
                          .fees = {.base_fee = l1().base_fee(), .blob_fee = l1().blob_fee()}});
    desk_ref = world.add<UserDesk>("desk", setup.desk, sequencer_ref);
    for (std::uint32_t i = 0; i < setup.desk.accounts; ++i) {
      node().genesis().genesis_deposit(node().genesis().open_account(), 10'000_usd);
    }
    node().end_genesis();
    l1().subscribe(derivation_ref);
    l1().subscribe(poster_ref);
    derivation().feed().register_owner(AccountId{0}, setup.desk.accounts, desk_ref);
    derivation().feed().observe_blocks(poster_ref);
    derivation().feed().observe_blocks(desk_ref);
  }
  void build_settlement(const Setup& setup) {
    Layer2Chain& chain = node().chain();
    world.place("l1");
    contract_ref = world.add<ValidityContract>("validity", setup.validity, chain);
    bridge_ref = world.add<CanonicalBridge>("bridge", CanonicalBridgeParams{}, nullptr, chain);
    world.place("l2");
    prover_ref = world.add<Prover>("prover", setup.prover, l1_ref, contract_ref, contract(), chain,
                                   derivation());
    relayer_ref = world.add<WithdrawalRelayer>("relayer", WithdrawalRelayerParams{}, l1_ref,
                                               bridge_ref, bridge());
    world.get(inbox_ref).escrow_with(bridge_ref);
    l1().subscribe(contract_ref);
    l1().subscribe(bridge_ref);
    l1().subscribe(prover_ref);
    l1().subscribe(relayer_ref);
    derivation().feed().observe_blocks(prover_ref);
    derivation().feed().observe_blocks(bridge_ref);
    bridge().lock_genesis(node().exchange().totals());
  }

  // ---- script; times count from the start of the run
  template <class R, class M>
  void at(Duration time, Ref<R> to, const M& message) {
    world.engine().schedule(Time::zero() + time, to, message);
  }
  void submit(Duration time, std::uint32_t account, TxKind kind = TxKind::CancelAll,
              Money amount = Money::zero()) {
    at(time, sequencer_ref,
       SubmitTransaction{{.account = AccountId{account},
                          .kind = kind,
                          .amount = amount.micros,
                          .reference = ++references,
                          .submitted = Time::zero() + time}});
  }
  // Eight cancellations every minute: 80 circuits, eight jobs a batch.
  void eight_a_minute(int minutes) {
    for (int m = 0; m < minutes; ++m) {
      for (std::uint32_t i = 0; i < 8; ++i) submit(Duration{60_s} * m + 21_s, i);
    }
  }
  template <class R>
  void outage(Duration from, Duration to, Ref<R> who, ShockKind kind,
              Ratio magnitude = Ratio::one()) {
    at(from, Ref<Shockable>(who), shock(kind, ShockEdge::Begins, magnitude));
    at(to, Ref<Shockable>(who), shock(kind, ShockEdge::Ends, magnitude));
  }
  void call_l1(Duration time, L1CallKind kind, std::uint64_t a, std::uint64_t b) {
    at(time, l1_ref,
       SubmitL1Transaction{.to = contract_ref,
                           .from = {},
                           .tag = 77,
                           .a = a,
                           .b = b,
                           .gas = 100'000,
                           .kind = kind,
                           .tip = {2'000},
                           .cap = {100'000'000}});
  }
  void run(Duration until) { world.run(Time::zero() + until); }

  // ---- looking
  BaseChain& l1() { return world.get(l1_ref); }
  ExecutionNode& node() { return world.get(node_ref); }
  Derivation& derivation() { return world.get(derivation_ref); }
  ValidityContract& contract() { return world.get(contract_ref); }
  Prover& prover() { return world.get(prover_ref); }
  CanonicalBridge& bridge() { return world.get(bridge_ref); }
  UserDesk& desk() { return world.get(desk_ref); }
  const Layer2Chain& chain() { return node().chain(); }
  const ProofBatch& batch(std::uint64_t n) { return prover().batches().at(ProofBatchId{n}); }
  Time rung(std::uint64_t n, Rung r) { return chain().block(batch(n).last).ladder[r]; }
  double metric(const Reporter& part, const std::string& name) {
    MetricList list;
    part.report(list);
    for (const Metric& m : list.take()) {
      if (m.name == name) return m.value;
    }
    return -1.0;
  }
  void check() {
    prover().check();
    contract().check();
    bridge().check_conservation(node().exchange().totals());
  }

  World world;
  Ref<BaseChain> l1_ref;
  Ref<ExecutionNode> node_ref;
  Ref<L1Inbox> inbox_ref;
  Ref<Derivation> derivation_ref;
  Ref<SingleSequencer> sequencer_ref;
  Ref<BatchPoster> poster_ref;
  Ref<UserDesk> desk_ref;
  Ref<ValidityContract> contract_ref;
  Ref<CanonicalBridge> bridge_ref;
  Ref<Prover> prover_ref;
  Ref<WithdrawalRelayer> relayer_ref;
  std::uint64_t references = 0;
};

// The slot of layer one that takes what is sent at this time: the next one.
inline Time next_slot(Time sent) {
  constexpr std::int64_t kSlot = 12'000'000'000;
  return Time{(sent.ns / kSlot + 1) * kSlot};
}

}  // namespace mezz

// Real sequencers under load. Sources: fluid limit of a queue behind an outage (FIFO; validation
// sheet row A-Q-11), geometric law of independent leaders (row A-T-6).
//
//   outage      down O, arrivals a, service s: backlog a O; drained after a O / (s - a); everybody
//               who arrived until then waits, O / 2 on average
//   censorship  a rotation of validators under Tendermint, of whom a share leaves out our
//               transactions when they lead: mean heights to inclusion 1 / (1 - x)
#include <algorithm>
#include <cmath>
#include <string>

#include "models/layer2/availability/derivation.h"
#include "models/layer2/sequencing/leader_rotation.h"
#include "models/layer2/sequencing/single_sequencer.h"
#include "scenarios/validation/cases.h"
#include "scenarios/validation/chain_probes.h"
#include "scenarios/validation/user_probes.h"
#include "sim/check/error.h"
#include "sim/world/world.h"

namespace mezz::validation {

namespace {

// Layer one, the node and the derivation: what every sequencer stands on. One account trades.
struct Chains {
  World world;
  ExecutionNode* node = nullptr;
  Derivation* derivation = nullptr;

  explicit Chains(const Replication& r) : world({.seed = r.seed, .replication = r.number}) {
    const auto l1 = world.add<BaseChain>("l1", quiet_chain());
    ExecutionParams market;
    market.checkpoints_max = 3;
    node = &world.get(world.add<ExecutionNode>("node", market));
    L1Inbox& inbox = world.get(world.add<L1Inbox>("inbox", NoParams{}, node->chain()));
    DerivationParams rules;
    rules.forced_inclusion = ForcedInclusion::QueueOnly;  // nobody posts batches here
    const auto ref = world.add<Derivation>("derivation", rules, *node, inbox);
    derivation = &world.get(ref);
    world.get(l1).subscribe(ref);
    const AccountId account = node->genesis().open_account();
    MEZZ_ASSERT(account == AccountId{0});
    node->genesis().genesis_deposit(account, 10'000_usd);
    node->end_genesis();
  }
  void shock(Time at, Ref<Shockable> part, ShockKind kind, ShockEdge edge, Ratio magnitude) {
    world.engine().schedule(
        at, part,
        Shock{.kind = kind, .edge = edge, .reserved = 0, .number = 0, .magnitude = magnitude});
  }
};

// ---- outage ---------------------------------------------------------------------------------

struct OutageParams {
  Duration outage = 4'680_s;
  std::int64_t arrivals = 40;
  std::int64_t capacity = 100;
  Duration block_time = 1_s;
  double tolerance = 0.01;
  Effort effort{.replications = 30, .size = 1, .size_max = 1};

  void visit(auto& v) {
    v("outage", outage, {.doc = "How long the sequencer is down", .min = 10_s, .max = 1_d});
    v("arrivals", arrivals, {.doc = "Transactions per second, Poisson", .min = 1, .max = 10'000});
    v("capacity", capacity, {.doc = "Transactions per second", .min = 1, .max = 9'000});
    v("block_time", block_time, {.doc = "Between two blocks", .min = 100_ms, .max = 1_s});
    v("tolerance", tolerance, {.doc = "Relative", .min = 1e-4, .max = 0.5});
    v("effort", effort, {.doc = "seed: of the arrivals; the rest is unused"});
  }
};

class Outage final : public CaseOf<OutageParams> {
 public:
  [[nodiscard]] std::vector<LawRow> law() const override {
    const double t = params().tolerance;
    const double down = params().outage.seconds();
    const auto in = static_cast<double>(params().arrivals);
    return {{"waiting at the restart", in * down, Comparison::Exact, t, true},
            {"restart to empty queue, s", drain(), Comparison::Exact, t, true},
            {"transactions delayed", in * (down + drain()), Comparison::Exact, t, true},
            {"their mean extra delay, s", down / 2, Comparison::Exact, t, true}};
  }
  [[nodiscard]] std::vector<double> replicate(const Replication& r) const override {
    const OutageParams& p = params();
    const Time begin = Time::zero() + p.block_time * 60;
    const Time restart = begin + p.outage;
    const Time end = restart + duration_from_seconds(1.5 * drain()) + p.block_time * 60;
    Chains chains(r);
    const auto per_block = std::llround(static_cast<double>(p.capacity) * p.block_time.seconds());
    const SequencerParams rules{.block_time = p.block_time,
                                .max_sequencer_drift = 2_d,
                                .transactions_per_block = per_block,
                                .queue_max = 1'000'000'000};
    const auto sequencer =
        chains.world.add<SingleSequencer>("sequencer", rules, *chains.node, *chains.derivation);
    const Duration interval = duration_from_seconds(1 / static_cast<double>(p.arrivals));
    const auto desk = chains.world.add<LoadDesk>(
        "desk", {.interval = interval, .normal = p.block_time, .from = begin - Time::zero()},
        sequencer);
    chains.derivation->feed().register_owner(AccountId{0}, 1, desk);
    const Ratio whole = Ratio::one();
    chains.shock(begin, sequencer, ShockKind::SequencerDown, ShockEdge::Begins, whole);
    chains.shock(restart - Duration{1}, sequencer, ShockKind::SequencerDown, ShockEdge::Ends,
                 whole);
    chains.world.start();
    chains.world.run(restart - Duration{1});
    const auto waiting = static_cast<double>(chains.world.get(sequencer).queue_length());
    chains.world.run(end);
    const LoadDesk& load = chains.world.get(desk);
    MEZZ_ASSERT(load.delayed() > 0 && load.caught_up());
    const auto delayed = static_cast<double>(load.delayed());
    // Without an outage a transaction waits half a block.
    const double extra = load.mean_delay_seconds() - p.block_time.seconds() / 2;
    return {waiting, (load.last_delayed() - restart).seconds(), delayed, extra};
  }

 private:
  [[nodiscard]] double drain() const {
    const auto in = static_cast<double>(params().arrivals);
    const auto out = static_cast<double>(params().capacity);
    return in * params().outage.seconds() / (out - in);
  }
  void check() const override {
    if (params().capacity * 10 < params().arrivals * 11) {
      throw ScenarioError("capacity",
                          "must exceed arrivals by a tenth: the backlog of the outage "
                          "would hardly ever be worked off");
    }
    if (static_cast<double>(params().arrivals) * params().outage.seconds() > 5e6) {
      throw ScenarioError("outage", "must not leave more than 5 million transactions waiting");
    }
  }
};

// ---- censoring validators --------------------------------------------------------------------

struct RotationParams {
  Ratio censoring = 50_percent;
  std::int64_t validators = 4;
  double tolerance = 0.04;
  Effort effort{.replications = 30, .size = 150, .size_max = 5'000};

  void visit(auto& v) {
    v("censoring", censoring,
      {.doc = "Share of the stake that censors; rounded up to whole validators",
       .min = 1_percent,
       .max = 95_percent});
    v("validators", validators, {.doc = "Of equal stake", .min = 2, .max = 48});
    v("tolerance", tolerance, {.doc = "Of the mean, relative", .min = 1e-4, .max = 0.5});
    v("effort", effort, {.doc = "size: transactions of one replication, one after the other"});
  }
};

class CensoringRotation final : public CaseOf<RotationParams> {
 public:
  [[nodiscard]] std::vector<LawRow> law() const override {
    return {
        {"mean heights to inclusion", 1 / (1 - share()), Comparison::Mean, params().tolerance,
         true},
        {"share of heights led by censors", share(), Comparison::Mean, params().tolerance, true}};
  }
  [[nodiscard]] std::vector<double> replicate(const Replication& r) const override {
    Chains chains(r);
    SequencerParams rules{.kind = SequencingKind::LeaderRotation, .block_time = 1_s};
    rules.leader_rotation.validators = params().validators;
    rules.leader_rotation.censored_accounts = Ratio::one();
    const auto node =
        chains.world.add<LeaderRotation>("sequencer", rules, *chains.node, *chains.derivation);
    LeaderRotation& rotation = chains.world.get(node);
    std::vector<Ref<BftValidator>> validators;
    for (std::int64_t i = 0; i < params().validators; ++i) {
      const BftValidatorParams one{.number = i, .sequencing = rules};
      validators.push_back(
          chains.world.add<BftValidator>("validator/" + std::to_string(i), one, node, rotation));
    }
    for (const Ref<BftValidator> from : validators) {
      for (const Ref<BftValidator> to : validators) {
        if (from != to) chains.world.get(from).add_peer(to);
      }
    }
    const auto desk =
        chains.world.add<PatientUser>("user", {.transactions = r.size}, node, rotation);
    chains.derivation->feed().register_owner(AccountId{0}, 1, desk);
    chains.shock(Time::zero(), node, ShockKind::Censorship, ShockEdge::Begins, params().censoring);
    chains.world.start();
    chains.world.run(Time::max());
    const PatientUser& user = chains.world.get(desk);
    MEZZ_ASSERT(user.included() == r.size);
    const auto commits = static_cast<double>(rotation.counts().commits);
    return {static_cast<double>(user.heights()) / static_cast<double>(r.size),
            static_cast<double>(rotation.counts().by_censors) / commits};
  }

 private:
  [[nodiscard]] double share() const {
    const auto count = static_cast<double>(params().validators);
    return std::ceil(params().censoring.value() * count - 1e-9) / count;
  }
  void check() const override {
    if (share() >= 1) throw ScenarioError("censoring", "must leave one validator who does not");
  }
};

}  // namespace

std::unique_ptr<ValidationCase> outage() { return make_case<Outage>(); }
std::unique_ptr<ValidationCase> censoring_rotation() { return make_case<CensoringRotation>(); }

}  // namespace mezz::validation

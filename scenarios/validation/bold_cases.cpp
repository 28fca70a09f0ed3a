// Arbitrum's settlement: the contracts, defenders and adversaries of models/layer2/settlement/bold
// on a real layer one, against protocol arithmetic. Sources: arbitrum-docs ("A gentle introduction:
// BoLD"), validation sheet rows A-T-2 (two challenge periods and two days of grace, 14.727 d) and
// A-T-3 (two periods in turn, 12.727 d), protocol sheet section 2.4 (honest cost linear in the
// number of adversaries). The honest side is silent for as long as the timers can bear (the
// censorship budget of the paper); then every answer costs its delay and two slots.
#include <algorithm>
#include <string>
#include <vector>

#include "models/layer2/settlement/bold/bold_params.h"
#include "scenarios/validation/cases.h"
#include "scenarios/validation/chain_probes.h"
#include "sim/world/world.h"

namespace mezz::validation {

// A layer two of empty blocks, one a minute, each published at once.
class MinuteBlocks final : public EntityOf<MinuteBlocks, NoParams> {
 public:
  struct Tick {};
  MinuteBlocks(const Site& site, const NoParams& params) : EntityOf(site, params) {
    chain.set_genesis_root(1);
  }
  void on(Context& ctx, const Start&) { after(ctx, 1_min, Tick{}); }
  void on(Context& ctx, const Tick&) {
    after(ctx, 1_min, Tick{});
    const std::uint64_t number = chain.head().value + 1;
    const BlockId made = chain.seal(ctx.now(), 0, 100, number * 0x9E37'79B9'7F4A'7C15U).number;
    chain.reach(Rung::Preconfirmed, made, made, ctx.now());
    chain.reach(Rung::Published, made, made, ctx.now());
  }
  void visit_state(auto& v) { v("chain", chain); }

  Layer2Chain chain;
};

namespace {

constexpr double kDay = 86'400.0;

class BoldRun {
 public:
  explicit BoldRun(BoldParams p) : world_({.seed = 1}) {
    p.defender.count = 1;
    p.defender.from = AssertFrom::Published;
    const Ref<BaseChain> l1 = world_.add<BaseChain>("l1", quiet_chain());
    blocks_ = world_.add<MinuteBlocks>("blocks", NoParams{});
    contract_ = world_.add<AssertionChain>("assertions", p.rules, chain());
    world_.get(l1).subscribe(contract_);
    defender_ = world_.add<BoldDefender>("defender", p.defender, l1, contract(), chain(), 0);
    world_.get(l1).subscribe(defender_);
    for (std::int64_t i = 0; i < p.adversary.count; ++i) {
      const auto adversary = world_.add<BoldAdversary>("adversary/" + std::to_string(i),
                                                       p.adversary, l1, contract(), chain(), i);
      world_.get(l1).subscribe(adversary);
      adversaries_.push_back(adversary);
    }
    world_.start();
  }
  void attack(Time at, Duration silence) {
    Shock shock{.kind = ShockKind::InvalidClaim,
                .edge = ShockEdge::Begins,
                .number = 0,
                .magnitude = Ratio::one()};
    for (const auto adversary : adversaries_) world_.engine().schedule(at, adversary, shock);
    for (const ShockKind kind : {ShockKind::ProposerDown, ShockKind::ChallengerDown}) {
      shock.kind = kind;
      shock.edge = ShockEdge::Begins;
      world_.engine().schedule(at, defender_, shock);
      shock.edge = ShockEdge::Ends;
      world_.engine().schedule(at + silence, defender_, shock);
    }
  }
  void run(Time until) {
    world_.run(until);
    contract().check_stakes();
  }
  AssertionChain& contract() { return world_.get(contract_); }
  Layer2Chain& chain() { return world_.get(blocks_).chain; }
  const BoldPlayer& defender() { return world_.get(defender_).player(); }

 private:
  World world_;
  Ref<MinuteBlocks> blocks_;
  Ref<AssertionChain> contract_;
  Ref<BoldDefender> defender_;
  std::vector<Ref<BoldAdversary>> adversaries_;
};

struct DisputeParams {
  BoldParams bold = {};
  std::int64_t answers = 80;
  Effort effort{.replications = 30, .size = 1, .size_max = 1};

  void visit(auto& v) {
    v("bold", bold, {.doc = "Contracts and parties; bold.adversary.count is the number compared"});
    v("answers", answers,
      {.doc = "Replies of the honest side for which its timers must have room", .min = 76});
    v("effort", effort, {.doc = "Exact: one replication"});
  }
};

class BoldDispute final : public CaseOf<DisputeParams> {
 public:
  [[nodiscard]] std::vector<LawRow> law() const override {
    const double bound = (period() * 2 + grace()).seconds() / kDay;
    return {{"longest dispute, d, of two periods and grace", bound, Comparison::Exact, 0.05, true},
            {"days beyond two periods and grace", 0.0, Comparison::Exact},
            {"false assertions settled", 0.0, Comparison::Exact},
            {"honest gas beyond N times that against one", 0.0, Comparison::Exact},
            {"stakes of the honest side lost, ETH", 0.0, Comparison::Exact}};
  }
  [[nodiscard]] std::vector<double> replicate(const Replication&) const override {
    const Outcome one = dispute(1);
    const Outcome many = dispute(params().bold.adversary.count);
    const double bound = (period() * 2 + grace()).seconds() / kDay;
    const double took = many.took.seconds() / kDay;
    const auto n = static_cast<double>(params().bold.adversary.count);
    return {took, std::max(took - bound, 0.0), many.settled, std::max(many.gas - n * one.gas, 0.0),
            many.lost};
  }

 private:
  struct Outcome {
    Duration took;
    double settled = 0;
    double gas = 0;
    double lost = 0;
  };
  [[nodiscard]] Duration period() const { return 12_s * params().bold.rules.challenge_period; }
  [[nodiscard]] Duration grace() const { return 12_s * params().bold.rules.grace_period; }
  [[nodiscard]] Outcome dispute(std::int64_t adversaries) const {
    BoldParams p = params().bold;
    p.adversary.count = adversaries;
    BoldRun run(p);
    const Time start = Time::zero() + 1_d;
    const Duration answers = (p.defender.reply_delay.mean + 24_s) * params().answers;
    run.attack(start, std::max(period() - answers, Duration::zero()));
    run.run(start + period() * 2 + grace() + 4_d);
    Outcome out;
    for (std::uint32_t i = 1; i < run.contract().size(); ++i) {
      const BoldAssertion& subject = run.contract().assertion({i});
      if (subject.staker == run.defender().party()) continue;
      const Time end = subject.closed_at.happened() ? subject.closed_at : Time::max();
      out.took = std::max(out.took, end - subject.created_at);
    }
    out.settled = static_cast<double>(run.contract().totals().false_assertions_settled);
    out.gas = static_cast<double>(run.defender().gas_sent().units);
    out.lost = run.defender().account().confiscated.ether();
    return out;
  }
  void check() const override { params().bold.rules.check("bold"); }
};

struct LayerThreeParams {
  bold::BoldRules bold = {};
  Effort effort{.replications = 30, .size = 1, .size_max = 1};

  void visit(auto& v) {
    v("bold", bold, {.doc = "Constants of both chains, which count blocks of layer one"});
    v("effort", effort, {.doc = "Exact: one replication"});
  }
};

// What is paid on layer two when the first exit is over starts the second; both chains read block
// numbers of layer one, so that one chain serves for both.
class LayerThreeExit final : public CaseOf<LayerThreeParams> {
 public:
  [[nodiscard]] std::vector<LawRow> law() const override {
    const double periods = (period() * 2).seconds();
    return {{"assertion to confirmation, s", period().seconds(), Comparison::Exact},
            // Each exit waits up to two hours for an assertion that covers it.
            {"exit over both chains, s", periods, Comparison::Exact, 4 * 3'624.0},
            {"seconds short of two periods", 0.0, Comparison::Exact}};
  }
  [[nodiscard]] std::vector<double> replicate(const Replication&) const override {
    BoldParams p;
    p.rules = params().bold;
    p.adversary.count = 0;
    BoldRun run(p);
    run.run(Time::zero() + period() * 2 + 12_h);
    const BoldAssertion& first = run.contract().assertion({1});
    const Layer2Block& third = run.chain().block(first.block);
    const Time paid = third.ladder[Rung::Settled];
    BlockId second = third.number;
    while (run.chain().block(second).sealed < paid) ++second.value;
    const Duration took = run.chain().block(second).ladder[Rung::Settled] - third.sealed;
    return {(first.closed_at - first.created_at).seconds(), took.seconds(),
            std::max((period() * 2 - took).seconds(), 0.0)};
  }

 private:
  [[nodiscard]] Duration period() const { return 12_s * params().bold.challenge_period; }
  void check() const override { params().bold.check("bold"); }
};

}  // namespace

std::unique_ptr<ValidationCase> bold_dispute() { return make_case<BoldDispute>(); }
std::unique_ptr<ValidationCase> layer3_exit() { return make_case<LayerThreeExit>(); }

}  // namespace mezz::validation

// Mass exit from a plasma chain: how many get out in time. Sources: validation sheet row A-T-7
// (clearing time = users x gas / (limit x share) x slot), protocol sheet section 5 (N_max within
// the exit period). The simulation is the plasma design's own exit game, users and layer one: an
// invalid root comes, everybody looks at once and exits, and the exits that share the window with
// the thief's are counted. The crowd keeps as many exits waiting as its share of a block holds, so
// a share of one half leaves the base fee where it is.
#include <algorithm>
#include <cmath>
#include <string>

#include "models/layer2/plasma/exit_crowd.h"
#include "models/layer2/plasma/exit_keeper.h"
#include "scenarios/validation/cases.h"
#include "scenarios/validation/chain_probes.h"
#include "sim/check/error.h"
#include "sim/world/world.h"

namespace mezz::validation {

namespace {

struct MassExitParams {
  std::int64_t users = 1'000'000;
  Gas gas_per_exit{100'000};
  Gas gas_limit{30'000'000};
  Ratio share = 50_percent;
  Duration window = 7_d;
  Effort effort{.replications = 30, .size = 1, .size_max = 1};

  void visit(auto& v) {
    v("users", users, {.doc = "Who leave", .min = 1, .max = 2'000'000});
    v("gas_per_exit", gas_per_exit, {.doc = "To start one", .min = Gas{21'000}});
    v("gas_limit", gas_limit, {.doc = "Of a block", .min = base_chain::kTransactionGasMax});
    v("share", share,
      {.doc = "Of the blocks that exits get; more than half makes the base fee rise",
       .min = 1_percent,
       .max = 50_percent});
    v("window", window, {.doc = "Exit period", .min = 5_min, .max = 30_d});
    v("effort", effort, {.doc = "Exact: one replication"});
  }
};

class MassExitRace final : public CaseOf<MassExitParams> {
 public:
  [[nodiscard]] std::vector<LawRow> law() const override {
    const double users = static_cast<double>(params().users);
    const double blocks = users / per_block();
    const double capacity = per_block() * params().window.seconds() / 12.0;
    // The last block may be half full; users see the root with one block and are in the next but
    // one.
    return {{"blocks from the first exit to the last", blocks, Comparison::Exact, 1.0},
            {"exits that precede the thief", std::min(users, capacity), Comparison::Exact,
             2.0 * per_block()},
            {"unsafe: somebody comes after the thief",
             blocks * 12.0 > params().window.seconds() ? 1.0 : 0.0, Comparison::Exact}};
  }
  [[nodiscard]] std::vector<double> replicate(const Replication& r) const override;

 private:
  [[nodiscard]] double per_block() const {
    return static_cast<double>(params().gas_limit.units) * params().share.value() /
           static_cast<double>(params().gas_per_exit.units);
  }
  [[nodiscard]] PlasmaParams plasma() const {
    PlasmaParams p;
    p.min_exit_period = params().window;
    p.gas.start_exit = params().gas_per_exit;
    p.bonds.bounty = Wei::zero();
    p.online_every = 1_s;
    p.holders = params().users;
    p.holder_balance = 1'000_usd;
    p.exits_in_mempool = static_cast<std::int64_t>(per_block());
    return p;
  }
  void check() const override {
    const double blocks = static_cast<double>(params().users) / per_block();
    if (per_block() < 1.0) {
      throw ScenarioError("gas_per_exit", "must fit into the share of a block");
    }
    if (std::abs(blocks * 12.0 - params().window.seconds()) < 60.0) {
      throw ScenarioError("window", "must differ from the clearing time by five blocks at least");
    }
  }
};

std::vector<double> MassExitRace::replicate(const Replication& r) const {
  BaseChainParams chain = quiet_chain();
  chain.gas_limit = params().gas_limit;
  World world({.seed = r.seed, .replication = r.number});
  const auto l1 = world.add<BaseChain>("l1", chain);
  ExecutionParams market;
  market.checkpoints_max = 3;
  ExecutionNode& node = world.get(world.add<ExecutionNode>("node", market));
  L1Inbox& inbox = world.get(world.add<L1Inbox>("inbox", NoParams{}, node.chain()));
  DerivationParams none;
  none.forced_inclusion = ForcedInclusion::QueueOnly;
  Derivation& derivation = world.get(world.add<Derivation>("derivation", none, node, inbox));
  const auto game_ref = world.add<ExitGame>("game", plasma(), node, derivation);
  ExitGame& game = world.get(game_ref);
  const PlasmaWiring wiring{.l1 = l1, .contract = game_ref, .game = &game, .node = &node};
  const auto op = world.add<PlasmaOperator>("operator", plasma(), wiring);
  game.read_commits(world.get(op).commits());
  const auto crowd =
      world.add<ExitCrowd>("crowd", plasma(), wiring, world.get(op).commits(), Ref<Inbox>{});
  world.get(l1).subscribe(game_ref);
  world.get(l1).subscribe(op);
  world.get(l1).subscribe(crowd);
  world.get(crowd).open_holders(node.genesis());
  node.end_genesis();
  game.lock_genesis(node.exchange().totals());
  world.engine().schedule(Time::zero() + 1_min, Ref<Shockable>(op),
                          Shock{.kind = ShockKind::InvalidBlock,
                                .edge = ShockEdge::Begins,
                                .reserved = 0,
                                .number = 0,
                                .magnitude = Ratio::one()});
  world.start();
  const auto users = static_cast<std::uint64_t>(params().users);
  const double blocks = static_cast<double>(params().users) / per_block();
  const Duration enough = duration_from_seconds(12.0 * (blocks + 60.0));
  world.run(Time::zero() + enough);

  const std::uint64_t thief = game.exit_of({.kind = ExitKind::Invented, .number = 0});
  MEZZ_ASSERT(thief != kNoExit && game.exits() == users + 1);
  Time begin = Time::max();
  Time last = game.invalid_since();
  std::uint64_t first = 0;
  for (std::uint64_t i = 0; i < game.exits(); ++i) {
    if (i == thief) continue;
    begin = std::min(begin, game.exit(i).started);
    last = std::max(last, game.exit(i).started);
    first += game.exit(i).priority < game.exit(thief).priority ? 1 : 0;
  }
  return {(last - begin).seconds() / 12.0 + 1.0, static_cast<double>(first),
          first < users ? 1.0 : 0.0};
}

// ---- arithmetic ------------------------------------------------------------------------------

struct CapacityParams {
  Gas gas_per_exit{300'000};
  Duration window = 7_d;
  std::vector<std::int64_t> gas_limits = {10'000'000, 30'000'000, 60'000'000};

  void visit(auto& v) {
    v("gas_per_exit", gas_per_exit, {.doc = "To get one out", .min = Gas{21'000}});
    v("window", window, {.doc = "Exit period", .min = 1_min, .max = 365_d});
    v("gas_limits", gas_limits, {.doc = "Of a block", .min = 1'000'000});
  }
};

class ExitCapacity final : public CaseOf<CapacityParams> {
 public:
  [[nodiscard]] std::vector<LawRow> law() const override {
    std::vector<LawRow> rows;
    for (const std::int64_t limit : params().gas_limits) {
      const double blocks = params().window.seconds() / 12.0;
      const double exits =
          static_cast<double>(limit) * blocks / static_cast<double>(params().gas_per_exit.units);
      rows.push_back({"exits at a limit of " + std::to_string(limit) + " gas", std::floor(exits),
                      Comparison::Exact});
    }
    return rows;
  }
  [[nodiscard]] std::vector<double> replicate(const Replication&) const override {
    std::vector<double> out;
    for (const std::int64_t limit : params().gas_limits) {
      const plasma::MassExit exit{.gas_per_exit = params().gas_per_exit, .gas_limit = Gas{limit}};
      out.push_back(static_cast<double>(plasma::exits_in(exit, params().window)));
    }
    return out;
  }
};

}  // namespace

std::unique_ptr<ValidationCase> mass_exit_race() { return make_case<MassExitRace>(); }
std::unique_ptr<ValidationCase> exit_capacity() { return make_case<ExitCapacity>(); }

}  // namespace mezz::validation

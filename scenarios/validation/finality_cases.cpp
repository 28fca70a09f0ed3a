// Finality, challenge and inclusion: protocol arithmetic against the entities and games that play
// it. Sources: arbitrum-docs (confirm period in layer-one blocks), OP Stack specification (dispute
// game clocks, withdrawal delays), Casper FFG (two epochs and the rest of the current one), the
// geometric law of independent leaders.
#include <algorithm>
#include <cmath>
#include <string>

#include "models/layer2/settlement/dispute_game.h"
#include "models/layer2/settlement/withdrawal_rules.h"
#include "models/layer2/validator_set.h"
#include "scenarios/validation/cases.h"
#include "scenarios/validation/chain_probes.h"
#include "scenarios/validation/meter.h"
#include "scenarios/validation/statistics.h"
#include "sim/check/error.h"
#include "sim/random/stream.h"
#include "sim/world/world.h"

namespace mezz::validation {

namespace {

// ---- confirm period -------------------------------------------------------------------------

struct ConfirmParams {
  std::int64_t period = 45'818;
  Duration slot_time = 12_s;
  Ratio missed_slots = Ratio::zero();
  double tolerance = 0.001;
  Effort effort{.replications = 30, .size = 1, .size_max = 1};

  void visit(auto& v) {
    v("period", period, {.doc = "Layer-one blocks", .min = 1, .max = 10'000'000});
    v("slot_time", slot_time, {.doc = "Between two slots", .min = 1_s});
    v("missed_slots", missed_slots,
      {.doc = "Share of slots without a block: windows count blocks, not time",
       .min = Ratio::zero(),
       .max = 90_percent});
    v("tolerance", tolerance, {.doc = "Relative, with missed slots", .min = 1e-6, .max = 0.5});
    v("effort", effort, {.doc = "size: unused"});
  }
};

class ConfirmPeriod final : public CaseOf<ConfirmParams> {
 public:
  [[nodiscard]] std::vector<LawRow> law() const override {
    const double blocks =
        static_cast<double>(params().period) / (1 - params().missed_slots.value());
    const double time = blocks * params().slot_time.seconds();
    const char* name = "assertion to confirmation, s";
    if (params().missed_slots > Ratio::zero()) {
      return {{name, time, Comparison::Mean, params().tolerance, true}};
    }
    return {{name, time, Comparison::Exact}};
  }
  [[nodiscard]] std::vector<double> replicate(const Replication& r) const override {
    BaseChainParams p = quiet_chain();
    p.slot_time = params().slot_time;
    p.missed_slot_probability = params().missed_slots;
    World world({.seed = r.seed, .replication = r.number});
    const Ref<BaseChain> chain = world.add<BaseChain>("l1", p);
    const Ref<ClaimWatcher> watcher =
        world.add<ClaimWatcher>("watcher", {.period = params().period}, chain);
    world.get(chain).subscribe(watcher);
    world.start();
    world.run(Time::max());
    return {(world.get(watcher).confirmed() - world.get(watcher).included()).seconds()};
  }
};

// ---- dispute game clocks --------------------------------------------------------------------

struct ClockParams {
  layer2::DisputeGameParams game = {};
  layer2::WithdrawalParams withdrawal = {};

  void visit(auto& v) {
    v("game", game, {.doc = "The fault dispute game"});
    v("withdrawal", withdrawal, {.doc = "The two delays of the portal"});
  }
};

class DisputeClocks final : public CaseOf<ClockParams> {
 public:
  [[nodiscard]] std::vector<LawRow> law() const override {
    const double clock = params().game.max_clock_duration.seconds();
    const double maturity = params().withdrawal.proof_maturity_delay.seconds();
    const double gap = params().withdrawal.finality_delay.seconds();
    // The contract counts whole seconds; the last move comes one nanosecond before its deadline.
    const double second = 1e-6;
    return {{"claim to resolution, undisputed, s", clock, Comparison::Exact, second},
            {"withdrawal paid, undisputed, s", std::max(maturity, clock + gap), Comparison::Exact,
             second},
            {"claim to resolution, both clocks used up, s", 2 * clock, Comparison::Exact, second},
            {"withdrawal paid, after that game is lost and repeated, s",
             2 * clock + std::max(maturity, clock + gap), Comparison::Exact, second}};
  }
  [[nodiscard]] std::vector<double> replicate(const Replication&) const override {
    layer2::DisputeGame quiet = new_game(Time::zero());
    const Time quiet_end = settle(quiet);
    const Time quiet_paid = paid(quiet, Time::zero());

    layer2::DisputeGame disputed = new_game(Time::zero());
    const layer2::Position root = disputed.claim(layer2::ClaimIndex{0}).position;
    const Wei bond = disputed.required_bond(root.moved(layer2::MoveKind::Attack));
    const Time last_moment = Time::zero() + params().game.max_clock_duration - Duration{1};
    const layer2::MoveOutcome moved = disputed.move({.against = layer2::ClaimIndex{0},
                                                     .kind = layer2::MoveKind::Attack,
                                                     .value = {7},
                                                     .by = layer2::PartyId{2},
                                                     .bond = bond},
                                                    last_moment);
    MEZZ_ASSERT(moved == layer2::MoveOutcome::Accepted);
    const Time disputed_end = settle(disputed);
    // Nobody answered the attack: the claim is lost, and the user proves again against a new game.
    MEZZ_ASSERT(disputed.status() == layer2::GameStatus::ChallengerWins);
    layer2::DisputeGame again = new_game(disputed_end);
    settle(again);
    return {quiet_end.seconds(), quiet_paid.seconds(), disputed_end.seconds(),
            paid(again, disputed_end).seconds()};
  }

 private:
  [[nodiscard]] layer2::DisputeGame new_game(Time at) const {
    return {params().game,
            {.proposer = layer2::PartyId{1},
             .value = {100},
             .anchor = {1},
             .absolute_prestate = {2},
             .at = at}};
  }
  // Resolves at the first instant at which it can be.
  static Time settle(layer2::DisputeGame& game) {
    Time latest = Time::zero();
    for (std::uint32_t i = 0; i < game.claim_count(); ++i) {
      latest = std::max(latest, game.clock_expires(layer2::ClaimIndex{i}));
    }
    const bool too_early = game.resolve_all(latest - Duration{1}) == layer2::GameStatus::InProgress;
    MEZZ_ASSERT(too_early);
    const layer2::GameStatus status = game.resolve_all(latest);
    MEZZ_ASSERT(status != layer2::GameStatus::InProgress);
    return game.resolved_at();
  }
  [[nodiscard]] Time paid(const layer2::DisputeGame& game, Time proven) const {
    layer2::Withdrawal withdrawal(1);
    layer2::GameView view{.l2_block = 1, .created_at = game.created_at()};
    const layer2::ProveOutcome proof = withdrawal.prove(view, layer2::PortalState::Open, proven);
    MEZZ_ASSERT(proof == layer2::ProveOutcome::Accepted);
    view.status = game.status();
    view.resolved_at = game.resolved_at();
    const Time at = withdrawal.payable_at(params().withdrawal, view);
    const layer2::WithdrawalCheck check =
        withdrawal.pay(params().withdrawal, view, layer2::PortalState::Open, at);
    MEZZ_ASSERT(check == layer2::WithdrawalCheck::Payable);
    return withdrawal.paid_at();
  }
  void check() const override { params().game.check("game"); }
};

// ---- layer-one finality ---------------------------------------------------------------------

struct FinalityParams {
  Duration slot_time = 12_s;
  double tolerance = 0.005;
  Effort effort{.size = 2'000, .size_max = 200'000};

  void visit(auto& v) {
    v("slot_time", slot_time,
      {.doc = "Between two slots; 32 make an epoch", .min = 1_s, .max = 1_min});
    v("tolerance", tolerance, {.doc = "Of the mean, relative", .min = 1e-4, .max = 0.5});
    v("effort", effort, {.doc = "size: transactions of one replication"});
  }
};

class L1Finality final : public CaseOf<FinalityParams> {
 public:
  [[nodiscard]] std::vector<LawRow> law() const override {
    const double epoch = epoch_minutes();
    return {{"mean submission to finality, min", 2.5 * epoch, Comparison::Mean, params().tolerance,
             true},
            {"variance, min^2", epoch * epoch / 12, Comparison::Mean, 4 * params().tolerance, true},
            {"share outside two to three epochs", 0, Comparison::Exact},
            {"p-value: uniform (Kolmogorov-Smirnov)", 0.01, Comparison::AtLeast}};
  }
  [[nodiscard]] std::vector<double> replicate(const Replication& r) const override {
    BaseChainParams p = quiet_chain();
    p.slot_time = params().slot_time;
    World world({.seed = r.seed, .replication = r.number});
    const Ref<BaseChain> chain = world.add<BaseChain>("l1", p);
    const Ref<FinalityProbe> probe = world.add<FinalityProbe>(
        "probe", {.transactions = r.size, .interval = params().slot_time * 35}, chain);
    world.get(chain).subscribe(probe);
    world.start();
    world.run(Time::max());
    const std::vector<Duration>& delays = world.get(probe).delays();
    const Moments seconds = moments(delays);
    const double epoch = epoch_minutes();
    double outside = 0;
    std::vector<double> sample;
    for (const Duration d : delays) {
      sample.push_back(d.seconds() / 60);
      const bool inside = sample.back() >= 2 * epoch && sample.back() <= 3 * epoch;
      outside += inside ? 0 : 1;
    }
    const auto n = static_cast<double>(delays.size());
    const double p_value = uniform_ks_p(std::move(sample), {2 * epoch, 3 * epoch});
    return {seconds.mean / 60, seconds.variance / 3'600 * n / (n - 1), outside / n, p_value};
  }

 private:
  [[nodiscard]] double epoch_minutes() const { return 32 * params().slot_time.seconds() / 60; }
};

// ---- censoring leaders ----------------------------------------------------------------------

struct CensorshipParams {
  Ratio censoring = 50_percent;
  std::int64_t validators = 20;
  std::int64_t slots = 10;
  double tolerance = 0.01;
  Effort effort{.size = 100'000, .size_max = 10'000'000};

  void visit(auto& v) {
    v("censoring", censoring,
      {.doc = "Share of leaders who censor; rounded up to whole validators",
       .min = 1_percent,
       .max = 99_percent});
    v("validators", validators,
      {.doc = "Of equal stake, drawn as leaders one per slot", .min = 2, .max = 1'000});
    v("slots", slots,
      {.doc = "P(passed over at least so often) is compared", .min = 1, .max = 10'000});
    v("tolerance", tolerance, {.doc = "Of the mean, relative", .min = 1e-4, .max = 0.5});
    v("effort", effort, {.doc = "size: transactions of one replication"});
  }
};

// The leaders are those of the rotation's own rule (ValidatorSet::drawn_leader, from a beacon):
// one transaction waits for the first leader who takes it, then the next one is sent.
class CensoringLeaders final : public CaseOf<CensorshipParams> {
 public:
  [[nodiscard]] std::vector<LawRow> law() const override {
    const double x = share();
    const std::int64_t late = slots_for_999();
    const double t = params().tolerance;
    return {{"mean slots to inclusion", 1 / (1 - x), Comparison::Mean, t, true},
            tail_row(params().slots),
            {"p-value: geometric (chi-square)", 0.01, Comparison::AtLeast},
            tail_row(late)};
  }
  [[nodiscard]] std::vector<double> replicate(const Replication& r) const override {
    const auto count = static_cast<std::uint64_t>(params().validators);
    const ValidatorSet set = ValidatorSet::with_largest(count, 1, 1);
    Stream stream(r.seed, r.number, "leaders", "beacon");
    const std::uint64_t beacon = stream.bits64();
    std::vector<std::int64_t> delays;  // how many were passed over so often
    std::uint64_t passed_over = 0;
    std::uint64_t slot = 0;
    for (std::int64_t included = 0; included < r.size; ++slot) {
      if (set.among_first(set.drawn_leader(beacon, slot, 0), params().censoring)) {
        ++passed_over;
        continue;
      }
      if (delays.size() <= passed_over) delays.resize(passed_over + 1);
      ++delays[passed_over];
      passed_over = 0;
      ++included;
    }
    const auto n = static_cast<double>(r.size);
    double slots = 0;
    for (std::size_t k = 0; k < delays.size(); ++k) {
      slots += static_cast<double>(delays[k]) * static_cast<double>(k + 1);
    }
    return {slots / n, tail(delays, params().slots) / n, fit(delays, n),
            tail(delays, slots_for_999()) / n};
  }

 private:
  // Who censor are whole validators.
  [[nodiscard]] double share() const {
    const auto count = static_cast<double>(params().validators);
    return std::ceil(params().censoring.value() * count - 1e-9) / count;
  }
  void check() const override {
    if (share() >= 1) throw ScenarioError("censoring", "must leave one validator who does not");
  }
  [[nodiscard]] LawRow tail_row(std::int64_t slots) const {
    const double law = std::pow(share(), static_cast<double>(slots));
    return {"P(passed over >= " + std::to_string(slots) + " times)", law, Comparison::Rare,
            10 * params().tolerance, true};
  }
  // The first number of slots by which 99.9 % are in.
  [[nodiscard]] std::int64_t slots_for_999() const {
    return static_cast<std::int64_t>(std::ceil(std::log(0.001) / std::log(share()) - 1e-9));
  }
  static double tail(const std::vector<std::int64_t>& delays, std::int64_t from) {
    double count = 0;
    for (std::size_t k = static_cast<std::size_t>(from); k < delays.size(); ++k) {
      count += static_cast<double>(delays[k]);
    }
    return count;
  }
  // Cells of one delay each while at least ten are expected, then all longer ones together.
  [[nodiscard]] double fit(const std::vector<std::int64_t>& delays, double n) const {
    const double x = share();
    std::vector<double> seen;
    std::vector<double> expected;
    double rest = n;
    for (std::size_t k = 0; rest * x >= 10; ++k) {
      seen.push_back(k < delays.size() ? static_cast<double>(delays[k]) : 0.0);
      expected.push_back(rest * (1 - x));
      rest *= x;
    }
    seen.push_back(tail(delays, static_cast<std::int64_t>(seen.size())));
    expected.push_back(rest);
    return seen.size() < 2 ? 1.0 : chi_square_p(seen, expected);
  }
};

}  // namespace

std::unique_ptr<ValidationCase> confirm_period() { return make_case<ConfirmPeriod>(); }
std::unique_ptr<ValidationCase> dispute_clocks() { return make_case<DisputeClocks>(); }
std::unique_ptr<ValidationCase> l1_finality() { return make_case<L1Finality>(); }
std::unique_ptr<ValidationCase> censoring_leaders() { return make_case<CensoringLeaders>(); }

}  // namespace mezz::validation

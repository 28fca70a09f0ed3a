// The verifier's dilemma: closed forms beside players who learn. Source: inspection game of the
// validation sheet (rows A-G-4, A-G-5), Mamageishvili and Felten arXiv 2308.02880. In fictitious
// play the strategies circle for ever (there is no equilibrium in pure ones) and only the time
// average settles, like one over the square root of the rounds.
#include <cmath>
#include <string>

#include "models/layer2/settlement/verifier_game.h"
#include "scenarios/validation/cases.h"
#include "sim/check/error.h"
#include "sim/random/stream.h"

namespace mezz::validation {

namespace {

using layer2::VerifierGameParams;

double dollars(Money money) { return static_cast<double>(money.micros) / 1e6; }

struct DilemmaParams {
  VerifierGameParams game = {};
  std::int64_t rounds = 20'000'000;
  double tolerance = 0.05;
  Effort effort{.replications = 30, .size = 1, .size_max = 1};

  void visit(auto& v) {
    v("game", game, {.doc = "What is won and lost"});
    v("rounds", rounds, {.doc = "Claims", .min = 1'000, .max = 1'000'000'000});
    v("tolerance", tolerance, {.doc = "Of the time averages, relative", .min = 1e-4, .max = 0.5});
    v("effort", effort, {.doc = "seed: of what the players believe at first; the rest is unused"});
  }
};

class VerifierDilemma final : public CaseOf<DilemmaParams> {
 public:
  [[nodiscard]] std::vector<LawRow> law() const override {
    const VerifierGameParams& g = params().game;
    const double check = dollars(g.cheat_gain) / (dollars(g.cheat_gain) + dollars(g.bond));
    const double cheat = dollars(g.check_cost) / dollars(g.reward);
    const double t = params().tolerance;
    return {{"equilibrium: check", check, Comparison::Exact, 1e-12},
            {"equilibrium: cheat", cheat, Comparison::Exact, 1e-12},
            {"learned: share of claims checked", check, Comparison::Exact, t, true},
            {"learned: share of claims false", cheat, Comparison::Exact, t, true},
            {"learned: share false and unchecked", cheat * (1 - check), Comparison::Exact, t, true},
            {"both players still change their minds", 1, Comparison::Exact}};
  }
  [[nodiscard]] std::vector<double> replicate(const Replication& r) const override {
    const layer2::VerifierEquilibrium even = layer2::equilibrium(params().game);
    Stream of_operator(r.seed, r.number, "operator", "prior");
    Stream of_validator(r.seed, r.number, "validator", "prior");
    constexpr std::int64_t kImagined = 100;
    layer2::FictitiousPlay play(
        params().game, {.rounds = kImagined,
                        .cheats = static_cast<std::int64_t>(of_validator.below(kImagined)),
                        .checks = static_cast<std::int64_t>(of_operator.below(kImagined))});
    play.play(params().rounds / 2);
    const layer2::VerifierCounts half = play.counts();
    play.play(params().rounds - half.rounds);
    const layer2::VerifierCounts& all = play.counts();
    const auto n = static_cast<double>(all.rounds);
    const auto moved = [&](std::int64_t now, std::int64_t then) {
      return now > then && now - then < all.rounds - half.rounds;
    };
    const bool mixed = moved(all.cheats, half.cheats) && moved(all.checks, half.checks);
    return {even.check,
            even.cheat,
            static_cast<double>(all.checks) / n,
            static_cast<double>(all.cheats) / n,
            static_cast<double>(all.undetected) / n,
            mixed ? 1.0 : 0.0};
  }

 private:
  void check() const override { params().game.check("game"); }
};

// ---- several validators ---------------------------------------------------------------------

struct CrowdParams {
  VerifierGameParams game = {};
  std::int64_t validators = 5;
  double tolerance = 0.005;
  Effort effort{.size = 10'000, .size_max = 1'000'000};

  void visit(auto& v) {
    v("game", game, {.doc = "What is won and lost; one check is enough"});
    v("validators", validators, {.doc = "Identical ones", .min = 1, .max = 10'000});
    v("tolerance", tolerance, {.doc = "Of the simulated share, relative", .min = 1e-4, .max = 0.5});
    v("effort", effort, {.doc = "size: claims of one replication"});
  }
};

class VerifierCrowd final : public CaseOf<CrowdParams> {
 public:
  [[nodiscard]] std::vector<LawRow> law() const override {
    const VerifierGameParams& g = params().game;
    const double gain = dollars(g.cheat_gain);
    const double bond = dollars(g.bond);
    const double nobody = bond / (gain + bond);
    const double check = 1 - std::pow(nobody, 1 / static_cast<double>(params().validators));
    return {{"each checks with probability", check, Comparison::Exact, 1e-8},
            {"P(nobody checks)", nobody, Comparison::Exact, 1e-8},
            {"share of claims nobody checked", nobody, Comparison::Mean, params().tolerance, true},
            {"operator's gain per false claim", 0, Comparison::Mean,
             params().tolerance * (gain + bond)}};
  }
  [[nodiscard]] std::vector<double> replicate(const Replication& r) const override {
    const double check = layer2::check_probability(params().game, params().validators);
    std::vector<Stream> validators;
    for (std::int64_t i = 0; i < params().validators; ++i) {
      validators.emplace_back(r.seed, r.number, "validator/" + std::to_string(i), "check");
    }
    std::int64_t unchecked = 0;
    for (std::int64_t claim = 0; claim < r.size; ++claim) {
      bool checked = false;
      for (Stream& stream : validators) {  // they do not know of each other: all draw
        const bool checks = stream.uniform() < check;
        checked = checked || checks;
      }
      unchecked += checked ? 0 : 1;
    }
    const double share = static_cast<double>(unchecked) / static_cast<double>(r.size);
    const double gain =
        share * dollars(params().game.cheat_gain) - (1 - share) * dollars(params().game.bond);
    return {check, layer2::nobody_checks(check, params().validators), share, gain};
  }

 private:
  void check() const override { params().game.check("game"); }
};

}  // namespace

std::unique_ptr<ValidationCase> verifier_dilemma() { return make_case<VerifierDilemma>(); }
std::unique_ptr<ValidationCase> verifier_crowd() { return make_case<VerifierCrowd>(); }

}  // namespace mezz::validation

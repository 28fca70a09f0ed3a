// The verifier's dilemma: checking costs, and is worth it only if somebody cheats. One operator who
// may assert a false state, one validator (or several) who may check. Sources: Mamageishvili and
// Felten, "Incentive schemes for rollup validators" (arXiv 2308.02880: no equilibrium in pure
// strategies); reference sheet "validation" rows A-G-4 and A-G-5.
//
//   operator    cheats and nobody checks: + cheat_gain; cheats and is caught: - bond; honest: 0
//   validator   checks: - check_cost, and + reward if there was something to find
//
// Each is indifferent at the other's mixed strategy: check = gain / (gain + bond), cheat = cost /
// reward. With n validators of whom one is enough, each checks so seldom that the operator stays
// indifferent: the probability that nobody does is bond / (gain + bond) whatever n is. Players
// learn it by fictitious play (Brown 1951; converges in 2 x 2 games, Miyasawa 1961): each answers
// best to how often the other has done it so far. Exact integers, no randomness. Left out: rewards
// shared among several finders, repeated bonds, checks that miss.
#pragma once

#include <cstdint>
#include <string_view>

#include "sim/config/visit.h"
#include "sim/types/money.h"

namespace mezz::layer2 {

struct VerifierGameParams {
  Money cheat_gain = 100_usd;
  Money bond = 1'000_usd;
  Money check_cost = 1_usd;
  Money reward = 500_usd;

  void visit(auto& v) {
    v("cheat_gain", cheat_gain, {.doc = "What an undetected false claim earns the operator"});
    v("bond", bond, {.doc = "What the operator loses when it is caught"});
    v("check_cost", check_cost, {.doc = "What the validator pays to check one claim"});
    v("reward", reward, {.doc = "What the validator gets for finding a false claim"});
  }
  // Throws ScenarioError where one side has a best answer to everything: then nothing is mixed.
  void check(std::string_view path) const;
};

struct VerifierEquilibrium {
  double check = 0;       // probability that the validator checks
  double cheat = 0;       // probability that the operator cheats
  double undetected = 0;  // probability of a false claim that nobody checks
};
VerifierEquilibrium equilibrium(const VerifierGameParams& params);

// Of each of n identical validators, when the operator is indifferent.
double check_probability(const VerifierGameParams& params, std::int64_t validators);
// (1 - check)^n
double nobody_checks(double check, std::int64_t validators);

// What the two have seen of each other.
struct VerifierCounts {
  std::int64_t rounds = 0;
  std::int64_t cheats = 0;
  std::int64_t checks = 0;
  std::int64_t undetected = 0;

  void visit_state(auto& v) {
    v("rounds", rounds);
    v("cheats", cheats);
    v("checks", checks);
    v("undetected", undetected);
  }
};

class FictitiousPlay {
 public:
  // `earlier`: imagined rounds, the prior beliefs.
  FictitiousPlay(const VerifierGameParams& params, const VerifierCounts& earlier);

  void play(std::int64_t rounds);
  // Of the rounds played, without the imagined ones.
  [[nodiscard]] const VerifierCounts& counts() const { return counts_; }
  // The answers to what has been seen; when indifferent: honest, and idle.
  [[nodiscard]] bool would_cheat() const;
  [[nodiscard]] bool would_check() const;

  void visit_state(auto& v) { v("counts", counts_); }

 private:
  VerifierGameParams params_;
  VerifierCounts earlier_;
  VerifierCounts counts_;
};

}  // namespace mezz::layer2

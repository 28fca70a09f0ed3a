#include "models/layer2/settlement/verifier_game.h"

#include <gtest/gtest.h>

#include "sim/check/error.h"

namespace mezz::layer2 {
namespace {

// Validation sheet A-G-4: gain 100, bond 1000, check 1, reward 500.
TEST(VerifierGame, EquilibriumOfTheSheet) {
  const VerifierEquilibrium even = equilibrium({});
  EXPECT_NEAR(even.check, 0.0909091, 5e-8);
  EXPECT_DOUBLE_EQ(even.cheat, 0.002);
  EXPECT_NEAR(even.undetected, 1.81818e-3, 5e-9);
}

TEST(VerifierGame, MoreValidatorsDoNotHelp) {  // A-G-5
  EXPECT_NEAR(check_probability({}, 5), 0.0188815, 5e-8);
  EXPECT_NEAR(check_probability({}, 10), 0.00948574, 5e-9);
  for (const std::int64_t n : {1, 2, 5, 10, 1'000}) {
    EXPECT_NEAR(nobody_checks(check_probability({}, n), n), 1.0 / 1.1, 1e-12) << n;
  }
}

// With these beliefs each is indifferent: 1 check in 11, 1 false claim in 500. Indifferent players
// stay honest and idle.
TEST(VerifierGame, BestAnswersTurnAtTheEquilibrium) {
  EXPECT_FALSE(FictitiousPlay({}, {.rounds = 1'100, .checks = 100}).would_cheat());
  EXPECT_TRUE(FictitiousPlay({}, {.rounds = 1'100, .checks = 99}).would_cheat());
  EXPECT_FALSE(FictitiousPlay({}, {.rounds = 500, .cheats = 1}).would_check());
  EXPECT_TRUE(FictitiousPlay({}, {.rounds = 499, .cheats = 1}).would_check());
}

// Never checked: cheat. Always cheating: check. Always checked: do not. Never cheating: do not.
TEST(VerifierGame, NoPureStrategyIsAnAnswerToItself) {
  EXPECT_TRUE(FictitiousPlay({}, {.rounds = 10}).would_cheat());
  EXPECT_TRUE(FictitiousPlay({}, {.rounds = 10, .cheats = 10}).would_check());
  EXPECT_FALSE(FictitiousPlay({}, {.rounds = 10, .checks = 10}).would_cheat());
  EXPECT_FALSE(FictitiousPlay({}, {.rounds = 10}).would_check());
}

TEST(VerifierGame, TimeAverageOfLearningIsTheEquilibrium) {
  const VerifierGameParams game{.cheat_gain = 500_usd, .check_cost = 50_usd};
  const VerifierEquilibrium even = equilibrium(game);  // check 1/3, cheat 1/10
  FictitiousPlay play(game, {.rounds = 100, .cheats = 70, .checks = 5});
  play.play(1'000'000);
  const VerifierCounts& seen = play.counts();
  EXPECT_NEAR(static_cast<double>(seen.checks) / 1e6, even.check, 0.02 * even.check);
  EXPECT_NEAR(static_cast<double>(seen.cheats) / 1e6, even.cheat, 0.02 * even.cheat);
  EXPECT_NEAR(static_cast<double>(seen.undetected) / 1e6, even.undetected, 0.02 * even.undetected);
}

TEST(VerifierGame, PlayInTwoPartsIsPlayInOne) {
  FictitiousPlay whole({}, {.rounds = 7, .cheats = 3, .checks = 2});
  FictitiousPlay parts = whole;
  whole.play(50'000);
  parts.play(12'345);
  parts.play(50'000 - 12'345);
  EXPECT_EQ(whole.counts().checks, parts.counts().checks);
  EXPECT_EQ(whole.counts().cheats, parts.counts().cheats);
  EXPECT_EQ(whole.counts().undetected, parts.counts().undetected);
}

TEST(VerifierGame, GamesWithADominantAnswerAreRefused) {
  EXPECT_NO_THROW(VerifierGameParams{}.check("game"));
  VerifierGameParams game;
  game.reward = game.check_cost;
  EXPECT_THROW(game.check("game"), ScenarioError);
  game = {};
  game.check_cost = Money::zero();
  EXPECT_THROW(game.check("game"), ScenarioError);
  game = {};
  game.bond = Money::zero();
  EXPECT_THROW(game.check("game"), ScenarioError);
  game = {};
  game.cheat_gain = Money::zero();
  EXPECT_THROW(game.check("game"), ScenarioError);
}

}  // namespace
}  // namespace mezz::layer2

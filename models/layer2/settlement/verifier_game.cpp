#include "models/layer2/settlement/verifier_game.h"

#include <string>

#include "sim/check/assert.h"
#include "sim/check/error.h"
#include "sim/numeric/elementary.h"

namespace mezz::layer2 {

namespace {
double amount(Money money) { return static_cast<double>(money.micros); }
}  // namespace

void VerifierGameParams::check(std::string_view path) const {
  const std::string prefix(path);
  const auto positive = [&](Money money, const char* name) {
    if (money <= Money::zero()) throw ScenarioError(prefix + "." + name, "must be > 0");
  };
  positive(cheat_gain, "cheat_gain");
  positive(bond, "bond");
  positive(check_cost, "check_cost");
  if (reward <= check_cost) {
    throw ScenarioError(prefix + ".reward", "must exceed check_cost: nobody would ever check");
  }
}

VerifierEquilibrium equilibrium(const VerifierGameParams& params) {
  MEZZ_ASSERT(params.cheat_gain + params.bond > Money::zero());
  MEZZ_ASSERT(params.reward > Money::zero());
  const double check = amount(params.cheat_gain) / amount(params.cheat_gain + params.bond);
  const double cheat = amount(params.check_cost) / amount(params.reward);
  return {.check = check, .cheat = cheat, .undetected = cheat * (1.0 - check)};
}

double check_probability(const VerifierGameParams& params, std::int64_t validators) {
  MEZZ_ASSERT(validators > 0);
  // 1 - (bond / (gain + bond))^(1/n), without losing digits when n is large.
  const double one = equilibrium(params).check;
  const double check = -numeric::expm1(numeric::log1p(-one) / static_cast<double>(validators));
  MEZZ_ASSERT(check > 0.0 && check < 1.0);
  return check;
}

double nobody_checks(double check, std::int64_t validators) {
  MEZZ_ASSERT(check >= 0.0 && check <= 1.0);
  MEZZ_ASSERT(validators >= 0);
  double nobody = 1.0;
  for (std::int64_t i = 0; i < validators; ++i) nobody *= 1.0 - check;
  return nobody;
}

FictitiousPlay::FictitiousPlay(const VerifierGameParams& params, const VerifierCounts& earlier)
    : params_(params), earlier_(earlier) {
  MEZZ_ASSERT(earlier.cheats >= 0 && earlier.cheats <= earlier.rounds);
  MEZZ_ASSERT(earlier.checks >= 0 && earlier.checks <= earlier.rounds);
}

bool FictitiousPlay::would_cheat() const {
  const Int128 checked = earlier_.checks + counts_.checks;
  const Int128 unchecked = earlier_.rounds + counts_.rounds - checked;
  return unchecked * params_.cheat_gain.micros > checked * params_.bond.micros;
}

bool FictitiousPlay::would_check() const {
  const Int128 rounds = earlier_.rounds + counts_.rounds;
  const Int128 cheats = earlier_.cheats + counts_.cheats;
  return cheats * params_.reward.micros > rounds * params_.check_cost.micros;
}

void FictitiousPlay::play(std::int64_t rounds) {
  MEZZ_ASSERT(rounds >= 0);
  for (std::int64_t i = 0; i < rounds; ++i) {
    const bool cheats = would_cheat();
    const bool checks = would_check();
    ++counts_.rounds;
    counts_.cheats += cheats ? 1 : 0;
    counts_.checks += checks ? 1 : 0;
    counts_.undetected += cheats && !checks ? 1 : 0;
  }
  MEZZ_ASSERT(counts_.undetected <= counts_.cheats && counts_.cheats <= counts_.rounds);
}

}  // namespace mezz::layer2

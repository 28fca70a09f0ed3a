// Every design under every kind of shock, and under none: a new name in Design or ShockKind gets
// these tests for free.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "tests/conformance/inspector.h"

namespace mezz::conformance {
namespace {

constexpr Duration kBegin = 40_min;
constexpr Duration kLasts = 20_min;
// From the end of the shock to the last withdrawal that must be paid, and from there to the end.
constexpr Duration kHorizon = 110_min;

struct Case {
  Design design;
  std::optional<ShockKind> shock;
};

std::vector<Case> all_cases() {
  std::vector<Case> cases;
  for (std::size_t d = 0; d < std::size(EnumNames<Design>::names); ++d) {
    cases.push_back({static_cast<Design>(d), std::nullopt});
    for (std::size_t k = 0; k < kShockKinds; ++k) {
      cases.push_back({static_cast<Design>(d), static_cast<ShockKind>(k)});
    }
  }
  return cases;
}

std::string name_of(const testing::TestParamInfo<Case>& info) {
  const std::string design(enum_name(info.param.design));
  return design + "__" + (info.param.shock ? std::string(enum_name(*info.param.shock)) : "calm");
}

SmallWorld world_of(const Case& c) {
  SmallWorld world{.design = c.design, .shocks = {}};
  if (!c.shock) return world;
  world.shocks.push_back({.kind = *c.shock,
                          .at = kBegin,
                          .duration = is_moment(*c.shock) ? Duration::zero() : kLasts,
                          .magnitude = magnitude_of(*c.shock, 60_percent)});
  return world;
}

// Shocks of 20 minutes that end a design's market for ever: exits out of a plasma chain that
// withholds or invents, and a bridge whose keys are in one hand. No other may.
bool may_end(const Case& c) {
  if (c.design == Design::Plasma) {
    return c.shock == ShockKind::DataWithheld || c.shock == ShockKind::InvalidBlock ||
           c.shock == ShockKind::MassExit;
  }
  return c.design == Design::Sidechain && c.shock == ShockKind::KeysCompromised;
}

class Conformance : public testing::TestWithParam<Case> {};

TEST_P(Conformance, KeepsItsPromises) {
  const SmallWorld world = world_of(GetParam());
  const Inspection found = inspect(world, [&](Inspector& inspector) {
    if (GetParam().shock == ShockKind::SequencerDown) {
      inspector.expect_no_user_blocks(Time::zero() + kBegin, Time::zero() + kBegin + kLasts);
    }
    inspector.expect_paid(Time::zero() + world.length - kHorizon);
    inspector.expect_alive(Time::zero() + world.length - 10_min);
    if (inspector.ended() && !may_end(GetParam())) inspector.problem("the market has ended");
  });
  EXPECT_THAT(found.problems, testing::IsEmpty()) << to_toml(world);
  // Cut in the middle of the shock.
  EXPECT_EQ(fingerprint_by_snapshot(world, kBegin + kLasts / 2), found.fingerprint);
}

// Accounts that signed no loss had their channels closed at states before their own withdrawals,
// which stayed open for ever: 100 and 200 USD were missing in these worlds.
TEST(SigningRefused, LeavesNoWithdrawalOpen) {
  const std::vector<SmallShock> several = {
      {ShockKind::SigningRefused, 914_s, 1'488_s, 56_percent},
      {ShockKind::PriceJump, 2'003_s, {}, magnitude_of(ShockKind::PriceJump, 52_percent)},
      {ShockKind::SigningRefused, 2'227_s, 2'387_s, 8_percent},
      {ShockKind::SequencerDown, 5'739_s, 2'017_s, 62_percent}};
  SmallWorld found{.seed = 827'771, .length = 6_h, .shocks = several};
  found.challenge_duration = 19_min;
  found.accounts = 51;
  const SmallWorld other{.seed = 47'687,
                         .length = 6_h,
                         .shocks = {{ShockKind::SigningRefused, 20_min, 2_h, Ratio::one()}}};
  for (SmallWorld world : {found, other}) {
    world.design = Design::StateChannel;
    const Inspection seen = inspect(
        world, [&](Inspector& inspector) { inspector.expect_paid(Time::zero() + 150_min); });
    EXPECT_THAT(seen.problems, testing::IsEmpty()) << to_toml(world);
  }
}

// Found by the nightly worlds: at 2 352 s a block is due, the sequencer takes one back and makes it
// anew, and the poster's timer rings before it hears of that. It counted bytes of blocks that were
// gone.
TEST(SequencerReorg, ABlockMadeAnewInTheSameInstantIsNotTheOneAnnounced) {
  SmallWorld world{.seed = 1,
                   .length = 1_h,
                   .sequencing = "pair",
                   .sequencing_window = 30,
                   .challenge_window = 30_min,
                   .accounts = 1,
                   .shocks = {{ShockKind::SequencerReorg, 2'352_s, {}, Ratio::one()}}};
  const Inspection seen = inspect(world, [](Inspector&) {});
  EXPECT_THAT(seen.problems, testing::IsEmpty()) << to_toml(world);
}

INSTANTIATE_TEST_SUITE_P(All, Conformance, testing::ValuesIn(all_cases()), name_of);

}  // namespace
}  // namespace mezz::conformance

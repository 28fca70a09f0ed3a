// Disputes on layer one: refusal, stale states and the watchtower, hub failure, exits, reorgs.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/models/layer2/channel/channel_world.h"

namespace mezz {
namespace {

using channel::Mode;
using testing::ChannelSetup;
using testing::ChannelWorld;

ChannelSetup short_window(Duration window) {
  ChannelSetup s;
  s.channel.contract.challenge_duration = window;
  s.channel.hub.sign_timeout = std::min<Duration>(1_min, window / 2);
  return s;
}

// Longs sign at 120 and again at 90: the old state pays 5 x 30 more.
ChannelWorld& stale_story(ChannelWorld& w, Duration shock_at, Ratio share = Ratio::one()) {
  w.price(1_s, 120);
  w.touch_all(2_s);
  w.price(3_s, 90);
  w.touch_all(4_s);
  w.shock(shock_at, w.parties_ref, ShockKind::StaleClose, ShockEdge::Begins, share);
  return w;
}

TEST(StaleClose, IsAnsweredWhenTheTowerLooksInTime) {
  ChannelSetup s = short_window(30_min);
  s.channel.watchtower.poll_interval = 10_min;  // 10 min + a slot or two < 30 min
  ChannelWorld w(s);
  stale_story(w, 1_min).run(3_h);
  // Even ones are long and gained at 120; short ones were best off at 90 and have nothing to gain.
  EXPECT_EQ(w.contract().counts().stale_attempts, 2U);
  EXPECT_EQ(w.contract().counts().stale_won, 0U);
  EXPECT_EQ(w.contract().counts().checkpoints, 2U);
  EXPECT_EQ(w.tower().answers(), 2U);
  EXPECT_EQ(w.mode(0), Mode::Open);
  EXPECT_EQ(w.contract().totals().stolen, Money::zero());
  EXPECT_TRUE(w.conserved());
  w.touch(3_h + 1_s, 0);  // and trading goes on
  w.run(3_h + 2_s);
  EXPECT_EQ(w.chain().reached(Rung::Settled), w.chain().head());
}

TEST(StaleClose, WinsWhenTheTowerIsAwayForTheWholeWindowAndTheHubLacksExactlyThis) {
  ChannelSetup s = short_window(30_min);
  ChannelWorld w(s);
  w.outage(30_s, 2_h, w.tower_ref, ShockKind::WatchtowerDown);
  stale_story(w, 1_min).run(3_h);
  EXPECT_EQ(w.contract().counts().stale_won, 2U);
  // Old states at 120: 1000 + 5 x 20 = 1100; the latest at 90: 950.
  EXPECT_EQ(w.contract().totals().stolen, 300_usd);
  EXPECT_EQ(w.contract().totals().escaped, 1'900_usd);
  EXPECT_EQ(w.mode(0), Mode::Defunded);
  EXPECT_TRUE(w.conserved());
  // The hub took the accounts over and paid 1100 each for what is worth 950.
  EXPECT_EQ(w.hub().counts().taken_over, 2U);
}

TEST(StaleClose, ForfeitsEverythingWithThePenalty) {
  ChannelSetup s = short_window(30_min);
  s.channel.contract.stale_penalty = StalePenalty::Forfeit;
  ChannelWorld w(s);
  stale_story(w, 1_min).run(3_h);
  EXPECT_EQ(w.contract().counts().forfeited, 2U);
  EXPECT_EQ(w.mode(0), Mode::Defunded);
  EXPECT_EQ(w.contract().totals().escaped, Money::zero());
  EXPECT_EQ(w.contract().totals().stolen, Money::zero());
  EXPECT_EQ(w.hub().counts().taken_over, 2U);
  EXPECT_TRUE(w.conserved());
}

// 400 attackers at uniform times: a share 1 - (window - inclusion) / poll of them wins. A challenge
// is included on a slot, the answer in the slot after the look: 6 s on average, at most 12 s.
TEST(StaleClose, ShareThatWinsFollowsTheLossLaw) {
  ChannelSetup s = short_window(8_min);
  s.accounts = 800;
  s.channel.watchtower.poll_interval = 20_min;
  s.channel.parties.stale_spread = 10 * 20_min;
  s.channel.hub.update_interval = 100_ms;
  ChannelWorld w(s);
  stale_story(w, 1_min).run(5_h);
  const auto attempts = static_cast<double>(w.contract().counts().stale_attempts);
  EXPECT_EQ(attempts, 400.0);
  const double expected = channel::loss_probability(8_min, 20_min, 6_s);  // 0.605
  // 4 sqrt(0.605 x 0.395 / 400) = 0.098
  EXPECT_NEAR(static_cast<double>(w.contract().counts().stale_won) / attempts, expected, 0.098);
  EXPECT_TRUE(w.conserved());
}

TEST(SigningRefused, TheHubClosesTheChannelAndTheBlockSettlesWhenTheCloseIsFinal) {
  ChannelSetup s = short_window(10_min);
  s.channel.parties.refusing_share = Ratio::one();
  ChannelWorld w(s);
  w.price(1_s, 90);
  w.touch(2_s, 0);  // 950 instead of 1000: not signed
  w.run(9_min);
  EXPECT_EQ(w.mode(0), Mode::Challenge);
  const BlockId touched{2};
  EXPECT_FALSE(w.chain().block(touched).ladder[Rung::Settled].happened());
  w.price(9_min, 80);
  w.run(13_min);
  EXPECT_EQ(w.mode(0), Mode::Defunded);
  // The latest co-signed holding at the price of the challenge, 90.
  EXPECT_EQ(w.contract().totals().escaped, 950_usd);
  EXPECT_FALSE(w.chain().block(touched).ladder[Rung::Settled].happened());
  w.run(50_min);  // final on layer one
  EXPECT_TRUE(w.chain().block(touched).ladder[Rung::Settled].happened());
  EXPECT_EQ(w.chain().reached(Rung::Settled), w.chain().head());
  EXPECT_EQ(w.hub().counts().margin_breaches, 0U);
  EXPECT_TRUE(w.conserved());
}

TEST(SigningRefused, AMoveBeyondTheMarginDuringTheWindowIsABreach) {
  ChannelSetup s = short_window(10_min);
  s.channel.parties.refusing_share = Ratio::one();
  s.deposit = 200_usd;
  ChannelWorld w(s);
  w.price(1_s, 90);
  w.touch(2_s, 0);
  w.price(9_min, 55);  // 200 - 5 x 45 = -25
  w.run(1_h);
  EXPECT_EQ(w.hub().counts().margin_breaches, 1U);
  EXPECT_EQ(w.hub().shortfall(), 25_usd);
  EXPECT_TRUE(w.conserved());
}

TEST(SigningRefused, WhoSignsAgainAnswersAndTradesOn) {
  ChannelWorld w(short_window(1_h));
  w.shock(500_ms, w.parties_ref, ShockKind::SigningRefused, ShockEdge::Begins);
  w.price(1_s, 90);
  w.touch(2_s, 0);
  w.shock(20_min, w.parties_ref, ShockKind::SigningRefused, ShockEdge::Ends);
  w.run(19_min);
  EXPECT_EQ(w.mode(0), Mode::Challenge);
  w.run(25_min);
  EXPECT_EQ(w.mode(0), Mode::Open);
  EXPECT_EQ(w.contract().counts().responses, 1U);
  EXPECT_EQ(w.hub().book().waiting(), 0U);
  EXPECT_EQ(w.chain().reached(Rung::Settled), w.chain().head());
  w.touch(26_min, 0);
  w.run(27_min);
  EXPECT_EQ(w.chain().reached(Rung::Settled), w.chain().head());
}

TEST(HubDown, BeyondPatienceEveryAccountGoesToLayerOneAndIsPaid) {
  ChannelSetup s = short_window(1_h);
  s.channel.parties.hub_patience = 10_min;
  s.channel.contract.virtual_share = Ratio::one();
  ChannelWorld w(s);
  w.outage(1_min, 10_h, w.hub_ref, ShockKind::SequencerDown);
  w.run(3_h);
  EXPECT_EQ(w.contract().counts().unilateral_closes, 4U);
  EXPECT_EQ(w.contract().counts().gas, 4U * 470'520U);
  EXPECT_EQ(w.contract().totals().escaped, 4'000_usd);
  EXPECT_EQ(w.contract().locked_capital(), Money::zero());
  EXPECT_TRUE(w.conserved());
}

TEST(HubDown, AHubThatIsBackInTimeRespondsAndTradingGoesOn) {
  ChannelSetup s = short_window(2_h);
  s.channel.parties.hub_patience = 10_min;
  ChannelWorld w(s);
  w.outage(1_min, 40_min, w.hub_ref, ShockKind::SequencerDown);
  w.run(30_min);
  EXPECT_EQ(w.mode(3), Mode::Challenge);
  w.touch_all(50_min);
  w.run(3_h + 5_s);
  EXPECT_EQ(w.contract().counts().responses, 4U);
  EXPECT_EQ(w.contract().counts().released, 0U);
  EXPECT_EQ(w.mode(3), Mode::Open);
  EXPECT_EQ(w.chain().reached(Rung::Settled), w.chain().head());
}

TEST(Leaving, TogetherCostsOneCallAndMinutes) {
  ChannelWorld w(short_window(1_d));
  w.shock(1_min, w.parties_ref, ShockKind::MassExit, ShockEdge::Begins);
  w.run(5_min);
  EXPECT_EQ(w.contract().counts().concluded, 4U);
  EXPECT_EQ(w.contract().counts().challenges, 0U);
  EXPECT_EQ(w.contract().totals().escaped, 4'000_usd);
  EXPECT_EQ(w.contract().counts().gas, 4U * 111'514U);
  EXPECT_TRUE(w.conserved());
}

TEST(Leaving, ACensoringHubIsChallengedAndTheWindowWaitedFor) {
  ChannelWorld w(short_window(1_h));
  w.shock(30_s, w.hub_ref, ShockKind::CensorWithdrawals, ShockEdge::Begins);
  w.shock(1_min, w.parties_ref, ShockKind::MassExit, ShockEdge::Begins);
  w.run(30_min);
  EXPECT_EQ(w.contract().counts().challenges, 4U);
  EXPECT_EQ(w.contract().totals().escaped, Money::zero());
  w.run(2_h);
  EXPECT_EQ(w.contract().counts().unilateral_closes, 4U);
  EXPECT_EQ(w.contract().totals().escaped, 4'000_usd);
  EXPECT_TRUE(w.conserved());
}

TEST(Leaving, AForcedWithdrawalIsAChallenge) {
  ChannelWorld w(short_window(1_h));
  w.run(1_s);
  const std::uint64_t number = w.parties().write_forced(
      {.account = AccountId{2}, .kind = TxKind::Withdraw, .amount = 1, .submitted = {}});
  w.call(1_min, L1CallKind::ForcedTransaction, number);
  w.run(2_h);
  EXPECT_EQ(w.contract().counts().released, 1U);
  EXPECT_EQ(w.mode(2), Mode::Defunded);
  EXPECT_TRUE(w.conserved());
  w.call(2_h, L1CallKind::Deposit, 2, 1'000'000);  // nobody pays into a closed channel
  w.run(2_h + 5_min);
  EXPECT_EQ(w.contract().totals().refused, 1U);
  EXPECT_TRUE(w.conserved());
}

TEST(Capital, IsLockedOnTheHubsSideAndTwiceByIntermediaries) {
  ChannelSetup s;
  s.channel.contract.virtual_share = Ratio::one();
  ChannelWorld w(s);
  EXPECT_EQ(w.contract().locked_capital(), 12'000_usd);  // 4000 + 2 x 4000
  w.run(24_h);
  EXPECT_NEAR(w.contract().capital_days(), 12'000.0, 2.0);  // up to the last head, 12 s
}

// ---- layer one goes back

struct Sample {
  Money escrow;
  Money stolen;
  std::uint64_t released;
};
Sample with_reorg(bool reorg) {
  ChannelSetup s = short_window(30_min);
  ChannelWorld w(s);
  w.outage(30_s, 2_h, w.tower_ref, ShockKind::WatchtowerDown);
  w.withdraw(10_s, 1, 100_usd);
  stale_story(w, 1_min);
  if (reorg) {
    for (const Duration time : {40_s, 80_s, 31_min + 45_s, 32_min + 5_s}) {
      w.shock(time, w.l1_ref, ShockKind::L1Reorg, ShockEdge::Begins, Ratio::one() * 3);
    }
  }
  for (int minute = 1; minute < 40; ++minute) {
    w.run(1_min * minute);
    EXPECT_TRUE(w.conserved()) << minute;
  }
  w.run(3_h);
  EXPECT_TRUE(w.conserved());
  return {w.contract().totals().escrow, w.contract().totals().stolen,
          w.contract().counts().released};
}

TEST(ChannelReorg, ADeepReorgChangesTimesOnly) {
  const Sample plain = with_reorg(false);
  const Sample reorganised = with_reorg(true);
  // Two longs, and the short that withdrew 100 and then showed the state from before.
  EXPECT_EQ(plain.released, 3U);
  EXPECT_EQ(plain.stolen, 400_usd);
  EXPECT_EQ(reorganised.released, plain.released);
  EXPECT_EQ(reorganised.escrow, plain.escrow);
  EXPECT_EQ(reorganised.stolen, plain.stolen);
}

TEST(ChannelReorg, ChallengeAndPaymentAreUndoneWithTheirBlocks) {
  ChannelSetup s = short_window(30_min);
  ChannelWorld w(s);
  w.withdraw(10_s, 1, 100_usd);
  w.run(26_s);
  EXPECT_EQ(w.contract().totals().paid, 100_usd);
  w.shock(27_s, w.l1_ref, ShockKind::L1Reorg, ShockEdge::Begins, Ratio::one() * 2);
  w.run(36_s);  // undone and, in the new block or one later, done again
  w.run(2_min);
  EXPECT_EQ(w.contract().totals().paid, 100_usd);
  EXPECT_EQ(w.contract().counts().withdrawals_paid, 1U);
  // The payment that stands is the second one, in the block of 36 s; the first was at 24 s.
  const auto paid = w.contract().withdrawal_summary().paid;
  ASSERT_EQ(paid.size(), 1U);
  EXPECT_EQ(w.contract().withdrawal(0).initiated + paid[0], Time::zero() + 36_s);
  EXPECT_TRUE(w.conserved());
}

// ---- snapshot

TEST(ChannelSnapshot, HalfWayThroughDisputesIsTheSameRun) {
  const auto script = [](ChannelWorld& w) {
    w.outage(30_s, 20_min, w.tower_ref, ShockKind::WatchtowerDown);
    w.withdraw(10_s, 1, 100_usd);
    stale_story(w, 1_min, 60_percent);
    w.shock(20_min, w.parties_ref, ShockKind::MassExit, ShockEdge::Begins, 50_percent);
    w.shock(90_s, w.parties_ref, ShockKind::SigningRefused, ShockEdge::Begins);
    w.price(2_min, 60);
    w.touch_all(2_min + 1_s);
  };
  ChannelSetup s = short_window(30_min);
  s.accounts = 40;
  s.loss = 5_percent;
  s.channel.parties.think_time = DelayDistribution::exponential(20_ms);
  ChannelWorld whole(s);
  script(whole);
  whole.run(2_h);

  ChannelWorld first(s);
  script(first);
  first.run(15_min);
  ASSERT_FALSE(first.contract().challenged().empty());
  const std::vector<std::byte> snapshot = first.world.save();
  ChannelWorld second(s);
  second.world.restore(snapshot);
  second.run(2_h);
  EXPECT_EQ(second.world.engine().fingerprint(), whole.world.engine().fingerprint());
  EXPECT_EQ(second.contract().totals().escrow, whole.contract().totals().escrow);
  EXPECT_EQ(second.hub().counts().signatures, whole.hub().counts().signatures);
  EXPECT_TRUE(second.conserved());
}

}  // namespace
}  // namespace mezz

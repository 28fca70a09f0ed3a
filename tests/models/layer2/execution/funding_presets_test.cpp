// Rates per 8 hours, in millionths, of a premium. Rules: models/market/funding_rules.
#include "models/layer2/execution/funding_presets.h"

#include <gtest/gtest.h>

#include "sim/check/error.h"
#include "tests/models/layer2/execution/desk.h"

namespace mezz {
namespace {

std::int64_t rate(FundingRule rule, std::int64_t premium_ppm) {
  const ExchangeParams params = small_params();
  return funding_rate({.rule = rule, .dydx = params.funding, .venue = {}}, params.liquidity_tier(),
                      premium_ppm);
}

// Interest 1 bp, within 5 bp of the premium; at most 4 % an hour, 32 % in 8.
TEST(FundingPresets, HyperliquidPullsThePremiumTowardTheInterest) {
  EXPECT_EQ(rate(FundingRule::Hyperliquid, 0), 100);
  EXPECT_EQ(rate(FundingRule::Hyperliquid, 500), 100);  // 1 - 5 bp is within the clamp
  EXPECT_EQ(rate(FundingRule::Hyperliquid, 2'000), 1'500);
  EXPECT_EQ(rate(FundingRule::Hyperliquid, -2'000), -1'500);
  EXPECT_EQ(rate(FundingRule::Hyperliquid, 500'000), 320'000);
}

// A dead band of 2.5 bp, at most 50 bp.
TEST(FundingPresets, DeribitPaysWhatIsOutsideTheBand) {
  EXPECT_EQ(rate(FundingRule::Deribit, 250), 0);
  EXPECT_EQ(rate(FundingRule::Deribit, -250), 0);
  EXPECT_EQ(rate(FundingRule::Deribit, 1'000), 750);
  EXPECT_EQ(rate(FundingRule::Deribit, -1'000), -750);
  EXPECT_EQ(rate(FundingRule::Deribit, 9'000), 5'000);
}

// The premium once in 8 hours, at most 75 bp an hour: 6 % in 8.
TEST(FundingPresets, DeriveLetsThePremiumConverge) {
  EXPECT_EQ(rate(FundingRule::Derive, 1'000), 1'000);
  EXPECT_EQ(rate(FundingRule::Derive, -1'000), -1'000);
  EXPECT_EQ(rate(FundingRule::Derive, 100'000), 60'000);
}

// Six times 10 % less 5 % is 30 %.
TEST(FundingPresets, DydxClampsByTheMargins) {
  EXPECT_EQ(rate(FundingRule::DydxV4, 1'000), 1'000);
  EXPECT_EQ(rate(FundingRule::DydxV4, 500'000), 300'000);
}

// Ten lots at 100, long and short, an empty book. Under Hyperliquid's rule the interest of 1 bp per
// 8 h is paid for the four hours since the start: 1 000 x 0.0001 / 2 = 5 cents; dYdX pays an hour's
// default rate, 1.25 cents, however late it is.
TEST(FundingPresets, APauseIsPaidForUnlessAnHourIsAnHour) {
  for (const FundingRule rule : {FundingRule::Hyperliquid, FundingRule::DydxV4}) {
    ExchangeParams params = small_params();
    params.funding_rule = rule;
    params.funding.default_rate_ppm = 100;
    Desk desk(params);
    const AccountId buyer = desk.account(500_usd, 10, 100);
    desk.account(500_usd, -10, 100);
    desk.start();
    const Money before = desk.exchange.quote(buyer);
    desk.block_time = 4_h;
    desk.run(simple(AccountId::none(), TxKind::SettleFunding, 0));
    const bool hourly = rule == FundingRule::DydxV4;
    EXPECT_EQ(before - desk.exchange.quote(buyer), hourly ? micros(12'500) : micros(50'000));
    ASSERT_EQ(desk.out.funding.size(), 1U);
    EXPECT_EQ(desk.out.funding[0].rate_ppm, 100);
    desk.exchange.full_check();
  }
}

}  // namespace
}  // namespace mezz

// The rules of models/layer2/execution/liquidation_presets.h on the account of short_account.h.
#include <gtest/gtest.h>

#include "tests/models/layer2/execution/short_account.h"

namespace mezz {
namespace {

// ---- full

// Sold at 92: 920, bankruptcy at 900; the 20 between are the fund's and the account has nothing.
TEST(FullLiquidation, WhatIsBetterThanBankruptcyGoesToTheFund) {
  ShortAccount c(liquidated_by(LiquidationRule::Full));
  c.bid(10, 92);
  c.index(94);
  EXPECT_EQ(c.liquidate(c.target, c.keeper), TxStatus::Executed);
  EXPECT_EQ(c.exchange.quote(c.target), Money::zero());
  EXPECT_EQ(c.exchange.totals().insurance_fund, 1'020_usd);
  ASSERT_EQ(c.out.liquidations.size(), 1U);
  EXPECT_EQ(c.out.liquidations[0].fee, 20_usd);
  EXPECT_EQ(c.out.liquidations[0].cost, 40_usd);  // 20 to the bidder, 20 to the fund
  EXPECT_EQ(c.exchange.totals().loss_penalty, 40_usd);
  c.exchange.full_check();
}

// At 88 sold at 85, below every fillable price: 850 for a bankruptcy at 900.
TEST(FullLiquidation, SellsAtAnyPriceAsLongAsTheFundPays) {
  ShortAccount c(liquidated_by(LiquidationRule::Full));
  c.bid(10, 85);
  c.index(88);
  EXPECT_EQ(c.liquidate(c.target, c.keeper), TxStatus::Executed);
  EXPECT_EQ(c.exchange.totals().insurance_fund, 950_usd);
  EXPECT_EQ(c.exchange.totals().loss_fund, 50_usd);
  EXPECT_EQ(c.exchange.quote(c.target), Money::zero());
}

TEST(FullLiquidation, DeleveragesWhatTheFundCannotPay) {
  ShortAccount c(liquidated_by(LiquidationRule::Full, 49_usd));
  c.bid(10, 85);
  c.index(88);
  EXPECT_EQ(c.liquidate(c.target, c.keeper), TxStatus::Executed);
  EXPECT_EQ(c.exchange.position(c.other), Quantity::zero());
  EXPECT_EQ(c.exchange.quote(c.other), 2'000_usd - 900_usd);  // closed at 90 instead of 88
  EXPECT_EQ(c.exchange.totals().loss_adl, 20_usd);
  EXPECT_EQ(c.exchange.totals().insurance_fund, 49_usd);
}

// ---- fixed_bonus

// Health 40 / 47 = 85 %: everything. Debt 940, collateral 940 + 40; a bonus of 5 % on all of it
// would be 987, so 980 is seized for 980 / 1.05 = 933.333333 repaid. The bonus is 46.666667, a
// tenth of it (4.666667) for the fund; the account lacks 6.666667, which the fund pays.
TEST(FixedBonus, IsPaidEvenWhenTheAccountCannot) {
  ShortAccount c(liquidated_by(LiquidationRule::FixedBonus));
  c.index(94);
  EXPECT_EQ(c.liquidate(c.target, c.keeper), TxStatus::Executed);
  EXPECT_EQ(c.exchange.position(c.keeper), 10_lots);
  EXPECT_EQ(c.exchange.quote(c.keeper), 10'000_usd - 940_usd + 42_usd);
  EXPECT_EQ(c.exchange.quote(c.target), Money::zero());
  EXPECT_EQ(c.exchange.totals().insurance_fund, 998_usd);
  ASSERT_EQ(c.out.liquidations.size(), 2U);
  EXPECT_EQ(c.out.liquidations[0].step, LiquidationStep::Keeper);
  EXPECT_EQ(c.out.liquidations[0].fee, micros(4'666'667));
  EXPECT_EQ(c.out.liquidations[0].cost, micros(46'666'667));
  EXPECT_EQ(c.out.liquidations[1].step, LiquidationStep::InsuranceFund);
  EXPECT_EQ(c.out.liquidations[1].fund_paid, micros(6'666'667));
}

// With 105 USD the collateral at 94 is 45: 45 / 47 = 95.7 % of the maintenance margin.
TEST(FixedBonus, ClosesHalfOfAnAccountThatIsHardlyShort) {
  ShortAccount c(liquidated_by(LiquidationRule::FixedBonus), 105_usd);
  c.index(94);
  EXPECT_EQ(c.liquidate(c.target, c.keeper), TxStatus::Executed);
  EXPECT_EQ(c.exchange.position(c.target), 5_lots);
  EXPECT_EQ(c.exchange.position(c.keeper), 5_lots);
}

// ---- hyperliquid

ExchangeParams hyperliquid_with(Money vault, Money partial_above = 100'000_usd) {
  ExchangeParams params = liquidated_by(LiquidationRule::Hyperliquid, vault);
  params.backstop.partial_above = partial_above;
  return params;
}

// Two lots at 93 leave quote -714 and collateral 8 x 94 - 714 = 38 over a requirement of 37.6.
TEST(HyperliquidLiquidation, AFifthOfALargePositionGoesFirst) {
  ShortAccount c(hyperliquid_with(1'000_usd, 500_usd));
  c.bid(10, 93);
  c.index(94);
  EXPECT_EQ(c.liquidate(c.target, c.keeper), TxStatus::Executed);
  EXPECT_EQ(c.exchange.position(c.target), 8_lots);
  EXPECT_EQ(c.exchange.quote(c.target), -714_usd);  // no fee
  EXPECT_FALSE(c.exchange.liquidatable_since(c.target).happened());
  // At 93: 30 under 37.2. Within 30 s of the first the whole position goes.
  c.index(93);
  EXPECT_EQ(c.liquidate(c.target, c.keeper), TxStatus::Executed);
  EXPECT_EQ(c.exchange.position(c.target), Quantity::zero());
  EXPECT_EQ(c.exchange.quote(c.target), 30_usd);
}

// At 93 the collateral is 30, two thirds of 46.5 are 31: the vault has it all, the 30 included.
TEST(HyperliquidLiquidation, TheVaultTakesOverBelowTwoThirdsOfTheMaintenanceMargin) {
  ShortAccount c(hyperliquid_with(1'000_usd));
  c.index(94);
  EXPECT_EQ(c.liquidate(c.target, c.keeper), TxStatus::Rejected);  // nobody bids, 40 > 31.3
  c.index(93);
  EXPECT_EQ(c.liquidate(c.target, c.keeper), TxStatus::Executed);
  EXPECT_EQ(c.exchange.position(c.target), Quantity::zero());
  EXPECT_EQ(c.exchange.quote(c.target), Money::zero());
  EXPECT_EQ(c.exchange.totals().backstop, 1'030_usd);
  ASSERT_EQ(c.out.liquidations.size(), 1U);
  EXPECT_EQ(c.out.liquidations[0].step, LiquidationStep::Backstop);
  EXPECT_EQ(c.out.liquidations[0].fee, 30_usd);
  c.exchange.full_check();
}

// A tenth of ten lots at every index price, at most 1 % below it.
TEST(HyperliquidLiquidation, TheVaultSellsWhatItTook) {
  ShortAccount c(hyperliquid_with(1'000_usd));
  c.index(93);
  c.liquidate(c.target, c.keeper);
  c.bid(10, 93);
  c.index(93);
  EXPECT_EQ(c.exchange.position(c.bidder), 1_lot);
  c.index(96);  // 1 % below 96 is 95.04: nobody bids that
  EXPECT_EQ(c.exchange.position(c.bidder), 1_lot);
}

// A vault with 10 USD cannot carry 10 lots (initial margin 88); at 88 the account lacks 20.
TEST(HyperliquidLiquidation, DeleveragesWhenTheVaultIsFull) {
  ShortAccount c(hyperliquid_with(10_usd));
  c.index(88);
  EXPECT_EQ(c.liquidate(c.target, c.keeper), TxStatus::Executed);
  EXPECT_EQ(c.out.liquidations[0].step, LiquidationStep::Deleverage);
  EXPECT_EQ(c.exchange.quote(c.other), 2'000_usd - 900_usd);
  EXPECT_EQ(c.exchange.totals().backstop, 10_usd);
}

// The vault takes 10 lots over at 93 with quote -900 and 130 USD in all (initial margin 93); at 88
// it has 80, at 79 it lacks 10 and is closed against the short at its own bankruptcy price of 80.
TEST(HyperliquidLiquidation, AnInsolventVaultIsDeleveraged) {
  ShortAccount c(hyperliquid_with(100_usd));
  c.index(93);
  EXPECT_EQ(c.liquidate(c.target, c.keeper), TxStatus::Executed);
  c.index(79);
  std::vector<AccountId> found;
  c.exchange.collect_deleverageable(found);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(c.run(simple(c.keeper, TxKind::Deleverage, 0, found[0].value)), TxStatus::Executed);
  EXPECT_EQ(c.exchange.position(c.other), Quantity::zero());
  EXPECT_EQ(c.exchange.quote(c.other), 2'000_usd - 800_usd);
  EXPECT_EQ(c.exchange.totals().backstop, Money::zero());
}

// ---- maker_clip

// The start pays 10 + 0.1 % of 940 to the keeper. 110 % of 94 is 103.4; 110 s later, after eleven
// steps of 1 %, 103.4 x 0.99^11 = 92.58, up to 93. Sold for 930 the account has 30 more than
// bankruptcy; the penalty of 5 % of 930 takes all of it.
TEST(MakerClip, FallsUntilSomebodyTakesIt) {
  ShortAccount c(liquidated_by(LiquidationRule::MakerClip));
  c.index(94);
  EXPECT_EQ(c.liquidate(c.target, c.keeper), TxStatus::PartlyFilled);
  EXPECT_EQ(c.out.liquidations[0].step, LiquidationStep::AuctionStart);
  EXPECT_EQ(c.exchange.quote(c.keeper), 10'000_usd + micros(10'940'000));
  const Time started = c.now;
  EXPECT_EQ(c.exchange.auction_discount(c.target, started), (Ratio{1'106'382'979}));  // 104 / 94
  c.block_time = 110_s;
  EXPECT_EQ(c.liquidate(c.target, c.keeper), TxStatus::Executed);
  EXPECT_EQ(c.exchange.position(c.keeper), 10_lots);
  EXPECT_EQ(c.exchange.quote(c.keeper), 10'000_usd + micros(10'940'000) - 930_usd);
  EXPECT_EQ(c.exchange.quote(c.target), Money::zero());
  EXPECT_EQ(c.exchange.totals().insurance_fund, 1'030_usd - micros(10'940'000));
  EXPECT_FALSE(c.exchange.auction_discount(c.target, c.now));
}

TEST(MakerClip, EndsWhenTheMarginIsBack) {
  ShortAccount c(liquidated_by(LiquidationRule::MakerClip));
  c.index(94);
  c.liquidate(c.target, c.keeper);
  c.index(100);
  EXPECT_FALSE(c.exchange.auction_discount(c.target, c.now));
  EXPECT_EQ(c.liquidate(c.target, c.keeper), TxStatus::NotLiquidatable);
}

// 0.99^51 = 59.9 %: below the cusp of 60 %, so it starts again from 110 %.
TEST(MakerClip, StartsAgainWhenItHasFallenTooFar) {
  ShortAccount c(liquidated_by(LiquidationRule::MakerClip));
  c.index(94);
  c.liquidate(c.target, c.keeper);
  c.block_time = 510_s;
  EXPECT_EQ(c.liquidate(c.target, c.keeper), TxStatus::PartlyFilled);
  EXPECT_EQ(c.out.liquidations[0].step, LiquidationStep::AuctionStart);
  EXPECT_EQ(c.exchange.auction_discount(c.target, c.now), (Ratio{1'106'382'979}));
  EXPECT_EQ(c.exchange.position(c.target), 10_lots);
}

// ---- who is deleveraged, who bears the rest

// Shorts of 10 lots with 1 000 USD, sold at 101 and at 120. At 88 the second gains 26.7 % at a
// leverage of 880 / 1 320, the first 12.9 % at 880 / 1 130: 0.178 against 0.100.
TEST(Deleveraging, ByRankTakesWhoGainsMostWithMostLeverage) {
  for (const Deleveraging order : {Deleveraging::Rank, Deleveraging::DydxV4}) {
    ExchangeParams params = liquidated_by(LiquidationRule::Full, 1_usd);
    params.deleveraging = order;
    int hits = 0;
    for (std::int64_t blocks = 1; blocks <= 8; ++blocks) {
      Desk desk(params);
      const AccountId target = desk.account(100_usd, 10, 100);
      desk.account(10'000_usd, 20, 100);
      const AccountId small = desk.account(1'000_usd, -10, 101);
      desk.account(1'000_usd, -10, 100);
      const AccountId big = desk.account(1'000_usd, -10, 120);
      const AccountId keeper = desk.account(1'000_usd);
      desk.start();
      for (std::int64_t i = 0; i < blocks; ++i) desk.index(88);
      EXPECT_EQ(desk.liquidate(target, keeper), TxStatus::Executed);
      hits += desk.exchange.position(big) == Quantity::zero() ? 1 : 0;
      if (order == Deleveraging::Rank) {
        EXPECT_EQ(desk.exchange.position(small), -10_lots);
        EXPECT_EQ(desk.exchange.totals().adl_profitable, 1);
      }
    }
    EXPECT_EQ(hits == 8, order == Deleveraging::Rank);
  }
}

// Sold at 85 for a bankruptcy at 90, without a fund: 50 are missing. Equities at 88: short 1 120,
// bidder 10 030 less 1 bp of 850, keeper 10 000. The short's share is 50 x 1 120 / 21 149.915 =
// 2.64776478, up.
TEST(SocialisedLoss, IsBorneInProportionToEquity) {
  ExchangeParams params = liquidated_by(LiquidationRule::DydxV4, Money::zero());
  params.fund_shortfall = FundShortfall::BookBadDebt;
  params.socialise = Socialise::ProRata;
  params.liquidation.spread_to_maintenance_ppm = 3'000'000;
  ShortAccount c(params);
  c.bid(10, 85);
  c.index(88);
  EXPECT_EQ(c.liquidate(c.target, c.keeper), TxStatus::Executed);
  EXPECT_EQ(c.exchange.quote(c.target), Money::zero());
  EXPECT_EQ(c.exchange.quote(c.other), 2'000_usd - micros(2'647'765));
  const ExchangeTotals totals = c.exchange.totals();
  EXPECT_EQ(totals.bad_debt, Money::zero());
  EXPECT_EQ(totals.loss_socialised, 50_usd);
  EXPECT_LE(totals.rounding, micros(3));
  EXPECT_EQ(totals.residual, Money::zero());
  EXPECT_EQ(c.out.liquidations.back().step, LiquidationStep::Socialised);
}

// ---- isolated margin

// The position has the 100 USD of genesis. At 85 it lacks 50; sold at 85 the fund pays them, and
// the 500 USD that were paid in later are not touched.
TEST(IsolatedMargin, APositionLosesNoMoreThanItsOwn) {
  ExchangeParams params = liquidated_by(LiquidationRule::Full);
  params.margin_mode = MarginMode::Isolated;
  ShortAccount c(params);
  c.run(simple(c.target, TxKind::Deposit, 500'000'000));
  c.bid(10, 85);
  c.index(94);  // 40 under 47: the 500 do not count
  EXPECT_TRUE(c.exchange.liquidatable_since(c.target).happened());
  c.index(85);
  EXPECT_EQ(c.liquidate(c.target, c.keeper), TxStatus::Executed);
  EXPECT_EQ(c.exchange.quote(c.target), 500_usd);
  EXPECT_EQ(c.exchange.totals().loss_fund, 50_usd);
  EXPECT_EQ(c.exchange.totals().bad_debt, Money::zero());
  c.exchange.full_check();
}

// Ten lots at 100 take the initial margin of 100 and the fee of 5 bp of 1 000 from the free cash;
// at 110 half of them are sold: half of the equity of 200 is free again, less the fee's half.
TEST(IsolatedMargin, IsSetAsideWithTheTradeAndGivenBackInProportion) {
  ExchangeParams params = small_params();
  params.margin_mode = MarginMode::Isolated;
  Desk desk(params);
  const AccountId trader = desk.account(1'000_usd);
  const AccountId maker = desk.account(10'000_usd);
  const AccountId bidder = desk.account(10'000_usd);
  desk.start();
  desk.run(order(maker, -10, 100));
  desk.run(order(trader, 10, 100));
  EXPECT_EQ(desk.exchange.free_collateral(trader), 1'000_usd - 100_usd - micros(500'000));
  EXPECT_EQ(desk.exchange.risk(trader, {100}).net_collateral, 100_usd);
  desk.index(110);
  EXPECT_EQ(desk.exchange.free_collateral(trader), 1'000_usd - 100_usd - micros(500'000));
  desk.run(order(bidder, 5, 110));
  desk.run(order(trader, -5, 110));  // fee 0.275: (200 - 0.275) / 2 = 99.8625 is given back
  EXPECT_EQ(desk.exchange.free_collateral(trader),
            1'000_usd - 100_usd - micros(500'000) + micros(99'862'500));
  EXPECT_EQ(desk.run(simple(trader, TxKind::Withdraw, 999'362'501)), TxStatus::Rejected);
  EXPECT_EQ(desk.run(simple(trader, TxKind::Withdraw, 999'362'500)), TxStatus::Executed);
  desk.exchange.full_check();
}

TEST(IsolatedMargin, NeedsFreeCash) {
  ExchangeParams params = small_params();
  params.margin_mode = MarginMode::Isolated;
  Desk desk(params);
  const AccountId trader = desk.account(150_usd);
  const AccountId maker = desk.account(10'000_usd);
  desk.start();
  desk.run(order(maker, -20, 100));
  EXPECT_EQ(desk.run(order(trader, 10, 100)), TxStatus::Executed);
  EXPECT_EQ(desk.run(order(trader, 5, 100, 2)), TxStatus::Rejected);  // 49.5 < 50 and a fee
  EXPECT_EQ(desk.run(order(trader, 4, 100, 3)), TxStatus::Executed);
}

// ---- refused combinations

template <class Change>
void refused(Change change) {
  ExchangeParams params = small_params();
  change(params);
  EXPECT_THROW(params.check("market"), ScenarioError);
}

TEST(LiquidationPresets, SenselessCombinationsAreRefused) {
  refused([](auto& p) {
    p.margin = MarginRule::DeriveSrm;
    p.liquidation_rule = LiquidationRule::Hyperliquid;
  });
  refused([](auto& p) {
    p.margin = MarginRule::DerivePmrm;
    p.liquidation_rule = LiquidationRule::MakerClip;
  });
  refused([](auto& p) {
    p.liquidation_rule = LiquidationRule::Hyperliquid;
    p.fund_shortfall = FundShortfall::BookBadDebt;
  });
  refused([](auto& p) {
    p.liquidation_rule = LiquidationRule::Hyperliquid;
    p.insurance_fund = Money::zero();
  });
  refused([](auto& p) { p.deleveraging = Deleveraging::None; });
  refused([](auto& p) {
    p.margin = MarginRule::DeriveSrm;
    p.margin_mode = MarginMode::Isolated;
    ListingSpec coin;
    coin.name = "COIN";
    coin.kind = ListingKind::Spot;
    ListingSpec inverse;
    inverse.name = "INV";
    inverse.kind = ListingKind::InversePerp;
    p.listing = {coin, inverse};
  });
  refused([](auto& p) { p.isolated_leverage = 5; });
  refused([](auto& p) {
    p.margin = MarginRule::Hyperliquid;
    p.initial_margin = 10_percent;
  });
  refused([](auto& p) {
    p.margin = MarginRule::Hyperliquid;
    p.open_interest_upper.reset();
    p.venue_margin.leverage = {{.from = 1_usd, .leverage_max = 40}};
  });
  refused([](auto& p) { p.venue_margin.gmx_v2.liquidation = 2_percent; });
  refused([](auto& p) { p.venue_margin.drift.initial = Ratio{1}; });
  refused([](auto& p) {
    p.deleveraging = Deleveraging::Rank;
    p.fund_shortfall = FundShortfall::BookBadDebt;
  });
  refused([](auto& p) {
    p.deleveraging = Deleveraging::Hyperliquid;
    p.fund_shortfall = FundShortfall::BookBadDebt;
  });
  refused([](auto& p) {
    p.liquidation_rule = LiquidationRule::GmxV2;
    p.fund_shortfall = FundShortfall::BookBadDebt;
  });
  refused([](auto& p) {
    p.liquidation_rule = LiquidationRule::SynthetixV3;
    p.insurance_fund = Money::zero();
  });
  refused([](auto& p) {
    p.liquidation_rule = LiquidationRule::Drift;
    p.order_notional_max = 20'000'000'000_usd;  // 2 x 10^8 units of 100 USD
  });
  refused([](auto& p) {
    p.liquidation_rule = LiquidationRule::Drift;
    p.contract.lot_decimals = 10;
  });
}

TEST(LiquidationPresets, NumbersOutOfRangeAreRefused) {
  refused([](auto& p) { p.fixed_bonus.bonus = Ratio{50}; });
  refused([](auto& p) { p.fixed_bonus.bonus = -1_percent; });
  refused([](auto& p) { p.fixed_bonus.fund_share = Ratio{1}; });
  refused([](auto& p) { p.ramp.fee = Ratio{1}; });
  refused([](auto& p) { p.ramp.fee_max = 50_bp; });
  refused([](auto& p) { p.ramp.buffer = -1_percent; });
  refused([](auto& p) { p.ramp.duration = Duration{-1}; });
  refused([](auto& p) { p.window.multiplier = -1_percent; });
  refused([](auto& p) { p.window.window = 1'500_ms; });
  refused([](auto& p) { p.clip.cut = Ratio::zero(); });
  refused([](auto& p) { p.clip.start = 200_percent; });
  refused([](auto& p) { p.clip.cusp = Ratio::one(); });
  refused([](auto& p) { p.clip.penalty = 101_percent; });
  refused([](auto& p) { p.clip.chip = -1_percent; });
}

}  // namespace
}  // namespace mezz

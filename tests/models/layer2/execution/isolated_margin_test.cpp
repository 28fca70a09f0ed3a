// Isolated margin beside listings: a purse for each position. One tick and one lot are one dollar
// of price and one unit, the index starts at 100; small-cap tier: 10 % initial, 5 % maintenance;
// fees of 1 bp (maker) and 5 bp (taker).
#include <gtest/gtest.h>

#include "tests/models/layer2/execution/desk.h"

namespace mezz {
namespace {

constexpr InstrumentId kSecond{1};

ListingSpec listed(const std::string& name, ListingKind kind) {
  ListingSpec spec;
  spec.name = name;
  spec.kind = kind;
  spec.tick = 1_usd;
  spec.lot_decimals = 0;
  if (expires(kind)) spec.settlement_window = {};
  return spec;
}

ExchangeParams isolated_with(const ListingSpec& listing) {
  ExchangeParams params = small_params();
  params.margin_mode = MarginMode::Isolated;
  params.liquidation_rule = LiquidationRule::Full;
  params.listing = {listing};
  params.oracle.max_age = 365_d;
  return params;
}

ExchangeParams two_perpetuals() { return isolated_with(listed("PERP2", ListingKind::LinearPerp)); }

Transaction in(InstrumentId instrument, Transaction tx) {
  tx.instrument = instrument;
  return tx;
}

struct Two : Desk {
  AccountId trader;
  AccountId maker;
  AccountId keeper;

  explicit Two(const ExchangeParams& params, Money deposit = 1'000_usd) : Desk(params) {
    params.check("exchange");
    trader = account(deposit);
    maker = account(100'000_usd);
    keeper = account(100'000_usd);
    start();
  }
  TxStatus deal(InstrumentId instrument, std::int64_t lots, std::int64_t price) {
    EXPECT_EQ(run(in(instrument, order(maker, -lots, price, 50))), TxStatus::Executed);
    return run(in(instrument, order(trader, lots, price, 51)));
  }
  // 10 long in the perpetual and 10 short in the second one: 100 USD of margin and 50 cents of fee
  // each, 799 of 1 000 USD stay free.
  void open_both() {
    ASSERT_EQ(deal(kMainInstrument, 10, 100), TxStatus::Executed);
    ASSERT_EQ(deal(kSecond, -10, 100), TxStatus::Executed);
  }
  [[nodiscard]] Money free() const { return exchange.free_collateral(trader); }
  [[nodiscard]] Money purse(InstrumentId instrument) const {
    return exchange.purse(trader, instrument);
  }
};

// The long paid 1 000 of its 1 100: cash -900 and lots worth 1 000. The short received 1 000.
TEST(IsolatedPurses, EachPositionHasItsOwnMargin) {
  Two desk(two_perpetuals());
  desk.open_both();
  EXPECT_EQ(desk.free(), 799_usd);
  EXPECT_EQ(desk.purse(kMainInstrument), -900_usd);
  EXPECT_EQ(desk.purse(kSecond), 1'100_usd);
  EXPECT_EQ(desk.exchange.position_risk(desk.trader, kMainInstrument).net_collateral, 100_usd);
  EXPECT_EQ(desk.exchange.position_risk(desk.trader, kSecond).net_collateral, 100_usd);
  EXPECT_EQ(desk.run(simple(desk.trader, TxKind::Withdraw, 799'000'001)), TxStatus::Rejected);
  EXPECT_EQ(desk.run(simple(desk.trader, TxKind::Withdraw, 799'000'000)), TxStatus::Executed);
  desk.exchange.full_check();
}

// At 94 the long has 40 under a requirement of 47; the short has 160. Across the account there is
// no loss at all. Sold at 92 for 920 over a debt of 900: the 20 are the fund's.
TEST(IsolatedPurses, OneIsLiquidatedAndTheOtherAndTheCashAreUntouched) {
  Two desk(two_perpetuals());
  desk.open_both();
  ASSERT_EQ(desk.run(in(kSecond, order(desk.trader, -1, 150, 7))), TxStatus::Executed);
  ASSERT_EQ(desk.run(order(desk.trader, 1, 60, 8)), TxStatus::Executed);
  desk.run(order(desk.maker, 10, 92, 60));
  desk.index(95);  // 50 over 47.50
  EXPECT_EQ(desk.liquidate(desk.trader, desk.keeper), TxStatus::NotLiquidatable);
  desk.index(94);
  EXPECT_TRUE(desk.exchange.liquidatable_since(desk.trader).happened());
  EXPECT_EQ(desk.liquidate(desk.trader, desk.keeper), TxStatus::Executed);
  EXPECT_EQ(desk.exchange.position(desk.trader), 0_lots);
  EXPECT_EQ(desk.purse(kMainInstrument), Money::zero());
  EXPECT_EQ(desk.exchange.totals().insurance_fund, 1'020_usd);
  EXPECT_EQ(desk.exchange.position(desk.trader, kSecond), -10_lots);
  EXPECT_EQ(desk.purse(kSecond), 1'100_usd);
  EXPECT_EQ(desk.free(), 799_usd);
  EXPECT_EQ(desk.exchange.live_orders(desk.trader), 1U);  // the other position's
  EXPECT_FALSE(desk.exchange.liquidatable_since(desk.trader).happened());
  EXPECT_EQ(desk.exchange.totals().residual, Money::zero());
  desk.exchange.full_check();
}

// At 106 it is the listing's turn: the short has 40 under 53, bought back at 108 for 1 080 out of
// 1 100.
TEST(IsolatedPurses, TheListingIsLiquidatedByTheSameRule) {
  Two desk(two_perpetuals());
  desk.open_both();
  desk.run(in(kSecond, order(desk.maker, -10, 108, 60)));
  desk.index(106);
  EXPECT_EQ(desk.liquidate(desk.trader, desk.keeper), TxStatus::Executed);
  EXPECT_EQ(desk.exchange.position(desk.trader, kSecond), 0_lots);
  EXPECT_EQ(desk.purse(kSecond), Money::zero());
  EXPECT_EQ(desk.exchange.totals().insurance_fund, 1'020_usd);
  EXPECT_EQ(desk.purse(kMainInstrument), -900_usd);
  EXPECT_EQ(desk.free(), 799_usd);
  ASSERT_EQ(desk.out.liquidations.size(), 1U);
  EXPECT_EQ(desk.out.liquidations[0].instrument, kSecond);
}

// Sold at 85 for 850 over a debt of 900: the fund has 5 of the 50, 45 are bad debt; 799 USD of cash
// and a short with a profit of 150 stay where they are.
TEST(IsolatedPurses, BadDebtIsOfOnePurse) {
  ExchangeParams params = two_perpetuals();
  params.insurance_fund = 5_usd;
  params.fund_shortfall = FundShortfall::BookBadDebt;
  params.deleveraging = Deleveraging::None;
  Two desk(params);
  desk.open_both();
  desk.run(order(desk.maker, 10, 85, 60));
  desk.index(85);
  const Insolvency lacking = desk.exchange.insolvency({85});
  EXPECT_EQ(lacking.equity, -100_usd);  // the maker's long in the listing lacks as much
  EXPECT_EQ(lacking.accounts, 2);
  EXPECT_EQ(desk.liquidate(desk.trader, desk.keeper), TxStatus::Executed);
  EXPECT_EQ(desk.exchange.totals().bad_debt, 45_usd);
  EXPECT_EQ(desk.exchange.totals().insurance_fund, Money::zero());
  EXPECT_EQ(desk.free(), 799_usd);
  EXPECT_EQ(desk.purse(kSecond), 1'100_usd);
  EXPECT_EQ(desk.exchange.totals().residual, Money::zero());
  desk.exchange.full_check();
}

// Long in both; both are short of margin at 94 and one transaction closes both.
TEST(IsolatedPurses, ALiquidationClosesAllThatAreShortEachByItself) {
  Two desk(two_perpetuals());
  ASSERT_EQ(desk.deal(kMainInstrument, 10, 100), TxStatus::Executed);
  ASSERT_EQ(desk.deal(kSecond, 10, 100), TxStatus::Executed);
  desk.run(order(desk.maker, 10, 93, 60));
  desk.run(in(kSecond, order(desk.maker, 10, 91, 61)));
  desk.index(94);
  EXPECT_EQ(desk.liquidate(desk.trader, desk.keeper), TxStatus::Executed);
  EXPECT_EQ(desk.exchange.position(desk.trader), 0_lots);
  EXPECT_EQ(desk.exchange.position(desk.trader, kSecond), 0_lots);
  EXPECT_EQ(desk.exchange.totals().insurance_fund, 1'000_usd + 30_usd + 10_usd);
  EXPECT_EQ(desk.exchange.quote(desk.trader), 799_usd);
}

// Half of 10 lots sold back at 110: the purse had 200 of equity, less the fee of 27.5 cents; half
// of that is free again.
TEST(IsolatedPurses, ClosingPartGivesItsPartBack) {
  Two desk(two_perpetuals());
  desk.open_both();
  ASSERT_EQ(desk.deal(kSecond, 10, 100), TxStatus::Executed);  // closes the short at no loss
  EXPECT_EQ(desk.free(), 799_usd + 100_usd - micros(500'000));
  desk.index(110);
  desk.run(order(desk.keeper, 5, 110));
  ASSERT_EQ(desk.run(order(desk.trader, -5, 110)), TxStatus::Executed);
  EXPECT_EQ(desk.free(), 898_usd + micros(500'000) + micros(99'862'500));
  EXPECT_EQ(desk.exchange.position_risk(desk.trader, kMainInstrument).net_collateral,
            micros(99'862'500));
}

// At five times leverage 200 USD go into each purse, not the 100 that the rule asks for.
TEST(IsolatedPurses, UsersMayChooseLessLeverageThanTheRule) {
  ExchangeParams params = two_perpetuals();
  params.isolated_leverage = 5;
  Two desk(params);
  desk.open_both();
  EXPECT_EQ(desk.free(), 599_usd);
  EXPECT_EQ(desk.purse(kMainInstrument), -800_usd);
  EXPECT_EQ(desk.purse(kSecond), 1'200_usd);
  desk.index(94);
  EXPECT_FALSE(desk.exchange.liquidatable_since(desk.trader).happened());
}

// The purse of the long has 100 USD of margin, all of which is initial margin; with 50 more it is
// not liquidatable at 94 (90 over 47), and the 50 can be taken back, no more.
TEST(IsolatedPurses, MarginMovesInAndOut) {
  Two desk(two_perpetuals());
  desk.open_both();
  const auto move = [&](AccountId account, std::int64_t usd) {
    return desk.run(simple(account, TxKind::MoveMargin, usd * 1'000'000));
  };
  EXPECT_EQ(move(desk.trader, -1), TxStatus::Rejected);
  EXPECT_EQ(move(desk.trader, 800), TxStatus::Rejected);  // 799 are free
  EXPECT_EQ(move(desk.trader, 0), TxStatus::Rejected);
  EXPECT_EQ(move(desk.keeper, 10), TxStatus::Rejected);  // has no position
  EXPECT_EQ(move(desk.trader, 50), TxStatus::Executed);
  EXPECT_EQ(desk.free(), 749_usd);
  EXPECT_EQ(desk.purse(kMainInstrument), -850_usd);
  desk.index(94);
  EXPECT_FALSE(desk.exchange.liquidatable_since(desk.trader).happened());
  desk.index(100);
  EXPECT_EQ(move(desk.trader, -51), TxStatus::Rejected);
  EXPECT_EQ(move(desk.trader, -50), TxStatus::Executed);
  EXPECT_EQ(desk.free(), 799_usd);
  desk.exchange.full_check();
}

TEST(IsolatedPurses, AShortPurseIsSavedInTime) {
  Two desk(two_perpetuals());
  desk.open_both();
  desk.index(94);
  ASSERT_TRUE(desk.exchange.liquidatable_since(desk.trader).happened());
  desk.run(simple(desk.trader, TxKind::MoveMargin, 7'000'000));  // 40 and 7: maintenance is 47
  EXPECT_FALSE(desk.exchange.liquidatable_since(desk.trader).happened());
  EXPECT_EQ(desk.liquidate(desk.trader, desk.keeper), TxStatus::NotLiquidatable);
}

TEST(IsolatedPurses, MarginDoesNotMoveWhereItIsCross) {
  ExchangeParams params = two_perpetuals();
  params.margin_mode = MarginMode::Cross;
  Two desk(params);
  desk.open_both();
  EXPECT_EQ(desk.run(simple(desk.trader, TxKind::MoveMargin, 1'000'000)), TxStatus::Rejected);
}

// 1 000 ppm per 8 h for one hour on 10 lots at 100: 12.5 cents, from the long's purse.
TEST(IsolatedPurses, FundingGoesThroughThePurse) {
  ExchangeParams params = two_perpetuals();
  params.funding.default_rate_ppm = 1'000;
  Two desk(params);
  desk.open_both();
  desk.block_time = 1_h;
  desk.run(simple(AccountId::none(), TxKind::SettleFunding, 0));
  ASSERT_EQ(desk.out.funding.size(), 1U);
  EXPECT_EQ(desk.purse(kMainInstrument), -900_usd - micros(125'000));
  EXPECT_EQ(desk.free(), 799_usd);
}

// A sold future has 1 100 of cash against 10 lots. It settles at 150: 400 are lacking, which the
// fund pays; at 105 it has 50 left, which are free.
TEST(IsolatedPurses, AnExpirySettlesWithinThePurse) {
  ListingSpec future = listed("F", ListingKind::Future);
  future.expiry = 10_min;
  for (const auto& [index, left, fund] :
       {std::tuple{150, 0_usd, 600_usd}, std::tuple{105, 50_usd, 1'000_usd}}) {
    Two desk(isolated_with(future));
    desk.open_both();
    desk.index(index);
    desk.block_time = 10_min;
    desk.run(simple(AccountId::none(), TxKind::SettleFunding, 0));
    ASSERT_EQ(desk.out.expiries.size(), 1U);
    EXPECT_EQ(desk.purse(kSecond), Money::zero());
    EXPECT_EQ(desk.free(), 799_usd + left);
    EXPECT_EQ(desk.purse(kMainInstrument), -900_usd);
    EXPECT_EQ(desk.exchange.totals().insurance_fund, fund);
    desk.exchange.full_check();
  }
}

// ---- options, where the rule is one of portfolios

ExchangeParams options() {
  ListingSpec call = listed("C110", ListingKind::Call);
  call.tick = Money{10'000};
  call.strike = 110_usd;
  call.expiry = 1_d;
  call.volatility = 80_percent;
  ExchangeParams params = isolated_with(call);
  params.liquidation_rule = LiquidationRule::DydxV4;
  params.margin = MarginRule::DeriveSrm;
  params.maker_fee = Ratio::zero();
  params.taker_fee = Ratio::zero();
  return params;
}

// Ten calls sold at the mark: 13 USD each beside it (exchange_listings_test.cpp), so the purse has
// the premium and 130 USD; the buyer's has nothing, since a bought option counts nothing.
TEST(IsolatedPurses, PremiumsGoThroughThePurse) {
  Two desk(options());
  const std::int64_t mark = desk.exchange.mark(kSecond).ticks;
  ASSERT_EQ(desk.deal(kSecond, -10, mark), TxStatus::Executed);
  const Money premium = Money{10'000} * (mark * 10);
  EXPECT_EQ(desk.purse(kSecond), premium + 130_usd);
  EXPECT_EQ(desk.free(), 1'000_usd - 130_usd);
  EXPECT_EQ(desk.exchange.purse(desk.maker, kSecond), Money::zero());
  EXPECT_EQ(desk.exchange.free_collateral(desk.maker), 100'000_usd - premium);
  desk.exchange.full_check();
}

// At 120 the calls are 10 in the money, worth at least 100: the purse with 130 and the premium is
// below 9 % of 120 x 10 = 108 beside their value. It is auctioned; the perpetual is not, and its
// owner may go on trading it.
TEST(IsolatedPurses, AnOptionIsAuctionedAlone) {
  Two desk(options());
  ASSERT_EQ(desk.deal(kMainInstrument, 10, 100), TxStatus::Executed);
  ASSERT_EQ(desk.deal(kSecond, -10, desk.exchange.mark(kSecond).ticks), TxStatus::Executed);
  const Money free = desk.free();
  const Money perpetual = desk.purse(kMainInstrument);
  desk.index(120);
  EXPECT_EQ(desk.liquidate(desk.trader, desk.keeper), TxStatus::Executed);
  ASSERT_EQ(desk.out.liquidations.size(), 1U);
  EXPECT_EQ(desk.out.liquidations[0].step, LiquidationStep::AuctionStart);
  EXPECT_TRUE(desk.exchange.auction_discount(desk.trader, desk.now).has_value());
  EXPECT_EQ(desk.run(in(kSecond, order(desk.trader, 1, 500, 9))), TxStatus::Rejected);
  EXPECT_EQ(desk.run(order(desk.trader, -1, 130, 10)), TxStatus::Executed);
  EXPECT_EQ(desk.liquidate(desk.trader, desk.keeper), TxStatus::PartlyFilled);
  EXPECT_LT(desk.exchange.position(desk.keeper, kSecond), 0_lots);
  EXPECT_EQ(desk.exchange.position(desk.trader), 10_lots);
  EXPECT_EQ(desk.purse(kMainInstrument), perpetual);
  EXPECT_GE(desk.free(), free);
  EXPECT_EQ(desk.exchange.totals().residual, Money::zero());
  desk.exchange.full_check();
}

}  // namespace
}  // namespace mezz

// Listings on the exchange: trade, mark, funding, expiry, margin, auction. Prices of the small
// exchange: the index starts at 100 USD, lots are whole units, one tick is a cent for listings.
#include <gtest/gtest.h>

#include "tests/models/layer2/execution/desk.h"

namespace mezz {
namespace {

ListingSpec listed(const std::string& name, ListingKind kind) {
  ListingSpec spec;
  spec.name = name;
  spec.kind = kind;
  spec.tick = Money{10'000};
  spec.lot_decimals = 0;
  if (expires(kind)) spec.settlement_window = {};
  return spec;
}
ListingSpec option(const std::string& name, ListingKind kind, Money strike, Duration expiry = 1_d) {
  ListingSpec spec = listed(name, kind);
  spec.strike = strike;
  spec.expiry = expiry;
  spec.volatility = 80_percent;
  return spec;
}
ExchangeParams with(std::vector<ListingSpec> listings, MarginRule rule = MarginRule::DeriveSrm) {
  ExchangeParams params = small_params();
  params.listing = std::move(listings);
  params.margin = rule;
  params.oracle.max_age = 365_d;
  params.maker_fee = Ratio::zero();
  params.taker_fee = Ratio::zero();
  params.check("exchange");
  return params;
}
Transaction trade_order(AccountId account, std::uint16_t instrument, std::int64_t lots,
                        std::int64_t price, std::uint64_t number = 1) {
  Transaction tx = order(account, lots, price, number);
  tx.instrument = {instrument};
  return tx;
}
constexpr Money cents(std::int64_t n) { return Money{n * 10'000}; }

struct OptionDesk : Desk {
  AccountId buyer;
  AccountId seller;
  AccountId keeper;
  explicit OptionDesk(const ExchangeParams& params) : Desk(params) {
    buyer = account(10'000_usd);
    seller = account(10'000_usd);
    keeper = account(100'000_usd);
    start();
  }
  void deal(std::uint16_t instrument, std::int64_t lots, std::int64_t price) {
    ASSERT_EQ(run(trade_order(seller, instrument, -lots, price, 100)), TxStatus::Executed);
    ASSERT_EQ(run(trade_order(buyer, instrument, lots, price, 100)), TxStatus::Executed);
    exchange.full_check();
  }
  // Blocks with an index each, one a minute, until `until`.
  void pass(Time until, std::int64_t price) {
    block_time = 1_min;
    while (now < until) {
      std::vector<Transaction> transactions;
      if (exchange.funding_due(now + block_time)) {
        transactions.push_back(simple(AccountId::none(), TxKind::SettleFunding, 0));
      }
      transactions.push_back(oracle(price, now));
      block(transactions);
      for (const ExpiryEvent& e : out.expiries) expiries.push_back(e);
      exchange.full_check();
    }
  }
  std::vector<ExpiryEvent> expiries;
};

TEST(Listings, PremiumIsPaidAndTheOptionIsWorthItsMark) {
  OptionDesk desk(with({option("C110", ListingKind::Call, 110_usd)}));
  desk.deal(1, 10, 50);  // ten calls at 50 cents
  EXPECT_EQ(desk.exchange.quote(desk.buyer), 10'000_usd - 5_usd);
  EXPECT_EQ(desk.exchange.quote(desk.seller), 10'000_usd + 5_usd);
  const Price mark = desk.exchange.mark({1});
  EXPECT_EQ(desk.exchange.equity(desk.buyer, {100}), 9'995_usd + cents(10 * mark.ticks));
  EXPECT_EQ(desk.exchange.equity(desk.seller, {100}), 10'005_usd - cents(10 * mark.ticks));
  EXPECT_EQ(desk.exchange.position(desk.buyer, {1}), 10_lots);
  EXPECT_EQ(desk.exchange.position(desk.buyer), 0_lots);
}

// A long option counts nothing under the standard rule: 10 000 USD buy premium for exactly that.
TEST(Listings, LongOptionsGiveNoMarginUnderTheStandardRule) {
  OptionDesk desk(with({option("C90", ListingKind::Call, 90_usd, 30_d)}));
  EXPECT_EQ(desk.run(trade_order(desk.keeper, 1, -2'000, 1'000)), TxStatus::Executed);
  EXPECT_EQ(desk.run(trade_order(desk.buyer, 1, 1'001, 1'000, 1)), TxStatus::Rejected);
  EXPECT_EQ(desk.run(trade_order(desk.buyer, 1, 1'000, 1'000, 2)), TxStatus::Executed);
  EXPECT_EQ(desk.exchange.quote(desk.buyer), Money::zero());
  EXPECT_EQ(desk.exchange.free_collateral(desk.buyer), Money::zero());
}

// Short call, spot 100, strike 110: initial margin is mark + max(15 - 10, 13) = mark + 13 USD.
TEST(Listings, ShortCallNeedsWhatTheRuleOfDeriveSays) {
  OptionDesk desk(with({option("C110", ListingKind::Call, 110_usd)}));
  desk.deal(1, 10, 50);
  const Money mark = cents(desk.exchange.mark({1}).ticks);
  const margin::Risk risk = desk.exchange.risk(desk.seller, {100});
  // Uncovered calls cost more than alone only where the forward's share is greater: 1.2 x 100 x 10.
  EXPECT_EQ(risk.net_collateral, 10'005_usd - mark * 10);
  EXPECT_EQ(risk.initial_margin, 130_usd);
  EXPECT_EQ(risk.maintenance_margin, 90_usd);
}

TEST(Listings, ExpiryPaysThePayoffAndMoneyIsConserved) {
  OptionDesk desk(with({option("C110", ListingKind::Call, 110_usd, 10_min),
                        option("P95", ListingKind::Put, 95_usd, 10_min)}));
  desk.deal(1, 10, 50);
  desk.deal(2, 4, 30);
  desk.pass(Time::zero() + 12_min, 125);
  ASSERT_EQ(desk.expiries.size(), 2U);
  EXPECT_EQ(desk.expiries[0].index, 125_usd);
  EXPECT_EQ(desk.expiries[0].value, 15_usd);
  EXPECT_EQ(desk.expiries[0].paid, 150_usd);
  EXPECT_EQ(desk.expiries[1].value, Money::zero());
  EXPECT_EQ(desk.exchange.quote(desk.buyer), 10'000_usd - 5_usd - cents(120) + 150_usd);
  EXPECT_EQ(desk.exchange.quote(desk.seller), 10'000_usd + 5_usd + cents(120) - 150_usd);
  EXPECT_FALSE(desk.exchange.trading({1}));
  EXPECT_EQ(desk.run(trade_order(desk.buyer, 1, 1, 50)), TxStatus::Rejected);
}

// Index 100 until 5 min before expiry, then 130 for the rest of a window of 10 min: the average is
// (5 x 100 + 5 x 130) / 10 = 115, whoever moved the price at the end.
TEST(Listings, SettlementIsTheAverageOfTheWindow) {
  ListingSpec call = option("C110", ListingKind::Call, 110_usd, 20_min);
  call.settlement_window = 10_min;
  OptionDesk desk(with({call}));
  desk.deal(1, 10, 50);
  desk.pass(Time::zero() + 14_min + 50_s, 100);
  ASSERT_EQ(desk.now, Time::zero() + 2_s + 15_min);
  desk.pass(Time::zero() + 22_min, 130);
  ASSERT_EQ(desk.expiries.size(), 1U);
  // 130 is executed 62 s after the 15th minute: the average is 100 + 30 x (5 min - 62 s) / 10 min.
  EXPECT_EQ(desk.expiries[0].index, cents(11'190));
  EXPECT_EQ(desk.expiries[0].value, cents(190));
}

// Nothing is executed from minute 5 to minute 30; the window of minutes 10 to 20 holds only the
// last price known.
TEST(Listings, AnOutageOverTheExpirySettlesAtTheLastPriceKnown) {
  ListingSpec call = option("C110", ListingKind::Call, 110_usd, 20_min);
  call.settlement_window = 10_min;
  OptionDesk desk(with({call}));
  desk.deal(1, 10, 50);
  desk.pass(Time::zero() + 5_min, 112);
  desk.block_time = 25_min;
  desk.run(simple(AccountId::none(), TxKind::SettleFunding, 0));
  ASSERT_EQ(desk.out.expiries.size(), 1U);
  EXPECT_EQ(desk.out.expiries[0].value, 2_usd);
  desk.exchange.full_check();
}

TEST(Listings, FutureSettlesAtTheIndexAndDigitalsPayAllOrNothing) {
  ListingSpec future = listed("F", ListingKind::Future);
  future.expiry = 10_min;
  ListingSpec digital = option("D105", ListingKind::DigitalCall, 105_usd, 10_min);
  digital.payout = 10_usd;
  OptionDesk desk(with({future, digital}));
  desk.deal(1, 10, 10'000);  // at 100 USD
  desk.deal(2, 7, 300);      // at 3 USD
  desk.pass(Time::zero() + 12_min, 105);
  EXPECT_EQ(desk.exchange.quote(desk.buyer), 10'000_usd + 50_usd - 21_usd + 70_usd);
  EXPECT_EQ(desk.exchange.quote(desk.seller), 10'000_usd - 50_usd + 21_usd - 70_usd);
}

// Everlasting call, strike 90, index 100: pay-off 10. Funding of one hour out of 24: (mark - 10) /
// 24 from the long to the short, toward zero.
TEST(Listings, EverlastingFundingIsMarkLessPayoffPerPeriod) {
  ListingSpec call = listed("E90", ListingKind::EverlastingCall);
  call.strike = 90_usd;
  call.volatility = 80_percent;
  call.funding = ListingFunding::Cash;
  call.funding_period = 1_d;
  OptionDesk desk(with({call}));
  desk.deal(1, 10, 1'100);
  const Money before = desk.exchange.quote(desk.buyer);
  desk.pass(Time::zero() + 1_h + 1_min, 100);
  const std::int64_t mark = desk.exchange.mark({1}).ticks;
  ASSERT_GT(mark, 1'000);
  const Money per_lot{(mark - 1'000) * 10'000 / 24};
  EXPECT_EQ(desk.exchange.quote(desk.buyer), before - per_lot * 10);
}

// Squeeth: the factor falls by (payoff / mark)^(1 h / 17.5 d); nobody pays cash.
TEST(Listings, PowerPerpetualInKindShrinksEveryPosition) {
  ListingSpec squeeth = listed("S2", ListingKind::PowerPerp);
  squeeth.power = 2;
  squeeth.power_scale = 1_usd;
  squeeth.volatility = 80_percent;
  squeeth.funding = ListingFunding::InKind;
  squeeth.funding_period = 420_h;
  OptionDesk desk(with({squeeth}));
  desk.deal(1, 1, 1'031'000);
  const Money cash = desk.exchange.quote(desk.buyer);
  const Price before = desk.exchange.mark({1});
  desk.pass(Time::zero() + 1_h + 1_min, 100);
  const Price after = desk.exchange.mark({1});
  EXPECT_EQ(desk.exchange.quote(desk.buyer), cash);
  // Fair value is S^2 exp(v^2 T), 0.64 x 17.5 / 365 = 0.0306849: 10 000 x 1.0311605 USD. In an hour
  // the factor falls by exp(-0.0306849 / 420) = 0.99992694.
  EXPECT_EQ(before.ticks, 1'031'161);
  EXPECT_NEAR(static_cast<double>(after.ticks), 1'031'161 * 0.99992694, 1.1);
}

// 100 lots of 10 USD at 100 USD are 10 coins; at 125 USD they are 8: the buyer keeps 2 coins, worth
// 250 USD. Fees are zero here.
TEST(Listings, AnInversePerpetualIsPaidInCoins) {
  ListingSpec coin = listed("COIN", ListingKind::Spot);
  coin.lot_decimals = 3;
  ListingSpec inverse = listed("INV", ListingKind::InversePerp);
  inverse.notional = 10_usd;
  OptionDesk desk(with({coin, inverse}));
  desk.deal(2, 100, 10'000);
  EXPECT_EQ(desk.exchange.quote(desk.buyer), 10'000_usd);
  EXPECT_EQ(desk.exchange.position(desk.buyer, {1}), 10'000_lots);
  EXPECT_EQ(desk.exchange.position(desk.seller, {1}), -10'000_lots);
  EXPECT_EQ(desk.exchange.equity(desk.buyer, {100}), 10'000_usd);
  ASSERT_EQ(desk.index(125), TxStatus::Executed);
  EXPECT_EQ(desk.exchange.equity(desk.buyer, {125}), 10'250_usd);
  EXPECT_EQ(desk.exchange.equity(desk.seller, {125}), 9'750_usd);
  ASSERT_EQ(desk.run(trade_order(desk.buyer, 2, -100, 12'500, 7)), TxStatus::Executed);
  ASSERT_EQ(desk.run(trade_order(desk.seller, 2, 100, 12'500, 8)), TxStatus::Executed);
  EXPECT_EQ(desk.exchange.position(desk.buyer, {2}), 0_lots);
  EXPECT_EQ(desk.exchange.position(desk.buyer, {1}), 2'000_lots);
  EXPECT_EQ(desk.exchange.position(desk.seller, {1}), -2'000_lots);
  desk.exchange.full_check();
}

TEST(Listings, DydxRuleRefusesWhatItHasNoRuleFor) {
  EXPECT_THROW(with({option("C110", ListingKind::Call, 110_usd)}, MarginRule::DydxV4),
               ScenarioError);
}

std::string refusal(const ExchangeParams& params) {
  try {
    params.check("market");
  } catch (const ScenarioError& error) {
    return error.path() + ": " + error.problem();
  }
  return "accepted";
}

// The index starts at 100. At a scale of 0.1 its fourth power is 1000^4 = 10^12 USD: funding would
// ask for a payoff beyond money at the first hour. At 10 000 it is 10^-8 USD, no tick.
TEST(Listings, APowerMustBeOfTheIndexsOrderAtTheStart) {
  ListingSpec power = listed("P4", ListingKind::PowerPerp);
  power.power = 4;
  power.funding = ListingFunding::Cash;
  const std::string wrong =
      "market.listing[0].power_scale: must be of the order of market.initial_price, so that the "
      "price at the start is from one tick to 10^9 USD";
  for (const auto& [scale, said] : {std::pair{micros(100'000), wrong},
                                    {10'000_usd, wrong},
                                    {10_usd, std::string("accepted")}}) {
    power.power_scale = scale;
    ExchangeParams params = with({});
    params.listing = {power};
    EXPECT_EQ(refusal(params), said);
  }
}

TEST(Listings, ATickMayNotSwallowThePrice) {
  ExchangeParams params = with({});
  params.listing = {listed("F", ListingKind::LinearPerp)};
  params.listing[0].tick = 101_usd;
  EXPECT_EQ(refusal(params), "market.listing[0].tick: must be at most the initial price, 100 USD");
  params.listing = {option("C110", ListingKind::Call, 110_usd)};
  params.listing[0].tick = 111_usd;
  EXPECT_EQ(refusal(params), "market.listing[0].tick: must be at most the strike, 110 USD");
}

TEST(Listings, PortfoliosAreAuctionedAtAFallingPrice) {
  Desk desk(with({option("C110", ListingKind::Call, 110_usd, 30_d)}));
  const AccountId buyer = desk.account(10'000_usd);
  const AccountId poor = desk.account(1'200_usd);
  const AccountId keeper = desk.account(100'000_usd);
  desk.start();
  ASSERT_EQ(desk.run(trade_order(poor, 1, -50, 500)), TxStatus::Executed);
  ASSERT_EQ(desk.run(trade_order(buyer, 1, 50, 500)), TxStatus::Executed);
  EXPECT_EQ(desk.liquidate(poor, keeper), TxStatus::NotLiquidatable);
  // Calls are worth about 19.1 USD: 1 450 - 955 = 495 is left of 9 % x 124 x 50 = 558 needed.
  ASSERT_EQ(desk.index(124), TxStatus::Executed);
  const margin::Risk risk = desk.exchange.risk(poor, {124});
  ASSERT_TRUE(margin::is_liquidatable(risk));
  ASSERT_GT(risk.net_collateral, Money::zero());
  EXPECT_EQ(desk.liquidate(poor, keeper), TxStatus::Executed);  // starts the auction
  EXPECT_EQ(desk.exchange.auction_discount(poor, desk.now), Ratio{950'000'000});
  EXPECT_EQ(desk.run(trade_order(poor, 1, -1, 500)), TxStatus::Rejected);
  desk.block_time = 15_min;
  const Money before = desk.exchange.equity(keeper, {124});
  const Money value = desk.exchange.equity(poor, {124});
  ASSERT_NE(desk.liquidate(poor, keeper), TxStatus::Rejected);
  // 70 % of the part taken was paid; 30 % of it is the keeper's gain, whatever was rounded.
  const Money gain = desk.exchange.equity(keeper, {124}) - before;
  const Money lost = value - desk.exchange.equity(poor, {124});
  EXPECT_EQ(gain, lost);
  EXPECT_GT(gain, Money::zero());
  EXPECT_LT(gain, value);
  EXPECT_LT(desk.exchange.position(keeper, {1}), 0_lots);
  desk.exchange.full_check();
}

// Money that comes in ends an auction without anybody's bid, and so does a price that comes back.
TEST(Listings, AnAuctionEndsWhenTheMarginIsBack) {
  for (const bool by_deposit : {true, false}) {
    Desk desk(with({option("C110", ListingKind::Call, 110_usd, 30_d)}));
    const AccountId buyer = desk.account(10'000_usd);
    const AccountId poor = desk.account(1'200_usd);
    const AccountId keeper = desk.account(100'000_usd);
    desk.start();
    ASSERT_EQ(desk.run(trade_order(poor, 1, -50, 500)), TxStatus::Executed);
    ASSERT_EQ(desk.run(trade_order(buyer, 1, 50, 500)), TxStatus::Executed);
    ASSERT_EQ(desk.index(124), TxStatus::Executed);
    ASSERT_EQ(desk.liquidate(poor, keeper), TxStatus::Executed);
    ASSERT_EQ(desk.run(trade_order(poor, 1, 1, 500)), TxStatus::Rejected);
    if (by_deposit) {
      ASSERT_EQ(desk.run(simple(poor, TxKind::Deposit, (1'000_usd).micros)), TxStatus::Executed);
    } else {
      ASSERT_EQ(desk.index(105), TxStatus::Executed);
    }
    EXPECT_FALSE(desk.exchange.auction_discount(poor, desk.now).has_value());
    EXPECT_EQ(desk.run(trade_order(poor, 1, 1, 500)), TxStatus::Executed);
    desk.exchange.full_check();
  }
}

TEST(Listings, InsolventPortfoliosArePaidForByTheFundThenBadDebt) {
  ExchangeParams params = with({option("C110", ListingKind::Call, 110_usd, 30_d)});
  params.insurance_fund = 100_usd;
  Desk desk(params);
  const AccountId buyer = desk.account(10'000_usd);
  const AccountId poor = desk.account(1'200_usd);
  const AccountId keeper = desk.account(100'000_usd);
  desk.start();
  ASSERT_EQ(desk.run(trade_order(poor, 1, -50, 500)), TxStatus::Executed);
  ASSERT_EQ(desk.run(trade_order(buyer, 1, 50, 500)), TxStatus::Executed);
  ASSERT_EQ(desk.index(160), TxStatus::Executed);
  const Money hole = -desk.exchange.equity(poor, {160});
  ASSERT_GT(hole, 100_usd);
  EXPECT_EQ(desk.liquidate(poor, keeper), TxStatus::Executed);
  EXPECT_EQ(desk.liquidate(poor, keeper), TxStatus::Executed);
  EXPECT_EQ(desk.exchange.position(poor, {1}), 0_lots);
  EXPECT_EQ(desk.exchange.quote(poor), Money::zero());
  const ExchangeTotals totals = desk.exchange.totals();
  EXPECT_EQ(totals.insurance_fund, Money::zero());
  // One second into the ramp of an hour the payment is a little over the hole.
  EXPECT_GE(totals.bad_debt, hole - 100_usd);
  EXPECT_LT(totals.bad_debt, hole - 100_usd + 1_usd);
  desk.exchange.full_check();
}

// What is being auctioned expires; the other future keeps the account below its margin, and its
// auction begins.
TEST(ListingAuctions, AMakerAuctionOfWhatHasExpiredMakesWayForTheNext) {
  ListingSpec near = listed("NEAR", ListingKind::Future);
  near.expiry = 1_d;
  ListingSpec far = listed("FAR", ListingKind::Future);
  far.expiry = 9_d;
  ExchangeParams params = with({near, far}, MarginRule::DydxV4);
  params.liquidation_rule = LiquidationRule::MakerClip;
  Desk d(params);
  const AccountId seller = d.account(10'000_usd);
  const AccountId keeper = d.account(100'000_usd);
  const AccountId target = d.account(40_usd);
  d.start();
  for (std::uint16_t future = 1; future <= 2; ++future) {
    ASSERT_EQ(d.run(trade_order(seller, future, -1, 10'000, future)), TxStatus::Executed);
    ASSERT_EQ(d.run(trade_order(target, future, 1, 10'000, future)), TxStatus::Executed);
  }
  d.index(81);
  d.liquidate(target, keeper);
  ASSERT_EQ(d.out.liquidations.size(), 1U);
  ASSERT_EQ(d.out.liquidations[0].step, LiquidationStep::AuctionStart);
  ASSERT_EQ(d.out.liquidations[0].instrument, InstrumentId{1});
  d.block_time = 25_h;
  d.block({simple(AccountId::none(), TxKind::SettleFunding, 0), oracle(81, d.now)});
  d.block_time = 1_min;
  d.block({simple(AccountId::none(), TxKind::SettleFunding, 0), oracle(81, d.now)});
  ASSERT_EQ(d.exchange.position(target, {1}), Quantity::zero());
  d.liquidate(target, keeper);
  ASSERT_EQ(d.out.liquidations.size(), 1U);
  EXPECT_EQ(d.out.liquidations[0].step, LiquidationStep::AuctionStart);
  EXPECT_EQ(d.out.liquidations[0].instrument, InstrumentId{2});
  d.exchange.full_check();
}

}  // namespace
}  // namespace mezz

#include <gtest/gtest.h>

#include "models/agents/basis_trader.h"
#include "models/agents/funding_trader.h"
#include "sim/check/error.h"
#include "tests/models/agents/mini_market.h"

namespace mezz {
namespace {

constexpr carry::Band kBand{.enter = 0.10, .exit = 0.02, .full = 0.50};
constexpr Quantity kLimit{1'000};

carry::Offer on_short(double open, double hold) {
  return {.open_short = open, .open_long = -open, .hold_short = hold, .hold_long = -hold};
}

TEST(Carry, OpensFromTheThresholdOnInProportionToWhatItEarns) {
  EXPECT_EQ(carry::wanted(kBand, on_short(0.099, 0.099), {}, kLimit), Quantity{0});
  EXPECT_EQ(carry::wanted(kBand, on_short(0.25, 0.25), {}, kLimit), Quantity{-500});  // 0.25 / 0.5
  EXPECT_EQ(carry::wanted(kBand, on_short(0.90, 0.90), {}, kLimit), Quantity{-1'000});
  EXPECT_EQ(carry::wanted(kBand, on_short(-0.25, -0.25), {}, kLimit), Quantity{500});
}

TEST(Carry, KeepsWhatItHoldsUntilItEarnsLessThanTheExit) {
  const Quantity held{-600};
  EXPECT_EQ(carry::wanted(kBand, on_short(0.01, 0.05), held, kLimit), held);
  EXPECT_EQ(carry::wanted(kBand, on_short(0.25, 0.25), held, kLimit), held);  // 500 would do
  EXPECT_EQ(carry::wanted(kBand, on_short(0.40, 0.40), held, kLimit), Quantity{-800});
  EXPECT_EQ(carry::wanted(kBand, on_short(0.01, 0.019), held, kLimit), Quantity{0});
  EXPECT_EQ(carry::wanted(kBand, on_short(0.01, 0.05), held, Quantity{400}), Quantity{-400});
}

TEST(Carry, TurnsRoundWhenTheOtherSideEarnsEnough) {
  EXPECT_EQ(carry::wanted(kBand, on_short(-0.20, -0.20), Quantity{-600}, kLimit), Quantity{400});
}

// A future of 30 days, 30 / 365 of a year, one per cent above: 12.1667 % a year; costs of 20 bp are
// 2.4333 % over that time, money costs 5 %: 4.7333 % are left. The ask is 1.02 % above: what a
// short goes on earning is 12.41 - 5 = 7.41 %, what a new long would earn -12.41 - 2.4333 + 5.
TEST(Carry, CashAndCarryEarnsTheBasisOverTheTimeLeft) {
  const carry::Basis basis{.spot = 50'000,
                           .bid = 50'500,
                           .ask = 50'510,
                           .converge_years = 30.0 / 365,
                           .hold_years = 30.0 / 365};
  const carry::Costs costs{.round_trip = 0.002, .financing = 0.05};
  const carry::Offer offer = carry::basis_offer(basis, costs);
  EXPECT_NEAR(offer.open_short, 0.0473333, 1e-7);
  EXPECT_NEAR(offer.hold_short, 0.0741, 1e-7);
  EXPECT_NEAR(offer.open_long, -0.0984333, 1e-7);
  EXPECT_NEAR(offer.hold_long, -0.0716667, 1e-7);
  EXPECT_NEAR(carry::short_price(basis, costs, offer.open_short), 50'500, 1e-6);
  EXPECT_NEAR(carry::long_price(basis, costs, offer.open_long), 50'510, 1e-6);
}

// A perpetual pays its premium once in 8 h, 1095 times a year: 10 bp are 109.5 %. 15 bp of costs
// over a week (365 / 7 times a year) are 7.8214 %.
TEST(Carry, APerpetualEarnsItsPremiumEveryEightHours) {
  const carry::Basis basis{.spot = 50'000,
                           .bid = 50'050,
                           .ask = 0,
                           .converge_years = 8.0 / 8'760,
                           .hold_years = 7.0 / 365};
  const carry::Offer offer = carry::basis_offer(basis, {.round_trip = 0.0015, .financing = 0.05});
  EXPECT_NEAR(offer.open_short, 1.095 - 0.0782143 - 0.05, 1e-7);
  // Nothing can be bought back: a short stays, whatever else.
  EXPECT_EQ(carry::wanted(kBand, offer, Quantity{-10}, Quantity{0}), Quantity{0});
  EXPECT_GT(offer.hold_short, kBand.exit);
}

// Index and outside price 50 000 USD, a lot is 50 USD; somebody quotes perpetual and future.
struct Scene {
  World world{{.seed = 5}};
  Ref<PriceProcess> price;
  Ref<MiniMarket> market;
  AccountRange maker;
  InstrumentId future{1};

  static ExchangeParams exchange_params() {
    ExchangeParams params = test_exchange();
    params.listing = {{.name = "FUT",
                       .kind = ListingKind::Future,
                       .tick = Money{100'000},
                       .lot_decimals = 2,
                       .expiry = 10_min,
                       .settlement_window = Duration::zero()}};
    return params;
  }
  // A perpetual beside it that trades against a pool at the index.
  static ExchangeParams pool_params(FundingRule rule) {
    ExchangeParams params = exchange_params();
    params.listing.push_back({.name = "POOL",
                              .tick = Money{100'000},
                              .lot_decimals = 3,
                              .funding = ListingFunding::Cash});
    params.pool = {{.instrument = "POOL", .rule = {.kind = venue::Kind::OraclePool}}};
    params.funding_rule = rule;
    params.venue_funding.synthetix_v3.skew_scale = 1;
    params.check("market");
    return params;
  }
  explicit Scene(const ExchangeParams& params = exchange_params())
      : price(world.add<PriceProcess>(
            "price", PriceProcessParams{.kind = PricePathKind::Scripted, .step = 1_s},
            test_exchange().contract)),
        market(world.add<MiniMarket>("market", params)),
        maker(open_accounts(exchange(), 1, 100'000'000_usd)) {}
  Exchange& exchange() { return world.get(market).exchange; }
  MarketAccess access() { return {.inbox = market, .node = &exchange(), .outside = price}; }
  template <class A>
  Ref<A> add(const typename A::Params& params) {
    const AccountRange accounts = A::genesis(exchange(), params);
    const Ref<A> agent = world.add<A>("agent", params, access(), accounts);
    world.get(market).own(accounts, agent);
    world.get(market).observers.push_back(agent);
    return agent;
  }
  void send(Time at, const Transaction& tx) {
    world.engine().schedule(at, Ref<Inbox>(market), SubmitTransaction{tx});
  }
  void quote(InstrumentId instrument, std::int64_t ticks, std::int64_t lots, std::uint64_t number) {
    send(Time::zero(), {.account = maker.at(0),
                        .price = ticks,
                        .amount = lots,
                        .reference = number,
                        .submitted = {},
                        .instrument = instrument});
  }
  void run(Duration until) {
    if (!exchange().genesis_ended()) {
      exchange().end_genesis();
      world.start();
    }
    world.run(Time::zero() + until);
  }
};

// The future has ten minutes left and counts an hour: one per cent is 8 760 % a year, all of a
// limit of 10 000 USD x 3 / 500 USD = 60 lots of 0.01. 30 are bid for at 50 500: it sells 0.3 units
// for 15 150 USD, pays 5 bp of that, 7.575 USD, and 15 000 USD for 300 contract lots outside. At
// the expiry the index is 50 000: 150 USD of basis less the fee are its profit.
TEST(BasisTrader, EarnsTheBasisOfAFutureThatConverges) {
  Scene scene;
  const Ref<BasisTrader> trader = scene.add<BasisTrader>(
      {.instrument = "FUT", .capital = 10'000_usd, .leverage = Ratio::one() * 3});
  scene.world.get(scene.price).subscribe(trader);
  scene.quote(scene.future, 505'000, 30, 1);
  scene.quote(scene.future, 505'100, -30, 2);
  scene.run(2_min);
  const BasisTrader& t = scene.world.get(trader);
  EXPECT_EQ(scene.exchange().position(t.accounts().at(0), scene.future), Quantity{-30});
  EXPECT_EQ(t.spot_leg().held, Quantity{300});
  EXPECT_EQ(t.spot_leg().paid, 15'000_usd);
  scene.send(Time::zero() + 601_s,
             {.account = AccountId::none(), .kind = TxKind::SettleFunding, .submitted = {}});
  scene.run(11_min);
  EXPECT_EQ(scene.exchange().position(t.accounts().at(0), scene.future), Quantity::zero());
  EXPECT_EQ(t.spot_leg().held, Quantity::zero());  // sold again
  EXPECT_EQ(t.profit(), Money{142'425'000});
  scene.exchange().full_check();
}

TEST(BasisTrader, LeavesAPremiumThatCostsMoreThanItEarns) {
  Scene scene;
  // 0.2 bp in 8 h is 2.2 % a year; money alone costs 5 %.
  const Ref<BasisTrader> trader = scene.add<BasisTrader>({});
  scene.world.get(scene.price).subscribe(trader);
  scene.quote(kMainInstrument, 500'010, 1'000, 1);
  scene.quote(kMainInstrument, 500'020, -1'000, 2);
  scene.run(2_min);
  EXPECT_EQ(scene.world.get(scene.market).count(TxKind::PlaceOrder), 2U);
  MetricList out;
  scene.world.get(trader).report(out);
  EXPECT_NEAR(out.take()[0].value, 0.3e-4, 1e-9);  // the middle is 1.5 ticks above 500 000
}

TEST(BasisTrader, RefusesWhatItCannotTrade) {
  EXPECT_THROW(Scene().add<BasisTrader>({.instrument = "NONE"}), ScenarioError);
  EXPECT_THROW(Scene().add<BasisTrader>({.enter = 2_percent, .exit = 2_percent}), ScenarioError);
}

// 10 bp above the index for more than the impact notional of 25 000 USD: 1 000 ppm in 8 h, 1095
// times a year 109.5 %.
TEST(FundingTrader, TakesTheSideThatReceivesAndHedgesOutside) {
  Scene scene;
  const Ref<FundingTrader> trader = scene.add<FundingTrader>({.capital = 50'000_usd});
  scene.quote(kMainInstrument, 500'500, 10'000, 1);
  scene.quote(kMainInstrument, 500'600, -10'000, 2);
  scene.run(10_s);
  EXPECT_NEAR(carry::funding_per_year(scene.exchange()), 1.095, 1e-12);
  scene.run(5_min);
  const FundingTrader& t = scene.world.get(trader);
  // 50 000 USD x 2 / 50 USD = 2 000 lots, in clips of 500; the rate is above `full`.
  EXPECT_EQ(scene.exchange().position(t.accounts().at(0)), Quantity{-2'000});
  EXPECT_EQ(t.spot_leg().held, Quantity{2'000});
  // Sold 2 units at 50 050, bought at 50 000, 5 bp of 100 100 USD as fees.
  EXPECT_EQ(t.profit(), Money{100'000'000 - 50'050'000});
  scene.exchange().full_check();
}

TEST(FundingTrader, WithoutAHedgeItBearsThePrice) {
  Scene scene;
  const Ref<FundingTrader> trader =
      scene.add<FundingTrader>({.hedge = CarryHedge::None, .capital = 50'000_usd});
  scene.quote(kMainInstrument, 499'500, -10'000, 1);
  scene.quote(kMainInstrument, 499'400, 10'000, 2);
  scene.run(5_min);
  const FundingTrader& t = scene.world.get(trader);
  EXPECT_EQ(scene.exchange().position(t.accounts().at(0)), Quantity{2'000});  // longs receive
  EXPECT_EQ(t.spot_leg().ordered, Quantity::zero());
}

// Two units are long against a scale of one: the rate of a day grows by 300 % a day, to 20 % a year
// in 16 s and to `full`, 100 %, in 79. It sells what is long, 2 units, its limit of 50 000 USD x 2;
// then the skew is zero and the rate stays.
TEST(FundingTrader, TakesTheOtherSideOfAPoolsSkew) {
  Scene scene(Scene::pool_params(FundingRule::SynthetixV3));
  const Ref<FundingTrader> trader =
      scene.add<FundingTrader>({.instrument = "POOL", .memory = 1_s, .capital = 50'000_usd});
  scene.quote({2}, 500'500, 2'000, 1);
  scene.run(2_s);
  ASSERT_EQ(scene.exchange().traders_skew({2}), Quantity{2'000});
  scene.run(5_min);
  const FundingTrader& t = scene.world.get(trader);
  EXPECT_EQ(t.held(), Quantity{-2'000});
  EXPECT_EQ(scene.exchange().position(t.accounts().at(0)), Quantity::zero());
  EXPECT_EQ(t.spot_leg().held, Quantity{2'000});
  EXPECT_EQ(scene.exchange().traders_skew({2}), Quantity::zero());
  const double rate = carry::funding_per_year(scene.exchange(), {2});
  EXPECT_GT(rate, 1.0);
  scene.run(6_min);
  EXPECT_EQ(carry::funding_per_year(scene.exchange(), {2}), rate);
  scene.exchange().full_check();
}

TEST(FundingTrader, WatchesAPoolThatPaysNothing) {
  Scene scene(Scene::pool_params(FundingRule::DydxV4));
  const Ref<FundingTrader> trader = scene.add<FundingTrader>({.instrument = "POOL"});
  scene.quote({2}, 500'500, 2'000, 1);
  scene.run(5_min);
  EXPECT_EQ(scene.world.get(trader).held(), Quantity::zero());
}

TEST(FundingTrader, RefusesAListingWithoutAPool) {
  EXPECT_THROW(Scene().add<FundingTrader>({.instrument = "FUT"}), ScenarioError);
  EXPECT_THROW(Scene().add<FundingTrader>({.instrument = "NONE"}), ScenarioError);
  ExchangeParams params = Scene::pool_params(FundingRule::GmxV2);
  params.listing[1].lot_decimals = 2;
  EXPECT_THROW(Scene(params).add<FundingTrader>({.instrument = "POOL"}), ScenarioError);
}

}  // namespace
}  // namespace mezz

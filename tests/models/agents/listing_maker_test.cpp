// A call at the money for a year at 80 % without carry: 50 000 x (2 N(s / 2) - 1) at volatility s,
// ticks and lots of one dollar and one unit.
//   s    N(s / 2)     price         s    N(s / 2)     price
//   72 % 0.64057643   14 057.64     80 % 0.65542174   15 542.17
//   76 % 0.64802729   14 802.73     84 % 0.66275727   16 275.73
#include "models/agents/listing_maker.h"

#include <gtest/gtest.h>

#include "tests/models/agents/mini_market.h"

namespace mezz {
namespace {

constexpr InstrumentId kCall{1};

ExchangeParams with_call(ListingKind kind) {
  ExchangeParams params;
  params.contract = {.underlying = "X", .tick = 1_usd, .lot_decimals = 0};
  params.initial_price = 50'000_usd;
  params.margin = MarginRule::DeriveSrm;
  params.oracle.max_age = 365_d;
  ListingSpec call;
  call.name = "CALL";
  call.kind = kind;
  call.strike = 50'000_usd;
  if (is_digital(kind)) call.payout = 10'000_usd;
  call.tick = 1_usd;
  call.lot_decimals = 0;
  call.expiry = 365_d;
  call.settlement_window = {};
  call.volatility = 80_percent;
  params.listing = {call};
  params.check("market");
  return params;
}

struct Scene {
  World world{{.seed = 3}};
  Ref<MiniMarket> market;
  Ref<ListingMaker> maker;
  AccountRange trader;

  explicit Scene(const ListingMakerParams& params, ListingKind kind = ListingKind::Call) {
    market = world.add<MiniMarket>("market", with_call(kind));
    Exchange& state = exchange();
    const AccountRange account = ListingMaker::genesis(state, params);
    trader = open_accounts(state, 1, 50'000'000_usd);
    const MarketAccess access{.inbox = market, .node = &state};
    maker = world.add<ListingMaker>("maker", params, access, account);
    world.get(market).own(account, maker);
    world.get(market).observers.push_back(maker);
    state.end_genesis();
    world.engine().schedule(Time::zero(), Ref<Inbox>(market),
                            MiniMarket::report(50'000, Time::zero()));
    world.start();
  }
  Exchange& exchange() { return world.get(market).exchange; }
  [[nodiscard]] Price best(Side side) { return exchange().book(kCall).best(side); }
  void sell(std::int64_t lots, Duration when) {
    world.engine().schedule(Time::zero() + when, Ref<Inbox>(market),
                            SubmitTransaction{{.account = trader.at(0),
                                               .time_in_force = TimeInForce::Ioc,
                                               .price = 1,
                                               .amount = -lots,
                                               .reference = 1,
                                               .submitted = {},
                                               .instrument = kCall}});
  }
};

ListingMakerParams surface() {
  return {.quote_in = QuoteIn::Volatility,
          .volatility_spread = 5_percent,
          .vega_scale = 184'135_usd,
          .clip = 10_lots,
          .hedge_on = HedgeOn::Never};
}

// At 76 and 84 %, a tick further out.
TEST(ListingMaker, QuotesAtVolatilitiesAroundTheMark) {
  Scene scene(surface());
  scene.world.run(Time::zero() + 5_s);
  EXPECT_EQ(scene.best(Side::Buy), (Price{14'802}));
  EXPECT_EQ(scene.best(Side::Sell), (Price{16'277}));
}

// Ten calls have a vega of 10 x 50 000 x 0.36827014 = 184 135: all volatilities move down by 5 %,
// to 72 and 80 %.
TEST(ListingMaker, TheVegaItHoldsMovesTheSurface) {
  Scene scene(surface());
  scene.sell(10, 5_s);
  scene.world.run(Time::zero() + 10_s);
  EXPECT_NEAR(scene.world.get(scene.maker).vega(365_d), 184'135.0, 1.0);
  EXPECT_EQ(scene.world.get(scene.maker).vega(Duration::zero()), 0.0);
  EXPECT_EQ(scene.best(Side::Buy), (Price{14'057}));
  EXPECT_EQ(scene.best(Side::Sell), (Price{15'543}));
}

// A digital at the money loses value as the volatility rises: 10 000 x N(-s / 2). At 76 % 3 519.73,
// at 84 % 3 372.43: the bid is below the price at 84 %.
TEST(ListingMaker, ADigitalIsBidAtTheVolatilityThatIsWorse) {
  Scene scene(surface(), ListingKind::DigitalCall);
  scene.world.run(Time::zero() + 5_s);
  EXPECT_EQ(scene.best(Side::Buy), (Price{3'371}));
  EXPECT_EQ(scene.best(Side::Sell), (Price{3'521}));
}

// 15 542 less 2 % and a tick, up to 2 % and a tick more: 15 230.16 down, 15 853.84 up.
TEST(ListingMaker, QuotesInPricesUnlessItIsTold) {
  ListingMakerParams params = surface();
  params.quote_in = QuoteIn::Price;
  Scene scene(params);
  scene.world.run(Time::zero() + 5_s);
  EXPECT_EQ(scene.best(Side::Buy), (Price{15'230}));
  EXPECT_EQ(scene.best(Side::Sell), (Price{15'854}));
}

}  // namespace
}  // namespace mezz

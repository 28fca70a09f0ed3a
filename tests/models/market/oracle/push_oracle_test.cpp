#include "models/market/oracle/push_oracle.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "models/market/price/price_process.h"
#include "sim/check/error.h"
#include "sim/world/world.h"

namespace mezz {
namespace {

Report at(std::int64_t ticks, Duration when) { return {{ticks}, Time::zero() + when}; }

// Chainlink ETH/USD: 0.5 % or 3600 s.
TEST(PushRule, ReportsAtTheDeviationAndNotBefore) {
  const PushRule rule{.deviation = 50_bp, .heartbeat = 1_h};
  const Report reported = at(200'000, 0_s);
  const Time now = Time::zero() + 10_s;
  EXPECT_FALSE(should_update(rule, reported, at(200'999, 9_s), now));  // 0.4995 %
  EXPECT_TRUE(should_update(rule, reported, at(201'000, 9_s), now));   // 0.5 %
  EXPECT_FALSE(should_update(rule, reported, at(199'001, 9_s), now));
  EXPECT_TRUE(should_update(rule, reported, at(199'000, 9_s), now));
}

TEST(PushRule, ReportsAtTheHeartbeat) {
  const PushRule rule{.deviation = 50_bp, .heartbeat = 1_h};
  const Report reported = at(100, 60_s);
  EXPECT_FALSE(should_update(rule, reported, at(100, 1_h), Time::zero() + 3'659_s));
  EXPECT_TRUE(should_update(rule, reported, at(100, 1_h), Time::zero() + 3'660_s));
}

TEST(PushRule, NeedsAnObservationAndReportsTheFirst) {
  const Report none{{}, Time::never()};
  EXPECT_FALSE(should_update({}, at(100, 0_s), none, Time::zero() + 2_h));
  EXPECT_TRUE(should_update({}, none, at(100, 0_s), Time::zero()));
}

// Takes every report into its state one second later, as a chain with blocks of a second would.
class Market final : public EntityOf<Market, NoParams, Inbox> {
 public:
  struct Seal {};
  using EntityOf::EntityOf;
  void observe(Ref<MarketObserver> observer) { observer_ = observer; }
  void on(Context& ctx, const Start&) { after(ctx, 1_s, Seal{}); }
  void on(Context& ctx, const SubmitTransaction& message) override {
    waiting_.push_back(message.transaction);
    arrivals.push_back(ctx.now());
  }
  void on(Context& ctx, const Seal&) {
    after(ctx, 1_s, Seal{});
    for (const Transaction& tx : waiting_) {
      EXPECT_EQ(tx.kind, TxKind::OracleUpdate);
      reports.push_back(tx);
      state.oracle = {tx.price};
      state.oracle_time = Time{static_cast<std::int64_t>(tx.reference)};
    }
    waiting_.clear();
    state.block = BlockId{state.block.value + 1};
    ctx.send(observer_, state);
  }
  void visit_state(auto& v) {
    v("waiting", waiting_);
    v("state", state);
  }
  std::vector<Transaction> reports;
  std::vector<Time> arrivals;
  MarketUpdate state{BlockId{0}, {500'000}, {}, {}, {}, Time::zero()};

 private:
  Ref<MarketObserver> observer_;
  std::vector<Transaction> waiting_;
};

BaseChainParams quiet_chain() {
  BaseChainParams params;
  params.missed_slot_probability = Ratio::zero();
  params.reorg_probability = Ratio::zero();
  params.demand.mean_gas = 50_percent;
  params.demand.burst_probability = Ratio::zero();
  return params;
}

const ContractSpec kContract{.underlying = "BTC", .tick = Money{100'000}, .lot_decimals = 3};

struct Scene {
  World world{{.seed = 5}};
  Ref<PriceProcess> price;
  Ref<Market> market;
  Ref<BaseChain> l1;
  Ref<PushOracle> oracle;

  Scene(const PushOracleParams& params, const PriceProcessParams& outside,
        const BaseChainParams& chain = quiet_chain()) {
    price = world.add<PriceProcess>("price", outside, kContract);
    market = world.add<Market>("market", NoParams{});
    l1 = world.add<BaseChain>("l1", chain);
    oracle = world.add<PushOracle>("oracle", params, PushOracleWiring{market, l1});
    world.get(oracle).start_with({500'000});
    world.get(price).subscribe(oracle);
    world.get(market).observe(oracle);
    world.start();
  }
  void shock(ShockKind kind, ShockEdge edge, Duration at, Ratio magnitude = Ratio::one()) {
    world.engine().schedule(Time::zero() + at, Ref<Shockable>(oracle),
                            Shock{kind, edge, 0, 0, magnitude});
  }
  const std::vector<Transaction>& run(Duration until) {
    world.run(Time::zero() + until);
    return world.get(market).reports;
  }
};

PriceProcessParams flat() { return {.kind = PricePathKind::Scripted, .step = 1_s}; }
PriceProcessParams crash() {
  return {.kind = PricePathKind::Scripted,
          .step = 1_s,
          .segments = {{.duration = 1_h, .change = Ratio{-400'000'000}}}};
}

TEST(PushOracle, QuietMarketIsReportedOncePerHeartbeat) {
  Scene setup({}, flat());
  const auto& reports = setup.run(3_h + 1_min);
  ASSERT_EQ(reports.size(), 3U);
  // At 3600 s the poll comes before that second's price: the newest one is of 3599 s.
  EXPECT_EQ(static_cast<std::int64_t>(reports[0].reference), (3'599_s).ns);
}

// ln(0.6)/3600 = -1.419e-4 a second: 0.5 % takes 35.3 s, then 1 s of polling, 2 s of reporting and
// up to 1 s to the block. A report every 36 to 40 s: 90 to 100 in the hour.
TEST(PushOracle, CrashIsReportedByDeviation) {
  Scene setup({}, crash());
  const auto& reports = setup.run(1_h);
  EXPECT_GE(reports.size(), 90U);
  EXPECT_LE(reports.size(), 101U);
  for (std::size_t i = 1; i < reports.size(); ++i)
    EXPECT_LT(reports[i].price, reports[i - 1].price);
}

TEST(PushOracle, OneReportIsInFlightUntilThePriceLeavesIt) {
  // Reports need 100 s; the price leaves each by 0.5 % after 36 s and it is replaced.
  Scene setup({.report_delay = DelayDistribution::constant(100_s), .resend_after = 1_h}, crash());
  setup.run(10_min);
  const std::uint64_t sent = setup.world.get(setup.oracle).reports_sent();
  EXPECT_GE(sent, 12U);  // (600 - 100) / 36 = 13.9
  EXPECT_LE(sent, 15U);
}

TEST(PushOracle, NoReportsWhileDown) {
  Scene setup({}, crash());
  setup.shock(ShockKind::OracleDown, ShockEdge::Begins, 10_min);
  setup.shock(ShockKind::OracleDown, ShockEdge::Ends, 30_min);
  setup.run(40_min);
  const auto& arrivals = setup.world.get(setup.market).arrivals;
  for (const Time t : arrivals) {
    EXPECT_FALSE(t > Time::zero() + 10_min && t < Time::zero() + 30_min) << t.seconds();
  }
  EXPECT_GT(std::count_if(arrivals.begin(), arrivals.end(),
                          [](Time t) { return t > Time::zero() + 30_min; }),
            10);
}

TEST(PushOracle, WrongPriceIsReportedOnceAndCorrectedAfterwards) {
  Scene setup({}, flat());
  setup.shock(ShockKind::OracleWrongPrice, ShockEdge::Begins, 100_s, Ratio{500'000'000});
  setup.shock(ShockKind::OracleWrongPrice, ShockEdge::Ends, 200_s);
  const auto& reports = setup.run(10_min);
  ASSERT_EQ(reports.size(), 2U);
  EXPECT_EQ(reports[0].price, 250'000);
  EXPECT_EQ(reports[1].price, 500'000);
}

TEST(PushOracle, ThroughLayerOneItArrivesAfterInclusionAndRelay) {
  Scene setup({.route = OracleRoute::Layer1, .relay_delay = 30_s}, flat());
  const auto& reports = setup.run(1_h + 2_min);
  ASSERT_EQ(reports.size(), 1U);
  // Seen at 3600 s, sent at 3602 s, in the block of 3612 s, relayed at 3642 s.
  EXPECT_EQ(setup.world.get(setup.market).arrivals[0], Time::zero() + 3'642_s);
  EXPECT_GT(setup.world.get(setup.oracle).fees_paid(), Wei::zero());
}

// A cap below the base fee of 7 gwei: nothing is included, the market keeps its price.
TEST(PushOracle, CapBelowTheBaseFeeKeepsReportsOut) {
  BaseChainParams chain = quiet_chain();
  chain.initial_base_fee = 500_gwei;
  chain.demand.mean_gas = Ratio::one() * 5;  // full blocks at any fee
  chain.demand.slot_deviation = 0.0;
  chain.demand.level_deviation = 0.0;
  chain.demand.gas_elasticity = 0.0;
  Scene dear({.route = OracleRoute::Layer1, .fee_cap = 100_gwei}, crash(), chain);
  EXPECT_TRUE(dear.run(30_min).empty());
  EXPECT_GT(dear.world.get(dear.oracle).reports_sent(), 10U);
  Scene cheap({.route = OracleRoute::Layer1, .fee_cap = 100_gwei}, crash());
  EXPECT_GT(cheap.run(30_min).size(), 10U);
}

TEST(PushOracle, LayerOneRouteWithoutChainIsRefused) {
  World world({.seed = 1});
  const Ref<Market> market = world.add<Market>("market", NoParams{});
  EXPECT_THROW(world.add<PushOracle>("oracle", {.route = OracleRoute::Layer1},
                                     PushOracleWiring{.inbox = market}),
               ScenarioError);
}

// The contract's code, called directly: an older report does not replace a newer one, and undoing
// the newer one brings the older back.
TEST(PushOracle, ContractIgnoresOlderReportsAndUndoes) {
  Scene setup({.route = OracleRoute::Layer1, .relay_delay = 1_h}, flat());
  setup.shock(ShockKind::OracleDown, ShockEdge::Begins, Duration::zero());  // none of its own
  const auto call = [&](std::int64_t price, Duration seen, std::uint64_t tag) {
    return L1Execute{.from = {},
                     .kind = L1CallKind::OracleUpdate,
                     .blobs = 0,
                     .tag = tag,
                     .a = static_cast<std::uint64_t>(price),
                     .b = static_cast<std::uint64_t>(seen.ns),
                     .block = L1BlockId{1},
                     .height = 1};
  };
  const Ref<L1Contract> contract(setup.oracle);
  auto& engine = setup.world.engine();
  engine.schedule(Time::zero() + 20_s, contract, call(510'000, 10_s, 1));
  engine.schedule(Time::zero() + 21_s, contract, call(520'000, 15_s, 2));
  engine.schedule(Time::zero() + 22_s, contract, call(400'000, 12_s, 3));
  setup.run(25_s);
  EXPECT_EQ(setup.world.get(setup.oracle).landed().price, Price{520'000});
  const L1Execute second = call(520'000, 15_s, 2);
  engine.schedule(Time::zero() + 26_s, contract,
                  L1Undo{second.from, second.kind, second.blobs, second.tag, second.a, second.b,
                         second.block, second.height});
  setup.run(27_s);
  EXPECT_EQ(setup.world.get(setup.oracle).landed().price, Price{510'000});
}

TEST(PushOracle, SnapshotContinuesTheSameRun) {
  const PushOracleParams params{.route = OracleRoute::Layer1,
                                .report_delay = DelayDistribution::exponential(5_s)};
  Scene whole(params, crash());
  Scene first(params, crash());
  Scene second(params, crash());
  first.world.run(Time::zero() + 10_min);
  whole.world.run(Time::zero() + 20_min);
  second.world.restore(first.world.save());
  second.world.run(Time::zero() + 20_min);
  EXPECT_EQ(second.world.get(second.oracle).reports_sent(),
            whole.world.get(whole.oracle).reports_sent());
  EXPECT_EQ(second.world.engine().fingerprint(), whole.world.engine().fingerprint());
}

}  // namespace
}  // namespace mezz

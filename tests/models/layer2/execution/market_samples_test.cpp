#include "models/layer2/execution/market_samples.h"

#include <gtest/gtest.h>

#include <string>

#include "models/layer2/execution/node.h"
#include "sim/record/memory_sink.h"
#include "sim/world/world.h"
#include "tests/models/layer2/execution/desk.h"

namespace mezz {
namespace {

OrderBook book_of(std::vector<DepthLevel> bids, std::vector<DepthLevel> asks) {
  OrderBook book;
  for (const auto& [price, lots] : bids) {
    book.place({.side = Side::Buy, .price = price, .quantity = lots});
  }
  for (const auto& [price, lots] : asks) {
    book.place({.side = Side::Sell, .price = price, .quantity = lots});
  }
  return book;
}
template <std::size_t N>
std::vector<std::int64_t> lots_of(const std::array<Quantity, N>& quantities) {
  std::vector<std::int64_t> lots;
  for (const Quantity quantity : quantities) lots.push_back(quantity.lots);
  return lots;
}
using Lots = std::vector<std::int64_t>;

// The middle is 10 000, so that 1 bp is one tick: what lies on a distance is within it.
TEST(BookDepth, DistancesContainTheirEndsAndTheNearerOnes) {
  const BookDepth depth = depth_of(
      book_of({{{9'995}, {4}}, {{9'990}, {3}}, {{9'989}, {2}}, {{9'800}, {1}}, {{9'799}, {7}}},
              {{{10'005}, {5}}, {{10'025}, {6}}, {{10'100}, {8}}, {{10'201}, {9}}}));
  EXPECT_EQ(depth.best_bid, Price{9'995});
  EXPECT_EQ(depth.best_ask, Price{10'005});
  EXPECT_EQ(lots_of(depth.bids), (Lots{4, 7, 9, 9, 9, 10}));
  EXPECT_EQ(lots_of(depth.asks), (Lots{5, 5, 11, 11, 19, 19}));
}

// The middle is 9 999.5 and 5 bp of it are 4.99975 ticks: 9 995 is 4.5 away, 9 994 is 5.5.
TEST(BookDepth, MiddleNeedNotBeATick) {
  const BookDepth depth = depth_of(book_of({{{9'999}, {1}}, {{9'995}, {2}}, {{9'994}, {4}}},
                                           {{{10'000}, {1}}, {{10'005}, {2}}}));
  EXPECT_EQ(depth.bids[0].lots, 3);
  EXPECT_EQ(depth.asks[0].lots, 1);  // 10 005 is 5.5 away
}

TEST(BookDepth, OneSideCountsFromItsOwnBest) {
  const BookDepth depth =
      depth_of(book_of({}, {{{10'000}, {1}}, {{10'005}, {2}}, {{10'006}, {4}}}));
  EXPECT_EQ(depth.best_bid, Price{});
  EXPECT_EQ(lots_of(depth.asks), (Lots{3, 7, 7, 7, 7, 7}));
  EXPECT_EQ(lots_of(depth.bids), (Lots{0, 0, 0, 0, 0, 0}));
  EXPECT_EQ(lots_of(depth_of(OrderBook{}).asks), (Lots{0, 0, 0, 0, 0, 0}));
}

TEST(HealthBins, UpperEndsBelongToTheirBin) {
  const auto bin = [](std::int64_t equity) { return health_bin(Money{equity}, Money{1'000}); };
  EXPECT_EQ(bin(-1), 0U);
  EXPECT_EQ(bin(0), 0U);
  EXPECT_EQ(bin(1), 1U);
  EXPECT_EQ(bin(500), 1U);
  EXPECT_EQ(bin(1'000), 2U);
  EXPECT_EQ(bin(1'001), 3U);
  EXPECT_EQ(bin(1'100), 3U);
  EXPECT_EQ(bin(10'000), 9U);
  EXPECT_EQ(bin(10'001), 10U);
  EXPECT_EQ(health_bin(Money{INT64_MAX}, Money{INT64_MAX}), 2U);  // no overflow
}

// Maintenance is 5 %. At 100 the long has 200 / 50 = 400 %, the short 60 / 50 = 120 %; at 84 the
// long has 40 / 42 = 95 % and the short 220 / 42 = 524 %. Who has no position maintains nothing.
TEST(HealthBins, AccountsAreCountedByWhatTheyMustMaintain) {
  Desk desk;
  desk.account(200_usd, 10, 100);
  desk.account(60_usd, -10, 100);
  desk.account(500_usd);
  desk.start();
  HealthBins bins = health_of(desk.exchange);
  EXPECT_EQ(bins.total(), 2);
  EXPECT_EQ(bins.at_or_below_one(), 0);
  EXPECT_EQ(bins.accounts[8], 1);  // above 300 up to 500 %
  EXPECT_EQ(bins.accounts[4], 1);  // above 110 up to 125 %
  EXPECT_EQ(bins.notional[4], 1'000_usd);
  ASSERT_EQ(desk.index(84), TxStatus::Executed);
  bins = health_of(desk.exchange);
  EXPECT_EQ(bins.total(), 2);
  EXPECT_EQ(bins.at_or_below_one(), 1);
  EXPECT_EQ(bins.accounts[2], 1);
  EXPECT_EQ(bins.notional[2], 840_usd);
  EXPECT_EQ(bins.accounts[9], 1);
}

// Beside 10 lots of the perpetual at 100 USD, 4 lots of a future whose mark is the index: 1 400
// USD.
TEST(HealthBins, NotionalIsOfAllInstruments) {
  ExchangeParams params = small_params();
  params.margin = MarginRule::DeriveSrm;
  params.maker_fee = params.taker_fee = Ratio::zero();
  params.listing.resize(1);
  params.listing[0].name = "F";
  params.listing[0].kind = ListingKind::Future;
  params.listing[0].tick = Money{10'000};
  params.listing[0].lot_decimals = 0;
  params.listing[0].expiry = 1_d;
  params.listing[0].settlement_window = {};
  Desk desk(params);
  const AccountId a = desk.account(10'000_usd, 10, 100);
  const AccountId b = desk.account(10'000_usd, -10, 100);
  desk.start();
  Transaction sell = order(b, -4, 10'000);
  Transaction buy = order(a, 4, 10'000);
  sell.instrument = buy.instrument = {1};
  ASSERT_EQ(desk.run(sell), TxStatus::Executed);
  ASSERT_EQ(desk.run(buy), TxStatus::Executed);
  ASSERT_EQ(desk.exchange.mark({1}), Price{10'000});
  EXPECT_EQ(desk.exchange.gross_notional(a), Int128{1'400'000'000});
  EXPECT_EQ(desk.exchange.gross_notional(b), Int128{1'400'000'000});
}

// Blocks every 2 s to 12 s; what a run of them leaves behind.
struct Sampled {
  MemorySink sink;
  std::uint64_t fingerprint = 0;
  explicit Sampled(Duration depth_every, Duration health_every) {
    Recording recording;
    recording.add_sink(sink);
    ExecutionParams params;
    params.exchange = small_params();
    params.exchange.depth_every = depth_every;
    params.exchange.health_every = health_every;
    World world({.seed = 1, .recording = &recording});
    const auto ref = world.add<ExecutionNode>("l2/node", params);
    ExecutionNode& node = world.get(ref);
    const AccountId a = node.genesis().open_account();
    const AccountId b = node.genesis().open_account();
    node.genesis().genesis_deposit(a, 200_usd);
    node.genesis().genesis_deposit(b, 1'000_usd);
    node.genesis().genesis_position(a, 10_lots, 100_ticks);
    node.genesis().genesis_position(b, -10_lots, 100_ticks);
    node.end_genesis();
    world.start();
    EXPECT_TRUE(recording.start({}));
    for (std::uint64_t i = 1; i <= 6; ++i) {
      world.run(world.engine().now() + 2_s);
      Context ctx(world.engine());
      const std::vector<Transaction> transactions = {order(b, -1, 101, i)};
      node.build_block(ctx, ctx.now(), 7, transactions, node.block_bytes(transactions));
    }
    fingerprint = world.engine().fingerprint();
    EXPECT_TRUE(recording.finish({}));
  }
};

TEST(MarketSamples, OneRowAfterEveryMultipleOfTheInterval) {
  const Sampled run(5_s, 10_s);
  const std::string depth = "tables/book_depth";
  EXPECT_EQ(run.sink.column<std::int64_t>(depth, "time"),
            (Lots{6'000'000'000, 10'000'000'000}));  // the first blocks from 5 and from 10 s on
  EXPECT_EQ(run.sink.column<std::int64_t>(depth, "ask_5bp"), (Lots{3, 5}));
  EXPECT_EQ(run.sink.column<std::int64_t>(depth, "bid_200bp"), (Lots{0, 0}));
  const std::string health = "tables/account_health";
  EXPECT_EQ(run.sink.column<std::int64_t>(health, "time"), (Lots{10'000'000'000}));
  EXPECT_EQ(run.sink.column<std::int64_t>(health, "accounts"), (Lots{2}));
  EXPECT_EQ(run.sink.column<std::int64_t>(health, "accounts_to_500"), (Lots{1}));  // 400 %
  EXPECT_EQ(run.sink.column<std::int64_t>(health, "accounts_beyond"), (Lots{1}));  // 2 000 %
  EXPECT_EQ(run.sink.column<std::int64_t>(health, "notional_beyond"), (Lots{1'000'000'000}));
}

TEST(MarketSamples, AreOffByDefaultAndNeverChangeTheRun) {
  const Sampled off({}, {});
  EXPECT_FALSE(off.sink.has("tables/book_depth"));
  EXPECT_FALSE(off.sink.has("tables/account_health"));
  const Sampled on(2_s, 2_s);
  EXPECT_EQ(on.sink.rows("tables/book_depth"), 6U);
  EXPECT_EQ(on.fingerprint, off.fingerprint);
}

}  // namespace
}  // namespace mezz

// What user code looks like (STYLE.md): a trader is Params, State and a few on() functions.
#include <gtest/gtest.h>

#include "models/agents/agent.h"
#include "models/agents/exponential_average.h"
#include "models/agents/genesis.h"
#include "sim/random/distribution.h"
#include "tests/models/agents/mini_market.h"

namespace mezz {
namespace {

struct MeanReverterParams {
  Duration think_time = 250_ms;
  Quantity clip = 1_lot;
  Ratio band = 20_bp;
  void visit(auto& v) {
    v("think_time", think_time);
    v("clip", clip);
    v("band", band);
  }
};

class MeanReverter final : public Agent<MeanReverter, MeanReverterParams> {
 public:
  struct Wake {};
  using Agent::Agent;
  using Agent::on;
  void on(Context& ctx, const Start&) { think(ctx); }
  void on(Context&, const MarkUpdate& update) { average_.add(update.mark, update.now); }
  void on(Context& ctx, const Wake&) {
    think(ctx);
    if (!average_.known()) return;
    const Price mark = view().mark();
    if (mark > average_.price().up_by(params().band)) sell(ctx, params().clip, Limit{mark});
    if (mark < average_.price().down_by(params().band)) buy(ctx, params().clip, Limit{mark});
  }
  void visit_state(auto& v) {
    Agent::visit_state(v);
    v("average", average_);
  }

 private:
  void think(Context& ctx) { after(ctx, exponential(rng(), params().think_time), Wake{}); }
  ExponentialAverage average_{30_s};
};

TEST(Agent, MeanReverterBuysTheDip) {
  World world({.seed = 3});
  const Ref<MiniMarket> market = world.add<MiniMarket>("market", test_exchange());
  Exchange& exchange = world.get(market).exchange;
  const AccountRange account = open_accounts(exchange, 1, 100'000_usd);
  exchange.end_genesis();
  const MarketAccess access{.inbox = market, .node = &exchange};
  const Ref<MeanReverter> trader =
      world.add<MeanReverter>("trader", MeanReverterParams{}, access, account);
  world.get(market).own(account, trader);
  world.get(market).observers.push_back(trader);
  world.start();
  world.run(Time::zero() + 20_s);
  EXPECT_EQ(world.get(market).count(TxKind::PlaceOrder), 0U);
  world.engine().schedule(Time::zero() + 20_s, Ref<Inbox>(market),
                          MiniMarket::report(490'000, Time::zero() + 20_s));
  world.run(Time::zero() + 25_s);
  ASSERT_GT(world.get(market).count(TxKind::PlaceOrder), 5U);
  for (const Transaction& tx : world.get(market).log) {
    if (tx.kind == TxKind::PlaceOrder) {
      EXPECT_EQ(tx.amount, 1);
      EXPECT_EQ(tx.price, 490'000);
    }
  }
  EXPECT_GT(exchange.book().quantity_at(Side::Buy, Price{490'000}), Quantity::zero());
}

// A step from 100 to 200 after the memory has passed once: half of the way.
TEST(ExponentialAverage, SampleAfterOneMemoryWeighsHalf) {
  ExponentialAverage average(30_s);
  average.add({100}, Time::zero());
  average.add({200}, Time::zero() + 30_s);
  EXPECT_EQ(average.price(), Price{150});
}

}  // namespace
}  // namespace mezz

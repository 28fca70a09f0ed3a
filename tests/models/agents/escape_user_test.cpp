#include "models/agents/escape_user.h"

#include <gtest/gtest.h>

#include <set>

#include "sim/check/error.h"
#include "tests/models/agents/mini_market.h"

namespace mezz {
namespace {

// A sequencer that answers nobody, and a hatch whose rules are three numbers.
class DeafChain final : public EntityOf<DeafChain, NoParams, Inbox, L1Contract>, public EscapeDoor {
 public:
  using EntityOf::EntityOf;
  void on(Context&, const SubmitTransaction&) override { ++heard; }
  void on(Context& ctx, const L1Execute& call) override {
    if (call.kind == L1CallKind::ForcedRequest) {
      accepted.push_back(call.a);
      if (accepted.size() == 1) due = ctx.now() + grace;
      premiums += call.b;
    }
    if (call.kind == L1CallKind::FreezeRequest && ctx.now() >= due) frozen_since = ctx.now();
    if (call.kind == L1CallKind::Escape) {
      ++escape_calls;
      outside = call.b;
      EXPECT_TRUE(escaped.insert(call.a).second);  // nobody calls twice
    }
  }
  void on(Context&, const L1Undo&) override { FAIL(); }
  std::uint64_t write_request(const ForcedRequestData& data) override {
    written.push_back(data);
    return written.size() - 1;
  }
  [[nodiscard]] std::uint64_t unserved() const override {
    return accepted.empty() ? kNoRequest : accepted.front();
  }
  [[nodiscard]] Time freezable_at() const override { return frozen() ? Time::never() : due; }
  [[nodiscard]] bool frozen() const override { return frozen_since.happened(); }
  [[nodiscard]] Money claim(AccountId account) const override {
    return escaped.contains(account.value) ? Money{} : 1_usd;
  }
  [[nodiscard]] bool has_witness(AccountId account) const override {
    return account.value % 2 == 0 || data_given_out;
  }
  [[nodiscard]] std::uint32_t accounts() const override { return 40; }

  std::uint64_t heard = 0;
  std::uint64_t premiums = 0;
  std::uint64_t escape_calls = 0;
  std::uint64_t outside = 0;
  bool data_given_out = false;
  Duration grace = 6_h;
  Time due = Time::never();
  Time frozen_since = Time::never();
  std::vector<std::uint64_t> accepted;
  std::vector<ForcedRequestData> written;
  std::set<std::uint64_t> escaped;
};

struct Scene {
  World world{{.seed = 7}};
  Ref<BaseChain> l1 = world.add<BaseChain>("l1", BaseChainParams{.reorg_probability = {}});
  Ref<DeafChain> chain = world.add<DeafChain>("chain", NoParams{});
  Ref<MiniMarket> market = world.add<MiniMarket>("market", test_exchange());
  Ref<EscapeUser> user;

  explicit Scene(const EscapeUserParams& params, bool hatch = true) {
    Exchange& exchange = world.get(market).exchange;
    const AccountRange accounts = EscapeUser::genesis(exchange, params);
    MarketAccess access{.inbox = chain, .node = &exchange, .l1 = l1, .bridge = chain};
    if (hatch) {
      access.escape = &world.get(chain);
      access.escape_contract = chain;
    }
    user = world.add<EscapeUser>("user", params, access, accounts);
    world.get(market).own(accounts, user);
    world.get(market).observers.push_back(user);
    exchange.end_genesis();
    world.start();
  }
  void run(Duration until) { world.run(Time::zero() + until); }
  DeafChain& deaf() { return world.get(chain); }
  EscapeUser& agent() { return world.get(user); }
};

const EscapeUserParams kBusy{.accounts = 20,
                             .withdrawals_per_hour = 20.0,
                             .patience = 30_min,
                             .counterparty_found = 40_percent,
                             .counterparty_delay = DelayDistribution::exponential(2_h)};

TEST(EscapeUser, ForcesWhatHasNoReceiptAfterItsPatienceAndClosesThePosition) {
  Scene scene(kBusy);
  scene.run(6_h);
  const DeafChain& chain = scene.deaf();
  EXPECT_GT(chain.heard, 80U);
  std::uint64_t withdrawals = 0;
  std::uint64_t trades = 0;
  for (const ForcedRequestData& data : chain.written) {
    if (data.trade == 0) {
      ++withdrawals;
      EXPECT_EQ(data.own.kind, TxKind::Withdraw);
      continue;
    }
    ++trades;
    EXPECT_EQ(data.own.amount, -data.counterparty.amount);
    EXPECT_EQ(data.own.price, data.counterparty.price);
    EXPECT_NE(data.own.account, data.counterparty.account);
    // A long sells at 1 % below the mark of 500 000 ticks, a short buys at 1 % above.
    EXPECT_EQ(data.own.price, data.own.amount < 0 ? 495'000 : 505'000);
  }
  EXPECT_NEAR(static_cast<double>(withdrawals), static_cast<double>(chain.heard) * 5.5 / 6.0, 15.0);
  EXPECT_EQ(trades, scene.agent().trades());
  EXPECT_GT(trades, 5U);
}

// Each search succeeds with 40 %: 2.5 searches per trade.
TEST(EscapeUser, SearchesForACounterpartyAsOftenAsItsProbabilitySays) {
  EscapeUserParams p = kBusy;
  p.accounts = 400;
  p.withdrawals_per_hour = 400.0;
  p.capital = 10'000_usd;
  Scene scene(p);
  scene.deaf().grace = 1'000_h;
  scene.run(40_h);
  const auto trades = static_cast<double>(scene.agent().trades());
  EXPECT_GT(trades, 300.0);
  // 400 geometric counts of mean 2.5 and deviation 1.94: standard error 0.097.
  EXPECT_NEAR(static_cast<double>(scene.agent().searches()) / trades, 2.5, 0.4);
}

TEST(EscapeUser, CallsForTheFreezeAtItsFirstInstantAndThenEverybodyEscapesOnce) {
  Scene scene(kBusy);
  scene.run(8_h);
  DeafChain& chain = scene.deaf();
  ASSERT_TRUE(chain.frozen());
  EXPECT_LE(chain.frozen_since - chain.due, 5_min);  // inclusion on layer one
  EXPECT_EQ(chain.escape_calls, 20U);                // of 40 accounts, the even ones have data
  chain.data_given_out = true;
  scene.run(10_h);
  EXPECT_EQ(chain.escape_calls, 40U);
}

TEST(EscapeUser, OnlyItsShareOfTheOthersEscapes) {
  EscapeUserParams p = kBusy;
  p.escape_share = Ratio::zero();
  Scene scene(p);
  scene.deaf().data_given_out = true;
  scene.run(8_h);
  EXPECT_EQ(scene.deaf().escape_calls, 21U);  // its own accounts, counterparty included
}

TEST(EscapeUser, ThePremiumIsPaidWhenAskedFor) {
  EscapeUserParams p = kBusy;
  p.premium = true;
  Scene scene(p);
  scene.run(3_h);
  EXPECT_GT(scene.deaf().premiums, 10U);
  EXPECT_EQ(scene.deaf().premiums, scene.deaf().accepted.size());
}

TEST(EscapeUser, WithoutAHatchItOnlyWithdraws) {
  Scene scene(kBusy, false);
  scene.run(8_h);
  EXPECT_GT(scene.deaf().heard, 100U);
  EXPECT_TRUE(scene.deaf().written.empty());
  EXPECT_EQ(scene.agent().forced(), 0U);
}

TEST(EscapeUser, RefusesWhatCannotWork) {
  EscapeUserParams p = kBusy;
  p.cap = 1_gwei;
  EXPECT_THROW(Scene{p}, ScenarioError);
  p = kBusy;
  p.position = 100'000_lots;
  EXPECT_THROW(Scene{p}, ScenarioError);
}

TEST(EscapeUser, HalfWayIsAGoodPlaceToSaveAndGoOn) {
  Scene whole(kBusy);
  whole.run(6_h);
  Scene first(kBusy);
  first.run(3_h);
  const std::vector<std::byte> snapshot = first.world.save();
  Scene second(kBusy);
  second.world.restore(snapshot);
  second.deaf().written = first.deaf().written;
  second.deaf().accepted = first.deaf().accepted;
  second.deaf().due = first.deaf().due;
  second.deaf().heard = first.deaf().heard;
  second.run(6_h);
  EXPECT_EQ(second.agent().forced(), whole.agent().forced());
  EXPECT_EQ(second.deaf().written.size(), whole.deaf().written.size());
  EXPECT_EQ(second.world.save(), whole.world.save());
}

}  // namespace
}  // namespace mezz

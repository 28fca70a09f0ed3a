// Fast exits over the real bridge, games and layer-one transactions. The fee by hand: see
// TheFeeIsTheSumOfItsPartsByHand. In the world of bridge_world.h blocks are published when they are
// sealed, layer one has room in every block, and a claim is repaid after about 7 d.
#include "models/layer2/bridge/fast_exit.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "sim/check/error.h"
#include "tests/models/layer2/bridge/bridge_world.h"

namespace mezz {
namespace {

using layer2::ClaimState;
using layer2::ExitQuote;
using testing::BridgeWorld;
using testing::kSlot;
using testing::RollBack;
using testing::SettlementOptions;

// ---- rules

constexpr layer2::ExitPricing kPricing{
    .interest = 5_percent, .reorg_premium = 1_bp, .inventory_premium = 20_bp, .margin = 2_bp};

// 10 000 USD for 7 d at 5 % a year: 10 000 * 0.05 * 7/365 = 9.58904; 958 904.1 ppb, rounded up to
// 958 905, are 9.58905. Reorg 1 bp: 1. Inventory 1 M, half of it free: 510 000 of 1 M are out after
// the fill, 20 bp * 0.51 = 10.2 bp: 10.2. Margin 2 bp: 2. Gas 120 000 at 20 gwei and 3 000 USD:
// 0.0024 ETH = 7.2. Sum 29.98905.
TEST(FastExitRules, TheFeeIsTheSumOfItsPartsByHand) {
  const Money gas = layer2::in_dollars(fee(20_gwei, Gas{120'000}), 3'000_usd);
  EXPECT_EQ(gas, Money{7'200'000});
  const ExitQuote quote =
      layer2::quote_exit(kPricing, {.size = 10'000_usd, .wait = 7_d, .gas = gas},
                         {.free = 500'000_usd, .start = 1'000'000_usd});
  EXPECT_EQ(quote.interest, Money{9'589'050});
  EXPECT_EQ(quote.reorg, 1_usd);
  EXPECT_EQ(quote.inventory, Money{10'200'000});
  EXPECT_EQ(quote.margin, 2_usd);
  EXPECT_EQ(quote.total(), Money{29'989'050});
}

TEST(FastExitRules, TheInventoryPremiumRisesFromWhatIsTakenToAllOfIt) {
  const auto premium = [](Money free) {
    return layer2::quote_exit(kPricing, {.size = 100_usd, .wait = 0_s, .gas = {}},
                              {.free = free, .start = 1'000_usd})
        .inventory;
  };
  EXPECT_EQ(premium(1'000_usd), Money{20'000});  // 100 of 1 000: 2 bp of 100 USD
  EXPECT_EQ(premium(500_usd), Money{120'000});   // 600: 12 bp
  EXPECT_EQ(premium(100_usd), Money{200'000});   // all: 20 bp
  EXPECT_EQ(premium(0_usd), Money{200'000});
  EXPECT_EQ(premium(1'200_usd), Money{0});  // profits of the past fill it
}

TEST(FastExitRules, AWaitOfNothingCostsNoInterestAndAYearCostsTheRate) {
  const layer2::ExitShelf shelf{.free = 1'000_usd, .start = 1'000_usd};
  EXPECT_EQ(layer2::quote_exit(kPricing, {.size = 100_usd, .wait = 0_s, .gas = {}}, shelf).interest,
            Money::zero());
  EXPECT_EQ(
      layer2::quote_exit(kPricing, {.size = 100_usd, .wait = 365_d, .gas = {}}, shelf).interest,
      5_usd);
}

TEST(FastExitRules, WeiAreDollarsRoundedUp) {
  EXPECT_EQ(layer2::in_dollars(1_eth, 3'000_usd), 3'000_usd);
  EXPECT_EQ(layer2::in_dollars(Wei{1}, 3'000_usd), Money{1});
  EXPECT_EQ(layer2::in_dollars(Wei{}, 3'000_usd), Money::zero());
}

TEST(FastExitRules, AClaimIsLostOnlyIfItsBlockWasGoneBeforeItWasPaid) {
  EXPECT_EQ(layer2::claim_state({.paid = false, .is_void = false}), ClaimState::Outstanding);
  EXPECT_EQ(layer2::claim_state({.paid = true, .is_void = false}), ClaimState::Repaid);
  EXPECT_EQ(layer2::claim_state({.paid = false, .is_void = true}), ClaimState::Lost);
  EXPECT_EQ(layer2::claim_state({.paid = true, .is_void = true}), ClaimState::Repaid);
}

// ---- the world

FastExitParams provider_with(Money inventory) {
  FastExitParams p;
  p.inventory = inventory;
  p.fee_accepted_min = 10_percent;  // the gas of a small withdrawal is a large share
  p.fee_accepted_max = 10_percent;
  return p;
}

struct ExitWorld : BridgeWorld {
  Ref<FastExit> exit_ref;

  explicit ExitWorld(const FastExitParams& p, const SettlementOptions& o = {}) : BridgeWorld(o) {
    World& world = settlement.world;
    world.place("l1");
    BaseChain& l1 = world.get(settlement.l1);
    exit_ref = world.add<FastExit>("fast_exit", p,
                                   FastExit::Wiring{.l1 = settlement.l1,
                                                    .bridge = &bridge(),
                                                    .chain = &settlement.chain(),
                                                    .base_fee = l1.base_fee()});
    l1.subscribe(exit_ref);
    settlement.world.get(settlement.node).observe(exit_ref);
  }
  FastExit& exit() { return settlement.world.get(exit_ref); }
  void roll_back(Time at, BlockId kept) {
    settlement.world.engine().schedule(at, settlement.node, RollBack{kept});
  }
  void reorg(Time at, std::int64_t depth) {
    settlement.shock(settlement.l1, ShockKind::L1Reorg, at, Time::never(),
                     Ratio{depth * Ratio::kScale});
  }
  void run_until(Duration elapsed) { settlement.run_until(elapsed); }
};

double metric(const FastExit& exit, const std::string& name) {
  MetricList list;
  exit.report(list);
  for (const Metric& metric : list.take()) {
    if (metric.name == name) return metric.value;
  }
  ADD_FAILURE() << name << " is not reported";
  return -1.0;
}

TEST(FastExit, PaysWithinTwoSlotsInsteadOfSevenDaysAndGetsItsMoneyBack) {
  ExitWorld w(provider_with(1'000_usd));
  w.withdraw(Time::zero() + 10_min + 30_s, 100_usd);
  w.settlement.world.start();
  w.run_until(1_h);
  ASSERT_EQ(w.exit().exits(), 1U);
  EXPECT_EQ(w.exit().stage({0}), FastExitStage::Filled);
  EXPECT_LE(w.exit().delay({0}), 2 * kSlot);
  EXPECT_GT(w.exit().delay({0}), 0_s);
  const Money fee = w.exit().fee({0});
  const FastExitTotals& t = w.exit().totals();
  EXPECT_EQ(t.fees, fee);
  // 7 d at 5 % a year (9.6 bp), 1 bp, 2 bp, 20 bp * 100/1 000: 14.6 bp of 100 USD, and the gas.
  EXPECT_GT(fee, Money{145'800});
  EXPECT_EQ(t.outstanding, 100_usd);
  EXPECT_GT(t.gas, Money::zero());
  EXPECT_EQ(t.inventory, 900_usd + fee - t.gas);
  EXPECT_EQ(w.bridge().totals().escrow, 1'050_usd);  // untouched
  w.run_until(8_d);
  EXPECT_EQ(w.bridge().withdrawal({0}).stage, WithdrawalStage::Paid);
  EXPECT_EQ(w.exit().stage({0}), FastExitStage::Repaid);
  EXPECT_EQ(t.outstanding, Money::zero());
  EXPECT_EQ(t.inventory, 1'000_usd + fee - t.gas);
  EXPECT_GE(w.exit().expected_wait(), 7_d);  // as long as this one took
  EXPECT_LE(w.exit().expected_wait(), 7_d + 2_h);
  EXPECT_TRUE(w.conserved());
  EXPECT_EQ(metric(w.exit(), "fast_exit.filled"), 1.0);
  EXPECT_EQ(metric(w.exit(), "fast_exit.delay.p50"), w.exit().delay({0}).seconds());
  EXPECT_NEAR(metric(w.exit(), "fast_exit.fee.mean"), fee.usd() / 100.0, 1e-9);
  EXPECT_EQ(metric(w.exit(), "fast_exit.lost"), 0.0);
  w.exit().check();
}

TEST(FastExit, EmptyInventoryMeansWaitingForTheBridge) {
  ExitWorld w(provider_with(250_usd));
  for (int i = 0; i < 5; ++i) w.withdraw(Time::zero() + 10_min + i * 1_min, 100_usd);
  w.settlement.world.start();
  w.run_until(1_h);
  // Two of 100 fit into 250; the fees do not make room for a third.
  EXPECT_EQ(w.exit().filled(), 2U);
  EXPECT_EQ(w.exit().count(FastExitStage::Drained), 3U);
  EXPECT_EQ(metric(w.exit(), "fast_exit.refused"), 3.0);
  EXPECT_LT(metric(w.exit(), "fast_exit.inventory.min"), 60.0);
  EXPECT_GT(metric(w.exit(), "fast_exit.inventory.min"), 45.0);
  w.run_until(8_d);
  EXPECT_EQ(w.bridge().totals().paid_count, 5U);
  EXPECT_EQ(w.exit().count(FastExitStage::Repaid), 2U);
  EXPECT_EQ(w.exit().count(FastExitStage::Drained), 3U);
  w.exit().check();
}

TEST(FastExit, WhoComesWhenTheInventoryIsBackIsServed) {
  ExitWorld w(provider_with(150_usd));
  w.withdraw(Time::zero() + 10_min, 100_usd);
  w.withdraw(Time::zero() + 1_d, 100_usd);
  w.withdraw(Time::zero() + 9_d, 100_usd);
  w.settlement.world.start();
  w.run_until(9_d + 1_h);
  EXPECT_EQ(w.exit().stage({0}), FastExitStage::Repaid);
  EXPECT_EQ(w.exit().stage({1}), FastExitStage::Drained);
  EXPECT_EQ(w.exit().stage({2}), FastExitStage::Filled);
}

TEST(FastExit, OwnersWhoFindItTooDearOrDoNotAskWaitForTheBridge) {
  FastExitParams dear = provider_with(1'000_usd);
  dear.fee_accepted_min = dear.fee_accepted_max = 9_bp;  // 7 d at 5 % a year are 9.6 bp
  ExitWorld w(dear);
  w.withdraw(Time::zero() + 10_min, 100_usd);
  w.settlement.world.start();
  w.run_until(9 * 1_min + 55_s + dear.patience);
  EXPECT_EQ(w.exit().count(FastExitStage::TooDear), 0U);  // still hopes
  w.run_until(1_h);
  EXPECT_EQ(w.exit().count(FastExitStage::TooDear), 1U);
  EXPECT_EQ(w.exit().totals().inventory, 1'000_usd);

  FastExitParams nobody = provider_with(1'000_usd);
  nobody.asking = Ratio::zero();
  ExitWorld v(nobody);
  v.withdraw(Time::zero() + 10_min, 100_usd);
  v.settlement.world.start();
  v.run_until(1_h);
  EXPECT_EQ(v.exit().stage({0}), FastExitStage::NotAsked);
  EXPECT_EQ(metric(v.exit(), "fast_exit.refused"), 0.0);
}

TEST(FastExit, TheProviderLosesWhatHePaidForABlockThatIsRolledBack) {
  ExitWorld w(provider_with(1'000_usd));
  w.withdraw(Time::zero() + 10_min + 30_s, 100_usd);  // block 11
  w.roll_back(Time::zero() + 20_min + 30_s, BlockId{5});
  w.withdraw(Time::zero() + 30_min, 40_usd);
  w.settlement.world.start();
  w.run_until(20 * 1_min + 29_s);
  EXPECT_EQ(w.exit().stage({0}), FastExitStage::Filled);
  w.run_until(8_d);
  EXPECT_EQ(w.exit().stage({0}), FastExitStage::Lost);
  EXPECT_EQ(w.exit().stage({1}), FastExitStage::Repaid);
  const FastExitTotals& t = w.exit().totals();
  EXPECT_EQ(t.lost, 100_usd);
  EXPECT_EQ(t.inventory, 900_usd + t.fees - t.gas);
  EXPECT_EQ(metric(w.exit(), "fast_exit.lost"), 100.0);
  EXPECT_EQ(w.bridge().totals().paid, 40_usd);
  EXPECT_TRUE(w.conserved());
  w.exit().check();
}

TEST(FastExit, WhoWaitsForOrderFinalDoesNotPayForABlockThatVanishesBefore) {
  FastExitParams careful = provider_with(1'000_usd);
  careful.fill_from = Rung::OrderFinal;  // this chain never marks it
  ExitWorld w(careful);
  w.withdraw(Time::zero() + 10_min + 30_s, 100_usd);
  w.roll_back(Time::zero() + 20_min + 30_s, BlockId{5});
  w.settlement.world.start();
  w.run_until(20 * 1_min);
  EXPECT_EQ(w.exit().stage({0}), FastExitStage::Asked);
  w.run_until(1_h);
  EXPECT_EQ(w.exit().stage({0}), FastExitStage::Void);
  EXPECT_EQ(w.exit().totals().lost, Money::zero());
  EXPECT_EQ(w.exit().totals().inventory, 1'000_usd);
}

// A fill under way cannot be called back: the contract does not see layer two.
TEST(FastExit, ARollbackBeforeInclusionIsLostAsWell) {
  ExitWorld w(provider_with(1'000_usd));
  w.withdraw(Time::zero() + 10_min + 30_s, 100_usd);  // sealed at 660 s = 55 slots
  w.roll_back(Time::zero() + 11_min + 1_s, BlockId{5});
  w.settlement.world.start();
  w.run_until(11 * 1_min + 500_ms);
  ASSERT_EQ(w.exit().stage({0}), FastExitStage::Sent);
  w.run_until(1_h);
  EXPECT_EQ(w.exit().stage({0}), FastExitStage::Lost);
  w.exit().check();
}

TEST(FastExit, AReorganisationOfLayerOneUndoesTheFillAndItIsPaidAgain) {
  ExitWorld w(provider_with(1'000_usd));
  w.withdraw(Time::zero() + 10_min + 30_s, 100_usd);
  w.settlement.world.start();
  w.run_until(12 * 1_min);
  ASSERT_EQ(w.exit().stage({0}), FastExitStage::Filled);
  const Time first = w.bridge().withdrawal({0}).initiated + w.exit().delay({0});
  w.reorg(Time::zero() + 12_min + 1_s, 6);
  const Money gas = w.exit().totals().gas;
  for (Duration t = 12_min; t <= 15_min; t += 1_s) {
    w.run_until(t);
    w.exit().check();
  }
  EXPECT_EQ(w.exit().stage({0}), FastExitStage::Filled);
  EXPECT_GT(w.bridge().withdrawal({0}).initiated + w.exit().delay({0}), first);
  EXPECT_EQ(w.exit().totals().outstanding, 100_usd);
  EXPECT_EQ(w.exit().totals().fees, w.exit().fee({0}));
  // Gas is paid once: the fee of an orphan is not owed.
  EXPECT_LT(w.exit().totals().gas, gas + gas);
  EXPECT_GT(w.exit().totals().gas, Money::zero());
  w.run_until(8_d);
  EXPECT_EQ(w.exit().stage({0}), FastExitStage::Repaid);
}

SettlementOptions restless() {
  SettlementOptions o;
  o.l1 = BaseChainParams{};
  o.l1.reorg_probability = 10_percent;
  o.l1.reorg_deeper = 50_percent;
  o.link.delay = DelayDistribution::exponential(5_s);
  return o;
}

// Layer one goes back over fills and payments again and again, layer two once.
TEST(FastExit, BooksAreExactThroughReorganisationsOfBothLayers) {
  FastExitParams p = provider_with(30'000_usd);
  p.fee_accepted_max = p.fee_accepted_min = 50_percent;
  ExitWorld w(p, restless());
  for (int i = 0; i < 40; ++i)
    w.withdraw(Time::zero() + 10_min + i * 20_min, Money{25'000'001 + i});
  w.roll_back(Time::zero() + 6_h + 30_s, BlockId{329});
  w.settlement.world.start();
  for (int hour = 1; hour <= 15 * 24; ++hour) {
    w.run_until(hour * 1_h);
    w.exit().check();
    ASSERT_TRUE(w.conserved()) << hour;
  }
  // Blocks 330 to 360 held the withdrawals of minutes 330 and 350. Claims that were made of them
  // are lost in their games, and what was proven against those is proven again: hence 15 d.
  EXPECT_EQ(w.exit().count(FastExitStage::Lost), 2U);
  EXPECT_EQ(w.exit().count(FastExitStage::Repaid), 38U);
  EXPECT_EQ(w.exit().totals().promised, Money::zero());
  EXPECT_EQ(w.exit().totals().outstanding, Money::zero());
}

TEST(FastExit, SnapshotBetweenFillsAndRepaymentChangesNothing) {
  FastExitParams p = provider_with(450_usd);
  p.asking = 70_percent;
  p.fee_accepted_min = 5_percent;
  const auto build = [](ExitWorld& w) {
    for (int i = 0; i < 12; ++i) w.withdraw(Time::zero() + i * 9_h, 100_usd);
    w.roll_back(Time::zero() + 2_d, BlockId{2'690});
    w.settlement.world.start();
  };
  ExitWorld whole(p, restless());
  build(whole);
  whole.run_until(9_d);
  ExitWorld first(p, restless());
  build(first);
  first.run_until(4_d);
  const auto snapshot = first.settlement.world.save();
  ExitWorld second(p, restless());
  build(second);
  second.settlement.world.restore(snapshot);
  second.run_until(9_d);
  EXPECT_EQ(second.settlement.world.engine().fingerprint(),
            whole.settlement.world.engine().fingerprint());
  EXPECT_EQ(second.settlement.world.save(), whole.settlement.world.save());
  EXPECT_GT(whole.exit().count(FastExitStage::Repaid), 0U);
  EXPECT_GT(whole.exit().count(FastExitStage::Drained), 0U);
  EXPECT_GT(whole.exit().count(FastExitStage::NotAsked), 0U);
}

TEST(FastExit, RefusesWhatNoProviderCanDo) {
  const auto path_of = [](const FastExitParams& p) {
    try {
      ExitWorld w(p);
    } catch (const ScenarioError& error) {
      return error.path();
    }
    return std::string("accepted");
  };
  FastExitParams p = provider_with(1'000_usd);
  EXPECT_EQ(path_of(p), "accepted");
  p.fill_from = Rung::Settled;
  EXPECT_EQ(path_of(p), "fast_exit.fill_from");
  p = provider_with(1'000_usd);
  p.fill_from = Rung::Submitted;
  EXPECT_EQ(path_of(p), "fast_exit.fill_from");
  p = provider_with(1'000_usd);
  p.fee_accepted_min = 11_percent;
  EXPECT_EQ(path_of(p), "fast_exit.fee_accepted_min");
  p = provider_with(1'000_usd);
  p.fees.cap = 1_gwei;
  EXPECT_EQ(path_of(p), "fast_exit.fees.cap");
}

}  // namespace
}  // namespace mezz

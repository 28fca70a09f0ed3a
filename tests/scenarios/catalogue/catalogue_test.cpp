// Every shipped scenario shows what it says: its limits, argued in its file, hold. Crowds are
// smaller and hours shorter here where the full length takes long; see catalogue_full for the rest.
#include "scenarios/catalogue.h"

#include <sstream>

#include "scenarios/comparison.h"
#include "sim/config/field.h"
#include "sim/config/write.h"
#include "tests/scenarios/catalogue/catalogue_runs.h"

namespace mezz {
namespace {

using Strings = std::vector<std::string>;

Strings catalogue_names() {
  Strings names;
  for (const CatalogueFile& entry : catalogue_files()) {
    if (entry.section == CatalogueSection::Scenarios) names.push_back(entry.name);
  }
  return names;
}

// Resolved text says in comments where each value was written, which differs.
std::string without_comments(const std::string& text) {
  std::string out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    out += line.substr(0, line.find("  # ")) + "\n";
  }
  return out;
}

class EveryScenario : public testing::TestWithParam<std::string> {};

TEST_P(EveryScenario, HasATitleAQuestionAndALimitBesidesConservation) {
  const Scenario scenario = load_scenario(GetParam(), {});
  EXPECT_FALSE(scenario.title.empty());
  EXPECT_TRUE(scenario.question.ends_with("?")) << scenario.question;
  bool residual = false;
  std::size_t others = 0;
  for (const LimitParams& limit : scenario.limit) {
    if (limit.metric == "ledger.residual") {
      residual = limit.min == 0.0 && limit.max == 0.0;
    } else {
      ++others;
    }
  }
  // A comparison's limits speak of its table; every run of it is checked for conservation anyway.
  EXPECT_TRUE(residual || is_comparison(scenario));
  EXPECT_GE(others, 1U);
}

TEST_P(EveryScenario, ReadsItsOwnResolvedTextBackToTheSameText) {
  const Scenario scenario = load_scenario(GetParam(), {});
  const std::string text = resolved_text(scenario);
  const Scenario again = scenario_from_text(text, scenario.name);
  EXPECT_EQ(without_comments(resolved_text(again)), without_comments(text));
}

INSTANTIATE_TEST_SUITE_P(Catalogue, EveryScenario, testing::ValuesIn(catalogue_names()),
                         [](const auto& info) { return info.param; });

// One condition, three designs, a quarter of an hour: the table of `mezz run designs_compared` in
// small.
TEST(DesignsCompared, EveryDesignRunsUnderTheSameNameOfItsNumbers) {
  Scenario scenario = load_scenario("designs_compared", {"run.duration=\"15 min\""});
  std::erase_if(scenario.compare.design, [](const VariantParams& design) {
    return design.name != "optimistic_rollup" && design.name != "state_channel" &&
           design.name != "plasma";
  });
  scenario.compare.condition.resize(1);
  scenario.limit.clear();
  const Comparison first = compare_designs(scenario, {});
  ASSERT_EQ(first.outcome.error, "");
  ASSERT_EQ(first.runs.size(), 3U);
  const auto number = [&](const std::string& name) {
    for (const Metric& metric : first.outcome.metrics) {
      if (metric.name == name) return metric.value;
    }
    ADD_FAILURE() << name;
    return 0.0;
  };
  // Same seed, same traders: what they do until the first block does not depend on the design.
  EXPECT_EQ(number("calm.optimistic_rollup.ledger.residual"), 0.0);
  EXPECT_EQ(number("calm.optimistic_rollup.orders"), number("calm.plasma.orders"));
  EXPECT_LT(number("calm.state_channel.finality.settled.p99"), 60.0);
  EXPECT_GT(number("calm.optimistic_rollup.finality.settled.never"), 0.0);
  EXPECT_EQ(compare_designs(scenario, {}).outcome.fingerprint, first.outcome.fingerprint);
  EXPECT_NE(to_text(scenario, first).find("plasma"), std::string::npos);
}

TEST(DesignsCompared, WrongVariantsAreRefusedByName) {
  Scenario scenario = load_scenario("designs_compared", {});
  scenario.compare.design[0].set = "layer2.design = \"zk_rolup\"";
  EXPECT_THROW((void)check_comparison(scenario), ScenarioError);
  scenario.compare.design[0].set.clear();
  scenario.compare.design[1].name = scenario.compare.design[0].name;
  EXPECT_THROW((void)check_comparison(scenario), ScenarioError);
  scenario.compare.design.clear();
  EXPECT_THROW((void)check_comparison(scenario), ScenarioError);
}

TEST(Catalogue, HoldsTheScenariosThatTheManualNames) {
  const Strings names = catalogue_names();
  for (const char* name :
       {"black_thursday", "calm_market", "censored_withdrawal", "crash_during_outage",
        "flash_crash", "forced_inclusion_window", "invalid_claim", "l1_congestion",
        "options_market", "pools_market", "reorg"}) {
    EXPECT_NE(std::find(names.begin(), names.end(), name), names.end()) << name;
  }
}

// A tenth of the accounts and of the orders.
const Strings kSmall{"agent[0].accounts=10_000", "agent[2].orders_per_second=4.0"};

TEST(CalmMarket, FinalityComesInSecondsMinutesAndAQuarterOfAnHour) {
  const CatalogueRun run = run_catalogue("calm_market", {kSmall[0], "run.duration=\"40 min\""},
                                         {"finality.published.p99"});
  expect_limits(run);
  EXPECT_EQ(run.number("liquidations.count"), 0.0);
}

// Liquidation steps are per account, so a tenth of the accounts makes a tenth of them.
TEST(FlashCrash, LiquidatesLongsInSecondsAndLeavesNoBadDebt) {
  const CatalogueRun run = run_catalogue("flash_crash", kSmall, {"liquidations.count"});
  expect_limits(run);
  EXPECT_GT(run.number("liquidations.count"), 2'000.0);
  EXPECT_LT(run.number("liquidations.count"), 40'000.0);
  EXPECT_GT(run.number("funding.paid"), 0.0);
}

// With a tenth of the accounts the other agents weigh more in open interest, so the share is not
// that of the full scenario. What is lost in dollars follows from the longs alone: the mean of
// max(0, 0.4 - 1/L) is 0.253 of their notional, 156 M USD for 100 000 accounts (Pareto 500 USD,
// exponent 1.2, cut at 5 M: mean 2 604 USD, and 60 % long), so 4.0 M USD for 10 000. The size is
// heavy-tailed: a factor of two either way. The fund, made ten times smaller, pays 0.2 M USD.
// The index ends 25 % down: 37 500. At the expiry after 70 minutes it is a third of the way through
// the rise of 5 % in an hour that follows, from 37 500: 37 500 x 1.05^(1/6) = 37 806, less the half
// of a window of ten minutes. Sellers of the put at 45 000 pay about 7 300 USD a unit.
TEST(OptionsMarket, PutsExpireAndWritersWithoutMarginAreAuctioned) {
  const CatalogueRun run = run_catalogue("options_market");
  expect_limits(run);
  EXPECT_EQ(run.number("expiries.count"), 3.0);
  EXPECT_GT(run.number("expiries.paid"), 0.0);
  EXPECT_GT(run.number("agents.listing_maker.hedges"), 20.0);
}

// Who hedges on what has settled on layer one hedges not at all within the challenge window; who
// waits for the batch to be published hedges late. On the same prices and orders the error grows.
TEST(OptionsMarket, TheHedgeErrorGrowsWithTheFinalityThatTheHedgerWaitsFor) {
  const auto error = [](const std::string& hedge_on) {
    const CatalogueRun run =
        run_catalogue("options_market",
                      {"agent[4].hedge_on=" + hedge_on, "agent[0].count=1",
                       "agent[1].orders_per_second=2.0", "run.duration=\"1 h\""},
                      {"liquidations.count", "expiries.count"});
    return run.number("agents.listing_maker.hedge_error.rms");
  };
  const double local = error("local");
  const double published = error("published");
  const double settled = error("settled");
  EXPECT_LT(1.2 * local, published);
  EXPECT_LT(published, settled);
}

// Writers of 20 000 USD sell puts at 45 000 and 50 000 into a fall to 37 500: whoever is short two
// units loses its capital, whichever portfolio rule asks for more first.
TEST(OptionsMarket, WritersAreAuctionedUnderTheOtherPortfolioRules) {
  for (const char* rule : {"derive_pmrm2", "deribit_pm", "span16", "aevo_pm"}) {
    const CatalogueRun run =
        run_catalogue("options_market",
                      {std::string("market.margin=") + rule, "agent[0].count=1",
                       "agent[1].orders_per_second=2.0", "run.duration=\"1 h\""},
                      {"expiries.count"});
    expect_limits(run);
    EXPECT_GE(run.number("liquidations.count"), 1.0) << rule;
  }
}

// The file to copy from says what the rules do without it.
TEST(MarginGrids, AreWrittenOutAsTheRulesHaveThem) {
  const auto same = [](const auto& a, const auto& b) {
    return config::hash(config::describe(a)) == config::hash(config::describe(b));
  };
  const Scenario written = load_scenario("_margin_grids", {});
  const MarginGrids& grids = written.layer2.execution.exchange.grids;
  EXPECT_TRUE(same(grids.derive_pmrm, margin::DerivePmrm{}));
  EXPECT_TRUE(same(grids.derive_pmrm2, margin::DerivePmrm2{}));
  EXPECT_TRUE(same(grids.deribit_pm, margin::deribit_pm()));
  EXPECT_TRUE(same(grids.aevo_pm, margin::aevo_pm()));
}

// What a provider of 100 000 USD has left is argued in the file; it has taken all back.
TEST(PoolsMarket, AProviderPaysForComingAndGoing) {
  const CatalogueRun run = run_catalogue("pools_market");
  expect_limits(run);
  EXPECT_EQ(run.number("agents.liquidity_provider.shares"), 0.0);
  EXPECT_LT(run.number("agents.liquidity_provider.equity"), 100'000.0);
}

TEST(CrashDuringOutage, LosesWhatTheLeveragedLongsLackAtTheRestart) {
  Strings set = kSmall;
  set.push_back("market.insurance_fund=\"200_000 USD\"");
  const CatalogueRun run =
      run_catalogue("crash_during_outage", set, {"liquidations.count", "bad_debt.share_of_oi"});
  expect_limits(run);
  EXPECT_GT(run.number("bad_debt.usd"), 1.9e6);
  EXPECT_LT(run.number("bad_debt.usd"), 7.6e6);
  EXPECT_GT(run.number("bad_debt.accounts"), 4'000.0);
  EXPECT_GT(run.number("finality.preconfirmed.p999"), 4'000.0);  // 78 minutes of waiting
}

TEST(CrashDuringOutage, DeleveragingTakesTheSameLossFromProfitableAccounts) {
  Strings set = kSmall;
  set.push_back("market.insurance_fund=\"200_000 USD\"");
  set.push_back("market.fund_shortfall=\"deleverage\"");
  const CatalogueRun run =
      run_catalogue("crash_during_outage", set, {"liquidations.count", "bad_debt.share_of_oi"});
  expect_limits(run);
  EXPECT_GT(run.number("adl.notional"), 1e6);
  EXPECT_LT(run.number("bad_debt.usd"), 1e5);
}

// A third of the accounts and of the fund, a fifth of the orders.
const Strings kSmallDay{"agent[0].accounts=10_000", "agent[2].orders_per_second=1.0",
                        "market.insurance_fund=\"330_000 USD\""};

TEST(BlackThursday, KeepersThatDoNotRaiseTheirGasLoseWhatOthersSave) {
  const CatalogueRun capped = run_catalogue("black_thursday", kSmallDay);
  expect_limits(capped);
  Strings set = kSmallDay;
  set.push_back("agent[4].fee_cap=\"5_000 gwei\"");
  const CatalogueRun free =
      run_catalogue("black_thursday", set,
                    {"bad_debt.share_of_oi", "insurance_fund.min", "liquidations.delay.p99"});
  expect_limits(free);
  EXPECT_GT(capped.number("bad_debt.usd"), 5.0 * free.number("bad_debt.usd") + 10'000.0);
  EXPECT_GT(capped.number("liquidations.delay.p99"), 5.0 * free.number("liquidations.delay.p99"));
}

TEST(BlackThursday, ReplaysTheRecordedSeries) {
  const std::string file = recorded_series("eth_usdt_spot_5m_2020-03-01_2020-03-31.csv");
  if (file.empty()) GTEST_SKIP() << "the recorded series of 2020-03 is not here";
  Strings set = kSmallDay;
  set.push_back("price.file=\"" + file + "\"");
  set.push_back("price.start_offset=\"11 d\"");
  const CatalogueRun run = run_catalogue("black_thursday", set);
  expect_limits(run);
  EXPECT_GT(run.number("liquidations.count"), 1'000.0);
}

// The share that sells follows from the depth of the fall and the law of the stops; without stops
// nobody sells.
TEST(StopCascade, SellsTheShareOfHoldersThatTheFallTouches) {
  expect_limits(run_catalogue("stop_cascade"));
  const CatalogueRun without = run_catalogue("stop_cascade", {"agent[6].stop_share=\"0 %\""},
                                             {"agents.panic_seller.sold.share"});
  expect_limits(without);
  EXPECT_EQ(without.number("agents.panic_seller.stops"), 0.0);
}

TEST(InvalidClaim, TheStallingAttackerLosesAndWithdrawalsArePaid) {
  const CatalogueRun run = run_catalogue("invalid_claim");
  expect_limits(run);
  EXPECT_EQ(run.number("disputes.moves"), 73.0);  // to the leaf, one move per level
  EXPECT_GT(run.number("withdrawal.paid"), 1'000.0);
  // Of an open interest of 2.5 M USD at most; 2 M USD are paid when the index stands still.
  EXPECT_LT(run.number("funding.paid"), 100'000.0);
}

TEST(CensoredWithdrawal, EveryForcedTransactionIsInAfterInclusionAndConfirmationDepth) {
  const CatalogueRun run = run_catalogue("censored_withdrawal");
  expect_limits(run);
  EXPECT_EQ(run.number("forced.included"), run.number("forced.count"));
  EXPECT_EQ(run.number("withdrawal.count"), 200.0);
}

TEST(CensoredWithdrawal, WithoutForcingNoneArrivesWhileTheCensorshipLasts) {
  const CatalogueRun run =
      run_catalogue("censored_withdrawal", {"agent[2].forced_after=\"20 d\""},
                    {"forced.delay.p50", "forced.delay.p99", "forced.included", "withdrawal.paid"});
  expect_limits(run);
  EXPECT_EQ(run.number("forced.count"), 0.0);
  EXPECT_LT(run.number("withdrawal.count"), 15.0);  // those of the first hour, 4 expected
  EXPECT_GT(run.number("sequencer.censored"), 180.0);
}

TEST(ForcedInclusionWindow, DerivesForcedWithdrawalsAfter3600LayerOneBlocks) {
  const CatalogueRun run = run_catalogue("forced_inclusion_window");
  expect_limits(run);
  EXPECT_EQ(run.number("forced.included"), run.number("forced.count"));
  EXPECT_EQ(run.number("withdrawal.lost"), 0.0);
}

TEST(L1Congestion, PublicationFallsBehindAndCostsMore) {
  const CatalogueRun run = run_catalogue("l1_congestion", {"agent[0].accounts=10_000"});
  expect_limits(run);
}

TEST(Reorg, TransactionsComeBackAndNoMoneyIsLost) {
  const CatalogueRun run = run_catalogue("reorg", {"agent[0].accounts=10_000"});
  expect_limits(run);
  EXPECT_EQ(run.number("withdrawal.lost"), 0.0);
}

// Incidents: each at full length, as they are short.
Strings incident_names() {
  Strings names;
  for (const CatalogueFile& entry : catalogue_files()) {
    if (entry.path.find("/incidents/") != std::string::npos) names.push_back(entry.name);
  }
  return names;
}

class Incident : public testing::TestWithParam<std::string> {};

TEST_P(Incident, AgreesWithThePublishedFigures) { expect_limits(run_catalogue(GetParam())); }

INSTANTIATE_TEST_SUITE_P(Catalogue, Incident, testing::ValuesIn(incident_names()),
                         [](const auto& info) { return info.param; });

TEST(Incidents, AreAtLeastTen) { EXPECT_GE(incident_names().size(), 10U); }

// The same without the cause: the published figure does not come out by itself.
TEST(Incidents, WithoutALimitOnUnpublishedBlocksTheSequencerDoesNotStall) {
  const CatalogueRun run =
      run_catalogue("arb_2023_12_15", {"sequencing.max_safe_lag=0"}, {"blocks.longest_gap"});
  expect_limits(run);
  EXPECT_EQ(run.number("blocks.longest_gap"), 1.0);
}

TEST(Incidents, WithoutTheExecutionDelayWithdrawalsLeaveBeforeADayIsOver) {
  const CatalogueRun run = run_catalogue("zksync_2023_12_25", {"validity.execution_delay=0 s"},
                                         {"finality.settled.p50", "withdrawal.delay.p50"});
  expect_limits(run);
  EXPECT_LT(run.number("withdrawal.delay.p50"), 43'200.0);
}

// Casper: the next checkpoint is final one epoch later, 384 s, when all is well.
TEST(Incidents, WithoutTheShockACheckpointIsFinalEveryEpoch) {
  const CatalogueRun run =
      run_catalogue("eth_2023_05_12", {"shock=[]"},
                    {"finality.order_final.longest_gap", "finality.order_final.p999"});
  expect_limits(run);
  EXPECT_LE(run.number("finality.order_final.longest_gap"), 2.0 * 384.0);
}

TEST(Incidents, TheMovedSequencersOfStarknetTookBackTwoStretches) {
  const CatalogueRun run = run_catalogue("starknet_2025_09_02");
  EXPECT_EQ(run.number("sequencer.reorgs"), 2.0);
}

// B-HL-1: 2.103 of 5.511 billion USD, 38 %; tolerance a quarter of it.
TEST(Incidents, TheCascadeOfOctoberDeleveragesItsShare) {
  const CatalogueRun run = run_catalogue("hl_2025_10_10");
  const double share = run.number("adl.notional") / run.number("liquidations.notional");
  EXPECT_NEAR(share, 2.103 / 5.511, 0.095);
}

// B-HL-2. The venue's index weighs leverage against the price moved, so it closes some who lose at
// high leverage; return x leverage puts every loser behind every winner, and there are enough.
TEST(Incidents, TheDeleveragedOfOctoberHadWonNearlyAllOfThem) {
  const CatalogueRun index = run_catalogue("hl_2025_10_10");
  EXPECT_GE(index.number("adl.profitable.share"), 0.95);
  EXPECT_LT(index.number("adl.profitable.share"), 1.0);
  const CatalogueRun rank = run_catalogue("hl_2025_10_10", {"market.deleveraging=rank"});
  EXPECT_EQ(rank.number("adl.profitable.share"), 1.0);
}

// Without the pump nothing is liquidated, and the vault keeps what it has.
TEST(Incidents, AVaultLosesToAShortOnlyThatIsPumped) {
  const CatalogueRun run = run_catalogue("hl_2025_03_26", {"agent[2].spot=\"0 USD\""},
                                         {"agents.manipulator.notional.max", "insurance_fund.min"});
  expect_limits(run);
  EXPECT_EQ(run.number("liquidations.count"), 0.0);
  EXPECT_EQ(run.number("insurance_fund.min"), 230e6);
}

// With a backstop that is large enough nobody is deleveraged.
TEST(Incidents, ALargerBackstopSparesDeleveraging) {
  const CatalogueRun run = run_catalogue(
      "hl_2025_10_10", {"market.insurance_fund=\"20_000_000 USD\""},
      {"adl.notional", "adl.profitable.share", "agents.liquidator.0.deleverage.delay"});
  expect_limits(run);
  EXPECT_EQ(run.number("adl.notional"), 0.0);
}

// B-MK-1: with keepers that pay what gas costs next to nothing is without a second bid.
TEST(Incidents, KeepersThatRepriceTheirGasCompeteInMarch2020) {
  const CatalogueRun run = run_catalogue("maker_2020_03_12", {"agent[4].fee_cap=\"5_000 gwei\""},
                                         {"liquidations.uncontested.share", "bad_debt.usd"});
  expect_limits(run);
  EXPECT_LT(run.number("liquidations.uncontested.share"), 0.05);
}

// B-DYDX-1: 9 of 38 M USD, 24 %; tolerance a fifth of it.
TEST(Incidents, TheFundPaysItsShareOfWhatYfiLiquidated) {
  const CatalogueRun run = run_catalogue("dydx_2023_11_17");
  const double paid = run.number("insurance_fund.start") - run.number("insurance_fund.end");
  EXPECT_NEAR(paid / run.number("liquidations.notional"), 9.0 / 38.0, 0.048);
}

// Without the pump there is nothing to take: the long may withdraw its own free margin, no more.
TEST(Incidents, WithoutThePumpMangoPaysOnlyHisOwnMoney) {
  const CatalogueRun run = run_catalogue(
      "mango_2022_10_11", {"agent[1].spot=\"0 USD\""},
      {"agents.manipulator.unrealised.max", "agents.manipulator.withdrawn", "bad_debt.usd"});
  expect_limits(run);
  EXPECT_EQ(run.number("bad_debt.usd"), 0.0);
  EXPECT_LT(run.number("agents.manipulator.withdrawn"), 5e6);
}

// OP: 3.5 d of clock, 3.5 d of air gap, 7 d of proof maturity; a seventh of each is 12 h, 12 h, 1
// d.
TEST(ChallengeWindow, ScalesEveryWindowThatIsNotWritten) {
  const Scenario day = load_scenario("calm_market", {"settlement.challenge_window=1 d"});
  EXPECT_EQ(day.layer2.settlement.game.max_clock_duration, 12_h);
  EXPECT_EQ(day.layer2.settlement.air_gap, 12_h);
  EXPECT_EQ(day.layer2.bridge.proof_maturity_delay, 1_d);
  EXPECT_EQ(day.layer2.settlement.game.clock_extension.ns, 1'542'857'142'857);  // 3 h / 7
  const Scenario mixed =
      load_scenario("calm_market", {"settlement.challenge_window=1 d", "settlement.air_gap=2 d"});
  EXPECT_EQ(mixed.layer2.settlement.air_gap, 2_d);
  const Scenario again = scenario_from_text(resolved_text(day), "again");
  EXPECT_EQ(again.layer2.settlement.game.max_clock_duration, 12_h);
}

// A withdrawal waits for the next claim (at most one hour of blocks), is proven, and matures for
// the window; inclusion on layer one takes a few slots more.
TEST(ChallengeWindow, OneDayPaysUndisputedWithdrawalsInOneDay) {
  const CatalogueRun run =
      run_catalogue("_slow_market", {"settlement.challenge_window=1 d", "run.duration=3 d"});
  EXPECT_GT(run.number("withdrawal.paid"), 50.0);
  EXPECT_GE(run.number("withdrawal.delay.p50"), 86'400.0);
  EXPECT_LE(run.number("withdrawal.delay.p50"), 86'400.0 + 2 * 3'600.0);
}

}  // namespace
}  // namespace mezz

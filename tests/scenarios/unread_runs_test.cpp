// The warnings tell the truth: a key that is said to have no effect leaves every event of a run as
// it was, and the same key changes the run where its rule is chosen.
#include <gmock/gmock.h>

#include "scenarios/execute.h"
#include "scenarios/unread_keys.h"

namespace mezz {
namespace {

using Assignments = std::vector<std::string>;

// A crowd at six times its margin, a fall of a fifth in a minute: hundreds of liquidations; a
// funding tick after an hour.
constexpr const char* kCrash = R"(
[layer2]
design = "sidechain"
[run]
seed = 7
duration = "65 min"
[market]
insurance_fund = "20_000 USD"
tier = "small_cap"
[market.contract]
tick = "0.1 USD"
[sequencing]
block_time = "5 s"
[price]
kind = "scripted"
initial_price = "4_100 USD"
step = "1 s"
segments = [
  { duration = "2 min", change = "0 %" },
  { duration = "1 min", change = "-20 %" },
  { duration = "62 min", change = "2 %" },
]
[[agent]]
kind = "leveraged_population"
accounts = 200
notional_max = "50_000 USD"
leverage_median = 6.0
leverage_sigma = 0.2
leverage_max = 6.9
[[agent]]
kind = "market_maker"
clip = "2_000 lots"
clips_max = 20
capital = "1_000_000 USD"
refresh = "5 s"
[[agent]]
kind = "noise_trader"
traders = 50
orders_per_second = 0.2
[[agent]]
kind = "liquidator"
count = 2
batch = 300
gas = "500 gas"
capital = "200_000 USD"
patience = "5 s"
)";

Scenario crash(const Assignments& set) {
  config::Document document = config::load_text(kCrash, "crash.toml");
  for (const std::string& one : set) config::apply_override(document, one);
  return scenario_from_document(document, "crash", "crash.toml");
}

std::uint64_t fingerprint(const Assignments& set) {
  const ExecuteOutcome outcome = execute(crash(set), {});
  EXPECT_EQ(outcome.error, "");
  EXPECT_EQ(outcome.status, RunStatus::Complete);
  return outcome.fingerprint;
}

struct Row {
  std::string key;     // with another value than its default
  std::string reader;  // with this it is read
  std::string other;   // with this it is not
};

void expect_truth(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    EXPECT_EQ(unread_keys(crash({row.other, row.key})).size(), 1U) << row.key;
    EXPECT_EQ(fingerprint({row.other, row.key}), fingerprint({row.other}))
        << row.key << " with " << row.other;
    EXPECT_TRUE(unread_keys(crash({row.reader, row.key})).empty()) << row.key;
    EXPECT_NE(fingerprint({row.reader, row.key}), fingerprint({row.reader}))
        << row.key << " with " << row.reader;
  }
}

TEST(UnreadRuns, NumbersOfLiquidationRulesCountWhereTheyAreSaidTo) {
  const std::string rule = "market.liquidation_rule=";
  expect_truth({
      {"market.liquidation.position_portion_max_ppm=200_001", rule + "dydx_v4", rule + "full"},
      {"market.backstop.unwind_share=\"20 %\"", rule + "hyperliquid", rule + "synthetix_v3"},
      {"market.backstop.unwind_slippage=\"2 %\"", rule + "gmx_v2", rule + "fixed_bonus"},
      {"market.fixed_bonus.bonus=\"10 %\"", rule + "fixed_bonus", rule + "drift"},
      {"market.clip.step=\"20 s\"", rule + "maker_clip", rule + "dydx_v4"},
      {"market.ramp.fee=\"2 %\"", rule + "drift", rule + "maker_clip"},
      {"market.window.window=\"1 min\"", rule + "synthetix_v3", rule + "hyperliquid"},
      {"market.venue_margin.gmx_v2.closing_fee=\"12 bp\"", rule + "gmx_v2", rule + "dydx_v4"},
      {"market.venue_margin.synthetix_v3.reward=\"10 bp\"", rule + "synthetix_v3", rule + "full"},
  });
}

TEST(UnreadRuns, NumbersOfMarginAndFundingRulesCountWhereTheyAreSaidTo) {
  const std::string margin = "market.margin=";
  const std::string funding = "market.funding_rule=";
  expect_truth({
      {"market.derive_srm.perp_initial=\"10.4 %\"", margin + "derive_srm", margin + "dydx_v4"},
      {"market.venue_margin.gmx_v2.open=\"2 %\"", margin + "gmx_v2", margin + "drift"},
      {"market.venue_margin.drift.maintenance=\"8 %\"", margin + "drift", margin + "gmx_v2"},
      {"market.venue_margin.synthetix_v3.initial_min=\"4 %\"", margin + "synthetix_v3",
       margin + "hyperliquid"},
      {"market.funding.default_rate_ppm=100", funding + "dydx_v4", funding + "derive"},
      {"market.venue_funding.hyperliquid.clamp=\"10 bp\"", funding + "hyperliquid",
       funding + "dydx_v4"},
      {"market.venue_funding.derive.static_rate=\"1 %\"", funding + "derive", funding + "deribit"},
  });
}

TEST(UnreadRuns, SoDoThoseOfThePriceTheOracleAndTheOrder) {
  expect_truth({
      {"price.volatility=1.5", "price.kind=gbm", "price.kind=scripted"},
      {"price.factors.fast.deviation=0.9", "price.kind=stochastic_volatility", "price.kind=gbm"},
      {"push_oracle.relay_delay=\"30 s\"", "push_oracle.route=layer1", "push_oracle.route=layer2"},
      {"push_oracle.report_delay.cv=0.2", "push_oracle.report_delay.kind=lognormal",
       "push_oracle.report_delay.kind=constant"},
      {"sequencing.batch_auction.interval=\"20 s\"", "sequencing.order=batch_auction",
       "sequencing.order=first_come"},
  });
}

TEST(UnreadRuns, WhatIsReadNowhereChangesNothing) {
  for (const char* key : {"market.funding.votes_min=3", "market.initial_price=\"9_000 USD\""}) {
    EXPECT_EQ(unread_keys(crash({key})).size(), 1U) << key;
    EXPECT_EQ(fingerprint({key}), fingerprint({})) << key;
  }
}

}  // namespace
}  // namespace mezz

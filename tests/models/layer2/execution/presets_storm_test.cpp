// Random markets under every liquidation preset: whatever happens, money is conserved to the last
// unit, every liquidation says what the account lost and who paid, and turns no position round.
#include <gtest/gtest.h>

#include <string>
#include <tuple>

#include "tests/models/layer2/execution/storm.h"

namespace mezz {
namespace {

struct Preset {
  LiquidationRule rule = LiquidationRule::DydxV4;
  Deleveraging deleveraging = Deleveraging::DydxV4;
  Socialise socialise = Socialise::None;
  MarginRule margin = MarginRule::DydxV4;
  MarginMode mode = MarginMode::Cross;
  FundingRule funding = FundingRule::DydxV4;
};

// On the grid of the perpetual, against a pool whose skew sets the funding.
void add_pool(ExchangeParams& params) {
  ListingSpec listing;
  listing.name = "POOL";
  listing.tick = params.contract.tick;
  listing.lot_decimals = params.contract.lot_decimals;
  listing.funding = ListingFunding::Cash;
  params.listing = {listing};
  params.pool = {
      {.instrument = "POOL",
       .rule = {
           .kind = venue::Kind::OraclePool, .quote = 100'000_usd, .deleverage_above = 1_percent}}};
  params.venue_funding.synthetix_v3 = {.skew_scale = 10, .velocity_max = 10'000_percent};
  params.venue_funding.gmx_v2 = {.increase = 10'000_percent, .max = 100_percent};
}

ExchangeParams params_for(const Preset& preset) {
  ExchangeParams params = Storm::storm_params();
  params.liquidation_rule = preset.rule;
  params.deleveraging = preset.deleveraging;
  params.socialise = preset.socialise;
  params.margin = preset.margin;
  params.margin_mode = preset.mode;
  params.funding_rule = preset.funding;
  if (follows_skew(preset.funding)) add_pool(params);
  if (preset.margin != MarginRule::DydxV4) params.open_interest_upper.reset();
  params.venue_margin.leverage = {{.from = {}, .leverage_max = 10},
                                  {.from = 2'000_usd, .leverage_max = 8}};
  params.venue_margin.gmx_v2.open = 10_percent;
  params.venue_margin.gmx_v2.liquidation = 5_percent;
  params.venue_margin.synthetix_v3 = {
      .skew_scale = 2'000, .initial_min = 9_percent, .position_min = 2_usd, .reward_max = 1_usd};
  params.venue_margin.drift.size_factor_ppm = 5'000;
  if (preset.deleveraging == Deleveraging::None) params.fund_shortfall = FundShortfall::BookBadDebt;
  if (has_vault(preset.rule)) params.insurance_fund = 400_usd;
  params.grids.scenario_grid = {.scenarios = {{.spot = 92_percent}, {.spot = 108_percent}},
                                .initial_factor = 125_percent};
  params.backstop.partial_above = 800_usd;
  params.backstop.cooldown = 3_s;
  params.ramp.duration = 10_s;
  params.window.window = 5_s;
  params.clip.step = 1_s;
  params.clip.tail = 30_s;
  params.check("market");
  return params;
}

std::vector<Preset> presets() {
  std::vector<Preset> all;
  for (const LiquidationRule rule :
       {LiquidationRule::DydxV4, LiquidationRule::Hyperliquid, LiquidationRule::Full,
        LiquidationRule::FixedBonus, LiquidationRule::MakerClip, LiquidationRule::Drift,
        LiquidationRule::GmxV2, LiquidationRule::SynthetixV3}) {
    for (const Deleveraging order : {Deleveraging::DydxV4, Deleveraging::Rank,
                                     Deleveraging::Hyperliquid, Deleveraging::None}) {
      if (has_vault(rule) && order == Deleveraging::None) continue;
      for (const Socialise socialise :
           {Socialise::None, Socialise::ProRata, Socialise::ByPosition}) {
        for (const MarginMode mode : {MarginMode::Cross, MarginMode::Isolated}) {
          all.push_back({rule, order, socialise, MarginRule::DydxV4, mode});
        }
      }
      for (const MarginRule margin : {MarginRule::Hyperliquid, MarginRule::GmxV2,
                                      MarginRule::SynthetixV3, MarginRule::Drift}) {
        for (const MarginMode mode : {MarginMode::Cross, MarginMode::Isolated}) {
          all.push_back({rule, order, Socialise::None, margin, mode});
        }
      }
    }
  }
  // Rules of portfolios, which single positions are closed under as well.
  for (const MarginRule margin :
       {MarginRule::DeriveSrm, MarginRule::DerivePmrm, MarginRule::DerivePmrm2,
        MarginRule::DeribitPm, MarginRule::Span16, MarginRule::AevoPm, MarginRule::ScenarioGrid}) {
    for (const MarginMode mode : {MarginMode::Cross, MarginMode::Isolated}) {
      all.push_back({LiquidationRule::DydxV4, Deleveraging::DydxV4, Socialise::None, margin, mode});
    }
  }
  for (const FundingRule funding : {FundingRule::SynthetixV3, FundingRule::GmxV2}) {
    for (const LiquidationRule rule :
         {LiquidationRule::DydxV4, LiquidationRule::Hyperliquid, LiquidationRule::Full,
          LiquidationRule::FixedBonus, LiquidationRule::GmxV2, LiquidationRule::SynthetixV3}) {
      for (const MarginMode mode : {MarginMode::Cross, MarginMode::Isolated}) {
        all.push_back(
            {rule, Deleveraging::DydxV4, Socialise::ProRata, MarginRule::DydxV4, mode, funding});
      }
    }
  }
  return all;
}

// A third of the orders go to the pool, if there is one.
std::vector<Transaction> next_block(Storm& storm) {
  std::vector<Transaction> transactions = storm.next_block();
  if (storm.desk.exchange.instruments() == 1) return transactions;
  for (Transaction& tx : transactions) {
    if (tx.kind == TxKind::PlaceOrder && tx.reference % 3 == 0) tx.instrument = {1};
  }
  return transactions;
}

class PresetsStorms : public ::testing::TestWithParam<Preset> {};

struct Held {
  std::vector<Quantity> sizes;
  Money equity;  // of the target
};

Held holdings(const Exchange& exchange, AccountId target) {
  Held held;
  for (std::uint32_t i = 0; i < exchange.accounts(); ++i) {
    held.sizes.push_back(exchange.position({i}));
  }
  if (target.value < exchange.accounts()) held.equity = exchange.equity(target, exchange.oracle());
  return held;
}

// What this transaction recorded of the target accounts for every unit its equity changed by.
void check_liquidation(const Exchange& exchange, const Transaction& tx, const Held& before,
                       std::span<const LiquidationEvent> events) {
  const AccountId target{static_cast<std::uint32_t>(tx.reference)};
  if (target.value >= exchange.accounts()) return;
  const Held after = holdings(exchange, target);
  Money change;
  for (const LiquidationEvent& event : events) {
    ASSERT_EQ(event.account, target);
    change -= event.cost;
    if (event.step == LiquidationStep::AuctionStart) continue;  // its pay goes to the keeper
    change += event.fund_paid + event.bad_debt + event.socialised;
  }
  ASSERT_EQ(after.equity - before.equity, change);
  Quantity longs;
  for (std::size_t i = 0; i < after.sizes.size(); ++i) {
    longs += std::max(after.sizes[i], Quantity::zero());
    // The keeper and who trades on the book may turn round; not who is closed.
    bool closed = AccountId{static_cast<std::uint32_t>(i)} == target;
    for (const LiquidationEvent& event : events) {
      closed |= event.step == LiquidationStep::Deleverage && event.counterparty.value == i &&
                event.instrument == kMainInstrument;
    }
    if (!closed) continue;
    ASSERT_LE(after.sizes[i].abs(), before.sizes[i].abs());
    if (after.sizes[i] == Quantity::zero()) continue;
    ASSERT_EQ(after.sizes[i] > Quantity::zero(), before.sizes[i] > Quantity::zero());
  }
  ASSERT_EQ(longs, exchange.totals().open_interest);
}

void run_block(Storm& storm, const std::vector<Transaction>& transactions) {
  Desk& desk = storm.desk;
  desk.now += desk.block_time;
  desk.out.clear();
  desk.exchange.begin_block(BlockId{desk.exchange.block().value + 1}, desk.now);
  for (const Transaction& tx : transactions) {
    const bool closes = tx.kind == TxKind::Liquidate || tx.kind == TxKind::Deleverage;
    const AccountId target{static_cast<std::uint32_t>(tx.reference)};
    if (closes && follows_skew(desk.exchange.params().funding_rule)) {
      // Of nobody: it only pays what funding is due until now.
      const std::uint64_t nobody = desk.exchange.accounts();
      desk.exchange.execute(simple(tx.account, tx.kind, 0, nobody), TxId{0}, desk.out);
    }
    const Held before = closes ? holdings(desk.exchange, target) : Held{};
    const std::size_t events = desk.out.liquidations.size();
    desk.exchange.execute(tx, TxId{0}, desk.out);
    if (!closes) continue;
    check_liquidation(desk.exchange, tx, before, std::span(desk.out.liquidations).subspan(events));
  }
  desk.exchange.end_block(desk.out);
}

TEST_P(PresetsStorms, ConserveMoneyAndExplainEveryLoss) {
  Storm storm(11, params_for(GetParam()));
  const Exchange& exchange = storm.desk.exchange;
  for (int block = 0; block < 250; ++block) {
    run_block(storm, next_block(storm));
    if (HasFatalFailure()) return;
    exchange.full_check();
    for (const std::int64_t index : {50, 90, 100, 110, 200}) {
      std::vector<AccountId> found;
      exchange.collect_liquidatable({index}, found);
      std::sort(found.begin(), found.end());
      ASSERT_EQ(found, liquidatable_by_scan(exchange, {index})) << index;
    }
    ASSERT_EQ(exchange.totals().residual, Money::zero());
  }
  const ExchangeTotals totals = exchange.totals();
  EXPECT_GT(totals.liquidations, 10);
  EXPECT_GT(totals.funding_paid, Money::zero());
  EXPECT_NE(totals.loss_penalty, Money::zero());
  const bool deleverages = GetParam().deleveraging != Deleveraging::None;
  if (GetParam().rule == LiquidationRule::Full && deleverages) {
    EXPECT_GT(totals.adl_counterparties, 0);
  }
  if (GetParam().rule == LiquidationRule::FixedBonus) {
    EXPECT_EQ(totals.loss_socialised > Money::zero(), GetParam().socialise != Socialise::None);
    if (GetParam().socialise != Socialise::ByPosition) {  // there somebody may be unable to pay
      EXPECT_EQ(totals.bad_debt > Money::zero(), GetParam().socialise == Socialise::None);
    }
  }
  if (GetParam().deleveraging == Deleveraging::None) {
    EXPECT_EQ(totals.adl_counterparties, 0);
  }
  if (GetParam().socialise == Socialise::None) {
    EXPECT_EQ(totals.loss_socialised, Money::zero());
  }
}

// A copy goes on as the original does; so does a state that was saved and loaded.
TEST_P(PresetsStorms, ACopyAndALoadedStateGoOnTheSame) {
  Storm storm(12, params_for(GetParam()));
  for (int block = 0; block < 80; ++block) storm.desk.block(next_block(storm));
  Exchange copy = storm.desk.exchange;
  const std::vector<std::byte> bytes = bytes_of(copy);
  Exchange loaded(params_for(GetParam()));
  Loader loader(bytes.data(), bytes.size());
  loader.value(loaded);
  ASSERT_FALSE(loader.failed());
  BlockOutput ignored;
  for (int block = 0; block < 60; ++block) {
    const std::vector<Transaction> transactions = next_block(storm);
    storm.desk.block(transactions);
    for (Exchange* other : {&copy, &loaded}) {
      ignored.clear();
      other->begin_block(BlockId{other->block().value + 1}, storm.desk.now);
      for (const Transaction& tx : transactions) other->execute(tx, TxId{0}, ignored);
      other->end_block(ignored);
      ASSERT_EQ(other->root(), storm.desk.exchange.root());
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Presets, PresetsStorms, ::testing::ValuesIn(presets()),
                         [](const auto& info) {
                           const Preset& p = info.param;
                           return std::string(enum_name(p.rule)) + "_adl_" +
                                  std::string(enum_name(p.deleveraging)) + "_share_" +
                                  std::string(enum_name(p.socialise)) + "_margin_" +
                                  std::string(enum_name(p.margin)) + "_" +
                                  std::string(enum_name(p.mode)) + "_funding_" +
                                  std::string(enum_name(p.funding));
                         });

}  // namespace
}  // namespace mezz

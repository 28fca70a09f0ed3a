// The numbers of the rules that revalue portfolios on a grid, as parameters of the exchange.
#include "models/layer2/execution/margin_grids.h"

#include <gtest/gtest.h>

#include "tests/models/layer2/execution/desk.h"

namespace mezz {
namespace {

ExchangeParams with(MarginRule rule) {
  ExchangeParams params = small_params();
  params.margin = rule;
  return params;
}
std::int64_t initial_ppm(const ExchangeParams& params) {
  params.check("market");
  return params.liquidity_tier().initial_margin_ppm;
}

TEST(MarginGrids, WithoutScenariosHaveThoseOfTheVenue) {
  MarginPreset preset{.rule = MarginRule::DerivePmrm, .position = {}, .srm = {}};
  const MarginGrids grids;
  grids.fill(preset);
  EXPECT_EQ(preset.pmrm.scenarios.size(), 21U);
  EXPECT_EQ(preset.pmrm2.scenarios.size(), 33U);
  const auto moves = [&](MarginRule rule) {
    preset.rule = rule;
    grids.fill(preset);
    return preset.grid.scenarios.size();
  };
  EXPECT_EQ(moves(MarginRule::DeribitPm), 35U);
  EXPECT_EQ(moves(MarginRule::Span16), 16U);
  EXPECT_EQ(moves(MarginRule::AevoPm), 15U);
  EXPECT_EQ(moves(MarginRule::ScenarioGrid), 0U);
}

// Derive, first version: 15 % and 2.5 % kept back; 1.3 times that as initial margin. With moves of
// 20 %: 1.3 x 22.5 %; with 1 % kept back 1.3 x 21 %. Deribit: 16 %, with a factor of 125 % 20 %.
// SPAN: 15 % and a tenth; of 20 % 22 %. Aevo: 20 %; with one move of 30 %, of which half
// counts, 15.
TEST(MarginGrids, SayWhatAPerpetualNeeds) {
  ExchangeParams first = with(MarginRule::DerivePmrm);
  EXPECT_EQ(initial_ppm(first), 227'500);
  first.grids.derive_pmrm.scenarios = {{.spot = 80_percent}, {.spot = 120_percent}};
  EXPECT_EQ(initial_ppm(first), 292'500);
  first.grids.derive_pmrm.perp_static = 1_percent;
  EXPECT_EQ(initial_ppm(first), 273'000);
  ExchangeParams deribit = with(MarginRule::DeribitPm);
  EXPECT_EQ(initial_ppm(deribit), 160'000);
  deribit.grids.deribit_pm.initial_factor = 125_percent;
  EXPECT_EQ(initial_ppm(deribit), 200'000);
  ExchangeParams span = with(MarginRule::Span16);
  EXPECT_EQ(initial_ppm(span), 165'000);
  span.grids.span16.price = 20_percent;
  EXPECT_EQ(initial_ppm(span), 220'000);
  ExchangeParams aevo = with(MarginRule::AevoPm);
  EXPECT_EQ(initial_ppm(aevo), 200'000);
  aevo.grids.aevo_pm.scenarios = {{.spot = 70_percent, .weight = 50_percent},
                                  {.spot = 115_percent}};
  EXPECT_EQ(initial_ppm(aevo), 150'000);
}

// Second version: 18 % (tails count with less) and 3 + 1 % kept back; 3 % instead of that one is 2
// % more, half of the loss as initial margin 9 % less; but not less than maintenance needs of it.
TEST(MarginGrids, SayWhatInitialMarginIsOfALoss) {
  ExchangeParams second = with(MarginRule::DerivePmrm2);
  EXPECT_EQ(initial_ppm(second), 220'000);
  second.grids.derive_pmrm2.perp_initial = 3_percent;
  EXPECT_EQ(initial_ppm(second), 240'000);
  second.grids.derive_pmrm2.maintenance_factor = 50_percent;
  second.grids.derive_pmrm2.initial_factor = 50_percent;
  EXPECT_EQ(initial_ppm(second), 150'000);
}

// A trade of ten of them between two accounts, and what the one who sold then needs.
margin::Risk risk_of_seller(const ExchangeParams& params, std::int64_t price) {
  params.check("market");
  Desk desk(params);
  const AccountId seller = desk.account(10'000_usd);
  const AccountId buyer = desk.account(10'000_usd);
  desk.start();
  for (const std::int64_t lots : {-10, 10}) {
    Transaction tx = order(lots < 0 ? seller : buyer, lots, price);
    tx.instrument = {1};
    EXPECT_EQ(desk.run(tx), TxStatus::Executed);
  }
  return desk.exchange.risk(seller, desk.exchange.oracle());
}

ListingSpec call() {
  ListingSpec call;
  call.name = "C110";
  call.kind = ListingKind::Call;
  call.tick = Money{10'000};
  call.lot_decimals = 0;
  call.strike = 110_usd;
  call.expiry = 1_d;
  call.volatility = 80_percent;
  call.settlement_window = {};
  return call;
}

// Ten calls sold need 1 % of 100 USD each beside their loss; at 3 % that is 20 USD more, and 26 of
// initial margin (130 %).
TEST(MarginGrids, SayWhatIsKeptBackPerOption) {
  std::vector<margin::Risk> risks;
  for (const Ratio kept : {1_percent, 3_percent}) {
    ExchangeParams params = with(MarginRule::DerivePmrm);
    params.grids.derive_pmrm.option_static = kept;
    params.listing = {call()};
    risks.push_back(risk_of_seller(params, 50));
  }
  EXPECT_EQ(risks[1].maintenance_margin - risks[0].maintenance_margin, 20_usd);
  EXPECT_EQ(risks[1].initial_margin - risks[0].initial_margin, 26_usd);
}

// Ten calls need 40 % of 100 USD each where that is more than they can lose, and a tenth more at
// first; the moves of SPAN's range raise the spot to 115, its extremes to 145, of which 33 % count:
// less than 0.33 x 50.
TEST(MarginGrids, SayTheLeastOfAnOptionSold) {
  ExchangeParams params = with(MarginRule::Span16);
  params.grids.span16.option_min = 40_percent;
  params.listing = {call()};
  const margin::Risk risk = risk_of_seller(params, 50);
  EXPECT_EQ(risk.maintenance_margin, 400_usd);
  EXPECT_EQ(risk.initial_margin, 440_usd);
}

// Ten coins of 100 USD as collateral of the second version: each may lose 18 %, of which 80 % count
// to keep it, and has a haircut: of 1.5 %, or of 10 %; 0.5 % or 20 % more at first.
TEST(MarginGrids, SayTheHaircutOfCoins) {
  ListingSpec coin;
  coin.name = "COIN";
  coin.kind = ListingKind::Spot;
  coin.tick = Money{10'000};
  coin.lot_decimals = 0;
  const auto risk_of_buyer = [&](CoinHaircut haircut) {
    ExchangeParams params = with(MarginRule::DerivePmrm2);
    params.grids.coin_haircut = haircut;
    params.listing = {coin};
    params.check("market");
    Desk desk(params);
    const AccountId seller = desk.account(10'000_usd);
    const AccountId buyer = desk.account(10'000_usd);
    desk.start();
    for (const std::int64_t lots : {-10, 10}) {
      Transaction tx = order(lots < 0 ? seller : buyer, lots, 10'000);
      tx.instrument = {1};
      EXPECT_EQ(desk.run(tx), TxStatus::Executed);
    }
    return desk.exchange.risk(buyer, desk.exchange.oracle());
  };
  const margin::Risk plain = risk_of_buyer({});
  EXPECT_EQ(plain.maintenance_margin, 159_usd);  // 144 + 15
  EXPECT_EQ(plain.initial_margin, 200_usd);      // 180 + 20
  const margin::Risk cut = risk_of_buyer({.maintenance = 10_percent, .initial = 20_percent});
  EXPECT_EQ(cut.maintenance_margin, 244_usd);  // 144 + 100
  EXPECT_EQ(cut.initial_margin, 480_usd);      // 180 + 300
}

struct Refused {
  const char* key;
  MarginRule rule;
  void (*spoil)(MarginGrids&);
};
class MarginGridsRefuse : public ::testing::TestWithParam<Refused> {};

TEST_P(MarginGridsRefuse, NumbersNoExchangeCanUse) {
  ExchangeParams params = with(GetParam().rule);
  GetParam().spoil(params.grids);
  try {
    params.check("market");
    ADD_FAILURE() << GetParam().key << " was taken";
  } catch (const ScenarioError& error) {
    EXPECT_EQ(error.path(), std::string("market.") + GetParam().key);
  }
}

void still(margin::ScenarioGrid& grid) {
  grid.scenarios = {{.volatility = Ratio::one()}, {.volatility = -Ratio::one()}};
}
// The nearest spots have the volatility up, and down.
void uneven(margin::ScenarioGrid& grid) {
  grid.scenarios = {{.spot = 95_percent, .volatility = Ratio::one()},
                    {.spot = 105_percent, .volatility = -Ratio::one()},
                    {.spot = 90_percent},
                    {.spot = 110_percent}};
  grid.roll_max = 1_percent;
}

INSTANTIATE_TEST_SUITE_P(
    All, MarginGridsRefuse,
    ::testing::Values(
        Refused{"derive_pmrm.scenarios", MarginRule::DerivePmrm,
                [](MarginGrids& g) {
                  g.derive_pmrm.scenarios = {{.volatility = margin::VolatilityMove::Up}};
                  g.derive_pmrm.perp_static = Ratio::zero();
                }},
        Refused{"derive_pmrm.initial_factor", MarginRule::DerivePmrm,
                [](MarginGrids& g) { g.derive_pmrm.scenarios = {{.spot = 200_percent}}; }},
        Refused{"derive_pmrm.basis_up", MarginRule::DydxV4,
                [](MarginGrids& g) { g.derive_pmrm.basis_up = 99_percent; }},
        Refused{"derive_pmrm2.initial_factor", MarginRule::DerivePmrm2,
                [](MarginGrids& g) { g.derive_pmrm2.initial_factor = 50_percent; }},
        Refused{"derive_pmrm2.initial_factor", MarginRule::DerivePmrm2,
                [](MarginGrids& g) { g.derive_pmrm2.initial_factor = 1'000_percent; }},
        Refused{"derive_pmrm2.scenarios", MarginRule::DerivePmrm2,
                [](MarginGrids& g) { g.derive_pmrm2.scenarios = {{.spot = 80_percent}}; }},
        Refused{"deribit_pm.scenarios", MarginRule::DeribitPm,
                [](MarginGrids& g) {
                  g.deribit_pm.scenarios = {{.spot = 80_percent}, {.spot = 119_percent}};
                }},
        Refused{"deribit_pm.scenarios", MarginRule::DeribitPm,
                [](MarginGrids& g) { uneven(g.deribit_pm); }},
        Refused{"deribit_pm.roll_max", MarginRule::DydxV4,
                [](MarginGrids& g) { g.deribit_pm.roll_max = Ratio::zero(); }},
        Refused{"span16.extreme_multiple", MarginRule::Span16,
                [](MarginGrids& g) { g.span16.price = 40_percent; }},
        Refused{"span16.initial_factor", MarginRule::Span16,
                [](MarginGrids& g) { g.span16.initial_factor = 700_percent; }},
        Refused{"aevo_pm.scenarios", MarginRule::AevoPm, [](MarginGrids& g) { still(g.aevo_pm); }},
        Refused{"scenario_grid.scenarios", MarginRule::ScenarioGrid, [](MarginGrids&) {}},
        Refused{"scenario_grid.scenarios", MarginRule::ScenarioGrid,
                [](MarginGrids& g) { uneven(g.scenario_grid); }},
        Refused{"scenario_grid.initial_factor", MarginRule::DydxV4,
                [](MarginGrids& g) { g.scenario_grid.initial_factor = 90_percent; }}),
    [](const auto& info) {
      std::string name = std::string(info.param.key) + "_" + std::to_string(info.index);
      std::replace(name.begin(), name.end(), '.', '_');
      return name;
    });

// Deltas are measured only where they cost something.
TEST(MarginGrids, WithoutARollTheNearestMovesMayDiffer) {
  ExchangeParams params = with(MarginRule::ScenarioGrid);
  uneven(params.grids.scenario_grid);
  params.grids.scenario_grid.roll_max = Ratio::zero();
  EXPECT_EQ(initial_ppm(params), 100'000);
}

}  // namespace
}  // namespace mezz

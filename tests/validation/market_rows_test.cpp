// Rows about pools, options, perpetuals, market structure and insurance funds: the laws against the
// published digits, the simulation against the laws for the shipped inputs and for others.
#include <gtest/gtest.h>

#include <cmath>

#include "scenarios/validation/registry.h"
#include "scenarios/validation/validate.h"

namespace mezz::validation {
namespace {

void expect_code(int code, const std::string& name, const std::vector<std::string>& overrides) {
  ValidateOutput output;
  const int got = validate({.names = {name}, .overrides = overrides}, output);
  EXPECT_EQ(got, code) << output.out << output.err;
}
void expect_pass(const std::string& name, const std::vector<std::string>& overrides = {}) {
  expect_code(0, name, overrides);
}

std::vector<double> laws_of(const std::string& name,
                            const std::vector<std::string>& overrides = {}) {
  const LoadedCase loaded = load_case(default_folder() + "/" + name + ".toml", overrides);
  std::vector<double> laws;
  for (const LawRow& row : loaded.validation->law()) laws.push_back(row.law);
  return laws;
}
void expect_near(double value, double published, double relative) {
  EXPECT_NEAR(value, published, relative * published);
}

// The sheet writes the fee for our -ln(1 - fee) and cosh for our exp: half a fee apart.
TEST(PoolRows, LawsAgreeWithThePublishedDigits) {  // A-LVR-1 to 7
  expect_near(laws_of("pool_no_fee")[0], 3.125e-4, 1e-6);
  expect_near(laws_of("pool_no_fee_year")[0], 0.08, 1e-6);
  struct Published {
    const char* name;
    double trades;
    double gain;
  };
  for (const Published& row : {Published{"pool_12s_5bp", 0.454545, 1.420455e-4},
                               Published{"pool_12s_30bp", 0.121951, 3.810980e-5},
                               Published{"pool_120s_5bp", 0.724914, 2.265358e-4},
                               Published{"pool_2s_5bp", 0.253847, 7.932705e-5}}) {
    const std::vector<double> law = laws_of(row.name);
    expect_near(law[0], row.trades, 2e-3);
    expect_near(law[1], row.gain, 2e-3);
  }
  expect_near(laws_of("pool_fixed_12s_5bp")[0], 1.2721e-4, 5e-4);
  expect_near(laws_of("pool_fixed_250ms_5bp")[0], 2.817e-5, 5e-4);
  // sqrt(2) / 1.71645 as the band widens.
  expect_near(laws_of("pool_fixed_against_poisson", {"fee=250 bp", "volatility=0.05"})[0], 0.8239,
              0.02);
}

TEST(PoolRows, PoissonBlocks) {  // A-LVR-2 to 5
  for (const char* name : {"pool_12s_5bp", "pool_12s_30bp", "pool_120s_5bp", "pool_2s_5bp"}) {
    expect_pass(name);
  }
}

TEST(PoolRows, FixedBlocks) {  // A-LVR-1, 6, 7
  for (const char* name :
       {"pool_no_fee", "pool_no_fee_year", "pool_fixed_12s_5bp", "pool_fixed_250ms_5bp"}) {
    expect_pass(name);
  }
}

TEST(PoolRows, FixedBlocksLoseLess) {  // A-LVR-8
  expect_pass("pool_fixed_against_poisson");
  expect_pass("pool_fixed_against_poisson", {"fee=1 %", "volatility=0.2", "block_time=1 min"});
}

TEST(PoolRows, LawsHoldForOtherInputs) {
  expect_pass("pool_12s_5bp", {"volatility=0.9", "period=365 d", "fee=1 bp"});
  expect_pass("pool_12s_5bp", {"volatility=1.5", "block_time=1 min", "fee=5 %"});
  expect_pass("pool_12s_5bp", {"fee=0 %", "reserve=1"});
  expect_pass("pool_fixed_12s_5bp", {"fee=1 bp", "volatility=0.08"});
  expect_pass("pool_no_fee", {"volatility=2.0", "block_time=3 s"});
}

TEST(PoolRows, InputsWithoutALawAreUsageErrors) {
  expect_code(2, "pool_12s_5bp", {"fee=20 %"});
  expect_code(2, "pool_12s_5bp", {"fee=0.00000005"});
  expect_code(2, "pool_12s_5bp", {"volatility=0.0"});
  expect_code(2, "pool_12s_5bp", {"block_time=1 d", "volatility=0.5"});
  expect_code(2, "pool_12s_5bp", {"block_time=1 ms", "fee=1 %"});
  expect_code(2, "pool_fixed_against_poisson", {"fee=1 bp"});
}

bool runs(const std::string& name) {
  const LoadedCase loaded = load_case(default_folder() + "/" + name + ".toml", {});
  return loaded.validation->unavailable().empty();
}

TEST(OptionRows, LawsAgreeWithThePublishedDigits) {  // A-O-1, 2, A-L-12
  const std::vector<double> hull = laws_of("option_hull");
  EXPECT_NEAR(hull[0], 4.759422393, 1e-9);
  EXPECT_NEAR(hull[1], 0.779131291, 1e-9);
  EXPECT_NEAR(hull[2], 0.049962670, 1e-9);
  EXPECT_NEAR(hull[3], 8.813415060, 1e-9);
  EXPECT_NEAR(hull[4], -4.559092195, 1e-9);
  EXPECT_NEAR(hull[5], 13.982045913, 1e-9);
  EXPECT_NEAR(hull[6], 0.808599373, 1e-9);
  const std::vector<double> eth = laws_of("option_eth_put");
  EXPECT_NEAR(eth[6], 307.960470894, 1e-6);
  EXPECT_NEAR(eth[7], -0.618248858, 1e-9);
  EXPECT_NEAR(eth[8], 8.312222838e-4, 1e-12);
  EXPECT_NEAR(eth[9], 218.622847, 1e-6);
  EXPECT_NEAR(eth[10], -1063.964523, 1e-6);
  const std::vector<double> jumps = laws_of("option_with_jumps");
  EXPECT_NEAR(jumps[0], 10.348412094, 1e-8);
  EXPECT_NEAR(jumps[1], 7.879403297, 1e-8);
  // Kamal and Derman at the money: sqrt(pi/4) vega sigma / sqrt(N); S = K makes d2 a twentieth of
  // one here, so the two agree to its square. vega = 2000 sqrt(30/365) phi(0.11467) = 227.25.
  expect_near(laws_of("hedge_settlements")[1], 0.886227 * 227.25 * 0.8 / std::sqrt(60.0), 0.01);
}

TEST(OptionRows, ShippedInputsPass) {
  for (const char* name :
       {"option_hull", "option_eth_put", "option_with_jumps", "hedge_settlements"}) {
    expect_pass(name);
  }
}

TEST(OptionRows, RecordedChain) {  // A-O-3, 4
  if (!runs("chain_parity")) GTEST_SKIP() << "no shared data";
  expect_pass("chain_parity");
  expect_pass("chain_volatility");
  expect_code(1, "chain_parity", {"largest=0.1"});
  expect_code(1, "chain_volatility", {"expiry_hour=20 h"});
}

TEST(OptionRows, LawsHoldForOtherInputs) {
  expect_pass("option_hull", {"spot=30.0", "yield=0.04", "time=2.0", "volatility=0.35"});
  expect_pass("option_eth_put", {"strike=9000.0", "time=0.01"});  // nothing but time to lose
  expect_pass("option_with_jumps", {"jumps_per_year=30.0", "jump_mean=0.02", "yield=0.03",
                                    "jump_deviation=0.05", "rate=0.0", "tolerance=0.02"});
  expect_pass("option_with_jumps", {"jumps_per_year=0.0", "strike=110.0", "tolerance=0.02"});
  expect_pass("hedge_settlements", {"strike=2200.0", "volatility=1.2", "settlement=1 d"});
}

TEST(OptionRows, InputsWithoutALawAreUsageErrors) {
  expect_code(2, "option_hull", {"volatility=0.0"});
  expect_code(2, "option_hull", {"spot=-1.0"});
  expect_code(2, "option_with_jumps", {"strike=1000.0"});
  expect_code(2, "option_with_jumps", {"jumps_per_year=1000.0"});
  expect_code(2, "hedge_settlements", {"settlement=7 h"});
  expect_code(2, "hedge_settlements", {"settlement=10 d"});
  expect_code(2, "hedge_settlements", {"strike=4000.0"});
  expect_code(2, "chain_volatility", {"published=[]"});
}

TEST(FundRows, LawsAgreeWithThePublishedDigits) {  // A-G-1 to 3
  EXPECT_NEAR(laws_of("ruin_never_stops")[0], 0.449137, 5e-7);
  EXPECT_NEAR(laws_of("ruin_or_fifty")[0], 0.438882, 5e-7);
  EXPECT_NEAR(laws_of("ruin_fair_odds")[0], 0.8, 1e-12);
  EXPECT_NEAR(laws_of("fund_five_claims")[0], 0.362165, 5e-7);
  EXPECT_NEAR(laws_of("fund_twenty_claims")[0], 0.0297283, 5e-8);
  EXPECT_NEAR(laws_of("fund_diffusion")[0], 0.201897, 5e-7);
}

TEST(FundRows, ShippedInputsPass) {
  for (const char* name : {"ruin_never_stops", "ruin_or_fifty", "ruin_fair_odds",
                           "fund_five_claims", "fund_twenty_claims", "fund_diffusion"}) {
    expect_pass(name);
  }
}

TEST(FundRows, LawsHoldForOtherInputs) {
  expect_pass("ruin_or_fifty", {"win=45 %", "start=20", "target=30"});
  expect_pass("ruin_never_stops", {"win=60 %", "start=2"});
  expect_pass("fund_five_claims", {"loading=0.5", "fund=7.0", "claim=3.0"});
  expect_pass("fund_diffusion", {"drift=2.0", "deviation=20.0", "fund=50.0", "step=40.0"});
}

TEST(FundRows, InputsWithoutALawAreUsageErrors) {
  expect_code(2, "ruin_never_stops", {"win=50 %"});
  expect_code(2, "ruin_or_fifty", {"target=10"});
  expect_code(2, "fund_five_claims", {"loading=0.0"});
  expect_code(2, "fund_five_claims", {"fund=500.0"});
  expect_code(2, "fund_diffusion", {"drift=-1.0"});
}

TEST(InformationRows, LawsAgreeWithThePublishedDigits) {  // A-M-1 to 3
  const std::vector<double> kyle = laws_of("kyle_auction");
  EXPECT_NEAR(kyle[0], 0.01, 1e-15);
  EXPECT_NEAR(kyle[1], 50, 1e-12);
  EXPECT_NEAR(kyle[2], 100, 1e-12);
  EXPECT_NEAR(kyle[3], 2, 1e-12);
  const std::vector<double> dealer = laws_of("glosten_milgrom");
  EXPECT_NEAR(dealer[0], 0.65, 1e-12);
  EXPECT_NEAR(dealer[1], 0.35, 1e-12);
  EXPECT_NEAR(dealer[3], 0.775229, 5e-7);
  EXPECT_NEAR(dealer[4], 0.864961, 5e-7);
  EXPECT_NEAR(dealer[5], 0.922453, 5e-7);
  EXPECT_NEAR(dealer[6], 0.956694, 5e-7);
  const std::vector<double> hawkes = laws_of("hawkes_flow");
  EXPECT_NEAR(hawkes[0], 0.25, 1e-12);
  EXPECT_NEAR(hawkes[2], 6.25, 1e-12);
}

TEST(InformationRows, ShippedInputsPass) {
  for (const char* name : {"kyle_auction", "glosten_milgrom", "hawkes_flow"}) expect_pass(name);
}

TEST(InformationRows, LawsHoldForOtherInputs) {
  expect_pass("kyle_auction", {"value_deviation=7.0", "noise_deviation=900.0", "first_impact=0.5"});
  expect_pass("glosten_milgrom", {"informed=60 %", "prior=30 %", "buys=3", "tolerance=0.02"});
  expect_pass("hawkes_flow", {"jump=0.9", "decay=3.0", "base=0.5", "window=200 s"});
  expect_pass("hawkes_flow", {"jump=0.0", "tolerance=0.01"});  // Poisson: variance = mean
}

TEST(InformationRows, InputsWithoutALawAreUsageErrors) {
  expect_code(2, "kyle_auction", {"value_deviation=0.0"});
  expect_code(2, "glosten_milgrom", {"informed=100 %"});
  expect_code(2, "glosten_milgrom", {"prior=0 %"});
  expect_code(2, "hawkes_flow", {"jump=1.0"});
  expect_code(2, "hawkes_flow", {"window=10 s"});
}

TEST(PerpetualRows, LawsAgreeWithThePublishedDigits) {  // A-P-1, 2
  EXPECT_NEAR(laws_of("perpetual_full_premium")[0], 0.456642, 5e-7);
  EXPECT_NEAR(laws_of("perpetual_daily_premium")[0], 1.370051, 5e-7);
  EXPECT_NEAR(laws_of("perpetual_weak_funding")[0], 5.002501, 5e-7);
  EXPECT_NEAR(laws_of("perpetual_inverse")[0], 0.456621, 5e-7);
}

TEST(PerpetualRows, ShippedInputsPass) {  // A-P-1 to 4
  for (const char* name :
       {"perpetual_full_premium", "perpetual_daily_premium", "perpetual_weak_funding",
        "perpetual_inverse", "arbitrage_band", "funding_conservation"}) {
    expect_pass(name);
  }
}

TEST(PerpetualRows, FundingReachesAccountsBelowZero) {  // A-P-4
  const LoadedCase loaded = load_case(default_folder() + "/funding_conservation.toml", {});
  EXPECT_GE(loaded.validation->replicate({})[3], 1);
}

TEST(PerpetualRows, RecordedPowerPerpetual) {  // A-P-5
  if (!runs("squeeth_funding")) GTEST_SKIP() << "no shared data";
  expect_pass("squeeth_funding");
  EXPECT_NEAR(laws_of("squeeth_funding")[0], 9.90e-4, 5e-7);
  expect_code(1, "squeeth_funding", {"funding_period=10 d"});
}

TEST(PerpetualRows, LawsHoldForOtherInputs) {
  expect_pass("perpetual_weak_funding", {"rate=0.02", "yield=0.10"});
  expect_pass("perpetual_inverse", {"kappa=50.0", "rate=0.1", "tolerance=0.05"});
  expect_pass("arbitrage_band", {"cost=20 bp", "kappa=200.0"});
  expect_pass("arbitrage_band", {"cost=2 bp", "rate=-0.1"});
  expect_pass("funding_conservation", {"accounts=7", "price=40000 USD", "collateral=1000000 USD"});
}

TEST(PerpetualRows, InputsWithoutALawAreUsageErrors) {
  expect_code(2, "perpetual_weak_funding", {"kappa=0.0"});
  expect_code(2, "perpetual_weak_funding", {"rate=0.5", "yield=-0.5", "kappa=1.5"});
  expect_code(2, "arbitrage_band", {"noise=5 bp"});
  expect_code(2, "funding_conservation", {"accounts=1"});
}

TEST(ReturnRows, RecordedReturns) {  // B-CONT-1, 2
  if (!runs("returns_eth_hourly")) GTEST_SKIP() << "no shared data";
  for (const char* name :
       {"facts_eth_hourly", "facts_eth_may_2021", "returns_eth_hourly", "returns_eth_march_2020",
        "returns_eth_may_2021", "returns_btc_august_2024"}) {
    expect_pass(name);
  }
  expect_code(1, "returns_eth_hourly", {"tail_index=3.4"});
}

TEST(ReturnRows, WrongInputsAreUsageErrors) {
  expect_code(2, "returns_eth_hourly", {"tolerance=0.0"});
  expect_code(2, "facts_eth_hourly", {"longer=1"});
}

}  // namespace
}  // namespace mezz::validation

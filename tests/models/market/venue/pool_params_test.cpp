// Parameters of pools: read from TOML, refused by name.
#include "models/market/venue/pool_params.h"

#include <gtest/gtest.h>

#include <limits>

#include "sim/check/error.h"
#include "sim/config/document.h"
#include "sim/config/read.h"

namespace mezz::venue {
namespace {

PoolParams read_pool(const std::string& text) {
  const config::Document document = config::load_text(text, "test.toml");
  PoolParams params;
  config::read(document.root, params, "venue");
  return params;
}

// The path that is named, or nothing when the parameters pass.
std::string refused(const PoolParams& params, Price initial = 50'000_ticks,
                    const ContractSpec& contract = {}) {
  try {
    params.check("venue", contract, initial);
  } catch (const ScenarioError& error) {
    return error.path();
  }
  return {};
}
PoolParams of(Kind kind) {
  PoolParams params{.kind = kind};
  if (kind == Kind::Clmm) params.position = {RangeParams{}};
  return params;
}

TEST(PoolParams, EveryKindReadsItsKeys) {
  const PoolParams clmm = read_pool(R"(
kind = "clmm"
fee = "5 bp"
[[position]]
lower = "45000 USD"
upper = "55000 USD"
liquidity = "2 MUSD"
[[position]]
)");
  EXPECT_EQ(clmm.kind, Kind::Clmm);
  EXPECT_EQ(clmm.fee, 5_bp);
  ASSERT_EQ(clmm.position.size(), 2U);
  EXPECT_EQ(clmm.position[0].lower, 45'000_usd);
  EXPECT_EQ(clmm.position[0].liquidity, 2'000'000_usd);
  EXPECT_EQ(refused(clmm), "");
  const PoolParams oracle = read_pool(R"(
kind = "oracle_pool"
quote = "50 MUSD"
oracle_spread = "2 bp"
impact_negative = 2e-9
impact_exponent = 1.5
open_interest_ratio_max = "80 %"
)");
  EXPECT_EQ(oracle.kind, Kind::OraclePool);
  EXPECT_EQ(oracle.quote, 50'000'000_usd);
  EXPECT_EQ(oracle.oracle_spread, 2_bp);
  EXPECT_EQ(oracle.impact_negative, 2e-9);
  EXPECT_EQ(oracle.open_interest_ratio_max, 80_percent);
  EXPECT_EQ(read_pool("kind = \"vamm\"\nvirtual_lots = \"5000 lots\"").virtual_lots, 5'000_lots);
  EXPECT_EQ(read_pool("kind = \"skew_pool\"\nskew_scale = \"9 lots\"").skew_scale, 9_lots);
  EXPECT_EQ(read_pool("lots = \"7 lots\"").lots, 7_lots);
}

TEST(PoolParams, UnknownKindsAndKeysAreRefused) {
  EXPECT_THROW(read_pool("kind = \"cpm\""), ScenarioError);
  EXPECT_THROW(read_pool("fees = \"5 bp\""), ScenarioError);
  EXPECT_THROW(read_pool("fee = \"-1 bp\""), ScenarioError);
  EXPECT_THROW(read_pool("impact_exponent = 0.5"), ScenarioError);
}

TEST(PoolParams, DefaultsOfEveryKindPass) {
  for (const Kind kind : {Kind::Cpmm, Kind::Clmm, Kind::Vamm, Kind::OraclePool, Kind::SkewPool}) {
    EXPECT_EQ(refused(of(kind)), "") << enum_name(kind);
  }
}

struct Case {
  Kind kind;
  void (*spoil)(PoolParams&);
  const char* path;
};

TEST(PoolParams, RefusalsNameTheKey) {
  const Case cases[] = {
      {Kind::Cpmm, [](PoolParams& p) { p.fee = Ratio{-1'000}; }, "venue.fee"},
      {Kind::Vamm, [](PoolParams& p) { p.fee = Ratio::one(); }, "venue.fee"},
      {Kind::Clmm, [](PoolParams& p) { p.fee = Ratio{1'500}; }, "venue.fee"},
      {Kind::Cpmm, [](PoolParams& p) { p.quote = 0_usd; }, "venue.quote"},
      {Kind::SkewPool, [](PoolParams& p) { p.quote = 200'000'000'000_usd; }, "venue.quote"},
      {Kind::Cpmm, [](PoolParams& p) { p.quote = 1_usd; }, "venue.quote"},  // not one lot
      {Kind::Cpmm, [](PoolParams& p) { p.lots = {-1}; }, "venue.lots"},
      {Kind::Vamm, [](PoolParams& p) { p.lots = {1}; }, "venue.lots"},
      {Kind::Vamm, [](PoolParams& p) { p.virtual_lots = {0}; }, "venue.virtual_lots"},
      {Kind::Vamm, [](PoolParams& p) { p.virtual_lots = {10'000'000'000'000}; },
       "venue.virtual_lots"},
      {Kind::Vamm, [](PoolParams& p) { p.virtual_quote = Money{-1}; }, "venue.virtual_quote"},
      {Kind::Cpmm, [](PoolParams& p) { p.virtual_quote = 1_usd; }, "venue.virtual_quote"},
      {Kind::Clmm, [](PoolParams& p) { p.position.clear(); }, "venue.position"},
      {Kind::Cpmm, [](PoolParams& p) { p.position.resize(1); }, "venue.position"},
      {Kind::Clmm, [](PoolParams& p) { p.position.resize(65); }, "venue.position"},
      {Kind::Clmm, [](PoolParams& p) { p.position[0].lower = 0_usd; }, "venue.position[0].lower"},
      {Kind::Clmm, [](PoolParams& p) { p.position[0].upper = 40'000_usd; },
       "venue.position[0].upper"},
      {Kind::Clmm, [](PoolParams& p) { p.position[0].liquidity = 0_usd; },
       "venue.position[0].liquidity"},
      {Kind::Clmm, [](PoolParams& p) { p.position[0].upper = 40'000_usd + Money{1}; },
       "venue.position"},  // no tick between
      {Kind::OraclePool, [](PoolParams& p) { p.oracle_spread = Ratio{-1}; }, "venue.oracle_spread"},
      {Kind::OraclePool, [](PoolParams& p) { p.oracle_spread = Ratio::one(); },
       "venue.oracle_spread"},
      {Kind::OraclePool, [](PoolParams& p) { p.impact_positive = 1; }, "venue.impact_positive"},
      {Kind::OraclePool, [](PoolParams& p) { p.impact_positive = -1; }, "venue.impact_positive"},
      {Kind::OraclePool,
       [](PoolParams& p) { p.impact_negative = std::numeric_limits<double>::quiet_NaN(); },
       "venue.impact_negative"},
      {Kind::OraclePool, [](PoolParams& p) { p.impact_exponent = 0.9; }, "venue.impact_exponent"},
      {Kind::OraclePool, [](PoolParams& p) { p.impact_exponent = 5; }, "venue.impact_exponent"},
      {Kind::OraclePool, [](PoolParams& p) { p.impact_positive_max = 51_bp; },
       "venue.impact_positive_max"},
      {Kind::OraclePool, [](PoolParams& p) { p.impact_negative_max = Ratio{-1}; },
       "venue.impact_negative_max"},
      {Kind::SkewPool, [](PoolParams& p) { p.skew_scale = {0}; }, "venue.skew_scale"},
      {Kind::SkewPool, [](PoolParams& p) { p.open_interest_max = {-1}; },
       "venue.open_interest_max"},
      {Kind::Vamm, [](PoolParams& p) { p.open_interest_ratio_max = Ratio{-1}; },
       "venue.open_interest_ratio_max"},
  };
  for (const Case& one : cases) {
    PoolParams params = of(one.kind);
    one.spoil(params);
    EXPECT_EQ(refused(params), one.path);
  }
}

TEST(PoolParams, InitialPriceMustBePositive) {
  EXPECT_EQ(refused(of(Kind::SkewPool), 0_ticks), "venue");
}

}  // namespace
}  // namespace mezz::venue

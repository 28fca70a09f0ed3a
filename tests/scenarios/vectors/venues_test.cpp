// The published rows of funding, liquidation and pool rules other than dYdX v4's.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "scenarios/vectors/vectors.h"

namespace mezz::vectors {
namespace {

struct Published {
  const char* file;
  std::vector<const char*> families;
};

class VenueVectors : public testing::TestWithParam<Published> {};

TEST_P(VenueVectors, EveryRowOfEachFamilyPasses) {
  const std::string path = std::string(MEZZ_SOURCE_DIR "/../shared/vectors/") + GetParam().file;
  if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is not here";
  const VectorReport report = evaluate_vectors(path);
  for (const char* name : GetParam().families) {
    ASSERT_TRUE(report.families.contains(name)) << name;
    const FamilyResult& result = report.families.at(name);
    EXPECT_GT(result.passed, 0) << name;
    EXPECT_EQ(result.failed, 0) << name;
    EXPECT_EQ(result.not_implemented, 0) << name;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Files, VenueVectors,
    testing::Values(Published{"funding.csv",
                              {"deribit_funding", "derive_perp_funding", "gmx_v2_adaptive_funding",
                               "hyperliquid_funding", "squeeth_normalization",
                               "synthetix_v3_funding"}},
                    Published{"liquidation.csv",
                              {"derive_auction_discount", "derive_auction_insolvent",
                               "derive_auction_solvent", "drift_bankruptcy_socialisation",
                               "drift_cover_shortage", "drift_if_fee", "hyperliquid_adl_index",
                               "hyperliquid_liq_price", "maker_auction_price", "maker_clip_take"}},
                    Published{"margin.csv", {"derive_srm", "hyperliquid_tiers"}},
                    Published{"microstructure.csv",
                              {"clmm_v3_math", "clmm_v3_step", "cpmm_v2", "gmx_v2_price_impact",
                               "synthetix_skew_fill", "vamm_perp_v1"}}),
    [](const auto& p) {
      const std::string name = p.param.file;
      return name.substr(0, name.find('.'));
    });

}  // namespace
}  // namespace mezz::vectors

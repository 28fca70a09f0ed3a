#include "models/layer2/settlement/bond.h"

#include <gtest/gtest.h>

#include "models/layer2/settlement/dispute_game.h"

namespace mezz::layer2 {
namespace {

// Gas by depth 0..73, from a replay of FaultDisputeGame.getRequiredBond in exact integers: the
// 18-digit fixed-point lnWad, expWad and powWad of the library it uses, with high / base = 300 000
// 000 / 400 000.
constexpr std::int64_t kContractGas[] = {
    400'000,     437'970,     479'544,     525'065,     574'906,     629'480,     689'233,
    754'659,     826'295,     904'731,     990'612,     1'084'646,   1'187'607,   1'300'340,
    1'423'775,   1'558'927,   1'706'909,   1'868'937,   2'046'346,   2'240'596,   2'453'285,
    2'686'163,   2'941'147,   3'220'336,   3'526'026,   3'860'735,   4'227'215,   4'628'484,
    5'067'843,   5'548'909,   6'075'639,   6'652'370,   7'283'847,   7'975'266,   8'732'319,
    9'561'235,   10'468'836,  11'462'591,  12'550'679,  13'742'053,  15'046'518,  16'474'810,
    18'038'683,  19'751'006,  21'625'872,  23'678'709,  25'926'412,  28'387'479,  31'082'162,
    34'032'639,  37'263'190,  40'800'401,  44'673'382,  48'914'006,  53'557'172,  58'641'090,
    64'207'600,  70'302'511,  76'975'982,  84'282'933,  92'283'497,  101'043'514, 110'635'077,
    121'137'120, 132'636'070, 145'226'559, 159'012'200, 174'106'445, 190'633'512, 208'729'412,
    228'543'067, 250'237'534, 273'991'351, 299'999'999};

// The same replay with maximum depths 8 and 4.
constexpr std::int64_t kDepth8[] = {400'000,    915'045,    2'093'270,   4'788'593,  10'954'451,
                                    25'059'550, 57'326'567, 131'141'031, 299'999'999};
constexpr std::int64_t kDepth4[] = {400'000, 2'093'270, 10'954'451, 57'326'567, 299'999'999};

TEST(Bond, GasEqualsTheContractsAtEveryDepth) {
  const BondCurve curve;
  for (std::uint32_t depth = 0; depth <= 73; ++depth) {
    EXPECT_EQ(bond_gas(curve, depth).units, kContractGas[depth]) << depth;
  }
}

TEST(Bond, GasEqualsTheContractsForShallowGames) {
  for (std::uint32_t depth = 0; depth <= 8; ++depth) {
    EXPECT_EQ(bond_gas({.max_depth = 8}, depth).units, kDepth8[depth]) << depth;
  }
  for (std::uint32_t depth = 0; depth <= 4; ++depth) {
    EXPECT_EQ(bond_gas({.max_depth = 4}, depth).units, kDepth4[depth]) << depth;
  }
}

// Protocol sheet 2.3 and 15b: 0.08, 1.2151 and 60.0 ETH; one full path locks 329.96 (even) and
// 361.28 ETH (odd).
TEST(Bond, AmountsMatchThePublishedTable) {
  const DisputeGameParams params;
  EXPECT_NEAR(params.bond(0).ether(), 0.08, 1e-12);
  EXPECT_NEAR(params.bond(1).ether(), 0.0876, 5e-5);
  EXPECT_NEAR(params.bond(10).ether(), 0.198, 5e-4);
  EXPECT_NEAR(params.bond(20).ether(), 0.491, 5e-4);
  EXPECT_NEAR(params.bond(30).ether(), 1.2151, 5e-5);
  EXPECT_NEAR(params.bond(50).ether(), 7.45, 5e-3);
  EXPECT_NEAR(params.bond(73).ether(), 60.0, 1e-6);
  Wei even;
  Wei odd;
  for (std::uint32_t depth = 0; depth <= 73; ++depth)
    (depth % 2 == 0 ? even : odd) += params.bond(depth);
  EXPECT_NEAR(even.ether(), 329.96, 0.005);
  EXPECT_NEAR(odd.ether(), 361.28, 0.005);
}

TEST(Bond, NeverFallsWithDepth) {
  const BondCurve flat{.base = {1'000}, .high = {1'000}, .max_depth = 10};
  for (std::uint32_t depth = 0; depth <= 10; ++depth) EXPECT_EQ(bond_gas(flat, depth).units, 1'000);
}

}  // namespace
}  // namespace mezz::layer2

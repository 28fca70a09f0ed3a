#include "models/base_chain/fee_rules.h"

#include <gtest/gtest.h>

#include "sim/check/error.h"

namespace mezz::base_chain {
namespace {

constexpr Gas kLimit30M{30'000'000};
constexpr Gas kLimit60M{60'000'000};

std::int64_t after_blocks(int blocks, Gas used) {
  GasPrice fee = 1_gwei;
  for (int i = 0; i < blocks; ++i) fee = next_base_fee(fee, {.used = used, .limit = kLimit30M});
  return fee.wei_per_gas;
}

// Validation vector A-F-1: EIP-1559 from 1 gwei, every block full.
TEST(BaseFee, FullBlocksFollowTheIntegerRecurrence) {
  EXPECT_EQ(after_blocks(1, kLimit30M), 1'125'000'000);
  EXPECT_EQ(after_blocks(2, kLimit30M), 1'265'625'000);
  EXPECT_EQ(after_blocks(10, kLimit30M), 3'247'321'023);
  EXPECT_EQ(after_blocks(20, kLimit30M), 10'545'093'826);
  EXPECT_EQ(after_blocks(50, kLimit30M), 361'098'863'481);
}

// A-F-2.
TEST(BaseFee, FiftyEmptyBlocksFollowTheIntegerRecurrence) {
  EXPECT_EQ(after_blocks(50, Gas{0}), 1'260'097);
}

// A-F-3: ln 10 / ln 1.125 = 19.549, so 20 blocks of 12 s.
TEST(BaseFee, TakesTwentyFullBlocksToGrowTenfold) {
  EXPECT_LT(after_blocks(19, kLimit30M), 10'000'000'000);
  EXPECT_GE(after_blocks(20, kLimit30M), 10'000'000'000);
}

// Reference vectors of the protocol sheet: limit 60 M, 1 gwei.
TEST(BaseFee, MovesWithTheDistanceFromTheTarget) {
  const auto next = [](std::int64_t used) {
    return next_base_fee(1_gwei, {.used = {used}, .limit = kLimit60M}).wei_per_gas;
  };
  EXPECT_EQ(next(0), 875'000'000);
  EXPECT_EQ(next(15'000'000), 937'500'000);
  EXPECT_EQ(next(30'000'000), 1'000'000'000);
  EXPECT_EQ(next(30'000'001), 1'000'000'004);
  EXPECT_EQ(next(45'000'000), 1'062'500'000);
  EXPECT_EQ(next(60'000'000), 1'125'000'000);
}

TEST(BaseFee, RisesByAtLeastOneWei) {
  EXPECT_EQ(next_base_fee({7}, {.used = kLimit60M, .limit = kLimit60M}).wei_per_gas, 8);
}

// A-F-7: (1 + 1/8)(1 - 1/8) = 63/64 per pair of blocks.
TEST(BaseFee, AlternatingFullAndEmptyBlocksDriftDown) {
  GasPrice fee = 1_gwei;
  double expected = 1e9;
  for (int i = 0; i < 50; ++i) {
    fee = next_base_fee(fee, {.used = kLimit30M, .limit = kLimit30M});
    fee = next_base_fee(fee, {.used = Gas{0}, .limit = kLimit30M});
    expected *= 63.0 / 64.0;
  }
  EXPECT_NEAR(static_cast<double>(fee.wei_per_gas) / expected, 1.0, 1e-3);
}

TEST(BaseFee, AFullerBlockThanTheLimitIsOurBug) {
  EXPECT_THROW((void)next_base_fee(1_gwei, {.used = Gas{30'000'001}, .limit = kLimit30M}),
               AssertionFailure);
}

// 60 000 000 / 1024 = 58 593 (floor); the step must be strictly smaller.
TEST(GasLimit, MovesByLessThanOneThousandTwentyFourth) {
  EXPECT_EQ(next_gas_limit({.parent = kLimit60M, .desired = {100'000'000}}).units, 60'058'592);
  EXPECT_EQ(next_gas_limit({.parent = kLimit60M, .desired = {1}}).units, 59'941'408);
  EXPECT_EQ(next_gas_limit({.parent = kLimit60M, .desired = {60'000'100}}).units, 60'000'100);
}

// A-F-4.
TEST(BlobFee, CancunExponentialIsExact) {
  const BlobSchedule cancun = blob_schedule(BlobPreset::Cancun);
  EXPECT_EQ(blob_fee({13'107'200}, cancun).wei_per_gas, 50);
  EXPECT_EQ(blob_fee({39'321'600}, cancun).wei_per_gas, 130'392);
  EXPECT_EQ(blob_fee({100'000'000}, cancun).wei_per_gas, 10'203'769'476'395);
}

// Protocol sheet 15b: excess of 0, 10, 100, 300, 600 blobs.
TEST(BlobFee, EveryScheduleIsExact) {
  struct Row {
    BlobPreset preset;
    std::int64_t fees[5];
  };
  const Row rows[] = {{BlobPreset::Cancun, {1, 1, 50, 130'392, 17'002'220'575}},
                      {BlobPreset::Prague, {1, 1, 13, 2'571, 6'612'054}},
                      {BlobPreset::Bpo1, {1, 1, 4, 111, 12'365}},
                      {BlobPreset::Bpo2, {1, 1, 3, 28, 837}}};
  const std::int64_t blobs[] = {0, 10, 100, 300, 600};
  for (const Row& row : rows) {
    for (int i = 0; i < 5; ++i) {
      EXPECT_EQ(blob_fee(kGasPerBlob * blobs[i], blob_schedule(row.preset)).wei_per_gas,
                row.fees[i])
          << enum_name(row.preset) << " " << blobs[i];
    }
  }
}

// 3 000 blobs: e^117 wei does not fit 128 bits; that must be loud, not a wrapped small fee.
TEST(BlobFee, OverflowAsserts) {
  const BlobSchedule cancun = blob_schedule(BlobPreset::Cancun);
  EXPECT_THROW((void)blob_fee(kGasPerBlob * 3'000, cancun), AssertionFailure);
  EXPECT_THROW((void)blob_fee(kGasPerBlob * 1'200, cancun), AssertionFailure);
}

struct Climb {
  int blocks = 0;
  std::int64_t fee = 0;
  Gas excess;
};
Climb climb_to_one_gwei(const BlobSchedule& schedule) {
  Climb climb{0, 1, {0}};
  while (climb.fee < 1'000'000'000) {
    climb.excess = next_excess_blob_gas(
        {.excess = climb.excess, .blobs = schedule.max, .base_fee = {0}}, schedule);
    climb.fee = blob_fee(climb.excess, schedule).wei_per_gas;
    ++climb.blocks;
  }
  return climb;
}

// A-F-5.
TEST(BlobFee, CancunNeeds176FullBlocksFromOneWeiToOneGwei) {
  const Climb climb = climb_to_one_gwei(blob_schedule(BlobPreset::Cancun));
  EXPECT_EQ(climb.blocks, 176);
  EXPECT_EQ(climb.fee, 1'006'572'285);
  EXPECT_EQ(climb.excess.units, 69'206'016);
}

// Protocol sheet section 1: the price-discovery lag from Prague on is 264 blocks (53 min).
TEST(BlobFee, LaterSchedulesNeed264FullBlocks) {
  EXPECT_EQ(climb_to_one_gwei(blob_schedule(BlobPreset::Prague)).blocks, 264);
  EXPECT_EQ(climb_to_one_gwei(blob_schedule(BlobPreset::Bpo1)).blocks, 264);
  EXPECT_EQ(climb_to_one_gwei(blob_schedule(BlobPreset::Bpo2)).blocks, 264);
}

TEST(ExcessBlobGas, IsZeroBelowTheTarget) {
  const BlobSchedule cancun = blob_schedule(BlobPreset::Cancun);
  EXPECT_EQ(next_excess_blob_gas({.excess = {131'071}, .blobs = 2, .base_fee = {1}}, cancun).units,
            0);
  EXPECT_EQ(next_excess_blob_gas({.excess = {131'072}, .blobs = 2, .base_fee = {1}}, cancun).units,
            0);
  EXPECT_EQ(next_excess_blob_gas({.excess = {131'073}, .blobs = 2, .base_fee = {1}}, cancun).units,
            1);
}

// Protocol sheet 15b: BPO2 at a base fee of 1 gwei.
TEST(ExcessBlobGas, ReserveOfEip7918RaisesTheExcessWithoutTarget) {
  const BlobSchedule bpo2 = blob_schedule(BlobPreset::Bpo2);
  Gas excess{0};
  for (const std::int64_t expected : {917'504, 1'835'008, 2'752'512}) {
    excess = next_excess_blob_gas({.excess = excess, .blobs = 21, .base_fee = 1_gwei}, bpo2);
    EXPECT_EQ(excess.units, expected);
  }
  const BlobBlock at_target{.excess = kGasPerBlob * 10, .blobs = 14, .base_fee = 1_gwei};
  EXPECT_EQ(next_excess_blob_gas(at_target, bpo2).units, 1'922'389);
  BlobSchedule without = bpo2;
  without.eip7918 = false;
  EXPECT_EQ(next_excess_blob_gas(at_target, without).units, 1'310'720);
}

// 2^13 * base > 2^17 * blob, that is blob < base / 16: 62 500 000 wei at 1 gwei, about 1 600 blobs.
TEST(ExcessBlobGas, ReserveBindsOnlyBelowOneSixteenthOfTheBaseFee) {
  const BlobSchedule bpo2 = blob_schedule(BlobPreset::Bpo2);
  const auto grows_at_target = [&](std::int64_t blobs) {
    const Gas excess = kGasPerBlob * blobs;
    return next_excess_blob_gas({.excess = excess, .blobs = 14, .base_fee = 1_gwei}, bpo2) > excess;
  };
  std::int64_t last = 1'500;
  while (grows_at_target(last + 1)) ++last;
  EXPECT_NEAR(static_cast<double>(last), 1'600, 5);
  EXPECT_LT(blob_fee(kGasPerBlob * last, bpo2).wei_per_gas, 62'500'000);
  EXPECT_GE(blob_fee(kGasPerBlob * (last + 1), bpo2).wei_per_gas, 62'500'000);
}

TEST(Blobs, CountForBytesRoundsUp) {
  EXPECT_EQ(blobs_for_bytes(0), 0);
  EXPECT_EQ(blobs_for_bytes(1), 1);
  EXPECT_EQ(blobs_for_bytes(126'976), 1);
  EXPECT_EQ(blobs_for_bytes(126'977), 2);
}

// EIP-7623, by hand: 100 zeros + 900 others = 3 700 tokens; standard 14 800, floor 37 000.
TEST(Calldata, FloorRulesWhenDataDominates) {
  const Calldata data{.zero_bytes = 100, .other_bytes = 900};
  EXPECT_EQ(calldata_transaction_gas(data, {0}).units, 21'000 + 37'000);
  EXPECT_EQ(calldata_transaction_gas(data, {22'200}).units, 21'000 + 37'000);
  EXPECT_EQ(calldata_transaction_gas(data, {22'201}).units, 21'000 + 37'001);
}

}  // namespace
}  // namespace mezz::base_chain

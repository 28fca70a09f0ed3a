#include "models/layer2/availability/posting_rules.h"

#include <gtest/gtest.h>

namespace mezz::posting {
namespace {

// By hand, EIP-7623: 126 976 bytes with one zero in 256 are 496 + 4 x 126 480 = 506 416 tokens, at
// the floor of 10 gas each, plus 21 000.
TEST(PostingRules, CalldataPaysTheFloorPrice) {
  EXPECT_EQ(calldata_gas(126'976).units, 21'000 + 5'064'160);
}

TEST(PostingRules, BlobsPayPerStartedBlob) {
  const FeeQuote quote{.base_fee = GasPrice{2}, .blob_fee = GasPrice{3}};
  EXPECT_TRUE(blob_cost(126'976, quote) == (Wei{2 * 21'000 + 3 * 131'072}));
  EXPECT_TRUE(blob_cost(126'977, quote) == (Wei{2 * 21'000 + 3 * 262'144}));
}

// 5 064 160 / 131 072 = 38.64: a full blob is cheaper than calldata up to this ratio of the fees.
TEST(PostingRules, CalldataWinsOnceTheBlobFeeIs39TimesTheBaseFee) {
  const auto choice = [](std::int64_t ratio) {
    return choose_medium(126'976, {.base_fee = 1_gwei, .blob_fee = GasPrice{ratio * 1'000'000'000}},
                         MediumPolicy::Auto);
  };
  EXPECT_EQ(choice(38), BatchMedium::Blobs);
  EXPECT_EQ(choice(39), BatchMedium::Calldata);
}

// A nearly empty blob costs as much as a full one: 1 000 bytes are 3 + 4 x 997 = 3 991 tokens, 39
// 910 gas of data, 0.304 of a blob's gas.
TEST(PostingRules, LittleDataIsCheaperAsCalldataFarEarlier) {
  const auto choice = [](std::int64_t blob_fee) {
    return choose_medium(1'000, {.base_fee = GasPrice{1'000}, .blob_fee = GasPrice{blob_fee}},
                         MediumPolicy::Auto);
  };
  EXPECT_EQ(choice(304), BatchMedium::Blobs);
  EXPECT_EQ(choice(305), BatchMedium::Calldata);
}

TEST(PostingRules, AFixedPolicyIgnoresFees) {
  const FeeQuote dear_blobs{.base_fee = GasPrice{1}, .blob_fee = 100_gwei};
  EXPECT_EQ(choose_medium(1, dear_blobs, MediumPolicy::Blobs), BatchMedium::Blobs);
  EXPECT_EQ(choose_medium(1'000'000, {.base_fee = 100_gwei, .blob_fee = GasPrice{1}},
                          MediumPolicy::Calldata),
            BatchMedium::Calldata);
}

TEST(PostingRules, AverageFollowsInBothDirections) {
  EXPECT_EQ(next_average(1'000, 2'000, 10), 1'100U);
  EXPECT_EQ(next_average(1'000, 500, 10), 950U);
  EXPECT_EQ(next_average(1'000, 1'000, 10), 1'000U);
}

}  // namespace
}  // namespace mezz::posting

#include <gtest/gtest.h>

#include "sim/types/enum_names.h"
#include "sim/types/id.h"
#include "sim/types/price.h"
#include "sim/types/quantity.h"
#include "sim/types/wei.h"

namespace mezz {
namespace {

TEST(Price, MovesByTicks) {
  EXPECT_EQ(1600_ticks - 1550_ticks, PriceMove{50});
  EXPECT_EQ(1550_ticks + 1_tick, 1551_ticks);
  EXPECT_EQ(1550_ticks - 1_tick * 3, 1547_ticks);
  EXPECT_EQ(-(2_tick), PriceMove{-2});
  EXPECT_LT(1550_ticks, 1600_ticks);
}

TEST(Price, FractionalMovesRoundAwayFromTheOldPrice) {
  // 20 bp of 1550 = 3.1 ticks -> 4.
  EXPECT_EQ((1550_ticks).up_by(20_bp), 1554_ticks);
  EXPECT_EQ((1550_ticks).down_by(20_bp), 1546_ticks);
  EXPECT_EQ((1000_ticks).up_by(1_percent), 1010_ticks);  // exact moves stay exact
  EXPECT_EQ((1000_ticks).down_by(Ratio::zero()), 1000_ticks);
}

TEST(Quantity, IsSigned) {
  EXPECT_EQ(3_lots - 5_lots, -(2_lots));
  EXPECT_EQ((-(2_lots)).abs(), 2_lots);
  EXPECT_EQ(2_lots * -4, -(8_lots));
  Quantity q = 1_lot;
  q += 4_lots;
  q -= 7_lots;
  EXPECT_EQ(q, -(2_lots));
  EXPECT_LT(q, Quantity::zero());
}

TEST(Wei, HoldsMoreThanSixtyFourBits) {
  const Wei bonds = 700_eth;  // 7 * 10^20 > 2^63
  EXPECT_DOUBLE_EQ(bonds.ether(), 700.0);
  EXPECT_GT(bonds, 9_eth);
  EXPECT_EQ(bonds - 699_eth, 1_eth);
  EXPECT_EQ(1_eth * 700, bonds);
  EXPECT_EQ(9_eth <=> 9_eth, std::strong_ordering::equal);
  EXPECT_LT(Wei::zero() - 1_eth, Wei::zero());
}

TEST(Fee, IsGasTimesGasPrice) {
  // A plain transfer uses 21 000 gas (Ethereum yellow paper, G_transaction): 30 gwei -> 0.00063
  // ETH.
  EXPECT_EQ(fee(30_gwei, Gas{21'000}), Wei{Int128{630'000'000'000'000}});
  EXPECT_EQ(fee(GasPrice{INT64_MAX}, Gas{2}).value, Int128{INT64_MAX} * 2);
  EXPECT_DOUBLE_EQ((30_gwei + GasPrice{500'000'000}).gwei(), 30.5);
}

using AccountId = Id<struct AccountTag, std::uint16_t>;

TEST(Id, NoneIsItsOwnValueAndTheLastInOrder) {
  EXPECT_FALSE(AccountId{}.exists());
  EXPECT_EQ(AccountId::none().value, 0xffff);
  EXPECT_TRUE(AccountId{0}.exists());
  EXPECT_LT(AccountId{0}, AccountId{1});
  EXPECT_LT(AccountId{1}, AccountId::none());
}

enum class Side : std::uint8_t { Buy, Sell };

}  // namespace

template <>
struct EnumNames<Side> {
  static constexpr std::string_view names[] = {"buy", "sell"};
};

namespace {

TEST(EnumNames, FollowTheOrderOfTheValues) {
  EXPECT_EQ(enum_name(Side::Buy), "buy");
  EXPECT_EQ(enum_name(Side::Sell), "sell");
}

}  // namespace
}  // namespace mezz

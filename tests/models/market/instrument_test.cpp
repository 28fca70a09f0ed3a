#include "models/market/instrument.h"

#include <gtest/gtest.h>

#include "models/market/tick_bitmap.h"

namespace mezz {
namespace {

// 1 USD per BTC and tick, lots of 0.001 BTC: a lot-tick is 0.001 USD.
TEST(ContractSpec, NotionalIsAnExactProduct) {
  const ContractSpec spec{.underlying = "BTC", .tick = 1_usd, .lot_decimals = 3};
  spec.check("market");
  EXPECT_EQ(spec.money_per_lot_tick(), 1'000);
  EXPECT_EQ(notional(spec, 1'500_lots, 50'000_ticks), 75'000_usd);
  EXPECT_EQ(notional(spec, -1'500_lots, 50'000_ticks), -75'000_usd);
}

TEST(ContractSpec, GridFinerThanMoneyIsRefused) {
  const ContractSpec spec{.underlying = "BTC", .tick = {100'000}, .lot_decimals = 6};
  EXPECT_THROW(spec.check("market"), ScenarioError);
  const ContractSpec negative{.underlying = "BTC", .tick = {-1}, .lot_decimals = 0};
  EXPECT_THROW(negative.check("market"), ScenarioError);
}

TEST(ContractSpec, NotionalThatDoesNotFitIsOurBug) {
  const ContractSpec spec;
  EXPECT_THROW(static_cast<void>(notional(spec, {INT64_MAX}, {INT64_MAX})), AssertionFailure);
}

TEST(TickBitmap, FindsNeighboursAsASetDoes) {
  TickBitmap bits;
  for (const int i : {0, 63, 64, 2'000, 4'095}) bits.insert(i);
  EXPECT_EQ(bits.at_or_below(4'094), 2'000);
  EXPECT_EQ(bits.at_or_below(63), 63);
  EXPECT_EQ(bits.at_or_below(62), 0);
  EXPECT_EQ(bits.at_or_above(65), 2'000);
  EXPECT_EQ(bits.at_or_above(2'001), 4'095);
  EXPECT_EQ(bits.at_or_above(4'096), TickBitmap::kNone);
  bits.erase(0);
  EXPECT_EQ(bits.at_or_below(62), TickBitmap::kNone);
  EXPECT_THROW(bits.insert(4'096), AssertionFailure);
}

}  // namespace
}  // namespace mezz

#include "models/liquidation/price_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace mezz::liquidation {
namespace {

struct Random {
  std::uint64_t state;
  std::int64_t below(std::int64_t n) {
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    return static_cast<std::int64_t>((state >> 33) % static_cast<std::uint64_t>(n));
  }
};

bool liquidatable_at(Price mark, Money collateral, Quantity size, const margin::LiquidityTier& tier,
                     std::int64_t money_per_lot_tick) {
  margin::Risk risk = margin::position_risk(
      {.quantity = size, .price = {mark.ticks * money_per_lot_tick, 0}, .open_interest = {}}, tier);
  risk.net_collateral += collateral;
  return margin::is_liquidatable(risk);
}

// 10 lots of 1 USD per tick bought with 900 USD of debt, maintenance 10 %: 10 p - 900 < p at p <
// 100.
TEST(LiquidationPrice, HandCalculatedLongAndShort) {
  const margin::LiquidityTier tier{.initial_margin_ppm = 200'000,
                                   .maintenance_fraction_ppm = 500'000,
                                   .open_interest_lower = {},
                                   .open_interest_upper = {}};
  EXPECT_EQ(liquidation_price(-900_usd, 10_lots, tier, 1'000'000), 99_ticks);
  // 1 100 USD against a short of 10: 1100 - 10 p < p at p > 100.
  EXPECT_EQ(liquidation_price(1'100_usd, -10_lots, tier, 1'000'000), 101_ticks);
  EXPECT_FALSE(liquidation_price(10_usd, 10_lots, tier, 1'000'000));
  EXPECT_EQ(liquidation_price(-1_usd, -10_lots, tier, 1'000'000), 1_ticks);
}

// The price given is the boundary, to the tick, whatever the roundings do.
TEST(LiquidationPrice, AccountIsLiquidatableExactlyOnItsSide) {
  Random random{11};
  for (int i = 0; i < 200'000; ++i) {
    margin::LiquidityTier tier = margin::preset(static_cast<margin::Tier>(random.below(6)));
    if (random.below(4) == 0) {
      tier.initial_margin_ppm = random.below(1'000'001);
      tier.maintenance_fraction_ppm = random.below(1'000'001);
    }
    const std::int64_t unit = i % 3 == 0 ? 1 : 1 + random.below(1'000);
    Quantity size{1 + random.below(i % 2 == 0 ? 5 : 100'000)};
    if (random.below(2) == 0) size = -size;
    const std::int64_t price = 1 + random.below(1'000);
    const Money collateral{-size.lots * unit * price + random.below(2 * size.abs().lots * unit) -
                           random.below(100)};
    const auto key = liquidation_price(collateral, size, tier, unit);
    const std::int64_t probe = key ? std::min(key->ticks, INT64_C(100'000'000)) : price;
    for (const std::int64_t mark : {probe - 1, probe, probe + 1, price, 2 * price}) {
      if (mark < 1) continue;
      const bool by_key = key && (size.lots > 0 ? mark <= key->ticks : mark >= key->ticks);
      ASSERT_EQ(by_key, liquidatable_at({mark}, collateral, size, tier, unit))
          << "collateral " << collateral.micros << " size " << size.lots << " unit " << unit
          << " mark " << mark << " tier " << tier.initial_margin_ppm << " "
          << tier.maintenance_fraction_ppm;
    }
  }
}

TEST(PriceIndex, BreachIsInclusiveOnBothSides) {
  PriceIndex index(Price{1'000});
  index.update({1}, Side::Buy, 900_ticks);
  index.update({2}, Side::Sell, 1'100_ticks);
  std::vector<AccountId> out;
  index.collect_breached(901_ticks, out);
  index.collect_breached(1'099_ticks, out);
  EXPECT_TRUE(out.empty());
  index.collect_breached(900_ticks, out);
  index.collect_breached(1'100_ticks, out);
  EXPECT_EQ(out, (std::vector<AccountId>{{1}, {2}}));
}

TEST(PriceIndex, AnswerDoesNotDependOnHistory) {
  PriceIndex one(Price{1'000});
  PriceIndex two(Price{1'000});
  for (std::uint32_t i = 0; i < 50; ++i) one.update({i}, Side::Buy, {900 + i % 3});
  for (std::uint32_t i = 50; i-- > 0;) {
    two.update({i}, Side::Sell, 7_ticks);
    two.update({i}, Side::Buy, {900 + i % 3});
  }
  std::vector<AccountId> a;
  std::vector<AccountId> b;
  one.collect_breached(800_ticks, a);
  two.collect_breached(800_ticks, b);
  EXPECT_EQ(a, b);
  EXPECT_EQ(a.size(), 50u);
  EXPECT_EQ(a[0], AccountId{2});  // 902 is the highest price; then by account
  EXPECT_EQ(a[1], AccountId{5});
}

TEST(PriceIndex, SameAnswerAsLookingAtEveryAccount) {
  Random random{3};
  PriceIndex index(Price{5'000});
  std::map<std::uint32_t, std::pair<Side, std::int64_t>> all;
  for (int i = 0; i < 20'000; ++i) {
    const AccountId account{static_cast<std::uint32_t>(random.below(500))};
    if (random.below(5) == 0) {
      index.erase(account);
      all.erase(account.value);
    } else {
      const Side side = random.below(2) == 0 ? Side::Buy : Side::Sell;
      // Some far outside the buckets.
      const std::int64_t price = random.below(20) == 0 ? random.below(1'000'000'000)
                                 : side == Side::Buy   ? 3'000 + random.below(2'100)
                                                       : 4'900 + random.below(2'000);
      index.update(account, side, {price});
      all[account.value] = {side, price};
    }
    if (i % 20 != 0) continue;
    const Price mark{3'000 + random.below(4'000)};
    std::vector<AccountId> want;
    for (const auto& [id, key] : all) {
      const bool hit = key.first == Side::Buy ? mark.ticks <= key.second : mark.ticks >= key.second;
      if (hit) want.push_back({id});
    }
    std::vector<AccountId> got;
    index.collect_breached(mark, got);
    EXPECT_EQ(!got.empty(), index.any_breached(mark));
    std::sort(got.begin(), got.end());
    ASSERT_EQ(got, want);
    ASSERT_EQ(index.size(), all.size());
    if (i % 1'000 == 0) index.full_check();
  }
}

TEST(PriceIndex, CopyIsAStateToReturnTo) {
  PriceIndex index(Price{1'000});
  index.update({1}, Side::Buy, 900_ticks);
  const PriceIndex saved = index;
  index.erase({1});
  EXPECT_FALSE(index.any_breached(1_ticks));
  index = saved;
  EXPECT_TRUE(index.any_breached(900_ticks));
}

}  // namespace
}  // namespace mezz::liquidation

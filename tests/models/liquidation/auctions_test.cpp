#include <gtest/gtest.h>

#include "models/liquidation/derive_auction.h"
#include "models/liquidation/maker_clip.h"

namespace mezz::liquidation {
namespace {

const derive::AuctionParams kDerive{.start = Wad::one(),
                                    .fast_cutoff = Wad::of(8, 10),
                                    .fast = 100_s,
                                    .slow = 1'000_s,
                                    .insolvent = 100_s,
                                    .liquidator_fee = Wad::of(1, 10),
                                    .buffer = Wad::of(1, 10)};

TEST(DeriveAuction, DiscountFallsInTwoStraightLines) {
  EXPECT_EQ(derive::discount(0_s, kDerive), Wad::one());
  EXPECT_EQ(derive::discount(50_s, kDerive), Wad::of(9, 10));
  EXPECT_EQ(derive::discount(100_s, kDerive), Wad::of(8, 10));
  EXPECT_EQ(derive::discount(600_s, kDerive), Wad::of(4, 10));
  EXPECT_EQ(derive::discount(1'100_s, kDerive), Wad::zero());
  EXPECT_EQ(derive::discount(7_d, kDerive), Wad::zero());
}

TEST(DeriveAuction, BidsNeverRise) {
  const derive::Account account{Wad::whole(-50), Wad::whole(200)};
  Wad last = derive::solvent_bid(account, derive::discount(0_s, kDerive));
  Wad paid = -Wad::one();
  for (Duration t = 0_s; t <= 1'200_s; t += 1_s) {
    const Wad bid = derive::solvent_bid(account, derive::discount(t, kDerive));
    EXPECT_LE(bid, last);
    last = bid;
    const Wad payout = derive::insolvent_payout({Wad::whole(-50), Wad::whole(-20)}, t, kDerive);
    EXPECT_GE(payout, paid);
    paid = payout;
  }
  EXPECT_EQ(last, Wad::zero());
  EXPECT_EQ(paid, Wad::whole(50));
}

// BM = -50 + (-50 - 200) * 0.1 = -75; at d = 1: 75 / (75 + 200) = 3/11.
TEST(DeriveAuction, LargestPartRestoresTheBufferMargin) {
  const derive::Account account{Wad::whole(-50), Wad::whole(200)};
  EXPECT_EQ(derive::buffer_margin(account, kDerive.buffer), Wad::whole(-75));
  const Wad part = derive::max_proportion(account, kDerive.buffer, Wad::one());
  EXPECT_EQ(part, Wad::of(3, 11));
  // What is left plus the proceeds: BM (1 - f) + d MtM f = -75 * 8/11 + 200 * 3/11 = 0.
  const Wad left = multiply(Wad::whole(-75), Wad::one() - part) + multiply(Wad::whole(200), part);
  EXPECT_LE(left.abs(), Wad{1'000});
  EXPECT_EQ(derive::start_fee(account, kDerive), multiply(Wad::whole(20), part));
  EXPECT_EQ(derive::bidder_cash_min(account, kDerive.buffer, Wad::of(1, 5), Wad::whole(10)),
            Wad::whole(25));
}

TEST(DeriveAuction, HealthyAccountSellsNothingAndInsolventPaysNoFee) {
  const derive::Account healthy{Wad::whole(100), Wad::whole(200)};
  EXPECT_EQ(derive::max_proportion(healthy, kDerive.buffer, Wad::one()), Wad::zero());
  const derive::Account insolvent{Wad::whole(-100), Wad::whole(-1)};
  EXPECT_EQ(derive::start_fee(insolvent, kDerive), Wad::zero());
}

TEST(DeriveAuction, WhatTheModuleLacksIsPrinted) {
  const derive::Payout payout = derive::pay(Wad::whole(100), Wad::whole(30));
  EXPECT_EQ(payout.from_security_module, Wad::whole(30));
  EXPECT_EQ(payout.printed, Wad::whole(70));
  EXPECT_EQ(derive::cash_exchange_rate(Wad::whole(700), Wad::whole(70)), Wad::of(9, 10));
  EXPECT_EQ(derive::cash_exchange_rate(Wad::zero(), Wad::zero()), Wad::one());
}

maker::Ray ray(std::int64_t n) { return maker::Ray::from(Wad::whole(n)); }

TEST(MakerPrice, ThreeCurvesByHand) {
  EXPECT_EQ(maker::linear_price(ray(100), 10_s, 3_s), ray(70));
  EXPECT_EQ(maker::linear_price(ray(100), 10_s, 11_s), ray(0));
  const maker::Ray half = maker::Ray::from(Wad::of(1, 2));
  EXPECT_EQ(maker::stair_step_price(ray(100), half, 10_s, 9_s), ray(100));
  EXPECT_EQ(maker::stair_step_price(ray(100), half, 10_s, 29_s), ray(25));
  EXPECT_EQ(maker::exponential_price(ray(64), half, 6_s), ray(1));
}

TEST(MakerPrice, PowerRoundsHalfUp) {
  // (1 + 1 unit)^2 = 1 + 2 units + 10^-27 of one: dropped; half a unit squared up: 0.5^90 is below
  // half a unit only from the 91st power on (2^-90 * 10^27 = 0.808, 2^-91 * 10^27 = 0.404).
  EXPECT_EQ(maker::power({maker::Ray::kOne + 1}, 2), (maker::Ray{maker::Ray::kOne + 2}));
  const maker::Ray half = maker::Ray::from(Wad::of(1, 2));
  EXPECT_EQ(maker::power(half, 90), (maker::Ray{1}));
  EXPECT_EQ(maker::power(half, 0), maker::Ray::one());
  EXPECT_EQ(maker::power({}, 0), maker::Ray::one());
}

TEST(MakerPrice, NoCurveRises) {
  const maker::Ray cut = maker::Ray::from(Wad::of(97, 100));
  maker::Ray last[3] = {ray(1'000), ray(1'000), ray(1'000)};
  for (Duration t = 0_s; t < 600_s; t += 1_s) {
    const maker::Ray now[3] = {maker::linear_price(ray(1'000), 599_s, t),
                               maker::stair_step_price(ray(1'000), cut, 7_s, t),
                               maker::exponential_price(ray(1'000), cut, t)};
    for (int i = 0; i < 3; ++i) {
      EXPECT_LE(now[i], last[i]);
      last[i] = now[i];
    }
  }
}

// 100 of debt, 50 of collateral, price 4: 25 pay it all.
const maker::Auction kAuction{.tab = 100, .lot = 50};

TEST(MakerTake, NeverPaysMoreThanTheDebtAndReturnsTheRest) {
  const auto taken = maker::take(kAuction, {.amount = 40, .price = 4}, 0);
  ASSERT_TRUE(taken);
  EXPECT_TRUE(taken->owe == 100 && taken->slice == 25);
  EXPECT_TRUE(taken->left.tab == 0 && taken->left.lot == 25 && taken->returned == 25);
}

TEST(MakerTake, SoldOutLotLeavesDebt) {
  const auto taken = maker::take(kAuction, {.amount = 60, .price = 1}, 30);
  ASSERT_TRUE(taken);
  EXPECT_TRUE(taken->owe == 50 && taken->left.tab == 50 && taken->left.lot == 0);
  EXPECT_TRUE(taken->returned == 0);
}

TEST(MakerTake, PartialPurchaseLeavesAtLeastTheDustLimit) {
  // 20 * 4 = 80 would leave 20 < 30: only 70 are taken, 17 units (17.5 floored).
  const auto taken = maker::take(kAuction, {.amount = 20, .price = 4}, 30);
  ASSERT_TRUE(taken);
  EXPECT_TRUE(taken->owe == 70 && taken->slice == 17 && taken->left.tab == 30);
  // A debt not above the limit can only be taken whole.
  EXPECT_FALSE(maker::take({.tab = 30, .lot = 50}, {.amount = 5, .price = 4}, 30));
  EXPECT_TRUE(maker::take({.tab = 30, .lot = 50}, {.amount = 8, .price = 4}, 30));
}

TEST(MakerTake, RedoWhenOldOrFallen) {
  const maker::ResetRule rule{.tail = 100_s, .cusp = maker::Ray::from(Wad::of(4, 10))};
  EXPECT_FALSE(maker::needs_redo(ray(10), ray(4), 100_s, rule));
  EXPECT_TRUE(maker::needs_redo(ray(10), ray(4), 101_s, rule));
  EXPECT_TRUE(maker::needs_redo(ray(10), ray(3), 1_s, rule));
  EXPECT_TRUE(maker::keeper_reward(1'000, 5, Wad::of(2, 100)) == 25);
}

}  // namespace
}  // namespace mezz::liquidation

#include "models/liquidation/maker_clip.h"

#include <algorithm>

#include "models/market/quote_price.h"

namespace mezz::liquidation::maker {
namespace {

// Half up: one more than twice the truncated half, halved.
Int128 multiply_half_up(Int128 a, Int128 b) {
  const Int128 halves = mul_div_wide(a, b, Ray::kOne / 2, Round::Down);
  return (halves + 1) / 2;
}

}  // namespace

Ray multiply(Ray a, Ray b) { return {mul_div_wide(a.units, b.units, Ray::kOne, Round::Down)}; }

Ray power(Ray base, std::int64_t exponent) {
  MEZZ_ASSERT(exponent >= 0);
  MEZZ_ASSERT(base.units >= 0);
  Int128 result = exponent % 2 != 0 ? base.units : Ray::kOne;
  Int128 square = base.units;
  for (std::int64_t n = exponent / 2; n != 0; n /= 2) {
    square = multiply_half_up(square, square);
    if (n % 2 != 0) result = multiply_half_up(result, square);
  }
  return {result};
}

Ray linear_price(Ray top, Duration tau, Duration elapsed) {
  MEZZ_ASSERT(tau >= 1_s && elapsed >= Duration::zero());
  if (elapsed >= tau) return {};
  // Two truncations, as in the contract: the fraction is a ray of its own.
  const std::int64_t whole = tau / 1_s;
  const std::int64_t rest = whole - elapsed / 1_s;
  const Ray fraction = {mul_div_wide(rest, Ray::kOne, whole, Round::Down)};
  return multiply(top, fraction);
}

Ray stair_step_price(Ray top, Ray cut, Duration step, Duration elapsed) {
  MEZZ_ASSERT(step > Duration::zero());
  MEZZ_ASSERT(cut <= Ray::one());
  return multiply(top, power(cut, elapsed / step));
}

Ray exponential_price(Ray top, Ray cut, Duration elapsed) {
  return stair_step_price(top, cut, 1_s, elapsed);
}

std::optional<Taken> take(const Auction& auction, const Offer& offer, Int128 chost) {
  MEZZ_ASSERT(offer.price > 0 && offer.price_one > 0);
  MEZZ_ASSERT(auction.tab >= 0 && auction.lot >= 0 && offer.amount >= 0);
  const auto slice_for = [&](Int128 debt) {
    return mul_div_wide(debt, offer.price_one, offer.price, Round::Down);
  };
  Int128 slice = std::min(auction.lot, offer.amount);
  Int128 owe = mul_div_wide(slice, offer.price, offer.price_one, Round::Down);
  if (owe > auction.tab) {
    owe = auction.tab;
    slice = slice_for(owe);
  } else if (owe < auction.tab && slice < auction.lot && auction.tab - owe < chost) {
    if (auction.tab <= chost) return {};
    owe = auction.tab - chost;
    slice = slice_for(owe);
  }
  Taken taken{.slice = slice, .owe = owe, .left = {auction.tab - owe, auction.lot - slice}};
  if (taken.left.tab == 0) taken.returned = taken.left.lot;
  return taken;
}

bool needs_redo(Ray top, Ray price, Duration elapsed, const ResetRule& rule) {
  MEZZ_ASSERT(top.units > 0);
  const Ray fallen_to = {mul_div_wide(price.units, Ray::kOne, top.units, Round::Down)};
  return elapsed > rule.tail || fallen_to < rule.cusp;
}

Int128 keeper_reward(Int128 tab, Int128 tip, Wad chip) {
  MEZZ_ASSERT(tab >= 0 && tip >= 0);
  return tip + mul_div_wide(tab, chip.units, Wad::kOne, Round::Down);
}

}  // namespace mezz::liquidation::maker

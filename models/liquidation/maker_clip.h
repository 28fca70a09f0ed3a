// Collateral auctions of Maker (dss: clip.sol, abaci.sol). The price falls from `top` by one of
// three curves; anyone takes any part at the price of the moment.
//   linear       top * (tau - t) / tau, zero from tau on
//   stair step   top * cut^floor(t / step)
//   exponential  top * cut^t, t in seconds
// Prices are Ray (10^-27); cut^n by repeated squaring with every product rounded half up, as the
// contract does, so results agree to the last digit. Lots and debts are integers of the caller's
// units: a price is debt units per lot unit times 10^-price_decimals, so that slice * price is
// exact. Left out: incentives of keepers (see keeper_reward), the global debt ceiling, flash
// lending.
#pragma once

#include <optional>

#include "models/market/wad.h"

namespace mezz::liquidation::maker {

struct Ray {
  Int128 units = 0;
  static constexpr Int128 kOne = Wad::kOne * 1'000'000'000;
  static constexpr Ray one() { return {kOne}; }
  static constexpr Ray from(Ratio ratio) { return {Int128{ratio.ppb} * (kOne / Ratio::kScale)}; }
  static constexpr Ray from(Wad wad) { return {wad.units * 1'000'000'000}; }
  constexpr auto operator<=>(const Ray&) const = default;
};
Ray multiply(Ray a, Ray b);  // truncated
Ray power(Ray base, std::int64_t exponent);

Ray linear_price(Ray top, Duration tau, Duration elapsed);
Ray stair_step_price(Ray top, Ray cut, Duration step, Duration elapsed);
Ray exponential_price(Ray top, Ray cut, Duration elapsed);

struct Auction {
  Int128 tab = 0;  // debt still to raise, with the penalty
  Int128 lot = 0;  // collateral left
};
struct Taken {
  Int128 slice = 0;  // collateral to the taker
  Int128 owe = 0;    // debt units it pays
  Auction left = {};
  Int128 returned = 0;  // collateral back to the owner: the auction is over
};
// Buys at most `amount`, never paying more than tab. A purchase that would leave a debt under
// `chost` leaves exactly chost; refused (empty) when the debt itself is not above it. `price` is in
// debt units per lot unit times price_one.
struct Offer {
  Int128 amount = 0;
  Int128 price = 0;
  Int128 price_one = 1;
};
std::optional<Taken> take(const Auction& auction, const Offer& offer, Int128 chost);

struct ResetRule {
  Duration tail;
  Ray cusp;
};
// The auction must be restarted: too old or fallen too far.
bool needs_redo(Ray top, Ray price, Duration elapsed, const ResetRule& rule);
// tip + tab * chip, for who starts or restarts an auction; truncated.
Int128 keeper_reward(Int128 tab, Int128 tip, Wad chip);

}  // namespace mezz::liquidation::maker

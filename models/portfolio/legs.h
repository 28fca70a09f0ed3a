// One position as the rules' numbers.
#pragma once

#include "models/market/wad.h"
#include "models/portfolio/account_margin.h"

namespace mezz::portfolio {

inline Wad units_of(const Leg& leg) {
  return Wad::of(leg.size.lots, leg.contract->lots_per_unit());
}
inline Wad price_of(const Leg& leg, Price price) {
  return Wad::from(Money{narrow(Int128{price.ticks} * leg.contract->tick.micros)});
}
inline Wad mark_of(const Leg& leg) { return price_of(leg, leg.prices.front()); }
inline bool is_linear(const Leg& leg) {
  return leg.listing == nullptr || is_linear(leg.listing->kind);
}
inline bool is_inverse(const Leg& leg) {
  return leg.listing != nullptr && leg.listing->kind == ListingKind::InversePerp;
}
// Held, not owed: collateral where the rule has a haircut for it.
inline bool is_coin_held(const Leg& leg) {
  return leg.listing != nullptr && leg.listing->kind == ListingKind::Spot &&
         leg.size > Quantity::zero();
}
inline Money value_of(const Leg& leg) {
  if (leg.listing == nullptr) return notional(*leg.contract, leg.size, leg.prices.front());
  const Money lot = lot_value(*leg.listing, leg.prices.front());
  return {narrow(Int128{lot.micros} * leg.size.lots)};
}
// Requirements are what the net margin lacks of the account's value, rounded up.
inline Money requirement(Money value, Wad net) {
  return value - Money{narrow(divide(net.units, 1'000'000'000'000, Round::Down))};
}

}  // namespace mezz::portfolio

// One good listing of each kind, on an index with ticks of 1 USD.
#pragma once

#include "models/market/listing.h"

namespace mezz {

inline const ContractSpec kIndexContract = {.underlying = "BTC", .tick = 1_usd, .lot_decimals = 3};

inline ListingSpec good_listing(ListingKind kind) {
  ListingSpec spec{.name = "X-1", .kind = kind, .tick = {10'000}, .lot_decimals = 3};
  const bool option = kind == ListingKind::Call || kind == ListingKind::Put || is_digital(kind);
  if (expires(kind)) spec.expiry = 30_d;
  if (option || is_everlasting(kind)) {
    spec.strike = 50'000_usd;
    spec.volatility = 60_percent;
  }
  if (is_digital(kind)) spec.payout = 1'000_usd;
  if (kind == ListingKind::InversePerp) spec.notional = 100_usd;
  if (kind == ListingKind::PowerPerp) spec.power_scale = 1'000_usd;
  if (is_everlasting(kind) || kind == ListingKind::PowerPerp) spec.funding = ListingFunding::Cash;
  return spec;
}

}  // namespace mezz

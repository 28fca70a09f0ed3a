#include "models/market/venue/skew_pool.h"

#include <algorithm>

#include "models/market/pool/price_impact.h"

namespace mezz::venue {
namespace {

constexpr std::int64_t kPremiumMax = 1'000'000;  // times the index: products stay within a Wad

}  // namespace

std::optional<Trade> SkewPool::quote(const Amounts& held, Quantity change, Price index) const {
  const Int128 most = Int128{scale_.lots} * kPremiumMax;
  for (const Quantity skew : {-held.lots, change - held.lots}) {
    if (skew.lots > most || skew.lots < -most) return {};
  }
  const pool::SkewMarket market{.skew = terms_.units(-held.lots),
                                .skew_scale = terms_.units(scale_)};
  const Wad price = pool::skew_fill_price(market, terms_.units(change), terms_.price(index));
  if (price <= Wad::zero()) return {};
  const bool buys = change.lots > 0;
  const auto value =
      checked_value(terms_.units(change.abs()), price, buys ? Round::Up : Round::Down);
  if (!value) return {};
  return with_fee(terms_, change, buys ? -*value : *value);
}

Price SkewPool::spot(const Amounts& held, Price index) const {
  const Int128 weight = std::max(Int128{scale_.lots} - held.lots.lots, Int128{0});
  return nearest_tick(pool::Wide{weight} * pool::Wide{std::max(index.ticks, std::int64_t{0})},
                      pool::Wide{scale_.lots});
}

}  // namespace mezz::venue

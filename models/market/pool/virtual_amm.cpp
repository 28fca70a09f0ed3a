#include "models/market/pool/virtual_amm.h"

namespace mezz::pool {
namespace {

// How far `other` moves when `moved` changes by `amount` along the constant product.
Wad along_curve(Wad moved, Wad other, Direction direction, Wad amount) {
  MEZZ_ASSERT(moved > Wad::zero() && other > Wad::zero());
  MEZZ_ASSERT(amount >= Wad::zero());
  if (amount == Wad::zero()) return Wad::zero();
  const bool adds = direction == Direction::AddToPool;
  const Wad after = adds ? moved + amount : moved - amount;
  MEZZ_ASSERT(after > Wad::zero());
  const Wad product = multiply(moved, other);
  const Wad other_after = divide(product, after, Round::Down);
  const Wad exact = (other_after - other).abs();
  if (other_after == divide(product, after, Round::Up)) return exact;
  return adds ? exact - Wad{1} : exact + Wad{1};
}

}  // namespace

Wad base_for_quote(const VirtualAmm& amm, Direction direction, Wad quote) {
  return along_curve(amm.quote, amm.base, direction, quote);
}

Wad quote_for_base(const VirtualAmm& amm, Direction direction, Wad base) {
  return along_curve(amm.base, amm.quote, direction, base);
}

VirtualAmm after_quote(const VirtualAmm& amm, Direction direction, Wad quote) {
  const Wad base = base_for_quote(amm, direction, quote);
  const bool adds = direction == Direction::AddToPool;
  return {.quote = adds ? amm.quote + quote : amm.quote - quote,
          .base = adds ? amm.base - base : amm.base + base};
}

}  // namespace mezz::pool

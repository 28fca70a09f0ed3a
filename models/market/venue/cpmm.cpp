#include "models/market/venue/cpmm.h"

#include <algorithm>

#include "models/market/pool/constant_product.h"

namespace mezz::venue {
namespace {

using pool::ConstantProductPool;
using pool::Reserves;
using pool::Wide;

static_assert(kLockedShares.units == pool::kLockedShares);

ConstantProductPool pool_of(const Amounts& held, Shares all) {
  return {.reserve_a = held.lots.lots, .reserve_b = held.quote.micros, .shares = all.units};
}

Wide product(const Amounts& held) { return Wide{held.lots.lots} * Wide{held.quote.micros}; }

}  // namespace

std::optional<Amounts> Cpmm::start(const PoolParams& params, const Terms& terms, Price initial) {
  Amounts held{.quote = params.quote, .lots = params.lots};
  if (held.lots == Quantity::zero()) {
    const Int128 lot_price = Int128{initial.ticks} * terms.money_per_lot_tick;
    held.lots = {narrow(held.quote.micros / lot_price)};
  }
  if (held.lots.lots <= 0 || first_shares(held) <= kLockedShares) return {};
  return held;
}

Shares Cpmm::first_shares(const Amounts& held) {
  ConstantProductPool empty;
  const Int128 minted = empty.deposit(held.lots.lots, held.quote.micros);
  return {narrow(minted + pool::kLockedShares)};
}

std::optional<Trade> Cpmm::quote(const Amounts& held, Quantity change, Price) const {
  const std::int64_t fee_ppm = terms_.fee.ppm(Round::Up);
  if (change.lots > 0) {
    const Reserves reserves{.in = held.quote.micros, .out = held.lots.lots};
    const auto total = pool::amount_in(change.lots, reserves, fee_ppm);
    if (!total || !is_amount(*total + held.quote.micros)) return {};
    const Int128 value = *pool::amount_in(change.lots, reserves, 0);
    return Trade{.quantity = change, .value = {narrow(-value)}, .fee = {narrow(*total - value)}};
  }
  if (!is_amount(Int128{held.lots.lots} - change.lots)) return {};
  const Reserves reserves{.in = held.lots.lots, .out = held.quote.micros};
  const Int128 paid = pool::amount_out(-Int128{change.lots}, reserves, fee_ppm);
  const Int128 value = pool::amount_out(-Int128{change.lots}, reserves, 0);
  return Trade{.quantity = change, .value = {narrow(value)}, .fee = {narrow(value - paid)}};
}

void Cpmm::apply(const Amounts& held, const Trade& trade, Price) {
  const Amounts now = after(held, trade);
  MEZZ_ASSERT(now.lots.lots > 0 && now.quote.micros > 0);
  MEZZ_ASSERT(product(now) >= product(held));
}

Price Cpmm::spot(const Amounts& held, Price) const {
  return nearest_tick(Wide{held.quote.micros},
                      Wide{Int128{held.lots.lots} * terms_.money_per_lot_tick});
}

std::optional<Deposit> Cpmm::add(const Amounts& held, Shares all, const Amounts& offered) const {
  const std::optional<Deposit> deposit = shares_for(held, all, offered);
  if (!deposit) return {};
  ConstantProductPool pool = pool_of(held, all);
  MEZZ_ASSERT(pool.deposit(deposit->lots.lots, deposit->quote.micros) == deposit->shares.units);
  return deposit;
}

Amounts Cpmm::remove(const Amounts& held, Shares all, Shares burned) const {
  const ConstantProductPool::Amounts paid = pool_of(held, all).withdraw(burned.units);
  return {.quote = {narrow(paid.b)}, .lots = {narrow(paid.a)}};
}

std::optional<Deposit> shares_for(const Amounts& held, Shares all, const Amounts& offered) {
  const auto bought = [&](std::int64_t offer, std::int64_t reserve) {
    return divide(Int128{offer} * all.units, reserve, Round::Down);
  };
  const auto needed = [&](Int128 shares, std::int64_t reserve) {
    return narrow(divide(shares * reserve, all.units, Round::Up));
  };
  Int128 shares = kAmountMax;
  if (held.quote.micros > 0)
    shares = std::min(shares, bought(offered.quote.micros, held.quote.micros));
  if (held.lots.lots > 0) shares = std::min(shares, bought(offered.lots.lots, held.lots.lots));
  if (shares <= 0 || !is_amount(shares + all.units)) return {};
  const Deposit deposit{.quote = {needed(shares, held.quote.micros)},
                        .lots = {needed(shares, held.lots.lots)},
                        .shares = {narrow(shares)}};
  if (!is_amount(Int128{held.quote.micros} + deposit.quote.micros) ||
      !is_amount(Int128{held.lots.lots} + deposit.lots.lots)) {
    return {};
  }
  return deposit;
}

}  // namespace mezz::venue

#include "models/liquidation/derive_auction.h"

#include <algorithm>

namespace mezz::liquidation::derive {
namespace {

// The contract's clock counts whole seconds.
Duration whole_seconds(Duration elapsed) { return elapsed - elapsed % 1_s; }

}  // namespace

Wad discount(Duration elapsed, const AuctionParams& params) {
  MEZZ_ASSERT(elapsed >= Duration::zero());
  MEZZ_ASSERT(params.fast > Duration::zero() && params.slow > Duration::zero());
  const Duration t = whole_seconds(elapsed);
  if (t < params.fast) {
    return params.start - over(params.start - params.fast_cutoff, t, params.fast);
  }
  const Duration into_slow = t - params.fast;
  if (into_slow >= params.slow) return Wad::zero();
  return params.fast_cutoff - over(params.fast_cutoff, into_slow, params.slow);
}

Wad buffer_margin(const Account& account, Wad buffer) {
  const Wad below_value = account.maintenance_margin - account.mark_to_market;
  return account.maintenance_margin + multiply(below_value, buffer);
}

Wad solvent_bid(const Account& account, Wad discount) {
  MEZZ_ASSERT(discount >= Wad::zero());
  return std::max(Wad::zero(), multiply(account.mark_to_market - account.reserved_cash, discount));
}

Wad max_proportion(const Account& account, Wad buffer, Wad discount) {
  MEZZ_ASSERT(discount >= Wad::zero() && discount <= Wad::one());
  const Wad margin = buffer_margin(account, buffer);
  if (margin >= Wad::zero()) return Wad::zero();
  const Wad freed = multiply(account.mark_to_market, discount) +
                    multiply(account.reserved_cash, Wad::one() - discount);
  const Wad denominator = margin - freed;
  if (denominator >= Wad::zero()) return Wad::one();
  return std::min(Wad::one(), divide(margin, denominator));
}

Wad start_fee(const Account& account, const AuctionParams& params) {
  if (account.mark_to_market <= Wad::zero()) return Wad::zero();
  const Wad part = max_proportion(account, params.buffer, Wad::one());
  return multiply(multiply(part, account.mark_to_market), params.liquidator_fee);
}

Wad bidder_cash_min(const Account& account, Wad buffer, Wad part, Wad price) {
  MEZZ_ASSERT(part >= Wad::zero() && part <= Wad::one());
  const Wad taken_on = (buffer_margin(account, buffer) - account.reserved_cash).abs();
  return price + multiply(taken_on, part, Round::Up);
}

Wad insolvent_payout(const Account& account, Duration elapsed, const AuctionParams& params) {
  MEZZ_ASSERT(elapsed >= Duration::zero());
  MEZZ_ASSERT(params.insolvent > Duration::zero());
  const Wad from = -std::min(account.mark_to_market, Wad::zero());
  const Wad to = std::max(from, -account.maintenance_margin);
  const Duration t = std::min(whole_seconds(elapsed), params.insolvent);
  return from + over(to - from, t, params.insolvent);
}

Payout pay(Wad amount, Wad security_module) {
  MEZZ_ASSERT(amount >= Wad::zero());
  const Wad covered = std::min(amount, std::max(security_module, Wad::zero()));
  return {.from_security_module = covered, .printed = amount - covered};
}

Wad cash_exchange_rate(Wad supply, Wad unbacked) {
  MEZZ_ASSERT(unbacked >= Wad::zero() && unbacked <= supply);
  if (supply == Wad::zero()) return Wad::one();
  return divide(supply - unbacked, supply, Round::Down);
}

}  // namespace mezz::liquidation::derive

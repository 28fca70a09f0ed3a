#include "models/agents/noise_trader.h"

#include <algorithm>

#include "sim/numeric/elementary.h"
#include "sim/random/distribution.h"

namespace mezz {

AccountRange NoiseTrader::genesis(Exchange& exchange, const NoiseTraderParams& params) {
  return open_accounts(exchange, static_cast<std::uint32_t>(params.traders), params.capital);
}

void NoiseTrader::wait(Context& ctx) {
  if (live_->orders_per_second <= 0.0) return;
  const double seconds = exponential(rng()) / live_->orders_per_second;
  next_ = after(ctx, to_drawn_duration(seconds * 1e9), Order{});
}

void NoiseTrader::on(Context& ctx, const Start&) { wait(ctx); }

Quantity NoiseTrader::draw_size() {
  const double cv = params().size_cv;
  const double variance = numeric::log1p(cv * cv);
  const double factor = lognormal(rng(), -0.5 * variance, numeric::sqrt(variance));
  const double lots = std::min(factor * static_cast<double>(params().size_mean.lots), 1e15);
  return {std::max<std::int64_t>(static_cast<std::int64_t>(lots + 0.5), 1)};
}

bool NoiseTrader::draw_buy(AccountId account) {
  const bool buy = rng().chance(live_->buy_share);
  const Quantity held = node().position(account);
  const Money value = notional(node().params().contract, held, view().mark()).abs();
  if (value < scale(params().capital, params().leverage_max, Round::Down)) return buy;
  return held < Quantity::zero();
}

Price NoiseTrader::draw_limit(bool buy) {
  const Price mid = view().mid();
  const double share = exponential(rng()) * params().limit_distance.value();
  const auto move = static_cast<std::int64_t>(share * static_cast<double>(mid.ticks) + 0.5);
  return {std::max<std::int64_t>(buy ? mid.ticks - move : mid.ticks + move, 1)};
}

void NoiseTrader::on(Context& ctx, const Order&) {
  wait(ctx);
  if (!view().open()) return;
  const auto row = static_cast<std::uint32_t>(rng().below(accounts().count));
  const AccountId account = accounts().at(row);
  const bool buy = draw_buy(account);
  const Quantity size = draw_size();
  const bool market = rng().chance(live_->market_share);
  OrderTicket ticket{.account = account, .quantity = buy ? size : -size, .price = {0}};
  ++orders_;
  if (market) {
    ticket.time_in_force = TimeInForce::Ioc;
    place(ctx, ticket);
    return;
  }
  ticket.price = draw_limit(buy);
  const std::uint64_t number = place(ctx, ticket);
  const Duration lifetime = exponential(rng(), params().order_lifetime);
  after(ctx, lifetime, Expire{number, account});
}

// A Poisson stream has no memory: at another rate the wait for the next order begins anew.
void NoiseTrader::on(Context& ctx, const ParameterChange& change) {
  const double before = live_->orders_per_second;
  live_.apply(change);
  if (live_->orders_per_second == before) return;
  ctx.cancel(next_);
  wait(ctx);
}

void NoiseTrader::on(Context& ctx, const Expire& expire) {
  cancel(ctx, expire.account, expire.number);
}

}  // namespace mezz

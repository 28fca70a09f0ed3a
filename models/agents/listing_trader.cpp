#include "models/agents/listing_trader.h"

#include <algorithm>

#include "sim/random/distribution.h"

namespace mezz {

void ListingTrader::wait(Context& ctx) {
  if (params().orders_per_second <= 0.0) return;
  const double seconds = exponential(rng()) / params().orders_per_second;
  after(ctx, to_drawn_duration(seconds * 1e9), Order{});
}

void ListingTrader::on(Context& ctx, const Start&) { wait(ctx); }

// Draws are made whether the order is sent or not: a listing that expires shifts nobody's draws.
void ListingTrader::on(Context& ctx, const Order&) {
  wait(ctx);
  const std::uint32_t listings = node().instruments() - 1;
  const auto row = static_cast<std::uint32_t>(rng().below(accounts().count));
  const std::uint64_t pick = rng().below(std::max(listings, 1U));
  const bool sells = rng().chance(params().sell_share);
  const double drawn = exponential(rng()) * static_cast<double>(params().size_mean.lots);
  if (!view().open() || listings == 0) return;
  const InstrumentId instrument{static_cast<std::uint16_t>(1 + pick)};
  if (!node().trading(instrument)) return;
  const AccountId account = accounts().at(row);
  const Quantity held = node().position(account, instrument);
  Quantity size{static_cast<std::int64_t>(std::min(drawn, 1e12)) + 1};
  if (sells) size = -size;
  if (node().free_collateral(account) <= Money::zero()) {
    if (held == Quantity::zero()) return;
    size = -held;
  }
  ++orders_;
  place(ctx, {.account = account,
              .quantity = size,
              .price = {0},
              .time_in_force = TimeInForce::Ioc,
              .instrument = instrument});
}

}  // namespace mezz

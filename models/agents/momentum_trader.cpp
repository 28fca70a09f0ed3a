#include "models/agents/momentum_trader.h"

#include <algorithm>

#include "sim/check/error.h"
#include "sim/numeric/elementary.h"
#include "sim/random/distribution.h"

namespace mezz {

Trend trend(Ratio move, Ratio enter, Ratio leave) {
  if (move >= enter) return Trend::Up;
  if (move <= -enter) return Trend::Down;
  return move < leave && move > -leave ? Trend::None : Trend::Unclear;
}

Duration spread_window(Duration shortest, Duration longest, std::uint32_t row, std::uint32_t rows) {
  MEZZ_ASSERT(row < rows);
  if (row == 0) return shortest;
  if (row + 1 == rows) return longest;
  const double share = static_cast<double>(row) / static_cast<double>(rows - 1);
  const double span = numeric::log(longest.seconds() / shortest.seconds());
  return to_drawn_duration(static_cast<double>(shortest.ns) * numeric::exp(span * share));
}

MomentumTrader::MomentumTrader(const Site& site, const MomentumTraderParams& params,
                               const MarketAccess& access, AccountRange accounts)
    : Agent(site, params, access, accounts),
      past_(std::max(params.window_max, params.sample), params.sample),
      waiting_since_(accounts.count, Time::never()) {
  if (params.window_max < params.window_min) {
    throw ScenarioError(path() + ".window_max", "must not be below window_min");
  }
  if (params.window_min < params.sample) {
    throw ScenarioError(path() + ".sample", "must not be above window_min");
  }
  if (params.leave > params.enter) {
    throw ScenarioError(path() + ".leave", "must not be above enter");
  }
  windows_.reserve(accounts.count);
  for (std::uint32_t row = 0; row < accounts.count; ++row) {
    windows_.push_back(spread_window(params.window_min, params.window_max, row, accounts.count));
  }
}

void MomentumTrader::wait(Context& ctx) {
  if (params().decisions_per_second <= 0.0) return;
  const double seconds = exponential(rng()) / params().decisions_per_second;
  after(ctx, to_drawn_duration(seconds * 1e9), Decide{});
}

void MomentumTrader::on(Context& ctx, const Start&) { wait(ctx); }

void MomentumTrader::on(Context&, const MarkUpdate& update) { past_.add(update.mark, update.now); }

// What capital times leverage buys at the mark.
Quantity MomentumTrader::full_position() const {
  const Money value = scale(params().capital, params().leverage, Round::Down);
  const Money lot = notional(node().params().contract, Quantity{1}, view().mark());
  return {value.micros / std::max<std::int64_t>(lot.micros, 1)};
}

void MomentumTrader::on(Context& ctx, const Decide&) {
  wait(ctx);
  const auto row = static_cast<std::uint32_t>(rng().below(accounts().count));
  const Time since = waiting_since_[row];
  if (since.happened() && ctx.now() - since < params().patience) return;
  if (!view().open()) return;
  const std::optional<Ratio> move = past_.move(windows_[row]);
  if (!move) return;
  const Trend now = trend(*move, params().enter, params().leave);
  if (now == Trend::Unclear) return;
  const AccountId account = accounts().at(row);
  const Quantity full = full_position();
  const Quantity wanted = now == Trend::Up ? full : now == Trend::Down ? -full : Quantity::zero();
  const Quantity held = node().position(account);
  const Quantity change{std::clamp((wanted - held).lots, -params().clip.lots, params().clip.lots)};
  if (change == Quantity::zero()) return;
  // It does not rebalance: only what the trend calls for is traded.
  if (now == Trend::Up && change < Quantity::zero()) return;
  if (now == Trend::Down && change > Quantity::zero()) return;
  const Price limit = change > Quantity::zero() ? view().mark().up_by(params().slippage)
                                                : view().mark().down_by(params().slippage);
  ++orders_;
  waiting_since_[row] = ctx.now();
  place(ctx, {.account = account,
              .quantity = change,
              .price = {std::max<std::int64_t>(limit.ticks, 1)},
              .time_in_force = TimeInForce::Ioc});
}

void MomentumTrader::on(Context&, const Receipt& receipt) {
  if (accounts().contains(receipt.account)) {
    waiting_since_[accounts().row_of(receipt.account)] = Time::never();
  }
}

}  // namespace mezz

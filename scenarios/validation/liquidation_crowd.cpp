#include "scenarios/validation/liquidation_crowd.h"

#include <algorithm>
#include <optional>

#include "models/liquidation/price_index.h"
#include "sim/check/assert.h"
#include "sim/check/error.h"
#include "sim/numeric/elementary.h"

namespace mezz::validation {

namespace {

constexpr std::int64_t kMoneyPerLotTick = 1;

QuotePrice at(Price price) { return {price.ticks * kMoneyPerLotTick, 0}; }

Money notional_at(Price price) {
  return {narrow(Int128{kSize.lots} * price.ticks * kMoneyPerLotTick)};
}

// Half to even, never below a tick.
Price to_price(double log_return) {
  const double ticks = static_cast<double>(kEntry.ticks) * numeric::exp(log_return);
  const auto whole = static_cast<std::int64_t>(ticks);
  const double rest = ticks - static_cast<double>(whole);
  const bool up = rest > 0.5 || (rest == 0.5 && whole % 2 != 0);
  return {std::max<std::int64_t>(1, whole + (up ? 1 : 0))};
}

}  // namespace

Money LeveragedLong::equity(Price price) const { return quote + notional_at(price); }

bool LeveragedLong::is_liquidatable(Price price) const {
  margin::Risk risk = margin::position_risk({.quantity = kSize, .price = at(price)}, tier);
  risk.net_collateral += quote;
  return margin::is_liquidatable(risk);
}

LeveragedLong leveraged_long(double leverage, Ratio maintenance) {
  MEZZ_ASSERT(leverage >= 1);
  if (maintenance.ppb % 1'000 != 0 || maintenance <= Ratio::zero()) {
    throw ScenarioError("maintenance", "must be a positive whole number of millionths");
  }
  const Money entry = notional_at(kEntry);
  const auto collateral = static_cast<std::int64_t>(static_cast<double>(entry.micros) / leverage);
  LeveragedLong position;
  // All of the initial fraction is maintenance here: m of the notional, as the law says.
  position.tier.initial_margin_ppm = maintenance.ppb / 1'000;
  position.tier.maintenance_fraction_ppm = 1'000'000;
  position.quote = Money{collateral} - entry;
  const std::optional<Price> price =
      liquidation::liquidation_price(position.quote, kSize, position.tier, kMoneyPerLotTick);
  if (!price.has_value()) throw ScenarioError("leverage", "is too low: nothing can be liquidated");
  if (*price >= kEntry) throw ScenarioError("leverage", "is too high: liquidatable from the start");
  position.liquidation = *price;
  MEZZ_ASSERT(position.is_liquidatable(*price));
  MEZZ_ASSERT(!position.is_liquidatable(Price{price->ticks + 1}));
  return position;
}

LiquidationCrowd::LiquidationCrowd(const Site& site, const CrowdParams& params)
    : EntityOf(site, params),
      position_(leveraged_long(params.leverage, params.maintenance)),
      log_barrier_(numeric::log(static_cast<double>(position_.liquidation.ticks) /
                                static_cast<double>(kEntry.ticks))),
      delay_stream_(site.stream("delay")),
      log_returns_(static_cast<std::size_t>(params.paths), 0.0) {
  check(params.delay, "delay");
  MEZZ_ASSERT(log_barrier_ < 0);
}

void LiquidationCrowd::on(Context& ctx, const Start&) {
  for (std::uint64_t row = 0; row < log_returns_.size(); ++row) {
    if (params().begin == Begin::AtLiquidationPrice) {
      log_returns_[row] = log_barrier_;
      hit(ctx, row);
    } else {
      live_.push_back(row);
    }
  }
  if (!live_.empty()) after(ctx, params().step, Look{});
}

void LiquidationCrowd::on(Context& ctx, const Look&) {
  elapsed_ += params().step;
  std::size_t kept = 0;
  for (const std::uint64_t row : live_) {
    const double before = log_returns_[row];
    const double after_step = before + move_over(params().step);
    log_returns_[row] = after_step;
    if (params().watching == Watching::Polled) {
      // The venue's own rule, at the price it sees; far above the barrier it need not be asked.
      const bool near = after_step <= log_barrier_ + 1e-6;
      if (near && position_.is_liquidatable(to_price(after_step))) {
        hit(ctx, row);
        continue;
      }
    } else if (crosses(before, after_step)) {
      log_returns_[row] = log_barrier_;
      hit(ctx, row);
      continue;
    }
    live_[kept++] = row;
  }
  live_.resize(kept);
  if (elapsed_ + params().step <= params().horizon && kept > 0) after(ctx, params().step, Look{});
}

void LiquidationCrowd::on(Context& ctx, const Close& close) {
  MEZZ_ASSERT(close.row < log_returns_.size());
  MEZZ_ASSERT(ctx.now() >= Time::zero());
  const Money equity = position_.equity(to_price(log_returns_[close.row]));
  ++closed_;
  if (equity >= Money::zero()) return;
  ++insolvent_;
  bad_debt_ += -equity;
}

// What the price does until the close is drawn at the hit: the path is Markov and nothing else
// looks at it in between.
void LiquidationCrowd::hit(Context& ctx, std::uint64_t row) {
  ++hits_;
  if (!params().close) return;
  const Duration delay = draw(params().delay, delay_stream_);
  log_returns_[row] += move_over(delay);
  after(ctx, delay, Close{row});
}

bool LiquidationCrowd::crosses(double before, double after) {
  const double u = rng().uniform_open();  // always drawn: runs stay in step
  if (after <= log_barrier_) return true;
  const double volatility = params().price.diffusion.volatility;
  const double variance = volatility * volatility * years(params().step);
  if (variance <= 0) return false;
  return u < numeric::exp(-2 * (before - log_barrier_) * (after - log_barrier_) / variance);
}

double LiquidationCrowd::move_over(Duration time) {
  MertonPath path(params().price);
  Duration done;
  while (params().price.jumps_per_year > 0) {
    const std::optional<Duration> wait = path.draw_waiting_time(rng());
    if (!wait.has_value() || done + *wait > time) break;
    done += *wait;
    path.jump(rng());
  }
  path.advance(time, rng());
  return path.log_return();
}

}  // namespace mezz::validation

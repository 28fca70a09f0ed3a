#include "models/agents/panic_seller.h"

#include <algorithm>

#include "sim/check/error.h"
#include "sim/random/distribution.h"

namespace mezz {

namespace {

constexpr std::int64_t kCellsPerWindow = 60;

Duration grid_of(const PanicSellerParams& p) {
  return std::max(Duration{p.panic_window.ns / kCellsPerWindow}, 100_ms);
}

Ratio draw_distance(const PanicSellerParams& p, Stream& stream) {
  const double more = exponential(stream) * static_cast<double>(p.stop_mean.ppb);
  const auto cut = static_cast<std::int64_t>(std::min(more, static_cast<double>(Ratio::kScale)));
  return p.stop_min + Ratio{cut};
}

}  // namespace

PanicSeller::Genesis PanicSeller::genesis(Exchange& exchange, const PanicSellerParams& params,
                                          Stream stream, const std::string& path) {
  if (params.notional_max < params.notional_min) {
    throw ScenarioError(path + ".notional_max", "must not be below notional_min");
  }
  const Int128 margin = Int128{exchange.tier().initial_margin_ppm} * params.leverage.ppb;
  if (margin > Int128{Ratio::kScale} * 1'000'000) {
    throw ScenarioError(path + ".leverage", "is more than the market's initial margin allows");
  }
  const Price price = initial_price(exchange);
  const ContractSpec& contract = exchange.params().contract;
  const Money lot = notional(contract, Quantity{1}, price);
  Genesis made{.accounts = open_accounts(exchange, static_cast<std::uint32_t>(params.accounts), {}),
               .net = {}};
  for (std::uint32_t row = 0; row < made.accounts.count; ++row) {
    const double drawn = pareto(stream, params.notional_min.usd(), params.notional_exponent);
    const double usd = std::min(drawn, params.notional_max.usd());
    const double lots = usd * static_cast<double>(Money::kScale) / static_cast<double>(lot.micros);
    const Quantity size{std::max<std::int64_t>(static_cast<std::int64_t>(lots), 1)};
    const Money value = notional(contract, size, price);
    const Money collateral{mul_div(value.micros, Ratio::kScale, params.leverage.ppb, Round::Up)};
    exchange.genesis_deposit(made.accounts.at(row), collateral);
    exchange.genesis_position(made.accounts.at(row), size, price);
    made.net += size;
  }
  return made;
}

PanicSeller::PanicSeller(const Site& site, const PanicSellerParams& params,
                         const MarketAccess& access, AccountRange accounts)
    : Agent(site, params, access, accounts),
      stops_(initial_price(*access.node)),
      selling_(accounts.count, 0),
      past_(std::max(params.panic_window, grid_of(params)), grid_of(params)) {
  mezz::check(params.reaction, path() + ".reaction");
  if (site.recording != nullptr) stops_probe_.bind(*site.recording, path());
}

void PanicSeller::on(Context&, const Start&) {
  const Price entry = initial_price(node());
  for (std::uint32_t row = 0; row < accounts().count; ++row) {
    const bool has_stop = rng().chance(params().stop_share);
    const Ratio distance = draw_distance(params(), rng());  // drawn in any case: runs stay in step
    if (!has_stop || distance >= Ratio::one()) continue;
    stops_.update({row}, Side::Buy, entry.down_by(distance));
  }
}

void PanicSeller::on(Context& ctx, const MarkUpdate& update) {
  touch_stops(ctx);
  past_.add(update.mark, update.now);
  watch_for_panic(ctx);
}

void PanicSeller::touch_stops(Context& ctx) {
  const Price price =
      params().trigger == StopTrigger::Mark ? view().mark() : view().last.last_trade;
  if (price.ticks <= 0 || !stops_.any_breached(price)) return;
  scratch_.clear();
  stops_.collect_breached(price, scratch_);
  for (const AccountId filed : scratch_) {
    stops_.erase(filed);
    if (selling_[filed.value] != 0) continue;
    ++counts_.stops;
    start_selling(ctx, filed.value);
  }
  stops_probe_.record(ctx.now(), counts_.stops);
}

void PanicSeller::watch_for_panic(Context& ctx) {
  const std::optional<Ratio> move = past_.move(params().panic_window);
  if (!move) return;
  if (alarm_ != 0) {
    if (*move > Ratio{-params().panic_move.ppb / 2}) alarm_ = 0;
    return;
  }
  if (*move > -params().panic_move) return;
  alarm_ = 1;
  ++counts_.alarms;
  for (std::uint32_t row = 0; row < accounts().count; ++row) {
    const bool sells = rng().chance(params().panic_share);
    if (!sells || selling_[row] != 0) continue;
    ++counts_.panics;
    start_selling(ctx, row);
  }
}

void PanicSeller::report(MetricList& out) const {
  std::uint64_t selling = 0;
  for (const std::uint8_t row : selling_) selling += row;
  out.count(metric_name("stops"), counts_.stops);
  out.count(metric_name("alarms"), counts_.alarms);
  out.add(metric_name("sold.share"), static_cast<double>(selling) / accounts().count, "1");
}

void PanicSeller::start_selling(Context& ctx, std::uint32_t row) {
  selling_[row] = 1;
  const Duration delay = draw(params().reaction, rng());
  after(ctx, delay, Sell{row});
}

void PanicSeller::on(Context& ctx, const Sell& sell) {
  const AccountId account = accounts().at(sell.row);
  const Quantity held = node().position(account);
  if (held <= Quantity::zero()) return;
  place(ctx, {.account = account,
              .quantity = -held,
              .price = {0},
              .time_in_force = TimeInForce::Ioc,
              .reduce = Reduce::Only});
}

void PanicSeller::on(Context& ctx, const Receipt& receipt) {
  if (receipt.kind != TxKind::PlaceOrder || !accounts().contains(receipt.account)) return;
  const std::uint32_t row = accounts().row_of(receipt.account);
  if (node().position(receipt.account) <= Quantity::zero()) return;
  after(ctx, params().retry, Sell{row});
}

}  // namespace mezz

#include "models/market/price/price_process.h"

#include "sim/check/error.h"
#include "sim/numeric/elementary.h"

namespace mezz {

namespace {

MertonLaw law_of(const PriceProcessParams& p) {
  const bool jumps =
      p.kind == PricePathKind::Merton || p.kind == PricePathKind::StochasticVolatility;
  const bool random = jumps || p.kind == PricePathKind::Gbm;
  return {.diffusion = {.drift = random ? p.drift : 0.0, .volatility = random ? p.volatility : 0.0},
          .jumps_per_year = jumps ? p.jumps_per_year : 0.0,
          .jump_mean = jumps ? p.jump_mean : 0.0,
          .jump_deviation = jumps ? p.jump_deviation : 0.0};
}

}  // namespace

PriceProcess::PriceProcess(const Site& site, const PriceProcessParams& params,
                           const ContractSpec& contract)
    : EntityOf(site, params),
      contract_(contract),
      path_(law_of(params)),
      script_(params.segments),
      factors_(params.factors),
      diffusion_stream_(site.stream("diffusion")),
      jump_stream_(site.stream("jumps")),
      volatility_stream_(site.stream("volatility")) {
  MEZZ_ASSERT(params.step > Duration::zero());
  if (params.kind == PricePathKind::Replay) load_file();
  price_ = initial_price();
  impact_ = PriceImpact(params.impact, notional(contract, Quantity{1}, price_));
  if (site.recording != nullptr) price_probe_.bind(*site.recording, path());
}

void PriceProcess::load_file() {
  const PriceProcessParams& p = params();
  if (p.file.empty()) throw ScenarioError(path() + ".file", "replay needs a CSV file");
  const PriceSeries series = read_price_csv(
      p.file, {.columns = p.columns, .time_format = p.time_format}, path() + ".file");
  gaps_ = series.gaps;
  replay_ = ReplayPath(series, p.use, p.interpolation, p.start_offset);
  if (replay_.length() < Duration::zero()) {
    throw ScenarioError(path() + ".start_offset", "lies beyond the end of the file");
  }
  if (p.rescale) {
    replay_scale_ = static_cast<double>(p.initial_price.micros) / replay_.micros(Duration::zero());
  }
}

void PriceProcess::subscribe(Ref<PriceObserver> observer) {
  MEZZ_ASSERT(observer.exists());
  observers_.push_back(observer);
}

double PriceProcess::untouched_at(Duration since_start) const {
  const double base = params().kind == PricePathKind::Replay
                          ? replay_.micros(since_start) * replay_scale_
                          : static_cast<double>(params().initial_price.micros);
  const double moved = path_.log_return() + script_.log_return(since_start) + shocked_;
  return base * numeric::exp(moved);
}

Price PriceProcess::price_at(Duration since_start) const {
  const double money = untouched_at(since_start);
  if (!impact_.active()) return price_from_money(contract_, money);
  const double factor = numeric::exp(impact_.log_move(Time::zero() + since_start));
  return price_from_money(contract_, money * factor);
}

void PriceProcess::publish(Context& ctx) {
  price_ = price_at(ctx.now() - Time::zero());
  price_probe_.record(ctx.now(), price_);
  for (const Ref<PriceObserver> observer : observers_) {
    ctx.send(observer, PriceTick{price_, ctx.now()});
  }
}

void PriceProcess::plan_jump(Context& ctx) {
  if (const std::optional<Duration> wait = path_.draw_waiting_time(jump_stream_)) {
    after(ctx, *wait, Jump{});
  }
}

void PriceProcess::on(Context& ctx, const Start&) {
  if (params().kind == PricePathKind::StochasticVolatility) factors_.start(volatility_stream_);
  publish(ctx);
  after(ctx, params().step, Step{});
  plan_jump(ctx);
}

void PriceProcess::on(Context& ctx, const Step&) {
  if (params().kind == PricePathKind::StochasticVolatility) {
    path_.advance(params().step, diffusion_stream_, factors_.factor());
    factors_.advance(params().step, volatility_stream_);
  } else if (random()) {
    path_.advance(params().step, diffusion_stream_);
  }
  publish(ctx);
  after(ctx, params().step, Step{});
}

void PriceProcess::on(Context& ctx, const Jump&) {
  MEZZ_ASSERT(params().kind == PricePathKind::Merton ||
              params().kind == PricePathKind::StochasticVolatility);
  path_.jump(jump_stream_);
  publish(ctx);
  plan_jump(ctx);
}

// The fill is paid along the curve; its value is that of the lots at the mean factor, to the
// nearest micro-dollar.
void PriceProcess::on(Context& ctx, const OutsideOrder& order) {
  MEZZ_ASSERT(order.quantity != Quantity::zero());
  const auto lots = static_cast<double>(order.quantity.lots);
  const double unit = untouched_at(ctx.now() - Time::zero());
  const double mean = unit * impact_.mean_factor(lots, ctx.now());
  const double value = mean * lots / static_cast<double>(contract_.lots_per_unit());
  MEZZ_ASSERT(value < 9e18 && value > -9e18);
  impact_.buy(lots, ctx.now());
  publish(ctx);
  ctx.send(order.from,
           OutsideFill{order.quantity,
                       Money{static_cast<std::int64_t>(value < 0.0 ? value - 0.5 : value + 0.5)},
                       price_});
}

void PriceProcess::on(Context& ctx, const Shock& shock) {
  if (shock.kind != ShockKind::PriceJump || shock.edge != ShockEdge::Begins) return;
  MEZZ_ASSERT(shock.magnitude > Ratio::zero());  // a factor; the scenario was checked
  shocked_ += numeric::log(shock.magnitude.value());
  publish(ctx);
}

}  // namespace mezz

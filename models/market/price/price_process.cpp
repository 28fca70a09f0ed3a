#include "models/market/price/price_process.h"

#include "sim/check/error.h"
#include "sim/numeric/elementary.h"

namespace mezz {

namespace {

MertonLaw law_of(const PriceProcessParams& p) {
  const bool random = p.kind == PricePathKind::Gbm || p.kind == PricePathKind::Merton;
  const bool jumps = p.kind == PricePathKind::Merton;
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
      diffusion_stream_(site.stream("diffusion")),
      jump_stream_(site.stream("jumps")) {
  MEZZ_ASSERT(params.step > Duration::zero());
  if (params.kind == PricePathKind::Replay) load_file();
  price_ = initial_price();
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

Price PriceProcess::price_at(Duration since_start) const {
  const double base = params().kind == PricePathKind::Replay
                          ? replay_.micros(since_start) * replay_scale_
                          : static_cast<double>(params().initial_price.micros);
  const double moved = path_.log_return() + script_.log_return(since_start) + shocked_;
  return price_from_money(contract_, base * numeric::exp(moved));
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
  publish(ctx);
  after(ctx, params().step, Step{});
  plan_jump(ctx);
}

void PriceProcess::on(Context& ctx, const Step&) {
  if (random()) path_.advance(params().step, diffusion_stream_);
  publish(ctx);
  after(ctx, params().step, Step{});
}

void PriceProcess::on(Context& ctx, const Jump&) {
  MEZZ_ASSERT(params().kind == PricePathKind::Merton);
  path_.jump(jump_stream_);
  publish(ctx);
  plan_jump(ctx);
}

void PriceProcess::on(Context& ctx, const Shock& shock) {
  if (shock.kind != ShockKind::PriceJump || shock.edge != ShockEdge::Begins) return;
  MEZZ_ASSERT(shock.magnitude > Ratio::zero());  // a factor; the scenario was checked
  shocked_ += numeric::log(shock.magnitude.value());
  publish(ctx);
}

}  // namespace mezz

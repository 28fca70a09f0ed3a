#include "models/market/oracle/pull_oracle.h"

#include "sim/check/assert.h"
#include "sim/types/rounding.h"

namespace mezz {

Ratio moved_average(Ratio average, Price before, Price now) {
  MEZZ_ASSERT(before.ticks > 0);
  const Int128 move = Int128{now.ticks} - before.ticks;
  const Int128 size = (move < 0 ? -move : move) * Ratio::kScale;
  const std::int64_t relative = narrow(divide(size, before.ticks, Round::HalfEven));
  return {narrow(divide(Int128{average.ppb} * 15 + relative, 16, Round::HalfEven))};
}

void PullOracle::subscribe(Ref<SignedPriceObserver> observer) {
  MEZZ_ASSERT(observer.exists());
  observers_.push_back(observer);
}

void PullOracle::on(Context& ctx, const Start&) { after(ctx, live_->interval, Publish{}); }

void PullOracle::on(Context&, const PriceTick& tick) {
  if (tick.time >= seen_.time) seen_ = tick;
}

void PullOracle::on(Context& ctx, const Publish&) {
  after(ctx, live_->interval, Publish{});
  if (down_.on() || !seen_.time.happened()) return;
  if (published_.ticks > 0) average_move_ = moved_average(average_move_, published_, seen_.price);
  published_ = seen_.price;
  const Int128 widening =
      divide(Int128{average_move_.ppb} * params().confidence_gain.ppb, Ratio::kScale, Round::Up);
  const Ratio confidence = params().confidence_base + Ratio{narrow(widening)};
  Price price = seen_.price;
  if (wrong_.on()) {
    const Int128 moved =
        divide(Int128{price.ticks} * wrong_.magnitude.ppb, Ratio::kScale, Round::HalfEven);
    price = {moved < 1 ? 1 : narrow(moved)};
  }
  for (const Ref<SignedPriceObserver> observer : observers_) {
    ctx.send(observer, SignedPrice{price, confidence, seen_.time});
  }
}

void PullOracle::on(Context&, const Shock& shock) {
  if (shock.kind == ShockKind::OracleDown) down_.apply(shock);
  if (shock.kind == ShockKind::OracleWrongPrice) wrong_.apply(shock);
}

}  // namespace mezz

#include "models/queueing/source.h"

#include "sim/check/assert.h"
#include "sim/check/error.h"

namespace mezz::queueing {

Source::Source(const Site& site, const SourceParams& params, Ref<ItemSink> sink)
    : EntityOf(site, params), sink_(sink) {
  MEZZ_ASSERT(sink.exists());
  check(params.interval, "interval");
  // Intervals of zero would put all items of an endless source at one instant.
  if (params.interval.mean <= Duration::zero()) {
    throw ScenarioError("interval.mean", "must be > 0");
  }
}

void Source::on(Context& ctx, const Start&) { arm(ctx); }

void Source::on(Context& ctx, const Tick&) {
  ctx.send(sink_, Item{sent_, static_cast<std::uint64_t>(params().priority)});
  ++sent_;
  arm(ctx);
}

void Source::arm(Context& ctx) {
  if (params().count > 0 && sent_ >= static_cast<std::uint64_t>(params().count)) return;
  const Duration interval = draw(params().interval, rng());
  after(ctx, interval, Tick{});
}

}  // namespace mezz::queueing

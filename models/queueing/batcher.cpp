#include "models/queueing/batcher.h"

#include "sim/check/assert.h"

namespace mezz::queueing {

bool BatchTrigger::add(Time now) {
  if (count_ == 0) opened_ = now;
  MEZZ_ASSERT(now >= opened_);
  ++count_;
  return params_.kind != TriggerKind::Time && count_ >= params_.size;
}

Time BatchTrigger::deadline() const {
  if (count_ == 0 || params_.kind == TriggerKind::Size) return Time::never();
  if (params_.kind == TriggerKind::Hybrid) return opened_ + params_.interval;
  // The first posting after the item: one that arrives exactly at a posting waits for the next.
  return Time::zero() + params_.interval * (opened_.ns / params_.interval.ns + 1);
}

Batcher::Batcher(const Site& site, const BatchTriggerParams& params, Ref<ServiceObserver> observer)
    : EntityOf(site, params), observer_(observer), trigger_(params) {
  MEZZ_ASSERT(observer.exists());
  MEZZ_ASSERT(params.size > 0 && params.interval > Duration::zero());
}

void Batcher::on(Context& ctx, const Item& item) {
  items_.push_back({item, ctx.now()});
  const bool full = trigger_.add(ctx.now());
  MEZZ_ASSERT(trigger_.count() == static_cast<std::int64_t>(items_.size()));
  if (full) {
    ctx.cancel(due_);
    post(ctx);
    return;
  }
  if (trigger_.count() > 1) return;
  const Time deadline = trigger_.deadline();
  if (deadline.happened()) due_ = after(ctx, deadline - ctx.now(), Due{});
}

void Batcher::on(Context& ctx, const Due&) {
  MEZZ_ASSERT(trigger_.deadline() == ctx.now());
  post(ctx);
}

void Batcher::post(Context& ctx) {
  MEZZ_ASSERT(!items_.empty());
  const Time now = ctx.now();
  for (const Waiting& waiting : items_) {
    ctx.send(observer_, Served{waiting.item, waiting.arrived, now, now});
  }
  ctx.send(observer_, BatchPosted{posted_, trigger_.count(), trigger_.opened(), now});
  ++posted_;
  items_.clear();
  trigger_.clear();
}

}  // namespace mezz::queueing

// A renewal source: items at independent intervals (exponential intervals make it a Poisson
// process). The first item comes one interval after time 0. One draw per item. Left out: batch
// arrivals, intensities that change with time.
#pragma once

#include <cstdint>

#include "models/queueing/messages.h"
#include "sim/config/visit.h"
#include "sim/engine/entity.h"
#include "sim/random/distribution_params.h"

namespace mezz::queueing {

struct SourceParams {
  DelayDistribution interval = DelayDistribution::exponential(1_s);
  std::int64_t count = 0;
  std::int64_t priority = 0;

  void visit(auto& v) {
    v("interval", interval, {.doc = "Time between two items; exponential: Poisson arrivals"});
    v("count", count, {.doc = "Items in all; 0: without end", .min = 0});
    v("priority", priority, {.doc = "Of the items; 0 is served first", .min = 0, .max = 15});
  }
};

class Source final : public EntityOf<Source, SourceParams> {
 public:
  struct Tick {};

  Source(const Site& site, const SourceParams& params, Ref<ItemSink> sink);
  void on(Context& ctx, const Start&);
  void on(Context& ctx, const Tick&);

  [[nodiscard]] std::uint64_t sent() const { return sent_; }
  void visit_state(auto& v) { v("sent", sent_); }

 private:
  void arm(Context& ctx);

  Ref<ItemSink> sink_;
  std::uint64_t sent_ = 0;
};

}  // namespace mezz::queueing

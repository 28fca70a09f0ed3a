// The measuring end of a queueing network: keeps the wait and the sojourn of every item after a
// warm-up, and the batches. One meter per world.
#pragma once

#include <cstdint>
#include <vector>

#include "models/queueing/messages.h"
#include "sim/config/visit.h"
#include "sim/engine/entity.h"

namespace mezz::validation {

struct MeterParams {
  std::int64_t skip = 0;
  std::int64_t keep = 1'000;

  void visit(auto& v) {
    v("skip", skip, {.doc = "Items before measuring begins", .min = 0});
    v("keep", keep, {.doc = "Items measured; then the run ends", .min = 1});
  }
};

class Meter final : public EntityOf<Meter, MeterParams, queueing::ServiceObserver> {
 public:
  struct Batch {
    std::int64_t count = 0;
    Time opened;
    Time posted;
  };

  Meter(const Site& site, const MeterParams& params) : EntityOf(site, params) {
    waits_.reserve(static_cast<std::size_t>(params.keep));
  }
  void on(Context& ctx, const queueing::Served& served) override {
    if (full()) return;
    if (seen_++ < params().skip) return;
    MEZZ_ASSERT(served.begun >= served.arrived && served.finished >= served.begun);
    waits_.push_back(served.begun - served.arrived);
    sojourns_.push_back(served.finished - served.arrived);
    priorities_.push_back(static_cast<std::uint8_t>(served.item.priority));
    if (full()) ctx.stop();
  }
  void on(Context&, const queueing::BatchPosted& posted) override {
    batches_.push_back({posted.count, posted.opened, posted.posted});
  }

  [[nodiscard]] bool full() const {
    return static_cast<std::int64_t>(waits_.size()) >= params().keep;
  }
  [[nodiscard]] const std::vector<Duration>& waits() const { return waits_; }
  [[nodiscard]] const std::vector<Duration>& sojourns() const { return sojourns_; }
  [[nodiscard]] const std::vector<std::uint8_t>& priorities() const { return priorities_; }
  // Whole batches, from the first.
  [[nodiscard]] const std::vector<Batch>& batches() const { return batches_; }

  void visit_state(auto& v) {
    v("seen", seen_);
    v("waits", waits_);
    v("sojourns", sojourns_);
    v("priorities", priorities_);
    v("batches", batches_);
  }

 private:
  std::int64_t seen_ = 0;
  std::vector<Duration> waits_;
  std::vector<Duration> sojourns_;
  std::vector<std::uint8_t> priorities_;
  std::vector<Batch> batches_;
};

// Means in seconds.
struct Moments {
  double mean = 0;
  double variance = 0;
};
Moments moments(const std::vector<Duration>& values);
double share_above(const std::vector<Duration>& values, Duration limit);
// The smallest value that at least this share of the sample does not exceed.
double quantile(std::vector<Duration> values, double share);

}  // namespace mezz::validation

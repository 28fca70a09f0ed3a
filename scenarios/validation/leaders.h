// Slots with rotating leaders, a share of whom ignores our transaction: one transaction at a time
// waits for the first leader who takes it; then the next one is sent. Leaders are drawn anew each
// slot, independently. Units: slots.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/config/visit.h"
#include "sim/engine/entity.h"
#include "sim/types/ratio.h"

namespace mezz::validation {

struct LeaderParams {
  Ratio censoring = 50_percent;
  Duration slot_time = 12_s;
  std::int64_t transactions = 100'000;

  void visit(auto& v) {
    v("censoring", censoring,
      {.doc = "Share of leaders who censor", .min = Ratio::zero(), .max = Ratio::one()});
    v("slot_time", slot_time, {.doc = "Between two leaders", .min = 1_ms});
    v("transactions", transactions, {.doc = "Sent one after the other", .min = 1});
  }
};

class RotatingLeaders final : public EntityOf<RotatingLeaders, LeaderParams> {
 public:
  struct Slot {};

  using EntityOf::EntityOf;
  void on(Context& ctx, const Start&) { after(ctx, params().slot_time, Slot{}); }
  void on(Context& ctx, const Slot&) {
    const bool censors = rng().chance(params().censoring);
    if (censors) {
      ++passed_over_;
    } else {
      include();
    }
    if (included_ >= params().transactions) return ctx.stop();
    after(ctx, params().slot_time, Slot{});
  }

  // How many transactions were passed over by so many leaders before one took them.
  [[nodiscard]] const std::vector<std::int64_t>& delays() const { return delays_; }

  void visit_state(auto& v) {
    v("passed_over", passed_over_);
    v("included", included_);
    v("delays", delays_);
  }

 private:
  void include() {
    if (delays_.size() <= passed_over_) delays_.resize(passed_over_ + 1);
    ++delays_[passed_over_];
    passed_over_ = 0;
    ++included_;
  }

  std::uint64_t passed_over_ = 0;
  std::int64_t included_ = 0;
  std::vector<std::int64_t> delays_;
};

}  // namespace mezz::validation

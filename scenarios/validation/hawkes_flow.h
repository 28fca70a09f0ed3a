// Orders that call for further orders (Hawkes 1971, exponential kernel): the intensity is
// base + sum over past orders of jump e^(-decay age). Each event of the engine is a candidate at
// the intensity just after the last one, which bounds what follows; it is kept with the ratio of
// the intensities (Ogata 1981). Orders are counted in windows of equal length, after a warm-up.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/config/visit.h"
#include "sim/engine/entity.h"

namespace mezz::validation {

struct HawkesFlowParams {
  double base = 0.1;   // per second
  double jump = 0.6;   // per second
  double decay = 1.0;  // per second
  Duration warm_up = 100_s;
  Duration window = 1'000_s;
  std::int64_t windows = 100;

  void visit(auto& v) {
    v("base", base, {.doc = "Intensity without history, per second", .min = 0.0});
    v("jump", jump, {.doc = "Of the intensity at an order, per second", .min = 0.0});
    v("decay", decay, {.doc = "Of what an order adds, per second", .min = 0.0});
    v("warm_up", warm_up, {.doc = "Not counted"});
    v("window", window, {.doc = "In which orders are counted", .min = Duration{1}});
    v("windows", windows, {.doc = "One after the other", .min = 2});
  }
};

class HawkesFlow final : public EntityOf<HawkesFlow, HawkesFlowParams> {
 public:
  struct Candidate {};

  HawkesFlow(const Site& site, const HawkesFlowParams& params);
  void on(Context& ctx, const Start&);
  void on(Context& ctx, const Candidate&);

  [[nodiscard]] const std::vector<std::int64_t>& counts() const { return counts_; }

  void visit_state(auto& v) {
    v("excited", excited_);
    v("last", last_);
    v("counts", counts_);
  }

 private:
  void propose(Context& ctx);
  [[nodiscard]] double intensity() const { return params().base + excited_; }

  double excited_ = 0;  // at `last_`
  Time last_ = {};
  std::vector<std::int64_t> counts_;
};

}  // namespace mezz::validation

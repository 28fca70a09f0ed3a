// The simulation of Avellaneda and Stoikov 2008, section 3: a mid price that moves by +- sigma
// sqrt(dt) each step, a market maker whose bid and ask are each filled within a step with
// probability A e^(-k delta) dt, capped at 1. Two strategies: their quotes around the reservation
// price, and the same spread around the mid ("symmetric"). The quotes come from models/agents. All
// sessions of a market are rows of one entity. Doubles: nothing here reaches a ledger.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "sim/config/visit.h"
#include "sim/engine/entity.h"
#include "sim/types/enum_names.h"

namespace mezz::validation {

enum class Strategy : std::uint8_t { Inventory, Symmetric };

struct QuotingParams {
  Strategy strategy = Strategy::Inventory;
  double mid = 100;
  double horizon = 1;
  std::int64_t steps = 200;
  double volatility = 2;
  double fill_decay = 1.5;
  double fills_at_mid = 140;
  double risk_aversion = 0.1;
  std::int64_t sessions = 1'000;

  void visit(auto& v) {
    v("mid", mid, {.doc = "At the start"});
    v("horizon", horizon, {.doc = "Length of a session, in the unit of time", .min = 1e-6});
    v("steps", steps, {.doc = "Steps in it", .min = 1, .max = 1'000'000});
    v("volatility", volatility, {.doc = "Of the mid, per square root of time", .min = 0.0});
    v("fill_decay", fill_decay, {.doc = "k", .min = 1e-6});
    v("fills_at_mid", fills_at_mid, {.doc = "A, per unit of time", .min = 0.0});
    v("risk_aversion", risk_aversion, {.doc = "gamma", .min = 0.0});
  }
};

class QuotingMarket final : public EntityOf<QuotingMarket, QuotingParams> {
 public:
  struct Step {};
  struct Session {
    double cash = 0;
    double held = 0;
    double mid = 0;
    void visit_state(auto& v) {
      v("cash", cash);
      v("held", held);
      v("mid", mid);
    }
  };

  QuotingMarket(const Site& site, const QuotingParams& params);
  void on(Context& ctx, const Start&);
  void on(Context& ctx, const Step&);

  [[nodiscard]] const std::vector<Session>& sessions() const { return sessions_; }
  [[nodiscard]] double mean_spread() const;

  void visit_state(auto& v) {
    v("sessions", sessions_);
    v("done", done_);
    v("spread_sum", spread_sum_);
  }

 private:
  std::vector<Session> sessions_;
  std::int64_t done_ = 0;
  double spread_sum_ = 0;
};

}  // namespace mezz::validation

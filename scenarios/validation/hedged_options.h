// A crowd of option sellers, each under a price path of its own, who hedge with the underlying when
// a batch settles and only then: at each settlement the position is set to the option's delta
// (models/pricing) at the price of that moment. Several intervals are compared on the same paths.
// Cash is Money, prices are whole cents, positions whole millionths of a unit. No rates, no drift,
// no fees. What is left when the option has been paid is the hedge error.
#pragma once

#include <cstdint>
#include <vector>

#include "models/market/price/price_path.h"
#include "models/pricing/black.h"
#include "sim/config/visit.h"
#include "sim/engine/entity.h"
#include "sim/types/money.h"
#include "sim/types/quantity.h"

namespace mezz::validation {

struct HedgedOptionsParams {
  Price spot{200'000};    // cents
  Price strike{200'000};  // cents
  double volatility = 0.8;
  Duration expiry = 30_d;
  std::vector<std::int64_t> hedges = {30, 120, 480};  // over the life of the option, ascending
  std::int64_t paths = 100;

  void visit(auto& v) {
    v("spot", spot, {.doc = "At the start, cents", .min = Price{1}});
    v("strike", strike, {.doc = "Of the call, cents", .min = Price{1}});
    v("volatility", volatility, {.doc = "Per square root of a year", .min = 0.0});
    v("expiry", expiry, {.doc = "Life of the option", .min = 1_s});
    v("hedges", hedges, {.doc = "Settlements within it; each divides the last", .min = 1});
    v("paths", paths, {.doc = "Sellers", .min = 1});
  }
};

class HedgedOptions final : public EntityOf<HedgedOptions, HedgedOptionsParams> {
 public:
  struct Settle {};

  HedgedOptions(const Site& site, const HedgedOptionsParams& params);
  void on(Context& ctx, const Start&);
  void on(Context& ctx, const Settle&);

  // Of the sellers, in USD, by kind of interval.
  [[nodiscard]] std::vector<double> errors(std::size_t kind) const;

  void visit_state(auto& v) {
    v("paths", paths_);
    v("hedgers", hedgers_);
    v("settled", settled_);
  }

 private:
  struct Hedger {
    Money cash;
    Quantity held;  // millionths of a unit
    void visit_state(auto& v) {
      v("cash", cash);
      v("held", held);
    }
  };

  [[nodiscard]] Price price_of(const GbmPath& path) const;
  [[nodiscard]] pricing::OptionGreeks option_at(Price price) const;
  void trade_to(Hedger& hedger, Price price, Quantity target) const;
  [[nodiscard]] std::int64_t steps() const { return params().hedges.back(); }

  std::vector<GbmPath> paths_;
  std::vector<Hedger> hedgers_;  // kinds of one path side by side
  std::int64_t settled_ = 0;
};

}  // namespace mezz::validation

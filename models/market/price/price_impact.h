// What buying the underlying outside does to its price. The state is the net flow bought so far, of
// which a share stays for good and the rest is forgotten with a half-life; the log of the price is
// moved by a function of the flow:
//   linear       0.01 x flow / depth            (Kyle 1985)
//   square_root  0.01 x sqrt(flow / depth)      (Almgren, Thum, Hauptmann, Li 2005; with its sign)
// `depth` is the net purchase, in dollars at the initial price, that moves the log price by 0.01.
// The move depends on the flow alone, so cutting an order into pieces changes nothing but what
// decays between them, and buying and selling the same amount at once brings the price back. Where
// the curve is linear a round trip that takes no time costs nothing (no dynamic arbitrage:
// Huberman, Stanzl 2004). Left out: volume and volatility of the day in the coefficient, spread and
// fees.
#pragma once

#include <cstdint>

#include "models/market/instrument.h"
#include "sim/config/visit.h"
#include "sim/types/enum_names.h"
#include "sim/types/money.h"
#include "sim/types/ratio.h"
#include "sim/types/time.h"

namespace mezz {

enum class ImpactLaw : std::uint8_t { Linear, SquareRoot };
template <>
struct EnumNames<ImpactLaw> {
  static constexpr std::string_view names[] = {"linear", "square_root"};
};

struct PriceImpactParams {
  ImpactLaw law = ImpactLaw::Linear;
  Money depth = 0_usd;
  Ratio permanent = Ratio::zero();
  Duration half_life = 1_h;

  void visit(auto& v) {
    v("law", law, {.doc = "How the log of the price grows with the net purchase"});
    v("depth", depth,
      {.doc = "Net purchase at the initial price that moves the log price by 0.01; 0: nothing does",
       .min = Money::zero()});
    v("permanent", permanent,
      {.doc = "Share of the purchase that is never forgotten",
       .min = Ratio::zero(),
       .max = Ratio::one()});
    v("half_life", half_life, {.doc = "Time in which half of the rest is forgotten", .min = 1_ms});
  }
};

class PriceImpact {
 public:
  PriceImpact() = default;
  // `lot` is the value of one lot at the initial price.
  PriceImpact(const PriceImpactParams& params, Money lot);

  [[nodiscard]] bool active() const { return lots_per_percent_ > 0.0; }
  // Log of the factor on the price.
  [[nodiscard]] double log_move(Time now) const { return log_move_of(flow(now)); }
  // Mean factor on the price while buying so many lots, by Simpson's rule: the fill's price.
  [[nodiscard]] double mean_factor(double lots, Time now) const;
  void buy(double lots, Time now);

  void visit_state(auto& v) {
    v("permanent", permanent_);
    v("transient", transient_);
    v("since", since_);
  }

 private:
  [[nodiscard]] double transient(Time now) const;
  [[nodiscard]] double flow(Time now) const { return permanent_ + transient(now); }
  [[nodiscard]] double log_move_of(double flow) const;

  PriceImpactParams params_;
  double lots_per_percent_ = 0.0;
  double permanent_ = 0.0;  // lots
  double transient_ = 0.0;  // lots, at `since`
  Time since_;
};

}  // namespace mezz

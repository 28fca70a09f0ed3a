// What holding two legs earns per year, and how much of it to hold. Pure; both carry traders (basis
// and funding) decide by it. All rates are shares per year, doubles of a decision.
//   cash and carry   long the underlying, short a future or perpetual that trades above it: earns
//                    premium / time until the premium is paid (a future: the time left; a
//                    perpetual: its funding period, as funding pays the premium once in it), less
//                    the cost of both legs in and out over the time it is held, less what the money
//                    costs
//   reverse          the other way round; the money for the underlying then earns instead of costs
//   wanted()         hysteresis: nothing is opened below `enter`, what is held stays until holding
//                    on earns less than `exit` (costs are sunk then); in proportion to what it
//                    earns, all of the limit from `full` on; earning less later does not shrink it
// Left out: the risk of the basis before it converges, a forecast of funding beyond today's rate.
#pragma once

#include "models/market/ids.h"
#include "models/market/quote_price.h"
#include "sim/types/quantity.h"

namespace mezz {

class Exchange;

namespace carry {

struct Band {
  double enter = 0.0;
  double exit = 0.0;
  double full = 0.0;
};
struct Offer {
  double open_short = 0.0;
  double open_long = 0.0;
  double hold_short = 0.0;
  double hold_long = 0.0;
};
// The position to have, signed; at most `limit` either way.
Quantity wanted(const Band& band, const Offer& offer, Quantity held, Quantity limit);

// Prices in USD; a side that is empty is 0: nothing can be opened there, and what is held stays.
struct Basis {
  double spot = 0.0;
  double bid = 0.0;
  double ask = 0.0;
  double converge_years = 0.0;  // > 0
  double hold_years = 0.0;      // > 0
};
struct Costs {
  double round_trip = 0.0;  // of both legs, in and out, of the notional
  double financing = 0.0;   // per year
};
Offer basis_offer(const Basis& basis, const Costs& costs);
// The price at which opening a short (a long) still earns `rate`.
double short_price(const Basis& basis, const Costs& costs, double rate);
double long_price(const Basis& basis, const Costs& costs, double rate);

// What longs of the perpetual would pay per year if the order book stayed as it is: the premium
// that a sample taken now would have, with the default rate and both clamps
// (models/layer2/execution/funding_presets.h). Of a listing whose funding follows the skew of its
// pool: what the paying side pays now, positive where the longs do; 0 where no skew sets it.
double funding_per_year(const Exchange& exchange, InstrumentId instrument = kMainInstrument);

}  // namespace carry
}  // namespace mezz

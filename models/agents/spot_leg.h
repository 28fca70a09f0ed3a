// The leg of a carry trade that is not on the exchange: units of the underlying held or sold short
// on the market outside, kept at minus the position there. Orders are answered in the order sent,
// and always in full (outside_market.h). Left out: the fee of borrowing coins.
#pragma once

#include "models/market/price/outside_market.h"

namespace mezz {

struct SpotLeg {
  Quantity ordered;  // answered or not
  Quantity held;
  Money paid;  // less what was received

  // What to order now so that nothing is left open; 0: nothing.
  [[nodiscard]] Quantity missing(Quantity position) const { return -position - ordered; }
  void fill(const OutsideFill& fill) {
    held += fill.quantity;
    paid += fill.value;
  }
  void visit_state(auto& v) {
    v("ordered", ordered);
    v("held", held);
    v("paid", paid);
  }
};

}  // namespace mezz

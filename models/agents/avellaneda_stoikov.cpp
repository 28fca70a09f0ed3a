#include "models/agents/avellaneda_stoikov.h"

#include "sim/check/assert.h"
#include "sim/numeric/elementary.h"

namespace mezz::avellaneda_stoikov {

namespace {
double risk(const Market& market, const Inventory& inventory) {
  MEZZ_ASSERT(inventory.left >= 0.0);
  return inventory.risk_aversion * market.volatility * market.volatility * inventory.left;
}
}  // namespace

double reservation_price(const Market& market, const Inventory& inventory) {
  return market.mid - inventory.held * risk(market, inventory);
}

double spread(const Market& market, const Inventory& inventory) {
  MEZZ_ASSERT(market.fill_decay > 0.0);
  const double gamma = inventory.risk_aversion;
  // As gamma goes to 0 the second term goes to 2 / k.
  const double depth = gamma > 0.0 ? 2.0 / gamma * numeric::log1p(gamma / market.fill_decay)
                                   : 2.0 / market.fill_decay;
  return risk(market, inventory) + depth;
}

Quotes quotes(const Market& market, const Inventory& inventory) {
  const double centre = reservation_price(market, inventory);
  const double half = 0.5 * spread(market, inventory);
  return {centre - half, centre + half};
}

double fill_intensity(double at_mid, const Market& market, double distance) {
  return at_mid * numeric::exp(-market.fill_decay * distance);
}

}  // namespace mezz::avellaneda_stoikov

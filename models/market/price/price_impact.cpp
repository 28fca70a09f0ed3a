#include "models/market/price/price_impact.h"

#include "sim/check/assert.h"
#include "sim/numeric/elementary.h"

namespace mezz {

namespace {
constexpr double kMoveOfDepth = 0.01;  // log move of one depth
constexpr double kLogOfTwo = 0.693147180559945309417;
constexpr int kPanels = 256;
}  // namespace

PriceImpact::PriceImpact(const PriceImpactParams& params, Money lot) : params_(params) {
  MEZZ_ASSERT(lot > Money::zero());
  lots_per_percent_ = static_cast<double>(params.depth.micros) / static_cast<double>(lot.micros);
}

double PriceImpact::transient(Time now) const {
  if (transient_ == 0.0) return 0.0;
  const double lives = (now - since_).seconds() / params_.half_life.seconds();
  return transient_ * numeric::exp(-kLogOfTwo * lives);
}

double PriceImpact::log_move_of(double flow) const {
  if (!active()) return 0.0;
  const double depths = flow / lots_per_percent_;
  if (params_.law == ImpactLaw::Linear) return kMoveOfDepth * depths;
  const double size = numeric::sqrt(depths < 0.0 ? -depths : depths);
  return depths < 0.0 ? -kMoveOfDepth * size : kMoveOfDepth * size;
}

double PriceImpact::mean_factor(double lots, Time now) const {
  if (!active() || lots == 0.0) return numeric::exp(log_move(now));
  const double from = flow(now);
  const double step = lots / kPanels;
  double sum = 0.0;
  for (int i = 0; i <= kPanels; ++i) {
    const double weight = i == 0 || i == kPanels ? 1.0 : (i % 2 == 1 ? 4.0 : 2.0);
    sum += weight * numeric::exp(log_move_of(from + step * i));
  }
  return sum / (3.0 * kPanels);
}

void PriceImpact::buy(double lots, Time now) {
  const double stays = params_.permanent.value();
  transient_ = transient(now) + lots * (1.0 - stays);
  permanent_ += lots * stays;
  since_ = now;
}

}  // namespace mezz

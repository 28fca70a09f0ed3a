#include "models/market/price/volatility_factors.h"

#include "sim/check/assert.h"
#include "sim/numeric/elementary.h"
#include "sim/random/distribution.h"

namespace mezz {

namespace {

double advanced(double value, const VolatilityFactorParams& p, Duration step, double z) {
  const double steps = step.seconds() / p.memory.seconds();
  const double keeps = numeric::exp(-steps);
  return value * keeps + p.deviation * numeric::sqrt(-numeric::expm1(-2.0 * steps)) * z;
}

}  // namespace

void VolatilityFactors::start(Stream& stream) {
  fast_ = params_.fast.deviation * normal(stream);
  slow_ = params_.slow.deviation * normal(stream);
}

void VolatilityFactors::advance(Duration step, Stream& stream) {
  MEZZ_ASSERT(step >= Duration::zero());
  fast_ = advanced(fast_, params_.fast, step, normal(stream));
  slow_ = advanced(slow_, params_.slow, step, normal(stream));
}

double VolatilityFactors::factor() const {
  const double fast = params_.fast.deviation;
  const double slow = params_.slow.deviation;
  return numeric::exp(fast_ + slow_ - fast * fast - slow * slow);
}

}  // namespace mezz

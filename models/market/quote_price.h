// A price as micro-dollars per smallest unit of the base asset: value * 10^exponent. dYdX v4 writes
// it as price, price_exponent and atomic_resolution (exponent = price_exponent + atomic_resolution
// + 6); one of our contracts has value = ticks * money_per_lot_tick per lot and exponent 0.
// Products are Int128 and assert when they do not fit.
#pragma once

#include <cstdint>

#include "models/market/instrument.h"
#include "sim/types/rounding.h"

namespace mezz {

struct QuotePrice {
  std::int64_t value = 0;
  std::int32_t exponent = 0;
};

inline QuotePrice quote_price(const ContractSpec& spec, Price price) {
  return {narrow(Int128{price.ticks} * spec.money_per_lot_tick()), 0};
}

inline Int128 multiply(Int128 a, Int128 b) {
  Int128 product = 0;
  const bool overflow = __builtin_mul_overflow(a, b, &product);
  MEZZ_ASSERT(!overflow);
  return product;
}

inline Int128 power_of_ten(std::int32_t exponent) {
  MEZZ_ASSERT(exponent >= 0 && exponent <= 38);
  Int128 power = 1;
  for (std::int32_t i = 0; i < exponent; ++i) power *= 10;
  return power;
}

// value * 10^exponent, truncated toward zero when the exponent is negative.
inline Int128 scale_by_ten(Int128 value, std::int32_t exponent) {
  if (exponent >= 0) return value == 0 ? 0 : multiply(value, power_of_ten(exponent));
  return exponent < -38 ? 0 : value / power_of_ten(-exponent);
}

}  // namespace mezz

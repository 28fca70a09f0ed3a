#include "models/layer2/settlement/bond.h"

#include "sim/check/assert.h"

namespace mezz::layer2 {

namespace {

constexpr int kBits = 60;
constexpr Int128 kOne = Int128{1} << kBits;
constexpr Int128 kLn2 = 799'144'290'325'165'978;  // floor(ln 2 * 2^60)

// ln(n) for a whole n >= 1: n = 2^k * m with 1 <= m < 2, ln m = 2 artanh((m - 1) / (m + 1)).
Int128 ln_fixed(std::int64_t n) {
  MEZZ_ASSERT(n >= 1);
  int k = 0;
  while ((n >> (k + 1)) != 0) ++k;
  const Int128 power = Int128{1} << k;
  const Int128 z = ((n - power) << kBits) / (n + power);
  const Int128 z2 = (z * z) >> kBits;
  Int128 sum = 0;
  Int128 term = z;
  for (int i = 1; term > 0; i += 2) {
    sum += term / i;
    term = (term * z2) >> kBits;
  }
  return kLn2 * k + 2 * sum;
}

// e^x for x >= 0: x = k ln 2 + r, Taylor in r.
Int128 exp_fixed(Int128 x) {
  MEZZ_ASSERT(x >= 0);
  const auto k = static_cast<int>(x / kLn2);
  MEZZ_ASSERT(k < 40);  // leaves 27 bits for the gas it multiplies
  const Int128 r = x % kLn2;
  Int128 sum = 0;
  Int128 term = kOne;
  for (int i = 1; term > 0; ++i) {
    sum += term;
    term = ((term * r) >> kBits) / i;
  }
  return sum << k;
}

}  // namespace

Gas bond_gas(const BondCurve& curve, std::uint32_t depth) {
  MEZZ_ASSERT(depth <= curve.max_depth && curve.max_depth > 0);
  MEZZ_ASSERT(curve.base.units > 0 && curve.base.units < (std::int64_t{1} << 27));
  // The contract divides before it takes the logarithm: whole multiples only.
  const Int128 slope = ln_fixed(curve.high.units / curve.base.units) / curve.max_depth;
  return {narrow((exp_fixed(slope * depth) * curve.base.units) >> kBits)};
}

}  // namespace mezz::layer2

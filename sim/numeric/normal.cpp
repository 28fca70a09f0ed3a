#include "sim/numeric/double_double.h"
#include "sim/numeric/elementary.h"
#include "sim/numeric/normal_table.h"

namespace mezz::numeric {

using namespace detail;

namespace {

constexpr double kInverseSqrt2 = 0x1.6a09e667f3bcdp-1;
constexpr double kInverseSqrtPi = 0x1.20dd750429b6dp-1;
constexpr double kInverseSqrt2Pi = 0x1.9884533d43651p-2;

// exp(x^2) erfc(x) for x >= 1/2: smooth and slowly varying, so it is fitted and exp is not.
double erfcx(double x) {
  constexpr double kTailStart = 6.0;
  if (x >= kTailStart) {
    constexpr int kDegree = static_cast<int>(sizeof(kErfcxTail) / sizeof(double)) - 1;
    return kInverseSqrtPi / x * horner(kErfcxTail, kDegree, 1.0 / (x * x));
  }
  const ErfcxPiece* piece = kErfcxPieces;
  while (x >= piece->until) ++piece;
  return horner(piece->coefficients, piece->degree, x - piece->centre);
}

// erf(x) - x for |x| <= 1/2.
double erf_rest(double x) {
  constexpr int kDegree = static_cast<int>(sizeof(kErfSmall) / sizeof(double)) - 1;
  return x * horner(kErfSmall, kDegree, x * x);
}

// factor * exp(-x^2 scale) where scale is 1 or 1/2: the square keeps its rounding error, which exp
// would otherwise multiply by x^2.
double gaussian(double x, double scale) {
  const DoubleDouble square = exact_product(x, x);
  return exp_kernel(-scale * square.hi, -scale * square.lo);
}

double erfc_large(double x) { return x > 27.3 ? 0.0 : gaussian(x, 1.0) * erfcx(x); }

// -x for normal_cdf(x) = exp(-r^2), on Wichura's tail ranges with his last one split in two.
double quantile_tail(double r) {
  if (r <= 5.0) {
    const double t = r - 1.6;
    return horner(kQuantileTailNumerator, kQuantileTailDegree, t) /
           horner(kQuantileTailDenominator, kQuantileTailDegree, t);
  }
  if (r <= 12.0) {
    const double t = r - 5.0;
    return horner(kQuantileFarTailNumerator, kQuantileFarTailDegree, t) /
           horner(kQuantileFarTailDenominator, kQuantileFarTailDegree, t);
  }
  const double t = r - 12.0;
  return horner(kQuantileLastTailNumerator, kQuantileLastTailDegree, t) /
         horner(kQuantileLastTailDenominator, kQuantileLastTailDegree, t);
}

}  // namespace

double erf(double x) {
  if (is_nan(x)) return x;
  const double size = absolute(x);
  if (size <= 0.5) return x + erf_rest(x);
  const double value = size > 6.0 ? 1.0 : 1.0 - erfc_large(size);
  return x < 0.0 ? -value : value;
}

double erfc(double x) {
  if (is_nan(x)) return x;
  if (x < -6.5) return 2.0;
  if (x < -0.5) return 2.0 - erfc_large(-x);
  if (x < 0.25) return 1.0 - (x + erf_rest(x));
  // 0.5 - x is exact here; 1 - erf(x) would lose the last bit near 1/2.
  if (x <= 0.5) return 0.5 + ((0.5 - x) - erf_rest(x));
  return erfc_large(x);
}

double normal_pdf(double x) {
  if (is_nan(x)) return x;
  if (absolute(x) > 39.0) return 0.0;
  return kInverseSqrt2Pi * gaussian(x, 0.5);
}

double normal_cdf(double x) {
  if (is_nan(x)) return x;
  const double size = absolute(x);
  const double z = size * kInverseSqrt2;
  if (z <= 0.5) {
    const double half_erf = 0.5 * (z + erf_rest(z));
    return x < 0.0 ? 0.5 - half_erf : 0.5 + half_erf;
  }
  if (size > 39.0) return x < 0.0 ? 0.0 : 1.0;
  const double tail = (0.5 * erfcx(z)) * gaussian(x, 0.5);
  return x < 0.0 ? tail : 1.0 - tail;
}

double scaled_normal_tail(double t) {
  if (is_nan(t)) return t;
  if (t == kInfinity) return 0.0;
  const double z = t * kInverseSqrt2;
  if (z >= 0.5) return 0.5 * erfcx(z);
  if (t < -37.0) return kInfinity;  // exp(t^2 / 2) beyond the range of double
  return exp_kernel(0.5 * t * t, 0.0) * normal_cdf(-t);
}

double inverse_normal_cdf(double p) {
  if (!(p >= 0.0 && p <= 1.0)) return kNaN;
  if (p == 0.0) return -kInfinity;
  if (p == 1.0) return kInfinity;
  const double q = p - 0.5;
  if (absolute(q) <= 0.425) {
    const double t = 0.180625 - q * q;
    return q * (horner(kQuantileCentreNumerator, kQuantileCentreDegree, t) /
                horner(kQuantileCentreDenominator, kQuantileCentreDegree, t));
  }
  const double r = sqrt(-log(q < 0.0 ? p : 1.0 - p));
  const double value = quantile_tail(r);
  return q < 0.0 ? -value : value;
}

}  // namespace mezz::numeric

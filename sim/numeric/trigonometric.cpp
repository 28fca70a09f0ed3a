#include "sim/check/assert.h"
#include "sim/numeric/double_double.h"
#include "sim/numeric/elementary.h"

namespace mezz::numeric {

using namespace detail;

namespace {

// sin and cos of hi + lo on |hi| <= pi/4 by their Taylor series; lo enters to first order.
double sin_kernel(double hi, double lo) {
  constexpr double kSeries[] = {
      -1.0 / 6,        1.0 / 120,         -1.0 / 5040,           1.0 / 362880,
      -1.0 / 39916800, 1.0 / 6227020800., -1.0 / 1307674368000., 1.0 / 355687428096000.};
  const double square = hi * hi;
  return hi + (hi * square * horner(kSeries, 7, square) + lo * (1.0 - 0.5 * square));
}

double cos_kernel(double hi, double lo) {
  constexpr double kSeries[] = {
      1.0 / 24,        -1.0 / 720,          1.0 / 40320,           -1.0 / 3628800,
      1.0 / 479001600, -1.0 / 87178291200., 1.0 / 20922789888000., -1.0 / 6402373705728000.};
  const double square = hi * hi;
  const DoubleDouble head = fast_sum(1.0, -0.5 * square);
  return head.hi + (head.lo + (square * square * horner(kSeries, 7, square) - hi * lo));
}

struct Angle {
  int quadrant;  // 0..3
  double hi;
  double lo;
};

// x - n pi/2 with pi/2 in parts of 33, 33, 33 and 53 bits: n has at most 20 bits, so the first
// three products are exact and the rest is good to 2^-130 even next to a multiple of pi/2.
Angle reduce(double x) {
  MEZZ_ASSERT(absolute(x) <= 1e6);
  const double n = nearest(x * 0x1.45f306dc9c883p-1);
  const DoubleDouble a = exact_sum(x, -n * 0x1.921fb544p0);
  const DoubleDouble b = exact_sum(a.hi, -n * 0x1.0b4611a6p-34);
  const DoubleDouble c = exact_sum(b.hi, -n * 0x1.3198a2ep-69);
  const double rest = ((a.lo + b.lo) + c.lo) - n * 0x1.b839a252049c1p-104;
  const DoubleDouble angle = fast_sum(c.hi, rest);
  return {static_cast<int>(static_cast<std::int64_t>(n) & 3), angle.hi, angle.lo};
}

}  // namespace

double sin(double x) {
  if (is_nan(x) || absolute(x) == kInfinity) return kNaN;
  if (absolute(x) < 0x1p-27) return x;
  const Angle angle = reduce(x);
  const double value =
      angle.quadrant % 2 == 0 ? sin_kernel(angle.hi, angle.lo) : cos_kernel(angle.hi, angle.lo);
  return angle.quadrant >= 2 ? -value : value;
}

double cos(double x) {
  if (is_nan(x) || absolute(x) == kInfinity) return kNaN;
  const Angle angle = reduce(x);
  const double value =
      angle.quadrant % 2 == 0 ? cos_kernel(angle.hi, angle.lo) : sin_kernel(angle.hi, angle.lo);
  return angle.quadrant == 1 || angle.quadrant == 2 ? -value : value;
}

}  // namespace mezz::numeric

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

namespace {

// atan(q) for 0 <= q <= 1: atan(q) = atan(c) + atan((q - c) / (1 + q c)) with c the nearest of five
// points, so that the series runs on |t| <= 1/8.
double atan_kernel(double q) {
  constexpr double kAngle[] = {0.0, 0x1.f5b75f92c80ddp-3, 0x1.dac670561bb4fp-2,
                               0x1.4978fa3269ee1p-1, 0x1.921fb54442d18p-1};  // atan(i / 4)
  constexpr double kSeries[] = {-1.0 / 3,  1.0 / 5,  -1.0 / 7,  1.0 / 9,
                                -1.0 / 11, 1.0 / 13, -1.0 / 15, 1.0 / 17};
  const double point = nearest(q * 4.0);
  const double c = point / 4.0;
  const double t = (q - c) / (1.0 + q * c);
  const double square = t * t;
  const double small = t + t * square * horner(kSeries, 7, square);
  return kAngle[static_cast<int>(point)] + small;
}

}  // namespace

double atan2(double y, double x) {
  constexpr double kPi = 0x1.921fb54442d18p1;
  if (is_nan(x) || is_nan(y)) return kNaN;
  const double a = absolute(x);
  const double b = absolute(y);
  if (a == 0.0 && b == 0.0) return 0.0;
  double angle = 0.25 * kPi;
  if (a != b) {
    angle = b < a ? atan_kernel(b / a) : 0.5 * kPi - atan_kernel(a / b);
  }
  if (x < 0.0) angle = kPi - angle;
  return y < 0.0 ? -angle : angle;
}

}  // namespace mezz::numeric

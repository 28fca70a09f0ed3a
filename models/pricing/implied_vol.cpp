#include "models/pricing/implied_vol.h"

#include "sim/check/assert.h"
#include "sim/numeric/elementary.h"

namespace mezz::pricing {
namespace {

constexpr double kInfinity = __builtin_inf();
// What rounding takes from a price that is all intrinsic value: a few last places of its two legs.
constexpr double kRoundings = 4 * 0x1p-52;
constexpr double kInverseSqrt2Pi = 0x1.9884533d43651p-2;

// What a call with x <= 0 lacks of its greatest price exp(x / 2); both terms are positive.
double missing(double x, double s) {
  const double d1 = x / s + 0.5 * s;
  const double d2 = x / s - 0.5 * s;
  return numeric::exp(0.5 * x) * numeric::normal_cdf(-d1) +
         numeric::exp(-0.5 * x) * numeric::normal_cdf(d2);
}

double slope(double x, double s) {
  const double h = x / s;
  return kInverseSqrt2Pi * numeric::exp(-0.5 * (h * h + 0.25 * s * s));
}

// log of the price, or of minus what is missing: rises with s either way. `step` is the Newton step
// of it towards the target.
struct Distance {
  double error;  // above zero: s is too large
  double step;
};
Distance distance(double x, double s, double target, bool upper) {
  const double value = upper ? missing(x, s) : normalised_black(OptionRight::Call, x, s);
  if (value <= 0.0) return {upper ? kInfinity : -kInfinity, 0.0};
  const double error = numeric::log(value / target) * (upper ? -1.0 : 1.0);
  return {error, -error * value / slope(x, s)};
}

}  // namespace

double implied_deviation(double x, double price) {
  const double greatest = numeric::exp(0.5 * x);
  MEZZ_ASSERT(x <= 0.0);
  MEZZ_ASSERT(price > 0.0 && price < greatest);
  const bool upper = price > 0.5 * greatest;
  const double target = upper ? greatest - price : price;
  double low = 0.0;
  double high = 1.0;
  while (distance(x, high, target, upper).error < 0.0) {
    low = high;
    high *= 2.0;
    if (high > 1e4) return high;
  }
  // The price's inflection point; for x = 0 the first-order price s / sqrt(2 pi).
  double s = x < 0.0 ? numeric::sqrt(-2.0 * x) : price / kInverseSqrt2Pi;
  for (int i = 0; i < 200; ++i) {
    if (!(s > low && s < high)) s = 0.5 * (low + high);
    const Distance d = distance(x, s, target, upper);
    if (d.error == 0.0) return s;
    (d.error > 0.0 ? high : low) = s;
    const double next = d.step != 0.0 ? s + d.step : 0.5 * (low + high);
    const double moved = next > s ? next - s : s - next;
    if (moved <= 0x1p-52 * s || high - low <= 0x1p-52 * high) return s;
    s = next;
  }
  return s;
}

ImpliedVol implied_volatility(const ForwardOption& o, double price) {
  const bool usable = o.forward > 0.0 && o.strike > 0.0 && o.time > 0.0 && price == price &&
                      o.forward < kInfinity && o.strike < kInfinity && o.time < kInfinity &&
                      o.rate == o.rate;
  if (!usable) return {0.0, ImpliedVolStatus::Impossible};
  const double w = sign_of(o.right);
  const double undiscounted = price / numeric::exp(-o.rate * o.time);
  if (undiscounted != undiscounted) return {0.0, ImpliedVolStatus::Impossible};  // 0 / 0
  const double inside = w * (o.forward - o.strike);
  const double intrinsic = inside > 0.0 ? inside : 0.0;
  const double short_of = intrinsic - undiscounted;
  if (short_of > kRoundings * (o.forward + o.strike)) {
    return {0.0, ImpliedVolStatus::BelowIntrinsic};
  }
  const double most = w > 0.0 ? o.forward : o.strike;
  if (undiscounted >= most) return {kInfinity, ImpliedVolStatus::AboveMaximum};
  const double x = numeric::log(o.forward / o.strike);
  const double unit = numeric::sqrt(o.forward) * numeric::sqrt(o.strike);
  const double out_of_the_money = (undiscounted - intrinsic) / unit;
  const double far = x < 0.0 ? x : -x;
  if (out_of_the_money <= 0.0) return {0.0, ImpliedVolStatus::AtIntrinsic};
  if (out_of_the_money >= numeric::exp(0.5 * far))
    return {kInfinity, ImpliedVolStatus::AboveMaximum};
  return {implied_deviation(far, out_of_the_money) / numeric::sqrt(o.time),
          ImpliedVolStatus::Found};
}

}  // namespace mezz::pricing

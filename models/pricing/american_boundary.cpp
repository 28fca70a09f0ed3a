#include "models/pricing/american_boundary.h"

#include <algorithm>

#include "models/pricing/black.h"
#include "models/pricing/quadrature.h"
#include "sim/numeric/elementary.h"

namespace mezz::pricing {
namespace {

constexpr double kPi = 0x1.921fb54442d18p1;
constexpr double kInverseSqrt2Pi = 0x1.9884533d43651p-2;
constexpr int kRounds = 6;
constexpr int kInner = 24;  // quadrature points of the fixed point
constexpr int kOuter = 48;  // and of the price

// Chebyshev's extrema on [0, 1], from 0 to 1, and the matrix from values there to coefficients.
struct Points {
  static constexpr std::size_t kCount = ExerciseBoundary::kPoints + 1;
  std::array<double, kCount> at;
  std::array<std::array<double, kCount>, kCount> to_coefficients;

  static const Points& made() {
    static const Points points = [] {
      Points p{};
      const double n = ExerciseBoundary::kPoints;
      for (std::size_t i = 0; i < kCount; ++i) {
        p.at[i] = 0.5 - 0.5 * numeric::cos(kPi * static_cast<double>(i) / n);
        for (std::size_t k = 0; k < kCount; ++k) {
          const double edge_i = i == 0 || i + 1 == kCount ? 0.5 : 1.0;
          const double edge_k = k == 0 || k + 1 == kCount ? 0.5 : 1.0;
          // T_k at -cos(pi i / n) is (-1)^k cos(pi i k / n).
          const double angle = kPi * static_cast<double>(i * k) / n;
          const double sign = k % 2 == 0 ? 1.0 : -1.0;
          p.to_coefficients[k][i] = 2.0 / n * edge_i * edge_k * sign * numeric::cos(angle);
        }
      }
      return p;
    }();
    return points;
  }
};

using Polynomials = std::array<double, Points::kCount>;  // T_0(z), T_1(z), ...

Polynomials polynomials_at(double share) {
  const double z = 2.0 * share - 1.0;
  Polynomials t{1.0, z};
  for (std::size_t k = 2; k < t.size(); ++k) t[k] = 2.0 * z * t[k - 1] - t[k - 2];
  return t;
}

// The Gauss-Legendre points of the angle in [0, pi / 2], and Chebyshev's polynomials at the root of
// the time that each stands for, as a share of the root of all time, from each point of the curve.
template <int N>
struct Angles {
  std::array<double, N> sine;
  std::array<double, N> cosine;
  std::array<double, N> weight;
  std::array<std::array<Polynomials, N>, Points::kCount> polynomials;

  static const Angles& rule() {
    static const Angles made = make();
    return made;
  }

 private:
  static Angles make() {
    const auto& gauss = GaussLegendre<N>::rule();
    Angles angles{};
    for (std::size_t i = 0; i < N; ++i) {
      const double angle = 0.25 * kPi * (1.0 + gauss.node[i]);
      angles.sine[i] = numeric::sin(angle);
      angles.cosine[i] = numeric::cos(angle);
      angles.weight[i] = 0.25 * kPi * gauss.weight[i];
      for (std::size_t at = 0; at < Points::kCount; ++at) {
        angles.polynomials[at][i] = polynomials_at(Points::made().at[at] * angles.sine[i]);
      }
    }
    return angles;
  }
};

// How deep below its value at expiry the boundary is: the root of a polynomial.
double depth_of(const Polynomials& coefficients, const Polynomials& polynomials) {
  double sum = 0.0;
  for (std::size_t k = 0; k < coefficients.size(); ++k) sum += coefficients[k] * polynomials[k];
  return numeric::sqrt(std::max(0.0, sum));
}

double value_at_expiry(const UnitPut& put) {
  return put.yield > put.rate ? put.rate / put.yield : 1.0;
}

// Li's QD+ equation, whose zero in the spot is his boundary.
class QdPlus {
 public:
  QdPlus(const UnitPut& put, double time) : put_(put), time_(time) {
    const double variance = put.volatility * put.volatility;
    const double gone = -numeric::expm1(-put.rate * time);
    a_ = gone > 0.0 ? 2.0 * put.rate / (variance * gone) : 2.0 / (variance * time);
    left_ = 1.0 - gone;
    slope_ = 2.0 * (put.rate - put.yield) / variance - 1.0;
    root_ = numeric::sqrt(slope_ * slope_ + 4.0 * a_);
    lambda_ = -0.5 * (slope_ + root_);
  }

  [[nodiscard]] double at(double spot) const {
    const OptionGreeks put = bsm({.right = OptionRight::Put,
                                  .spot = spot,
                                  .strike = 1.0,
                                  .time = time_,
                                  .volatility = put_.volatility,
                                  .rate = put_.rate,
                                  .yield = put_.yield});
    const double exercise = 1.0 - spot - put.price;
    if (exercise <= 0.0) return spot;
    const double per_exercise =
        2.0 * put.theta / (put_.volatility * put_.volatility * left_ * exercise);
    const double c0 = left_ / root_ * (a_ - per_exercise - a_ * a_ / (root_ * root_));
    return (1.0 + put.delta) * spot + (lambda_ + c0) * exercise;
  }

 private:
  UnitPut put_;
  double time_;
  double a_;  // 2 r / (sigma^2 (1 - exp(-r tau)))
  double left_;
  double slope_;
  double root_;
  double lambda_;
};

// The zero, by false position in its Illinois form: the equation is positive above it.
double qd_plus(const UnitPut& put, double time, double highest) {
  const QdPlus equation(put, time);
  double low = 1e-3 * highest;
  double high = highest;
  double low_value = equation.at(low);
  double high_value = equation.at(high);
  if (high_value <= 0.0) return high;
  if (low_value >= 0.0) return low;
  double here = high;
  for (int i = 0; i < 30 && high - low > 1e-4 * high; ++i) {
    here = high - high_value * (high - low) / (high_value - low_value);
    const double value = equation.at(here);
    if (value > 0.0) {
      high = here;
      high_value = value;
      low_value *= 0.5;
    } else {
      low = here;
      low_value = value;
      high_value *= 0.5;
    }
  }
  return here;
}

}  // namespace

ExerciseBoundary::ExerciseBoundary(const UnitPut& put)
    : put_(put), root_time_(numeric::sqrt(put.time)), at_expiry_(value_at_expiry(put)) {
  start();
  fit();
  for (int round = 0; round < kRounds; ++round) {
    std::array<double, kPoints + 1> next{};
    for (int i = 1; i <= kPoints; ++i) next[static_cast<std::size_t>(i)] = improved(i);
    depth_ = next;
    fit();
  }
}

void ExerciseBoundary::start() {
  for (std::size_t i = 1; i <= kPoints; ++i) {
    const double root = Points::made().at[i] * root_time_;
    depth_[i] = -numeric::log(qd_plus(put_, root * root, at_expiry_) / at_expiry_);
  }
}

void ExerciseBoundary::fit() {
  for (std::size_t k = 0; k <= kPoints; ++k) {
    double sum = 0.0;
    for (std::size_t i = 1; i <= kPoints; ++i) {
      sum += Points::made().to_coefficients[k][i] * (depth_[i] * depth_[i]);
    }
    coefficients_[k] = sum;
  }
}

// B = exp(-(r - q) tau) N / D, with phi the normal density and d+- of B over the boundary at u:
//   N = phi(d-) / (sigma sqrt(tau)) + r integral of exp(r u) phi(d-) / (sigma sqrt(tau - u))
//   D = phi(d+) / (sigma sqrt(tau)) + N(d+) + q integral of exp(q u) (phi(d+) / ... + N(d+))
double ExerciseBoundary::improved(int point) const {
  const auto at = static_cast<std::size_t>(point);
  const double root = Points::made().at[at] * root_time_;
  const double time = root * root;
  const double log_here = numeric::log(at_expiry_) - depth_[at];
  const double carry = put_.rate - put_.yield;
  const double drift = carry - 0.5 * put_.volatility * put_.volatility;
  const double deviation = put_.volatility * root;
  const double d = log_here / deviation + drift * time / deviation;
  double upper = numeric::normal_pdf(d) / deviation;
  double lower =
      numeric::normal_pdf(d + deviation) / deviation + numeric::normal_cdf(d + deviation);
  const auto& angles = Angles<kInner>::rule();
  for (std::size_t i = 0; i < kInner; ++i) {
    const double depth = depth_of(coefficients_, angles.polynomials[at][i]);
    const double root_u = root * angles.sine[i];
    const double root_left = root * angles.cosine[i];
    const double u = root_u * root_u;
    const double s = put_.volatility * root_left;
    const double minus = (depth - depth_[at] + drift * root_left * root_left) / s;
    const double plus = minus + s;
    // du = 2 root_u root_left d angle, over s: the roots of what is left cancel.
    const double weight = 2.0 * angles.weight[i] * root_u;
    const double bell_weight = weight / put_.volatility * kInverseSqrt2Pi;
    upper += put_.rate * bell_weight * numeric::exp(put_.rate * u - 0.5 * minus * minus);
    if (put_.yield == 0.0) continue;
    lower += put_.yield * bell_weight * numeric::exp(put_.yield * u - 0.5 * plus * plus);
    lower +=
        put_.yield * weight * root_left * numeric::exp(put_.yield * u) * numeric::normal_cdf(plus);
  }
  const double here = numeric::exp(log_here);
  const double next = numeric::exp(-carry * time) * upper / lower;
  // A start far off must not throw the first rounds further.
  if (!(next > 0.0)) return depth_[at];
  return -numeric::log(std::clamp(next, 0.5 * here, std::min(2.0 * here, at_expiry_)) / at_expiry_);
}

double ExerciseBoundary::now() const { return at_expiry_ * numeric::exp(-depth_[kPoints]); }

double ExerciseBoundary::premium(double spot) const {
  const double log_spot = numeric::log(spot / at_expiry_);
  const double drift = put_.rate - put_.yield - 0.5 * put_.volatility * put_.volatility;
  const auto& angles = Angles<kOuter>::rule();
  double sum = 0.0;
  for (std::size_t i = 0; i < kOuter; ++i) {
    const double depth = depth_of(coefficients_, angles.polynomials[kPoints][i]);
    const double root_left = root_time_ * angles.cosine[i];
    const double left = root_left * root_left;
    const double deviation = put_.volatility * root_left;
    const double minus = (log_spot + depth + drift * left) / deviation;
    double paid = put_.rate * numeric::exp(-put_.rate * left) * numeric::normal_cdf(-minus);
    if (put_.yield != 0.0) {
      paid -= put_.yield * spot * numeric::exp(-put_.yield * left) *
              numeric::normal_cdf(-minus - deviation);
    }
    sum += 2.0 * angles.weight[i] * root_time_ * angles.sine[i] * root_left * paid;
  }
  return sum;
}

}  // namespace mezz::pricing

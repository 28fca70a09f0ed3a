#include "models/pricing/heston_chain.h"

#include <algorithm>
#include <vector>

#include "models/pricing/heston_parts.h"
#include "sim/check/assert.h"
#include "sim/numeric/elementary.h"

namespace mezz::pricing {
namespace {

constexpr double kPi = 0x1.921fb54442d18p1;
constexpr double kSettled = 1e-13;  // of sqrt(F K)
constexpr double kNothing = 1e-17;  // an integrand below this adds nothing
constexpr std::size_t kMostNodes = 8'192;
constexpr std::size_t kLanes = 8;      // strikes that go through the sum together
constexpr std::size_t kRenewed = 256;  // nodes after which a rotation starts anew

SpotOption option_of(const HestonChain& chain, std::size_t i, double volatility) {
  return {.right = chain.right[i],
          .spot = chain.spot,
          .strike = chain.strike[i],
          .time = chain.time,
          .volatility = volatility,
          .rate = chain.rate,
          .yield = chain.yield};
}

// What the integral is made of: (characteristic function - that of the lognormal) / (u^2 + 1/4).
struct Integrand {
  const Heston& model;
  double time;
  double variance;  // of the log price at expiry

  [[nodiscard]] Complex at(double u) const {
    const double q = u * u + 0.25;
    const Complex phi = detail::characteristic(model, time, u);
    const double lognormal = numeric::exp(-0.5 * variance * q);
    return {(phi.re - lognormal) / q, phi.im / q};
  }
};

// Beyond this the integrand is nothing; both functions fall with u.
double reach(const Integrand& integrand, double deviation) {
  const auto is_nothing = [&](double u) {
    const double q = u * u + 0.25;
    const Complex phi = detail::characteristic(integrand.model, integrand.time, u);
    return (numeric::sqrt(norm(phi)) + numeric::exp(-0.5 * integrand.variance * q)) / q < kNothing;
  };
  double high = 1.0 / deviation;
  while (!is_nothing(high) && high < 1e9) high *= 2.0;
  double low = 0.5 * high;
  for (int i = 0; i < 4; ++i) {
    const double middle = 0.5 * (low + high);
    (is_nothing(middle) ? high : low) = middle;
  }
  return high;
}

// Adds sum over j of Re(weight[j] exp(i u_j x)), u_j = first + j step, for kLanes values of x.
void add_waves(const std::vector<Complex>& weight, double first, double step, const double* x,
               double* sum) {
  double re[kLanes];
  double im[kLanes];
  double turn_re[kLanes];
  double turn_im[kLanes];
  for (std::size_t i = 0; i < kLanes; ++i) {
    turn_re[i] = numeric::cos(step * x[i]);
    turn_im[i] = numeric::sin(step * x[i]);
  }
  for (std::size_t j = 0; j < weight.size(); ++j) {
    if (j % kRenewed == 0) {
      const double u = first + static_cast<double>(j) * step;
      for (std::size_t i = 0; i < kLanes; ++i) {
        re[i] = numeric::cos(u * x[i]);
        im[i] = numeric::sin(u * x[i]);
      }
    }
    const Complex w = weight[j];
    for (std::size_t i = 0; i < kLanes; ++i) {
      sum[i] += w.re * re[i] - w.im * im[i];
      const double turned = re[i] * turn_re[i] - im[i] * turn_im[i];
      im[i] = re[i] * turn_im[i] + im[i] * turn_re[i];
      re[i] = turned;
    }
  }
}

// The integral from 0 for each x (padded to a multiple of kLanes); false when it does not settle.
bool integrate(const Integrand& integrand, const std::vector<double>& x, double farthest,
               std::vector<double>& integral) {
  const double deviation = numeric::sqrt(integrand.variance);
  const double end = reach(integrand, deviation);
  double step = kPi / (farthest + 8.0 * deviation);
  std::vector<double> sum(x.size());
  std::vector<Complex> weight;
  double first = 0.0;  // of the nodes that are new, every `stride`
  double stride = step;
  for (bool coarse = true;; coarse = false) {
    if (end / stride > static_cast<double>(kMostNodes)) return false;
    weight.clear();
    for (double u = first; u < end; u = first + stride * static_cast<double>(weight.size())) {
      weight.push_back(integrand.at(u));
    }
    if (coarse) weight[0] = 0.5 * weight[0];  // half of the middle one of an even function
    for (std::size_t at = 0; at < x.size(); at += kLanes) {
      add_waves(weight, first, stride, x.data() + at, sum.data() + at);
    }
    double moved = 0.0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double found = step * sum[i];
      moved = std::max({moved, found - integral[i], integral[i] - found});
      integral[i] = found;
    }
    if (!coarse && moved < kSettled) return true;
    stride = step;  // the new nodes lie halfway between the old ones
    step *= 0.5;
    first = step;
  }
}

}  // namespace

void heston_chain(const Heston& m, const HestonChain& chain, std::span<double> price) {
  const std::size_t count = chain.strike.size();
  MEZZ_ASSERT(chain.right.size() == count && price.size() == count);
  MEZZ_ASSERT(chain.spot >= 0.0 && chain.time >= 0.0);
  const double mean = detail::mean_variance(m, chain.time);
  const double spot = chain.spot * numeric::exp(-chain.yield * chain.time);
  const double discount = numeric::exp(-chain.rate * chain.time);
  const auto is_usual = [](double money) { return money > 1e-100 && money < 1e100; };
  const bool usual =
      m.sigma > 1e-8 && mean * chain.time > 1e-12 && is_usual(spot) && is_usual(discount);
  std::vector<double> x((count + kLanes - 1) / kLanes * kLanes);
  double farthest = 0.0;
  for (std::size_t i = 0; usual && i < count; ++i) {
    const double strike = chain.strike[i] * discount;
    if (!is_usual(strike)) continue;  // left at x = 0; priced alone below
    x[i] = numeric::log(spot / strike);
    farthest = std::max({farthest, x[i], -x[i]});
  }
  std::vector<double> integral(x.size());
  const bool settled = usual && count > 0 &&
                       integrate({.model = m, .time = chain.time, .variance = mean * chain.time}, x,
                                 farthest, integral);
  for (std::size_t i = 0; i < count; ++i) {
    const double strike = chain.strike[i] * discount;
    if (!settled || !is_usual(strike)) {
      price[i] = heston_price(m, option_of(chain, i, 0.0));
      continue;
    }
    const double lognormal = bsm(option_of(chain, i, numeric::sqrt(mean))).price;
    const double unit = numeric::sqrt(spot) * numeric::sqrt(strike);
    const double most = chain.right[i] == OptionRight::Call ? spot : strike;
    price[i] = std::clamp(lognormal - unit / kPi * integral[i], 0.0, most);
  }
}

}  // namespace mezz::pricing

// Gauss-Legendre quadrature: N nodes on [-1, 1], exact for polynomials up to degree 2 N - 1. Nodes
// are the zeros of the Legendre polynomial by Newton's steps, so the same bits everywhere.
#pragma once

#include <array>

#include "sim/numeric/elementary.h"

namespace mezz::pricing {

template <int N>
struct GaussLegendre {
  std::array<double, N> node{};
  std::array<double, N> weight{};

  static const GaussLegendre& rule() {
    static const GaussLegendre made = make();
    return made;
  }

 private:
  static GaussLegendre make() {
    constexpr double kPi = 0x1.921fb54442d18p1;
    GaussLegendre rule;
    for (int i = 0; i < N; ++i) {
      double x = numeric::cos(kPi * (i + 0.75) / (N + 0.5));
      double slope = 1.0;
      for (int step = 0; step < 8; ++step) {
        double before = 1.0;
        double here = x;
        for (int n = 2; n <= N; ++n) {
          const double next = ((2 * n - 1) * x * here - (n - 1) * before) / n;
          before = here;
          here = next;
        }
        slope = N * (x * here - before) / (x * x - 1.0);
        x -= here / slope;
      }
      const auto at = static_cast<std::size_t>(i);
      rule.node[at] = x;
      rule.weight[at] = 2.0 / ((1.0 - x * x) * slope * slope);
    }
    return rule;
  }
};

}  // namespace mezz::pricing

// The exercise boundary of an American put on a strike of one, as a curve over the time left, and
// the price that follows from it. Internal to american.cpp.
//
// L. Andersen, M. Lake and D. Offengenden, High-performance American option pricing, J.
// Computational Finance 20 (2016): the squared logarithm of the boundary over its value at expiry
// is a polynomial in the root of the time left, known at Chebyshev points, where a fixed point of
// their system A holds. It starts from M. Li's QD+ boundary (Review of Derivatives Research 13,
// 2010). Ours is the quadrature: integrals over u in [0, tau] run over the angle of u = tau sin^2,
// in which both roots, of u and of tau - u, are smooth, so that few Gauss-Legendre points do.
//
// Always the same number of rounds: the price is a smooth function of its inputs, and differences
// of it are Greeks.
#pragma once

#include <array>

namespace mezz::pricing {

// A put on a strike of one; time, volatility positive. Asked of the rates, for one boundary to be:
// rate > 0, or rate = 0 > yield.
struct UnitPut {
  double time;
  double volatility;
  double rate;
  double yield;
};

class ExerciseBoundary {
 public:
  static constexpr int kPoints = 12;  // beside that at expiry, which is known

  explicit ExerciseBoundary(const UnitPut& put);

  // Spot below which the put is exercised now.
  [[nodiscard]] double now() const;
  // What the put is worth more than the European one, for a spot above the boundary.
  [[nodiscard]] double premium(double spot) const;

 private:
  void start();
  void fit();
  [[nodiscard]] double improved(int point) const;

  UnitPut put_;
  double root_time_;
  double at_expiry_;
  std::array<double, kPoints + 1> depth_{};         // -log(boundary / at expiry); the last one now
  std::array<double, kPoints + 1> coefficients_{};  // of the squared depth
};

}  // namespace mezz::pricing

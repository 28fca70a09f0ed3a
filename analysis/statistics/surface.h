// A response surface over two parameters by least squares (Box and Wilson 1951):
//   value = c0 + c1 u + c2 v                                      (Linear)
//         + c3 u^2 + c4 u v + c5 v^2                              (Quadratic)
// where u and v are x and y scaled to -1 ... 1 over the points, so that the coefficients have the
// unit of the value and can be compared with one another. Errors of the coefficients suppose
// independent deviations of one size. Points are finite (asserted). When the points cannot tell the
// coefficients apart (fewer points or distinct values than needed), `determined` is false and all
// is NaN. A surface is not to be asked outside its points; predict() does not stop it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "analysis/statistics/interval.h"

namespace mezz::statistics {

enum class SurfaceKind : std::uint8_t { Linear, Quadratic };

struct SurfacePoint {
  double x = 0;
  double y = 0;
  double value = 0;
};

// One parameter's way to -1 ... 1.
struct CodedScale {
  double centre = 0;
  double half_range = 1;
  [[nodiscard]] double coded(double x) const { return (x - centre) / half_range; }
};

struct Surface {
  bool determined = false;
  CodedScale x;
  CodedScale y;
  std::vector<Estimate> coefficients;  // c0 ...; n is the number of points
  double residual_deviation = kNone;   // NaN when there are as many points as coefficients
  double r_squared = kNone;

  [[nodiscard]] double predict(double at_x, double at_y) const;
};

Surface fit_surface(std::span<const SurfacePoint> points, SurfaceKind kind, double level);

}  // namespace mezz::statistics

#include "analysis/statistics/surface.h"

#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <cmath>

#include "analysis/statistics/moments.h"
#include "sim/check/assert.h"

namespace mezz::statistics {

namespace {

constexpr std::size_t kTermsMax = 6;

std::size_t terms_of(SurfaceKind kind) { return kind == SurfaceKind::Linear ? 3 : kTermsMax; }

std::array<double, kTermsMax> terms_at(double u, double v) {
  return {1, u, v, u * u, u * v, v * v};
}

CodedScale scale_of(std::span<const SurfacePoint> points, double SurfacePoint::*member) {
  const auto [low, high] = std::minmax_element(
      points.begin(), points.end(),
      [&](const SurfacePoint& a, const SurfacePoint& b) { return a.*member < b.*member; });
  const double half = (*high.*member - *low.*member) / 2;
  return {.centre = (*high.*member + *low.*member) / 2, .half_range = half > 0 ? half : 1};
}

}  // namespace

Surface fit_surface(std::span<const SurfacePoint> points, SurfaceKind kind, double level) {
  MEZZ_ASSERT(level > 0 && level < 1);
  const std::size_t terms = terms_of(kind);
  Surface out;
  out.coefficients.assign(terms, Estimate{.value = kNone, .interval = {}, .n = points.size()});
  if (points.size() < terms) return out;
  out.x = scale_of(points, &SurfacePoint::x);
  out.y = scale_of(points, &SurfacePoint::y);
  const auto rows = static_cast<Eigen::Index>(points.size());
  const auto columns = static_cast<Eigen::Index>(terms);
  Eigen::MatrixXd design(rows, columns);
  Eigen::VectorXd values(rows);
  for (Eigen::Index i = 0; i < rows; ++i) {
    const SurfacePoint& point = points[static_cast<std::size_t>(i)];
    MEZZ_ASSERT(std::isfinite(point.x) && std::isfinite(point.y) && std::isfinite(point.value));
    const auto row = terms_at(out.x.coded(point.x), out.y.coded(point.y));
    for (Eigen::Index c = 0; c < columns; ++c) design(i, c) = row[static_cast<std::size_t>(c)];
    values(i) = point.value;
  }
  Eigen::ColPivHouseholderQR<Eigen::MatrixXd> solver(design);
  solver.setThreshold(1e-10);
  if (solver.rank() < columns) return out;
  out.determined = true;
  const Eigen::VectorXd solution = solver.solve(values);
  const double squares = (values - design * solution).squaredNorm();
  const double all = (values.array() - values.mean()).matrix().squaredNorm();
  if (all > 0) out.r_squared = 1 - squares / all;
  const Eigen::MatrixXd inverse = (design.transpose() * design).inverse();
  const double degrees = static_cast<double>(points.size() - terms);
  if (degrees > 0) out.residual_deviation = std::sqrt(squares / degrees);
  for (Eigen::Index c = 0; c < columns; ++c) {
    Estimate& coefficient = out.coefficients[static_cast<std::size_t>(c)];
    coefficient.value = solution(c);
    if (!(degrees > 0)) continue;
    const double half =
        t_quantile((1 + level) / 2, degrees) * out.residual_deviation * std::sqrt(inverse(c, c));
    coefficient.interval = {solution(c) - half, solution(c) + half};
  }
  return out;
}

double Surface::predict(double at_x, double at_y) const {
  const auto row = terms_at(x.coded(at_x), y.coded(at_y));
  double value = 0;
  for (std::size_t c = 0; c < coefficients.size(); ++c) value += coefficients[c].value * row[c];
  return value;
}

}  // namespace mezz::statistics

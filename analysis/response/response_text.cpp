#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "analysis/headline.h"
#include "analysis/response/response.h"
#include "analysis/text_table.h"

namespace mezz::analysis {

namespace {

constexpr std::size_t kProblemsMax = 3;

std::string percent(double share) {
  return std::isnan(share) ? "n/a" : fmt::format("{:.1f} %", share * 100);
}

std::string interval_text(const statistics::Interval& interval, const auto& written) {
  if (std::isinf(interval.low) && std::isinf(interval.high)) return "n/a";
  return fmt::format("[{}, {}]", written(interval.low), written(interval.high));
}

std::string notes_text(const std::vector<std::string>& notes) {
  std::string text;
  for (const std::string& note : notes) text += "note: " + printable(note) + "\n";
  return text;
}

std::string heading(const std::string& what, double level) {
  return fmt::format("{}, {:.4g} % intervals", what, level * 100);
}

std::string text_of(const Sensitivity& found, double level, bool colour) {
  if (!found.problem.empty()) return "sensitivity: none; " + printable(found.problem) + "\n";
  std::vector<TextRow> rows{
      {{heading("where the variation comes from", level), "values", "share", "interval"},
       Style::Heading}};
  for (const FactorShare& factor : found.factors) {
    rows.push_back({{"  " + printable(factor.name), std::to_string(factor.levels),
                     percent(factor.share.value), interval_text(factor.share.interval, percent)}});
  }
  if (found.factors.size() > 1 && !std::isnan(found.together)) {
    rows.push_back({{"  parameters together", "", percent(found.together), ""}});
  }
  if (!std::isnan(found.chance)) {
    rows.push_back({{"  chance (within one combination)", "", percent(found.chance), ""}});
  }
  return aligned(rows, colour) +
         fmt::format("{} runs, {} {}\n", found.runs, found.seeds,
                     found.seeds == 1 ? "seed" : "seeds") +
         notes_text(found.notes);
}

std::string coding_text(const char* letter, const SurfaceAxis& axis,
                        const statistics::CodedScale& scale) {
  const auto end = [&](double sign) {
    const double at = scale.centre + sign * scale.half_range;
    return human(axis.logarithmic ? std::exp(at) : at, axis.unit);
  };
  return fmt::format("{} is {}, -1 at {}, 1 at {}{}\n", letter, printable(axis.key), end(-1),
                     end(1), axis.logarithmic ? ", in logarithms" : "");
}

std::string text_of(const ResponseSurface& found, const Response& response, double level,
                    bool colour) {
  if (!found.problem.empty()) return "surface: none; " + printable(found.problem) + "\n";
  double scale = 0;
  for (const statistics::Estimate& term : found.surface.coefficients) {
    scale = std::max(scale, std::fabs(term.value));
  }
  // What is left of a coefficient after rounding is none.
  const auto written = [&](double value) {
    return human(std::fabs(value) < 1e-12 * scale ? 0.0 : value, response.unit);
  };
  std::vector<TextRow> rows{
      {{heading("surface by least squares", level), "coefficient", "interval"}, Style::Heading}};
  static constexpr const char* kTerms[] = {"constant", "x", "y", "x^2", "x y", "y^2"};
  for (std::size_t c = 0; c < found.surface.coefficients.size(); ++c) {
    const statistics::Estimate& term = found.surface.coefficients[c];
    rows.push_back({{std::string("  ") + kTerms[c], written(term.value),
                     interval_text(term.interval, written)}});
  }
  double largest = 0;
  for (const SurfaceCell& cell : found.cells) {
    largest = std::max(largest, std::fabs(cell.mean - cell.fitted));
  }
  std::string text = aligned(rows, colour);
  text += coding_text("x", found.x, found.surface.x) + coding_text("y", found.y, found.surface.y);
  text += fmt::format(
      "through the means of {} combinations; R^2 {}, largest deviation {}\nintervals: {}\n",
      found.cells.size(),
      std::isnan(found.surface.r_squared) ? "n/a" : fmt::format("{:.3f}", found.surface.r_squared),
      written(largest),
      found.seeds > 0 ? fmt::format("Student's t over {} seeds", found.seeds)
                      : std::string("from the deviations of the means"));
  return text + notes_text(found.notes);
}

std::string text_of(const std::vector<GroupTail>& tails, const Response& response, double level,
                    bool colour) {
  const auto plain = [](double value) { return human(value, "1"); };
  const auto written = [&](double value) { return human(value, response.unit); };
  const double p = tails.front().tail.p;
  const std::string risk = fmt::format("{:.4g} %", p * 100);
  std::vector<TextRow> rows{
      {{heading("tail over the seeds", level), "n", "beyond", "threshold", "shape", "interval",
        "Hill", "interval", "VaR " + risk, "ES " + risk, "observed VaR", "ES"},
       Style::Heading}};
  std::string problems;
  std::size_t left_out = 0;
  for (const GroupTail& group : tails) {
    const Tail& tail = group.tail;
    const std::string name = group.group.empty() ? "all runs" : printable(group.group);
    if (!tail.problem.empty()) {
      if (++left_out <= kProblemsMax) {
        problems += fmt::format("tail: none for {}; {}\n", name, tail.problem);
      }
      continue;
    }
    rows.push_back({{"  " + name, std::to_string(tail.values), std::to_string(tail.fit.shape.n),
                     written(tail.fit.threshold), plain(tail.fit.shape.value),
                     interval_text(tail.fit.shape.interval, plain), plain(tail.hill.value),
                     interval_text(tail.hill.interval, plain), written(tail.value_at_risk),
                     written(tail.expected_shortfall), written(tail.observed.value_at_risk.value),
                     written(tail.observed.expected_shortfall.value)}});
  }
  if (left_out > kProblemsMax) {
    problems += fmt::format("tail: none for {} more groups\n", left_out - kProblemsMax);
  }
  if (rows.size() == 1) return problems;
  return aligned(rows, colour) +
         "shape: of the generalised Pareto law of what lies beyond the threshold; above 0 a power "
         "law\nwith exponent 1 / shape, which Hill estimates by itself. VaR, ES: of that law; "
         "observed: without it\n" +
         problems;
}

}  // namespace

std::string responses_text(const Responses& responses, bool colour) {
  std::string text;
  for (const Response& response : responses.metrics) {
    text += (text.empty() ? "" : "\n") + printable(response.metric) + "\n";
    if (response.sensitivity) text += text_of(*response.sensitivity, responses.level, colour);
    if (response.surface) text += text_of(*response.surface, response, responses.level, colour);
    if (!response.tails.empty()) {
      text += text_of(response.tails, response, responses.level, colour);
    }
  }
  return text;
}

}  // namespace mezz::analysis

#include "scenarios/sweep/ranges.h"

#include <fmt/core.h>

#include <cmath>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "scenarios/sweep/axes.h"
#include "sim/check/error.h"
#include "sim/config/nearest.h"
#include "sim/config/units.h"

namespace mezz::sweep {

namespace {

using config::Dimension;
using config::Node;

constexpr Dimension kDimensions[] = {Dimension::Duration, Dimension::Money, Dimension::Ratio,
                                     Dimension::GasPrice, Dimension::Wei,   Dimension::Gas,
                                     Dimension::Quantity, Dimension::Price};

[[noreturn]] void reject(const std::string& path, const std::string& problem, const Node& at) {
  throw ScenarioError(path, problem, config::place(at.origin));
}

struct Ends {
  const Node* from = nullptr;
  const Node* to = nullptr;
  const Node* step = nullptr;  // may be absent
};

Ends ends_of(const std::string& path, const Node& node) {
  const std::vector<std::string_view> known{"from", "to", "step"};
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    const std::string& key = node.keys[i];
    if (key == "from" || key == "to" || key == "step") continue;
    reject(config::child_path(path, key),
           "is no part of a range" + config::did_you_mean(key, known) +
               "; a range is { from = ..., to = ..., step = ... }",
           node.items[i]);
  }
  const Ends ends{node.find("from"), node.find("to"), node.find("step")};
  if (ends.from == nullptr) reject(path + ".from", "is missing: where the range begins", node);
  if (ends.to == nullptr) reject(path + ".to", "is missing: where the range ends", node);
  return ends;
}

void check_direction(const std::string& path, bool step_fits, bool ordered, const Ends& ends) {
  if (!step_fits) {
    reject(path + ".step", "must be above 0, got " + value_text(*ends.step), *ends.step);
  }
  if (ordered) return;
  reject(path,
         fmt::format("ends before it begins: from {} to {}; exchange them", value_text(*ends.from),
                     value_text(*ends.to)),
         *ends.from);
}

void check_count(const std::string& path, double count, const Node& at) {
  if (count <= static_cast<double>(kRunsMax)) return;
  reject(
      path,
      fmt::format("has {:.0f} values, at most {} are allowed; take a larger step", count, kRunsMax),
      at);
}

Node valued(const Node& like, Node::Type type) {
  Node node;
  node.type = type;
  node.origin = like.origin;
  return node;
}

std::vector<Node> integers(const std::string& path, const Ends& ends) {
  const Int128 from = ends.from->integer;
  const Int128 to = ends.to->integer;
  const Int128 step = ends.step == nullptr ? 1 : ends.step->integer;
  check_direction(path, step > 0, from <= to, ends);
  check_count(path, static_cast<double>((to - from) / step) + 1, *ends.from);
  std::vector<Node> values;
  for (Int128 value = from; value <= to; value += step) {
    values.push_back(valued(*ends.from, Node::Type::Integer));
    values.back().integer = static_cast<std::int64_t>(value);
  }
  return values;
}

double real(const Node& node) {
  return node.type == Node::Type::Real ? node.real : static_cast<double>(node.integer);
}

std::vector<Node> reals(const std::string& path, const Ends& ends) {
  if (ends.step == nullptr) {
    reject(path + ".step", "is missing: a range of real numbers has no natural step", *ends.from);
  }
  const double from = real(*ends.from);
  const double to = real(*ends.to);
  const double step = real(*ends.step);
  if (!std::isfinite(from) || !std::isfinite(to) || !std::isfinite(step)) {
    reject(path, "must have finite ends and a finite step", *ends.from);
  }
  check_direction(path, step > 0, from <= to, ends);
  const double steps = std::floor((to - from) / step + 1e-9);
  check_count(path, steps + 1, *ends.from);
  std::vector<Node> values;
  for (double i = 0; i <= steps; ++i) {
    values.push_back(valued(*ends.from, Node::Type::Real));
    values.back().real = std::strtod(fmt::format("{:.12g}", from + i * step).c_str(), nullptr);
  }
  return values;
}

// The dimension in which all of them are amounts: "30 min" is a duration, "20 bp" a ratio.
std::optional<Dimension> common_dimension(const Ends& ends) {
  for (const Dimension dimension : kDimensions) {
    bool fits = true;
    for (const Node* end : {ends.from, ends.to, ends.step}) {
      fits = fits && (end == nullptr || config::parse_amount(dimension, end->text).problem.empty());
    }
    if (fits) return dimension;
  }
  return std::nullopt;
}

std::vector<Node> amounts(const std::string& path, const Ends& ends) {
  const std::optional<Dimension> dimension = common_dimension(ends);
  if (!dimension) {
    reject(
        path,
        fmt::format("from {} to {}{} are not amounts of one kind; write each with a unit, such as "
                    "\"1 h\", \"20 bp\", \"1_000 USD\"",
                    config::quote(ends.from->text), config::quote(ends.to->text),
                    ends.step == nullptr ? "" : " by " + config::quote(ends.step->text)),
        *ends.from);
  }
  if (ends.step == nullptr) {
    reject(path + ".step", "is missing: a range of amounts has no natural step", *ends.from);
  }
  const Int128 from = config::parse_amount(*dimension, ends.from->text).value;
  const Int128 to = config::parse_amount(*dimension, ends.to->text).value;
  const Int128 step = config::parse_amount(*dimension, ends.step->text).value;
  check_direction(path, step > 0, from <= to, ends);
  check_count(path, static_cast<double>((to - from) / step) + 1, *ends.from);
  std::vector<Node> values;
  for (Int128 value = from; value <= to; value += step) {
    values.push_back(valued(*ends.from, Node::Type::String));
    values.back().text = config::format_amount(*dimension, value);
  }
  return values;
}

}  // namespace

bool is_range(const Node& node) {
  return node.type == Node::Type::Table &&
         (node.find("from") != nullptr || node.find("to") != nullptr);
}

std::vector<Node> expand_range(const std::string& path, const Node& node) {
  const Ends ends = ends_of(path, node);
  bool strings = true;
  bool whole = true;
  bool numbers = true;
  for (const Node* end : {ends.from, ends.to, ends.step}) {
    if (end == nullptr) continue;
    strings = strings && end->type == Node::Type::String;
    whole = whole && end->type == Node::Type::Integer;
    numbers = numbers && (end->type == Node::Type::Integer || end->type == Node::Type::Real);
  }
  if (whole) return integers(path, ends);
  if (numbers) return reals(path, ends);
  if (strings) return amounts(path, ends);
  reject(path,
         fmt::format("from {} to {}{}: all must be numbers, or all amounts with units",
                     value_text(*ends.from), value_text(*ends.to),
                     ends.step == nullptr ? "" : " by " + value_text(*ends.step)),
         *ends.from);
}

}  // namespace mezz::sweep

#include "scenarios/sweep/axes.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <string_view>

#include "scenarios/sweep/ranges.h"
#include "sim/check/error.h"
#include "sim/config/nearest.h"
#include "sim/config/read.h"
#include "sim/config/scalar.h"

namespace mezz::sweep {

namespace {

using config::Node;

[[noreturn]] void reject(const std::string& path, const std::string& problem, const Node& at) {
  throw ScenarioError(path, problem, config::place(at.origin));
}

std::string path_of(const std::string& table, const std::string& key) {
  return table + "." + config::key_text(key);
}

// What can be swept is a parameter inside a section; what cannot gets a hint at what was meant.
void check_key(const std::string& path, const std::string& key, const Node& at) {
  const std::vector<std::string_view> words{"zip", "skip", "until"};
  if (key.find('.') == std::string::npos) {
    if (at.type == Node::Type::Table && !is_range(at)) {
      reject(path,
             "is a table; write the whole path of a parameter in quotes, such as "
             "\"layer2.design\" = [...]" +
                 config::did_you_mean(key, words),
             at);
    }
    reject(path,
           "is no path of a parameter, such as \"run.seed\", and none of zip, skip, until" +
               config::did_you_mean(key, words),
           at);
  }
  for (const char* section : {"sweep.", "compare.", "limit[", "limits."}) {
    if (key.starts_with(section)) reject(path, "cannot be swept", at);
  }
}

// A relative file name is meant from the file it is written in, as without a sweep.
void pin_file(const std::string& key, Node& value) {
  if (key != "price.file" || value.type != Node::Type::String || value.text.empty()) return;
  if (value.origin.kind != config::Origin::Kind::File) return;
  const std::filesystem::path folder = std::filesystem::path(value.origin.file).parent_path();
  value.text = std::filesystem::absolute(folder / value.text).lexically_normal().string();
}

std::vector<Node> values_of(const std::string& path, const std::string& key, const Node& node) {
  std::vector<Node> values;
  if (node.type == Node::Type::Table) {
    values = expand_range(path, node);
  } else if (node.type == Node::Type::Array) {
    values = node.items;
  } else {
    reject(path,
           fmt::format("is {} alone; write a list of values, [{}, ...], or a range, "
                       "{{ from = ..., to = ... }}",
                       config::type_name(node.type), value_text(node)),
           node);
  }
  if (values.empty()) reject(path, "has no values; write at least one or leave the key out", node);
  if (values.size() > kRunsMax) {
    reject(path, fmt::format("has {} values, at most {} are allowed", values.size(), kRunsMax),
           node);
  }
  std::set<std::string> seen;
  for (Node& value : values) {
    pin_file(key, value);
    if (seen.insert((value.type == Node::Type::String ? "\"" : "") + value_text(value)).second)
      continue;
    reject(path, value_text(value) + " stands there twice; each value is run once", value);
  }
  return values;
}

Axis read_axis(const std::string& table, const std::string& key, const Node& node) {
  const std::string path = path_of(table, key);
  check_key(path, key, node);
  Axis axis{.keys = {key}, .places = {config::place(node.origin)}, .points = {}};
  for (Node& value : values_of(path, key, node)) axis.points.push_back({std::move(value)});
  return axis;
}

const std::vector<Node>& tables_of(const Node& node, const char* word) {
  const bool tables = node.type == Node::Type::Array &&
                      std::all_of(node.items.begin(), node.items.end(),
                                  [](const Node& item) { return item.type == Node::Type::Table; });
  if (!tables) {
    reject(std::string("sweep.") + word,
           fmt::format("is {}; write [[sweep.{}]] and the keys below it",
                       config::type_name(node.type), word),
           node);
  }
  return node.items;
}

Axis read_zip(const std::string& path, const Node& node) {
  Axis zip;
  for (std::size_t k = 0; k < node.keys.size(); ++k) {
    const Axis one = read_axis(path, node.keys[k], node.items[k]);
    if (k > 0 && one.points.size() != zip.points.size()) {
      reject(path_of(path, node.keys[k]),
             fmt::format("has {} values, but {} has {}; values that go together must be as many",
                         one.points.size(), config::key_text(zip.keys.front()), zip.points.size()),
             node.items[k]);
    }
    zip.keys.push_back(one.keys.front());
    zip.places.push_back(one.places.front());
    zip.points.resize(one.points.size());
    for (std::size_t i = 0; i < one.points.size(); ++i) {
      zip.points[i].push_back(one.points[i].front());
    }
  }
  if (zip.keys.size() < 2) {
    reject(path, "needs two keys or more; a single key is an axis, written in [sweep] itself",
           node);
  }
  return zip;
}

// Where a key stands among the axes, to check what is skipped.
const Axis* axis_with(const Spec& spec, const std::string& key, std::size_t& position) {
  for (const Axis& axis : spec.axes) {
    const auto found = std::find(axis.keys.begin(), axis.keys.end(), key);
    if (found == axis.keys.end()) continue;
    position = static_cast<std::size_t>(found - axis.keys.begin());
    return &axis;
  }
  return nullptr;
}

void check_skipped(const Spec& spec, const std::string& path, const std::string& key,
                   const Node& value) {
  std::size_t position = 0;
  const Axis* axis = axis_with(spec, key, position);
  if (axis == nullptr) {
    std::vector<std::string_view> known;
    for (const Axis& one : spec.axes) known.insert(known.end(), one.keys.begin(), one.keys.end());
    reject(path,
           "is no key of this sweep" + config::did_you_mean(key, known) + "; its keys are " +
               config::joined(known),
           value);
  }
  std::vector<std::string> texts;
  for (const std::vector<Node>& point : axis->points) {
    if (same_value(point[position], value)) return;
    texts.push_back(value_text(point[position]));
  }
  std::vector<std::string_view> known(texts.begin(), texts.end());
  const std::string near = config::did_you_mean(value_text(value), known);
  if (known.size() > 20) known.resize(20);
  reject(path,
         value_text(value) + " is no value of this key in the sweep" + near + "; its values are " +
             config::joined(known) + (texts.size() > 20 ? ", ..." : ""),
         value);
}

Skip read_skip(const Spec& spec, const std::string& path, const Node& node) {
  Skip skip{.keys = {}, .values = {}, .path = path, .place = config::place(node.origin)};
  for (std::size_t k = 0; k < node.keys.size(); ++k) {
    const Node& value = node.items[k];
    std::vector<Node> values =
        value.type == Node::Type::Array ? value.items : std::vector<Node>{value};
    const std::string at = path_of(path, node.keys[k]);
    if (values.empty()) reject(at, "names no value; leave the key out to mean every value", value);
    for (Node& one : values) {
      pin_file(node.keys[k], one);
      check_skipped(spec, at, node.keys[k], one);
    }
    skip.keys.push_back(node.keys[k]);
    skip.values.push_back(std::move(values));
  }
  if (skip.keys.empty()) reject(path, "names no key; it would leave out every run", node);
  return skip;
}

Until read_until(const Node& node) {
  if (node.type != Node::Type::Table) {
    reject("sweep.until", "must be a table, [sweep.until]", node);
  }
  Until until;
  config::read(node, until, "sweep.until");
  until.place = config::place(node.origin);
  if (until.metric.empty()) reject("sweep.until.metric", "is missing and has no default", node);
  if (until.half_width.has_value() == until.relative.has_value()) {
    reject("sweep.until",
           until.relative ? "has both half_width and relative; keep one of them"
                          : "needs half_width (in the metric's unit) or relative (a share)",
           node);
  }
  if (until.half_width.value_or(1) <= 0 || until.relative.value_or(1) <= 0) {
    reject(until.relative ? "sweep.until.relative" : "sweep.until.half_width",
           "must be above 0, got 0", node);
  }
  if (until.max < until.min) {
    reject("sweep.until.max", fmt::format("{} is below min = {}", until.max, until.min), node);
  }
  return until;
}

void check_keys_once(const Spec& spec) {
  std::vector<std::string> seen;
  for (const Axis& axis : spec.axes) {
    for (std::size_t k = 0; k < axis.keys.size(); ++k) {
      if (std::find(seen.begin(), seen.end(), axis.keys[k]) != seen.end()) {
        throw ScenarioError("sweep." + config::key_text(axis.keys[k]),
                            "is swept twice; a key belongs to one axis or one zip", axis.places[k]);
      }
      if (spec.until && axis.keys[k] == "run.seed") {
        throw ScenarioError("sweep.\"run.seed\"",
                            "is an axis, but [sweep.until] counts the seeds itself, from run.seed "
                            "on; leave one of them out",
                            axis.places[k]);
      }
      seen.push_back(axis.keys[k]);
    }
  }
}

}  // namespace

std::string value_text(const Node& value) {
  switch (value.type) {
    case Node::Type::String:
      return value.text;
    case Node::Type::Integer:
      return std::to_string(value.integer);
    case Node::Type::Real:
      return config::real_text(value.real);
    case Node::Type::Boolean:
      return value.boolean ? "true" : "false";
    case Node::Type::Array:
    case Node::Type::Table:
      break;
  }
  const bool table = value.type == Node::Type::Table;
  std::string text;
  for (std::size_t i = 0; i < value.items.size(); ++i) {
    text += (i > 0 ? ", " : "") +
            (table ? config::key_text(value.keys[i]) + " = " : std::string()) +
            value_text(value.items[i]);
  }
  return table ? "{" + text + "}" : "[" + text + "]";
}

bool same_value(const Node& a, const Node& b) {
  const auto number = [](const Node& n) {
    return n.type == Node::Type::Integer || n.type == Node::Type::Real;
  };
  if (a.type != b.type && !(number(a) && number(b))) return false;
  if (number(a) && a.type != b.type) {
    const Node& whole = a.type == Node::Type::Integer ? a : b;
    return static_cast<double>(whole.integer) == (&whole == &a ? b.real : a.real);
  }
  return value_text(a) == value_text(b);
}

Spec read_spec(const Node& root, const std::string& file) {
  const Node* node = root.find("sweep");
  if (node == nullptr) {
    throw ScenarioError(
        "sweep", "is missing: name what varies, [sweep] \"run.seed\" = { from = 1, to = 10 }",
        file);
  }
  if (node->type != Node::Type::Table) reject("sweep", "must be a table, [sweep]", *node);
  Spec spec;
  for (std::size_t i = 0; i < node->keys.size(); ++i) {
    const std::string& key = node->keys[i];
    if (key == "zip" || key == "skip" || key == "until") continue;
    spec.axes.push_back(read_axis("sweep", key, node->items[i]));
  }
  if (const Node* zips = node->find("zip")) {
    const std::vector<Node>& tables = tables_of(*zips, "zip");
    for (std::size_t i = 0; i < tables.size(); ++i) {
      spec.axes.push_back(read_zip(config::item_path("sweep.zip", i), tables[i]));
    }
  }
  if (const Node* until = node->find("until")) spec.until = read_until(*until);
  check_keys_once(spec);
  if (const Node* skips = node->find("skip")) {
    const std::vector<Node>& tables = tables_of(*skips, "skip");
    for (std::size_t i = 0; i < tables.size(); ++i) {
      spec.skips.push_back(read_skip(spec, config::item_path("sweep.skip", i), tables[i]));
    }
  }
  if (spec.axes.empty() && !spec.until) {
    reject("sweep", "is empty: name what varies, such as \"run.seed\" = { from = 1, to = 10 }",
           *node);
  }
  return spec;
}

}  // namespace mezz::sweep

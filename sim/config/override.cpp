// --set: one assignment from the command line, or one point of a sweep.
#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "sim/check/assert.h"
#include "sim/check/error.h"
#include "sim/config/document.h"
#include "sim/config/nearest.h"
#include "sim/config/scalar.h"
#include "sim/config/toml_reader.h"

namespace mezz::config {
namespace {

constexpr std::size_t kAssignmentBytesMax = 64 * 1024;

struct Step {
  std::string key;                   // a table's key,
  std::optional<std::size_t> index;  // or a position in an array
};

[[noreturn]] void fail(std::string_view path, const std::string& problem) {
  throw ScenarioError(std::string(path.substr(0, 200)), problem, "command line");
}

class PathParser {
 public:
  explicit PathParser(std::string_view text) : text_(text) {}

  std::vector<Step> parse() {
    std::vector<Step> steps;
    steps.push_back({take_key(), {}});
    while (position_ < text_.size()) {
      const char c = text_[position_++];
      if (c == '.') {
        steps.push_back({take_key(), {}});
      } else if (c == '[') {
        steps.push_back({"", take_index()});
      } else {
        fail(text_, "a path is keys joined by dots, with [0] for a position in an array");
      }
      if (steps.size() > kDepthMax) {
        fail(text_, "nested deeper than " + std::to_string(kDepthMax) + " levels");
      }
    }
    return steps;
  }

 private:
  std::string take_key() {
    if (position_ < text_.size() && (text_[position_] == '"' || text_[position_] == '\'')) {
      return take_quoted();
    }
    const std::size_t start = position_;
    while (position_ < text_.size() && key_text(text_.substr(position_, 1)).size() == 1) {
      ++position_;
    }
    if (start == position_) fail(text_, "a key is missing; write a path such as layer2.design");
    return std::string(text_.substr(start, position_ - start));
  }

  std::string take_quoted() {
    const char quote = text_[position_];
    const std::size_t end = text_.find(quote, position_ + 1);
    if (end == std::string_view::npos) fail(text_, "a quoted key has no end");
    std::string key(text_.substr(position_ + 1, end - position_ - 1));
    position_ = end + 1;
    return key;
  }

  std::size_t take_index() {
    std::size_t value = 0;
    const std::size_t start = position_;
    for (; position_ < text_.size() && text_[position_] >= '0' && text_[position_] <= '9';
         ++position_) {
      value = value * 10 + static_cast<std::size_t>(text_[position_] - '0');
      if (value > kValuesMax) fail(text_, "the position in the array is too large");
    }
    if (start == position_ || position_ >= text_.size() || text_[position_] != ']') {
      fail(text_, "a position in an array is written [0]");
    }
    ++position_;
    return value;
  }

  std::string_view text_;
  std::size_t position_ = 0;
};

Node& descend(Node& node, const Step& step, std::string_view path) {
  if (step.index.has_value()) {
    if (node.type != Node::Type::Array) {
      fail(path, "is " + std::string(type_name(node.type)) + ", not an array: [" +
                     std::to_string(*step.index) + "] has no meaning here");
    }
    if (*step.index >= node.items.size()) {
      fail(path, "the array has " + std::to_string(node.items.size()) +
                     " elements, counted from 0; there is no [" + std::to_string(*step.index) +
                     "]");
    }
    return node.items[*step.index];
  }
  if (node.type != Node::Type::Table) {
    fail(path, "'" + step.key + "' cannot be set inside " + std::string(type_name(node.type)) +
                   (node.type == Node::Type::Array ? "; write [0] for its first element" : ""));
  }
  if (Node* existing = node.find(step.key)) return *existing;
  Node fresh;
  fresh.origin = Origin::command_line();
  return node.set(step.key, std::move(fresh));
}

void mark_as_command_line(Node& node) {
  node.origin = Origin::command_line();
  for (Node& item : node.items) mark_as_command_line(item);
}

std::size_t depth_of(const Node& node) {
  std::size_t deepest = 0;
  for (const Node& item : node.items) deepest = std::max(deepest, depth_of(item) + 1);
  return deepest;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Other back ends rely on every string being valid UTF-8, which the parser guarantees for files.
Node string_value(std::string_view path, std::string_view text) {
  try {
    return parse_toml("value = " + toml_string(text), "command line").items.at(0);
  } catch (const ScenarioError&) {
    fail(path, "the value is not valid UTF-8 text");
  }
}

Node parse_value(std::string_view path, std::string_view text) {
  const bool structured = text[0] == '[' || text[0] == '{' || text[0] == '"' || text[0] == '\'';
  try {
    Node parsed = parse_toml("value = " + std::string(text), "command line");
    // A bare word with '#' is text, not a word and a comment; a second line is a second assignment.
    const bool whole = structured || text.find_first_of("\r\n#") == std::string_view::npos;
    if (whole && parsed.keys.size() == 1) return parsed.items[0];
  } catch (const ScenarioError& error) {
    // "2 h", zk_rollup and 2020-01-01 are no TOML values of ours: strings. An array, a table or a
    // quoted string was meant to be TOML, so there the mistake is reported.
    if (structured) fail(path, quote(text) + ": " + error.problem());
  }
  if (structured) fail(path, quote(text) + " is more than one value");
  return string_value(path, text);
}

// The position of the '=' that ends the path: quoted keys may contain one.
std::size_t find_equals(std::string_view text) {
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '=') {
      return i;
    }
  }
  return std::string_view::npos;
}

}  // namespace

void set_value(Document& document, std::string_view path, const Node& value) {
  const std::vector<Step> steps = PathParser(trimmed(path)).parse();
  MEZZ_ASSERT(!steps.empty());
  if (steps.size() + depth_of(value) > kDepthMax) {
    fail(path, "nested deeper than " + std::to_string(kDepthMax) + " levels");
  }
  if (steps[0].key == "extends") fail(path, "can only be written in a file");
  // On a copy, so that a failing assignment leaves the document as it was.
  Node root = document.root;
  Node* target = &root;
  for (const Step& step : steps) target = &descend(*target, step, path);
  Node marked = value;
  mark_as_command_line(marked);
  merge(*target, marked);
  document.root = std::move(root);
}

void apply_override(Document& document, std::string_view assignment) {
  if (assignment.size() > kAssignmentBytesMax) fail(assignment, "longer than 64 KiB");
  const std::size_t equals = find_equals(assignment);
  if (equals == std::string_view::npos) {
    fail("", quote(assignment) + " is no assignment; write key=value, such as run.seed=7");
  }
  const std::string_view path = trimmed(assignment.substr(0, equals));
  const std::string_view text = trimmed(assignment.substr(equals + 1));
  if (path.empty()) fail("", quote(assignment) + " has no key before '='");
  if (text.empty()) fail(path, "has no value after '='; write \"\" for an empty string");
  set_value(document, path, parse_value(path, text));
}

}  // namespace mezz::config

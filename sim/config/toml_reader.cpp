#include "sim/config/toml_reader.h"

#include <toml++/toml.h>

#include <algorithm>
#include <utility>

#include "sim/check/error.h"
#include "sim/config/nearest.h"

namespace mezz::config {
namespace {

// toml++ builds and destroys nested tables by recursion, and dotted keys nest without its own limit
// applying: a two-megabyte key of dots would overflow the stack. So nesting is bounded in the text
// before the parser sees it. Generous, because the exact limit is checked on the tree.
constexpr std::size_t kBracketsMax = 2 * kDepthMax;
constexpr std::size_t kDotsMax = 2 * kDepthMax;

class NestingScan {
 public:
  NestingScan(std::string_view text, const std::string& name) : text_(text), name_(name) {}

  void run() {
    while (position_ < text_.size()) {
      const char c = text_[position_];
      if (c == '"' || c == '\'') {
        skip_string(c);
        continue;
      }
      if (c == '#') {
        position_ = std::min(text_.find('\n', position_), text_.size());
        continue;
      }
      count(c);
      ++position_;
    }
  }

 private:
  void count(char c) {
    if (c == '\n') {
      ++line_;
      line_start_ = position_ + 1;
    }
    if (c == '.') {
      if (++dots_ > kDotsMax) fail();
    } else if (c == '\n' || c == '=' || c == ',' || c == '[' || c == '{') {
      dots_ = 0;
    }
    if (c == '[' || c == '{') {
      if (++brackets_ > kBracketsMax) fail();
    } else if ((c == ']' || c == '}') && brackets_ > 0) {
      --brackets_;
    }
  }

  void skip_string(char quote) {
    const bool multiline = text_.substr(position_, 3) == std::string(3, quote);
    position_ += multiline ? 3 : 1;
    for (; position_ < text_.size(); ++position_) {
      const char c = text_[position_];
      if (c == '\\' && quote == '"' && position_ + 1 < text_.size() &&
          text_[position_ + 1] != '\n') {
        ++position_;
        continue;
      }
      if (c == '\n') {
        if (!multiline) return;  // an error that the parser reports
        ++line_;
        line_start_ = position_ + 1;
      }
      if (c != quote) continue;
      if (!multiline) {
        ++position_;
        return;
      }
      if (text_.substr(position_, 3) == std::string(3, quote)) {
        position_ += 3;
        return;
      }
    }
  }

  [[noreturn]] void fail() const {
    throw ScenarioError(
        "", "nested deeper than " + std::to_string(kDepthMax) + " levels",
        name_ + ":" + std::to_string(line_) + ":" + std::to_string(position_ - line_start_ + 1));
  }

  std::string_view text_;
  const std::string& name_;
  std::size_t position_ = 0;
  std::size_t line_ = 1;
  std::size_t line_start_ = 0;
  std::size_t dots_ = 0;
  std::size_t brackets_ = 0;
};

class Converter {
 public:
  explicit Converter(const std::string& name) : name_(name) {}

  Node convert(const toml::node& source, const std::string& path, std::size_t depth) {
    Node node;
    node.origin = origin_of(source);
    if (depth > kDepthMax) {
      fail(node, path, "nested deeper than " + std::to_string(kDepthMax) + " levels");
    }
    if (++values_ > kValuesMax) {
      fail(node, "", "more than " + std::to_string(kValuesMax) + " values in one file");
    }
    if (const toml::table* table = source.as_table()) {
      convert_table(*table, node, path, depth);
    } else if (const toml::array* array = source.as_array()) {
      node.type = Node::Type::Array;
      node.items.reserve(array->size());
      for (const toml::node& item : *array) {
        node.items.push_back(convert(item, item_path(path, node.items.size()), depth + 1));
      }
    } else {
      convert_value(source, node, path);
    }
    return node;
  }

 private:
  void convert_table(const toml::table& table, Node& node, const std::string& path,
                     std::size_t depth) {
    node.type = Node::Type::Table;
    for (const auto& [key, value] : table) {
      node.keys.emplace_back(key.str());
      node.items.push_back(convert(value, child_path(path, key.str()), depth + 1));
      // The key is where a reader looks; toml++ gives values of inline tables no better place.
      if (!node.items.back().origin.line) node.items.back().origin = place_of(key.source());
    }
  }

  void convert_value(const toml::node& source, Node& node, const std::string& path) const {
    if (const auto* text = source.as_string()) {
      node.type = Node::Type::String;
      node.text = text->get();
    } else if (const auto* integer = source.as_integer()) {
      node.type = Node::Type::Integer;
      node.integer = integer->get();
    } else if (const auto* real = source.as_floating_point()) {
      node.type = Node::Type::Real;
      node.real = real->get();
    } else if (const auto* boolean = source.as_boolean()) {
      node.type = Node::Type::Boolean;
      node.boolean = boolean->get();
    } else {
      fail(node, path, "dates and times are not used here; write a duration such as \"10 min\"");
    }
  }

  [[nodiscard]] Origin place_of(const toml::source_region& region) const {
    return {.kind = Origin::Kind::File,
            .line = static_cast<std::uint32_t>(region.begin.line),
            .column = static_cast<std::uint32_t>(region.begin.column),
            .file = name_};
  }
  [[nodiscard]] Origin origin_of(const toml::node& source) const {
    return place_of(source.source());
  }
  [[noreturn]] void fail(const Node& node, const std::string& path,
                         const std::string& problem) const {
    throw ScenarioError(path, problem, place(node.origin));
  }

  const std::string& name_;
  std::size_t values_ = 0;
};

// Binary files (images, HDF5 results) get one clear sentence instead of a parser's guess.
void reject_binary(std::string_view text, const std::string& name) {
  const std::size_t nul = text.find('\0');
  if (nul == std::string_view::npos) return;
  throw ScenarioError("",
                      "this is not a text file (it has a zero byte at offset " +
                          std::to_string(nul) + "); a scenario is TOML text",
                      name);
}

}  // namespace

Node parse_toml(std::string_view text, const std::string& name) {
  reject_binary(text, name);
  NestingScan(text, name).run();
  try {
    const toml::table table = toml::parse(text);
    return Converter(name).convert(table, "", 0);
  } catch (const toml::parse_error& error) {
    const toml::source_position at = error.source().begin;
    std::string problem(error.description());
    std::replace_if(
        problem.begin(), problem.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; },
        ' ');
    throw ScenarioError("", "not valid TOML: " + problem,
                        name + ":" + std::to_string(at.line) + ":" + std::to_string(at.column));
  }
}

}  // namespace mezz::config

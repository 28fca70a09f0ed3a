#include "gui/model/event_filter.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <set>

#include "sim/config/nearest.h"

namespace mezz::gui {

namespace {

using Node = EventFilter::Node;
using Kind = EventFilter::Kind;
using Compare = EventFilter::Compare;
using Mask = std::vector<std::uint8_t>;

constexpr std::array<std::string_view, 4> kAccounts = {"account", "maker", "taker", "counterparty"};
constexpr int kDepthMax = 64;

bool is_word_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.' || c == '-' ||
         c == '+' || c == '/' || c == '%';
}

struct Unit {
  std::string_view name;
  double factor;
  bool time;
};
constexpr std::array<Unit, 11> kUnits = {{{"", 1.0, false},
                                          {"k", 1e3, false},
                                          {"M", 1e6, false},
                                          {"ns", 1e-9, true},
                                          {"us", 1e-6, true},
                                          {"ms", 1e-3, true},
                                          {"s", 1.0, true},
                                          {"min", 60.0, true},
                                          {"h", 3'600.0, true},
                                          {"d", 86'400.0, true},
                                          {"%", 0.01, false}}};

void read_number(Node& term) {
  char* end = nullptr;
  const double value = std::strtod(term.word.c_str(), &end);
  term.number = std::numeric_limits<double>::quiet_NaN();
  if (end == term.word.c_str()) return;
  for (const Unit& unit : kUnits) {
    if (unit.name != end) continue;
    term.number = value * unit.factor;
    term.is_time = unit.time;
  }
}

// "; did you mean 'account'?", or the list when nothing is near.
std::string suggestion(std::string_view word, const std::set<std::string>& known) {
  const std::vector<std::string_view> names(known.begin(), known.end());
  const std::string near = config::did_you_mean(word, names);
  return near.empty() ? "; there are " + config::joined(names) : near;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Node parse() {
    skip();
    if (at_end()) return {};
    Node node = either();
    skip();
    if (!at_end()) fail("a closing bracket without an opening one");
    return node;
  }

 private:
  [[nodiscard]] bool at_end() const { return at_ >= text_.size(); }
  [[noreturn]] void fail(const std::string& what) const { throw FilterError(at_, what); }
  void skip() {
    while (!at_end() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
  }
  [[nodiscard]] std::string_view peek() const {
    std::size_t end = at_;
    while (end < text_.size() && is_word_character(text_[end])) ++end;
    return text_.substr(at_, end - at_);
  }
  bool keyword(std::string_view word) {
    skip();
    const std::string_view found = peek();
    if (found != word) return false;
    at_ += found.size();
    return true;
  }

  Node either() {
    Node node{.kind = Kind::Or};
    node.parts.push_back(both());
    while (keyword("or")) node.parts.push_back(both());
    return node.parts.size() == 1 ? Node(node.parts[0]) : node;
  }

  Node both() {
    Node node{.kind = Kind::And};
    node.parts.push_back(one());
    for (;;) {
      keyword("and");
      skip();
      if (at_end() || text_[at_] == ')' || peek() == "or") break;
      node.parts.push_back(one());
    }
    return node.parts.size() == 1 ? Node(node.parts[0]) : node;
  }

  Node one() {
    if (++depth_ > kDepthMax) fail("too many brackets");
    skip();
    if (at_end()) fail("a condition such as kind=trade is missing at the end");
    Node node;
    if (keyword("not")) {
      node.kind = Kind::Not;
      node.parts.push_back(one());
    } else if (text_[at_] == '(') {
      ++at_;
      node = either();
      skip();
      if (at_end() || text_[at_] != ')') fail("a closing bracket is missing");
      ++at_;
    } else {
      node = term();
    }
    --depth_;
    return node;
  }

  Node term() {
    Node node{.kind = Kind::Term};
    node.place = at_;
    node.name = peek();
    if (node.name.empty()) fail(fmt::format("'{}' begins no condition", text_[at_]));
    at_ += node.name.size();
    skip();
    node.compare = comparison(node.name);
    skip();
    node.word = value(node.name);
    read_number(node);
    return node;
  }

  Compare comparison(const std::string& name) {
    constexpr std::array<std::pair<std::string_view, Compare>, 8> kSigns = {
        {{"!=", Compare::Differs},
         {"<=", Compare::AtMost},
         {">=", Compare::AtLeast},
         {"==", Compare::Equal},
         {"=", Compare::Equal},
         {"<", Compare::Less},
         {">", Compare::More},
         {"~", Compare::Contains}}};
    for (const auto& [sign, compare] : kSigns) {
      if (!text_.substr(at_).starts_with(sign)) continue;
      at_ += sign.size();
      return compare;
    }
    fail(fmt::format("after '{}' one of = != < <= > >= ~ is expected", name));
  }

  std::string value(const std::string& name) {
    if (!at_end() && text_[at_] == '"') {
      const std::size_t end = text_.find('"', at_ + 1);
      if (end == std::string_view::npos) fail("a closing quote is missing");
      const std::string word(text_.substr(at_ + 1, end - at_ - 1));
      at_ = end + 1;
      return word;
    }
    const std::string word(peek());
    if (word.empty()) fail(fmt::format("a value for '{}' is missing", name));
    at_ += word.size();
    return word;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

bool holds(Compare compare, double a, double b) {
  switch (compare) {
    case Compare::Equal:
      return a == b;
    case Compare::Differs:
      return a != b;
    case Compare::Less:
      return a < b;
    case Compare::AtMost:
      return a <= b;
    case Compare::More:
      return a > b;
    case Compare::AtLeast:
      return a >= b;
    case Compare::Contains:
      return false;
  }
  return false;
}

bool holds(Compare compare, const std::string& a, const std::string& b) {
  if (compare == Compare::Contains) return a.find(b) != std::string::npos;
  if (compare == Compare::Equal) return a == b;
  return compare == Compare::Differs && a != b;
}

bool is_kind(const TableData& table, const std::string& word) {
  return table.name == word || table.name == word + "s" || table.path == word;
}

// Some rows of a table, one after the other.
struct Slice {
  const TableData& table;
  std::size_t first;
  std::size_t count;
};

void compare_column(const ColumnData& column, const Node& term, std::size_t first, Mask& mask) {
  const std::size_t rows = mask.size();
  if (column.is_category()) {
    std::vector<std::uint8_t> fits(256, 0);
    const auto& info = column.info;
    for (std::size_t i = 0; i < info.flag_values.size() && i < info.flag_meanings.size(); ++i) {
      const auto value = static_cast<std::size_t>(info.flag_values[i]);
      if (value < fits.size()) fits[value] = holds(term.compare, info.flag_meanings[i], term.word);
    }
    for (std::size_t i = 0; i < rows; ++i) {
      const auto value = static_cast<std::size_t>(column.stored[first + i]);
      mask[i] |= value < fits.size() ? fits[value] : std::uint8_t{0};
    }
    return;
  }
  if (term.compare == Compare::Contains) {
    for (std::size_t i = 0; i < rows; ++i)
      mask[i] |= static_cast<std::uint8_t>(holds(term.compare, column.text(first + i), term.word));
    return;
  }
  for (std::size_t i = 0; i < rows; ++i)
    mask[i] |=
        static_cast<std::uint8_t>(holds(term.compare, column.number(first + i), term.number));
}

// Points in time are compared in whole nanoseconds: this is the filter of ten million rows.
void compare_times(std::span<const std::int64_t> times, const Node& term, Mask& mask) {
  const auto bound = static_cast<std::int64_t>(std::llround(term.number * 1e9));
  for (std::size_t i = 0; i < times.size(); ++i) {
    const std::int64_t t = times[i];
    bool fits = false;
    switch (term.compare) {
      case Compare::Equal:
        fits = t == bound;
        break;
      case Compare::Differs:
        fits = t != bound;
        break;
      case Compare::Less:
        fits = t < bound;
        break;
      case Compare::AtMost:
        fits = t <= bound;
        break;
      case Compare::More:
        fits = t > bound;
        break;
      case Compare::AtLeast:
        fits = t >= bound;
        break;
      case Compare::Contains:
        break;
    }
    mask[i] |= static_cast<std::uint8_t>(fits);
  }
}

Mask evaluate_term(const Node& term, const Slice& slice) {
  const TableData& table = slice.table;
  Mask mask(slice.count, 0);
  if (term.name == "kind") {
    const bool fits = term.compare == Compare::Contains
                          ? table.name.find(term.word) != std::string::npos
                          : is_kind(table, term.word) == (term.compare == Compare::Equal);
    return Mask(slice.count, static_cast<std::uint8_t>(fits));
  }
  if (term.name == "t") {
    if (table.times().empty()) return mask;
    compare_times(table.times().subspan(slice.first, slice.count), term, mask);
    return mask;
  }
  if (term.name == "account") {
    for (const std::string_view name : kAccounts) {
      if (const ColumnData* column = table.column(name))
        compare_column(*column, term, slice.first, mask);
    }
    return mask;
  }
  if (const ColumnData* column = table.column(term.name))
    compare_column(*column, term, slice.first, mask);
  return mask;
}

Mask evaluate(const Node& node, const Slice& slice) {
  switch (node.kind) {
    case Kind::All:
      return Mask(slice.count, 1);
    case Kind::Term:
      return evaluate_term(node, slice);
    case Kind::Not: {
      Mask mask = evaluate(node.parts[0], slice);
      for (std::uint8_t& m : mask) m ^= 1;
      return mask;
    }
    case Kind::And:
    case Kind::Or:
      break;
  }
  Mask mask = evaluate(node.parts[0], slice);
  for (std::size_t i = 1; i < node.parts.size(); ++i) {
    const Mask other = evaluate(node.parts[i], slice);
    for (std::size_t row = 0; row < mask.size(); ++row) {
      if (node.kind == Kind::And) {
        mask[row] &= other[row];
      } else {
        mask[row] |= other[row];
      }
    }
  }
  return mask;
}

void check_value(const Node& term, const RunData& run) {
  bool category = false;
  bool number = false;
  std::set<std::string> words;
  for (const TableData& table : run.tables) {
    const ColumnData* column = table.column(term.name);
    if (column == nullptr) continue;
    if (!column->is_category()) number = true;
    category = category || column->is_category();
    words.insert(column->info.flag_meanings.begin(), column->info.flag_meanings.end());
  }
  if (term.compare == Compare::Contains || term.name == "kind") return;
  if (category && !number && !words.contains(term.word))
    throw FilterError(term.place, fmt::format("'{}' is no value of {}{}", term.word, term.name,
                                              suggestion(term.word, words)));
  if (!category && std::isnan(term.number))
    throw FilterError(term.place,
                      fmt::format("'{}' is no number; {} is compared with numbers such as 42, "
                                  "1.5M, 30min",
                                  term.word, term.name));
}

void check(const Node& node, const RunData& run) {
  for (const Node& part : node.parts) check(part, run);
  if (node.kind != Kind::Term) return;
  std::set<std::string> kinds;
  std::set<std::string> names = {"kind", "t", "account"};
  for (const TableData& table : run.tables) {
    kinds.insert(table.name);
    for (const ColumnData& column : table.columns) names.insert(column.info.name);
  }
  if (!names.contains(node.name))
    throw FilterError(node.place,
                      fmt::format("no table has '{}'{}", node.name, suggestion(node.name, names)));
  if (node.name == "kind" && node.compare != Compare::Contains) {
    const bool known =
        std::any_of(run.tables.begin(), run.tables.end(),
                    [&](const TableData& table) { return is_kind(table, node.word); });
    if (!known)
      throw FilterError(node.place, fmt::format("'{}' is no kind of event{}", node.word,
                                                suggestion(node.word, kinds)));
  }
  check_value(node, run);
}

}  // namespace

EventFilter::EventFilter(std::string_view text, const RunData& run) {
  root_ = Parser(text).parse();
  check(root_, run);
}

std::vector<std::uint8_t> EventFilter::mask(const TableData& table, std::size_t first,
                                            std::size_t count) const {
  return evaluate(root_, {table, first, count});
}

}  // namespace mezz::gui

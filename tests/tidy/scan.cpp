#include "tests/tidy/scan.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>

namespace mezz::tidy {

namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool is_space(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }

void erase(std::string& text, std::size_t from, std::size_t to) {
  for (std::size_t i = from; i < std::min(to, text.size()); ++i) {
    if (text[i] != '\n') text[i] = ' ';
  }
}

// The end of the literal that starts with the quote at `at` (just behind the closing quote).
std::size_t literal_end(std::string_view text, std::size_t at) {
  const char quote = text[at];
  const bool raw = quote == '"' && at > 0 && text[at - 1] == 'R';
  if (raw) {
    const std::size_t open = text.find('(', at);
    if (open == std::string_view::npos) return text.size();
    const std::string close = ")" + std::string(text.substr(at + 1, open - at - 1)) + "\"";
    const std::size_t end = text.find(close, open);
    return end == std::string_view::npos ? text.size() : end + close.size();
  }
  std::size_t i = at + 1;
  while (i < text.size() && text[i] != quote && text[i] != '\n') i += text[i] == '\\' ? 2 : 1;
  return std::min(i + 1, text.size());
}

std::string_view trimmed(std::string_view s) {
  while (!s.empty() && is_space(s.front())) s.remove_prefix(1);
  while (!s.empty() && is_space(s.back())) s.remove_suffix(1);
  return s;
}

}  // namespace

std::string blanked(std::string_view text, Blank what) {
  std::string out(text);
  std::size_t i = 0;
  while (i < text.size()) {
    const std::string_view rest = text.substr(i);
    if (rest.starts_with("//")) {
      const std::size_t end = std::min(text.find('\n', i), text.size());
      erase(out, i, end);
      i = end;
    } else if (rest.starts_with("/*")) {
      const std::size_t close = text.find("*/", i + 2);
      const std::size_t end = close == std::string_view::npos ? text.size() : close + 2;
      erase(out, i, end);
      i = end;
    } else if (text[i] == '"' || (text[i] == '\'' && (i == 0 || !is_word(text[i - 1])))) {
      // A ' behind a digit separates digits (1'000); behind L, u, U it would be a wide literal,
      // which this project does not use.
      const std::size_t end = literal_end(text, i);
      if (what == Blank::CommentsAndLiterals) erase(out, i + 1, end - 1);
      i = end;
    } else {
      ++i;
    }
  }
  return out;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::size_t columns(std::string_view line) {
  return static_cast<std::size_t>(std::count_if(line.begin(), line.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

std::vector<Include> includes_of(std::string_view text) {
  std::vector<Include> found;
  const std::string code = blanked(text, Blank::Comments);
  int line = 0;
  for (std::string_view rest : lines_of(code)) {
    ++line;
    rest = trimmed(rest);
    if (!rest.starts_with("#")) continue;
    rest = trimmed(rest.substr(1));
    if (!rest.starts_with("include")) continue;
    rest = trimmed(rest.substr(7));
    if (rest.empty() || (rest[0] != '<' && rest[0] != '"')) continue;
    const bool angled = rest[0] == '<';
    const std::size_t end = rest.find(angled ? '>' : '"', 1);
    if (end == std::string_view::npos) continue;
    found.push_back({std::string(rest.substr(1, end - 1)), line, angled});
  }
  return found;
}

std::vector<Identifier> identifiers_of(std::string_view code) {
  std::vector<Identifier> found;
  int line = 1;
  std::size_t counted = 0;
  for (std::size_t i = 0; i < code.size();) {
    if (!is_word(code[i])) {
      ++i;
      continue;
    }
    const std::size_t begin = i;
    const bool number = std::isdigit(static_cast<unsigned char>(code[begin])) != 0;
    while (i < code.size() && (is_word(code[i]) || (number && code[i] == '\''))) ++i;
    if (number) continue;
    Identifier id;
    id.name = code.substr(begin, i - begin);
    line += static_cast<int>(std::count(code.begin() + static_cast<std::ptrdiff_t>(counted),
                                        code.begin() + static_cast<std::ptrdiff_t>(begin), '\n'));
    counted = begin;
    id.line = line;
    std::size_t start = begin;
    while (start >= 2 && code.substr(start - 2, 2) == "::") {
      start -= 2;
      while (start > 0 && is_word(code[start - 1])) --start;
    }
    id.qualifier = code.substr(start, begin - start);
    std::size_t back = start;
    while (back > 0 && is_space(code[back - 1])) --back;
    if (back > 0) id.before = code[back - 1];
    std::size_t word = back;
    while (word > 0 && is_word(code[word - 1])) --word;
    id.before_word = code.substr(word, back - word);
    std::size_t next = i;
    while (next < code.size() && is_space(code[next])) ++next;
    if (next < code.size()) id.after = code[next];
    found.push_back(id);
  }
  return found;
}

namespace {

// Drops what may stand before the part that tells a function from a class: template<...>,
// attributes, access labels, preprocessor lines.
std::string without_prefix(std::string_view head) {
  std::string kept;
  for (const std::string_view line : lines_of(head)) {
    if (!trimmed(line).starts_with("#")) kept += std::string(line) + "\n";
  }
  std::string_view rest = trimmed(kept);
  for (bool changed = true; changed;) {
    changed = false;
    for (const std::string_view label : {"public:", "private:", "protected:"}) {
      if (rest.starts_with(label)) {
        rest = trimmed(rest.substr(label.size()));
        changed = true;
      }
    }
    if (rest.starts_with("[[")) {
      rest = trimmed(rest.substr(std::min(rest.find("]]") + 2, rest.size())));
      changed = true;
    }
    if (rest.starts_with("template")) {
      std::size_t i = rest.find('<');
      int depth = 0;
      while (i < rest.size()) {
        if (rest[i] == '<') ++depth;
        if (rest[i] == '>' && --depth == 0) break;
        ++i;
      }
      rest = trimmed(rest.substr(std::min(i + 1, rest.size())));
      changed = true;
    }
  }
  return std::string(rest);
}

bool starts_with_word(std::string_view text, std::string_view word) {
  return text.starts_with(word) && (text.size() == word.size() || !is_word(text[word.size()]));
}

// What an opening brace outside functions opens.
enum class Opens { Scope, Function, Initializer };

Opens classify(const std::string& head) {
  for (const std::string_view word : {"namespace", "inline namespace", "class", "struct", "union",
                                      "enum", "extern", "typedef struct", "concept"}) {
    if (starts_with_word(head, word) && !(word == "extern" && head.find('(') != std::string::npos))
      return Opens::Scope;
  }
  const std::size_t paren = head.find('(');
  if (paren == std::string::npos) return Opens::Initializer;
  const bool is_operator = head.substr(0, paren + 1).find("operator") != std::string::npos;
  if (!is_operator && head.substr(0, paren).find('=') != std::string::npos)
    return Opens::Initializer;
  return Opens::Function;
}

std::string function_name(const std::string& head) {
  const std::size_t paren = head.find('(');
  std::size_t begin = paren;
  while (begin > 0 &&
         (is_word(head[begin - 1]) || head[begin - 1] == ':' || head[begin - 1] == '~')) {
    --begin;
  }
  std::string name = head.substr(begin, paren - begin);
  if (name.starts_with("TEST")) name = head.substr(begin, head.find(')') + 1 - begin);
  if (name.empty()) name = head.substr(0, paren);
  return name;
}

std::size_t matching_brace(std::string_view code, std::size_t open) {
  int depth = 0;
  for (std::size_t i = open; i < code.size(); ++i) {
    if (code[i] == '{') ++depth;
    if (code[i] == '}' && --depth == 0) return i;
  }
  return code.size();
}

}  // namespace

std::vector<Function> functions_of(std::string_view code) {
  std::vector<Function> found;
  std::size_t head_begin = 0;
  int parens = 0;  // inside (...), braces and semicolons belong to an argument
  for (std::size_t i = 0; i < code.size(); ++i) {
    const char c = code[i];
    if (c == '(') ++parens;
    if (c == ')') parens = std::max(0, parens - 1);
    if (c == ';' || c == '}') {
      if (parens == 0) head_begin = i + 1;
    }
    if (c != '{') continue;
    const std::size_t close = matching_brace(code, i);
    std::size_t next = close + 1;
    while (next < code.size() && is_space(code[next])) ++next;
    const char after = next < code.size() ? code[next] : '\0';
    const std::string head = without_prefix(code.substr(head_begin, i - head_begin));
    // `Foo() : a_{1}, b_{2} {`: braces of member initialisers are part of the head.
    const bool member_init = i > 0 && is_word(code[i - 1]) && (after == ',' || after == '{');
    if (parens > 0 || member_init) {
      i = close;
      continue;
    }
    const Opens opens = classify(head);
    if (opens == Opens::Scope) {
      head_begin = i + 1;
      continue;
    }
    if (opens == Opens::Function) {
      const std::size_t start = code.find(head.substr(0, head.find('\n')), head_begin);
      const auto line_at = [&](std::size_t at) {
        return 1 + static_cast<int>(std::count(
                       code.begin(), code.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
      };
      const int first = line_at(std::min(start, i));
      found.push_back({function_name(head), first, line_at(close) - first + 1});
    }
    i = close;
    head_begin = close + 1;
  }
  return found;
}

bool is_heavy(std::string_view header) {
  constexpr std::array<std::string_view, 11> kPrefixes = {"Eigen/",  "boost/",    "hdf5",    "H5",
                                                          "toml++/", "nlohmann/", "spdlog/", "CLI/",
                                                          "gtest/",  "tbb/",      "toml.hpp"};
  constexpr std::array<std::string_view, 5> kNames = {"iostream", "chrono", "random", "functional",
                                                      "regex"};
  for (const std::string_view prefix : kPrefixes) {
    if (header.starts_with(prefix)) return true;
  }
  if (header.starts_with("fmt/")) return header != "fmt/core.h";
  if (header.size() > 1 && header[0] == 'Q' && std::isupper(header[1]) != 0) return true;
  if (header.starts_with("Qt")) return true;
  return std::find(kNames.begin(), kNames.end(), header) != kNames.end();
}

std::vector<std::string> forbidden_tokens(std::string_view text) {
  static const std::set<std::string_view> kLibm = {
      "exp",  "exp2",  "expm1", "log",   "log2",  "log10",  "log1p",  "pow",  "sin",  "cos",
      "tan",  "asin",  "acos",  "atan",  "atan2", "sinh",   "cosh",   "tanh", "erf",  "erfc",
      "cbrt", "hypot", "asinh", "acosh", "atanh", "tgamma", "lgamma", "expf", "logf", "powf"};
  static const std::set<std::string_view> kNever = {"mt19937",
                                                    "mt19937_64",
                                                    "random_device",
                                                    "default_random_engine",
                                                    "minstd_rand",
                                                    "shared_ptr",
                                                    "make_shared",
                                                    "weak_ptr",
                                                    "system_clock",
                                                    "steady_clock",
                                                    "clock_gettime",
                                                    "gettimeofday",
                                                    "high_resolution_clock"};
  const std::string code = blanked(text, Blank::CommentsAndLiterals);
  bool has_cmath = false;
  for (const Include& include : includes_of(text)) {
    has_cmath = has_cmath || include.name == "cmath" || include.name == "math.h";
  }
  std::vector<std::string> found;
  for (const Identifier& id : identifiers_of(code)) {
    const bool call = id.after == '(';
    const bool standard = id.qualifier == "std::" || id.qualifier == "::";
    const bool member = id.before == '.' || id.before == '>';
    // `return exp(x)` and `y = exp(x)` call; `double exp(double x)` declares.
    const bool bare = id.qualifier.empty() && !member &&
                      (id.before_word.empty() || id.before_word == "return") && id.before != '&' &&
                      id.before != '*';
    std::string why;
    if (kLibm.contains(id.name) && call && (standard || (bare && has_cmath)))
      why = "libm differs between machines; use sim/numeric";
    if ((id.name == "rand" || id.name == "srand") && call && (standard || bare))
      why = "randomness comes from rng()";
    if (kNever.contains(id.name)) why = "not in sim/ and models/ (STYLE.md)";
    if (id.name == "chrono" && id.qualifier == "std::") why = "no wall clock; use sim/types/time.h";
    if (id.name.ends_with("_distribution") && id.qualifier == "std::")
      why = "differs between standard libraries; use sim/random";
    if (id.name == "double" && id.before_word == "long") why = "long double differs between CPUs";
    if (id.name.starts_with("unordered_")) why = "its order may reach a run; use sorted containers";
    if (!why.empty()) {
      found.push_back("line " + std::to_string(id.line) + ": " + std::string(id.qualifier) +
                      std::string(id.name) + ": " + why);
    }
  }
  return found;
}

}  // namespace mezz::tidy

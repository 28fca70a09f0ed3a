// Reads C++ sources the way the tidy tests need: comments and literals blanked, #include lines,
// identifiers with their surroundings, functions with their length. Not a parser: it relies on the
// repository being laid out by clang-format and says nothing about code behind macros of its own.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace mezz::tidy {

enum class Blank { Comments, CommentsAndLiterals };

// The text with comments (and literals) replaced by spaces; every other character keeps its place.
std::string blanked(std::string_view text, Blank what);

struct Include {
  std::string name;
  int line = 0;
  bool angled = false;
};
std::vector<Include> includes_of(std::string_view text);

// One identifier of blanked code. For "a = std::exp (x)": name exp, qualifier "std::", before '=',
// after '('. before_word is the identifier just before, if nothing but spaces lies between.
struct Identifier {
  std::string_view name;
  std::string_view qualifier;
  std::string_view before_word;
  char before = '\0';
  char after = '\0';
  int line = 0;
};
std::vector<Identifier> identifiers_of(std::string_view code);

struct Function {
  std::string name;
  int line = 0;
  int length = 0;  // lines from the one with the name to the closing brace
};
std::vector<Function> functions_of(std::string_view code);

// Width in characters, not bytes.
std::size_t columns(std::string_view line);
std::vector<std::string_view> lines_of(std::string_view text);

// Uses of what must not reach a run: libm, <random>, wall clocks, address order (STYLE.md,
// Determinism). Each entry reads "line 12: std::exp: ...".
std::vector<std::string> forbidden_tokens(std::string_view text);

// True for headers that cost too much in a header of sim/ or models/.
bool is_heavy(std::string_view header);

// The include table: what cmake/layers.cmake says, with LINK edges closed transitively.
class Layers {
 public:
  explicit Layers(std::string_view layers_cmake);

  // May a file (path from the root) include a project header (path from the root)?
  bool allows(const std::string& file, const std::string& header) const;
  const std::map<std::string, std::set<std::string>>& folders() const { return reach_; }

 private:
  struct Library {
    std::vector<std::string> link;
    std::vector<std::string> hidden;  // PRIVATE
  };
  std::string library_of(const std::string& file) const;

  std::map<std::string, std::set<std::string>> reach_;
};

// A cycle of the graph as "a -> b -> a", or empty.
std::string find_cycle(const std::map<std::string, std::vector<std::string>>& edges);

}  // namespace mezz::tidy

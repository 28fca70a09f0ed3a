// The scenario as a tree of plain values, each with the place it came from. Files are TOML 1.0;
// `extends = ["name", "path/to/base.toml"]` loads other files first: tables merge deeply, the later
// file and then the extending file win, arrays and single values replace. A name without '/' and
// without ".toml" is looked up in the catalogue folders; a path is relative to the file that asks.
// Limits against hostile or broken files: 4 MiB each, 64 files, depth 32, 200 000 values.
// Errors: everything wrong throws ScenarioError with file:line:column.
// Left out: TOML dates and times (a duration since the start is a string with a unit).
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mezz::config {

struct Origin {
  enum class Kind : std::uint8_t { Default, File, CommandLine };
  Kind kind = Kind::Default;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::string file;

  static Origin command_line() { return {.kind = Kind::CommandLine, .file = {}}; }
};
// "default", "command line", "file.toml:12"; place() adds the column for messages.
std::string to_text(const Origin& origin);
std::string place(const Origin& origin);

// Where each parameter's value came from, by path; what is not listed is a default.
using Origins = std::map<std::string, Origin>;

struct Node {
  enum class Type : std::uint8_t { Table, Array, String, Integer, Real, Boolean };
  Type type = Type::Table;
  bool boolean = false;
  std::int64_t integer = 0;
  double real = 0;
  std::string text;
  std::vector<std::string> keys;  // of a table: sorted, keys[i] names items[i]
  std::vector<Node> items;        // of a table or an array
  Origin origin;

  [[nodiscard]] const Node* find(std::string_view key) const;
  Node* find(std::string_view key);
  Node& set(const std::string& key, Node value);  // adds or replaces
  void erase(std::string_view key);
};
std::string_view type_name(Node::Type type);  // "a table"

struct SourceFile {
  std::string path;
  std::string text;
};

struct Document {
  Node root;
  std::vector<SourceFile> sources;  // in the order they were opened; the scenario itself is first
};

inline constexpr std::size_t kFileBytesMax = 4 * 1024 * 1024;
inline constexpr std::size_t kFilesMax = 64;
inline constexpr std::size_t kDepthMax = 32;
inline constexpr std::size_t kValuesMax = 200'000;

using Catalogue = std::vector<std::string>;  // folders, searched in order

Document load_file(const std::string& path, const Catalogue& catalogue = {});
// The same for text that is no file (editor, result file, test); paths are relative to `name`.
Document load_text(std::string_view text, const std::string& name, const Catalogue& catalogue = {});
// The path of a scenario given as an existing file or as a catalogue name.
std::string find_scenario(const std::string& path_or_name, const Catalogue& catalogue);

// Later values win: tables merge, everything else replaces.
void merge(Node& base, const Node& over);

// --set: "layer2.design=zk_rollup", "run.duration=2 h", "shock[0].at=\"10 min\"", "a=[1, 2]".
// The value is TOML; what is not (a bare word, a number with a unit) is a string.
void apply_override(Document& document, std::string_view assignment);
// The same for a value already at hand (sweeps): the path as in --set.
void set_value(Document& document, std::string_view path, const Node& value);

// One key as it is written in a path: quoted unless it is a bare TOML key.
std::string key_text(std::string_view key);
std::string child_path(const std::string& path, std::string_view key);
std::string item_path(const std::string& path, std::size_t index);

}  // namespace mezz::config

#include "tests/tidy/tree.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/tidy/scan.h"

namespace mezz::tidy {

namespace fs = std::filesystem;

namespace {

constexpr std::array<std::string_view, 10> kFolders = {
    "sim",      "models", "scenarios", "analysis", "gui",
    "examples", "tests",  "cmake",     "scripts",  ".ci"};
constexpr std::array<std::string_view, 9> kTextEndings = {".h",    ".cpp",  ".cmake", ".md", ".py",
                                                          ".toml", ".json", ".txt",   ""};

bool is_source(std::string_view path) { return path.ends_with(".h") || path.ends_with(".cpp"); }

bool is_text(const fs::path& path) {
  return std::find(kTextEndings.begin(), kTextEndings.end(), path.extension().string()) !=
         kTextEndings.end();
}

std::vector<File> load() {
  const fs::path root(MEZZ_SOURCE_DIR);
  std::vector<fs::path> paths;
  for (const fs::directory_entry& entry : fs::directory_iterator(root)) {
    if (entry.path().filename() == ".git") continue;  // in a second worktree: where the first is
    if (entry.is_regular_file() && is_text(entry.path())) paths.push_back(entry.path());
  }
  for (const std::string_view folder : kFolders) {
    if (!fs::is_directory(root / folder)) continue;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root / folder)) {
      if (entry.is_regular_file() && is_text(entry.path())) paths.push_back(entry.path());
    }
  }
  std::vector<File> files;
  for (const fs::path& path : paths) {
    const std::string name = path.lexically_relative(root).generic_string();
    if (name.find("__pycache__") == std::string::npos) files.push_back({name, read(name)});
  }
  std::sort(files.begin(), files.end(),
            [](const File& a, const File& b) { return a.path < b.path; });
  return files;
}

}  // namespace

std::string read(const std::string& path) {
  std::ifstream in(fs::path(MEZZ_SOURCE_DIR) / path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

bool exists(const std::string& path) { return fs::exists(fs::path(MEZZ_SOURCE_DIR) / path); }
bool is_header(std::string_view path) { return path.ends_with(".h"); }
bool in_run(std::string_view path) {
  return path.starts_with("sim/") || path.starts_with("models/");
}

const std::vector<File>& texts() {
  static const std::vector<File> files = load();
  return files;
}

const std::vector<File>& sources() {
  static const std::vector<File> files = [] {
    std::vector<File> kept;
    for (const File& file : texts()) {
      if (is_source(file.path)) kept.push_back(file);
    }
    return kept;
  }();
  return files;
}

std::map<std::string, int> ratchet() {
  std::map<std::string, int> allowed;
  const std::string text = read("tests/tidy/ratchet.txt");
  for (const std::string_view line : lines_of(text)) {
    if (line.empty() || line[0] == '#') continue;
    const std::size_t space = line.rfind(' ');
    allowed[std::string(line.substr(0, space))] = std::stoi(std::string(line.substr(space + 1)));
  }
  return allowed;
}

std::string joined(const std::vector<std::string>& complaints) {
  std::string text = std::to_string(complaints.size()) + " found";
  for (const std::string& complaint : complaints) text += "\n  " + complaint;
  return text;
}

}  // namespace mezz::tidy

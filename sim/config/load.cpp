// Files, `extends` and the catalogue.
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "sim/check/error.h"
#include "sim/config/document.h"
#include "sim/config/nearest.h"
#include "sim/config/toml_reader.h"

namespace mezz::config {
namespace {

namespace fs = std::filesystem;

struct FileCloser {
  std::FILE* file;
  ~FileCloser() {
    if (file != nullptr) std::fclose(file);
  }
};

// asked: ", asked for by a.toml:3:12" or "".
std::string read_whole_file(const std::string& path, const std::string& asked) {
  std::error_code code;
  const fs::file_status status = fs::status(path, code);
  if (status.type() == fs::file_type::not_found) {
    throw ScenarioError("", "there is no such file" + asked, path);
  }
  if (fs::is_directory(status)) {
    throw ScenarioError("", "this is a directory; a scenario is a TOML file" + asked, path);
  }
  // A pipe or a device would block or never end.
  if (!fs::is_regular_file(status)) {
    throw ScenarioError("", "this is not a regular file" + asked, path);
  }
  const FileCloser closer{std::fopen(path.c_str(), "rb")};
  if (closer.file == nullptr) {
    throw ScenarioError("", "cannot be opened: " + std::string(std::strerror(errno)) + asked, path);
  }
  std::string text;  // as long as the file, not as its limit: documents keep it
  char chunk[1 << 14];
  while (const std::size_t bytes = std::fread(chunk, 1, sizeof chunk, closer.file)) {
    text.append(chunk, bytes);
    if (text.size() > kFileBytesMax) {
      throw ScenarioError("", "larger than 4 MiB, the limit for a scenario file" + asked, path);
    }
  }
  if (std::ferror(closer.file) != 0) throw ScenarioError("", "cannot be read" + asked, path);
  if (text.find_first_not_of(" \t\r\n") == std::string::npos) {
    throw ScenarioError("", "the file is empty" + asked, path);
  }
  return text;
}

bool path_exists(const fs::path& path) {
  std::error_code code;
  return fs::exists(path, code);
}

bool is_name(const std::string& reference) {
  return reference.find('/') == std::string::npos && !reference.ends_with(".toml");
}

std::vector<std::string> catalogue_names(const Catalogue& catalogue) {
  std::vector<std::string> names;
  for (const std::string& folder : catalogue) {
    std::error_code code;
    fs::directory_iterator it(folder, code);
    for (; !code && it != fs::directory_iterator(); it.increment(code)) {
      if (it->path().extension() == ".toml") names.push_back(it->path().stem().string());
    }
  }
  // The order of a directory is the file system's; messages must not depend on it.
  std::sort(names.begin(), names.end());
  return names;
}

// The catalogue's file, or empty.
std::string in_catalogue(const std::string& name, const Catalogue& catalogue) {
  for (const std::string& folder : catalogue) {
    const fs::path candidate = fs::path(folder) / (name + ".toml");
    if (path_exists(candidate)) return candidate.string();
  }
  return {};
}

std::string not_in_catalogue(const std::string& name, const Catalogue& catalogue) {
  const std::vector<std::string> names = catalogue_names(catalogue);
  const std::vector<std::string_view> views(names.begin(), names.end());
  return "there is no scenario named " + quote(name) + " in the catalogue" +
         did_you_mean(name, views);
}

class Loader {
 public:
  explicit Loader(const Catalogue& catalogue) : catalogue_(catalogue) {}

  Document finish(Node root) {
    return Document{.root = std::move(root), .sources = std::move(sources_)};
  }

  Node load_path(const std::string& path, const std::string& asked) {
    return load(read_whole_file(path, asked), path);
  }

  Node load(std::string text, const std::string& path) {
    if (sources_.size() == kFilesMax) {
      throw ScenarioError("extends", "more than " + std::to_string(kFilesMax) + " files", path);
    }
    Node own = parse_toml(text, path);
    sources_.push_back({path, std::move(text)});
    const Node* extends = own.find("extends");
    if (extends == nullptr) return own;
    chain_.push_back(path);
    Node base;
    for (const Node& reference : references(*extends)) merge(base, load_base(reference, path));
    chain_.pop_back();
    own.erase("extends");
    merge(base, own);
    return base;
  }

 private:
  static std::vector<Node> references(const Node& extends) {
    bool fine = extends.type == Node::Type::Array;
    for (const Node& item : extends.items) fine = fine && item.type == Node::Type::String;
    if (fine) return extends.items;
    throw ScenarioError("extends",
                        "must be an array of catalogue names or paths, such as [\"perp_market\"]",
                        place(extends.origin));
  }

  Node load_base(const Node& reference, const std::string& from) {
    const std::string asked = ", asked for by " + place(reference.origin);
    std::string path = in_catalogue_or_beside(reference, from);
    check_cycle(path, reference.origin);
    return load_path(path, asked);
  }

  std::string in_catalogue_or_beside(const Node& reference, const std::string& from) const {
    const std::string& name = reference.text;
    if (name.empty() || name.find('\0') != std::string::npos) {
      throw ScenarioError("extends", "an empty name", place(reference.origin));
    }
    if (!is_name(name)) return (fs::path(from).parent_path() / name).lexically_normal().string();
    std::string path = in_catalogue(name, catalogue_);
    if (!path.empty()) return path;
    const fs::path beside = fs::path(from).parent_path() / (name + ".toml");
    if (path_exists(beside)) return beside.lexically_normal().string();
    throw ScenarioError("extends", not_in_catalogue(name, catalogue_), place(reference.origin));
  }

  void check_cycle(const std::string& path, const Origin& origin) const {
    const auto same = [&](const std::string& other) {
      std::error_code code;
      return other == path || fs::equivalent(other, path, code);
    };
    const auto first = std::find_if(chain_.begin(), chain_.end(), same);
    if (first == chain_.end()) return;
    std::string text;
    for (auto it = first; it != chain_.end(); ++it) text += *it + " -> ";
    throw ScenarioError("extends", "files extend each other in a cycle: " + text + path,
                        place(origin));
  }

  const Catalogue& catalogue_;
  std::vector<SourceFile> sources_;
  std::vector<std::string> chain_;  // the files being loaded, outermost first
};

}  // namespace

Document load_file(const std::string& path, const Catalogue& catalogue) {
  Loader loader(catalogue);
  Node root = loader.load_path(path, "");
  return loader.finish(std::move(root));
}

Document load_text(std::string_view text, const std::string& name, const Catalogue& catalogue) {
  if (text.size() > kFileBytesMax) {
    throw ScenarioError("", "larger than 4 MiB, the limit for a scenario file", name);
  }
  Loader loader(catalogue);
  Node root = loader.load(std::string(text), name);
  return loader.finish(std::move(root));
}

std::string find_scenario(const std::string& path_or_name, const Catalogue& catalogue) {
  std::error_code code;
  if (fs::is_regular_file(path_or_name, code)) return path_or_name;
  if (path_or_name.empty() || !is_name(path_or_name)) return path_or_name;  // load_file explains
  std::string path = in_catalogue(path_or_name, catalogue);
  if (!path.empty()) return path;
  if (path_exists(path_or_name)) return path_or_name;
  throw ScenarioError("", not_in_catalogue(path_or_name, catalogue));
}

}  // namespace mezz::config

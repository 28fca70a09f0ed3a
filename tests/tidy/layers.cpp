#include <algorithm>
#include <sstream>

#include "tests/tidy/scan.h"

namespace mezz::tidy {

namespace {

struct Ban {
  std::string_view from;
  std::string_view to;
};

// What no line of layers.cmake may make legal (DESIGN: scenarios -> models -> sim; analysis reads
// the result file; Qt and its widgets are the top).
constexpr Ban kBans[] = {
    {"sim/", "models/"},
    {"sim/", "scenarios/"},
    {"sim/", "analysis/"},
    {"sim/", "gui/"},
    {"models/", "scenarios/"},
    {"models/", "analysis/"},
    {"models/", "gui/"},
    {"analysis/", "models/"},
    {"analysis/", "scenarios/"},
    {"analysis/", "gui/"},
    {"analysis/", "sim/engine/"},
    {"analysis/", "sim/world/"},
    {"analysis/", "sim/random/"},
    {"scenarios/", "gui/"},
    {"sim/", "tests/"},
    {"models/", "tests/"},
    {"scenarios/", "tests/"},
    {"analysis/", "tests/"},
    {"gui/model/", "gui/widgets/"},
    {"gui/laboratory/", "gui/results/"},
    {"gui/results/", "gui/laboratory/"},
    {"gui/", "tests/"},
    {"examples/", "tests/"},
};

bool is_ours(const std::string& name) {
  return name.starts_with("sim/") || name == "models" || name.starts_with("models/") ||
         name == "scenarios" || name.starts_with("scenarios/") || name == "analysis" ||
         name.starts_with("analysis/") || name.starts_with("gui/");
}

std::string folder_of(const std::string& file) {
  const std::size_t slash = file.rfind('/');
  return slash == std::string::npos ? std::string() : file.substr(0, slash);
}

std::string without_comments(std::string_view cmake) {
  std::string kept;
  for (const std::string_view line : lines_of(cmake)) {
    kept += std::string(line.substr(0, line.find('#'))) + "\n";
  }
  return kept;
}

}  // namespace

Layers::Layers(std::string_view layers_cmake) {
  constexpr std::string_view kCall = "mezz_library(";
  const std::string text = without_comments(layers_cmake);
  std::map<std::string, Library> libraries;
  for (std::size_t at = text.find(kCall); at != std::string::npos; at = text.find(kCall, at + 1)) {
    const std::size_t begin = at + kCall.size();
    std::istringstream words(text.substr(begin, text.find(')', begin) - begin));
    std::string folder;
    words >> folder;
    Library& library = libraries[folder];
    std::vector<std::string>* list = nullptr;
    for (std::string word; words >> word;) {
      if (word == "RECURSE") continue;
      if (word == "LINK") {
        list = &library.link;
      } else if (word == "PRIVATE") {
        list = &library.hidden;
      } else if (list != nullptr && is_ours(word)) {
        list->push_back(word);
      }
    }
  }
  for (const auto& [folder, library] : libraries) {
    std::set<std::string>& reach = reach_[folder];
    reach.insert(folder);
    std::vector<std::string> open = library.link;
    open.insert(open.end(), library.hidden.begin(), library.hidden.end());
    while (!open.empty()) {
      const std::string next = open.back();
      open.pop_back();
      if (!reach.insert(next).second) continue;
      const auto found = libraries.find(next);
      if (found == libraries.end()) continue;
      open.insert(open.end(), found->second.link.begin(), found->second.link.end());
    }
  }
}

std::string Layers::library_of(const std::string& file) const {
  for (std::string folder = folder_of(file); !folder.empty(); folder = folder_of(folder)) {
    if (reach_.contains(folder)) return folder;
  }
  return {};
}

bool Layers::allows(const std::string& file, const std::string& header) const {
  for (const Ban& ban : kBans) {
    if (file.starts_with(ban.from) && header.starts_with(ban.to)) return false;
  }
  // The program is in no library: cmake/program.cmake links it to all of them.
  if (file == "scenarios/mezz.cpp") return true;
  const std::string from = library_of(file);
  // Folders without a library of their own (tests, examples, the umbrella header, the registry)
  // see everything the bans leave them.
  if (from.empty()) return true;
  const std::string to = library_of(header);
  const std::set<std::string>& reach = reach_.at(from);
  // The umbrella sim/sim.h is for those who see the whole laboratory.
  if (to.empty()) return folder_of(header) == "sim" && reach.contains("sim/world");
  return reach.contains(to);
}

namespace {

using Edges = std::map<std::string, std::vector<std::string>>;

// Depth first; `path` holds the nodes being visited.
bool visit(const Edges& edges, const std::string& node, std::vector<std::string>& path,
           std::set<std::string>& done) {
  if (done.contains(node)) return false;
  const bool seen = std::find(path.begin(), path.end(), node) != path.end();
  path.push_back(node);
  if (seen) return true;
  const auto found = edges.find(node);
  if (found != edges.end()) {
    for (const std::string& next : found->second) {
      if (visit(edges, next, path, done)) return true;
    }
  }
  path.pop_back();
  done.insert(node);
  return false;
}

}  // namespace

std::string find_cycle(const Edges& edges) {
  std::set<std::string> done;
  for (const auto& entry : edges) {
    std::vector<std::string> path;
    if (!visit(edges, entry.first, path, done)) continue;
    const auto first = std::find(path.begin(), path.end(), path.back());
    std::string text;
    for (auto node = first; node != path.end(); ++node) {
      text += (text.empty() ? "" : " -> ") + *node;
    }
    return text;
  }
  return {};
}

}  // namespace mezz::tidy

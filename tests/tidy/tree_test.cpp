// The rules of the repository, checked on its files. Each test lists every place that breaks it.
#include "tests/tidy/tree.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "tests/tidy/scan.h"

namespace mezz::tidy {
namespace {

using Complaints = std::vector<std::string>;

constexpr int kFileLinesMax = 700;
constexpr int kFunctionLinesMax = 70;
constexpr int kColumnsMax = 100;
constexpr int kUmbrellaLinesMax = 30'000;

const std::set<std::string>& top_folders() {
  static const std::set<std::string> names = {"sim", "models",   "scenarios", "analysis",
                                              "gui", "examples", "tests"};
  return names;
}

bool is_ours(const Include& include) {
  return !include.angled && top_folders().contains(include.name.substr(0, include.name.find('/')));
}

std::string place(const File& file, int line) { return file.path + ":" + std::to_string(line); }

// Holds a value against its limit, or against its line in the ratchet, which is then used up.
class Limit {
 public:
  explicit Limit(std::string kind) : kind_(std::move(kind)) {
    for (const auto& [key, value] : ratchet()) {
      if (key.starts_with(kind_ + " ")) open_[key] = value;
    }
  }
  void check(const std::string& what, int value, int limit, const std::string& where) {
    const auto entry = open_.find(kind_ + " " + what);
    if (value <= limit) return;
    if (entry != open_.end() && value <= entry->second) {
      used_.insert(entry->first);
      return;
    }
    complaints_.push_back(where + ": " + std::to_string(value) + " lines, at most " +
                          std::to_string(entry != open_.end() ? entry->second : limit));
  }
  Complaints finish() {
    for (const auto& [key, value] : open_) {
      if (!used_.contains(key)) complaints_.push_back("ratchet.txt: no longer needed: " + key);
    }
    return complaints_;
  }

 private:
  std::string kind_;
  std::map<std::string, int> open_;
  std::set<std::string> used_;
  Complaints complaints_;
};

TEST(Tidy, TheTreeIsRead) {
  // Guards the other tests against passing on an empty list.
  EXPECT_GE(sources().size(), 20U);
  EXPECT_TRUE(exists("sim/types/time.h"));
  const Layers layers(read("cmake/layers.cmake"));
  EXPECT_GE(layers.folders().size(), 15U);
}

TEST(Tidy, IncludesFollowTheLayers) {
  const Layers layers(read("cmake/layers.cmake"));
  Complaints complaints;
  for (const File& file : sources()) {
    for (const Include& include : includes_of(file.text)) {
      if (is_ours(include) && !layers.allows(file.path, include.name))
        complaints.push_back(place(file, include.line) + " must not include " + include.name);
    }
  }
  EXPECT_TRUE(complaints.empty()) << joined(complaints);
}

TEST(Tidy, EveryLayerIsAFolderAndEveryRunFolderIsALayer) {
  const Layers layers(read("cmake/layers.cmake"));
  Complaints complaints;
  for (const auto& [folder, reach] : layers.folders()) {
    if (!exists(folder)) complaints.push_back("layers.cmake names " + folder + ", no such folder");
    for (const std::string& other : reach) {
      if (!layers.folders().contains(other))
        complaints.push_back("layers.cmake: " + folder + " links " + other + ", not declared");
    }
  }
  for (const File& file : sources()) {
    if (!in_run(file.path)) continue;
    const bool direct = std::count(file.path.begin(), file.path.end(), '/') == 1;
    const bool covered =
        std::any_of(layers.folders().begin(), layers.folders().end(),
                    [&](const auto& entry) { return file.path.starts_with(entry.first + "/"); });
    if (!direct && !covered) complaints.push_back(file.path + " is in no library of layers.cmake");
  }
  EXPECT_TRUE(complaints.empty()) << joined(complaints);
}

TEST(Tidy, ProjectIncludesNameFilesThatExist) {
  Complaints complaints;
  for (const File& file : sources()) {
    for (const Include& include : includes_of(file.text)) {
      if (include.angled) continue;
      if (!is_ours(include) || !exists(include.name))
        complaints.push_back(place(file, include.line) + ": \"" + include.name +
                             "\" is no file, seen from the root");
    }
  }
  EXPECT_TRUE(complaints.empty()) << joined(complaints);
}

TEST(Tidy, RunHeadersIncludeNothingHeavy) {
  Complaints complaints;
  for (const File& file : sources()) {
    if (!in_run(file.path) || !is_header(file.path)) continue;
    // The one place where HDF5 identifiers are wrapped; only .cpp files of its folder include it.
    if (file.path == "sim/record/hdf5_handle.h") continue;
    for (const Include& include : includes_of(file.text)) {
      if (is_heavy(include.name))
        complaints.push_back(place(file, include.line) + " includes " + include.name);
    }
  }
  EXPECT_TRUE(complaints.empty()) << joined(complaints);
}

TEST(Tidy, QtStaysInTheGuiAndOutOfItsModel) {
  Complaints complaints;
  for (const File& file : sources()) {
    const bool gui = file.path.starts_with("gui/") || file.path.starts_with("tests/gui/") ||
                     file.path.starts_with("tests/performance/");
    const bool model = file.path.find("gui/model/") != std::string::npos;
    if (gui && !model) continue;
    for (const Include& include : includes_of(file.text)) {
      if (include.angled && include.name.starts_with("Q") && include.name != "QuantLib")
        complaints.push_back(place(file, include.line) + " includes " + include.name);
    }
  }
  EXPECT_TRUE(complaints.empty()) << joined(complaints);
}

TEST(Tidy, NothingThatDiffersBetweenMachinesReachesARun) {
  Complaints complaints;
  for (const File& file : sources()) {
    // sim/numeric replaces libm and documents what it uses; sim/record writes what has happened.
    const bool exempt =
        file.path.starts_with("sim/numeric/") || file.path.starts_with("sim/record/");
    if (!in_run(file.path) || exempt) continue;
    for (const std::string& found : forbidden_tokens(file.text)) {
      complaints.push_back(file.path + " " + found);
    }
  }
  EXPECT_TRUE(complaints.empty()) << joined(complaints);
}

TEST(Tidy, FilesAreShort) {
  Limit limit("file-lines");
  for (const File& file : sources()) {
    limit.check(file.path, static_cast<int>(lines_of(file.text).size()), kFileLinesMax, file.path);
  }
  const Complaints complaints = limit.finish();
  EXPECT_TRUE(complaints.empty()) << joined(complaints);
}

TEST(Tidy, FunctionsAreShort) {
  Limit limit("function-lines");
  for (const File& file : sources()) {
    const std::string code = blanked(file.text, Blank::CommentsAndLiterals);
    for (const Function& function : functions_of(code)) {
      limit.check(file.path + " " + function.name, function.length, kFunctionLinesMax,
                  place(file, function.line) + " " + function.name);
    }
  }
  const Complaints complaints = limit.finish();
  EXPECT_TRUE(complaints.empty()) << joined(complaints);
}

TEST(Tidy, LinesFitInOneHundredColumns) {
  Complaints complaints;
  for (const File& file : sources()) {
    int number = 0;
    for (const std::string_view line : lines_of(file.text)) {
      ++number;
      if (columns(line) > kColumnsMax) complaints.push_back(place(file, number));
    }
  }
  EXPECT_TRUE(complaints.empty()) << joined(complaints);
}

TEST(Tidy, HeadersSayWhatTheyModelAndHavePragmaOnce) {
  Complaints complaints;
  for (const File& file : sources()) {
    if (!is_header(file.path)) continue;
    if (!file.text.starts_with("//")) complaints.push_back(file.path + " starts with no comment");
    const std::string code = blanked(file.text, Blank::Comments);
    if (code.find("#pragma once") == std::string::npos)
      complaints.push_back(file.path + " has no #pragma once");
  }
  EXPECT_TRUE(complaints.empty()) << joined(complaints);
}

TEST(Tidy, IncludesHaveNoCycle) {
  std::map<std::string, std::vector<std::string>> edges;
  for (const File& file : sources()) {
    for (const Include& include : includes_of(file.text)) {
      if (is_ours(include)) edges[file.path].push_back(include.name);
    }
  }
  EXPECT_EQ(find_cycle(edges), "");
}

TEST(Tidy, EveryFolderWithSourcesHasAReadme) {
  std::set<std::string> folders;
  for (const File& file : sources()) {
    // The folders below tests/ mirror the tree; one page explains them all.
    if (file.path.starts_with("tests/")) {
      folders.insert("tests");
    } else {
      folders.insert(file.path.substr(0, file.path.rfind('/')));
    }
  }
  Complaints complaints;
  for (const std::string& folder : folders) {
    if (!exists(folder + "/README.md")) complaints.push_back(folder + "/README.md is missing");
  }
  EXPECT_TRUE(complaints.empty()) << joined(complaints);
}

TEST(Tidy, NothingNamesAMachineOrPutsWorkOff) {
  // Written in two halves, so that this file does not find itself.
  const std::array<std::string, 4> paths = {
      "/wo"
      "rk/",
      "/ho"
      "me/",
      "/ro"
      "ot/",
      "/Us"
      "ers/"};
  const std::set<std::string_view> words = {
      "TO"
      "DO",
      "FIX"
      "ME",
      "XX"
      "X"};
  Complaints complaints;
  for (const File& file : texts()) {
    int number = 0;
    for (const std::string_view line : lines_of(file.text)) {
      ++number;
      for (const std::string& path : paths) {
        const std::size_t at = line.find(path);
        const bool inside =
            at != std::string_view::npos && at > 0 &&
            (std::isalnum(static_cast<unsigned char>(line[at - 1])) != 0 || line[at - 1] == '_' ||
             line[at - 1] == '.' || line[at - 1] == '}' || line[at - 1] == '-');
        if (at != std::string_view::npos && !inside)
          complaints.push_back(place(file, number) + ": path of one machine: " + path);
      }
      for (const Identifier& id : identifiers_of(line)) {
        if (words.contains(id.name))
          complaints.push_back(place(file, number) + ": " + std::string(id.name));
      }
    }
  }
  EXPECT_TRUE(complaints.empty()) << joined(complaints);
}

TEST(Tidy, TheUmbrellaHeaderStaysSmall) {
  if (!exists("sim/sim.h")) GTEST_SKIP() << "sim/sim.h is not there";
  const std::string root = MEZZ_SOURCE_DIR;
  const std::string command = std::string("'") + MEZZ_CXX_COMPILER + "' -std=c++20 -E -P -I '" +
                              root + "' -x c++ '" + root + "/sim/sim.h' 2>/dev/null";
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), &pclose);
  ASSERT_NE(pipe, nullptr);
  int lines = 0;
  for (int c = std::fgetc(pipe.get()); c != EOF; c = std::fgetc(pipe.get())) lines += c == '\n';
  EXPECT_GT(lines, 100) << "the preprocessor failed: " << command;
  EXPECT_LE(lines, kUmbrellaLinesMax);
}

}  // namespace
}  // namespace mezz::tidy

// The files of the repository, as the tidy tests read them: paths from the root with '/', texts
// whole. Build folders, results and hidden folders (except .ci) are left out.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mezz::tidy {

struct File {
  std::string path;
  std::string text;
};

// C++ sources and headers below the folders of the project, sorted by path.
const std::vector<File>& sources();
// The same and everything else we write: scripts, CMake, Markdown, TOML, Python.
const std::vector<File>& texts();

bool is_header(std::string_view path);
// In sim/ or models/: what decides the course of a run.
bool in_run(std::string_view path);
bool exists(const std::string& path);
std::string read(const std::string& path);

// tests/tidy/ratchet.txt: "function-lines PATH NAME N" and "file-lines PATH N" allow a place that
// was over the limit to stay at N, not to grow. Keys are "function-lines PATH NAME".
std::map<std::string, int> ratchet();

// One line per complaint, for EXPECT_TRUE(...) << joined(...).
std::string joined(const std::vector<std::string>& complaints);

}  // namespace mezz::tidy

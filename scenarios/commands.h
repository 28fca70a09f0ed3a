// The commands of `mezz`, one function each; mezz.cpp only parses words. Return values are exit
// codes: 0 fine; 1 a limit, comparison or reproduction failed; 2 bad usage or scenario; 3 I/O; 130
// interrupted.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace mezz::commands {

struct ScenarioArguments {
  std::string scenario;          // file or catalogue name
  std::vector<std::string> set;  // key=value
  std::optional<std::string> seed;
};

struct RunArguments {
  ScenarioArguments scenario;
  std::string out;
  std::string until;
  std::string snapshot;
  std::string restore;
  bool json = false;
  bool quiet = false;
};

struct CompareArguments {
  std::vector<std::string> paths;  // one folder, or result files
  std::string by;                  // empty: what is clear by itself
  std::string baseline;
  std::vector<std::string> metrics;
  std::string paired_on = "run.seed";
  double level = 0.95;
  bool json = false;
};

struct AnalyseArguments {
  std::vector<std::string> paths;  // one folder, or result files
  std::vector<std::string> metrics;
  // None of the three: all that the runs support.
  bool sensitivity = false;
  std::vector<std::string> surface;  // two keys, or none
  bool tail = false;
  double share = 0.1;  // of the values that the tail is fitted to
  std::optional<double> threshold;
  double p = 0.99;
  double level = 0.95;
  bool json = false;
};

int list(bool json);
int check(const ScenarioArguments& arguments);
int resolve(const ScenarioArguments& arguments);
int schema();
int parameters(const std::vector<std::string>& sections, const std::string& design);
int run(const RunArguments& arguments);
int info(const std::string& path, bool json);
int diff(const std::string& first, const std::string& second);
int compare(const CompareArguments& arguments);
int analyse(const AnalyseArguments& arguments);
int reproduce(const std::string& path);
int vectors(const std::string& path);
int export_table(const std::string& path, const std::string& table);
// Replaces this program by the viewer, with these words. Returns only when that failed: 3.
int view(const std::vector<std::string>& words);
int recover(const std::string& part, const std::string& out);

}  // namespace mezz::commands

// `mezz validate`: the table of laws. One line per row: id, quantity, what the law gives, what the
// simulation gives, its 95 % interval, pass. Names are those of the .toml files, ids of the
// reference sheet ("A-Q-1"), a prefix of an id that ends with '-' ("A-Q-"), or a path of another
// file. Overrides apply to every case named; without names there can be none.
#pragma once

#include <string>
#include <vector>

#include "scenarios/validation/registry.h"

namespace mezz::validation {

struct ValidateOptions {
  std::vector<std::string> names = {};
  std::vector<std::string> overrides = {};  // "key=value"
  std::string folder = {};                  // of the shipped .toml files; empty: the source folder
  CaseList more = {};                       // behind those of this folder
  bool full = false;                        // also the slow cases
  bool json = false;
  bool resolve = false;  // print the parameters of the cases named instead of running them
};

struct ValidateOutput {
  std::string out;  // the table
  std::string err;  // what was wrong with the call
};

// Exit code: 0 all pass, 1 something failed, 2 a wrong name, parameter or override. `progress` is
// called with each finished part of the table, so that it can be shown at once; may be null.
using Progress = void (*)(const std::string& text);
int validate(const ValidateOptions& options, ValidateOutput& output, Progress progress = nullptr);

// The folder that is used when options name none.
std::string default_folder();

}  // namespace mezz::validation

// Which laws exist, and which scenarios of this folder use them, in the order of the table. The
// first key of a scenario, `law`, names one of the laws; files of users may do the same.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/validation/case.h"

namespace mezz::validation {

struct Law {
  std::string_view name;
  CaseFactory make;
};
std::span<const Law> laws();

struct ShippedCase {
  std::string_view name;  // of the file, without .toml
  bool nightly = false;   // only with --full: needs more than a few seconds
};
std::span<const ShippedCase> shipped_cases();

// What a program adds to these: cases that need more of it than this folder may include. Their
// .toml files lie in the same folder.
struct CaseList {
  std::span<const Law> laws;
  std::span<const ShippedCase> cases;
};

struct LoadedCase {
  std::string name;
  std::string id;  // row of the reference sheet, "A-Q-1"
  std::string title;
  std::string source;
  std::string law;
  std::unique_ptr<ValidationCase> validation;
  config::Origins origins;
};
// From a .toml file, with --set overrides. Throws ScenarioError.
LoadedCase load_case(const std::string& path, const std::vector<std::string>& overrides,
                     const CaseList& more = {});

}  // namespace mezz::validation

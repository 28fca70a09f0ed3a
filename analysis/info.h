// What `mezz info` prints about one result, as text and as the JSON object of DESIGN section 6.
// `mezz run --json` prints the same object from a RunSummary of its own.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/metric.h"
#include "analysis/run_file.h"

namespace mezz::analysis {

struct RunSummary {
  std::string scenario = {};
  std::string design = {};  // empty = null in JSON
  std::uint64_t seed = 0;
  std::string fingerprint = {};
  std::string status = {};
  std::string result = {};  // path of the file
  std::vector<Metric> metrics = {};
};

RunSummary summary_of(const RunFile& run);
// The parameter layer2.design without quotes; empty when the scenario has none.
std::string design_of(const RunFile& run);

// One line, no newline at the end. A metric that is not a finite number has the value null.
std::string to_json(const RunSummary& summary);

std::string info_text(const RunFile& run, bool colour = false);
std::string info_json(const RunFile& run);

}  // namespace mezz::analysis

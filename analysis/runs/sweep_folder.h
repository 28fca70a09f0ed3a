// Private to this folder: what a sweep's folder says beside its result files, all of it JSON that
// mezz sweep wrote (sweep.json, failed/NNNNNN.json). Errors: RunFileError.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mezz::analysis {

struct SweepPlan {
  std::string name;
  std::string title;
  std::string design;      // what all runs share, unless a key varies it
  std::uint64_t seed = 0;  // likewise
  std::vector<std::string> keys;
  std::vector<std::vector<std::string>> runs;  // runs[i][k]: the value of keys[k] as text
};

bool is_sweep_folder(const std::string& folder);
SweepPlan read_sweep_plan(const std::string& folder);

// By number; those that are there.
struct SweepEntry {
  std::size_t run = 0;
  bool failed = false;
  std::string path;      // the result; of a failed run what it recorded, or the note of its failure
  std::string message;   // of a failed run
  bool has_file = true;  // whether `path` is a result file
};
std::vector<SweepEntry> sweep_entries(const std::string& folder, std::size_t planned);

}  // namespace mezz::analysis

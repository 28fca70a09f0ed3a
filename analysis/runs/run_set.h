// Many results as one plain value: what comparing, reporting and statistics begin with. It is read
// from
//   - the folder of a sweep (scenarios/sweep/store.h): the runs that are finished and those that
//     failed, in the order of their numbers; the keys are those of sweep.json;
//   - any other folder: the .h5 files in it, by name;
//   - a list of result files, or one of them.
// Outside a sweep the keys are the parameters that are not the same in all of the files.
// Runs that a sweep has not finished yet are left out, and so are the tables of the files: `path`
// is where they are. All files are opened in the reader process (reader_process.h), one after the
// other, about 50 ms each. Errors: RunFileError (exit code 3) for a file that is damaged or no
// result, a folder without results, and a folder whose results were written by different versions
// of the program, for their numbers need not mean the same. Files of a list may be of any version:
// comparing two programs is a use of its own.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/metric.h"
#include "analysis/reader/reader_process.h"

namespace mezz::analysis {

// One value of a key. Amounts ("250 ms", "2 MUSD", "20 bp") have their number in the unit s, USD or
// 1, others in the unit that is written; a name has no number.
struct KeyValue {
  std::string text;
  std::optional<double> number;
  std::string unit = "1";
};
KeyValue key_value(std::string text);

struct RunRecord {
  std::string path;  // the result file; of a failed run what there is of it, or failed/NNNNNN.json
  std::string scenario;  // its name, such as "flash_crash"
  std::string title;
  std::string design;  // layer2.design; empty when the file has none
  std::uint64_t seed = 0;
  std::string status;       // complete, interrupted, running (or killed), failed
  std::string message;      // why a run failed; empty otherwise
  std::string fingerprint;  // 16 hex digits; empty when a failed run left no file
  std::string program;      // "mezz 0.1.0 34c07bb2e84c"
  std::vector<KeyValue>
      values;                   // of RunSet::keys; an empty text when the run has no such parameter
  std::vector<Metric> metrics;  // empty when failed: the numbers of a broken world are none

  [[nodiscard]] bool failed() const { return status == "failed"; }
  [[nodiscard]] const Metric* metric(std::string_view name) const;  // null when it has none
};

struct RunSet {
  std::string title = {};   // of the sweep, or of the first run
  std::string folder = {};  // empty for a list of files
  bool sweep = false;       // whether sweep.json was there
  std::size_t planned = 0;  // runs that the sweep names; else the number of files
  std::vector<std::string> keys = {};
  std::vector<RunRecord> runs = {};

  [[nodiscard]] std::optional<std::size_t> key(std::string_view name) const;
  // In the order in which the runs name them.
  [[nodiscard]] std::vector<std::string> metric_names() const;
};

// One folder, or one or more files. `paths` is not empty.
RunSet read_run_set(const std::vector<std::string>& paths, const ReaderOptions& options = {});

}  // namespace mezz::analysis

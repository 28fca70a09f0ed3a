// Makes a clean result file from what a killed or failed run left behind (NAME.h5.part). The input
// is only read. Rows up to the newest readable /commit record are copied, nothing beyond: extents
// and bytes after it prove nothing. The output has status "interrupted" and the commit's
// fingerprint; the commits become /fingerprints. Metrics are not recovered: they are known only at
// the end of a run.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/types/time.h"

namespace mezz {

struct RecoverReport {
  bool recovered = false;
  std::string error = {};       // why not
  std::uint64_t commits = 0;    // records up to the one used
  std::uint64_t discarded = 0;  // later records that were damaged
  Time time = {};               // simulated time of the commit
  std::uint64_t fingerprint = 0;
  struct Table {
    std::string path;
    std::uint64_t rows = 0;
  };
  std::vector<Table> tables = {};
};

// `out` must not exist.
RecoverReport recover(const std::string& part, const std::string& out);

}  // namespace mezz

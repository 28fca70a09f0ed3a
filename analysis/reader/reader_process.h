// Opens a result file from anybody: libhdf5 runs in mezz-h5read, a process with limits on memory
// and CPU time, without plug-ins. When the file makes it crash or loop, that is a RunFileError
// here, and what the reader says is checked before it is believed. Otherwise as RunFile: same
// contents, same errors. Costs one process per open file and a copy of what is read.
#pragma once

#include <string>

#include "analysis/run_file.h"

namespace mezz::analysis {

struct ReaderOptions {
  std::string program = {};  // default: mezz-h5read in the folder of the running program
  RunFileLimits limits = {};
};

RunFile open_in_reader(const std::string& path, const ReaderOptions& options = {});

}  // namespace mezz::analysis

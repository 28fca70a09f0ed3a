// Bytes as a result file, read by libhdf5 in this process as mezz-h5read does. Whatever they are,
// the answer is a RunFile or a RunFileError; another exception, a failed assertion or a finding of
// a sanitizer in our code ends the fuzzer. libhdf5 crashes of itself on some damaged files, which
// is why nobody but mezz-h5read opens a stranger's file: run with -fork=1 -ignore_crashes=1 and
// look at the stacks (README.md).
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "analysis/info.h"
#include "analysis/run_file.h"

namespace {

using namespace mezz::analysis;

// So that an input costs milliseconds; users' limits are higher and work in the same way.
constexpr RunFileLimits kLimits{.rows = 1U << 16,
                                .read_bytes = 1U << 20,
                                .chunk_bytes = 1U << 20,
                                .list_entries = 1'000,
                                .text_bytes = 1U << 20};

void read_everything(const RunFile& run) {
  static_cast<void>(info_text(run));
  static_cast<void>(info_json(run));
  static_cast<void>(run.fingerprints());
  static_cast<void>(run.scenario());
  for (const TableInfo& table : run.tables()) {
    for (const ColumnInfo& column : table.columns) {
      static_cast<void>(run.doubles(table.path, column.name));
      if (column.type != StoredType::F64)
        static_cast<void>(run.integers(table.path, column.name, {.first = 1}));
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const int file = ::memfd_create("run.h5", 0);
  static const std::string path = "/proc/self/fd/" + std::to_string(file);
  if (::ftruncate(file, 0) != 0) std::abort();
  if (::pwrite(file, data, size, 0) != static_cast<ssize_t>(size)) std::abort();
  try {
    read_everything(RunFile(path, kLimits));
  } catch (const RunFileError&) {
  }
  return 0;
}

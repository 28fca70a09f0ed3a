// analysis/python/mezzanine against a file of the real recorder.
#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/analysis/result_fixture.h"

namespace mezz::analysis {
namespace {

TEST(PythonReader, ReadsAttributesMetricsTablesAndDatasets) {
  const std::string python = "/usr/bin/python3 -B";
  if (std::system((python + " -c 'import h5py, pandas, xarray' 2>/dev/null").c_str()) != 0) {
    GTEST_SKIP() << "python3 with h5py, pandas and xarray is not installed";
  }
  const ScratchFolder folder;
  write_market(folder.file("a.h5"), {.rows = 70'000});
  const std::string source = MEZZ_SOURCE_DIR;
  EXPECT_EQ(std::system((python + " " + source + "/tests/analysis/read_result.py " + source +
                         "/analysis/python " + folder.file("a.h5") + " 70000")
                            .c_str()),
            0);
}

}  // namespace
}  // namespace mezz::analysis

// Writes the seeds of both fuzzers below a folder, with our own writer and encoder:
//   fuzz_seeds FOLDER      makes FOLDER/run_file and FOLDER/reader_frames
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <string>

#include "analysis/reader/contents.h"
#include "tests/analysis/hostile.h"
#include "tests/fuzz/said.h"

namespace mezz::analysis {
namespace {

namespace fs = std::filesystem;

// Small ones: the fuzzer then changes what matters more often than rows.
std::vector<MarketFile> markets() {
  MarketFile empty{.rows = 0, .metrics = {}};
  MarketFile failed{.rows = 3, .samples = {{{5}, 2, 3}}};
  failed.metadata.title = "#\xE2\x82\xAC\"\\";
  return {empty, failed, {.rows = 40}, undamaged_market()};
}

RunContents contents_of(const RunFile& run) {
  return {.path = run.path(),
          .is_part = run.is_part(),
          .committed = run.committed(),
          .header = run.header(),
          .tables = run.tables()};
}

// What the reader would say to those who look at everything, in the order in which they ask.
std::string frames_of(const RunFile& run) {
  std::string all;
  fuzz::say(all, reader::encoded(contents_of(run)));
  fuzz::say(all, reader::encoded(run.metrics()));
  fuzz::say(all, reader::encoded(run.profile()));
  fuzz::say(all, reader::encoded(run.scenario()));
  fuzz::say(all, reader::encoded(run.parameters()));
  fuzz::say(all, reader::encoded(run.fingerprints()));
  for (const TableInfo& table : run.tables()) {
    if (table.rows > 64) continue;
    for (const ColumnInfo& column : table.columns) {
      reader::Encoder answer;
      answer.raw(run.doubles(table.path, column.name));
      fuzz::say(all, answer.bytes());
    }
  }
  return all;
}

int write_seeds(const fs::path& folder) {
  fs::create_directories(folder / "run_file");
  fs::create_directories(folder / "reader_frames");
  int number = 0;
  for (const MarketFile& market : markets()) {
    const std::string name = std::to_string(number++);
    const std::string file = folder / "run_file" / (name + ".h5");
    write_market(file, market);
    store(folder / "reader_frames" / name, frames_of(RunFile(file)));
  }
  std::printf("%d seeds for each fuzzer in %s\n", number, folder.c_str());
  return number > 0 && !testing::Test::HasFailure() ? 0 : 1;
}

}  // namespace
}  // namespace mezz::analysis

int main(int argc, char** argv) {
  if (argc == 2) return mezz::analysis::write_seeds(argv[1]);
  std::fputs("usage: fuzz_seeds FOLDER\n", stderr);
  return 2;
}

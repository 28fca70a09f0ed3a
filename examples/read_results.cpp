// What a result file says, in one screen:  read_results RUN.h5
// It prints the headline numbers and the five largest liquidations. Only analysis/ is used: the
// file is all that passes from a run to those who study it.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <numeric>
#include <vector>

#include "analysis/export_table.h"
#include "analysis/headline.h"
#include "analysis/info.h"
#include "analysis/run_file.h"

namespace {

using namespace mezz;

std::vector<std::size_t> largest(const std::vector<std::int64_t>& values, std::size_t count) {
  std::vector<std::size_t> rows(values.size());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  const auto end = rows.begin() + static_cast<std::ptrdiff_t>(std::min(count, rows.size()));
  std::partial_sort(rows.begin(), end, rows.end(), [&](std::size_t a, std::size_t b) {
    return values[a] != values[b] ? values[a] > values[b] : a < b;
  });
  rows.erase(end, rows.end());
  return rows;
}

void print_largest_liquidations(const analysis::RunFile& run) {
  const std::string table = "tables/liquidations";
  if (run.table(table) == nullptr) {
    std::puts("This run recorded no liquidations.");
    return;
  }
  // Money is read as integers (millionths of a dollar): doubles could not hold every digit.
  const auto time = run.integers(table, "time");
  const auto account = run.integers(table, "account");
  const auto notional = run.integers(table, "notional");
  std::printf("The largest of %zu liquidations:\n", time.size());
  for (const std::size_t row : largest(notional, 5)) {
    std::printf("  at %10s  account %8lld  %20s USD\n",
                analysis::human(Time{time[row]}.seconds(), "s").c_str(),
                static_cast<long long>(account[row]),
                analysis::exact_decimal(notional[row], 6).c_str());
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: read_results RUN.h5\n", stderr);
    return 2;
  }
  try {
    const mezz::analysis::RunFile run(argv[1]);
    std::printf("%s (%s, seed %llu)\n\n%s\n", mezz::analysis::printable(run.header().title).c_str(),
                mezz::analysis::printable(run.header().status).c_str(),
                static_cast<unsigned long long>(run.header().seed),
                mezz::analysis::headline(run.metrics(), false).c_str());
    print_largest_liquidations(run);
  } catch (const mezz::analysis::RunFileError& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 3;
  }
  return 0;
}

// One table of a result as CSV (RFC 4180, '\n' line ends): a line of column names, then the rows.
//   point in time   integer ns since the epoch, -1 = never; with iso_time a second column NAME_iso
//   duration        integer ns          money, ratio, gas price   exact decimals of the integer
//   category        its name            double                    shortest text that reads back
// Identifiers are plain integers: all bits set = none. Throws RunFileError when reading or writing
// fails, UnknownTable for a name the file does not have.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/run_file.h"

namespace mezz::analysis {

// The message has the nearest name and the list of all.
class UnknownTable : public RunFileError {
 public:
  using RunFileError::RunFileError;
};

struct CsvOptions {
  bool iso_time = false;
};

// "trades" and "/tables/trades" mean "tables/trades".
const TableInfo& find_table(const RunFile& run, std::string_view name);

void export_csv(const RunFile& run, std::string_view table, std::FILE* out,
                CsvOptions options = {});

// stored * 10^-decimals, exactly: (-5, 6) -> "-0.000005".
std::string exact_decimal(std::int64_t stored, int decimals);
// "2026-01-01T00:00:01.500000000Z"; empty for a time that never came. `epoch` is "YYYY-MM-DD
// hh:mm:ss"; empty result when it cannot be read.
std::string iso_time(std::string_view epoch, Time time);

}  // namespace mezz::analysis

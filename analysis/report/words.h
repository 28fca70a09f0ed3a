// Small texts that several parts of a report share.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/report/report_data.h"

namespace mezz::report {

// Groups beyond this number are not drawn side by side; the captions say so.
inline constexpr std::size_t kGroupsDrawn = 8;

// Of every interval.
inline constexpr double kLevel = 0.95;

// "1 run", "3 runs"
std::string counted(std::size_t number, std::string_view singular);

// "of the first 8 of 20 groups", or nothing when all are shown.
std::string shown_of(std::size_t shown, std::size_t all);

// The groups that are drawn side by side.
std::size_t drawn(const ReportData& data);

// How many files the tables were read from: "Transactions of 3 of 50 runs."; nothing when all.
std::string tables_read(const ReportData& data);

// "mezz reproduce 'my runs/000042.h5'": quoted for a POSIX shell where that is needed.
std::string shell_quoted(std::string_view word);

// "4 s [3.2 s, 4.8 s]": mean and 95 % interval; "4 s" of one value; how many of the runs have the
// number when not all of them do; "n/a" when none has.
std::string estimate_text(const std::vector<double>& values, std::size_t runs,
                          std::string_view unit);

}  // namespace mezz::report

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

// Without the quotes of a text value.
std::string unquoted(std::string_view text);

// Three or four digits and the unit: "22.1 M USD", "2.9 min".
std::string compact(double value, std::string_view unit);

// A mean with its 95 % interval: "22.1 M USD", "[19.4 M, 24.9 M]"; the interval is empty for one
// value and for values that do not vary.
struct MeanText {
  std::string mean;  // of one value exact, "n/a" of none
  std::string interval;
  std::string missing;  // "3 of 5 runs", when not all of them have the number
};
MeanText mean_text(const std::vector<double>& values, std::size_t runs, std::string_view unit);
// In one line.
std::string one_line(const MeanText& text);

}  // namespace mezz::report

// What a view says to those who want the same without a window: a command line, a few lines of
// Python, a CSV. Numbers in exports have a point and no groups, whatever the locale.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "gui/model/run_data.h"

namespace mezz::gui {

// Quoted for a POSIX shell when it needs to be.
std::string shell_word(const std::string& word);
std::string reproduce_command(const RunSummary& run);
// Runs both again and names the first event that differs.
std::string diff_command(const std::string& first, const std::string& second);
// A resolved scenario (`mezz resolve`) without the values that are defaults: what was decided.
std::string without_defaults(const std::string& resolved);
// `mezz export` of the table behind the series.
std::string export_command(const RunSummary& run, const std::string& table);
// matplotlib over analysis/python/mezzanine.
std::string python_of(const std::vector<std::shared_ptr<const Series>>& series, TimeRange range);
// One line per point of the range: run, series, time_ns, value.
std::string csv_of(const std::vector<std::shared_ptr<const Series>>& series, TimeRange range);

}  // namespace mezz::gui

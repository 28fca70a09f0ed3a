#include "gui/model/snippets.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

namespace mezz::gui {

namespace {

// Inside double quotes, for CSV.
std::string csv_word(const std::string& word) {
  if (word.find_first_of(",\"\n") == std::string::npos) return word;
  std::string quoted = "\"";
  for (const char c : word) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

std::string python_word(const std::string& word) {
  std::string quoted = "\"";
  for (const char c : word) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c == '\n' ? ' ' : c;
  }
  return quoted + "\"";
}

const SeriesName* find(const std::vector<SeriesName>& names, const std::string& name) {
  for (const SeriesName& entry : names) {
    if (entry.name == name) return &entry;
  }
  return nullptr;
}

}  // namespace

std::string shell_word(const std::string& word) {
  const bool plain = !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::string_view("_-./=:+,@").find(c) != std::string_view::npos;
  });
  if (plain) return word;
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string reproduce_command(const RunSummary& run) {
  return "mezz reproduce " + shell_word(run.path);
}

std::string export_command(const RunSummary& run, const std::string& table) {
  return "mezz export " + shell_word(run.path) + " --table " + shell_word(table);
}

std::string python_of(const std::vector<std::shared_ptr<const Series>>& series, TimeRange range) {
  std::string text =
      "# PYTHONPATH must have analysis/python of Mezzanine\n"
      "import matplotlib.pyplot as plt\n"
      "import mezzanine\n\n"
      "figure, axes = plt.subplots()\n";
  for (const auto& one : series) {
    if (one->owner == nullptr) continue;
    const std::vector<SeriesName> names = series_of(*one->owner);
    const SeriesName* name = find(names, one->name);
    if (name == nullptr) continue;  // a difference: made here, not in the file
    text += fmt::format(
        "table = mezzanine.open_run({}).dataset({}).to_dataframe().reset_index()\n"
        "axes.step(table[\"time\"], table[{}], where=\"post\", label={})\n",
        python_word(one->owner->summary.path), python_word(name->table), python_word(name->column),
        python_word(one->name + " in " + one->unit));
  }
  const std::string epoch =
      series.empty() || series[0]->owner == nullptr ? "" : series[0]->owner->summary.header.epoch;
  text += fmt::format(
      "epoch = __import__(\"numpy\").datetime64({}, \"ns\")\n"
      "axes.set_xlim(epoch + {}, epoch + {})\naxes.legend()\nplt.show()\n",
      python_word(epoch), range.begin.ns, range.end.ns);
  return text;
}

std::string csv_of(const std::vector<std::shared_ptr<const Series>>& series, TimeRange range) {
  std::string text = "run,series,unit,time_ns,value\n";
  for (const auto& one : series) {
    const std::string head =
        csv_word(one->owner == nullptr ? "" : one->owner->summary.file_name()) + "," +
        csv_word(one->name) + "," + csv_word(one->unit) + ",";
    const auto first = std::lower_bound(one->times.begin(), one->times.end(), range.begin.ns);
    for (auto at = first; at != one->times.end() && *at <= range.end.ns; ++at) {
      const double value = one->values[static_cast<std::size_t>(at - one->times.begin())];
      text += head + std::to_string(*at) + "," +
              (std::isnan(value) ? std::string() : fmt::format("{}", value)) + "\n";
    }
  }
  return text;
}

}  // namespace mezz::gui

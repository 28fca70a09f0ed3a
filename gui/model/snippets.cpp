#include "gui/model/snippets.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <sstream>

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

// What follows the '#' of a line of TOML; a '#' inside quotes begins no comment.
std::string_view comment_of(std::string_view line) {
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (quoted && line[i] == '\\') {
      ++i;
    } else if (line[i] == '"') {
      quoted = !quoted;
    } else if (line[i] == '#' && !quoted) {
      return line.substr(i + 1);
    }
  }
  return {};
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

std::string diff_command(const std::string& first, const std::string& second) {
  return "mezz diff " + shell_word(first) + " " + shell_word(second);
}

std::string without_defaults(const std::string& resolved) {
  std::istringstream lines(resolved);
  std::string text;
  std::string table;  // its heading, until a value of it stays
  for (std::string line; std::getline(lines, line);) {
    const bool standard = line.empty() || comment_of(line).starts_with(" default");
    // An entry of a list that somebody wrote counts also when it says nothing.
    const bool entry = line.starts_with("[[") && !standard;
    if (line.starts_with("[") && !entry) {
      table = line;
      continue;
    }
    if (standard) continue;
    if (entry || !table.empty()) text += "\n";
    if (!entry && !table.empty()) text += table + "\n";
    table.clear();
    text += line + "\n";
  }
  return text;
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
    const RunSummary& run = one->owner->summary;
    const ColumnData* column = one->owner->table(name->table)->column(name->column);
    text += fmt::format(
        "with mezzanine.open_run({}) as run:\n"
        "    table = run.table({}, scaled=True, times=\"elapsed\")\n"
        "axes.step(table[\"time\"].dt.total_seconds(), table[{}]{}, where=\"post\",\n"
        "          label={})\n",
        python_word(run.path), python_word(name->table), python_word(name->column),
        column->is_duration() ? ".dt.total_seconds()" : "",
        python_word(run.file_name() + ": " + one->name + ", " + one->unit));
  }
  text += fmt::format(
      "axes.set_xlim({}, {})\n"
      "axes.set_xlabel(\"time since the start, s\")\naxes.legend()\nplt.show()\n",
      range.begin.seconds(), range.end.seconds());
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

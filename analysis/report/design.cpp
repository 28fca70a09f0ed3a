// What was varied, how often it was run, and what failed.
#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "analysis/report/sections.h"
#include "analysis/report/words.h"

namespace mezz::report {
namespace {

constexpr std::size_t kLevelsShown = 12;
constexpr std::size_t kGroupsShown = 60;
constexpr std::size_t kFailuresShown = 50;

// In the order of the runs.
std::vector<std::string> levels_of(const ReportData& data, std::size_t key) {
  std::vector<std::string> levels;
  std::set<std::string> seen;
  for (const analysis::RunRecord& run : data.set.runs) {
    const std::string& text = run.values.at(key).text;
    if (seen.insert(text).second) levels.push_back(text.empty() ? "(not set)" : text);
  }
  return levels;
}

std::string joined(const std::vector<std::string>& words, std::size_t most) {
  std::string text;
  for (std::size_t i = 0; i < std::min(words.size(), most); ++i) {
    text += (i > 0 ? ", " : "") + words[i];
  }
  return words.size() > most ? text + ", ... " + words.back() : text;
}

void add_keys(Html& page, const ReportData& data) {
  HtmlTable table{.head = {{"parameter"}, number("levels"), {"values"}}, .rows = {}};
  for (std::size_t key = 0; key < data.set.keys.size(); ++key) {
    const std::vector<std::string> levels = levels_of(data, key);
    table.rows.push_back({code(data.set.keys[key]),
                          number(std::to_string(levels.size())),
                          {joined(levels, kLevelsShown)}});
  }
  page.table(table);
}

void add_groups(Html& page, const ReportData& data) {
  HtmlTable table{.head = {{"group"}, number("runs"), number("failed"), {"seeds"}}, .rows = {}};
  for (std::size_t g = 0; g < std::min(data.groups.size(), kGroupsShown); ++g) {
    const Group& group = data.groups[g];
    std::vector<std::string> seeds;
    for (const std::size_t run : group.runs) {
      seeds.push_back(std::to_string(data.set.runs[run].seed));
    }
    table.rows.push_back({{group.name},
                          number(std::to_string(group.runs.size())),
                          number(std::to_string(group.failed)),
                          {joined(seeds, 8)}});
  }
  page.table(table);
  if (data.groups.size() > kGroupsShown) {
    page.paragraph(shown_of(kGroupsShown, data.groups.size()), "soft");
  }
}

void add_failures(Html& page, const ReportData& data) {
  HtmlTable table{.head = {{"failed run"}, number("seed"), {"message"}}, .rows = {}};
  std::size_t failed = 0;
  for (const analysis::RunRecord& run : data.set.runs) {
    if (!run.failed()) continue;
    if (++failed > kFailuresShown) continue;
    table.rows.push_back({code(run.path), number(std::to_string(run.seed)), {run.message}});
  }
  if (failed == 0) return;
  page.heading(counted(failed, "failed run"));
  page.paragraph("A failed run has no numbers and is in none of the statistics.");
  page.table(table);
}

void add_unfinished(Html& page, const ReportData& data) {
  if (data.set.planned > data.set.runs.size()) {
    page.paragraph(
        fmt::format("{} of {} planned runs are not there yet: the sweep is not finished.",
                    data.set.planned - data.set.runs.size(), data.set.planned),
        "warning");
  }
  for (const analysis::RunRecord& run : data.set.runs) {
    if (run.status == "complete" || run.failed()) continue;
    page.paragraph(run.path + " did not run to its end (" + run.status + ").", "warning");
  }
}

}  // namespace

void add_design(Html& page, const ReportData& data) {
  page.section("design", "Design");
  if (data.set.runs.size() == 1) {
    const analysis::RunRecord& run = data.set.runs.front();
    page.paragraph(
        fmt::format("A single run of {}{}, seed {}. How much its numbers would differ "
                    "with another seed cannot be told from it.",
                    run.scenario, run.design.empty() ? "" : " (" + run.design + ")", run.seed));
  } else {
    page.paragraph(counted(data.set.runs.size(), "run") + " in " +
                   counted(data.groups.size(), "group") +
                   "; the runs of a group differ in nothing but their seed.");
    if (data.set.keys.empty()) page.paragraph("All files have the same parameters.");
    if (!data.set.keys.empty()) add_keys(page, data);
    add_groups(page, data);
  }
  add_unfinished(page, data);
  add_failures(page, data);
}

}  // namespace mezz::report

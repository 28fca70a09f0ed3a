// What made the numbers: program, scenario, fingerprints. No date: the same files give the same
// page.
#include <fmt/core.h>

#include <algorithm>
#include <cstdint>

#include "analysis/report/sections.h"
#include "analysis/report/words.h"

namespace mezz::report {
namespace {

// FNV-1a: names a text, guards against nothing.
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

std::string fingerprints(const ReportData& data) {
  std::string text;
  for (const analysis::RunRecord& run : data.set.runs) {
    text +=
        fmt::format("{:16}  seed {:<8}  {}  {}\n", run.fingerprint.empty() ? "-" : run.fingerprint,
                    run.seed, run.status, run.path);
  }
  return text;
}

}  // namespace

void add_provenance(Html& page, const ReportData& data) {
  page.section("provenance", "Provenance");
  HtmlTable table;
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) table.rows.push_back({{name}, code(value)});
  };
  std::vector<std::string> programs;
  for (const analysis::RunRecord& run : data.set.runs) {
    if (run.program.empty()) continue;
    if (std::find(programs.begin(), programs.end(), run.program) == programs.end()) {
      programs.push_back(run.program);
    }
  }
  for (const std::string& program : programs) add("program", program);
  add("compiler", data.header.compiler);
  add("flags", data.header.flags);
  add("random numbers", data.header.rng);
  add("time 0", data.header.epoch);
  if (data.has_file) {
    add("scenario, hash", fmt::format("{:016x}", hash_of(data.scenario.resolved)));
  }
  if (data.set.runs.size() == 1) add("fingerprint", data.set.runs.front().fingerprint);
  page.table(table);
  if (programs.size() > 1) {
    page.paragraph(
        "The files were written by different programs: their numbers need not mean the "
        "same.",
        "warning");
  }
  page.paragraph(data.set.runs.size() == 1
                     ? "The hash is that of all parameters as resolved."
                     : "Compiler and scenario are those of the first run; the hash is that of all "
                       "its parameters as resolved.",
                 "soft");
  page.folded("Runs and their fingerprints", fingerprints(data));
  if (!data.scenario.source.empty()) page.folded("Scenario as written", data.scenario.source);
  if (!data.scenario.resolved.empty()) page.folded("Every parameter", data.scenario.resolved);
}

}  // namespace mezz::report

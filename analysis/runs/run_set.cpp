#include "analysis/runs/run_set.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <map>
#include <set>

#include "analysis/runs/sweep_folder.h"
#include "sim/check/assert.h"

namespace mezz::analysis {

namespace {

namespace fs = std::filesystem;
using Parameters = std::map<std::string, std::string>;

struct Opened {
  RunRecord record;
  Parameters parameters;
};

// Texts are stored in quotes when they could be read as something else.
std::string unquoted(const std::string& text) {
  const bool quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
  return quoted ? text.substr(1, text.size() - 2) : text;
}

std::string parameter(const Parameters& parameters, const std::string& name) {
  const auto found = parameters.find(name);
  return found == parameters.end() ? std::string() : unquoted(found->second);
}

Opened open_run(const std::string& path, const ReaderOptions& options) {
  const RunFile file = open_in_reader(path, options);
  Opened out;
  for (const ParameterText& one : file.parameters()) out.parameters[one.name] = one.value;
  const RunHeader& header = file.header();
  RunRecord& record = out.record;
  record.path = file.path();
  record.scenario = parameter(out.parameters, "name");
  record.title = header.title;
  record.design = parameter(out.parameters, "layer2.design");
  record.seed = header.seed;
  record.status = header.status;
  record.fingerprint = header.fingerprint;
  record.program = header.creator + " " + header.git_commit;
  if (!record.failed()) record.metrics = file.metrics();
  if (record.failed()) record.message = "the file is marked failed";
  return out;
}

void require_one_program(const std::vector<RunRecord>& runs) {
  const RunRecord* first = nullptr;
  for (const RunRecord& run : runs) {
    if (run.program.empty()) continue;
    if (first == nullptr) first = &run;
    if (run.program == first->program) continue;
    throw RunFileError(run.path,
                       fmt::format("was written by {}, but {} by {}; results of one folder "
                                   "must be of one version: run them again",
                                   run.program, first->path, first->program));
  }
}

std::uint64_t seed_of(const std::string& text, std::uint64_t fallback) {
  std::uint64_t seed = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seed);
  return error == std::errc{} && end == text.data() + text.size() ? seed : fallback;
}

// What is known of a run without its file.
RunRecord planned_run(const SweepPlan& plan, std::size_t run) {
  RunRecord record;
  record.scenario = plan.name;
  record.title = plan.title;
  record.design = plan.design;
  record.seed = plan.seed;
  for (std::size_t k = 0; k < plan.keys.size(); ++k) {
    const std::string& text = plan.runs[run][k];
    record.values.push_back(key_value(text));
    if (plan.keys[k] == "run.seed") record.seed = seed_of(text, record.seed);
    if (plan.keys[k] == "layer2.design") record.design = text;
  }
  return record;
}

RunRecord failed_run(const SweepPlan& plan, const SweepEntry& entry, const ReaderOptions& options) {
  RunRecord record = planned_run(plan, entry.run);
  record.path = entry.path;
  record.status = "failed";
  record.message = entry.message;
  if (!entry.has_file) return record;
  try {
    const RunFile file = open_in_reader(entry.path, options);
    record.fingerprint = file.header().fingerprint;
    record.program = file.header().creator + " " + file.header().git_commit;
  } catch (const RunFileError& error) {
    // A run can fail so that its file does too; that it failed is the result.
    record.message += " (its file: " + error.reason() + ")";
  }
  return record;
}

RunRecord finished_run(const SweepPlan& plan, const SweepEntry& entry,
                       const ReaderOptions& options) {
  RunRecord planned = planned_run(plan, entry.run);
  RunRecord record = open_run(entry.path, options).record;
  const auto varies = [&](const char* key) {
    return std::find(plan.keys.begin(), plan.keys.end(), key) != plan.keys.end();
  };
  if ((varies("run.seed") && record.seed != planned.seed) ||
      (varies("layer2.design") && record.design != planned.design)) {
    throw RunFileError(
        entry.path,
        fmt::format("is not run {} of this sweep: it has design {} and seed {}, the "
                    "plan says {} and {}",
                    entry.run, record.design, record.seed, planned.design, planned.seed));
  }
  record.values = std::move(planned.values);
  return record;
}

RunSet read_sweep(const std::string& folder, const ReaderOptions& options) {
  SweepPlan plan = read_sweep_plan(folder);
  RunSet out;
  out.folder = folder;
  out.sweep = true;
  out.planned = plan.runs.size();
  out.title = plan.title.empty() ? plan.name : plan.title;
  for (const SweepEntry& entry : sweep_entries(folder, plan.runs.size())) {
    out.runs.push_back(entry.failed ? failed_run(plan, entry, options)
                                    : finished_run(plan, entry, options));
  }
  if (out.runs.empty()) {
    throw RunFileError(folder, "this sweep has no finished run yet; mezz resume continues it");
  }
  out.keys = std::move(plan.keys);
  return out;
}

std::vector<std::string> results_in(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code error;
  fs::directory_iterator entries(folder, error);
  if (error) throw RunFileError(folder, error.message());
  for (const auto& entry : entries) {
    if (entry.path().extension() == ".h5") files.push_back(entry.path().string());
  }
  if (files.empty()) throw RunFileError(folder, "holds neither a sweep nor a result file (.h5)");
  std::sort(files.begin(), files.end());
  return files;
}

// Parameters that differ between the files, in the order of their names. What a run is called is
// none of them.
std::vector<std::string> differing(const std::vector<Opened>& files) {
  const std::set<std::string> texts{"name", "title", "question"};
  std::set<std::string> names;
  for (const Opened& file : files) {
    for (const auto& [name, value] : file.parameters) names.insert(name);
  }
  std::vector<std::string> out;
  for (const std::string& name : names) {
    const std::string first = parameter(files.front().parameters, name);
    const bool differs = std::any_of(files.begin(), files.end(), [&](const Opened& file) {
      return parameter(file.parameters, name) != first;
    });
    if (differs && !texts.contains(name)) out.push_back(name);
  }
  return out;
}

RunSet read_files(const std::vector<std::string>& paths, const ReaderOptions& options) {
  std::vector<Opened> files;
  for (const std::string& path : paths) files.push_back(open_run(path, options));
  RunSet out;
  out.title = files.front().record.title;
  out.planned = files.size();
  out.keys = differing(files);
  for (Opened& file : files) {
    for (const std::string& key : out.keys) {
      file.record.values.push_back(key_value(parameter(file.parameters, key)));
    }
    out.runs.push_back(std::move(file.record));
  }
  return out;
}

}  // namespace

const Metric* RunRecord::metric(std::string_view name) const {
  const auto found = std::find_if(metrics.begin(), metrics.end(),
                                  [&](const Metric& metric) { return metric.name == name; });
  return found == metrics.end() ? nullptr : &*found;
}

std::optional<std::size_t> RunSet::key(std::string_view name) const {
  const auto found = std::find(keys.begin(), keys.end(), name);
  if (found == keys.end()) return {};
  return static_cast<std::size_t>(found - keys.begin());
}

std::vector<std::string> RunSet::metric_names() const {
  std::vector<std::string> names;
  std::set<std::string> seen;
  for (const RunRecord& run : runs) {
    for (const Metric& metric : run.metrics) {
      if (seen.insert(metric.name).second) names.push_back(metric.name);
    }
  }
  return names;
}

RunSet read_run_set(const std::vector<std::string>& paths, const ReaderOptions& options) {
  MEZZ_ASSERT(!paths.empty());
  std::error_code error;
  for (std::string path : paths) {
    if (!fs::is_directory(path, error)) continue;
    while (path.size() > 1 && path.back() == '/') path.pop_back();
    if (paths.size() > 1) {
      throw RunFileError(path, "is a folder; give one folder alone, or result files");
    }
    if (is_sweep_folder(path)) {
      RunSet out = read_sweep(path, options);
      require_one_program(out.runs);
      return out;
    }
    RunSet out = read_files(results_in(path), options);
    out.folder = path;
    require_one_program(out.runs);
    return out;
  }
  return read_files(paths, options);
}

}  // namespace mezz::analysis

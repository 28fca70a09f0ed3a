#include "scenarios/commands.h"

#include <fmt/core.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "analysis/export_table.h"
#include "analysis/headline.h"
#include "analysis/info.h"
#include "analysis/reader/reader_process.h"
#include "scenarios/catalogue.h"
#include "scenarios/comparison.h"
#include "scenarios/execute.h"
#include "scenarios/limits.h"
#include "scenarios/parameter_tables.h"
#include "scenarios/requested_names.h"
#include "scenarios/scenario_warnings.h"
#include "scenarios/standard_streams.h"
#include "scenarios/vectors/vectors.h"
#include "sim/check/error.h"
#include "sim/config/units.h"
#include "sim/record/recover.h"

namespace mezz::commands {

namespace fs = std::filesystem;

namespace {

Scenario load(const ScenarioArguments& arguments) {
  std::vector<std::string> assignments = arguments.set;
  if (arguments.seed) assignments.push_back(fmt::format("run.seed={}", *arguments.seed));
  return load_scenario(arguments.scenario, assignments);
}

std::vector<analysis::Metric> as_analysis(const std::vector<Metric>& metrics) {
  std::vector<analysis::Metric> out;
  out.reserve(metrics.size());
  for (const Metric& metric : metrics) out.push_back({metric.name, metric.value, metric.unit});
  return out;
}

Duration until_of(const std::string& text) {
  try {
    return config::from_text<Duration>(text);
  } catch (const ScenarioError& error) {
    throw ScenarioError("--until", error.problem(), "command line");
  }
}

// What info prints is what run printed: also the numbers of this machine, and the scenario by name.
analysis::RunSummary stored_summary(const analysis::RunFile& file) {
  analysis::RunSummary summary = analysis::summary_of(file);
  for (const analysis::Metric& metric : file.profile()) summary.metrics.push_back(metric);
  for (const analysis::ParameterText& parameter : file.parameters()) {
    if (parameter.name == "name") summary.scenario = parameter.value;
  }
  return summary;
}

std::string result_path(const RunArguments& arguments, const Scenario& scenario) {
  if (arguments.out == "none") return {};
  if (!arguments.out.empty()) return arguments.out;
  return "runs/" + scenario.name + ".h5";
}

bool is_same_file(const std::string& a, const std::string& b) {
  std::error_code error;
  const auto name = [](const std::string& path) {
    return std::filesystem::absolute(path).lexically_normal();
  };
  return std::filesystem::equivalent(a, b, error) || name(a) == name(b);
}

// The files that a run writes are neither one and the same nor among those that it reads.
void require_outputs_apart(const RunArguments& arguments, const Scenario& scenario,
                           const std::string& out) {
  std::vector<std::pair<std::string, std::string>> others{{"the scenario", scenario.file}};
  for (const Parameter& parameter : flat_parameters(scenario)) {
    if (parameter.name.ends_with(".file")) others.emplace_back(parameter.name, parameter.value);
  }
  const auto require_apart = [&](const char* option, const std::string& path) {
    for (const auto& [what, other] : others) {
      if (path.empty() || other.empty() || !is_same_file(path, other)) continue;
      throw ScenarioError(option, fmt::format("{} is {}; give another name", path, what),
                          "command line");
    }
  };
  require_apart("--snapshot", arguments.snapshot);
  others.emplace_back("the file of --snapshot", arguments.snapshot);
  others.emplace_back("the file of --restore", arguments.restore);
  require_apart("--out", out);
}

analysis::RunSummary summary_of(const Scenario& scenario, const ExecuteOutcome& outcome,
                                const std::string& out) {
  analysis::RunSummary summary;
  summary.scenario = scenario.name;
  summary.design = std::string(enum_name(scenario.layer2.design));
  summary.seed = static_cast<std::uint64_t>(scenario.run.seed);
  summary.fingerprint = fmt::format("{:016x}", outcome.fingerprint);
  summary.status = std::string(enum_name(outcome.status));
  summary.result = out;
  summary.metrics = as_analysis(outcome.metrics);
  return summary;
}

void print_outcome(const Scenario& scenario, const ExecuteOutcome& outcome,
                   const std::string& out) {
  fmt::print("{}\n", scenario.title.empty() ? scenario.name : scenario.title);
  if (!scenario.question.empty()) fmt::print("{}\n", scenario.question);
  fmt::print("\n{}\n", analysis::headline(as_analysis(outcome.metrics), coloured_output()));
  fmt::print("status       {}\n", enum_name(outcome.status));
  if (!out.empty() && outcome.exit_code != 3) fmt::print("result       {}\n", out);
  fmt::print("fingerprint  {:016x}\n", outcome.fingerprint);
}

// That there are the numbers which the limits speak of. Parameters are printed also of a scenario
// that cannot be built (the base of a sweep, say): nobody knows its numbers.
void check_limits(const Scenario& scenario) {
  if (is_comparison(scenario)) return check_comparison_limits(scenario);
  std::unique_ptr<Study> study;
  try {
    study = build_study(scenario, nullptr);
  } catch (const ScenarioError&) {
    return;
  }
  check_limit_names(scenario, study->metrics());
}

}  // namespace

int list(bool json) {
  const std::vector<CatalogueEntry> entries = list_catalogue();
  if (json) {
    nlohmann::json out = nlohmann::json::array();
    for (const CatalogueEntry& e : entries) {
      out.push_back({{"name", e.name},
                     {"title", e.title},
                     {"question", e.question},
                     {"section", enum_name(e.section)},
                     {"path", e.path}});
    }
    fmt::print("{}\n", out.dump(2));
    return 0;
  }
  CatalogueSection section = CatalogueSection::Scenarios;
  for (const CatalogueEntry& e : entries) {
    // Headings begin with a space: the first word of every other line is a name (completion).
    if (e.section != section) fmt::print("\n {} (mezz sweep NAME)\n", enum_name(e.section));
    section = e.section;
    fmt::print("{:26} {}\n", e.name, e.title);
  }
  return 0;
}

int check(const ScenarioArguments& arguments) {
  const Scenario scenario = load(arguments);
  if (is_comparison(scenario)) {
    const std::size_t runs = check_comparison(scenario);
    fmt::print("{}: fine; {} runs\n", scenario.name, runs);
    return 0;
  }
  check_resources(scenario);
  Recording recording(recorder_plan_of(scenario));
  const std::unique_ptr<Study> study = build_study(scenario, &recording);
  check_limit_names(scenario, study->metrics());
  for (const std::string& warning : warnings_of(scenario, recording.plan())) {
    say(fmt::format("mezz: warning: {}\n", warning));
  }
  const ResourceEstimate needs = estimate(scenario);
  fmt::print("{}: fine; about {:.0f} MB of memory, {:.0f} MB of result file\n", scenario.name,
             static_cast<double>(needs.memory_bytes) * 1e-6,
             static_cast<double>(needs.file_bytes) * 1e-6);
  return 0;
}

int resolve(const ScenarioArguments& arguments) {
  const Scenario scenario = load(arguments);
  if (!scenario.limit.empty()) check_limits(scenario);
  fmt::print("{}", resolved_text(scenario));
  return 0;
}

int schema() {
  fmt::print("{}\n", scenario_schema());
  return 0;
}

int parameters(const std::vector<std::string>& sections, const std::string& design) {
  const bool all_of_design = !design.empty();
  const std::vector<std::string> names = all_of_design ? sections_of_design(design) : sections;
  fmt::print("{}", parameter_tables(names));
  return 0;
}

namespace {

int run_comparison(const Scenario& scenario, const RunArguments& arguments,
                   const ExecuteOptions& options) {
  if (!arguments.snapshot.empty() || !arguments.restore.empty()) {
    throw ScenarioError("--snapshot", "a comparison is many runs; take one of them",
                        "command line");
  }
  const Comparison comparison = compare_designs(scenario, options);
  if (arguments.json) {
    fmt::print("{}\n", analysis::to_json(summary_of(scenario, comparison.outcome, options.out)));
  } else if (comparison.outcome.error.empty()) {
    fmt::print("{}", to_text(scenario, comparison));
    if (!options.out.empty()) fmt::print("\nresult: {}\n", options.out);
  }
  if (!comparison.outcome.error.empty()) {
    say(fmt::format("mezz: {}\n", comparison.outcome.error));
  }
  for (const std::string& broken : comparison.outcome.broken_limits) {
    say(fmt::format("mezz: limit broken: {}\n", broken));
  }
  return comparison.outcome.exit_code;
}

}  // namespace

int run(const RunArguments& arguments) {
  const Scenario scenario = load(arguments.scenario);
  ExecuteOptions options;
  options.out = result_path(arguments, scenario);
  require_outputs_apart(arguments, scenario, options.out);
  options.make_folder = arguments.out.empty();
  options.progress = !arguments.quiet && !arguments.json;
  options.warnings = true;
  options.restore_from = arguments.restore;
  options.snapshot_to = arguments.snapshot;
  if (!arguments.until.empty()) options.until = until_of(arguments.until);
  if (is_comparison(scenario)) return run_comparison(scenario, arguments, options);
  const ExecuteOutcome outcome = execute(scenario, options);
  if (arguments.json) {
    fmt::print("{}\n", analysis::to_json(summary_of(scenario, outcome, options.out)));
  } else if (outcome.error.empty()) {
    print_outcome(scenario, outcome, options.out);
  }
  if (!outcome.error.empty()) say(fmt::format("mezz: {}\n", outcome.error));
  for (const std::string& broken : outcome.broken_limits) {
    say(fmt::format("mezz: limit broken: {}\n", broken));
  }
  return outcome.exit_code;
}

int info(const std::string& path, bool json) {
  const analysis::RunFile file = analysis::open_in_reader(path);
  fmt::print("{}\n", json ? analysis::to_json(stored_summary(file))
                          : analysis::info_text(file, coloured_output()));
  return 0;
}

int vectors(const std::string& path) {
  const vectors::VectorReport report = vectors::evaluate_vectors(path);
  fmt::print("{}", vectors::to_text(report));
  say(fmt::format("{}", vectors::errors_text(report, path)));
  if (!report.errors.empty()) return 2;
  return report.ok() ? 0 : 1;
}

int export_table(const std::string& path, const std::string& table) {
  const analysis::RunFile file = analysis::open_in_reader(path);
  try {
    analysis::export_csv(file, table, stdout);
  } catch (const analysis::UnknownTable& error) {
    throw ScenarioError("--table", error.what(), "command line");
  }
  return std::fflush(stdout) == 0 ? 0 : 3;
}

namespace {

int recover_here(const std::string& part, const std::string& target) {
  const RecoverReport report = mezz::recover(part, target);
  if (!report.recovered) {
    say(fmt::format("mezz: {}: {}\n", part, report.error));
    return 3;
  }
  fmt::print("{}: everything up to {:.3f} s of simulated time\n", target, report.time.seconds());
  for (const auto& table : report.tables)
    fmt::print("  {:40} {:>12} rows\n", table.path, table.rows);
  return 0;
}

}  // namespace

// In a child: what a dying process or a full disk leaves can crash libhdf5.
int recover(const std::string& part, const std::string& out) {
  std::string target = out;
  if (target.empty()) {
    if (!part.ends_with(".part")) {
      throw ScenarioError("--out", "is needed when the file does not end in .part: " + part,
                          "command line");
    }
    target = part.substr(0, part.size() - 5);
  }
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error(std::string("fork: ") + std::strerror(errno));
  if (child == 0) std::exit(recover_here(part, target));
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status)) return WEXITSTATUS(status);
  std::error_code error;
  for (const char* left : {".recovering", ".copy"}) fs::remove(target + left, error);
  say(fmt::format("mezz: {}: too damaged: recovering it crashed libhdf5 ({})\n", part,
                  ::strsignal(WTERMSIG(status))));
  return 3;
}

}  // namespace mezz::commands

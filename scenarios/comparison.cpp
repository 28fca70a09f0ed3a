#include "scenarios/comparison.h"

#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <exception>
#include <mutex>
#include <thread>

#include "scenarios/limits.h"
#include "scenarios/scenario_warnings.h"
#include "sim/check/error.h"
#include "sim/check/fingerprint.h"
#include "sim/config/document.h"
#include "sim/config/nearest.h"
#include "sim/record/hdf5_sink.h"
#include "sim/record/recording.h"

namespace mezz {

namespace {

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> out;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string line = text.substr(begin, end - begin);
    const std::size_t first = line.find_first_not_of(" \t\r");
    if (first != std::string::npos && line[first] != '#') out.push_back(line.substr(first));
    begin = end + 1;
  }
  return out;
}

// The scenario of one run. A wrong assignment names the variant it stands in.
Scenario cell(const Scenario& scenario, const VariantParams& design,
              const VariantParams& condition) {
  std::vector<std::string> assignments = scenario.assignments;
  for (const VariantParams* variant : {&design, &condition}) {
    for (std::string& line : lines(variant->set)) assignments.push_back(std::move(line));
  }
  try {
    Scenario out = load_scenario(scenario.file, assignments);
    out.compare = {};
    out.limit.clear();  // they speak of the whole table
    return out;
  } catch (const ScenarioError& error) {
    throw ScenarioError(
        error.path(), error.problem(),
        fmt::format("{}, compare: {} under {}", scenario.file, design.name, condition.name));
  }
}

void check_names(const Scenario& scenario, const std::vector<VariantParams>& variants,
                 const std::string& path) {
  if (variants.empty()) {
    throw ScenarioError(path, "is missing: a comparison needs rows and conditions", scenario.file);
  }
  std::vector<std::string> seen;
  for (std::size_t i = 0; i < variants.size(); ++i) {
    const std::string& name = variants[i].name;
    const std::string at = config::item_path(path, i) + ".name";
    if (name.empty()) throw ScenarioError(at, "is missing and has no default", scenario.file);
    if (name.find_first_of(". \t\n") != std::string::npos) {
      throw ScenarioError(at, "is a word without dots and blanks, got " + config::quote(name),
                          scenario.file);
    }
    if (std::find(seen.begin(), seen.end(), name) != seen.end()) {
      throw ScenarioError(at, "stands there twice: " + config::quote(name), scenario.file);
    }
    seen.push_back(name);
  }
}

std::vector<Scenario> cells(const Scenario& scenario) {
  check_names(scenario, scenario.compare.design, "compare.design");
  check_names(scenario, scenario.compare.condition, "compare.condition");
  std::vector<Scenario> out;
  for (const VariantParams& condition : scenario.compare.condition) {
    for (const VariantParams& design : scenario.compare.design) {
      out.push_back(cell(scenario, design, condition));
    }
  }
  return out;
}

// By condition, then by design, as cells() has them.
std::vector<ComparedRun> places(const Scenario& scenario) {
  std::vector<ComparedRun> out;
  for (const VariantParams& condition : scenario.compare.condition) {
    for (const VariantParams& design : scenario.compare.design) {
      out.push_back({design.name, condition.name, {}});
    }
  }
  return out;
}

std::string prefix_of(const ComparedRun& run) { return run.condition + "." + run.design; }

void check_limits(const Scenario& scenario, const std::vector<Scenario>& all) {
  if (scenario.limit.empty()) return;
  const std::vector<ComparedRun> runs = places(scenario);
  std::vector<Metric> known;
  for (std::size_t i = 0; i < all.size(); ++i) {
    add_table_metrics(prefix_of(runs[i]), build_study(all[i], nullptr)->metrics(), known);
  }
  check_table_limit_names(scenario, known);
}

// Every run on whichever core is free.
void run_all(const std::vector<Scenario>& scenarios, const ExecuteOptions& options,
             Comparison& comparison) {
  std::atomic<std::size_t> next = 0;
  std::atomic<std::size_t> done = 0;
  std::mutex guard;
  std::exception_ptr error;
  const auto work = [&] {
    for (std::size_t i = next++; i < scenarios.size(); i = next++) {
      ComparedRun& run = comparison.runs[i];
      try {
        ExecuteOptions alone;
        alone.until = options.until;
        run.outcome = execute(scenarios[i], alone);
      } catch (...) {
        const std::lock_guard lock(guard);
        if (!error) error = std::current_exception();
      }
      const std::size_t count = ++done;
      if (!options.progress) continue;
      const std::lock_guard lock(guard);
      static_cast<void>(std::fputs(fmt::format("{:3} of {}: {} under {}\n", count, scenarios.size(),
                                               run.design, run.condition)
                                       .c_str(),
                                   stderr));
    }
  };
  {
    std::vector<std::jthread> workers;
    const std::size_t cores = std::max<std::size_t>(std::thread::hardware_concurrency(), 1);
    for (std::size_t i = 0; i < std::min(cores, scenarios.size()); ++i) workers.emplace_back(work);
  }
  if (error) std::rethrow_exception(error);
}

ExecuteOutcome summarise(const Comparison& comparison) {
  ExecuteOutcome out;
  for (const ComparedRun& run : comparison.runs) {
    out.fingerprint = mix(out.fingerprint, run.outcome.fingerprint);
    for (const Metric& metric : run.outcome.metrics) {
      out.metrics.push_back({prefix_of(run) + "." + metric.name, metric.value, metric.unit});
    }
    if (run.outcome.exit_code == 0 || out.exit_code != 0) continue;
    out.exit_code = run.outcome.exit_code;
    out.status = run.outcome.status;
    out.error = run.outcome.error.empty()
                    ? ""
                    : fmt::format("{} under {}: {}", run.design, run.condition, run.outcome.error);
  }
  return out;
}

// The numbers of this machine differ from run to run; they are printed, not compared.
bool is_profile(const Metric& metric) {
  return metric.name.ends_with(".wall") || metric.name.ends_with(".events_per_second") ||
         metric.name.ends_with(".memory.peak");
}

void write_file(const Scenario& scenario, const ExecuteOptions& options, ExecuteOutcome& outcome) {
  if (options.out.empty()) return;
  Recording recording(recorder_plan_of(scenario));
  Hdf5Sink file(options.out,
                Hdf5Options{.expected_bytes = 1'000'000, .make_folder = options.make_folder});
  recording.add_sink(file);
  RunResult result;
  result.status = outcome.status;
  result.end = Time::zero() + options.until.value_or(scenario.run.duration);
  result.fingerprint = outcome.fingerprint;
  for (const Metric& metric : outcome.metrics) {
    (is_profile(metric) ? result.profile : result.metrics).push_back(metric);
  }
  if (recording.start(run_metadata(scenario)) && recording.finish(result)) return;
  outcome.exit_code = 3;
  outcome.status = RunStatus::Failed;
  outcome.error = recording.error();
}

}  // namespace

bool is_comparison(const Scenario& scenario) {
  return !scenario.compare.design.empty() || !scenario.compare.condition.empty();
}

std::size_t check_comparison(const Scenario& scenario) {
  const std::vector<Scenario> all = cells(scenario);
  for (const Scenario& one : all) {
    check_resources(one);
    Recording recording(recorder_plan_of(one));
    const std::unique_ptr<Study> study = build_study(one, &recording);
  }
  check_limits(scenario, all);
  return all.size();
}

void check_comparison_limits(const Scenario& scenario) { check_limits(scenario, cells(scenario)); }

Comparison compare_designs(const Scenario& scenario, const ExecuteOptions& options) {
  const std::vector<Scenario> all = cells(scenario);
  check_limits(scenario, all);
  Comparison comparison{.runs = places(scenario), .outcome = {}};
  run_all(all, options, comparison);
  comparison.outcome = summarise(comparison);
  write_file(scenario, options, comparison.outcome);
  if (comparison.outcome.exit_code == 0 && !options.until) {
    comparison.outcome.broken_limits = broken_limits(scenario, comparison.outcome.metrics);
    if (!comparison.outcome.broken_limits.empty()) comparison.outcome.exit_code = 1;
  }
  return comparison;
}

namespace {

double value(const ComparedRun& run, const std::string& name) {
  for (const Metric& metric : run.outcome.metrics) {
    if (metric.name == name) return metric.value;
  }
  return std::nan("");
}

std::string duration_text(double seconds) {
  if (!std::isfinite(seconds)) return "-";
  if (seconds < 1) return fmt::format("{:.0f} ms", seconds * 1e3);
  if (seconds < 100) return fmt::format("{:.1f} s", seconds);
  if (seconds < 6'000) return fmt::format("{:.1f} min", seconds / 60);
  if (seconds < 172'800) return fmt::format("{:.1f} h", seconds / 3'600);
  return fmt::format("{:.2f} d", seconds / 86'400);
}

std::string p50_p99(const ComparedRun& run, const std::string& name) {
  return duration_text(value(run, name + ".p50")) + " / " +
         duration_text(value(run, name + ".p99"));
}

}  // namespace

std::string to_text(const Scenario& scenario, const Comparison& comparison) {
  static constexpr const char* kDelays[] = {"finality.preconfirmed", "finality.published",
                                            "finality.order_final",  "finality.asserted",
                                            "finality.settled",      "withdrawal.delay"};
  std::string out = fmt::format("{}\n{}\n", scenario.title, scenario.question);
  std::string condition;
  for (const ComparedRun& run : comparison.runs) {
    if (run.condition != condition) {
      condition = run.condition;
      out += fmt::format("\n{}   (p50 / p99 from submission)\n{:18}", condition, "");
      for (const char* head :
           {"preconfirmed", "published", "order_final", "asserted", "settled", "withdrawal paid"}) {
        out += fmt::format(" {:>19}", head);
      }
      out += fmt::format(" {:>10} {:>13}\n", "ETH/tx", "bad debt USD");
    }
    out += fmt::format("{:18}", run.design);
    for (const char* name : kDelays) out += fmt::format(" {:>19}", p50_p99(run, name));
    out += fmt::format(" {:>10.2e} {:>13.0f}\n", value(run, "transaction.cost.mean"),
                       value(run, "bad_debt.usd"));
  }
  out += fmt::format("\nfingerprint {:016x}\n", comparison.outcome.fingerprint);
  return out;
}

}  // namespace mezz

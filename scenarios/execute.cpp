#include "scenarios/execute.h"

#include <fmt/core.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>

#include "scenarios/build_info.h"
#include "scenarios/headline_names.h"
#include "scenarios/limits.h"
#include "scenarios/scenario_checks.h"
#include "scenarios/scenario_warnings.h"
#include "scenarios/snapshot_file.h"
#include "scenarios/standard_streams.h"
#include "sim/check/error.h"
#include "sim/config/units.h"
#include "sim/record/hdf5_sink.h"
#include "sim/record/recording.h"

namespace mezz {

namespace {

constexpr std::uint64_t kSlice = 1 << 14;
constexpr std::uint64_t kSlicesPerCheck = 64;

std::atomic<bool> interrupted = false;  // set by the signal handler only

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// Simulated time, events per second and remaining time, on a terminal every half second, else one
// line per tenth of the run.
class Progress {
 public:
  Progress(bool on, Time end) : on_(on), terminal_(isatty(STDERR_FILENO) == 1), end_(end) {}

  void show(Time now, std::uint64_t events) {
    if (!on_) return;
    const double share = end_.ns > 0 ? now.seconds() / end_.seconds() : 1.0;
    const double wall = seconds_since(start_);
    const auto tenth = static_cast<int>(share * 10);
    if (terminal_ ? wall - last_ < 0.5 : tenth == tenth_) return;
    last_ = wall;
    tenth_ = tenth;
    const double left = share > 0 ? wall * (1 - share) / share : 0;
    say(fmt::format("{}{:5.1f} %  {:.2f} M events/s  about {:.0f} s left{}", terminal_ ? "\r" : "",
                    share * 100, static_cast<double>(events) / std::max(wall, 1e-9) * 1e-6, left,
                    terminal_ ? "   " : "\n"));
  }
  void done() const {
    if (on_ && terminal_) say(fmt::format("\r{:60}\r", ""));
  }
  [[nodiscard]] double wall() const { return seconds_since(start_); }

 private:
  bool on_;
  bool terminal_;
  Time end_;
  Clock::time_point start_ = Clock::now();
  double last_ = -1;
  int tenth_ = -1;
};

double peak_memory_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) * 1024.0;
}

// The run loop proper. False when the recording failed.
RunStatus run_world(Study& study, Recording& recording, Time end, double wall_max,
                    Progress& progress) {
  World& world = study.world();
  for (std::uint64_t slices = 1;; ++slices) {
    const StopReason reason = world.run(end, kSlice);
    if (recording.commit_due())
      recording.commit(world.engine().now(), world.engine().fingerprint());
    if (slices % kSlicesPerCheck == 0) study.check_conservation();
    progress.show(world.engine().now(), world.engine().dispatched());
    if (recording.failed()) return RunStatus::Failed;
    if (interrupted) return RunStatus::Interrupted;
    if (reason != StopReason::SliceDone) return RunStatus::Complete;
    if (wall_max > 0 && progress.wall() > wall_max) return RunStatus::Interrupted;
  }
}

void add_wall_metrics(const Progress& progress, const World& world, std::vector<Metric>& metrics,
                      std::vector<Metric>& profile) {
  const double wall = progress.wall();
  const auto events = static_cast<double>(world.engine().dispatched());
  profile.push_back({"wall", wall, "s"});
  profile.push_back({"events_per_second", events / std::max(wall, 1e-9), "1/s"});
  profile.push_back({"memory.peak", peak_memory_bytes(), "B"});
  metrics.push_back({"events", events, "1"});
}

RunResult result_of(const World& world, RunStatus status) {
  RunResult result;
  result.status = status;
  result.end = world.engine().now();
  result.fingerprint = world.engine().fingerprint();
  for (const SubHash& sub : world.engine().sub_hashes()) {
    result.fingerprints.push_back({sub.time, sub.events, sub.fingerprint});
  }
  result.fingerprints.push_back(
      {world.engine().now(), world.engine().dispatched(), world.engine().fingerprint()});
  return result;
}

}  // namespace

void request_interruption() { interrupted = true; }
bool interruption_requested() { return interrupted; }

std::uint64_t memory_allowed() {
  struct sysinfo machine {};
  sysinfo(&machine);
  return static_cast<std::uint64_t>(machine.totalram) * machine.mem_unit / 4 * 3;
}

RunMetadata run_metadata(const Scenario& scenario) {
  RunMetadata run;
  run.title = scenario.title;
  run.scenario_source = scenario.source;
  run.scenario_resolved = resolved_text(scenario);
  run.parameters = flat_parameters(scenario);
  run.parameters.insert(run.parameters.begin(), {"name", scenario.name});
  run.seed = static_cast<std::uint64_t>(scenario.run.seed);
  run.rng = "philox4x32-10";
  run.git_commit = build_commit();
  run.compiler = build_compiler();
  run.flags = build_flags();
  run.epoch = scenario.run.epoch;
  return run;
}

void check_resources(const Scenario& scenario, std::uint64_t memory_max) {
  const std::uint64_t limit = memory_max > 0 ? memory_max : memory_allowed();
  const ResourceEstimate needs = estimate(scenario);
  if (needs.memory_bytes <= limit) return;
  throw ScenarioError(
      "run",
      fmt::format("needs about {:.1f} GB of memory, {:.1f} GB are allowed here; "
                  "make agent.accounts, the rates of orders or run.duration smaller",
                  static_cast<double>(needs.memory_bytes) * 1e-9,
                  static_cast<double>(limit) * 1e-9),
      scenario.file);
}

namespace {

// What a module refuses is named with its value and place, which the module does not know.
ScenarioError explained(const ScenarioError& error, const Scenario& scenario) {
  std::string problem = error.problem();
  if (problem.find("got ") == std::string::npos) {
    for (const Parameter& parameter : flat_parameters(scenario)) {
      if (parameter.name == error.path()) problem += "; got " + parameter.value;
    }
  }
  return {error.path(), problem, written_at(scenario, error.path())};
}

}  // namespace

std::unique_ptr<Study> build_study(const Scenario& scenario, Recording* recording) {
  try {
    return std::make_unique<Study>(scenario, recording);
  } catch (const ScenarioError& error) {
    if (!error.where().empty()) throw;
    throw explained(error, scenario);
  }
}

namespace {

// Before anything is opened: what the run ends with must be possible.
Time end_of(const Scenario& scenario, const ExecuteOptions& options) {
  const Duration end = options.until.value_or(scenario.run.duration);
  if (end <= Duration::zero()) {
    throw ScenarioError("--until", "must be above 0, got " + config::to_text(end), "command line");
  }
  if (end > scenario.run.duration) {
    throw ScenarioError("--until",
                        fmt::format("{} lies after the end of the run, {}", config::to_text(end),
                                    config::to_text(scenario.run.duration)),
                        "command line");
  }
  return Time::zero() + end;
}

void restore(Study& study, const Scenario& scenario, const ExecuteOptions& options, Time end) {
  if (options.restore_from.empty()) return;
  try {
    study.world().restore(read_snapshot(options.restore_from, scenario));
  } catch (const ScenarioError& error) {
    if (!error.where().empty()) throw;
    throw ScenarioError("--restore", options.restore_from + " " + error.problem(), "command line");
  }
  const Time now = study.world().engine().now();
  if (end >= now) return;
  throw ScenarioError(
      "--until",
      fmt::format("{} lies before the time of the snapshot, {}",
                  config::to_text(end - Time::zero()), config::to_text(now - Time::zero())),
      "command line");
}

ExecuteOutcome failed(std::string error) {
  ExecuteOutcome outcome;
  outcome.exit_code = 3;
  outcome.status = RunStatus::Failed;
  outcome.error = std::move(error);
  return outcome;
}

// Runs to the end, the first failure or the signal.
void run_to_end(Study& study, Recording& recording, const Scenario& scenario, Progress& progress,
                Time end, double wall_max, ExecuteOutcome& outcome) {
  try {
    outcome.status = run_world(study, recording, end, wall_max, progress);
    study.check_conservation();
    study.finish();
    outcome.metrics = study.metrics();
    complete_headline(outcome.metrics);
  } catch (const AssertionFailure& failure) {
    outcome.status = RunStatus::Failed;
    outcome.exit_code = 1;
    outcome.event = study.world().describe_current_event();
    outcome.error =
        fmt::format("an invariant of the simulator failed during {}\n  {}\n  seed {}, commit {}",
                    outcome.event, failure.what(), scenario.run.seed, build_commit());
  }
  progress.done();
}

}  // namespace

ExecuteOutcome execute(const Scenario& scenario, const ExecuteOptions& options) {
  check_resources(scenario, options.memory_max);
  const Time end = end_of(scenario, options);
  if (std::error_code error; std::filesystem::is_directory(options.out, error)) {
    return failed("--out " + options.out + " is a folder, not the name of a file");
  }
  Recording recording(recorder_plan_of(scenario));
  std::optional<Hdf5Sink> file;
  if (!options.out.empty()) {
    file.emplace(options.out, Hdf5Options{.expected_bytes = estimate(scenario).file_bytes,
                                          .make_folder = options.make_folder});
    recording.add_sink(*file);
  }
  const std::unique_ptr<Study> built = build_study(scenario, &recording);
  Study& study = *built;
  check_limit_names(scenario, study.metrics());
  if (options.warnings) {
    for (const std::string& warning : warnings_of(scenario, recording.plan())) {
      say("mezz: warning: " + warning + "\n");
    }
  }
  restore(study, scenario, options, end);
  RunMetadata about = run_metadata(scenario);
  about.entities = study.entity_groups();
  if (!recording.start(about)) return failed(recording.error());

  ExecuteOutcome outcome;
  Progress progress(options.progress, end);
  run_to_end(study, recording, scenario, progress, end, options.wall_max, outcome);
  outcome.end = study.world().engine().now();
  RunResult result = result_of(study.world(), outcome.status);
  outcome.fingerprint = result.fingerprint;
  add_wall_metrics(progress, study.world(), outcome.metrics, result.profile);
  result.metrics = outcome.metrics;
  outcome.metrics.insert(outcome.metrics.end(), result.profile.begin(), result.profile.end());
  if (!options.snapshot_to.empty() && outcome.exit_code == 0 &&
      !write_snapshot(options.snapshot_to, scenario, study.world().save())) {
    outcome.exit_code = 3;
    outcome.error = "cannot write the snapshot " + options.snapshot_to;
  }
  if (!recording.finish(result)) {
    outcome.exit_code = 3;
    outcome.status = RunStatus::Failed;
    outcome.error = recording.error();
  }
  if (outcome.exit_code != 0) return outcome;
  if (outcome.status == RunStatus::Interrupted) {
    outcome.exit_code = 130;
    return outcome;
  }
  // A run cut short by --until has not seen what the limits are about.
  if (end >= Time::zero() + scenario.run.duration)
    outcome.broken_limits = broken_limits(scenario, outcome.metrics);
  if (!outcome.broken_limits.empty()) outcome.exit_code = 1;
  return outcome;
}

}  // namespace mezz

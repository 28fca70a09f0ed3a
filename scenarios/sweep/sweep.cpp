#include "scenarios/sweep/sweep.h"

#include <fmt/core.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <thread>

#include "scenarios/build_info.h"
#include "scenarios/catalogue.h"
#include "scenarios/execute.h"
#include "scenarios/standard_streams.h"
#include "scenarios/sweep/collect.h"
#include "scenarios/sweep/dispatcher.h"
#include "scenarios/sweep/manifest.h"
#include "scenarios/sweep/ranks.h"
#include "scenarios/sweep/report.h"
#include "sim/check/error.h"

namespace mezz::sweep {

namespace fs = std::filesystem;

namespace {

constexpr std::int64_t kJobsMax = 1'024;

config::Document load(const commands::ScenarioArguments& arguments) {
  std::vector<std::string> assignments = arguments.set;
  if (arguments.seed) assignments.push_back(fmt::format("run.seed={}", *arguments.seed));
  return load_document(arguments.scenario, assignments);
}

Plan plan_of(const commands::ScenarioArguments& arguments) {
  const config::Document document = load(arguments);
  return make_plan(document,
                   document.sources.empty() ? arguments.scenario : document.sources.front().path);
}

// Of this process.
std::size_t jobs_of(const SweepArguments& arguments, const Ranks& ranks) {
  if (!arguments.jobs) {
    return ranks.size() > 1 ? 1 : std::max<std::size_t>(std::thread::hardware_concurrency(), 1);
  }
  if (*arguments.jobs < 1 || *arguments.jobs > kJobsMax) {
    throw ScenarioError("--jobs",
                        fmt::format("must be from 1 to {}, got {}", kJobsMax, *arguments.jobs),
                        "command line");
  }
  return static_cast<std::size_t>(*arguments.jobs);
}

void check_memory(const Needs& needs, std::size_t jobs, std::size_t ranks) {
  const std::uint64_t total = needs.run_memory_bytes * jobs * ranks;
  if (total <= memory_allowed()) return;
  throw ScenarioError(
      "--jobs",
      fmt::format(
          "{} runs at once may need {:.1f} GB of memory, this machine allows {:.1f} GB; "
          "take --jobs {} or fewer",
          jobs * ranks, static_cast<double>(total) * 1e-9,
          static_cast<double>(memory_allowed()) * 1e-9,
          std::max<std::uint64_t>(
              memory_allowed() / std::max<std::uint64_t>(needs.run_memory_bytes, 1) / ranks, 1)),
      "command line");
}

void check_disk(const Needs& needs, std::size_t runs, const std::string& folder) {
  const double wanted = 1.2 * static_cast<double>(needs.run_bytes) * static_cast<double>(runs);
  const auto free = static_cast<double>(free_bytes(folder));
  if (wanted <= free) return;
  throw std::runtime_error(
      fmt::format("{} runs may need {} of disk, {} are free in {}; take fewer runs, "
                  "record less ([[record]] with = \"off\") or give another --out",
                  runs, bytes_text(wanted), bytes_text(free), folder));
}

void require_no_sweep(const std::string& folder) {
  if (!has_manifest(folder)) return;
  throw ScenarioError("--out",
                      folder + " holds a sweep already; mezz resume " + folder +
                          " continues it, another --out begins a new one",
                      "command line");
}

std::string folder_of(const SweepArguments& arguments, const Plan& plan) {
  std::string folder = arguments.out.empty() ? "runs/" + plan.name : arguments.out;
  while (folder.size() > 1 && folder.back() == '/') folder.pop_back();
  require_no_sweep(folder);
  std::error_code error;
  if (fs::exists(folder, error) && !fs::is_directory(folder, error)) {
    throw ScenarioError("--out", folder + " is a file, not a folder", "command line");
  }
  return folder;
}

// The pilot writes into a folder of its own, so that --dry-run leaves nothing behind.
Needs needs_of(const Plan& plan) {
  Needs needs;
  const std::uint64_t memory = check_plan(plan);
  std::error_code error;
  std::string scratch = (fs::temp_directory_path(error) / "mezz_pilot_XXXXXX").string();
  if (error || ::mkdtemp(scratch.data()) == nullptr) {
    const char* wanted = std::getenv("TMPDIR");
    throw std::runtime_error(fmt::format("cannot make a folder for the pilot run in {}: {}",
                                         wanted == nullptr ? "/tmp (TMPDIR is not set)" : wanted,
                                         error ? error.message() : std::strerror(errno)));
  }
  struct Remove {
    std::string folder;
    ~Remove() {
      std::error_code error;
      fs::remove_all(folder, error);
    }
  } const remove{scratch};
  needs = pilot(plan, scratch + "/pilot.h5");
  needs.run_memory_bytes = memory;
  return needs;
}

// What rank 0 does before the first run. Empty: nothing is to be run.
std::string prepare(const SweepArguments& arguments, const Ranks& ranks) {
  Manifest manifest{.plan = plan_of(arguments.scenario), .needs = {}, .git_commit = build_commit()};
  const std::size_t jobs = jobs_of(arguments, ranks);
  const std::string folder = folder_of(arguments, manifest.plan);
  manifest.needs = needs_of(manifest.plan);
  if (interruption_requested()) return {};
  const Resources resources{jobs * ranks.size(), free_bytes(folder)};
  if (!arguments.json) {
    fmt::print("{}", plan_text(manifest, resources, folder));
  } else if (arguments.dry_run || arguments.prepare) {
    fmt::print("{}\n", plan_json(manifest, resources, folder));
  }
  static_cast<void>(std::fflush(stdout));
  check_memory(manifest.needs, jobs, ranks.on_this_machine());
  check_disk(manifest.needs, count_of(manifest.plan).least, folder);
  if (arguments.dry_run) return {};
  const Store store(folder);
  const FolderLock lock(folder, FolderLock::Kind::Alone);
  require_no_sweep(folder);  // another one may have begun, even ended, during our pilot
  write_manifest(folder, manifest);
  return arguments.prepare ? std::string{} : folder;
}

std::string existing(const SweepArguments& arguments) {
  std::string folder = arguments.scenario.scenario;
  while (folder.size() > 1 && folder.back() == '/') folder.pop_back();
  static_cast<void>(read_manifest(folder));
  return folder;
}

Schedule schedule_of(const Manifest& manifest, const Store& store, bool retry_failed) {
  std::vector<RunState> states = store.states(manifest.plan.runs.size());
  for (std::size_t run = 0; run < states.size() && retry_failed; ++run) {
    if (states[run] != RunState::Failed) continue;
    store.forget_failure(run);
    states[run] = RunState::Left;
  }
  return {manifest.plan, std::move(states),
          [&](std::size_t run) { return value_in_file(store, run, manifest.plan.until->metric); }};
}

void finish_outcome(const Manifest& manifest, const Store& store, const Dispatcher& dispatcher,
                    const Collected& collected, SweepOutcome& outcome) {
  outcome.problem = dispatcher.why_stopped();
  for (const CollectedRun& run : collected.runs) {
    if (run.state != RunState::Failed) continue;
    outcome.failures.push_back(fmt::format("run {} ({}): {}", run.run,
                                           run_text(manifest.plan, run.run),
                                           store.read_failure(run.run).message));
  }
  outcome.limits = limits_broken(manifest.plan, collected);
  const bool all = collected.finished + collected.failed == collected.runs.size();
  if (all) write_master(manifest.plan, store, collected);
  outcome.interrupted = !all && interruption_requested();
  if (!outcome.problem.empty()) {
    outcome.exit_code = 3;
  } else if (outcome.interrupted) {
    outcome.exit_code = 130;
  } else if (!outcome.failures.empty() || !outcome.limits.empty()) {
    outcome.exit_code = 1;
  }
}

void warn_of_another_program(const Manifest& manifest) {
  if (manifest.git_commit == build_commit()) return;
  say(fmt::format(
      "mezz: warning: the sweep was begun by {}, this is {}: runs of changed models are not "
      "comparable\n",
      manifest.git_commit, build_commit()));
}

// Rank 0, with the manifest in place.
int lead(const SweepArguments& arguments, Ranks& ranks, const std::string& folder) {
  const Manifest manifest = read_manifest(folder);
  warn_of_another_program(manifest);
  const std::size_t jobs = jobs_of(arguments, ranks);
  check_memory(manifest.needs, jobs, ranks.on_this_machine());
  const Store store(folder);
  const FolderLock lock(folder, FolderLock::Kind::Alone);
  store.clear_work();
  Dispatcher dispatcher(schedule_of(manifest, store, arguments.retry_failed));
  static_cast<void>(ranks.share(folder));
  SweepProgress progress(!arguments.quiet && !arguments.json);
  const bool alone = ranks.size() == 1;
  run_threads(dispatcher, manifest.plan, store, jobs,
              {.period = std::chrono::milliseconds(alone ? 200 : 1), .tick = [&] {
                 static_cast<void>(ranks.serve(dispatcher));
                 progress.show(dispatcher.count());
               }});
  while (ranks.serve(dispatcher)) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    progress.show(dispatcher.count());
  }
  progress.done();
  store.clear_work();
  SweepOutcome outcome;
  const Collected collected = collect(store, dispatcher.schedule().opened());
  finish_outcome(manifest, store, dispatcher, collected, outcome);
  const auto& tell = arguments.json ? outcome_json : outcome_text;
  std::string text = tell(manifest, dispatcher.schedule(), collected, outcome, folder);
  fmt::print("{}{}", text, arguments.json ? "\n" : "");
  if (!outcome.problem.empty()) say(fmt::format("mezz: {}\n", outcome.problem));
  return outcome.exit_code;
}

int follow(const SweepArguments& arguments, Ranks& ranks) {
  const std::string folder = ranks.share({});
  if (folder.empty()) return 0;  // rank 0 has said why
  const Manifest manifest = read_manifest(folder);
  ranks.work(manifest.plan, Store(folder), jobs_of(arguments, ranks));
  return 0;
}

template <class Prepare>
int run_on_ranks(const SweepArguments& arguments, const Prepare& prepare_folder) {
  Ranks ranks;
  if (!ranks.first()) return follow(arguments, ranks);
  bool shared = false;
  try {
    const std::string folder = prepare_folder(ranks);
    if (folder.empty()) {
      static_cast<void>(ranks.share({}));
      return interruption_requested() ? 130 : 0;
    }
    shared = true;
    return lead(arguments, ranks, folder);
  } catch (...) {
    if (!shared) static_cast<void>(ranks.share({}));
    throw;
  }
}

std::size_t index_of(const SweepArguments& arguments, const Plan& plan) {
  if (plan.until) {
    throw ScenarioError("--index",
                        "has no meaning with [sweep.until]: how many runs there are is known only "
                        "at the end; use mezz resume",
                        "command line");
  }
  if (*arguments.index < 0 || *arguments.index >= static_cast<std::int64_t>(plan.runs.size())) {
    throw ScenarioError(
        "--index",
        fmt::format("must be from 0 to {}, got {}", plan.runs.size() - 1, *arguments.index),
        "command line");
  }
  return static_cast<std::size_t>(*arguments.index);
}

// One task of a job array.
int run_index(const SweepArguments& arguments) {
  const std::string folder = existing(arguments);
  const Manifest manifest = read_manifest(folder);
  const std::size_t run = index_of(arguments, manifest.plan);
  warn_of_another_program(manifest);
  const Store store(folder);
  const FolderLock lock(folder, FolderLock::Kind::Shared);
  const FolderLock mine(store, run);
  if (store.state(run) == RunState::Failed && arguments.retry_failed) store.forget_failure(run);
  RunReport report{.run = run, .end = RunEnd::Finished};
  if (store.state(run) == RunState::Left) report = run_one(manifest.plan, store, run);
  if (store.state(run) == RunState::Failed) {
    report = {.run = run, .end = RunEnd::Failed, .message = store.read_failure(run).message};
  }
  static constexpr const char* kWords[] = {"finished", "failed", "interrupted", "broken"};
  static constexpr int kCodes[] = {0, 1, 130, 3};
  const auto end = static_cast<std::size_t>(report.end);
  if (arguments.json) {
    fmt::print("{{\"run\": {}, \"state\": \"{}\"}}\n", run, kWords[end]);
  } else {
    fmt::print("run {} ({}): {}\n", run, run_text(manifest.plan, run), kWords[end]);
  }
  if (!report.message.empty()) say(fmt::format("mezz: run {}: {}\n", run, report.message));
  return kCodes[end];
}

}  // namespace

int sweep(const SweepArguments& arguments) {
  if (arguments.index) return run_index(arguments);
  return run_on_ranks(arguments, [&](const Ranks& ranks) { return prepare(arguments, ranks); });
}

int resume(const SweepArguments& arguments) {
  return run_on_ranks(arguments, [&](const Ranks&) { return existing(arguments); });
}

std::string check_sweep(const commands::ScenarioArguments& arguments) {
  const config::Document document = load(arguments);
  if (document.root.find("sweep") == nullptr) return {};
  const Plan plan = plan_of(arguments);
  static_cast<void>(check_plan(plan));
  const RunCount count = count_of(plan);
  return count.least == count.most
             ? fmt::format("{}: mezz sweep makes {} runs of it\n", plan.name, count.most)
             : fmt::format("{}: mezz sweep makes {} to {} runs of it\n", plan.name, count.least,
                           count.most);
}

}  // namespace mezz::sweep

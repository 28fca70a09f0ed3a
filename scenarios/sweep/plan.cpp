#include "scenarios/sweep/plan.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <set>

#include "scenarios/comparison.h"
#include "scenarios/execute.h"
#include "scenarios/limits.h"
#include "sim/check/error.h"
#include "sim/config/nearest.h"

namespace mezz::sweep {

namespace {

using config::Node;
using Clock = std::chrono::steady_clock;

constexpr double kPilotSeconds = 2.0;
// About what a result file takes that does not grow with the length of the run.
constexpr std::uint64_t kHeaderBytes = 300'000;

bool is_seed(const std::string& key) { return key == "run.seed" || key == "run.replication"; }

bool all_match(const Plan& plan, const std::vector<Node>& run, const Skip& skip) {
  for (std::size_t i = 0; i < skip.keys.size(); ++i) {
    const auto key = std::find(plan.keys.begin(), plan.keys.end(), skip.keys[i]);
    const Node& value = run[static_cast<std::size_t>(key - plan.keys.begin())];
    const auto same = [&](const Node& wanted) { return same_value(wanted, value); };
    if (std::none_of(skip.values[i].begin(), skip.values[i].end(), same)) return false;
  }
  return true;
}

void check_size(const Spec& spec, const std::string& file) {
  double runs = spec.until ? static_cast<double>(spec.until->max) : 1.0;
  std::string product = spec.until ? fmt::format("{} seeds", spec.until->max) : "";
  for (const Axis& axis : spec.axes) {
    runs *= static_cast<double>(axis.points.size());
    product += fmt::format("{}{} of {}", product.empty() ? "" : " x ", axis.points.size(),
                           config::key_text(axis.keys.front()));
  }
  if (runs <= static_cast<double>(kRunsMax)) return;
  throw ScenarioError("sweep",
                      fmt::format("has {:.0f} runs ({}), at most {} are allowed; take fewer values "
                                  "or split the sweep",
                                  runs, product, kRunsMax),
                      file);
}

// Every value of every axis with every other; the last axis fastest.
std::vector<std::vector<Node>> combinations(const std::vector<Axis>& axes) {
  std::vector<std::vector<Node>> all{{}};
  for (const Axis& axis : axes) {
    std::vector<std::vector<Node>> longer;
    for (const std::vector<Node>& run : all) {
      for (const std::vector<Node>& point : axis.points) {
        longer.push_back(run);
        longer.back().insert(longer.back().end(), point.begin(), point.end());
      }
    }
    all = std::move(longer);
  }
  return all;
}

void leave_out(Plan& plan, const Spec& spec, const std::string& file) {
  std::vector<std::size_t> excluded(spec.skips.size(), 0);
  std::vector<std::vector<Node>> kept;
  for (std::vector<Node>& run : plan.runs) {
    bool skipped = false;
    for (std::size_t i = 0; i < spec.skips.size(); ++i) {
      if (!all_match(plan, run, spec.skips[i])) continue;
      ++excluded[i];
      skipped = true;
    }
    if (!skipped) kept.push_back(std::move(run));
  }
  plan.left_out = plan.runs.size() - kept.size();
  plan.runs = std::move(kept);
  for (std::size_t i = 0; i < spec.skips.size(); ++i) {
    if (excluded[i] > 0) continue;
    throw ScenarioError(spec.skips[i].path,
                        "leaves nothing out: no run has all of these values; remove it",
                        spec.skips[i].place);
  }
  if (plan.runs.empty()) {
    throw ScenarioError("sweep.skip", "leaves out every run; remove a value or a table of it",
                        file);
  }
}

// The seeds of each combination, from the scenario's own on.
void add_seeds(Plan& plan, const std::string& file) {
  std::int64_t first = RunParams{}.seed;
  if (const Node* run = plan.base.find("run")) {
    const Node* seed = run->type == Node::Type::Table ? run->find("seed") : nullptr;
    if (seed != nullptr && seed->type == Node::Type::Integer) first = seed->integer;
  }
  if (first < 0 || first > INT64_MAX - plan.until->max) {
    throw ScenarioError("run.seed", fmt::format("seeds from {} on do not fit", first), file);
  }
  std::vector<std::vector<Node>> all;
  for (const std::vector<Node>& combination : plan.runs) {
    for (std::int64_t i = 0; i < plan.until->max; ++i) {
      Node seed;
      seed.type = Node::Type::Integer;
      seed.integer = first + i;
      all.push_back(combination);
      all.back().push_back(std::move(seed));
    }
  }
  plan.runs = std::move(all);
  plan.keys.emplace_back("run.seed");
}

void pin_price_file(Node& base) {
  Node* price = base.find("price");
  Node* file = price != nullptr && price->type == Node::Type::Table ? price->find("file") : nullptr;
  if (file == nullptr || file->type != Node::Type::String || file->text.empty()) return;
  std::filesystem::path path(file->text);
  if (file->origin.kind == config::Origin::Kind::File) {
    path = std::filesystem::path(file->origin.file).parent_path() / path;
  }
  file->text = std::filesystem::absolute(path).lexically_normal().string();
}

// Where the value is written that an error speaks of; else the whole run.
ScenarioError named(const Plan& plan, std::size_t index, const ScenarioError& error) {
  std::string where = plan.file + ", sweep, run " + std::to_string(index);
  std::string key = error.path();
  for (std::size_t k = 0; k < plan.keys.size(); ++k) {
    const bool below = key == plan.keys[k] || plan.keys[k].starts_with(key + ".");
    const config::Origin& origin = plan.runs[index][k].origin;
    if (below && origin.kind == config::Origin::Kind::File) where = place(origin) + ", sweep";
  }
  return {error.path(),
          fmt::format("{} (run {}: {})", error.problem(), index, run_text(plan, index)), where};
}

void check_metric(const Plan& plan, Scenario scenario) {
  for (const char* name : {"wall", "events_per_second", "memory.peak"}) {
    if (plan.until->metric != name) continue;
    throw ScenarioError("sweep.until.metric",
                        config::quote(name) + " is a number of this machine, not of the scenario",
                        plan.until->place);
  }
  scenario.limit.assign(1, {});
  scenario.limit.front().metric = plan.until->metric;
  const std::unique_ptr<Study> study = build_study(scenario, nullptr);
  try {
    check_limit_names(scenario, study->metrics());
  } catch (const ScenarioError& error) {
    throw ScenarioError("sweep.until.metric", error.problem(), plan.until->place);
  }
}

}  // namespace

Plan make_plan(const config::Document& document, const std::string& file) {
  const Spec spec = read_spec(document.root, file);
  check_size(spec, file);
  Plan plan;
  plan.file = file;
  plan.name = std::filesystem::path(file).stem().string();
  if (!document.sources.empty()) plan.source = document.sources.front().text;
  plan.base = document.root;
  plan.base.erase("sweep");
  plan.base.erase("extends");
  pin_price_file(plan.base);
  if (const Node* title = plan.base.find("title")) plan.title = value_text(*title);
  if (const Node* compare = plan.base.find("compare")) {
    throw ScenarioError("compare",
                        "and [sweep] in one scenario; a comparison is a sweep of its own, remove "
                        "one of them",
                        place(compare->origin));
  }
  for (const Axis& axis : spec.axes) {
    plan.keys.insert(plan.keys.end(), axis.keys.begin(), axis.keys.end());
  }
  plan.runs = combinations(spec.axes);
  leave_out(plan, spec, file);
  plan.until = spec.until;
  if (plan.until) add_seeds(plan, file);
  return plan;
}

std::uint64_t check_plan(const Plan& plan) {
  std::set<std::string> read;
  std::set<std::string> built;
  std::uint64_t memory = 0;
  for (std::size_t i = 0; i < plan.runs.size(); ++i) {
    std::string but_seeds;
    bool build = i == 0;
    bool odd_seed = false;
    for (std::size_t k = 0; k < plan.keys.size(); ++k) {
      const Node& value = plan.runs[i][k];
      if (is_seed(plan.keys[k])) {
        odd_seed = odd_seed || value.type != Node::Type::Integer || value.integer < 0;
        continue;
      }
      but_seeds += value_text(value) + '\n';
      build = built.insert(plan.keys[k] + '\n' + value_text(value)).second || build;
    }
    if (!read.insert(but_seeds).second && !odd_seed) continue;
    try {
      const Scenario scenario = run_scenario(plan, i);
      check_resources(scenario);
      memory = std::max(memory, estimate(scenario).memory_bytes);
      if (build) check_limit_names(scenario, build_study(scenario, nullptr)->metrics());
      if (i == 0 && plan.until) check_metric(plan, scenario);
    } catch (const ScenarioError& error) {
      if (error.path().starts_with("sweep.until")) throw;
      throw named(plan, i, error);
    }
  }
  return memory;
}

Scenario run_scenario(const Plan& plan, std::size_t index) {
  config::Document document;
  document.root = plan.base;
  document.sources.push_back({plan.file, plan.source});
  for (std::size_t k = 0; k < plan.keys.size(); ++k) {
    config::set_value(document, plan.keys[k], plan.runs[index][k]);
  }
  return scenario_from_document(document, plan.name, plan.file);
}

std::string run_text(const Plan& plan, std::size_t index) {
  std::string text;
  for (std::size_t k = 0; k < plan.keys.size(); ++k) {
    text += (k > 0 ? ", " : "") + plan.keys[k] + " = " + value_text(plan.runs[index][k]);
  }
  return text;
}

RunCount count_of(const Plan& plan) {
  if (!plan.until) return {plan.runs.size(), plan.runs.size()};
  const std::size_t blocks = plan.runs.size() / static_cast<std::size_t>(plan.until->max);
  return {blocks * static_cast<std::size_t>(plan.until->min), plan.runs.size()};
}

Needs pilot(const Plan& plan, const std::string& scratch) {
  const Scenario scenario = run_scenario(plan, 0);
  const auto start = Clock::now();
  ExecuteOptions options;
  options.out = scratch;
  options.wall_max = kPilotSeconds;
  const ExecuteOutcome outcome = execute(scenario, options);
  Needs needs;
  needs.pilot_seconds = std::chrono::duration<double>(Clock::now() - start).count();
  const double share =
      std::clamp(outcome.end.seconds() / scenario.run.duration.seconds(), 1e-6, 1.0);
  needs.run_seconds = needs.pilot_seconds / share;
  std::error_code error;
  const std::uintmax_t bytes = std::filesystem::file_size(scratch, error);
  if (!error) {
    const std::uint64_t headers = std::min<std::uint64_t>(bytes, kHeaderBytes);
    needs.run_bytes =
        headers + static_cast<std::uint64_t>(static_cast<double>(bytes - headers) / share);
  }
  for (const char* left : {"", ".part", ".lock"}) std::filesystem::remove(scratch + left, error);
  if (outcome.exit_code == 3) {
    throw std::runtime_error("the pilot run could not be written: " + outcome.error);
  }
  return needs;
}

}  // namespace mezz::sweep

#include "scenarios/sweep/report.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace mezz::sweep {

namespace {

using Json = nlohmann::json;

constexpr std::size_t kLinesMax = 10;  // of failures and broken limits

std::string values_line(const Plan& plan, std::size_t k) {
  std::vector<std::string> values;
  for (const std::vector<config::Node>& run : plan.runs) {
    const std::string text = value_text(run[k]);
    if (std::find(values.begin(), values.end(), text) == values.end()) values.push_back(text);
    if (values.size() > 1'000) break;
  }
  std::string list;
  for (std::size_t i = 0; i < std::min<std::size_t>(values.size(), 6); ++i) {
    list += (i > 0 ? ", " : "") + values[i];
  }
  if (values.size() > 6) list += ", ... " + value_text(plan.runs.back()[k]);
  return fmt::format("  {:30} {:>5} values: {}\n", plan.keys[k],
                     values.size() > 1'000 ? "many" : std::to_string(values.size()), list);
}

std::string range_text(const RunCount& count) {
  return count.least == count.most ? std::to_string(count.most)
                                   : fmt::format("{} to {}", count.least, count.most);
}

double total_seconds(const Manifest& manifest, std::size_t runs, std::size_t jobs) {
  const double rounds = std::ceil(static_cast<double>(runs) / static_cast<double>(jobs));
  return rounds * manifest.needs.run_seconds;
}

// One line per combination of [sweep.until].
std::string precision_text(const Plan& plan, const Schedule& schedule) {
  if (!plan.until) return {};
  std::string text = fmt::format("precision of {} ({:.4g} % interval of the mean)\n",
                                 plan.until->metric, plan.until->confidence * 100);
  for (const Schedule::Block& block : schedule.blocks()) {
    std::string name;
    for (std::size_t k = 0; k + 1 < plan.keys.size(); ++k) {
      name += (k > 0 ? ", " : "") + value_text(plan.runs[block.first][k]);
    }
    text += fmt::format("  {:40} {:6} runs  {:.6g} +- {:.3g}{}\n", name, block.opened,
                        block.precision.mean, block.precision.half_width,
                        block.precision.narrow ? "" : "  not narrow enough");
  }
  return text;
}

Json precision_json(const Plan& plan, const Schedule& schedule) {
  Json out = Json::array();
  if (!plan.until) return out;
  for (const Schedule::Block& block : schedule.blocks()) {
    Json values = Json::object();
    for (std::size_t k = 0; k + 1 < plan.keys.size(); ++k) {
      values[plan.keys[k]] = value_text(plan.runs[block.first][k]);
    }
    Json one{{"values", values},
             {"runs", block.opened},
             {"mean", block.precision.mean},
             {"narrow", block.precision.narrow}};
    one["half_width"] = std::isfinite(block.precision.half_width) ? Json(block.precision.half_width)
                                                                  : Json(nullptr);
    out.push_back(std::move(one));
  }
  return out;
}

void add_lines(std::string& text, const char* title, const std::vector<std::string>& lines) {
  for (std::size_t i = 0; i < std::min(lines.size(), kLinesMax); ++i) {
    text += fmt::format("{}  {}\n", title, lines[i]);
  }
  if (lines.size() > kLinesMax) {
    text += fmt::format("{}  ... and {} more\n", title, lines.size() - kLinesMax);
  }
}

}  // namespace

std::string bytes_text(double bytes) {
  static constexpr const char* kUnits[] = {"B", "kB", "MB", "GB", "TB", "PB"};
  std::size_t unit = 0;
  for (; bytes >= 1'000 && unit + 1 < std::size(kUnits); ++unit) bytes /= 1'000;
  return fmt::format("{:.3g} {}", bytes, kUnits[unit]);
}

std::string seconds_text(double seconds) {
  if (seconds < 90) return fmt::format("{:.1f} s", seconds);
  if (seconds < 5'400) return fmt::format("{:.0f} min", seconds / 60);
  if (seconds < 172'800) return fmt::format("{:.1f} h", seconds / 3'600);
  return fmt::format("{:.1f} d", seconds / 86'400);
}

std::string plan_text(const Manifest& manifest, const Resources& resources,
                      const std::string& folder) {
  const Plan& plan = manifest.plan;
  const Needs& needs = manifest.needs;
  const RunCount count = count_of(plan);
  std::string text = fmt::format("{}\n", plan.title.empty() ? plan.name : plan.title);
  for (std::size_t k = 0; k < plan.keys.size(); ++k) text += values_line(plan, k);
  text += fmt::format(
      "runs       {}{}\n", range_text(count),
      plan.left_out > 0 ? fmt::format(", {} combinations left out", plan.left_out) : "");
  if (plan.until) {
    text += fmt::format("until      half the {:.4g} % interval of {} is below {}\n",
                        plan.until->confidence * 100, plan.until->metric,
                        plan.until->half_width
                            ? fmt::format("{:g}", *plan.until->half_width)
                            : fmt::format("{:g} % of its mean", *plan.until->relative * 100));
  }
  text += fmt::format("pilot      {} of run 0: about {} and {} a run\n",
                      seconds_text(needs.pilot_seconds), seconds_text(needs.run_seconds),
                      bytes_text(static_cast<double>(needs.run_bytes)));
  const std::size_t jobs = std::min(resources.jobs, count.most);
  text += fmt::format("time       about {}, {} at once\n",
                      seconds_text(total_seconds(manifest, count.most, jobs)), jobs);
  text += fmt::format(
      "disk       about {}, {} free\n",
      bytes_text(static_cast<double>(needs.run_bytes) * static_cast<double>(count.most)),
      bytes_text(static_cast<double>(resources.free_bytes)));
  text += fmt::format(
      "memory     at most {}\n",
      bytes_text(static_cast<double>(needs.run_memory_bytes) * static_cast<double>(jobs)));
  return text + fmt::format("folder     {}\n", folder);
}

std::string plan_json(const Manifest& manifest, const Resources& resources,
                      const std::string& folder) {
  const Plan& plan = manifest.plan;
  const RunCount count = count_of(plan);
  const std::size_t jobs = std::min(resources.jobs, count.most);
  const Json out{{"sweep", plan.name},
                 {"folder", folder},
                 {"keys", plan.keys},
                 {"runs", {{"least", count.least}, {"most", count.most}}},
                 {"left_out", plan.left_out},
                 {"jobs", jobs},
                 {"run_seconds", manifest.needs.run_seconds},
                 {"run_bytes", manifest.needs.run_bytes},
                 {"seconds", total_seconds(manifest, count.most, jobs)},
                 {"bytes", manifest.needs.run_bytes * count.most},
                 {"memory_bytes", manifest.needs.run_memory_bytes * jobs},
                 {"free_bytes", resources.free_bytes}};
  return out.dump();
}

std::string outcome_text(const Manifest& manifest, const Schedule& schedule,
                         const Collected& collected, const SweepOutcome& outcome,
                         const std::string& folder) {
  std::string text = precision_text(manifest.plan, schedule);
  add_lines(text, "failed     ", outcome.failures);
  add_lines(text, "limit      ", outcome.limits);
  const std::size_t left = collected.runs.size() - collected.finished - collected.failed;
  text += fmt::format("runs         {} finished, {} failed, {} left\n", collected.finished,
                      collected.failed, left);
  text += left > 0 ? fmt::format("to go on     mezz resume {}\n", folder)
                   : fmt::format("result       {}/sweep.h5\n", folder);
  return text + fmt::format("fingerprint  {:016x}\n", collected.fingerprint);
}

std::string outcome_json(const Manifest& manifest, const Schedule& schedule,
                         const Collected& collected, const SweepOutcome& outcome,
                         const std::string& folder) {
  const std::size_t left = collected.runs.size() - collected.finished - collected.failed;
  Json out{{"sweep", manifest.plan.name},
           {"folder", folder},
           {"status", outcome.interrupted        ? "interrupted"
                      : !outcome.problem.empty() ? "failed"
                      : left > 0                 ? "running"
                                                 : "complete"},
           {"finished", collected.finished},
           {"failed", collected.failed},
           {"left", left},
           {"fingerprint", fmt::format("{:016x}", collected.fingerprint)},
           {"failures", outcome.failures},
           {"limits_broken", outcome.limits},
           {"precision", precision_json(manifest.plan, schedule)}};
  out["result"] = left > 0 ? Json(nullptr) : Json(folder + "/sweep.h5");
  return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

SweepProgress::SweepProgress(bool on) : on_(on), terminal_(isatty(STDERR_FILENO) == 1) {}

void SweepProgress::show(const Dispatcher::Count& count) {
  if (!on_ || count.known == 0) return;
  const std::size_t done = count.finished + count.failed;
  const double wall =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  const auto tenth = static_cast<int>(done * 10 / count.known);
  if (terminal_ ? wall - last_ < 0.5 : tenth == tenth_) return;
  last_ = wall;
  tenth_ = tenth;
  const std::string left =
      count.now == 0 ? ""
                     : fmt::format(", about {} left",
                                   seconds_text(wall * static_cast<double>(count.known - done) /
                                                static_cast<double>(count.now)));
  const std::string failed = count.failed > 0 ? fmt::format(", {} failed", count.failed) : "";
  const std::string line = fmt::format("{} of {} runs{}{}", done, count.known, failed, left);
  static_cast<void>(
      std::fputs((terminal_ ? fmt::format("\r{:60}", line) : line + "\n").c_str(), stderr));
  static_cast<void>(std::fflush(stderr));
}

void SweepProgress::done() const {
  if (on_ && terminal_) static_cast<void>(std::fputs(fmt::format("\r{:60}\r", "").c_str(), stderr));
}

}  // namespace mezz::sweep

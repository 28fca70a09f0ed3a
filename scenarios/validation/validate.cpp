#include "scenarios/validation/validate.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "scenarios/validation/experiment.h"
#include "scenarios/validation/registry.h"
#include "sim/check/error.h"
#include "sim/config/nearest.h"
#include "sim/config/write.h"

namespace mezz::validation {

namespace {

constexpr int kIdWidth = 9;
constexpr int kQuantityWidth = 52;
constexpr int kNumberWidth = 15;
constexpr int kIntervalWidth = 31;

std::string number(double x) {
  if (std::fabs(x) < 1e15 && x == std::floor(x)) return fmt::format("{:.0f}", x);
  return fmt::format("{:.7g}", x);
}

std::string interval(const Row& row) {
  const Comparison c = row.quantity.comparison;
  if (c == Comparison::Exact) {
    const double reach = row.quantity.reach();
    return reach == 0 ? "exact" : fmt::format("no sampling, tolerance {:.2g}", reach);
  }
  if (c == Comparison::AtLeast) return "at least";
  return fmt::format("{:.6g} .. {:.6g}", row.ci95.low, row.ci95.high);
}

std::string line(const std::string& id, const std::string& quantity, const std::string& law,
                 const std::string& simulated, const std::string& ci, const std::string& pass) {
  return fmt::format("{:<{}} | {:<{}} | {:>{}} | {:>{}} | {:<{}} | {}\n", id, kIdWidth, quantity,
                     kQuantityWidth, law, kNumberWidth, simulated, kNumberWidth, ci, kIntervalWidth,
                     pass);
}

std::string header() { return line("id", "quantity", "law", "simulated", "95 % CI", "pass"); }

std::string rule() {
  return std::string(kIdWidth + kQuantityWidth + 2 * kNumberWidth + kIntervalWidth + 19, '-') +
         "\n";
}

std::string table_part(const LoadedCase& loaded, const Outcome& outcome) {
  std::string text;
  for (const Row& row : outcome.rows) {
    const std::string verdict = row.pass ? "pass" : "FAIL: " + row.why;
    text += line(loaded.id.empty() ? loaded.name : loaded.id, row.quantity.name,
                 number(row.quantity.law), number(row.simulated), interval(row), verdict);
  }
  return text;
}

nlohmann::json json_part(const LoadedCase& loaded, const Outcome& outcome) {
  nlohmann::json rows = nlohmann::json::array();
  for (const Row& row : outcome.rows) {
    rows.push_back({{"id", loaded.id},
                    {"case", loaded.name},
                    {"quantity", row.quantity.name},
                    {"law", row.quantity.law},
                    {"simulated", row.simulated},
                    {"ci95", {row.ci95.low, row.ci95.high}},
                    {"ci99", {row.ci99.low, row.ci99.high}},
                    {"tolerance", row.quantity.reach()},
                    {"pass", row.pass},
                    {"why", row.why}});
  }
  return rows;
}

bool exists(const std::string& path) { return std::ifstream(path).good(); }

bool is_path(const std::string& name) {
  return name.find('/') != std::string::npos || name.ends_with(".toml");
}

struct Chosen {
  std::string path;
  bool nightly = false;
};

bool matches(const std::string& wanted, const ShippedCase& shipped, const std::string& id) {
  if (wanted == shipped.name || wanted == id) return true;
  return wanted.ends_with('-') && id.starts_with(wanted);
}

std::vector<ShippedCase> all_cases(const CaseList& more) {
  std::vector<ShippedCase> cases(shipped_cases().begin(), shipped_cases().end());
  cases.insert(cases.end(), more.cases.begin(), more.cases.end());
  return cases;
}

[[noreturn]] void unknown(const std::string& name, const std::vector<ShippedCase>& cases,
                          const std::vector<std::string>& ids) {
  std::vector<std::string_view> candidates;
  for (const ShippedCase& shipped : cases) candidates.push_back(shipped.name);
  candidates.insert(candidates.end(), ids.begin(), ids.end());
  throw ScenarioError("validate", "there is no case named " + config::quote(name) +
                                      config::did_you_mean(name, candidates));
}

std::vector<Chosen> choose(const ValidateOptions& options, const std::string& folder) {
  std::vector<Chosen> chosen;
  std::vector<std::string> ids;
  const std::vector<ShippedCase> cases = all_cases(options.more);
  for (const ShippedCase& shipped : cases) {
    const std::string path = folder + "/" + std::string(shipped.name) + ".toml";
    ids.push_back(load_case(path, {}, options.more).id);
    if (options.names.empty()) chosen.push_back({path, shipped.nightly});
  }
  for (const std::string& name : options.names) {
    const std::size_t before = chosen.size();
    if (is_path(name) && exists(name)) {
      chosen.push_back({name});
      continue;
    }
    for (std::size_t i = 0; i < ids.size(); ++i) {
      const ShippedCase& shipped = cases[i];
      if (matches(name, shipped, ids[i])) {
        chosen.push_back({folder + "/" + std::string(shipped.name) + ".toml"});
      }
    }
    if (chosen.size() == before) unknown(name, cases, ids);
  }
  return chosen;
}

class Report {
 public:
  Report(const ValidateOptions& options, ValidateOutput& output, Progress progress)
      : json_(options.json), output_(output), progress_(progress) {
    if (!json_) emit(header() + rule());
  }
  void add(const LoadedCase& loaded, const Outcome& outcome) {
    for (const Row& row : outcome.rows) (row.pass ? passed_ : failed_) += 1;
    if (!json_) return emit(table_part(loaded, outcome));
    for (const nlohmann::json& row : json_part(loaded, outcome)) rows_.push_back(row);
  }
  void skip(const LoadedCase& loaded, const std::string& why) {
    ++skipped_;
    if (!json_) emit(line(loaded.id, loaded.title, "", "", "", "skipped: " + why));
  }
  void later(const LoadedCase& loaded) { skip(loaded, "slow, run with --full"); }
  int finish() {
    if (json_) {
      const nlohmann::json all = {
          {"rows", rows_}, {"passed", passed_}, {"failed", failed_}, {"skipped", skipped_}};
      emit(all.dump() + "\n");
    } else {
      emit(rule() +
           fmt::format("{} rows pass, {} fail, {} cases skipped. A row passes when its 99 % "
                       "interval holds the law and is narrower than the row's tolerance.\n",
                       passed_, failed_, skipped_));
    }
    return failed_ == 0 ? 0 : 1;
  }

 private:
  void emit(const std::string& text) {
    output_.out += text;
    if (progress_ != nullptr) progress_(text);
  }

  bool json_;
  ValidateOutput& output_;
  Progress progress_;
  nlohmann::json rows_ = nlohmann::json::array();
  int passed_ = 0;
  int failed_ = 0;
  int skipped_ = 0;
};

int run_all(const ValidateOptions& options, ValidateOutput& output, Progress progress) {
  const std::string folder = options.folder.empty() ? default_folder() : options.folder;
  if (options.names.empty() && !options.overrides.empty()) {
    throw ScenarioError("validate", "--set needs the name of a case");
  }
  const std::vector<Chosen> chosen = choose(options, folder);
  // All are read before the first runs: a typing mistake should not cost a minute.
  std::vector<LoadedCase> cases;
  for (const Chosen& one : chosen) {
    cases.push_back(load_case(one.path, options.overrides, options.more));
    const std::string unavailable = cases.back().validation->unavailable();
    if (unavailable.empty()) static_cast<void>(cases.back().validation->law());
  }
  if (options.resolve) {
    for (const LoadedCase& loaded : cases) {
      output.out += "# " + loaded.name + " (" + loaded.id + "): " + loaded.title + "\n" +
                    config::resolved_text(loaded.validation->describe(), loaded.origins);
    }
    return 0;
  }
  Report report(options, output, progress);
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const std::string unavailable = cases[i].validation->unavailable();
    if (!unavailable.empty()) {
      report.skip(cases[i], unavailable);
    } else if (chosen[i].nightly && !options.full) {
      report.later(cases[i]);
    } else {
      report.add(cases[i], run_case(*cases[i].validation));
    }
  }
  return report.finish();
}

}  // namespace

std::string default_folder() { return std::string(MEZZ_SOURCE_DIR) + "/scenarios/validation"; }

int validate(const ValidateOptions& options, ValidateOutput& output, Progress progress) {
  try {
    return run_all(options, output, progress);
  } catch (const ScenarioError& error) {
    output.err += std::string(error.what()) + "\n";
    return 2;
  }
}

}  // namespace mezz::validation

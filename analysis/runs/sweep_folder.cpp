#include "analysis/runs/sweep_folder.h"

#include <fmt/core.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "analysis/run_file.h"

namespace mezz::analysis {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr int kFormat = 1;
constexpr std::uintmax_t kTextBytesMax = std::uintmax_t{1} << 28;

std::string manifest_path(const std::string& folder) { return folder + "/sweep.json"; }

std::string text_of(const std::string& path) {
  std::error_code error;
  const std::uintmax_t bytes = fs::file_size(path, error);
  if (error) throw RunFileError(path, error.message());
  if (bytes > kTextBytesMax) throw RunFileError(path, "too large");
  std::ifstream file(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (file.bad() || !file.is_open()) throw RunFileError(path, "cannot be read");
  return text;
}

// As scenarios/sweep/axes.h writes values into tables and messages, but for tables, which no run of
// a sweep is told apart by.
std::string value_text(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_array()) return value.dump();
  std::string text;
  for (const Json& item : value) text += (text.empty() ? "" : ", ") + value_text(item);
  return "[" + text + "]";
}

SweepPlan plan_from(const Json& json) {
  SweepPlan plan;
  plan.name = json.at("name").get<std::string>();
  plan.title = json.at("title").get<std::string>();
  plan.keys = json.at("keys").get<std::vector<std::string>>();
  const Json& scenario = json.at("scenario");
  plan.design = scenario.value(Json::json_pointer("/layer2/design"), std::string());
  plan.seed = scenario.value(Json::json_pointer("/run/seed"), std::uint64_t{0});
  for (const Json& run : json.at("runs")) {
    std::vector<std::string> values;
    for (const Json& value : run) values.push_back(value_text(value));
    if (values.size() != plan.keys.size()) throw std::runtime_error("a run lacks values");
    plan.runs.push_back(std::move(values));
  }
  return plan;
}

std::string failure_message(const std::string& path) {
  const Json json = Json::parse(text_of(path), nullptr, false);
  if (!json.is_object() || !json.contains("message") || !json["message"].is_string()) {
    throw RunFileError(path, "is no note of a failed run, or damaged");
  }
  return json["message"].get<std::string>();
}

}  // namespace

bool is_sweep_folder(const std::string& folder) {
  std::error_code error;
  return fs::exists(manifest_path(folder), error);
}

SweepPlan read_sweep_plan(const std::string& folder) {
  const std::string path = manifest_path(folder);
  const Json json = Json::parse(text_of(path), nullptr, false);
  if (!json.is_object() || !json.contains("mezz_sweep")) {
    throw RunFileError(path, "is no plan of a sweep, or damaged");
  }
  if (json["mezz_sweep"] != kFormat) {
    throw RunFileError(path, fmt::format("has format {}, this program reads {}",
                                         json["mezz_sweep"].dump(), kFormat));
  }
  try {
    return plan_from(json);
  } catch (const std::exception& error) {
    throw RunFileError(path, std::string("damaged: ") + error.what());
  }
}

std::vector<SweepEntry> sweep_entries(const std::string& folder, std::size_t planned) {
  std::vector<SweepEntry> entries;
  std::error_code error;
  for (std::size_t run = 0; run < planned; ++run) {
    const std::string result = fmt::format("{}/runs/{:06}.h5", folder, run);
    if (fs::exists(result, error)) {
      entries.push_back({.run = run, .failed = false, .path = result, .message = {}});
      continue;
    }
    const std::string note = fmt::format("{}/failed/{:06}.json", folder, run);
    if (!fs::exists(note, error)) continue;
    const std::string recorded = fmt::format("{}/failed/{:06}.h5", folder, run);
    const bool has_file = fs::exists(recorded, error);
    entries.push_back({.run = run,
                       .failed = true,
                       .path = has_file ? recorded : note,
                       .message = failure_message(note),
                       .has_file = has_file});
  }
  return entries;
}

}  // namespace mezz::analysis

#include "scenarios/sweep/manifest.h"

#include <fmt/core.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "scenarios/build_info.h"
#include "scenarios/sweep/store.h"
#include "sim/check/error.h"

namespace mezz::sweep {

namespace {

using config::Node;
using Json = nlohmann::json;

constexpr int kFormat = 1;

Json to_json(const Node& node) {
  switch (node.type) {
    case Node::Type::String:
      return node.text;
    case Node::Type::Integer:
      return node.integer;
    case Node::Type::Real:
      return node.real;
    case Node::Type::Boolean:
      return node.boolean;
    case Node::Type::Array:
    case Node::Type::Table:
      break;
  }
  const bool table = node.type == Node::Type::Table;
  Json out = table ? Json::object() : Json::array();
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    if (table) out[node.keys[i]] = to_json(node.items[i]);
    if (!table) out.push_back(to_json(node.items[i]));
  }
  return out;
}

Node to_node(const Json& json, const std::string& file) {
  Node node;
  node.origin = {.kind = config::Origin::Kind::File, .file = file};
  if (json.is_object()) {
    node.type = Node::Type::Table;
    for (const auto& [key, value] : json.items()) node.set(key, to_node(value, file));
  } else if (json.is_array()) {
    node.type = Node::Type::Array;
    for (const Json& value : json) node.items.push_back(to_node(value, file));
  } else if (json.is_string()) {
    node.type = Node::Type::String;
    node.text = json.get<std::string>();
  } else if (json.is_boolean()) {
    node.type = Node::Type::Boolean;
    node.boolean = json.get<bool>();
  } else if (json.is_number_integer()) {
    node.type = Node::Type::Integer;
    node.integer = json.get<std::int64_t>();
  } else if (json.is_number_float()) {
    node.type = Node::Type::Real;
    node.real = json.get<double>();
  } else {
    throw std::runtime_error("holds a value that is none");
  }
  return node;
}

Json to_json(const Until& until) {
  Json out{{"metric", until.metric},
           {"confidence", until.confidence},
           {"min", until.min},
           {"max", until.max},
           {"batch", until.batch}};
  if (until.half_width) out["half_width"] = *until.half_width;
  if (until.relative) out["relative"] = *until.relative;
  return out;
}

Until to_until(const Json& json) {
  Until until;
  until.metric = json.at("metric").get<std::string>();
  until.confidence = json.at("confidence").get<double>();
  until.min = json.at("min").get<std::int64_t>();
  until.max = json.at("max").get<std::int64_t>();
  until.batch = json.at("batch").get<std::int64_t>();
  if (json.contains("half_width")) until.half_width = json.at("half_width").get<double>();
  if (json.contains("relative")) until.relative = json.at("relative").get<double>();
  if (until.min < 2 || until.max < until.min || until.batch < 1) {
    throw std::runtime_error("has a senseless [sweep.until]");
  }
  return until;
}

void check(const Plan& plan) {
  for (const std::vector<Node>& run : plan.runs) {
    if (run.size() != plan.keys.size()) throw std::runtime_error("has a run with missing values");
  }
  if (plan.runs.empty()) throw std::runtime_error("has no runs");
  if (plan.until && plan.runs.size() % static_cast<std::size_t>(plan.until->max) != 0) {
    throw std::runtime_error("has an incomplete block of seeds");
  }
}

}  // namespace

std::string manifest_text(const Manifest& manifest) {
  const Plan& plan = manifest.plan;
  Json runs = Json::array();
  for (const std::vector<Node>& run : plan.runs) {
    Json values = Json::array();
    for (const Node& value : run) values.push_back(to_json(value));
    runs.push_back(std::move(values));
  }
  Json out{{"mezz_sweep", kFormat},
           {"git_commit", manifest.git_commit},
           {"name", plan.name},
           {"file", plan.file},
           {"title", plan.title},
           {"source", plan.source},
           {"left_out", plan.left_out},
           {"scenario", to_json(plan.base)},
           {"keys", plan.keys},
           {"runs", std::move(runs)},
           {"pilot",
            {{"seconds", manifest.needs.pilot_seconds},
             {"run_seconds", manifest.needs.run_seconds},
             {"run_bytes", manifest.needs.run_bytes},
             {"run_memory_bytes", manifest.needs.run_memory_bytes}}}};
  if (plan.until) out["until"] = to_json(*plan.until);
  return out.dump() + "\n";
}

Manifest manifest_from_text(const std::string& text, const std::string& path) {
  try {
    const Json json = Json::parse(text);
    if (const int format = json.at("mezz_sweep").get<int>(); format != kFormat) {
      throw std::runtime_error(
          fmt::format("has format {}, this program reads {}", format, kFormat));
    }
    Manifest out;
    out.git_commit = json.at("git_commit").get<std::string>();
    Plan& plan = out.plan;
    plan.name = json.at("name").get<std::string>();
    plan.file = json.at("file").get<std::string>();
    plan.title = json.at("title").get<std::string>();
    plan.source = json.at("source").get<std::string>();
    plan.left_out = json.at("left_out").get<std::size_t>();
    plan.base = to_node(json.at("scenario"), path);
    plan.keys = json.at("keys").get<std::vector<std::string>>();
    for (const Json& run : json.at("runs")) {
      plan.runs.emplace_back();
      for (const Json& value : run) plan.runs.back().push_back(to_node(value, path));
    }
    if (json.contains("until")) plan.until = to_until(json.at("until"));
    const Json& pilot = json.at("pilot");
    out.needs = {pilot.at("seconds").get<double>(), pilot.at("run_seconds").get<double>(),
                 pilot.at("run_bytes").get<std::uint64_t>(),
                 pilot.at("run_memory_bytes").get<std::uint64_t>()};
    check(plan);
    return out;
  } catch (const std::exception& error) {
    throw std::runtime_error(path + " is no manifest of a sweep, or damaged: " + error.what());
  }
}

void write_manifest(const std::string& folder, const Manifest& manifest) {
  write_atomically(folder + "/" + kManifestName, manifest_text(manifest));
}

Manifest read_manifest(const std::string& folder) {
  const std::string path = folder + "/" + kManifestName;
  std::ifstream file(path, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file) {
    throw ScenarioError("",
                        "there is no sweep in " + folder + " (no " + kManifestName +
                            "); mezz sweep FILE --out DIR begins one",
                        "command line");
  }
  return manifest_from_text(text, path);
}

bool has_manifest(const std::string& folder) {
  std::error_code error;
  return std::filesystem::exists(folder + "/" + kManifestName, error);
}

}  // namespace mezz::sweep

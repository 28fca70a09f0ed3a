#include "analysis/info.h"

#include <fmt/core.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "analysis/headline.h"
#include "analysis/text_table.h"

namespace mezz::analysis {
namespace {

std::vector<TextRow> identity_rows(const RunFile& run) {
  const RunHeader& header = run.header();
  std::vector<TextRow> rows;
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) rows.push_back({{fmt::format("{:<12}  {}", name, printable(value))}});
  };
  add("scenario", header.title);
  add("design", design_of(run));
  add("seed", std::to_string(header.seed));
  if (run.is_part()) {
    add("status", header.status + " or killed");
    add("committed", "up to " + human(run.committed().seconds(), "s") + " of simulated time");
  } else {
    add("status", header.status);
    if (header.status != "complete") {
      // Every run that ends by itself has headline numbers: they are what recovery cannot know.
      const bool recovered = run.metrics().empty();
      add("recorded", "up to " + human(run.committed().seconds(), "s") + " of simulated time" +
                          (recovered ? " (recovered from a .part: no headline numbers)" : ""));
    }
  }
  add("fingerprint", header.fingerprint);
  add("program", header.creator + (header.git_commit.empty() ? "" : " " + header.git_commit));
  add("compiler", header.compiler + (header.flags.empty() ? "" : ", " + header.flags));
  add("file", run.path());
  return rows;
}

std::vector<TextRow> table_rows(const RunFile& run) {
  std::vector<TextRow> rows{{{"table", "rows", "columns"}, Style::Heading}};
  for (const TableInfo& table : run.tables()) {
    rows.push_back({{"  " + printable(table.path), human(static_cast<double>(table.rows), "1"),
                     std::to_string(table.columns.size())}});
  }
  return rows;
}

}  // namespace

std::string design_of(const RunFile& run) {
  for (const ParameterText& parameter : run.parameters()) {
    if (parameter.name != "layer2.design") continue;
    std::string_view value = parameter.value;
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
      value = value.substr(1, value.size() - 2);
    }
    return std::string(value);
  }
  return {};
}

RunSummary summary_of(const RunFile& run) {
  const RunHeader& header = run.header();
  return {.scenario = header.title,
          .design = design_of(run),
          .seed = header.seed,
          .fingerprint = header.fingerprint,
          .status = header.status,
          .result = run.path(),
          .metrics = run.metrics()};
}

std::string to_json(const RunSummary& summary) {
  using Json = nlohmann::ordered_json;
  Json object;
  object["scenario"] = summary.scenario;
  object["design"] = summary.design.empty() ? Json() : Json(summary.design);
  object["seed"] = summary.seed;
  object["fingerprint"] = summary.fingerprint;
  object["status"] = summary.status;
  object["result"] = summary.result;
  Json& metrics = object["metrics"] = Json::object();
  for (const Metric& metric : summary.metrics) {
    metrics[metric.name] = {{"value", std::isfinite(metric.value) ? Json(metric.value) : Json()},
                            {"unit", metric.unit}};
  }
  return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string info_text(const RunFile& run, bool colour) {
  std::string text = aligned(identity_rows(run), colour);
  const std::string numbers = headline(run.metrics(), colour);
  if (!numbers.empty()) text += "\n" + numbers;
  text += "\n" + aligned(table_rows(run), colour);
  return text;
}

std::string info_json(const RunFile& run) { return to_json(summary_of(run)); }

}  // namespace mezz::analysis

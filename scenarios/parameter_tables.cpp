#include "scenarios/parameter_tables.h"

#include <fmt/core.h>

#include <algorithm>

#include "scenarios/scenario.h"
#include "sim/check/error.h"
#include "sim/config/nearest.h"
#include "sim/config/write.h"

namespace mezz {

namespace {

using config::Field;

// Markdown reads a bar as the next cell.
std::string cell(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c;
  }
  return out;
}

// What the reader accepts: the range where there is one, the names of an enum, else the units.
std::string allowed(const Field& field) {
  using Kind = config::ScalarKind;
  if (field.shape == Field::Shape::TableArray) return "tables";
  if (field.type.kind == Kind::Choice) {
    std::string names;
    for (const std::string_view choice : field.type.choices) {
      names += (names.empty() ? "" : ", ") + std::string(choice);
    }
    return names;
  }
  if (field.type.kind == Kind::Boolean) return "true, false";
  const std::string range = config::range_text(field);
  if (!range.empty()) return range;
  return field.type.dimension == config::Dimension::None
             ? ""
             : config::accepted_units(field.type.dimension);
}

std::string value_of(const Field& field, const std::vector<config::Parameter>& all,
                     const std::string& path) {
  if (field.shape == Field::Shape::TableArray) return "none";
  const auto row =
      std::find_if(all.begin(), all.end(), [&](const auto& p) { return p.path == path; });
  return row == all.end() || row->value.empty() ? "none" : row->value;
}

const Field* find(const Field& table, std::string_view name) {
  for (const Field& field : table.fields) {
    if (field.name == name) return &field;
  }
  return nullptr;
}

// A random delay (sim/random/distribution_params.h) is one row, with what its kind makes use of.
bool is_delay(const Field& field) {
  return field.fields.size() > 1 && field.fields[0].name == "kind" &&
         field.fields[1].name == "mean" && find(field, "cv") != nullptr;
}

std::string delay_text(const Field& field) {
  const auto text = [&](std::string_view name) {
    const Field* inner = find(field, name);
    return inner == nullptr ? std::string() : config::plain_text(inner->type, inner->values.at(0));
  };
  const std::string kind = text("kind");
  std::string out = kind + ", mean " + text("mean");
  if (kind == "uniform") out += ", spread " + text("spread");
  if (kind == "shifted_exponential") out += ", minimum " + text("minimum");
  if (kind == "lognormal") out += ", cv " + text("cv");
  if (kind == "erlang") out += ", phases " + text("phases");
  return out;
}

void rows(const Field& table, const std::string& path, const std::string& inner,
          const std::vector<config::Parameter>& all, std::string& out) {
  for (const Field& field : table.fields) {
    const std::string full = path + "." + field.name;
    const std::string name = inner.empty() ? field.name : inner + "." + field.name;
    if (is_delay(field)) {
      out +=
          fmt::format("| `{}` | {} | a delay | {} |\n", name, delay_text(field), cell(field.doc));
      continue;
    }
    if (field.shape == Field::Shape::Table && field.present) {
      rows(field, full, name, all, out);
      continue;
    }
    out += fmt::format("| `{}` | {} | {} | {} |\n", name, cell(value_of(field, all, full)),
                       cell(allowed(field)), cell(field.doc));
  }
}

std::vector<std::string_view> table_names(const Field& table) {
  std::vector<std::string_view> names;
  for (const Field& field : table.fields) {
    if (field.shape == Field::Shape::Table) names.push_back(field.name);
  }
  return names;
}

const Field& find_table(const Field& root, const std::string& path) {
  const Field* table = &root;
  std::size_t begin = 0;
  while (begin <= path.size()) {
    const std::size_t end = std::min(path.find('.', begin), path.size());
    const std::string name = path.substr(begin, end - begin);
    const auto found =
        std::find_if(table->fields.begin(), table->fields.end(), [&](const Field& field) {
          return field.name == name && field.shape == Field::Shape::Table;
        });
    if (found == table->fields.end()) {
      const std::vector<std::string_view> names = table_names(*table);
      throw ScenarioError(path,
                          config::quote(name) + " is no section" +
                              config::did_you_mean(name, names) + "; there are " +
                              config::joined(names),
                          "command line");
    }
    table = &*found;
    begin = end + 1;
  }
  return *table;
}

}  // namespace

std::string parameter_tables(const std::vector<std::string>& names) {
  const Field root = describe_scenario({});
  const std::vector<config::Parameter> all = config::parameters(root);
  std::vector<std::string> wanted = names;
  if (wanted.empty()) {
    for (const std::string_view name : table_names(root)) wanted.emplace_back(name);
  }
  std::string out;
  for (const std::string& name : wanted) {
    const Field& table = find_table(root, name);
    out += fmt::format("{}**`[{}]`** {}\n\n", out.empty() ? "" : "\n", name, table.doc);
    out += "| key | default | allowed | meaning |\n|---|---|---|---|\n";
    rows(table, name, "", all, out);
  }
  return out;
}

std::vector<std::string> sections_of_design(std::string_view name) {
  const auto& known = EnumNames<Design>::names;
  const auto found = std::find(std::begin(known), std::end(known), name);
  if (found == std::end(known)) {
    const std::vector<std::string_view> names(std::begin(known), std::end(known));
    throw ScenarioError("--design",
                        config::quote(name) + " is no design" + config::did_you_mean(name, names) +
                            "; designs are " + config::joined(names),
                        "command line");
  }
  switch (static_cast<Design>(found - std::begin(known))) {
    case Design::OptimisticRollup:
      return {"settlement", "bold",   "proposer", "challenger",
              "attacker",   "bridge", "relayer",  "fast_exit"};
    case Design::Optimium:
      return {"committee", "settlement", "proposer",  "challenger",       "attacker",
              "bridge",    "relayer",    "fast_exit", "forged_withdrawal"};
    case Design::ZkRollup:
      return {"prover", "validity", "bridge", "relayer", "fast_exit"};
    case Design::Validium:
    case Design::Volition:
      return {"committee", "escape_hatch", "prover", "validity", "bridge", "relayer", "fast_exit"};
    case Design::StateChannel:
      return {"channel"};
    case Design::Plasma:
      return {"plasma"};
    case Design::Sidechain:
      return {"sequencing.leader_rotation", "checkpoint", "quorum_bridge"};
  }
  return {};
}

}  // namespace mezz

#include "sim/config/read.h"

#include <algorithm>

#include "sim/check/assert.h"
#include "sim/check/error.h"
#include "sim/config/nearest.h"

namespace mezz::config::detail {

TableReader::TableReader(const Node& table, std::string path, Origins* origins)
    : table_(table), path_(std::move(path)), origins_(origins) {
  if (table.type == Node::Type::Table) return;
  std::string problem = "expected a table, got " + std::string(type_name(table.type));
  if (table.type == Node::Type::Array) problem += "; write [" + path_ + "], not [[" + path_ + "]]";
  throw ScenarioError(path_, problem, place(table.origin));
}

const Node* TableReader::take(std::string_view name) {
  MEZZ_ASSERT(!name.empty());
  // Two parameters of one name: the second could never be told from the first.
  MEZZ_ASSERT(std::find(known_.begin(), known_.end(), name) == known_.end());
  known_.emplace_back(name);
  return table_.find(name);
}

void TableReader::finish(const std::vector<std::string_view>& elsewhere) const {
  std::vector<std::string_view> names(known_.begin(), known_.end());
  names.insert(names.end(), elsewhere.begin(), elsewhere.end());
  for (std::size_t i = 0; i < table_.keys.size(); ++i) {
    const std::string& key = table_.keys[i];
    if (std::find(names.begin(), names.end(), key) != names.end()) continue;
    std::string problem = "unknown key" + did_you_mean(key, names);
    if (nearest(key, names).empty()) {
      problem += names.empty() ? "; no key is allowed here" : "; known here: " + joined(names);
    }
    throw ScenarioError(child_path(path_, key), problem, place(table_.items[i].origin));
  }
}

void TableReader::record(const std::string& path, const Node& node) const {
  if (origins_ != nullptr) (*origins_)[path] = node.origin;
}

void require_array(const Node& node, const std::string& path, bool of_tables,
                   const std::optional<std::size_t>& count_max) {
  if (node.type != Node::Type::Array) {
    std::string problem =
        of_tables ? "expected an array of tables, got " : "expected an array, got ";
    problem += type_name(node.type);
    if (of_tables) {
      problem += "; write [[" + path + "]] before each element";
    } else {
      problem += "; write [a, b, ...]";
    }
    throw ScenarioError(path, problem, place(node.origin));
  }
  if (count_max.has_value() && node.items.size() > *count_max) {
    throw ScenarioError(path,
                        "must have at most " + std::to_string(*count_max) + " elements, got " +
                            std::to_string(node.items.size()),
                        place(node.origin));
  }
}

bool is_none(const Node& node) { return node.type == Node::Type::String && node.text == "none"; }

}  // namespace mezz::config::detail

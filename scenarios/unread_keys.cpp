#include "scenarios/unread_keys.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "scenarios/key_readers.h"
#include "scenarios/scenario_checks.h"
#include "sim/check/assert.h"

namespace mezz {

namespace {

using Values = std::map<std::string, std::string>;

Values values_of(const Scenario& scenario) {
  Values values;
  for (Parameter& p : flat_parameters(scenario)) values.emplace(p.name, p.value);
  return values;
}

bool is_below(std::string_view path, std::string_view section) {
  return path.size() > section.size() && path.starts_with(section) &&
         (path[section.size()] == '.' || path[section.size()] == '[');
}

// ---- matching: one '*' in a row stands for any text

struct Match {
  std::string key;  // what to name: elements of an array are named by the array
  std::string star;
};

std::optional<Match> match(const ReadRule& rule, const std::string& path) {
  const std::size_t star = rule.path.find('*');
  if (star == std::string::npos) {
    if (path != rule.path && !is_below(path, rule.path)) return {};
    return Match{path.substr(0, path.find('[', rule.path.size())), {}};
  }
  const std::string_view before = std::string_view(rule.path).substr(0, star);
  const std::string_view after = std::string_view(rule.path).substr(star + 1);
  if (path.size() <= before.size() + after.size()) return {};
  if (!path.starts_with(before) || !path.ends_with(after)) return {};
  return Match{path, path.substr(before.size(), path.size() - before.size() - after.size())};
}

std::string filled(const std::string& pattern, const std::string& star) {
  const std::size_t at = pattern.find('*');
  return at == std::string::npos ? pattern : std::string(pattern).replace(at, 1, star);
}

// ---- what was asked for

class Question {
 public:
  explicit Question(const Scenario& scenario) : scenario_(scenario), values_(values_of(scenario)) {
    for (const auto& [path, value] : values_) {
      const bool nothing = value.empty() || value == "[]";  // need not be written
      if (!nothing && !scenario.origins.contains(path)) return;
    }
    printed_ = true;
    defaults_ = values_of({});
  }

  // Leaves only, in the order of their paths.
  [[nodiscard]] std::vector<std::string> written_keys() const {
    std::set<std::string> keys;
    for (const auto& [path, origin] : scenario_.origins) {
      if (is_asked(path, origin) && !has_parts(path)) keys.insert(path);
    }
    for (const auto& [path, varied] : scenario_.varied) {
      if (is_own(varied.origin)) keys.insert(path);
    }
    return {keys.begin(), keys.end()};
  }

  // What a choice is; nothing where there is no such key.
  [[nodiscard]] std::string value(const std::string& choice) const {
    const auto now = values_.find(choice);
    return now == values_.end() ? std::string() : now->second;
  }
  // What [sweep] makes of it; null where it does not vary.
  [[nodiscard]] const std::vector<std::string>* varied(const std::string& choice) const {
    const auto found = scenario_.varied.find(choice);
    return found == scenario_.varied.end() ? nullptr : &found->second.values;
  }
  [[nodiscard]] std::string place_of(const std::string& path) const {
    const auto varied = scenario_.varied.find(path);
    const bool in_sweep_only =
        varied != scenario_.varied.end() && !scenario_.origins.contains(path);
    return in_sweep_only ? config::place(varied->second.origin) : written_at(scenario_, path);
  }
  [[nodiscard]] bool on_command_line(const std::string& path) const {
    const auto origin = scenario_.origins.find(path);
    return origin != scenario_.origins.end() &&
           origin->second.kind == config::Origin::Kind::CommandLine;
  }

 private:
  [[nodiscard]] bool is_own(const config::Origin& origin) const {
    using Kind = config::Origin::Kind;
    return origin.kind == Kind::CommandLine ||
           (origin.kind == Kind::File && origin.file == scenario_.file && !is_base());
  }
  // What is there to be extended, as in the catalogue.
  [[nodiscard]] bool is_base() const { return scenario_.name.starts_with('_'); }
  [[nodiscard]] bool is_asked(const std::string& path, const config::Origin& origin) const {
    const auto& scaled = scenario_.scaled;
    if (!is_own(origin) || std::find(scaled.begin(), scaled.end(), path) != scaled.end()) {
      return false;
    }
    if (!printed_ || origin.kind == config::Origin::Kind::CommandLine) return true;
    const auto usual = defaults_.find(path);
    return usual != defaults_.end() && value(path) != usual->second;
  }
  [[nodiscard]] bool has_parts(const std::string& path) const {
    const config::Origins& origins = scenario_.origins;
    for (const char* mark : {".", "["}) {
      const auto next = origins.lower_bound(path + mark);
      if (next != origins.end() && next->first.starts_with(path + mark)) return true;
    }
    return false;
  }

  const Scenario& scenario_;
  Values values_;
  Values defaults_;
  bool printed_ = false;  // every parameter there is has been written
};

// ---- the answer

struct Chosen {
  const KeyReader* reader = nullptr;
  std::string choice;
  std::string value;
  bool in_sweep = false;  // some of its runs choose a value that reads
};

Chosen chosen_by(const KeyReader& reader, const Match& at, const Question& asked) {
  Chosen out{&reader, filled(reader.choice, at.star), {}};
  out.value = asked.value(out.choice);
  const std::vector<std::string>* varied = asked.varied(out.choice);
  out.in_sweep = varied != nullptr &&
                 (varied->empty() || std::any_of(varied->begin(), varied->end(),
                                                 [&](const auto& v) { return reader.reads(v); }));
  return out;
}

// The row speaks of this place: in place of '*' stands something with such a choice.
bool fits(const Chosen& chosen) {
  const auto& names = chosen.reader->names;
  return !chosen.value.empty() &&
         (names.empty() || std::find(names.begin(), names.end(), chosen.value) != names.end());
}

std::string text_of(const std::vector<Chosen>& all) {
  const KeyReader& first = *all.front().reader;
  std::vector<std::string> are;
  std::vector<std::string> readers;
  bool in_sweep = false;
  for (const Chosen& one : all) {
    are.push_back(one.choice + " = " + one.value);
    in_sweep = in_sweep || one.in_sweep;
    for (const std::string_view value : one.reader->values) {
      readers.push_back(all.size() == 1 ? std::string(value)
                                        : one.choice + " = " + std::string(value));
    }
  }
  const std::string runs = in_sweep ? "; runs of [sweep] do read it" : "";
  if (!first.off.empty()) return "has no effect while " + are.front() + runs;
  const bool of_designs = all.size() == 1 && first.choice == "layer2.design";
  const std::string where =
      of_designs ? in_design(all.front().value) : fmt::format("where {}", fmt::join(are, " and "));
  return fmt::format("has no effect {}; it is read by: {}{}", where, fmt::join(readers, ", "),
                     runs);
}

// What is wrong with the key, by this row; empty: nothing. A key of the file is there for its sweep
// too, one of the command line is there for this run.
std::string problem_of(const ReadRule& rule, const std::string& path, const Match& at,
                       const Question& asked) {
  if (!rule.agrees.empty() && asked.value(path) == rule.agrees) return {};
  if (!rule.instead.empty()) return fmt::format("has no effect: {}", rule.instead);
  const bool for_this_run = asked.on_command_line(path);
  std::vector<Chosen> all;
  for (const KeyReader& reader : rule.readers) {
    const Chosen chosen = chosen_by(reader, at, asked);
    if (chosen.choice == path || !fits(chosen) || reader.reads(chosen.value)) return {};
    if (chosen.in_sweep && !for_this_run) return {};
    all.push_back(chosen);
  }
  MEZZ_ASSERT(!all.empty());
  return text_of(all);
}

std::string value_text(const config::Node& value) {
  switch (value.type) {
    case config::Node::Type::String:
      return value.text;
    case config::Node::Type::Integer:
      return std::to_string(value.integer);
    case config::Node::Type::Boolean:
      return value.boolean ? "true" : "false";
    default:
      return {};  // no choice
  }
}

}  // namespace

std::vector<UnreadKey> unread_keys(const Scenario& scenario) {
  const Question asked(scenario);
  const std::vector<std::string> keys = asked.written_keys();
  std::vector<UnreadKey> out;
  std::set<std::string> told;
  for (const ReadRule& rule : read_rules()) {
    for (const std::string& path : keys) {
      if (told.contains(path)) continue;
      const std::optional<Match> at = match(rule, path);
      if (!at) continue;
      const std::string problem = problem_of(rule, path, *at, asked);
      if (problem.empty()) continue;
      told.insert(path);
      const std::string& named = rule.whole ? rule.path : at->key;
      if (named != path && !told.insert(named).second) continue;
      out.push_back({named, asked.place_of(path), problem});
    }
  }
  return out;
}

std::string in_design(std::string_view name) {
  return fmt::format("in {} {}", name.front() == 'o' ? "an" : "a", name);
}

std::map<std::string, VariedKey> varied_keys(const config::Node& root) {
  using Type = config::Node::Type;
  std::map<std::string, VariedKey> out;
  const config::Node* sweep = root.find("sweep");
  if (sweep == nullptr || sweep->type != Type::Table) return out;
  const auto note = [&](const config::Node& axes) {
    for (std::size_t i = 0; axes.type == Type::Table && i < axes.keys.size(); ++i) {
      if (axes.keys[i].find('.') == std::string::npos) continue;  // zip, skip, until
      VariedKey& varied = out[axes.keys[i]];
      varied.origin = axes.items[i].origin;
      if (axes.items[i].type != Type::Array) continue;
      for (const config::Node& value : axes.items[i].items) {
        varied.values.push_back(value_text(value));
      }
    }
  };
  note(*sweep);
  const config::Node* zips = sweep->find("zip");
  if (zips == nullptr || zips->type != Type::Array) return out;
  for (const config::Node& zip : zips->items) note(zip);
  return out;
}

}  // namespace mezz

#include "analysis/response/factors.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace mezz::analysis {

namespace {

void sort_by_number(Factor& factor) {
  std::vector<std::size_t> order(factor.numbers.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return factor.numbers[a] < factor.numbers[b];
  });
  Factor sorted = factor;
  std::vector<std::size_t> place(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    sorted.levels[i] = factor.levels[order[i]];
    sorted.numbers[i] = factor.numbers[order[i]];
    place[order[i]] = i;
  }
  for (std::size_t& level : sorted.level_of_run) level = place[level];
  factor = std::move(sorted);
}

// Whether the level of one is the level of the other by another name.
bool change_together(const Factor& a, const Factor& b) {
  if (a.levels.size() != b.levels.size()) return false;
  std::vector<std::size_t> partner(a.levels.size(), b.levels.size());
  for (std::size_t run = 0; run < a.level_of_run.size(); ++run) {
    std::size_t& of_level = partner[a.level_of_run[run]];
    if (of_level == b.levels.size()) of_level = b.level_of_run[run];
    if (of_level != b.level_of_run[run]) return false;
  }
  std::sort(partner.begin(), partner.end());
  return std::adjacent_find(partner.begin(), partner.end()) == partner.end();
}

}  // namespace

bool is_seed_key(std::string_view key) { return key == "run.seed" || key == "run.replication"; }

std::string seed_text(const RunSet& set, const RunRecord& run) {
  std::string text;
  for (std::size_t k = 0; k < set.keys.size(); ++k) {
    if (is_seed_key(set.keys[k])) text += run.values[k].text + " ";
  }
  return text;
}

bool Factor::geometric() const {
  if (numbers.size() < 3 || numbers.front() <= 0.0) return false;
  const double step = numbers[1] / numbers[0];
  if (!(step > 1.0)) return false;
  for (std::size_t i = 2; i < numbers.size(); ++i) {
    if (std::fabs(numbers[i] / numbers[i - 1] / step - 1.0) > 0.01) return false;
  }
  return true;
}

Factor factor_of(const RunSet& set, std::size_t key) {
  Factor out{.name = set.keys.at(key)};
  std::vector<KeyValue> values;
  for (const RunRecord& run : set.runs) {
    const KeyValue& value = run.values.at(key);
    const auto found = std::find(out.levels.begin(), out.levels.end(), value.text);
    out.level_of_run.push_back(static_cast<std::size_t>(found - out.levels.begin()));
    if (found != out.levels.end()) continue;
    out.levels.push_back(value.text);
    values.push_back(value);
  }
  const bool numeric = std::all_of(values.begin(), values.end(), [&](const KeyValue& value) {
    return value.number && value.unit == values.front().unit;
  });
  if (!numeric || values.empty()) return out;
  out.unit = values.front().unit;
  for (const KeyValue& value : values) out.numbers.push_back(*value.number);
  sort_by_number(out);
  return out;
}

std::vector<Factor> factors_of(const RunSet& set) {
  std::vector<Factor> out;
  for (std::size_t key = 0; key < set.keys.size(); ++key) {
    if (is_seed_key(set.keys[key])) continue;
    Factor factor = factor_of(set, key);
    if (factor.levels.size() < 2) continue;
    const auto same = std::find_if(out.begin(), out.end(), [&](const Factor& other) {
      return change_together(other, factor);
    });
    if (same == out.end()) {
      out.push_back(std::move(factor));
    } else {
      same->name += " with " + factor.name;
    }
  }
  return out;
}

}  // namespace mezz::analysis

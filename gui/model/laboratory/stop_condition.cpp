#include "gui/model/laboratory/stop_condition.h"

#include <fmt/core.h>

#include <charconv>

#include "sim/check/error.h"
#include "sim/config/nearest.h"
#include "sim/config/units.h"

namespace mezz::lab {

namespace {

constexpr std::string_view kForms =
    "write \"time 30 min\", \"event 12000\", \"message NAME\", \"entity PATH\", a comparison such "
    "as "
    "\"bad_debt.usd > 0\", or one of the named ones";

[[noreturn]] void reject(std::string_view text, const std::string& problem) {
  throw ScenarioError("run until", config::quote(text) + " " + problem);
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// The text behind a word that it begins with; null data when it does not.
std::string_view after(std::string_view text, std::string_view word) {
  if (!text.starts_with(word) || text.size() == word.size() || text[word.size()] != ' ') return {};
  return trimmed(text.substr(word.size()));
}

double number(std::string_view whole, std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    reject(whole, "compares with " + config::quote(text) + ", which is no number");
  }
  return value;
}

StopCondition parse_comparison(std::string_view text) {
  const std::size_t at = text.find_first_of("<>");
  if (at == std::string_view::npos) reject(text, "is no condition; " + std::string(kForms));
  const bool equal = at + 1 < text.size() && text[at + 1] == '=';
  StopCondition out{.kind = StopCondition::Kind::AtMetric};
  out.name = std::string(trimmed(text.substr(0, at)));
  if (out.name.empty()) reject(text, "names no number before the comparison");
  using Relation = StopCondition::Relation;
  if (text[at] == '>') {
    out.relation = equal ? Relation::AtLeast : Relation::Above;
  } else {
    out.relation = equal ? Relation::AtMost : Relation::Below;
  }
  out.value = number(text, trimmed(text.substr(at + (equal ? 2 : 1))));
  return out;
}

StopCondition parse_event(std::string_view whole, std::string_view text) {
  StopCondition out{.kind = StopCondition::Kind::AtEvent};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out.event);
  if (error != std::errc() || end != text.data() + text.size()) {
    reject(whole, "needs the number of an event, such as \"event 12000\"");
  }
  return out;
}

StopCondition parse_time(std::string_view whole, std::string_view text) {
  const config::Amount amount = config::parse_amount(config::Dimension::Duration, text);
  if (!amount.problem.empty()) reject(whole, amount.problem);
  if (amount.value < 0) reject(whole, "lies before the start of the run");
  return {.kind = StopCondition::Kind::AtTime, .time = {narrow(amount.value)}};
}

constexpr std::string_view kRelations[] = {">", ">=", "<", "<="};

}  // namespace

const std::vector<NamedStop>& named_stops() {
  static const std::vector<NamedStop> stops = {
      {"first liquidation", "liquidations.count > 0"},
      {"first insolvency", "bad_debt.usd > 0"},
      {"insurance fund empty", "insurance_fund.end <= 0"},
      {"first withdrawal paid", "withdrawal.paid > 0"},
      {"first deleveraging", "adl.notional > 0"},
  };
  return stops;
}

bool holds(const StopCondition& condition, double value) {
  switch (condition.relation) {
    case StopCondition::Relation::Above:
      return value > condition.value;
    case StopCondition::Relation::AtLeast:
      return value >= condition.value;
    case StopCondition::Relation::Below:
      return value < condition.value;
    case StopCondition::Relation::AtMost:
      return value <= condition.value;
  }
  return false;
}

StopCondition parse_stop(std::string_view text) {
  text = trimmed(text);
  if (text.empty()) reject(text, "is empty; " + std::string(kForms));
  for (const NamedStop& stop : named_stops()) {
    if (text == stop.name) return parse_stop(stop.text);
  }
  if (const auto rest = after(text, "time"); !rest.empty()) return parse_time(text, rest);
  if (const auto rest = after(text, "event"); !rest.empty()) return parse_event(text, rest);
  if (const auto rest = after(text, "message"); !rest.empty()) {
    return {.kind = StopCondition::Kind::AtMessage, .name = std::string(rest)};
  }
  if (const auto rest = after(text, "entity"); !rest.empty()) {
    return {.kind = StopCondition::Kind::AtEntity, .name = std::string(rest)};
  }
  return parse_comparison(text);
}

std::string to_text(const StopCondition& condition) {
  switch (condition.kind) {
    case StopCondition::Kind::Never:
      return "never";
    case StopCondition::Kind::AtTime:
      return "time " + config::to_text(condition.time - Time::zero());
    case StopCondition::Kind::AtEvent:
      return fmt::format("event {}", condition.event);
    case StopCondition::Kind::AtMessage:
      return "message " + condition.name;
    case StopCondition::Kind::AtEntity:
      return "entity " + condition.name;
    case StopCondition::Kind::AtMetric:
      return fmt::format("{} {} {}", condition.name,
                         kRelations[static_cast<std::size_t>(condition.relation)], condition.value);
  }
  return {};
}

}  // namespace mezz::lab

// When a run shall stop by itself, as one line of text that a person can type, a story can hold and
// a command line could take:
//   time 30 min                 the first moment at or after it
//   event 12000                 that many events have been dispatched
//   message Receipt             the next message of this kind has been handled
//   entity l2/sequencer         something has been handled there
//   bad_debt.usd > 0            a number of the run: > >= < <= ; units are those of the headline
// "first insolvency" and "first liquidation" are names for the numbers a user asks for most.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/types/time.h"

namespace mezz::lab {

struct StopCondition {
  enum class Kind : std::uint8_t { Never, AtTime, AtEvent, AtMessage, AtEntity, AtMetric };
  enum class Relation : std::uint8_t { Above, AtLeast, Below, AtMost };

  Kind kind = Kind::Never;
  Time time = {};
  std::uint64_t event = 0;
  std::string name = {};  // of the message, entity or metric
  Relation relation = Relation::Above;
  double value = 0;

  bool operator==(const StopCondition&) const = default;
};

[[nodiscard]] bool holds(const StopCondition& condition, double value);

// Throws ScenarioError that says what can be written. Names of messages, entities and metrics are
// checked against the world that shall stop (LabSession::check).
StopCondition parse_stop(std::string_view text);
std::string to_text(const StopCondition& condition);

struct NamedStop {
  std::string_view name;  // "first insolvency"
  std::string_view text;  // "bad_debt.usd > 0"
};
const std::vector<NamedStop>& named_stops();

}  // namespace mezz::lab

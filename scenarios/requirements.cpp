#include "scenarios/requirements.h"

#include <fmt/core.h>

#include <algorithm>
#include <string>
#include <vector>

#include "sim/check/error.h"
#include "sim/config/nearest.h"

namespace mezz {

namespace {

constexpr MissingPart kMissing[] = {
    {"shared_sequencer", "one sequencer that orders the transactions of several layer twos"},
    {"several_layer2", "several layer twos in one world, with traders and bridges between them"},
};

const MissingPart& find(const config::Node& wanted) {
  const auto found =
      std::find_if(std::begin(kMissing), std::end(kMissing),
                   [&](const MissingPart& part) { return part.name == wanted.text; });
  if (found != std::end(kMissing)) return *found;
  std::vector<std::string_view> names;
  for (const MissingPart& part : kMissing) names.push_back(part.name);
  throw ScenarioError("requires",
                      config::quote(wanted.text) + " is no part that is known to be missing" +
                          config::did_you_mean(wanted.text, names) + "; there are " +
                          config::joined(names),
                      place(wanted.origin));
}

}  // namespace

std::span<const MissingPart> missing_parts() { return kMissing; }

void check_requirements(const config::Node& root) {
  const config::Node* list = root.find("requires");
  if (list == nullptr) return;
  const bool strings = list->type == config::Node::Type::Array &&
                       std::all_of(list->items.begin(), list->items.end(), [](const auto& item) {
                         return item.type == config::Node::Type::String;
                       });
  if (!strings) {
    throw ScenarioError("requires", "must be an array of names such as [\"shared_sequencer\"]",
                        place(list->origin));
  }
  std::string text;
  for (const config::Node& item : list->items) {
    const MissingPart& part = find(item);
    text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", part.name, part.what);
  }
  if (text.empty()) return;
  throw ScenarioError("requires", "does not exist yet: " + text, place(list->origin));
}

}  // namespace mezz

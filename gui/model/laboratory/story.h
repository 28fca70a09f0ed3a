// A story beside a scenario: a few steps that say what to watch and when. It stands in the folder
// `stories` next to the scenario, under the same file name, so no run can depend on it:
//   [[step]]
//   when  = "start"                  # or any condition of stop_condition.h
//   title = "The sequencer stops"
//   text  = "..."
//   look  = "l2/sequencer"           # the part or inspector to show; may be left out
// The steps are told in their order: the next one waits for its moment.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gui/model/laboratory/stop_condition.h"
#include "scenarios/scenario.h"
#include "sim/config/visit.h"

namespace mezz::lab {

struct StoryStep {
  std::string when;
  std::string title;
  std::string text;
  std::string look;

  void visit(auto& v) {
    v("when", when, {.doc = "The moment of the step: \"start\" or a condition to run until"});
    v("title", title, {.doc = "A few words"});
    v("text", text, {.doc = "What to watch, in two or three sentences"});
    v("look", look, {.doc = "Part or inspector to show"});
  }

  [[nodiscard]] bool at_start() const { return when == "start"; }
  [[nodiscard]] StopCondition condition() const {
    return at_start() ? StopCondition{} : parse_stop(when);
  }
};

struct Story {
  std::vector<StoryStep> step;

  void visit(auto& v) { v("step", step, {.doc = "In the order of telling", .count_max = 50}); }
};

// The file of a scenario's story, whether it exists or not.
std::string story_file(const Scenario& scenario);
[[nodiscard]] bool has_story(const Scenario& scenario);
// Without a file, a story without steps. Throws ScenarioError for a file that is wrong.
Story load_story(const Scenario& scenario);
Story story_from_text(std::string_view text, const std::string& name);

}  // namespace mezz::lab

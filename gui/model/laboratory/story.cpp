#include "gui/model/laboratory/story.h"

#include <filesystem>

#include "sim/check/error.h"
#include "sim/config/document.h"
#include "sim/config/read.h"

namespace mezz::lab {

namespace {

Story read_story(const config::Document& document) {
  Story story;
  config::Origins origins;
  config::read(document.root, story, "", {.origins = &origins});
  for (std::size_t i = 0; i < story.step.size(); ++i) {
    const StoryStep& step = story.step[i];
    const std::string path = config::item_path("step", i);
    if (step.title.empty() || step.text.empty()) {
      throw ScenarioError(path, "needs a title and a text");
    }
    try {
      static_cast<void>(step.condition());
    } catch (const ScenarioError& error) {
      throw ScenarioError(path + ".when", error.problem(), config::place(origins[path + ".when"]));
    }
  }
  return story;
}

}  // namespace

std::string story_file(const Scenario& scenario) {
  const std::filesystem::path file(scenario.file);
  return (file.parent_path() / "stories" / file.filename()).string();
}

bool has_story(const Scenario& scenario) {
  std::error_code error;
  return std::filesystem::is_regular_file(story_file(scenario), error);
}

Story load_story(const Scenario& scenario) {
  if (!has_story(scenario)) return {};
  return read_story(config::load_file(story_file(scenario)));
}

Story story_from_text(std::string_view text, const std::string& name) {
  return read_story(config::load_text(text, name));
}

}  // namespace mezz::lab

#include "gui/model/laboratory/story.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "gui/model/laboratory/gallery.h"
#include "gui/model/laboratory/inspector.h"
#include "gui/model/laboratory/lab_session.h"
#include "sim/check/error.h"
#include "tests/gui/model/laboratory/fixture.h"

namespace mezz::lab {
namespace {

TEST(Gallery, HoldsTheCatalogueWithStoriesFirst) {
  const std::vector<GalleryCard> cards = gallery();
  ASSERT_GE(cards.size(), 20U);
  EXPECT_TRUE(cards.front().has_tag("story"));
  EXPECT_TRUE(cards.back().has_tag("incident"));
  const auto crash = std::find_if(cards.begin(), cards.end(), [](const GalleryCard& card) {
    return card.name == "flash_crash";
  });
  ASSERT_NE(crash, cards.end());
  EXPECT_EQ(crash->problem, "");
  EXPECT_EQ(crash->design, "optimistic_rollup");
  EXPECT_EQ(crash->length, 2_h);
  EXPECT_FALSE(crash->has_tag("quick"));  // 100 000 accounts
  EXPECT_GE(std::count_if(cards.begin(), cards.end(),
                          [](const GalleryCard& card) { return card.has_tag("story"); }),
            6);
}

TEST(Gallery, IsSearchedByEveryWord) {
  const std::vector<GalleryCard> cards = {gallery_card("crash_during_outage"),
                                          gallery_card("reorg")};
  const std::vector<GalleryCard> found = search(cards, "SEQUENCER crash");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].name, "crash_during_outage");
  EXPECT_EQ(search(cards, "").size(), 2U);
}

TEST(Gallery, AFileThatCannotBeReadIsACardWithAProblem) {
  const ScratchFolder folder;
  const std::string path = folder.write("broken.toml", "[run]\nlenght = \"2 h\"\n");
  EXPECT_NE(gallery_card(path).problem.find("lenght"), std::string::npos);
}

TEST(Story, IsReadStepByStep) {
  const Story story = story_from_text(
      "[[step]]\nwhen = \"start\"\ntitle = \"One\"\ntext = \"Look.\"\n"
      "[[step]]\nwhen = \"bad_debt.usd > 0\"\ntitle = \"Two\"\ntext = \"Gone.\"\nlook = "
      "\"ledger\"\n",
      "story");
  ASSERT_EQ(story.step.size(), 2U);
  EXPECT_TRUE(story.step[0].at_start());
  EXPECT_EQ(story.step[1].condition().kind, StopCondition::Kind::AtMetric);
}

TEST(Story, AWrongMomentIsAnErrorWithItsPlace) {
  try {
    static_cast<void>(story_from_text(
        "[[step]]\nwhen = \"sometime\"\ntitle = \"One\"\ntext = \"Look.\"\n", "story"));
    FAIL();
  } catch (const ScenarioError& error) {
    EXPECT_EQ(error.path(), "step[0].when");
    EXPECT_NE(std::string(error.what()).find("story:2"), std::string::npos) << error.what();
  }
}

// Every story of the catalogue belongs to a scenario, and each of its moments is one that the
// scenario's world can stop at; whatever it looks at exists.
TEST(Story, EveryShippedStoryFitsItsScenario) {
  std::size_t stories = 0;
  for (const GalleryCard& card : gallery()) {
    if (!card.has_tag("story")) continue;
    ++stories;
    const Scenario scenario = load_scenario(card.path, {});
    const Story story = load_story(scenario);
    EXPECT_GE(story.step.size(), 3U) << card.name;
    Scenario small = scenario;
    for (AgentEntry& agent : small.agents) {
      if (agent.kind != "leveraged_population") continue;
      const config::Node table = config::load_text("accounts = 100", "test").root;
      agent.model->read(table, "agent", {});
    }
    LabSession session(small);
    for (const StoryStep& step : story.step) {
      EXPECT_NO_THROW(session.set_stop(step.condition())) << card.name << ": " << step.when;
      if (step.condition().kind == StopCondition::Kind::AtTime) {
        EXPECT_LE(step.condition().time, Time::zero() + scenario.run.duration) << card.name;
      }
      if (step.look.empty()) continue;
      EXPECT_NE(inspect(session.study(), step.look).rows.front().value, "") << step.look;
    }
  }
  EXPECT_GE(stories, 6U);
}

TEST(Story, DoesNotTouchTheRun) {
  const ScratchFolder folder;
  const std::string file = folder.write("small_crash.toml", kSmall);
  const Scenario alone = load_scenario(file, {});
  LabSession first(alone);
  first.run_for({.events = 1000});
  folder.write("stories/small_crash.toml",
               "[[step]]\nwhen = \"start\"\ntitle = \"One\"\ntext = \"Look.\"\n");
  const Scenario told = load_scenario(file, {});
  EXPECT_TRUE(has_story(told));
  EXPECT_EQ(resolved_text(told), resolved_text(alone));
  LabSession second(told);
  second.run_for({.events = 1000});
  EXPECT_EQ(first.status().fingerprint, second.status().fingerprint);
}

}  // namespace
}  // namespace mezz::lab

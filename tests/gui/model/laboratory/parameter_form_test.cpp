#include "gui/model/laboratory/parameter_form.h"

#include <gtest/gtest.h>

#include "tests/gui/model/laboratory/fixture.h"

namespace mezz::lab {
namespace {

TEST(ParameterForm, ShowsWhatTheVisitorSays) {
  const ParameterForm form(small_file());
  const FormField* window = form.find("settlement.challenge_window");
  ASSERT_NE(window, nullptr);
  EXPECT_EQ(window->text, "7 d");
  EXPECT_EQ(window->standard, "7 d");
  EXPECT_EQ(window->kind, FieldKind::Duration);
  EXPECT_EQ(window->range, "1 min .. 365 d");
  EXPECT_NE(window->units.find("min"), std::string::npos);
  EXPECT_FALSE(window->doc.empty());
  const FormField* design = form.find("layer2.design");
  ASSERT_NE(design, nullptr);
  EXPECT_EQ(design->kind, FieldKind::Choice);
  EXPECT_EQ(design->choices.size(), std::size(EnumNames<Design>::names));
  EXPECT_EQ(form.find("agent[1].accounts")->text, "200");
  EXPECT_TRUE(form.find("run.seed")->written);
  EXPECT_FALSE(form.find("layer1.slot") != nullptr && form.find("layer1.slot")->written);
}

TEST(ParameterForm, AnEditIsMarkedAndTurnsIntoAnOverride) {
  ParameterForm form(small_file());
  EXPECT_EQ(form.set("settlement.challenge_window", "1 d"), "");
  EXPECT_TRUE(form.find("settlement.challenge_window")->changed());
  EXPECT_EQ(form.scenario().layer2.challenge_window, 1_d);
  EXPECT_EQ(form.overrides(), std::vector<std::string>{"settlement.challenge_window=1 d"});
  EXPECT_EQ(form.changes(),
            std::vector<std::string>{"settlement.challenge_window 1 d instead of 7 d"});
  // Read again by those who get the overrides.
  EXPECT_EQ(load_scenario(small_file(), form.overrides()).layer2.challenge_window, 1_d);
  // Back by hand: no override is left.
  EXPECT_EQ(form.set("settlement.challenge_window", "7 d"), "");
  EXPECT_TRUE(form.overrides().empty());
}

TEST(ParameterForm, WhatIsWrongIsSaidByTheReaderAndChangesNothing) {
  ParameterForm form(small_file());
  EXPECT_NE(form.set("settlement.challenge_window", "5").find("unit"), std::string::npos);
  EXPECT_NE(form.set("settlement.challenge_window", "1 s").find("1 min"), std::string::npos);
  EXPECT_NE(form.set("layer2.design", "zk_rolup").find("zk_rollup"), std::string::npos);
  EXPECT_NE(form.set("no.such", "1").find("no.such"), std::string::npos);
  EXPECT_TRUE(form.overrides().empty());
  EXPECT_FALSE(form.can_undo());
}

TEST(ParameterForm, EveryEditCanBeUndoneAndDoneAgain) {
  ParameterForm form(small_file());
  form.set("run.seed", "8");
  form.set("layer2.design", "zk_rollup");
  form.reset("run.seed");
  EXPECT_EQ(form.overrides(), std::vector<std::string>{"layer2.design=zk_rollup"});
  form.undo();
  EXPECT_EQ(form.find("run.seed")->text, "8");
  form.undo();
  form.undo();
  EXPECT_FALSE(form.can_undo());
  EXPECT_TRUE(form.overrides().empty());
  form.redo();
  EXPECT_EQ(form.overrides(), std::vector<std::string>{"run.seed=8"});
  EXPECT_EQ(form.redo_text(), "layer2.design = zk_rollup");
  form.set("run.seed", "9");  // another way: what was undone is forgotten
  EXPECT_FALSE(form.can_redo());
  form.reset_all();
  EXPECT_TRUE(form.overrides().empty());
  form.undo();
  EXPECT_EQ(form.find("run.seed")->text, "9");
}

TEST(ParameterForm, ASliderGivesTextThatTheReaderTakes) {
  ParameterForm form(small_file());
  const FormField window = *form.find("settlement.challenge_window");
  ASSERT_TRUE(window.slider.has_value());
  EXPECT_TRUE(window.slider->logarithmic);
  EXPECT_EQ(form.slider_text(window, 0), "1 min");
  EXPECT_EQ(form.slider_text(window, 1), "365 d");
  // ln(7 d / 1 min) / ln(365 d / 1 min) = ln 10 080 / ln 525 600 = 9.218 / 13.172
  EXPECT_NEAR(ParameterForm::slider_share(*window.slider), 9.218 / 13.172, 1e-3);
  for (double share = 0; share <= 1; share += 0.125) {
    EXPECT_EQ(form.set(window.path, form.slider_text(window, share)), "") << share;
  }
}

TEST(ParameterForm, FeaturesWhatTheScenarioIsAbout) {
  const ParameterForm form(small_file());
  bool window = false;
  bool fund = false;
  for (const FormField& field : form.featured()) {
    window = window || field.path == "settlement.challenge_window";
    fund = fund || field.path == "market.insurance_fund";
    EXPECT_NE(field.path, "title");
  }
  EXPECT_TRUE(window);
  EXPECT_TRUE(fund);
  EXPECT_LT(form.featured().size(), 40U);
  EXPECT_GT(form.search("").size(), 100U);
  for (const FormField& field : form.search("Challenge WINDOW")) {
    EXPECT_FALSE(field.doc.empty());
  }
}

TEST(ParameterForm, TheCommandLineIsQuotedForAShell) {
  ParameterForm form(small_file());
  form.set("settlement.challenge_window", "1 d");
  const std::string line = command_line(form.scenario(), form.overrides());
  EXPECT_NE(line.find("--set 'settlement.challenge_window=1 d'"), std::string::npos) << line;
  EXPECT_EQ(shell_word("it's"), "'it'\\''s'");
  EXPECT_EQ(shell_word("a=b"), "a=b");
  const std::string python = python_text(form.scenario(), form.overrides());
  EXPECT_NE(python.find("\"settlement.challenge_window=1 d\""), std::string::npos) << python;
}

}  // namespace
}  // namespace mezz::lab

#include "gui/model/colours.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace mezz::gui {
namespace {

TEST(Colours, ContrastFollowsWcag) {
  // WCAG 2.1: black on white is 21:1, a colour on itself 1:1; #767676 on white is 4.54:1.
  EXPECT_NEAR(contrast({0, 0, 0}, {255, 255, 255}), 21.0, 1e-9);
  EXPECT_NEAR(contrast({9, 9, 9}, {9, 9, 9}), 1.0, 1e-12);
  EXPECT_NEAR(contrast({0x76, 0x76, 0x76}, {255, 255, 255}), 4.54, 0.005);
}

TEST(Colours, TextIsReadableInBothThemes) {
  for (const ThemeName name : {ThemeName::Light, ThemeName::Dark}) {
    const ThemeColours& c = colours_of(name);
    for (const Colour ground : {c.window, c.base, c.alternate}) {
      EXPECT_GE(contrast(c.text, ground), 7.0) << name_of(name);
      EXPECT_GE(contrast(c.faint, ground), 4.5) << name_of(name);
      EXPECT_GE(contrast(c.good, ground), 4.5) << name_of(name);
      EXPECT_GE(contrast(c.bad, ground), 4.5) << name_of(name);
    }
    EXPECT_GE(contrast(c.accent_text, c.accent), 4.5) << name_of(name);
  }
}

TEST(Colours, LinesStandOutFromTheGround) {
  for (const ThemeName name : {ThemeName::Light, ThemeName::Dark}) {
    const ThemeColours& c = colours_of(name);
    for (std::size_t i = 0; i < kSeriesColours; ++i)
      EXPECT_GE(contrast(series_colour(c, i), c.base), 3.0) << name_of(name) << " series " << i;
  }
}

TEST(Colours, TheScaleGetsLighterAllTheWay) {
  const Colour black{0, 0, 0};
  for (int i = 0; i < 20; ++i)
    EXPECT_LT(contrast(scale_colour(i / 20.0), black),
              contrast(scale_colour((i + 1) / 20.0), black));
}

TEST(Colours, AnUnknownThemeIsNamed) {
  EXPECT_EQ(theme_named("dark"), ThemeName::Dark);
  EXPECT_THROW(static_cast<void>(theme_named("blue")), std::invalid_argument);
}

}  // namespace
}  // namespace mezz::gui

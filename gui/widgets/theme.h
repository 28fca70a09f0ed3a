// Applies a theme of gui/model/colours.h to the application: Fusion style with a palette of ours,
// the same on every desktop. Qt 6.4 cannot say which scheme the desktop has, so "system" is what
// the lightness of the palette at start-up says.
#pragma once

#include <QColor>
#include <QObject>
#include <QString>

#include "gui/model/colours.h"

namespace mezz::gui {

inline QColor qt(Colour c) { return {c.red, c.green, c.blue}; }

// A square in this colour, for rich text: the legend of a plot whose labels stand outside.
inline QString colour_square(Colour c) {
  return QStringLiteral("<span style='color:%1'>\u25a0</span>").arg(qt(c).name());
}

class Theme final : public QObject {
  Q_OBJECT

 public:
  // The one of the application.
  static Theme& instance();

  void apply(ThemeName theme);
  [[nodiscard]] ThemeName chosen() const { return chosen_; }
  [[nodiscard]] const ThemeColours& colours() const { return colours_of(resolved_); }

 signals:
  void changed();

 private:
  Theme();

  ThemeName chosen_ = ThemeName::System;
  ThemeName resolved_ = ThemeName::Light;
  bool desktop_is_dark_ = false;
};

}  // namespace mezz::gui

#include "gui/widgets/theme.h"

#include <QApplication>
#include <QPalette>
#include <QStyleFactory>

namespace mezz::gui {

namespace {

QPalette palette_of(const ThemeColours& c) {
  QPalette p;
  p.setColor(QPalette::Window, qt(c.window));
  p.setColor(QPalette::WindowText, qt(c.text));
  p.setColor(QPalette::Base, qt(c.base));
  p.setColor(QPalette::AlternateBase, qt(c.alternate));
  p.setColor(QPalette::Text, qt(c.text));
  p.setColor(QPalette::PlaceholderText, qt(c.faint));
  p.setColor(QPalette::Button, qt(c.window));
  p.setColor(QPalette::ButtonText, qt(c.text));
  p.setColor(QPalette::BrightText, qt(c.bad));
  p.setColor(QPalette::ToolTipBase, qt(c.base));
  p.setColor(QPalette::ToolTipText, qt(c.text));
  p.setColor(QPalette::Highlight, qt(c.accent));
  p.setColor(QPalette::HighlightedText, qt(c.accent_text));
  p.setColor(QPalette::Link, qt(c.accent));
  p.setColor(QPalette::LinkVisited, qt(c.accent));
  p.setColor(QPalette::Light, qt(c.window).lighter(c.dark ? 140 : 105));
  p.setColor(QPalette::Midlight, qt(c.window).lighter(c.dark ? 120 : 102));
  p.setColor(QPalette::Mid, qt(c.window).darker(c.dark ? 120 : 115));
  p.setColor(QPalette::Dark, qt(c.window).darker(c.dark ? 150 : 140));
  p.setColor(QPalette::Shadow, qt(c.window).darker(c.dark ? 220 : 200));
  for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
    p.setColor(QPalette::Disabled, role, qt(c.faint));
  return p;
}

}  // namespace

Theme& Theme::instance() {
  static Theme theme;
  return theme;
}

Theme::Theme()
    : desktop_is_dark_(QApplication::palette().color(QPalette::Window).lightness() < 128) {}

void Theme::apply(ThemeName theme) {
  chosen_ = theme;
  resolved_ = theme != ThemeName::System ? theme
              : desktop_is_dark_         ? ThemeName::Dark
                                         : ThemeName::Light;
  QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
  QApplication::setPalette(palette_of(colours()));
  emit changed();
}

}  // namespace mezz::gui

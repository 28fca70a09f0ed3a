#include "gui/widgets/theme.h"

#include <QApplication>
#include <QPainter>
#include <QPalette>
#include <QProxyStyle>
#include <QStyleOption>

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

// Fusion outlines a check box darker than the window, which on a dark one cannot be seen.
class Style final : public QProxyStyle {
 public:
  Style() : QProxyStyle(QStringLiteral("Fusion")) {}
  void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                     const QWidget* widget) const override {
    QProxyStyle::drawPrimitive(element, option, painter, widget);
    if (element != PE_IndicatorCheckBox || !Theme::instance().colours().dark) return;
    painter->save();
    painter->setPen(option->palette.color(QPalette::Disabled, QPalette::Text));
    painter->setBrush(Qt::NoBrush);
    painter->drawRect(option->rect.adjusted(0, 0, -1, -1));
    painter->restore();
  }
};

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
  QApplication::setStyle(new Style);
  QApplication::setPalette(palette_of(colours()));
  emit changed();
}

}  // namespace mezz::gui

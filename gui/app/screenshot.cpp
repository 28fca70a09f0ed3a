#include "gui/app/screenshot.h"

#include <QDockWidget>
#include <QPixmap>
#include <cstdio>
#include <stdexcept>

#include "gui/app/main_window.h"
#include "gui/widgets/drawing.h"

namespace mezz::gui {

namespace {

// The names of all pages and views; the one that is `wanted` is brought to the front.
bool show_page(MainWindow& window, const QString& wanted, QStringList& names) {
  bool found = wanted.isEmpty();
  for (const char* page : {"start", "laboratory", "results"}) {
    const QString name = QString::fromLatin1(page);
    names << name;
    if (name != wanted) continue;
    window.actions_of_window().find(QStringLiteral("view.") + name)->trigger();
    found = true;
  }
  // A picture among the plots: its command shows it.
  const QString candles = QStringLiteral("results.candles");
  names << candles;
  if (wanted == candles) {
    window.actions_of_window().find(QStringLiteral("view.results"))->trigger();
    window.actions_of_window().find(candles)->trigger();
    found = true;
  }
  for (auto* dock : window.findChildren<QDockWidget*>()) {
    names << dock->objectName();
    if (dock->objectName() != wanted) continue;
    const QString page = wanted.section(QLatin1Char('.'), 0, 0);
    window.actions_of_window().find(QStringLiteral("view.") + page)->trigger();
    dock->show();
    dock->raise();
    found = true;
  }
  return found;
}

}  // namespace

QSize size_named(const QString& text) {
  const QStringList parts = text.split(QLatin1Char('x'));
  const QSize size(parts.value(0).toInt(), parts.value(1).toInt());
  const auto fits = [](int n) { return n >= 200 && n <= 8000; };
  if (parts.size() != 2 || !fits(size.width()) || !fits(size.height()))
    throw std::invalid_argument("--size: '" + text.toStdString() +
                                "' is not WIDTHxHEIGHT with numbers from 200 to 8000");
  return size;
}

int take_screenshot(QApplication& app, MainWindow& window, const Screenshot& wanted) {
  window.resize(wanted.size);
  app.processEvents();
  window.results().wait_until_opened();
  QStringList names;
  if (!show_page(window, wanted.page, names)) {
    std::fprintf(stderr, "mezz view: --page: no '%s'; there are %s\n", qPrintable(wanted.page),
                 qPrintable(names.join(QStringLiteral(", "))));
    return 2;
  }
  for (int i = 0; i < 5; ++i) app.processEvents();
  const QByteArray png = as_png(window.grab().toImage());
  if (!png.isEmpty() && write_whole(wanted.file, png)) return 0;
  std::fprintf(stderr, "mezz view: cannot write %s\n", qPrintable(wanted.file));
  return 3;
}

}  // namespace mezz::gui

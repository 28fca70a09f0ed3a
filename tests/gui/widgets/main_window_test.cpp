#include "gui/app/main_window.h"

#include <gtest/gtest.h>

#include <QDialog>
#include <QDockWidget>
#include <QMenuBar>
#include <QMimeData>
#include <set>

#include "gui/widgets/command_palette.h"
#include "gui/widgets/theme.h"
#include "tests/gui/widgets/offscreen.h"

namespace mezz::gui {
namespace {

void close_dialogs() {
  for (QWidget* widget : QApplication::topLevelWidgets()) {
    if (auto* dialog = qobject_cast<QDialog*>(widget)) dialog->close();
  }
  QApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
  QApplication::processEvents();
}

TEST(MainWindow, EveryActionCanBeTriggeredWithNothingOpen) {
  Offscreen::start();
  Theme::instance().apply(ThemeName::Light);
  MainWindow window;
  window.show();
  int triggered = 0;
  for (QAction* action : window.actions_of_window().all()) {
    action->trigger();
    QApplication::processEvents();
    close_dialogs();
    ++triggered;
  }
  EXPECT_GE(triggered, 14);
}

TEST(MainWindow, EveryActionHasANameAMenuAndAHint) {
  Offscreen::start();
  const MainWindow window;
  std::set<QString> names;
  std::set<QString> keys;
  for (const QAction* action : const_cast<MainWindow&>(window).actions_of_window().all()) {
    EXPECT_TRUE(names.insert(action->objectName()).second) << qPrintable(action->objectName());
    EXPECT_FALSE(ActionRegistry::menu_of(action).isEmpty()) << qPrintable(action->objectName());
    EXPECT_FALSE(action->statusTip().isEmpty()) << qPrintable(action->objectName());
    for (const QKeySequence& key : action->shortcuts())
      EXPECT_TRUE(keys.insert(key.toString()).second) << "twice: " << qPrintable(key.toString());
  }
}

TEST(MainWindow, ThePaletteFindsACommandAndRunsIt) {
  Offscreen::start();
  Theme::instance().apply(ThemeName::Light);
  MainWindow window;
  CommandPalette palette(window.actions_of_window(), &window);
  palette.filter(QStringLiteral("theme dark"));
  ASSERT_EQ(palette.shown(), 1);
  palette.run_selected();
  EXPECT_EQ(Theme::instance().chosen(), ThemeName::Dark);
  palette.filter(QStringLiteral("no such command"));
  EXPECT_EQ(palette.shown(), 0);
  palette.run_selected();  // nothing selected, nothing happens
}

TEST(MainWindow, RecentFilesAreKeptNewestFirstAndOnce) {
  Offscreen::start();
  MainWindow window;
  window.open({QStringLiteral("/tmp/one.h5")});
  window.open({QStringLiteral("/tmp/two.h5")});
  window.open({QStringLiteral("/tmp/one.h5")});
  const QStringList expected = {QStringLiteral("/tmp/one.h5"), QStringLiteral("/tmp/two.h5")};
  EXPECT_EQ(window.recent(), expected);
  MainWindow later;
  EXPECT_EQ(later.recent(), expected);
}

}  // namespace
}  // namespace mezz::gui

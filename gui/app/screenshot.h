// A picture of the window without anybody at the screen, for documents and tests.
#pragma once

#include <QApplication>
#include <QSize>
#include <QString>

namespace mezz::gui {

class MainWindow;

struct Screenshot {
  QString file;
  QSize size;
  QString page;  // "" = what is in front; "start", "laboratory", "results" or the name of a view
};

// "1400x880". Throws std::invalid_argument for another form or a size outside 200 to 8000.
QSize size_named(const QString& text);
// Waits until what is being opened is there. An exit code: 0 written, 2 no such page, 3 not
// written.
int take_screenshot(QApplication& app, MainWindow& window, const Screenshot& wanted);

}  // namespace mezz::gui

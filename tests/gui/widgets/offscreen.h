// One QApplication for all widget tests, without a display, and settings that no user's are touched
// by.
#pragma once

#include <QApplication>
#include <QSettings>
#include <QTemporaryDir>

namespace mezz::gui {

class Offscreen {
 public:
  // Call first in every test that makes a widget.
  static void start() {
    static Offscreen one;
    QSettings().clear();
  }

 private:
  Offscreen() {
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, settings_.path());
    app_ = new QApplication(count_, words_);  // ends with the process
    QApplication::setOrganizationName(QStringLiteral("mezzanine"));
    QApplication::setApplicationName(QStringLiteral("mezz-view-test"));
  }

  QTemporaryDir settings_;
  int count_ = 1;
  char name_[10] = "mezz-view";
  char* words_[2] = {name_, nullptr};
  QApplication* app_ = nullptr;
};

}  // namespace mezz::gui

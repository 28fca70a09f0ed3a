// What the window shows before anything is open: recent results, the gallery of scenarios, and a
// place to drop files on.
#pragma once

#include <QWidget>

class QListWidget;

namespace mezz::gui {

class StartPage final : public QWidget {
  Q_OBJECT

 public:
  explicit StartPage(QWidget* parent = nullptr);

  void set_recent(const QStringList& paths);

 signals:
  void open_wanted(const QStringList& paths);
  void scenario_wanted(const QString& name);
  void choose_files();
  void choose_folder();

 private:
  QListWidget* recent_;
  QListWidget* gallery_;
};

}  // namespace mezz::gui

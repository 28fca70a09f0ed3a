// The window: start page, laboratory and results browser behind one another; menus, status bar,
// command palette; recent files and layout in QSettings (never in a result file).
#pragma once

#include <QHash>
#include <QMainWindow>
#include <QStringList>

#include "gui/laboratory/laboratory_page.h"
#include "gui/results/results_page.h"
#include "gui/widgets/action_registry.h"

class QLabel;
class QMenu;
class QStackedWidget;

namespace mezz::gui {

class StartPage;

class MainWindow final : public QMainWindow {
  Q_OBJECT

 public:
  explicit MainWindow(QWidget* parent = nullptr);

  void open(const QStringList& paths);
  [[nodiscard]] ActionRegistry& actions_of_window() { return registry_; }
  [[nodiscard]] ResultsPage& results() { return *results_; }
  [[nodiscard]] LaboratoryPage& laboratory() { return *laboratory_; }
  [[nodiscard]] QStringList recent() const;
  void save_layout() const;
  void restore_layout();

 protected:
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;
  void closeEvent(QCloseEvent* event) override;

 private:
  void add_file_actions();
  void add_view_actions();
  void add_help_actions();
  void make_menus();
  void show_page(QWidget* page);
  void remember(const QStringList& paths);
  void fill_recent();
  void choose(bool folder);

  ActionRegistry registry_;
  QStackedWidget* pages_;
  StartPage* start_;
  LaboratoryPage* laboratory_;
  ResultsPage* results_;
  QMenu* recent_menu_ = nullptr;
  QHash<QWidget*, QAction*> page_actions_;  // ticked: the page in front
  QByteArray first_laboratory_;
  QByteArray first_results_;
};

}  // namespace mezz::gui

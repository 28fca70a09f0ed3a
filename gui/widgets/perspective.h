// One of the large pages of the window, with docks of its own (a main window inside the main
// window, so that each perspective keeps its own arrangement) and one TimeContext for all its
// views.
#pragma once

#include <QMainWindow>

#include "gui/widgets/action_registry.h"
#include "gui/widgets/time_context.h"

namespace mezz::gui {

class Perspective : public QMainWindow {
  Q_OBJECT

 public:
  // `name` is a stable word, used in settings.
  explicit Perspective(const QString& name, QWidget* parent = nullptr);

  // Called once, before the menus are made.
  virtual void add_actions(ActionRegistry& registry) = 0;
  [[nodiscard]] TimeContext& time() { return time_; }

  // A view in a dock. Its object name comes from `name`, so that the layout can be restored.
  QDockWidget* add_view(const QString& name, const QString& title, QWidget* view,
                        Qt::DockWidgetArea area);

 signals:
  // One line for the status bar; empty clears it.
  void message(const QString& text);
  // The user wants these result files or folders opened in the results browser.
  void results_wanted(const QStringList& paths);
  // The user wants this scenario file opened in the laboratory.
  void scenario_wanted(const QString& file);

 private:
  TimeContext time_;
};

}  // namespace mezz::gui

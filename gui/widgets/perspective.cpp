#include "gui/widgets/perspective.h"

#include <QDockWidget>

namespace mezz::gui {

Perspective::Perspective(const QString& name, QWidget* parent) : QMainWindow(parent) {
  setObjectName(name);
  setWindowFlags(Qt::Widget);
  setDockNestingEnabled(true);
  setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);
}

QDockWidget* Perspective::add_view(const QString& name, const QString& title, QWidget* view,
                                   Qt::DockWidgetArea area) {
  auto* dock = new QDockWidget(title, this);
  dock->setObjectName(objectName() + QLatin1Char('.') + name);
  dock->setWidget(view);
  if (view->accessibleName().isEmpty()) view->setAccessibleName(title);
  addDockWidget(area, dock);
  return dock;
}

}  // namespace mezz::gui

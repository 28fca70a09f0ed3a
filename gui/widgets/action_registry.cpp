#include "gui/widgets/action_registry.h"

#include <QWidget>

namespace mezz::gui {

namespace {
constexpr const char* kMenu = "menu";
}  // namespace

ActionRegistry::ActionRegistry(QWidget* window) : QObject(window), window_(window) {}

QAction* ActionRegistry::add(ActionSpec spec) {
  Q_ASSERT(find(spec.name) == nullptr);
  auto* action = new QAction(spec.text, window_);
  action->setObjectName(spec.name);
  action->setProperty(kMenu, spec.menu);
  action->setShortcuts(spec.keys);
  action->setStatusTip(spec.hint);
  action->setToolTip(spec.hint);
  if (spec.run) connect(action, &QAction::triggered, this, std::move(spec.run));
  window_->addAction(action);
  actions_.push_back(action);
  return action;
}

QAction* ActionRegistry::find(const QString& name) const {
  for (QAction* action : actions_) {
    if (action->objectName() == name) return action;
  }
  return nullptr;
}

QString ActionRegistry::menu_of(const QAction* action) {
  return action->property(kMenu).toString();
}

QString ActionRegistry::title_of(const QAction* action) {
  QString text = action->text();
  return text.remove(QLatin1Char('&'));
}

}  // namespace mezz::gui

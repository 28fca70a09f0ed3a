// Every command of the window, once: the menus, the command palette and the shortcut sheet are made
// from it, so nothing can be done that is not listed. Names are stable words ("view.zoom_in") for
// tests and settings.
#pragma once

#include <QAction>
#include <QKeySequence>
#include <QObject>
#include <QString>
#include <functional>
#include <vector>

namespace mezz::gui {

struct ActionSpec {
  QString name;  // "file.open"
  QString menu;  // "File"; also the heading in the shortcut sheet
  QString text;  // "&Open…"
  QString hint;  // one sentence for the status bar and the palette
  QList<QKeySequence> keys = {};
  std::function<void()> run;
};

class ActionRegistry final : public QObject {
  Q_OBJECT

 public:
  // Actions are added to `window`, so that their shortcuts work everywhere in it.
  explicit ActionRegistry(QWidget* window);

  QAction* add(ActionSpec spec);
  // Null when there is none.
  [[nodiscard]] QAction* find(const QString& name) const;
  [[nodiscard]] const std::vector<QAction*>& all() const { return actions_; }
  [[nodiscard]] static QString menu_of(const QAction* action);
  // Without mnemonic marks.
  [[nodiscard]] static QString title_of(const QAction* action);

 private:
  QWidget* window_;
  std::vector<QAction*> actions_;
};

}  // namespace mezz::gui

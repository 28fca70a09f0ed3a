// Ctrl+Shift+P: type a few letters of a command, Enter runs it. And F1: the sheet of all commands
// with their keys. Both are made from the ActionRegistry each time they open.
#pragma once

#include <QDialog>

#include "gui/widgets/action_registry.h"

class QLineEdit;
class QListWidget;

namespace mezz::gui {

class CommandPalette final : public QDialog {
  Q_OBJECT

 public:
  CommandPalette(const ActionRegistry& registry, QWidget* parent);

  void filter(const QString& words);
  void run_selected();
  [[nodiscard]] int shown() const;

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  const ActionRegistry& registry_;
  QLineEdit* words_;
  QListWidget* list_;
};

class ShortcutSheet final : public QDialog {
  Q_OBJECT

 public:
  ShortcutSheet(const ActionRegistry& registry, QWidget* parent);
};

}  // namespace mezz::gui

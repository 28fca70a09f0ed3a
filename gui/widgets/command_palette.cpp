#include "gui/widgets/command_palette.h"

#include <QDialogButtonBox>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QTreeWidget>
#include <QVBoxLayout>
#include <algorithm>

namespace mezz::gui {

namespace {

QString keys_of(const QAction* action) {
  QStringList keys;
  for (const QKeySequence& key : action->shortcuts())
    keys << key.toString(QKeySequence::NativeText);
  return keys.join(QStringLiteral(", "));
}

}  // namespace

CommandPalette::CommandPalette(const ActionRegistry& registry, QWidget* parent)
    : QDialog(parent), registry_(registry), words_(new QLineEdit), list_(new QListWidget) {
  setWindowTitle(tr("Commands"));
  resize(560, 380);
  words_->setPlaceholderText(tr("Type a command, for example: zoom, export, theme"));
  words_->setAccessibleName(tr("Command search"));
  list_->setAccessibleName(tr("Commands that match"));
  auto* layout = new QVBoxLayout(this);
  layout->addWidget(words_);
  layout->addWidget(list_);
  words_->installEventFilter(this);
  connect(words_, &QLineEdit::textChanged, this, &CommandPalette::filter);
  connect(words_, &QLineEdit::returnPressed, this, &CommandPalette::run_selected);
  connect(list_, &QListWidget::itemActivated, this, &CommandPalette::run_selected);
  filter({});
}

void CommandPalette::filter(const QString& words) {
  list_->clear();
  const QStringList wanted = words.split(QLatin1Char(' '), Qt::SkipEmptyParts);
  for (QAction* action : registry_.all()) {
    if (!action->isEnabled()) continue;
    const QString line =
        ActionRegistry::menu_of(action) + QStringLiteral(": ") + ActionRegistry::title_of(action);
    const QString searched = line + QLatin1Char(' ') + action->statusTip();
    const bool fits = std::all_of(wanted.begin(), wanted.end(), [&](const QString& word) {
      return searched.contains(word, Qt::CaseInsensitive);
    });
    if (!fits) continue;
    const QString keys = keys_of(action);
    auto* item = new QListWidgetItem(keys.isEmpty() ? line : line + QStringLiteral("    ") + keys);
    item->setData(Qt::UserRole, action->objectName());
    item->setToolTip(action->statusTip());
    list_->addItem(item);
  }
  list_->setCurrentRow(0);
}

void CommandPalette::run_selected() {
  const QListWidgetItem* item = list_->currentItem();
  if (item == nullptr) return;
  QAction* action = registry_.find(item->data(Qt::UserRole).toString());
  accept();
  if (action != nullptr) action->trigger();
}

int CommandPalette::shown() const { return list_->count(); }

bool CommandPalette::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::KeyPress) {
    const int key = static_cast<QKeyEvent*>(event)->key();
    const int step = key == Qt::Key_Down ? 1 : key == Qt::Key_Up ? -1 : 0;
    if (step != 0 && list_->count() > 0) {
      list_->setCurrentRow(std::clamp(list_->currentRow() + step, 0, list_->count() - 1));
      return true;
    }
  }
  return QDialog::eventFilter(watched, event);
}

ShortcutSheet::ShortcutSheet(const ActionRegistry& registry, QWidget* parent) : QDialog(parent) {
  setWindowTitle(tr("Shortcuts"));
  resize(760, 620);
  auto* tree = new QTreeWidget;
  tree->setAccessibleName(tr("All commands with their keys"));
  tree->setHeaderLabels({tr("Command"), tr("Keys"), tr("What it does")});
  tree->setRootIsDecorated(false);
  for (const QAction* action : registry.all()) {
    const QString menu = ActionRegistry::menu_of(action);
    QTreeWidgetItem* group = nullptr;
    for (int i = 0; i < tree->topLevelItemCount(); ++i) {
      if (tree->topLevelItem(i)->text(0) == menu) group = tree->topLevelItem(i);
    }
    if (group == nullptr) {
      group = new QTreeWidgetItem(tree, {menu});
      QFont bold = group->font(0);
      bold.setBold(true);
      group->setFont(0, bold);
    }
    new QTreeWidgetItem(group,
                        {ActionRegistry::title_of(action), keys_of(action), action->statusTip()});
  }
  tree->expandAll();
  tree->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  auto* layout = new QVBoxLayout(this);
  layout->addWidget(tree);
  layout->addWidget(buttons);
}

}  // namespace mezz::gui

#include "gui/results/bookmark_list.h"

#include <algorithm>

#include "gui/model/ticks.h"

namespace mezz::gui {

BookmarkList::BookmarkList(TimeContext& time, QWidget* parent) : QListWidget(parent), time_(time) {
  setToolTip(tr("Enter jumps there; F2 changes the note; Ctrl+B adds the moment of the cursor"));
  setEditTriggers(QAbstractItemView::EditKeyPressed);
  connect(this, &QListWidget::itemActivated, this, [this](const QListWidgetItem* item) {
    time_.jump_to({item->data(Qt::UserRole).toLongLong()});
  });
}

void BookmarkList::add(const Bookmark& bookmark) {
  const QString when = QString::fromStdString(clock_text(bookmark.at));
  const QString note = QString::fromStdString(bookmark.note);
  auto* item = new QListWidgetItem(note.isEmpty() ? when : note);
  item->setToolTip(when);
  item->setData(Qt::UserRole, QVariant::fromValue<qlonglong>(bookmark.at.ns));
  item->setFlags(item->flags() | Qt::ItemIsEditable);
  addItem(item);
}

void BookmarkList::set(const std::vector<Bookmark>& bookmarks) {
  clear();
  for (const Bookmark& bookmark : bookmarks) add(bookmark);
}

std::vector<Bookmark> BookmarkList::bookmarks() const {
  std::vector<Bookmark> all;
  for (int i = 0; i < count(); ++i)
    all.push_back({Time{item(i)->data(Qt::UserRole).toLongLong()}, item(i)->text().toStdString()});
  std::sort(all.begin(), all.end(),
            [](const Bookmark& a, const Bookmark& b) { return a.at < b.at; });
  return all;
}

}  // namespace mezz::gui

// Moments worth coming back to, with a note; saved with the session.
#pragma once

#include <QListWidget>
#include <vector>

#include "gui/model/session.h"
#include "gui/widgets/time_context.h"

namespace mezz::gui {

class BookmarkList final : public QListWidget {
  Q_OBJECT

 public:
  explicit BookmarkList(TimeContext& time, QWidget* parent = nullptr);

  void add(const Bookmark& bookmark);
  void set(const std::vector<Bookmark>& bookmarks);
  [[nodiscard]] std::vector<Bookmark> bookmarks() const;

 private:
  TimeContext& time_;
};

}  // namespace mezz::gui

// The scenarios as cards: title, question, tags; a search over all of them. Reading the catalogue
// takes a moment and is done in a thread of its own.
#pragma once

#include <QWidget>
#include <vector>

#include "gui/model/laboratory/gallery.h"

class QLabel;
class QLineEdit;
class QListWidget;

namespace mezz::gui {

class GalleryView final : public QWidget {
  Q_OBJECT

 public:
  explicit GalleryView(QWidget* parent = nullptr);
  ~GalleryView() override;

  [[nodiscard]] int shown() const;
  void choose(const QString& name);  // as if its card had been opened

 signals:
  void loaded();
  void scenario_wanted(const QString& path);

 private:
  void fill();
  std::vector<lab::GalleryCard> cards_;
  class QThread* reader_;
  QLineEdit* words_;
  QLabel* state_;
  QListWidget* list_;
};

}  // namespace mezz::gui

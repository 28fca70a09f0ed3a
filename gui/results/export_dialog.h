// Asks for a file and a size, for pictures of a view.
#pragma once

#include <QDialog>
#include <QSize>

class QLineEdit;
class QSpinBox;

namespace mezz::gui {

class ExportDialog final : public QDialog {
  Q_OBJECT

 public:
  ExportDialog(QSize size, QWidget* parent);

 signals:
  void chosen(const QString& file, QSize size);

 private:
  QLineEdit* file_;
  QSpinBox* width_;
  QSpinBox* height_;
};

}  // namespace mezz::gui

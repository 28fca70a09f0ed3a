// The parameters as a form: search on top, one row per parameter with the editor that suits it, a
// mark of what it was before. A wrong text turns red and says why; the value stays.
#pragma once

#include <QWidget>
#include <memory>

#include "gui/laboratory/lab_frame.h"

class QCheckBox;
class QGridLayout;
class QLabel;
class QLineEdit;
class QScrollArea;

namespace mezz::gui {

class FormView final : public QWidget {
  Q_OBJECT

 public:
  explicit FormView(QWidget* parent = nullptr);

  void set_form(lab::ParameterForm* form);  // not owned; null empties the view
  void refresh();                           // after an undo
  // The editor of a parameter that is shown; for tests and for the keyboard.
  [[nodiscard]] QWidget* editor(const QString& path) const;

 signals:
  void edited();  // the form took a new value
  void refused(const QString& problem);

 private:
  void fill();
  void add_row(QGridLayout& grid, int row, const lab::FormField& field);
  QWidget* make_editor(const lab::FormField& field);
  QWidget* make_slider(const lab::FormField& field);
  void take(const QString& path, const QString& value);

  lab::ParameterForm* form_ = nullptr;
  QLineEdit* search_;
  QCheckBox* all_;
  QLabel* count_;
  QScrollArea* area_;
};

}  // namespace mezz::gui

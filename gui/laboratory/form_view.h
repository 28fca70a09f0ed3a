// The parameters as a form: search on top, one row per parameter with the editor that suits it, a
// mark of what it was before. A wrong text turns red and says why; the value stays. An edit builds
// the world again, unless "Change the run under way" is ticked: then parameters that can change
// while a world runs are set in it from this moment on.
#pragma once

#include <QWidget>
#include <map>
#include <memory>

#include "gui/laboratory/lab_frame.h"

class QCheckBox;
class QGridLayout;
class QHBoxLayout;
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
  // What was changed in the run, by path: the value that holds, and since when.
  struct Now {
    QString value;
    QString since;
    bool operator==(const Now&) const = default;
  };
  void set_now(std::map<QString, Now> now, bool under_way);
  // The editor of a parameter that is shown; for tests and for the keyboard.
  [[nodiscard]] QWidget* editor(const QString& path) const;

 signals:
  void edited();                                              // the form took a new value
  void live_edit(const QString& path, const QString& value);  // for the run under way
  void refused(const QString& problem);

 private:
  void fill();
  void add_row(QGridLayout& grid, int row, const lab::FormField& field);
  // What a row says below: that it can change, what it was.
  QHBoxLayout* make_notes(const lab::FormField& field);
  QWidget* make_editor(const lab::FormField& field);
  QWidget* make_slider(const lab::FormField& field);
  void take(const QString& path, const QString& value);
  void take_live(const QString& path, const QString& value);
  // Marks the editor and says why.
  void refuse(const QString& path, const QString& problem);

  lab::ParameterForm* form_ = nullptr;
  std::map<QString, Now> now_;
  bool under_way_ = false;
  QLineEdit* search_;
  QCheckBox* all_;
  QCheckBox* live_;
  QLabel* count_;
  QScrollArea* area_;
};

}  // namespace mezz::gui

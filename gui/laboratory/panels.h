// The smaller views of the laboratory: story, event list, future events on a logarithmic time axis,
// inspectors.
#pragma once

#include <QAbstractTableModel>
#include <QWidget>

#include "gui/laboratory/lab_frame.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QTableView;
class QTreeWidget;

namespace mezz::gui {

class StoryView final : public QWidget {
  Q_OBJECT

 public:
  explicit StoryView(QWidget* parent = nullptr);
  void set_story(const lab::Story& story);
  [[nodiscard]] std::size_t step() const { return step_; }
  [[nodiscard]] const lab::Story& story() const { return story_; }
  void show_step(std::size_t step);

 signals:
  void run_until_wanted(const QString& condition);
  void look_wanted(const QString& inspector);

 private:
  lab::Story story_;
  std::size_t step_ = 0;
  QLabel* head_;
  QLabel* words_;
  QPushButton* back_;
  QPushButton* next_;
};

class EventModel final : public QAbstractTableModel {
  Q_OBJECT

 public:
  using QAbstractTableModel::QAbstractTableModel;
  void set(std::vector<lab::Message> events, std::shared_ptr<const lab::Network> network);
  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                    int role) const override;
  [[nodiscard]] const lab::Message& at(int row) const {
    return events_[static_cast<std::size_t>(row)];
  }

 private:
  std::vector<lab::Message> events_;
  std::shared_ptr<const lab::Network> network_;
};

class EventListView final : public QWidget {
  Q_OBJECT

 public:
  explicit EventListView(QWidget* parent = nullptr);
  void set_frame(const LabFramePtr& frame);
  void set_filter(const lab::MessageFilter& filter);
  [[nodiscard]] EventModel& model() { return model_; }

 signals:
  void event_chosen(quint64 number);     // to go there
  void event_looked_at(quint64 number);  // to be told why it happened

 private:
  void fill();
  LabFramePtr frame_;
  lab::MessageFilter filter_;
  QLineEdit* words_;
  QTableView* table_;
  EventModel model_;
};

class FutureView final : public QWidget {
  Q_OBJECT

 public:
  explicit FutureView(QWidget* parent = nullptr);
  void set_frame(const LabFramePtr& frame);
  [[nodiscard]] QSize sizeHint() const override { return {720, 90}; }

 signals:
  void run_until_wanted(const QString& condition);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void contextMenuEvent(QContextMenuEvent* event) override;
  bool event(QEvent* event) override;

 private:
  struct Dot {
    QPointF at;
    const lab::Message* message;
  };
  [[nodiscard]] const lab::Message* message_at(QPointF at) const;
  LabFramePtr frame_;
  std::vector<Dot> dots_;
};

class InspectorView final : public QWidget {
  Q_OBJECT

 public:
  // A pinned one shows the same thing for ever.
  explicit InspectorView(bool pinned, QWidget* parent = nullptr);
  void set_choices(const std::vector<lab::InspectorName>& names);
  void show_inspector(const QString& id);
  [[nodiscard]] QString shown() const { return id_; }
  void set_frame(const LabFramePtr& frame);

 signals:
  void wanted();  // another one is shown: ask for it
  void pin_wanted(const QString& id);

 private:
  void fill(const lab::Inspector& inspector);
  QString id_;
  QComboBox* choice_;
  QTreeWidget* tree_;
};

}  // namespace mezz::gui

// The network as a picture: places as boxes, their parts as chips, messages on their way as dots
// with their name. And the sequence chart: a lane per part, an arrow per message, by time or
// evenly.
#pragma once

#include <QWidget>
#include <optional>

#include "gui/laboratory/lab_frame.h"

class QMenu;

namespace mezz::gui {

// What both pictures share: the frame, the filter and "hide messages like this".
class MessageView : public QWidget {
  Q_OBJECT

 public:
  explicit MessageView(QWidget* parent = nullptr);

  void set_frame(const LabFramePtr& frame);
  void set_filter(const lab::MessageFilter& filter);
  [[nodiscard]] const std::vector<lab::Message>& shown() const { return shown_; }
  // The menu of a message: hide by kind, by kind and receiver, show all.
  void fill_menu(QMenu& menu, const lab::Message* message);

 signals:
  void filter_changed(const mezz::lab::MessageFilter& filter);
  void part_chosen(const QString& path);
  void event_chosen(quint64 number);

 protected:
  virtual void frame_came() { update(); }
  void contextMenuEvent(QContextMenuEvent* event) override;
  [[nodiscard]] virtual const lab::Message* message_at(const QPointF&) const { return nullptr; }

  LabFramePtr frame_;
  lab::MessageFilter filter_;
  std::vector<lab::Message> shown_;
};

class NetworkView final : public MessageView {
  Q_OBJECT

 public:
  explicit NetworkView(QWidget* parent = nullptr);
  [[nodiscard]] QSize sizeHint() const override { return {720, 460}; }

 protected:
  void frame_came() override;
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  bool event(QEvent* event) override;
  void timerEvent(QTimerEvent* event) override;
  [[nodiscard]] const lab::Message* message_at(const QPointF& at) const override;

 private:
  struct Flight {  // a message that was handled, drawn for a moment on the screen's clock
    lab::Message message;
    double share = 0;
  };
  struct Dot {
    QPointF at;
    const lab::Message* message;
  };
  [[nodiscard]] QPointF place_of(EntityId entity) const;
  [[nodiscard]] const lab::NetworkNode* node_at(const QPointF& at) const;
  void paint_groups(QPainter& painter) const;
  void paint_nodes(QPainter& painter) const;
  struct Way {  // between the edges of two chips
    QPointF from;
    QPointF to;
  };
  [[nodiscard]] Way way_of(const lab::Message& message) const;
  void paint_way(QPainter& painter, const lab::Message& message) const;
  void paint_dot(QPainter& painter, const lab::Message& message, double share, bool named);
  void paint_legend(QPainter& painter) const;

  std::vector<Flight> flights_;
  std::vector<Flight> drawn_;  // what dots_ point into
  std::vector<Dot> dots_;
  std::uint64_t newest_ = 0;
  int timer_ = 0;
};

class SequenceView final : public MessageView {
  Q_OBJECT

 public:
  explicit SequenceView(QWidget* parent = nullptr);
  // Evenly: one step per message, so that bursts can be read; else by time.
  void set_even(bool even);
  [[nodiscard]] bool even() const { return even_; }
  [[nodiscard]] QSize sizeHint() const override { return {720, 300}; }

 protected:
  void frame_came() override;
  void paintEvent(QPaintEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  bool event(QEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  [[nodiscard]] const lab::Message* message_at(const QPointF& at) const override;

 private:
  struct Drawn {
    QPointF from;
    QPointF to;
    const lab::Message* message;
  };
  [[nodiscard]] double x_of(Time time, const std::vector<Time>& steps) const;

  lab::SequenceChart chart_;
  std::vector<Drawn> drawn_;
  std::size_t arrows_ = 40;
  bool even_ = true;
};

}  // namespace mezz::gui

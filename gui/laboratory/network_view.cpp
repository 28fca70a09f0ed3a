#include "gui/laboratory/network_view.h"

#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QMenu>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>
#include <algorithm>
#include <cmath>

#include "gui/laboratory/paint.h"
#include "gui/model/laboratory/message_text.h"

namespace mezz::gui {

namespace {

constexpr double kChipHeight = 24;
constexpr double kChipHalfWidth = 52;
constexpr std::size_t kFlightsMax = 60;
constexpr double kFlightSeconds = 0.5;
constexpr int kFrame = 33;          // ms
constexpr std::size_t kNamed = 14;  // more dots than this carry no names

QString describe(const lab::Message& message, const lab::Network& network) {
  const auto* from = network.node(message.from);
  const auto* to = network.node(message.to);
  return QStringLiteral("<b>%1</b><br>%2 → %3<br>sent %4, %5 %6<br>%7")
      .arg(text(message.kind), from == nullptr ? QStringLiteral("-") : text(from->path),
           to == nullptr ? QStringLiteral("-") : text(to->path), text(lab::time_text(message.sent)),
           message.handled() ? QStringLiteral("handled") : QStringLiteral("arrives"),
           text(lab::time_text(message.arrives)), text(message.text).toHtmlEscaped());
}

double distance(QPointF a, QPointF b) { return std::hypot(a.x() - b.x(), a.y() - b.y()); }

}  // namespace

MessageView::MessageView(QWidget* parent) : QWidget(parent) {
  setMinimumSize(240, 160);
  connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void MessageView::set_frame(const LabFramePtr& frame) {
  frame_ = frame;
  shown_ = frame_ ? filter_.apply(frame_->messages, *frame_->network) : std::vector<lab::Message>();
  frame_came();
}

void MessageView::set_filter(const lab::MessageFilter& filter) {
  filter_ = filter;
  set_frame(frame_);
}

void MessageView::fill_menu(QMenu& menu, const lab::Message* message) {
  const auto change = [this](const std::function<void(lab::MessageFilter&)>& edit) {
    lab::MessageFilter filter = filter_;
    edit(filter);
    emit filter_changed(filter);
  };
  if (message != nullptr && frame_) {
    const auto* to = frame_->network->node(message->to);
    const std::string kind(message->kind);
    const std::string path = to == nullptr ? std::string() : to->path;
    for (const lab::HiddenRule& rule :
         {lab::HiddenRule{kind, {}, {}}, lab::HiddenRule{kind, {}, path}}) {
      menu.addAction(tr("Hide %1").arg(text(lab::to_text(rule))), this,
                     [=] { change([&](lab::MessageFilter& f) { f.hide(rule); }); });
    }
    if (message->handled()) {
      const quint64 number = message->event;
      menu.addAction(tr("Go back to this event"), this, [=, this] { emit event_chosen(number); });
      menu.addAction(tr("Why it happened"), this,
                     [=, this] { emit part_chosen(QStringLiteral("event %1").arg(number)); });
    }
    menu.addSeparator();
  }
  for (const lab::HiddenRule& rule : filter_.rules()) {
    menu.addAction(tr("Show %1 again").arg(text(lab::to_text(rule))), this,
                   [=] { change([&](lab::MessageFilter& f) { f.show(rule); }); });
  }
  QAction* timers = menu.addAction(tr("Show timers"), this, [=, this] {
    change([&](lab::MessageFilter& f) { f.timers = !filter_.timers; });
  });
  timers->setCheckable(true);
  timers->setChecked(filter_.timers);
}

void MessageView::contextMenuEvent(QContextMenuEvent* event) {
  QMenu menu(this);
  fill_menu(menu, message_at(event->pos()));
  menu.exec(event->globalPos());
}

// ---- network

NetworkView::NetworkView(QWidget* parent) : MessageView(parent) {
  setAccessibleName(tr("Network"));
  setAccessibleDescription(tr("Parts by place, and the messages between them"));
}

QPointF NetworkView::place_of(EntityId entity) const {
  const lab::NetworkNode* node = frame_->network->node(entity);
  if (node == nullptr) return {};
  return {node->x * width(), 8 + node->y * (height() - 36)};
}

void NetworkView::frame_came() {
  if (!frame_) return;
  if (frame_->status.events < newest_) {
    flights_.clear();
    newest_ = 0;
  }
  if (frame_->running) {
    for (const lab::Message& message : shown_) {
      if (!message.handled() || message.event < newest_) continue;
      if (flights_.size() < kFlightsMax) flights_.push_back({message, 0});
    }
    if (timer_ == 0 && !flights_.empty()) timer_ = startTimer(kFrame);
  } else {
    flights_.clear();
  }
  newest_ = frame_->status.events;
  update();
}

void NetworkView::timerEvent(QTimerEvent*) {
  for (Flight& flight : flights_) flight.share += kFrame * 1e-3 / kFlightSeconds;
  std::erase_if(flights_, [](const Flight& flight) { return flight.share > 1; });
  if (flights_.empty() && timer_ != 0) {
    killTimer(timer_);
    timer_ = 0;
  }
  update();
}

void NetworkView::paint_groups(QPainter& painter) const {
  const ThemeColours& theme = Theme::instance().colours();
  for (const lab::NetworkGroup& group : frame_->network->groups) {
    const QRectF box(group.left * width(), 8 + group.top * (height() - 36), group.width * width(),
                     group.height * (height() - 36));
    painter.setPen(QPen(qt(theme.grid), 1));
    painter.setBrush(qt(theme.alternate));
    painter.drawRoundedRect(box, 8, 8);
    painter.setPen(qt(theme.faint));
    painter.drawText(box.adjusted(8, 4, -4, 0), Qt::AlignTop | Qt::AlignLeft, text(group.title));
  }
}

void NetworkView::paint_nodes(QPainter& painter) const {
  const ThemeColours& theme = Theme::instance().colours();
  const lab::Message* last = nullptr;
  for (const lab::Message& message : frame_->messages) {
    if (message.handled()) last = &message;
  }
  for (const lab::NetworkNode& node : frame_->network->nodes) {
    const QPointF at = place_of(node.entity);
    double room = 120;
    for (const lab::NetworkGroup& group : frame_->network->groups) {
      if (group.place == node.place) room = group.width * width() - 12;
    }
    const QFontMetricsF metrics(painter.font());
    const QString label = metrics.elidedText(text(node.label), Qt::ElideRight, room - 14);
    const double wide = std::min(room, metrics.horizontalAdvance(label) + 16);
    const QRectF chip(at.x() - wide / 2, at.y() - kChipHeight / 2, wide, kChipHeight);
    const bool active = last != nullptr && last->to == node.entity;
    painter.setPen(QPen(active ? qt(theme.accent) : qt(theme.faint), active ? 2.0 : 1.0));
    painter.setBrush(qt(theme.base));
    painter.drawRoundedRect(chip, 5, 5);
    painter.setPen(qt(theme.text));
    painter.drawText(chip, Qt::AlignCenter, label);
  }
}

NetworkView::Way NetworkView::way_of(const lab::Message& message) const {
  const QPointF from = place_of(message.from);
  const QPointF to = place_of(message.to);
  const QPointF along = to - from;
  // So far along the line the chip ends; its half width is that of a usual name.
  const double share = std::min({kChipHalfWidth / std::max(std::abs(along.x()), 1.0),
                                 kChipHeight * 0.6 / std::max(std::abs(along.y()), 1.0), 0.45});
  return {from + along * share, to - along * share};
}

void NetworkView::paint_way(QPainter& painter, const lab::Message& message) const {
  if (frame_->network->node(message.from) == nullptr) return;
  QColor line = kind_colour(message.kind);
  line.setAlphaF(0.35F);
  painter.setPen(QPen(line, 1));
  const Way way = way_of(message);
  painter.drawLine(way.from, way.to);
}

void NetworkView::paint_dot(QPainter& painter, const lab::Message& message, double share,
                            bool named) {
  if (frame_->network->node(message.from) == nullptr) return;
  const Way way = way_of(message);
  const QColor colour = kind_colour(message.kind);
  const QPointF at = way.from + (way.to - way.from) * std::clamp(share, 0.0, 1.0);
  painter.setPen(QPen(qt(Theme::instance().colours().base), 1));
  painter.setBrush(colour);
  painter.drawEllipse(at, 5, 5);
  dots_.push_back({at, &message});
  if (!named) return;
  const QString name = text(message.kind);
  const double wide = QFontMetricsF(painter.font()).horizontalAdvance(name);
  const double x = at.x() + 8 + wide > width() ? at.x() - 8 - wide : at.x() + 8;
  painter.setPen(qt(Theme::instance().colours().text));
  painter.drawText(QPointF(x, at.y() - 6), name);
}

void NetworkView::paint_legend(QPainter& painter) const {
  std::vector<std::string_view> kinds;
  for (const Dot& dot : dots_) {
    if (std::find(kinds.begin(), kinds.end(), dot.message->kind) == kinds.end()) {
      kinds.push_back(dot.message->kind);
    }
  }
  std::sort(kinds.begin(), kinds.end());
  const ThemeColours& theme = Theme::instance().colours();
  double x = 12;
  const double y = height() - 12;
  if (kinds.empty()) {
    painter.setPen(qt(theme.faint));
    painter.drawText(QPointF(x, y), tr("No message is on its way. Right-click: what is hidden."));
    return;
  }
  for (const std::string_view kind : kinds) {
    const QString name = text(kind);
    const double wide = QFontMetricsF(painter.font()).horizontalAdvance(name) + 26;
    if (x + wide > width()) break;
    painter.setPen(Qt::NoPen);
    painter.setBrush(kind_colour(kind));
    painter.drawEllipse(QPointF(x + 4, y - 4), 4, 4);
    painter.setPen(qt(theme.text));
    painter.drawText(QPointF(x + 12, y), name);
    x += wide;
  }
}

void NetworkView::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.fillRect(rect(), qt(Theme::instance().colours().base));
  if (!frame_) {
    paint_empty(painter, rect(), tr("Choose a scenario"));
    return;
  }
  dots_.clear();
  // Standing still, dots stand where the messages are; running, those just handled fly by.
  std::vector<Flight> seen = flights_;
  for (const lab::Message& message : shown_) {
    if (message.handled() || message.sent > frame_->status.time) continue;
    const double all = (message.arrives - message.sent).seconds();
    const double gone = (frame_->status.time - message.sent).seconds();
    seen.push_back({message, all > 0 ? gone / all : 1});
  }
  const auto last = std::find_if(shown_.rbegin(), shown_.rend(),
                                 [](const lab::Message& m) { return m.handled(); });
  if (seen.empty() && last != shown_.rend()) seen.push_back({*last, 1});
  drawn_ = std::move(seen);
  paint_groups(painter);
  for (const Flight& flight : drawn_) paint_way(painter, flight.message);
  paint_nodes(painter);
  for (const Flight& flight : drawn_) {
    paint_dot(painter, flight.message, flight.share, drawn_.size() <= kNamed);
  }
  paint_legend(painter);
}

const lab::Message* NetworkView::message_at(const QPointF& at) const {
  for (const Dot& dot : dots_) {
    if (distance(dot.at, at) < 9) return dot.message;
  }
  return nullptr;
}

const lab::NetworkNode* NetworkView::node_at(const QPointF& at) const {
  if (!frame_) return nullptr;
  for (const lab::NetworkNode& node : frame_->network->nodes) {
    const QPointF centre = place_of(node.entity);
    if (std::abs(centre.x() - at.x()) < 50 && std::abs(centre.y() - at.y()) < kChipHeight / 2) {
      return &node;
    }
  }
  return nullptr;
}

void NetworkView::mousePressEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton) return;
  if (const lab::NetworkNode* node = node_at(event->position()); node != nullptr) {
    emit part_chosen(text(node->path));
  }
}

bool NetworkView::event(QEvent* event) {
  if (event->type() != QEvent::ToolTip || !frame_) return MessageView::event(event);
  const auto* help = static_cast<QHelpEvent*>(event);
  if (const lab::Message* message = message_at(help->pos()); message != nullptr) {
    QToolTip::showText(help->globalPos(), describe(*message, *frame_->network), this);
  } else if (const lab::NetworkNode* node = node_at(help->pos()); node != nullptr) {
    QToolTip::showText(help->globalPos(), text(node->path + "\n" + node->kind), this);
  } else {
    QToolTip::hideText();
  }
  return true;
}

// ---- sequence chart

SequenceView::SequenceView(QWidget* parent) : MessageView(parent) {
  setAccessibleName(tr("Sequence chart"));
  setAccessibleDescription(tr("A lane per part and an arrow per message; the wheel shows more"));
}

void SequenceView::set_even(bool even) {
  even_ = even;
  update();
}

void SequenceView::frame_came() {
  if (!frame_) return;
  std::vector<lab::Message> handled;
  for (const lab::Message& message : shown_) {
    if (message.handled()) handled.push_back(message);
  }
  shown_ = std::move(handled);
  chart_ =
      lab::sequence_chart(shown_, *frame_->network, Time::zero(), frame_->status.time, arrows_);
  update();
}

void SequenceView::wheelEvent(QWheelEvent* event) {
  const std::size_t more = event->angleDelta().y() < 0 ? arrows_ * 3 / 2 : arrows_ * 2 / 3;
  arrows_ = std::clamp<std::size_t>(more, 8, 400);
  set_frame(frame_);
}

double SequenceView::x_of(Time time, const std::vector<Time>& steps) const {
  const double left = 130;
  const double wide = width() - left - 24;
  if (steps.size() < 2) return left + wide / 2;
  if (even_) {
    const auto at = std::lower_bound(steps.begin(), steps.end(), time) - steps.begin();
    return left + wide * static_cast<double>(at) / static_cast<double>(steps.size() - 1);
  }
  const double all = (steps.back() - steps.front()).seconds();
  return left + wide * (all > 0 ? (time - steps.front()).seconds() / all : 0);
}

void SequenceView::paintEvent(QPaintEvent*) {
  const ThemeColours& theme = Theme::instance().colours();
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.fillRect(rect(), qt(theme.base));
  drawn_.clear();
  if (chart_.arrows.empty()) {
    paint_empty(painter, rect(), tr("No message yet: step (F4) or run (F5)"));
    return;
  }
  std::vector<Time> steps;
  for (const lab::SequenceArrow& arrow : chart_.arrows) {
    steps.push_back(arrow.sent);
    steps.push_back(arrow.arrives);
  }
  std::sort(steps.begin(), steps.end());
  steps.erase(std::unique(steps.begin(), steps.end()), steps.end());
  const double row = (height() - 40.0) / static_cast<double>(chart_.lanes.size());
  const auto y_of = [&](std::size_t lane) { return 14 + row * (static_cast<double>(lane) + 0.5); };
  const QFontMetricsF metrics(painter.font());
  for (std::size_t i = 0; i < chart_.lanes.size(); ++i) {
    painter.setPen(QPen(qt(theme.grid), 1));
    painter.drawLine(QPointF(130, y_of(i)), QPointF(width() - 16, y_of(i)));
    painter.setPen(qt(theme.text));
    const QRectF box(6, y_of(i) - 10, 116, 20);
    painter.drawText(box, Qt::AlignRight | Qt::AlignVCenter,
                     metrics.elidedText(text(chart_.lanes[i].label), Qt::ElideRight, 116));
  }
  for (const lab::SequenceArrow& arrow : chart_.arrows) {
    const QPointF from(x_of(arrow.sent, steps), y_of(arrow.from));
    const QPointF to(x_of(arrow.arrives, steps), y_of(arrow.to));
    paint_arrow(painter, from, to, kind_colour(arrow.kind));
    const auto same = std::find_if(shown_.begin(), shown_.end(), [&](const lab::Message& message) {
      return message.event == arrow.event;
    });
    drawn_.push_back({from, to, same == shown_.end() ? nullptr : &*same});
    if (chart_.arrows.size() <= 16) {
      painter.setPen(qt(theme.text));
      painter.drawText((from + to) / 2 + QPointF(5, -3), text(arrow.kind));
    }
  }
  painter.setPen(qt(theme.faint));
  painter.drawText(QRectF(130, height() - 22, 240, 18), Qt::AlignLeft,
                   text(lab::time_text(steps.front())));
  painter.drawText(QRectF(width() - 260.0, height() - 22, 244, 18), Qt::AlignRight,
                   text(lab::time_text(steps.back())) + (even_ ? tr(", not to scale") : QString()));
}

const lab::Message* SequenceView::message_at(const QPointF& at) const {
  const lab::Message* best = nullptr;
  double nearest = 8;
  for (const Drawn& arrow : drawn_) {
    const QPointF along = arrow.to - arrow.from;
    const double square = QPointF::dotProduct(along, along);
    const double share =
        square > 0 ? std::clamp(QPointF::dotProduct(at - arrow.from, along) / square, 0.0, 1.0) : 0;
    const double off = distance(at, arrow.from + along * share);
    if (off >= nearest) continue;
    nearest = off;
    best = arrow.message;
  }
  return best;
}

bool SequenceView::event(QEvent* event) {
  if (event->type() != QEvent::ToolTip || !frame_) return MessageView::event(event);
  const auto* help = static_cast<QHelpEvent*>(event);
  const lab::Message* message = message_at(help->pos());
  if (message == nullptr) {
    QToolTip::hideText();
  } else {
    QToolTip::showText(help->globalPos(), describe(*message, *frame_->network), this);
  }
  return true;
}

void SequenceView::mouseDoubleClickEvent(QMouseEvent* event) {
  if (const lab::Message* message = message_at(event->position()); message != nullptr) {
    emit event_chosen(message->event);
  }
}

}  // namespace mezz::gui

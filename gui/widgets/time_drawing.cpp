#include "gui/widgets/time_drawing.h"

#include <QMouseEvent>
#include <algorithm>
#include <cmath>

#include "gui/model/ticks.h"
#include "gui/widgets/theme.h"

namespace mezz::gui {

namespace {

constexpr double kZoomStep = 0.8;
constexpr double kPanStep = 0.1;

}  // namespace

TimeDrawing::TimeDrawing(TimeContext& time, QWidget* parent) : Drawing(parent), time_(time) {
  setFocusPolicy(Qt::StrongFocus);
  setMouseTracking(true);
  setMinimumHeight(84);
  connect(&time_, &TimeContext::range_changed, this, [this] { update(); });
  connect(&time_, &TimeContext::cursor_changed, this, [this] { update(); });
}

QRectF TimeDrawing::plot_area(const QRectF& area) const {
  // One left margin for all plots, so that linked axes line up.
  const QFontMetricsF metrics(font());
  const double left = metrics.horizontalAdvance(QStringLiteral("-000.0 M")) + 14;
  const double line = metrics.height();
  return area.adjusted(left, line + 10, -metrics.averageCharWidth() * 5, -line - 10);
}

double TimeDrawing::x_of(Time t, const QRectF& plot) const {
  return plot.left() + time_.range().fraction(t) * plot.width();
}

Time TimeDrawing::time_at(double x) const {
  const QRectF plot = plot_area(QRectF(rect()));
  return time_.range().at((x - plot.left()) / std::max(1.0, plot.width()));
}

void TimeDrawing::draw_time_axis(QPainter& painter, const QRectF& plot) const {
  const ThemeColours& c = Theme::instance().colours();
  const QFontMetricsF metrics(painter.font());
  const double label = metrics.horizontalAdvance(QStringLiteral("0 d 00:00:00")) + 16;
  const int columns = std::max(2, static_cast<int>(plot.width() / label));
  for (const TimeTick& tick : time_ticks(time_.range(), columns)) {
    const double x = x_of(tick.at, plot);
    painter.setPen(QPen(qt(c.grid), 0));
    painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()));
    painter.setPen(qt(c.faint));
    painter.drawText(QRectF(x - label / 2, plot.bottom() + 3, label, metrics.height() + 2),
                     Qt::AlignHCenter | Qt::AlignTop, QString::fromStdString(tick.label));
  }
  painter.setPen(QPen(qt(c.faint), 0));
  painter.drawRect(plot);
}

void TimeDrawing::draw_cursor(QPainter& painter, const QRectF& plot) const {
  const TimeCursor cursor = time_.cursor();
  if (!cursor || !time_.range().contains(*cursor)) return;
  const double at = x_of(*cursor, plot);
  painter.setPen(QPen(qt(Theme::instance().colours().accent), 0, Qt::DashLine));
  painter.drawLine(QPointF(at, plot.top()), QPointF(at, plot.bottom()));
}

double TimeDrawing::draw_heading(QPainter& painter, const QRectF& area, const QRectF& plot,
                                 const QString& title) const {
  const ThemeColours& c = Theme::instance().colours();
  const QFont plain = painter.font();
  const double baseline = area.top() + 4 + QFontMetricsF(plain).ascent();
  QFont bold = plain;
  bold.setBold(true);
  painter.setPen(qt(c.text));
  painter.setFont(bold);
  painter.drawText(QPointF(plot.left(), baseline), title);
  double x = plot.left() + QFontMetricsF(bold).horizontalAdvance(title) + 18;
  painter.setFont(plain);
  const TimeCursor cursor = time_.cursor();
  if (!cursor || !time_.range().contains(*cursor)) return x;
  draw_cursor(painter, plot);
  const QString text = QString::fromStdString(clock_text(*cursor));
  painter.setPen(qt(c.text));
  painter.drawText(QPointF(x, baseline), text);
  return x + QFontMetricsF(plain).horizontalAdvance(text) + 18;
}

void TimeDrawing::wheelEvent(QWheelEvent* event) {
  const double steps = event->angleDelta().y() / 120.0;
  const Time centre = time_at(event->position().x());
  time_.set_range(zoomed(time_.range(), std::pow(kZoomStep, steps), centre, time_.limits()));
  event->accept();
}

void TimeDrawing::mousePressEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton) return;
  press_ = event->position();
  range_at_press_ = time_.range();
  dragged_ = false;
}

void TimeDrawing::mouseMoveEvent(QMouseEvent* event) {
  if (press_) {
    const double dx = event->position().x() - press_->x();
    dragged_ = dragged_ || std::fabs(dx) > 4;
    const double width = std::max(1.0, plot_area(QRectF(rect())).width());
    if (dragged_) time_.set_range(panned(range_at_press_, -dx / width, time_.limits()));
    return;
  }
  time_.set_cursor(time_at(event->position().x()));
}

void TimeDrawing::mouseReleaseEvent(QMouseEvent* event) {
  const bool click = press_ && !dragged_;
  press_.reset();
  if (!click) return;
  const Time t = time_at(event->position().x());
  time_.set_cursor(t);
  emit clicked(t);
}

void TimeDrawing::keyPressEvent(QKeyEvent* event) {
  const TimeRange range = time_.range();
  const Time centre = time_.cursor().value_or(range.at(0.5));
  switch (event->key()) {
    case Qt::Key_Left:
      time_.set_range(panned(range, -kPanStep, time_.limits()));
      break;
    case Qt::Key_Right:
      time_.set_range(panned(range, kPanStep, time_.limits()));
      break;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
      time_.set_range(zoomed(range, kZoomStep, centre, time_.limits()));
      break;
    case Qt::Key_Minus:
      time_.set_range(zoomed(range, 1.0 / kZoomStep, centre, time_.limits()));
      break;
    case Qt::Key_Home:
      time_.set_range(time_.limits());
      break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
      emit clicked(centre);
      break;
    default:
      Drawing::keyPressEvent(event);
  }
}

void TimeDrawing::leaveEvent(QEvent*) { press_.reset(); }

}  // namespace mezz::gui

#include "gui/results/candle_chart.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "gui/model/min_max_pyramid.h"
#include "gui/model/ticks.h"
#include "gui/widgets/theme.h"

namespace mezz::gui {

namespace {

constexpr double kPixelsOfBar = 8.0;
constexpr std::ptrdiff_t kFillsDrawn = 600;

// The elements from the one that is running at the begin of the range up to its end.
template <class T, class At>
std::pair<const T*, const T*> in_range(const std::vector<T>& all, TimeRange range, At at) {
  auto first = std::lower_bound(all.begin(), all.end(), range.begin,
                                [&](const T& one, Time t) { return at(one) < t; });
  const auto last = std::upper_bound(first, all.end(), range.end,
                                     [&](Time t, const T& one) { return t < at(one); });
  if (first != all.begin()) --first;
  return {all.data() + (first - all.begin()), all.data() + (last - all.begin())};
}

QString text_of(double value) { return QString::fromStdString(short_number(value)); }

QColor colour_of(Forced kind) {
  const ThemeColours& c = Theme::instance().colours();
  if (kind == Forced::Deleveraged) return qt(series_colour(c, 3));
  return qt(kind == Forced::BadDebt ? c.bad : series_colour(c, 1));
}

// Triangle down, diamond, cross: told apart without colour.
QPolygonF shape_of(Forced kind, QPointF p, double s) {
  switch (kind) {
    case Forced::Closed:
      return QPolygonF({p + QPointF(-s, -s), p + QPointF(s, -s), p + QPointF(0, s)});
    case Forced::Deleveraged:
      return QPolygonF(
          {p + QPointF(0, -s), p + QPointF(s, 0), p + QPointF(0, s), p + QPointF(-s, 0)});
    case Forced::BadDebt:
      break;
  }
  const double t = s / 3.0;
  return QPolygonF({p + QPointF(-s, -s + t), p + QPointF(-s + t, -s), p + QPointF(0, -t),
                    p + QPointF(s - t, -s), p + QPointF(s, -s + t), p + QPointF(t, 0),
                    p + QPointF(s, s - t), p + QPointF(s - t, s), p + QPointF(0, t),
                    p + QPointF(-s + t, s), p + QPointF(-s, s - t), p + QPointF(-t, 0)});
}

}  // namespace

CandleChart::CandleChart(TimeContext& context, std::shared_ptr<const Tape> tape, QWidget* parent)
    : TimeDrawing(context, parent), tape_(std::move(tape)) {
  setMinimumHeight(200);
  setAccessibleName(tr("Candles of %1").arg(QString::fromStdString(tape_->instrument)));
  setAccessibleDescription(
      tr("%1 fills, %2 forced closures").arg(tape_->fills.size()).arg(tape_->forced.size()));
}

const Bars& CandleChart::bars(double width) const {
  const Duration length =
      bar_length(time().range().length(), static_cast<int>(width / kPixelsOfBar));
  const auto [entry, fresh] = bars_.try_emplace(length.ns);
  if (fresh) entry->second = bars_of(*tape_, length);
  return entry->second;
}

double CandleChart::bar_width(const QRectF& plot, const Bars& bars) const {
  const double share = bars.length.seconds() / std::max(1e-9, time().range().length().seconds());
  return std::max(1.0, share * plot.width());
}

CandleChart::Scale CandleChart::price_scale(const QRectF& plot, const Bars& bars) const {
  Extremes seen;
  const auto [first, last] =
      in_range(bars.candles, time().range(), [](const Candle& c) { return c.begin; });
  for (const Candle* candle = first; candle != last; ++candle) {
    seen.add(candle->low);
    seen.add(candle->high);
  }
  const auto [mark, marks_end] =
      in_range(tape_->mark, time().range(), [](const MarkPoint& m) { return m.at; });
  for (const MarkPoint* m = mark; m != marks_end; ++m) seen.add(m->price);
  if (!seen.any) seen = {0.0, 1.0, true};
  const double span = seen.high - seen.low;
  // Room for the marks above and below.
  const double pad = span > 0.0 ? span * 0.08 : std::max(1e-9, std::abs(seen.high) * 0.01);
  return {.area = plot, .low = seen.low - pad, .high = seen.high + pad};
}

void CandleChart::draw(QPainter& painter, const QRectF& area) const {
  const QRectF plot = plot_area(area);
  if (plot.width() < 20 || plot.height() < 60) return;
  const Bars& shown = bars(plot.width());
  const double volume = std::clamp(plot.height() * 0.22, 24.0, 110.0);
  const Scale scale = price_scale(plot.adjusted(0, 0, 0, -volume - 4), shown);
  draw_scale(painter, scale);
  draw_time_axis(painter, plot);
  painter.save();
  painter.setClipRect(plot);
  draw_volume(painter, QRectF(plot.left(), plot.bottom() - volume, plot.width(), volume), shown);
  draw_candles(painter, scale, shown);
  draw_mark(painter, scale);
  draw_fills(painter, scale);
  draw_forced(painter, scale, shown);
  painter.restore();
  draw_legend(painter, area, plot, shown);
}

void CandleChart::draw_scale(QPainter& painter, const Scale& scale) const {
  const ThemeColours& c = Theme::instance().colours();
  const QFontMetricsF metrics(painter.font());
  const QRectF& plot = scale.area;
  const int rows = std::max(2, static_cast<int>(plot.height() / (metrics.height() * 1.7)));
  for (const Tick& tick : number_ticks(scale.low, scale.high, rows)) {
    const double y = scale.y(tick.at);
    painter.setPen(QPen(qt(c.grid), 0));
    painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y));
    painter.setPen(qt(c.faint));
    painter.drawText(QRectF(0, y - metrics.height(), plot.left() - 6, metrics.height() * 2),
                     Qt::AlignRight | Qt::AlignVCenter, QString::fromStdString(tick.label));
  }
}

void CandleChart::draw_mark(QPainter& painter, const Scale& scale) const {
  const auto [first, last] =
      in_range(tape_->mark, time().range(), [](const MarkPoint& m) { return m.at; });
  if (first == last) return;
  // Lowest and highest of each pixel column, however many points lie in it.
  QList<QLineF> lines;
  double column = scale.area.left() + 0.5;
  double y = scale.y(first->price);
  Extremes seen;
  const auto flush = [&](double next) {
    if (seen.any) lines.append(QLineF(column, seen.low, column, seen.high));
    lines.append(QLineF(column, y, next, y));
    column = next;
    seen = Extremes{};
    seen.add(y);
  };
  for (const MarkPoint* m = first; m != last; ++m) {
    const double x = std::floor(std::max(scale.area.left(), x_of(m->at, scale.area))) + 0.5;
    if (x != column) flush(x);
    y = scale.y(m->price);
    seen.add(y);
  }
  flush(scale.area.right());
  painter.setPen(QPen(qt(series_colour(Theme::instance().colours(), 0)), 0));
  painter.drawLines(lines);
}

void CandleChart::draw_candles(QPainter& painter, const Scale& scale, const Bars& bars) const {
  const ThemeColours& c = Theme::instance().colours();
  const double width = bar_width(scale.area, bars);
  const double body = std::max(1.0, std::floor(width * 0.7));
  const auto [first, last] =
      in_range(bars.candles, time().range(), [](const Candle& one) { return one.begin; });
  for (const Candle* candle = first; candle != last; ++candle) {
    const double middle = std::round(x_of(candle->begin, scale.area) + width / 2) + 0.5;
    const QColor colour = qt(candle->rose() ? c.good : c.bad);
    const double top = scale.y(std::max(candle->open, candle->close));
    const double bottom = scale.y(std::min(candle->open, candle->close));
    painter.setPen(QPen(colour, 0));
    painter.drawLine(QPointF(middle, scale.y(candle->high)), QPointF(middle, top));
    painter.drawLine(QPointF(middle, bottom), QPointF(middle, scale.y(candle->low)));
    const QRectF box(middle - body / 2, top, body, std::max(1.0, bottom - top));
    painter.setBrush(candle->rose() ? qt(c.base) : colour);
    painter.drawRect(box);
  }
  painter.setBrush(Qt::NoBrush);
}

void CandleChart::draw_fills(QPainter& painter, const Scale& scale) const {
  const auto [first, last] =
      in_range(tape_->fills, time().range(), [](const Fill& fill) { return fill.at; });
  if (last - first > kFillsDrawn) return;
  const ThemeColours& c = Theme::instance().colours();
  double most = 1.0;
  for (const Fill* fill = first; fill != last; ++fill) most = std::max(most, std::abs(fill->lots));
  painter.setPen(QPen(qt(c.text), 0));
  for (const Fill* fill = first; fill != last; ++fill) {
    const double s = 2.0 + 4.0 * std::sqrt(std::abs(fill->lots) / most);
    const double up = fill->lots > 0.0 ? -1.0 : 1.0;
    const QPointF p(x_of(fill->at, scale.area), scale.y(fill->price));
    painter.drawPolygon(QPolygonF({p, p + QPointF(-s / 2, -up * s), p + QPointF(s / 2, -up * s)}));
  }
}

void CandleChart::draw_forced(QPainter& painter, const Scale& scale, const Bars& bars) const {
  const auto [first, last] =
      in_range(bars.forced, time().range(), [](const ForcedBar& bar) { return bar.begin; });
  double most = 1e-9;
  for (const ForcedBar* bar = first; bar != last; ++bar) most = std::max(most, bar->usd);
  const double width = bar_width(scale.area, bars);
  painter.setRenderHint(QPainter::Antialiasing, true);
  for (const ForcedBar* bar = first; bar != last; ++bar) {
    if (std::isnan(bar->price)) continue;
    // Not wider than a bar, or they would hide the candles of a cascade.
    const double widest = std::clamp(width * 0.5, 3.0, 8.0);
    const double s = 2.0 + (widest - 2.0) * std::sqrt(bar->usd / most);
    const double y = std::clamp(scale.y(bar->price), scale.area.top() + s, scale.area.bottom() - s);
    const QColor colour = colour_of(bar->kind);
    painter.setPen(QPen(qt(Theme::instance().colours().base), 0));
    painter.setBrush(colour);
    painter.drawPolygon(
        shape_of(bar->kind, QPointF(x_of(bar->begin, scale.area) + width / 2, y), s));
  }
  painter.setBrush(Qt::NoBrush);
  painter.setRenderHint(QPainter::Antialiasing, false);
}

void CandleChart::draw_volume(QPainter& painter, const QRectF& plot, const Bars& bars) const {
  const ThemeColours& c = Theme::instance().colours();
  const auto begin = [](const auto& one) { return one.begin; };
  const auto [first, last] = in_range(bars.candles, time().range(), begin);
  const auto [forced, forced_end] = in_range(bars.forced, time().range(), begin);
  std::map<std::int64_t, double> closed;
  for (const ForcedBar* bar = forced; bar != forced_end; ++bar) closed[bar->begin.ns] += bar->lots;
  double most = 1e-9;
  for (const Candle* candle = first; candle != last; ++candle) most = std::max(most, candle->lots);
  for (const auto& [ns, lots] : closed) most = std::max(most, lots);
  const double width = bar_width(plot, bars);
  const double body = std::max(1.0, std::floor(width * 0.7));
  const auto box = [&](Time at, double lots) {
    const double middle = std::round(x_of(at, plot) + width / 2) + 0.5;
    const double height = plot.height() * lots / most;
    return QRectF(middle - body / 2, plot.bottom() - height, body, height);
  };
  for (const Candle* candle = first; candle != last; ++candle)
    painter.fillRect(box(candle->begin, candle->lots), qt(c.grid).lighter(c.dark ? 170 : 92));
  for (const auto& [ns, lots] : closed)
    painter.fillRect(box(Time{ns}, lots).adjusted(body * 0.2, 0, -body * 0.2, 0),
                     colour_of(Forced::Closed));
  painter.setPen(QPen(qt(c.grid), 0));
  painter.drawLine(plot.topLeft(), plot.topRight());
  painter.setPen(qt(c.faint));
  painter.drawText(plot.adjusted(4, 1, 0, 0), Qt::AlignLeft | Qt::AlignTop,
                   tr("lots traded, up to %1").arg(text_of(most)));
}

QString CandleChart::read_out(Time at, const Bars& bars) const {
  const auto candle = std::upper_bound(bars.candles.begin(), bars.candles.end(), at,
                                       [](Time t, const Candle& one) { return t < one.begin; });
  if (candle == bars.candles.begin() || (candle - 1)->begin + bars.length <= at)
    return tr("no fill in this bar");
  const Candle& one = *(candle - 1);
  QString text = tr("open %1  high %2  low %3  close %4  %5 lots in %6 fills")
                     .arg(text_of(one.open), text_of(one.high), text_of(one.low),
                          text_of(one.close), text_of(one.lots))
                     .arg(one.fills);
  for (const ForcedBar& bar : bars.forced) {
    if (bar.begin != one.begin) continue;
    text += tr("  %1 %2 (%3 USD)")
                .arg(QString::fromUtf8(name_of(bar.kind).data()))
                .arg(bar.closures)
                .arg(text_of(bar.usd));
  }
  return text;
}

void CandleChart::draw_legend(QPainter& painter, const QRectF& area, const QRectF& plot,
                              const Bars& bars) const {
  const ThemeColours& c = Theme::instance().colours();
  const QFontMetricsF metrics(painter.font());
  const QString front = run_.isEmpty() ? QString() : run_ + QStringLiteral(": ");
  const QString title = front + tr("%1, %2, bars of %3")
                                    .arg(QString::fromStdString(tape_->instrument),
                                         QString::fromStdString(tape_->unit),
                                         QString::fromStdString(duration_text(bars.length)));
  double x = draw_heading(painter, area, plot, title);
  const double baseline = area.top() + 4 + metrics.ascent();
  if (time().cursor() && time().range().contains(*time().cursor())) {
    painter.setPen(qt(c.text));
    painter.drawText(
        QRectF(x, area.top() + 4, area.right() - x - 4, metrics.height()),
        Qt::AlignLeft | Qt::AlignTop,
        metrics.elidedText(read_out(*time().cursor(), bars), Qt::ElideRight, area.right() - x - 4));
    return;
  }
  const auto entry = [&](const QString& text, const auto& symbol) {
    if (x + 20 + metrics.horizontalAdvance(text) > area.right()) return;
    symbol(QPointF(x + 7, baseline - metrics.ascent() / 3));
    painter.setBrush(Qt::NoBrush);
    painter.setPen(qt(c.text));
    painter.drawText(QPointF(x + 19, baseline), text);
    x += 19 + metrics.horizontalAdvance(text) + 14;
  };
  if (!tape_->mark.empty()) {
    entry(tr("price used for margin"), [&](QPointF p) {
      painter.setPen(QPen(qt(series_colour(c, 0)), 2));
      painter.drawLine(p - QPointF(7, 0), p + QPointF(7, 0));
    });
  }
  for (std::size_t i = 0; i < kForcedKinds; ++i) {
    const auto kind = static_cast<Forced>(i);
    const bool any = std::any_of(tape_->forced.begin(), tape_->forced.end(),
                                 [&](const ForcedClosure& f) { return f.kind == kind; });
    if (!any) continue;
    entry(tr(name_of(kind).data()), [&](QPointF p) {
      painter.setPen(Qt::NoPen);
      painter.setBrush(colour_of(kind));
      painter.drawPolygon(shape_of(kind, p, 5.0));
    });
  }
}

}  // namespace mezz::gui

#include "gui/results/latency_view.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QVBoxLayout>
#include <algorithm>
#include <array>
#include <cmath>

#include "analysis/headline.h"
#include "gui/model/ticks.h"
#include "gui/widgets/theme.h"

namespace mezz::gui {

namespace {

constexpr std::array<double, 4> kQuantiles = {0.5, 0.9, 0.99, 0.999};
const std::array<const char*, 4> kQuantileNames = {"p50", "p90", "p99", "p99.9"};

QString seconds_text(double seconds) {
  return QString::fromStdString(analysis::human(seconds, "s"));
}

QString percent_text(double share) {
  const double percent = 100.0 * share;
  return QStringLiteral("%1 %").arg(percent, 0, 'f', percent > 0.0 && percent < 0.1 ? 3 : 1);
}

}  // namespace

// The bins, the plot they fill and the highest of them.
struct LatencyHistogram::Frame {
  QRectF plot;
  QRectF never;  // one more column beside it
  std::vector<HistogramBin> bins;
  double low = 0.0;  // of the axis; logarithms on a logarithmic one
  double high = 1.0;
  double most = 1.0;
  AxisScale time = AxisScale::Linear;
  AxisScale count = AxisScale::Linear;

  [[nodiscard]] double x(double seconds) const {
    const double at = time == AxisScale::Linear ? seconds : std::log10(std::max(seconds, 1e-12));
    return plot.left() + std::clamp((at - low) / (high - low), 0.0, 1.0) * plot.width();
  }
  [[nodiscard]] double height(double n) const {
    if (n <= 0.0) return 0.0;
    // One event is seen: a logarithmic axis begins at a half.
    const double share =
        count == AxisScale::Linear ? n / most : std::log(n / 0.5) / std::log(most / 0.5);
    return std::max(1.0, share * plot.height());
  }
};

LatencyHistogram::LatencyHistogram(QWidget* parent) : Drawing(parent) {
  setMinimumHeight(200);
  setAccessibleName(tr("Histogram of a latency"));
}

void LatencyHistogram::set_latency(Latency latency) {
  latency_ = std::move(latency);
  setAccessibleDescription(tr("%1: %2 values, %3 never")
                               .arg(QString::fromStdString(latency_.from_to))
                               .arg(latency_.sorted.size())
                               .arg(latency_.never));
  update();
}

void LatencyHistogram::set_scales(AxisScale time, AxisScale count) {
  time_ = time;
  count_ = count;
  update();
}

void LatencyHistogram::draw(QPainter& painter, const QRectF& area) const {
  if (latency_.sorted.empty()) {
    draw_empty(painter, area,
               latency_.never > 0
                   ? tr("None of %1 arrived by the end of the run").arg(latency_.never)
                   : tr("Nothing was measured: this result has no transactions, withdrawals or "
                        "liquidations, or record left them out"));
    return;
  }
  draw_title(painter, area, tr("Time %1").arg(QString::fromStdString(latency_.from_to)));
  const QFontMetricsF metrics(painter.font());
  const double left = metrics.horizontalAdvance(QStringLiteral("000 k")) + 16;
  const double never = latency_.never > 0 ? 46.0 : 0.0;
  Frame frame;
  frame.time = time_;
  frame.count = count_;
  frame.plot = area.adjusted(left, metrics.height() * 2 + 20, -14 - never - (never > 0 ? 12 : 0),
                             -metrics.height() - 12);
  frame.never = QRectF(frame.plot.right() + 12, frame.plot.top(), never, frame.plot.height());
  if (frame.plot.width() < 40 || frame.plot.height() < 30) return;
  frame.bins = gui::histogram(latency_.sorted, time_,
                              std::clamp(static_cast<int>(frame.plot.width() / 6.0), 8, 200));
  for (const HistogramBin& bin : frame.bins)
    frame.most = std::max(frame.most, static_cast<double>(bin.count));
  frame.most = std::max(frame.most, static_cast<double>(latency_.never));
  const bool zeros = time_ == AxisScale::Log && frame.bins[0].low == 0.0;
  const double first = zeros && frame.bins.size() > 1 ? frame.bins[1].low / 2.0
                       : zeros                        ? frame.bins[0].high / 10.0
                                                      : frame.bins[0].low;
  frame.low = time_ == AxisScale::Linear ? first : std::log10(first);
  const double end = frame.bins.back().high;
  frame.high = time_ == AxisScale::Linear ? end : std::log10(end);
  draw_axes(painter, frame);
  draw_bins(painter, frame);
  draw_quantiles(painter, frame);
}

void LatencyHistogram::draw_axes(QPainter& painter, const Frame& frame) const {
  const ThemeColours& c = Theme::instance().colours();
  const QFontMetricsF metrics(painter.font());
  const QRectF& plot = frame.plot;
  const int rows = std::max(2, static_cast<int>(plot.height() / (metrics.height() * 2.0)));
  const bool log_count = frame.count == AxisScale::Log;
  for (const Tick& tick : log_count ? log_ticks(0.5, std::max(1.0, frame.most), rows)
                                    : number_ticks(0.0, frame.most, rows)) {
    const double y = plot.bottom() - (tick.at > 0.0 ? frame.height(tick.at) : 0.0);
    painter.setPen(QPen(qt(c.grid), 0));
    painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y));
    painter.setPen(qt(c.faint));
    painter.drawText(QRectF(0, y - metrics.height(), plot.left() - 6, metrics.height() * 2),
                     Qt::AlignRight | Qt::AlignVCenter, QString::fromStdString(tick.label));
  }
  const double room = metrics.horizontalAdvance(QStringLiteral("0.00 min")) + 18;
  const int columns = std::max(2, static_cast<int>(plot.width() / room));
  std::vector<Tick> ticks;
  if (frame.time == AxisScale::Log) {
    ticks = log_duration_ticks(std::pow(10.0, frame.low), std::pow(10.0, frame.high));
  } else {
    const TimeRange range{Time{duration_from_seconds(frame.low).ns},
                          Time{duration_from_seconds(frame.high).ns}};
    for (const TimeTick& tick : time_ticks(range, columns))
      ticks.push_back({Duration{tick.at.ns}.seconds(), duration_text(Duration{tick.at.ns})});
  }
  double free_from = plot.left() - room;
  for (const Tick& tick : ticks) {
    const double x = frame.x(tick.at);
    painter.setPen(QPen(qt(c.grid), 0));
    painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()));
    const QString text = QString::fromStdString(tick.label);
    const double width = metrics.horizontalAdvance(text);
    if (x - width / 2 < free_from) continue;
    free_from = x + width / 2 + 8;
    painter.setPen(qt(c.faint));
    painter.drawText(QPointF(x - width / 2, plot.bottom() + metrics.ascent() + 4), text);
  }
}

void LatencyHistogram::draw_bins(QPainter& painter, const Frame& frame) const {
  const ThemeColours& c = Theme::instance().colours();
  const QFontMetricsF metrics(painter.font());
  const QRectF& plot = frame.plot;
  for (const HistogramBin& bin : frame.bins) {
    if (bin.count == 0) continue;
    const double left = frame.x(bin.low);
    const double width = std::max(1.0, frame.x(bin.high) - left - 1.0);
    const double height = frame.height(static_cast<double>(bin.count));
    painter.fillRect(QRectF(left, plot.bottom() - height, width, height), qt(series_colour(c, 0)));
  }
  painter.setPen(QPen(qt(c.faint), 0));
  painter.drawLine(plot.bottomLeft(), plot.bottomRight());
  if (latency_.never == 0) return;
  const QRectF& never = frame.never;
  const double height = frame.height(static_cast<double>(latency_.never));
  const QRectF bar(never.left(), never.bottom() - height, never.width(), height);
  painter.fillRect(bar, QBrush(qt(c.bad), Qt::BDiagPattern));
  painter.setPen(QPen(qt(c.bad), 0));
  painter.drawRect(bar);
  painter.drawText(
      QRectF(never.left() - 8, never.bottom() + 2, never.width() + 16, metrics.height() + 4),
      Qt::AlignCenter, tr("never"));
}

void LatencyHistogram::draw_quantiles(QPainter& painter, const Frame& frame) const {
  const ThemeColours& c = Theme::instance().colours();
  const QFontMetricsF metrics(painter.font());
  const QRectF& plot = frame.plot;
  double free_from = plot.left() - 40.0;
  for (std::size_t i = 0; i < kQuantiles.size(); ++i) {
    const double value = quantile(latency_.sorted, kQuantiles[i]);
    const double x = frame.x(value);
    painter.setPen(QPen(qt(c.text), 0, Qt::DashLine));
    painter.drawLine(QPointF(x, plot.top() - 4), QPointF(x, plot.bottom()));
    // Labels side by side as long as there is room; the table has all of them.
    const QString text = QString::fromLatin1(kQuantileNames[i]);
    const double width = metrics.horizontalAdvance(text);
    const double at = std::clamp(x - width / 2, free_from, plot.right() + 14 - width);
    if (at < free_from || at > x + 60.0) continue;
    free_from = at + width + 6;
    painter.setPen(qt(c.text));
    painter.drawText(QPointF(at, plot.top() - 7), text);
  }
}

LatencyView::LatencyView(QWidget* parent)
    : QWidget(parent),
      histogram_(new LatencyHistogram),
      table_(new FittedTable),
      log_time_(new QCheckBox(tr("Logarithmic time"))),
      log_count_(new QCheckBox(tr("Logarithmic count"))) {
  log_time_->setChecked(true);
  QStringList heads;
  for (const char* name : kQuantileNames) heads << QString::fromLatin1(name);
  heads << tr("never") << tr("longest") << tr("arrived") << tr("not arrived");
  table_->setColumnCount(static_cast<int>(heads.size()));
  table_->setHorizontalHeaderLabels(heads);
  table_->setAccessibleName(tr("Quantiles of latencies"));
  table_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  table_->setSelectionBehavior(QAbstractItemView::SelectRows);
  table_->setSelectionMode(QAbstractItemView::SingleSelection);
  table_->setTabKeyNavigation(false);
  table_->horizontalHeader()->setHighlightSections(false);
  table_->horizontalHeader()->setDefaultAlignment(Qt::AlignRight | Qt::AlignVCenter);
  table_->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 8);
  auto* row = new QHBoxLayout;
  row->addWidget(log_time_);
  row->addWidget(log_count_);
  row->addStretch(1);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(4, 4, 4, 4);
  layout->addLayout(row);
  layout->addWidget(histogram_, 3);
  layout->addWidget(table_, 2);
  layout->addWidget(make_rest_line(*table_));
  // A latency is judged by its median, its tail and what never came.
  table_->set_expendable({6, 7, 5, 3, 1});
  connect(table_, &QTableWidget::currentCellChanged, this, [this] { show_chosen(); });
  for (const QCheckBox* box : {log_time_, log_count_})
    connect(box, &QCheckBox::toggled, this, [this] { show_chosen(); });
}

void LatencyView::set_latencies(std::vector<Latency> latencies) {
  latencies_ = std::move(latencies);
  const int before = std::max(0, table_->currentRow());
  {
    const QSignalBlocker quiet(table_);
    table_->setRowCount(static_cast<int>(latencies_.size()));
    for (int r = 0; r < table_->rowCount(); ++r) {
      const Latency& one = latencies_[static_cast<std::size_t>(r)];
      QStringList cells;
      for (const double q : kQuantiles) cells << seconds_text(quantile(one.sorted, q));
      const auto count = [](std::size_t n) {
        return QString::fromStdString(long_number(static_cast<double>(n), 0));
      };
      cells << percent_text(one.never_share()) << seconds_text(quantile(one.sorted, 1.0))
            << count(one.sorted.size()) << count(one.never);
      table_->setVerticalHeaderItem(r, new QTableWidgetItem(QString::fromStdString(one.name)));
      for (int i = 0; i < cells.size(); ++i) {
        auto* item = new QTableWidgetItem(cells[i]);
        item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
        table_->setItem(r, i, item);
      }
    }
    table_->setCurrentCell(std::min(before, table_->rowCount() - 1), 0);
  }
  table_->fit();
  show_chosen();
}

void LatencyView::show_chosen() {
  const auto scale = [](const QCheckBox* box) {
    return box->isChecked() ? AxisScale::Log : AxisScale::Linear;
  };
  histogram_->set_scales(scale(log_time_), scale(log_count_));
  const auto row = static_cast<std::size_t>(std::max(0, table_->currentRow()));
  histogram_->set_latency(row < latencies_.size() ? latencies_[row] : Latency{});
}

}  // namespace mezz::gui

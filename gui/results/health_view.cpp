#include "gui/results/health_view.h"

#include <QLabel>
#include <QVBoxLayout>
#include <algorithm>

#include "gui/model/ticks.h"
#include "gui/widgets/plot_widget.h"
#include "gui/widgets/theme.h"

namespace mezz::gui {

HealthBars::HealthBars(QWidget* parent) : Drawing(parent) { setMinimumHeight(190); }

void HealthBars::set_sample(std::optional<HealthSample> sample, const QString& why) {
  sample_ = std::move(sample);
  why_ = why;
  QString text;
  if (sample_) {
    for (const HealthBin& bin : sample_->bins)
      text += tr("%1: %2 accounts; ").arg(QString::fromStdString(bin.label)).arg(bin.accounts);
  }
  setAccessibleDescription(sample_ ? text : why_);
  update();
}

// A row for each bin: its name, its bar, its accounts and their notional.
void HealthBars::draw(QPainter& painter, const QRectF& area) const {
  if (!sample_ || sample_->bins.empty()) {
    draw_empty(painter, area, why_);
    return;
  }
  const ThemeColours& c = Theme::instance().colours();
  const QFontMetricsF metrics(painter.font());
  draw_title(painter, area, tr("Equity / maintenance margin"));
  const double top = area.top() + metrics.height() * 2.8;
  painter.setPen(qt(c.faint));
  painter.drawText(
      QPointF(area.left() + 10, top - metrics.height() * 0.6),
      tr("%1 accounts and their notional at %2")
          .arg(QString::fromStdString(long_number(static_cast<double>(sample_->accounts), 0)),
               QString::fromStdString(clock_text(sample_->at))));
  double names = 0.0;
  double numbers = 0.0;
  std::int64_t most = 1;
  for (const HealthBin& bin : sample_->bins) {
    names = std::max(names, metrics.horizontalAdvance(QString::fromStdString(bin.label)));
    numbers = std::max(numbers, metrics.horizontalAdvance(numbers_of(bin)));
    most = std::max(most, bin.accounts);
  }
  const double left = area.left() + 10 + names + 8;
  const double width = std::max(10.0, area.right() - 10 - numbers - 8 - left);
  const double height = (area.bottom() - 6 - top) / static_cast<double>(sample_->bins.size());
  double ruined = top;
  for (std::size_t i = 0; i < sample_->bins.size(); ++i) {
    const HealthBin& bin = sample_->bins[i];
    const QRectF row(area.left() + 10, top + height * static_cast<double>(i), area.width() - 20,
                     height);
    if (bin.liquidatable) ruined = row.bottom();
    const double length = width * static_cast<double>(bin.accounts) / static_cast<double>(most);
    const double pad = std::min(3.0, height / 6);
    painter.fillRect(QRectF(left, row.top() + pad, length, height - 2 * pad),
                     qt(bin.liquidatable ? c.bad : series_colour(c, 0)));
    painter.setPen(qt(bin.liquidatable && bin.accounts > 0 ? c.bad : c.text));
    painter.drawText(QRectF(row.left(), row.top(), names, height),
                     Qt::AlignRight | Qt::AlignVCenter, QString::fromStdString(bin.label));
    painter.drawText(QRectF(left + length + 8, row.top(), numbers, height),
                     Qt::AlignLeft | Qt::AlignVCenter, numbers_of(bin));
  }
  painter.setPen(QPen(qt(c.bad), 1, Qt::DashLine));
  painter.drawLine(QPointF(left, ruined), QPointF(area.right() - 10, ruined));
}

QString HealthBars::numbers_of(const HealthBin& bin) {
  return tr("%1   %2 USD")
      .arg(QString::fromStdString(long_number(static_cast<double>(bin.accounts), 0)),
           QString::fromStdString(short_number(bin.usd)));
}

HealthView::HealthView(TimeContext& time, QWidget* parent)
    : QWidget(parent),
      time_(time),
      bars_(new HealthBars),
      legend_(new QLabel),
      plot_(new PlotWidget(time)) {
  legend_->setWordWrap(true);
  legend_->setTextFormat(Qt::RichText);
  legend_->setMargin(4);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(bars_, 3);
  layout->addWidget(legend_);
  layout->addWidget(plot_, 2);
  connect(&time_, &TimeContext::cursor_changed, this, &HealthView::show_sample);
  connect(&time_, &TimeContext::range_changed, this, &HealthView::show_sample);
  connect(&Theme::instance(), &Theme::changed, this, &HealthView::show_legend);
  set_run(nullptr);
}

void HealthView::set_run(std::shared_ptr<const RunData> run) {
  if (run == run_ && run != nullptr) return;
  run_ = std::move(run);
  health_ = run_ == nullptr ? Health{} : health_of(*run_);
  std::vector<Curve> curves;
  for (const HealthShare& share : health_.shares)
    curves.push_back({share.series, QString(), curves.size()});  // named above the plot
  plot_->setVisible(!curves.empty());
  legend_->setVisible(!curves.empty());
  plot_->set_curves(tr("Accounts, %"), std::move(curves));
  show_sample();
}

void HealthView::show_legend() {
  const Time at = time_.cursor().value_or(time_.range().end);
  QString text = tr("Share of the accounts at or below");
  for (std::size_t i = 0; i < health_.shares.size(); ++i) {
    const HealthShare& share = health_.shares[i];
    text += QStringLiteral(" &nbsp;") +
            colour_square(series_colour(Theme::instance().colours(), i)) +
            tr("&nbsp;%1&nbsp;%:&nbsp;%2&nbsp;%")
                .arg(share.percent)
                .arg(QString::fromStdString(short_number(share.series->at(at.ns))));
  }
  legend_->setText(text);
}

void HealthView::show_sample() {
  show_legend();
  if (run_ == nullptr) {
    bars_->set_sample(std::nullopt,
                      tr("Open a result to see how near its accounts are to liquidation"));
    return;
  }
  const QString why = QString::fromStdString(why_no_health(*run_));
  bars_->set_sample(health_at(health_, time_.cursor().value_or(time_.range().end)),
                    why.isEmpty() ? tr("No sample before this moment") : why);
}

}  // namespace mezz::gui

#include "gui/results/depth_view.h"

#include <QComboBox>
#include <QLabel>
#include <QVBoxLayout>

#include "gui/model/candles.h"
#include "gui/model/ticks.h"
#include "gui/widgets/plot_widget.h"
#include "gui/widgets/theme.h"

namespace mezz::gui {

namespace {

QString number(double value) { return QString::fromStdString(short_number(value)); }

}  // namespace

DepthView::DepthView(TimeContext& time, QWidget* parent)
    : QWidget(parent),
      time_(time),
      instruments_(new QComboBox),
      reading_(new QLabel),
      plot_(new PlotWidget(time)) {
  reading_->setWordWrap(true);
  reading_->setTextFormat(Qt::RichText);
  instruments_->setAccessibleName(tr("Book whose depth is shown"));
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(4, 4, 4, 4);
  layout->addWidget(instruments_);
  layout->addWidget(reading_);
  layout->addWidget(plot_, 1);
  connect(instruments_, &QComboBox::currentIndexChanged, this, &DepthView::show_instrument);
  connect(&time_, &TimeContext::cursor_changed, this, &DepthView::show_reading);
  connect(&time_, &TimeContext::range_changed, this, &DepthView::show_reading);
  connect(&Theme::instance(), &Theme::changed, this, &DepthView::show_reading);
  set_run(nullptr);
}

void DepthView::set_run(std::shared_ptr<const RunData> run) {
  if (run == run_ && run != nullptr) return;
  run_ = std::move(run);
  {
    const QSignalBlocker quiet(instruments_);
    instruments_->clear();
    if (run_ != nullptr) {
      for (const std::uint16_t i : depth_instruments(*run_))
        instruments_->addItem(QString::fromStdString(instrument_name(run_->summary, i)), i);
    }
  }
  instruments_->setVisible(instruments_->count() > 1);
  show_instrument();
}

void DepthView::show_instrument() {
  depth_ = {};
  if (instruments_->currentIndex() >= 0)
    depth_ = depth_of(*run_, static_cast<std::uint16_t>(instruments_->currentData().toUInt()));
  std::vector<Curve> curves;
  for (std::size_t i = depth_.bands.size(); i-- > 0;) {  // the nearest is painted last
    const DepthBand& band = depth_.bands[i];
    curves.push_back({band.asks, QString(), i, true});  // named above the plot
    curves.push_back({band.bids, QString(), i, true});
  }
  plot_->setVisible(!curves.empty());
  plot_->set_curves(tr("Asks above, bids below, %1").arg(QString::fromStdString(depth_.unit)),
                    std::move(curves));
  show_reading();
}

QString DepthView::reading() const { return reading_->text(); }

void DepthView::show_reading() {
  if (depth_.bands.empty()) {
    const QString why = run_ == nullptr
                            ? tr("Open a result to see the depth of its books over time")
                            : QString::fromStdString(why_no_depth(*run_));
    reading_->setText(why.toHtmlEscaped().replace(QLatin1Char('\n'), QLatin1String("<br>")));
    return;
  }
  const Time at = time_.cursor().value_or(time_.range().end);
  const std::vector<DepthAt> depth = depth_at(depth_, at);
  QString heads;
  QString asks;
  QString bids;
  const auto cell = [](const QString& text) {
    return QStringLiteral("<td align='right'>%1</td>").arg(text);
  };
  for (std::size_t i = 0; i < depth.size(); ++i) {
    const Colour colour = series_colour(Theme::instance().colours(), i);
    heads += cell(colour_square(colour) + QStringLiteral("&nbsp;%1").arg(depth[i].basis_points));
    asks += cell(number(depth[i].asks));
    bids += cell(number(depth[i].bids));
  }
  const QString title =
      tr("%1 at %2, %3 within a distance of the middle")
          .arg(QString::fromStdString(depth_.instrument), QString::fromStdString(clock_text(at)),
               QString::fromStdString(depth_.unit))
          .toHtmlEscaped();
  if (depth.empty()) {
    reading_->setText(title + tr(": no sample yet"));
    return;
  }
  reading_->setText(
      title + QStringLiteral("<table cellspacing='6'><tr><td>bp</td>%1</tr><tr><td>%2</td>%3</tr>"
                             "<tr><td>%4</td>%5</tr></table>")
                  .arg(heads, tr("asks"), asks, tr("bids"), bids));
}

}  // namespace mezz::gui

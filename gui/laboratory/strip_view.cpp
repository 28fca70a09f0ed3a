#include "gui/laboratory/strip_view.h"

#include <QLabel>
#include <QVBoxLayout>
#include <limits>

namespace mezz::gui {

namespace {

constexpr std::size_t kBaselineColour = 5;

// With an end: what holds at the last moment is not known to hold after it.
std::shared_ptr<const Series> plotted(lab::LabSeries values) {
  if (!values.times.empty()) {
    values.times.push_back(values.times.back() + Duration{1});
    values.values.push_back(std::numeric_limits<double>::quiet_NaN());
  }
  auto data = std::make_shared<RunData>();
  ColumnData time;
  time.info.name = "time";
  for (const Time t : values.times) time.stored.push_back(t.ns);
  data->tables.push_back(
      {"series/" + values.name, values.name, time.stored.size(), {std::move(time)}});
  auto series = std::make_shared<Series>();
  series->name = values.name;
  series->unit = values.unit;
  series->owner = data;
  series->times = data->tables[0].times();
  series->values = std::move(values.values);
  series->pyramid = MinMaxPyramid(series->values);
  return series;
}

QString title_of(const Series& series) {
  const QString name = text(series.name);
  return series.unit == "1" || series.unit.empty()
             ? name
             : name + QStringLiteral(", ") + text(series.unit);
}

}  // namespace

StripView::StripView(TimeContext& time, QWidget* parent)
    : QScrollArea(parent),
      time_(time),
      inside_(new QWidget),
      legend_(new QLabel(tr("The second number and its curve: the baseline"))) {
  setMinimumSize(200, 160);
  setFrameShape(QFrame::NoFrame);
  setWidgetResizable(true);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setAccessibleName(tr("Live numbers"));
  setAccessibleDescription(tr("Numbers of the run over time; a click goes to that moment"));
  auto* layout = new QVBoxLayout(inside_);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(2);
  legend_->setContentsMargins(8, 2, 8, 0);
  legend_->hide();
  layout->addWidget(legend_);
  setWidget(inside_);
}

void StripView::set_frame(const LabFramePtr& frame) {
  frame_ = frame;
  show_series();
}

void StripView::set_baseline(std::vector<lab::LabSeries> series) {
  baseline_.clear();
  for (const lab::LabSeries& one : series) baseline_.push_back(plotted(one));
  legend_->setVisible(has_baseline());
  show_series();
}

void StripView::show_series() {
  if (!frame_) return;
  while (plots_.size() < frame_->series.size()) {
    auto* plot = new PlotWidget(time_);
    plot->set_compact(true);
    connect(plot, &PlotWidget::clicked, this, &StripView::time_chosen);
    inside_->layout()->addWidget(plot);
    plots_.push_back(plot);
  }
  for (std::size_t i = 0; i < frame_->series.size(); ++i) {
    const auto series = plotted(frame_->series[i]);
    std::vector<Curve> curves;
    // Below the run, so that the run is seen where both are one.
    const bool same = i < baseline_.size() && baseline_[i]->name == series->name;
    if (same) curves.push_back({baseline_[i], tr("baseline"), kBaselineColour});
    curves.push_back({series, same ? tr("run") : QString(), i % kSeriesColours});
    plots_[i]->set_curves(title_of(*series), std::move(curves));
  }
}

}  // namespace mezz::gui

#include "gui/laboratory/strip_view.h"

#include <QVBoxLayout>

namespace mezz::gui {

namespace {

constexpr std::size_t kBaselineColour = 5;

std::shared_ptr<const Series> plotted(const lab::LabSeries& values) {
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
  series->values = values.values;
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
    : QScrollArea(parent), time_(time), inside_(new QWidget) {
  setMinimumSize(200, 160);
  setFrameShape(QFrame::NoFrame);
  setWidgetResizable(true);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setAccessibleName(tr("Live numbers"));
  setAccessibleDescription(tr("Numbers of the run over time; a click goes to that moment"));
  auto* layout = new QVBoxLayout(inside_);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(2);
  setWidget(inside_);
}

void StripView::set_frame(const LabFramePtr& frame) {
  frame_ = frame;
  show_series();
}

void StripView::set_baseline(std::vector<lab::LabSeries> series) {
  baseline_.clear();
  for (const lab::LabSeries& one : series) baseline_.push_back(plotted(one));
  show_series();
}

void StripView::show_series() {
  if (!frame_) return;
  while (plots_.size() < frame_->series.size()) {
    auto* plot = new PlotWidget(time_);
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

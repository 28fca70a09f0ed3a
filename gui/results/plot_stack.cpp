#include "gui/results/plot_stack.h"

#include <algorithm>

#include "analysis/headline.h"

namespace mezz::gui {

namespace {

// Times of the rows whose step has this name; of all rows without one.
std::vector<std::int64_t> times_of(const RunData& run, const char* table_name,
                                   const std::string& step = {}) {
  const TableData* table = run.table(table_name);
  if (table == nullptr) return {};
  const auto times = table->times();
  if (step.empty()) return {times.begin(), times.end()};
  const ColumnData* steps = table->column("step");
  std::vector<std::int64_t> found;
  for (std::size_t row = 0; steps != nullptr && row < table->rows; ++row) {
    if (steps->text(row) == step) found.push_back(times[row]);
  }
  return found;
}

std::vector<EventMarks> marks_of(const RunData& run) {
  using Shape = EventMarks::Shape;
  std::vector<EventMarks> marks;
  const auto add = [&](const QString& label, Shape shape, std::vector<std::int64_t> times) {
    if (!times.empty()) marks.push_back({label, shape, std::move(times)});
  };
  add(QObject::tr("fills"), Shape::Dot, times_of(run, "tables/trades"));
  add(QObject::tr("liquidations"), Shape::Triangle, times_of(run, "tables/liquidations"));
  add(QObject::tr("bad debt"), Shape::Cross, times_of(run, "tables/liquidations", "bad_debt"));
  return marks;
}

QString candle_name(const RunData& run, std::uint16_t instrument) {
  return QStringLiteral("candles/") +
         QString::fromStdString(analysis::printable(instrument_name(run.summary, instrument)));
}

QString unit_title(const std::string& unit) {
  return unit.empty() || unit == "1" ? QObject::tr("numbers") : QString::fromStdString(unit);
}

}  // namespace

PlotStack::PlotStack(TimeContext& time, QWidget* parent)
    : QSplitter(Qt::Vertical, parent), time_(time) {
  setChildrenCollapsible(false);
  rebuild();
}

QStringList PlotStack::pictures_of(const RunData& run) {
  QStringList names;
  for (const std::uint16_t i : traded_instruments(run)) names << candle_name(run, i);
  return names;
}

void PlotStack::set_runs(std::vector<OpenRun> runs) {
  runs_ = std::move(runs);
  const auto gone = [this](const auto& entry) {
    return std::none_of(runs_.begin(), runs_.end(), [&](const OpenRun& run) {
      return run.data->summary.path == entry.first.first;
    });
  };
  std::erase_if(cache_, gone);
  std::erase_if(tapes_, gone);
  rebuild();
}

void PlotStack::set_series(const QStringList& names) {
  names_ = names;
  rebuild();
}

void PlotStack::set_difference(bool shown) {
  difference_ = shown;
  rebuild();
}

void PlotStack::set_log(bool log) {
  log_ = log;
  for (PlotWidget* plot : plots_) plot->set_log(log);
}

PlotWidget* PlotStack::chosen() const {
  for (PlotWidget* plot : plots_) {
    if (plot->hasFocus()) return plot;
  }
  return plots_.empty() ? nullptr : plots_[0];
}

const Drawing* PlotStack::chosen_drawing() const {
  for (const CandleChart* chart : candles_) {
    if (chart->hasFocus()) return chart;
  }
  return chosen();
}

std::vector<std::shared_ptr<const Series>> PlotStack::shown_series() const {
  std::vector<std::shared_ptr<const Series>> all;
  for (const PlotWidget* plot : plots_) {
    for (const Curve& curve : plot->curves()) all.push_back(curve.series);
  }
  return all;
}

std::shared_ptr<const Series> PlotStack::series(const OpenRun& run, const QString& name) {
  const auto key = std::pair(run.data->summary.path, name.toStdString());
  auto& entry = cache_[key];
  if (entry == nullptr || entry->owner != run.data) entry = make_series(run.data, key.second);
  return entry;
}

std::shared_ptr<const Tape> PlotStack::tape(const OpenRun& run, const QString& name) {
  const auto [entry, fresh] = tapes_.try_emplace({run.data->summary.path, name});
  if (!fresh) return entry->second;
  for (const std::uint16_t i : traded_instruments(*run.data)) {
    if (candle_name(*run.data, i) == name)
      entry->second = std::make_shared<const Tape>(tape_of(*run.data, i));
  }
  return entry->second;
}

PlotWidget* PlotStack::add_plot(const QString& title, std::vector<Curve> curves) {
  auto* plot = new PlotWidget(time_, this);
  plot->set_curves(title, std::move(curves));
  plot->set_log(log_);
  connect(plot, &PlotWidget::clicked, this, &PlotStack::clicked);
  addWidget(plot);
  plots_.push_back(plot);
  return plot;
}

void PlotStack::rebuild() {
  std::vector<QWidget*> old(plots_.begin(), plots_.end());
  old.insert(old.end(), candles_.begin(), candles_.end());
  for (QWidget* picture : old) {
    picture->hide();
    picture->setParent(nullptr);
    picture->deleteLater();
  }
  plots_.clear();
  candles_.clear();
  add_candles();
  if (runs_.size() == 1) add_single_run();
  if (runs_.size() > 1) add_many_runs();
  if (plots_.empty() && candles_.empty()) add_plot({}, {});
  if (candles_.empty()) return;
  // Candles have two parts and need the height of two plots.
  QList<int> heights;
  for (int i = 0; i < count(); ++i)
    heights << (qobject_cast<CandleChart*>(widget(i)) ? 2000 : 1000);
  setSizes(heights);
}

void PlotStack::add_candles() {
  if (runs_.size() >= kBandFrom) return;
  for (const QString& name : names_) {
    if (!name.startsWith(QLatin1String("candles/"))) continue;
    for (const OpenRun& run : runs_) {
      const auto one = tape(run, name);
      if (one == nullptr) continue;
      auto* chart = new CandleChart(time_, one, this);
      if (runs_.size() > 1) chart->set_run(QString::fromStdString(run.data->summary.file_name()));
      connect(chart, &CandleChart::clicked, this, &PlotStack::clicked);
      addWidget(chart);
      candles_.push_back(chart);
    }
  }
}

void PlotStack::add_single_run() {
  std::vector<std::pair<std::string, std::vector<Curve>>> groups;
  for (const QString& name : names_) {
    const auto one = series(runs_[0], name);
    if (one == nullptr) continue;
    auto group = std::find_if(groups.begin(), groups.end(),
                              [&](const auto& g) { return g.first == one->unit; });
    if (group == groups.end()) group = groups.insert(groups.end(), {one->unit, {}});
    group->second.push_back({one, name, group->second.size()});
  }
  for (auto& [unit, curves] : groups) {
    const bool price = unit == "tick";
    PlotWidget* plot = add_plot(unit_title(unit), std::move(curves));
    if (price) plot->set_marks(marks_of(*runs_[0].data));
  }
}

void PlotStack::add_many_runs() {
  for (const QString& name : names_) {
    std::vector<Curve> curves;
    std::vector<std::shared_ptr<const Series>> all;
    for (const OpenRun& run : runs_) {
      const auto one = series(run, name);
      if (one == nullptr) continue;
      all.push_back(one);
      const QString label = QString::fromStdString(run.data->summary.file_name());
      curves.push_back({one, label, curves.size()});
    }
    if (all.empty()) continue;
    const QString title = name + QStringLiteral(", ") + unit_title(all[0]->unit);
    if (all.size() >= kBandFrom) {
      constexpr std::size_t kBandPoints = 800;
      PlotWidget* plot =
          add_plot(tr("%1: lowest, median and highest of %2 runs").arg(title).arg(all.size()), {});
      plot->set_band(ensemble_band(all, time_.limits(), kBandPoints));
      continue;
    }
    add_plot(title, std::move(curves));
    if (difference_ && all.size() == 2)
      add_plot(tr("%1: second minus first").arg(title),
               {{difference(*all[0], *all[1]), tr("difference"), 3}});
  }
}

}  // namespace mezz::gui

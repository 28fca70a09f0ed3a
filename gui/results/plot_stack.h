// The plots of the chosen series of the ticked runs, one above the other on one time axis. One run:
// series of one unit share a plot, candles above. Several runs: one plot for each series, with all
// runs in it, and with two runs their difference below; from seven runs on a band (smallest,
// median, largest).
#pragma once

#include <QSplitter>
#include <QStringList>
#include <map>
#include <memory>
#include <vector>

#include "gui/results/candle_chart.h"
#include "gui/results/opener.h"
#include "gui/widgets/plot_widget.h"

namespace mezz::gui {

class PlotStack final : public QSplitter {
  Q_OBJECT

 public:
  static constexpr std::size_t kBandFrom = 7;

  explicit PlotStack(TimeContext& time, QWidget* parent = nullptr);

  void set_runs(std::vector<OpenRun> runs);
  void set_series(const QStringList& names);
  void set_difference(bool shown);
  void set_log(bool log);
  [[nodiscard]] bool difference_shown() const { return difference_; }
  [[nodiscard]] const std::vector<PlotWidget*>& plots() const { return plots_; }
  [[nodiscard]] const std::vector<CandleChart*>& candles() const { return candles_; }
  // What a run has beside its series, named like them: "candles/BTC perpetual".
  static QStringList pictures_of(const RunData& run);
  // The one with the focus, else the first; null when there is none.
  [[nodiscard]] PlotWidget* chosen() const;
  [[nodiscard]] const Drawing* chosen_drawing() const;
  // Of all plots, for exports.
  [[nodiscard]] std::vector<std::shared_ptr<const Series>> shown_series() const;

 signals:
  void clicked(Time t);

 private:
  std::shared_ptr<const Series> series(const OpenRun& run, const QString& name);
  PlotWidget* add_plot(const QString& title, std::vector<Curve> curves);
  std::shared_ptr<const Tape> tape(const OpenRun& run, const QString& name);
  void rebuild();
  void add_candles();
  void add_single_run();
  void add_many_runs();

  TimeContext& time_;
  std::vector<OpenRun> runs_;
  QStringList names_;
  std::map<std::pair<std::string, std::string>, std::shared_ptr<const Series>> cache_;
  std::map<std::pair<std::string, QString>, std::shared_ptr<const Tape>> tapes_;
  std::vector<PlotWidget*> plots_;
  std::vector<CandleChart*> candles_;
  bool difference_ = false;
  bool log_ = false;
};

}  // namespace mezz::gui

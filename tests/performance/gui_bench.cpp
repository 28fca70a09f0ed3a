// What a frame of the viewer costs: a plot of 1200 x 600 pixels with 10^5 to 10^7 points, whole and
// zoomed to 40 %; and what the event log costs at 10^7 rows: the index, and filters over it.
// Without a display; run with QT_QPA_PLATFORM=offscreen.
#include <benchmark/benchmark.h>

#include <QApplication>
#include <QImage>

#include "gui/model/event_log.h"
#include "gui/widgets/plot_widget.h"
#include "gui/widgets/theme.h"
#include "sim/check/fingerprint.h"

namespace mezz::gui {
namespace {

void start() {
  static int count = 1;
  static char name[] = "gui_bench";
  static char* words[] = {name, nullptr};
  qputenv("QT_QPA_PLATFORM", "offscreen");
  static const auto* app = new QApplication(count, words);
  benchmark::DoNotOptimize(app);
}

// A random walk with irregular times.
std::shared_ptr<const Series> walk(std::size_t points) {
  auto data = std::make_shared<RunData>();
  ColumnData time;
  time.info.name = "time";
  auto series = std::make_shared<Series>();
  std::int64_t t = 0;
  double value = 0.0;
  for (std::size_t i = 0; i < points; ++i) {
    const std::uint64_t draw = mix(i, 3);
    t += static_cast<std::int64_t>(draw % 1'999) + 1;
    value += static_cast<double>(draw >> 40) - static_cast<double>(1U << 23);
    time.stored.push_back(t);
    series->values.push_back(value);
  }
  data->tables.push_back({"series/walk", "walk", points, {std::move(time)}});
  data->range = {Time{0}, Time{t}};
  series->owner = data;
  series->times = data->tables[0].columns[0].stored;
  series->pyramid = MinMaxPyramid(series->values);
  return series;
}

void frame(benchmark::State& state) {
  start();
  const auto series = walk(static_cast<std::size_t>(state.range(0)));
  TimeContext time;
  const TimeRange whole = series->owner->range;
  time.set_limits(whole);
  time.set_range(zoomed(whole, static_cast<double>(state.range(1)) / 100.0, whole.at(0.5), whole));
  PlotWidget plot(time);
  plot.set_curves(QStringLiteral("walk"), {{series, QStringLiteral("value"), 0}});
  QImage image(1'200, 600, QImage::Format_RGB32);
  for (auto _ : state) {
    image.fill(qt(Theme::instance().colours().base));
    QPainter painter(&image);
    plot.draw(painter, QRectF(image.rect()));
  }
}
BENCHMARK(frame)
    ->ArgNames({"points", "percent"})
    ->ArgsProduct({{100'000, 1'000'000, 10'000'000}, {100, 40}})
    ->Unit(benchmark::kMillisecond);

std::shared_ptr<const RunData> large_run() {
  static const std::shared_ptr<const RunData> run = [] {
    constexpr std::size_t kRows = 5'000'000;  // of each of two tables
    auto data = std::make_shared<RunData>();
    for (const char* name : {"trades", "liquidations"}) {
      ColumnData time;
      ColumnData account;
      ColumnData paid;
      time.info.name = "time";
      account.info.name = "account";
      account.info.units = "1";
      paid.info.name = "fund_paid";
      paid.info.units = "USD";
      paid.info.scale_factor = 1e-6;
      for (std::size_t i = 0; i < kRows; ++i) {
        time.stored.push_back(static_cast<std::int64_t>(i) * 1'000);
        account.stored.push_back(static_cast<std::int64_t>(mix(i, 5) % 100'000));
        paid.stored.push_back(static_cast<std::int64_t>(mix(i, 6) % 10));
      }
      data->tables.push_back({std::string("tables/") + name,
                              name,
                              kRows,
                              {std::move(time), std::move(account), std::move(paid)}});
    }
    return data;
  }();
  return run;
}

void log_index(benchmark::State& state) {
  const auto run = large_run();
  for (auto _ : state) benchmark::DoNotOptimize(EventLog(run).size());
}
BENCHMARK(log_index)->Unit(benchmark::kMillisecond);

void log_filter(benchmark::State& state, const char* text) {
  const EventLog log(large_run());
  const EventFilter filter(text, *log.run());
  for (auto _ : state) benchmark::DoNotOptimize(log.matching(filter)->size());
}
BENCHMARK_CAPTURE(log_filter, time, "t>2s")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(log_filter, account, "kind=liquidation account=42")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(log_filter, amount, "account=42 or fund_paid>5")->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace mezz::gui

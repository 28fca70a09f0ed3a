// How near the accounts are to liquidation: the distribution of equity over maintenance margin at
// the cursor (without one: at the end of what is shown), and the share of accounts below some of
// its values over time.
#pragma once

#include <QWidget>
#include <memory>
#include <optional>

#include "gui/model/account_health.h"
#include "gui/widgets/drawing.h"
#include "gui/widgets/time_context.h"

class QLabel;

namespace mezz::gui {

class PlotWidget;

// A bar for each bin with its accounts and their notional; what can be liquidated is set apart by
// its colour and by a line.
class HealthBars final : public Drawing {
  Q_OBJECT

 public:
  explicit HealthBars(QWidget* parent = nullptr);
  // Without a sample: `why` is written instead.
  void set_sample(std::optional<HealthSample> sample, const QString& why);
  [[nodiscard]] const std::optional<HealthSample>& sample() const { return sample_; }
  [[nodiscard]] const QString& why() const { return why_; }
  void draw(QPainter& painter, const QRectF& area) const override;

 private:
  static QString numbers_of(const HealthBin& bin);

  std::optional<HealthSample> sample_;
  QString why_;
};

class HealthView final : public QWidget {
  Q_OBJECT

 public:
  explicit HealthView(TimeContext& time, QWidget* parent = nullptr);

  void set_run(std::shared_ptr<const RunData> run);
  [[nodiscard]] HealthBars& bars() { return *bars_; }
  [[nodiscard]] PlotWidget& plot() { return *plot_; }

 private:
  void show_sample();
  void show_legend();

  TimeContext& time_;
  std::shared_ptr<const RunData> run_;
  Health health_;
  HealthBars* bars_;
  QLabel* legend_;
  PlotWidget* plot_;
};

}  // namespace mezz::gui

#include "gui/results/sweep_view.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>
#include <algorithm>

namespace mezz::gui {

namespace {

// Keeps the choice when it is still there.
void refill(QComboBox* box, const QStringList& names, const QString& fallback) {
  const QString before = box->currentText();
  const QSignalBlocker quiet(box);
  box->clear();
  box->addItems(names);
  const auto at = names.indexOf(names.contains(before) ? before : fallback);
  box->setCurrentIndex(std::max(0, static_cast<int>(at)));
}

}  // namespace

SweepView::SweepView(QWidget* parent)
    : QWidget(parent),
      x_(new QComboBox),
      y_(new QComboBox),
      metric_(new QComboBox),
      map_(new HeatMap),
      cards_(new RiskCards) {
  auto* row = new QHBoxLayout;
  const auto add = [&](const QString& text, QComboBox* box) {
    auto* label = new QLabel(text);
    label->setBuddy(box);
    box->setAccessibleName(text);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    row->addWidget(label);
    row->addWidget(box, 1);
    connect(box, &QComboBox::currentIndexChanged, this, [this] { fill(); });
  };
  add(tr("Metric"), metric_);
  add(tr("Across"), x_);
  add(tr("Down"), y_);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(4, 4, 4, 4);
  layout->addLayout(row);
  layout->addWidget(map_, 3);
  layout->addWidget(cards_, 1);
}

void SweepView::set_runs(const std::vector<RunSummary>& runs) {
  runs_ = runs;
  std::erase_if(runs_, [](const RunSummary& run) { return !run.error.empty(); });
  QStringList parameters;
  for (const std::string& name : varying_parameters(runs_))
    parameters << QString::fromStdString(name);
  QStringList metrics;
  if (!runs_.empty()) {
    for (const analysis::Metric& metric : runs_[0].metrics)
      metrics << QString::fromStdString(metric.name);
  }
  refill(x_, parameters, parameters.value(0));
  refill(y_, parameters, parameters.value(1, parameters.value(0)));
  refill(metric_, metrics, QStringLiteral("bad_debt.usd"));
  fill();
}

void SweepView::fill() {
  const std::string metric = metric_->currentText().toStdString();
  const bool map = x_->count() > 0 && runs_.size() > 1;
  map_->set_grid(map ? sweep_grid(runs_, x_->currentText().toStdString(),
                                  y_->currentText().toStdString(), metric)
                     : SweepGrid{});
  std::vector<double> values;
  std::vector<double> liquidated;
  for (const RunSummary& run : runs_) {
    if (const auto value = run.metric(metric)) values.push_back(*value);
    if (const auto usd = run.metric("liquidations.notional")) liquidated.push_back(*usd);
  }
  if (runs_.size() < 2) values.clear();
  cards_->set_liquidated(liquidated);
  cards_->set_values(metric_->currentText(), runs_.empty() ? "1" : runs_[0].unit_of(metric),
                     values);
}

}  // namespace mezz::gui

#include "gui/results/sweep_view.h"

#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <algorithm>

namespace mezz::gui {

namespace {

// Keeps the choice when it was one and is still there.
void refill(QComboBox* box, const QStringList& names, const QString& fallback) {
  const QString before = box->count() > 1 ? box->currentText() : QString();
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
      charts_(new QStackedWidget),
      map_(new HeatMap),
      line_(new SweepLineChart),
      cards_(new RiskCards) {
  // One below the other: names of parameters are long, the dock is narrow.
  auto* grid = new QGridLayout;
  grid->setColumnStretch(1, 1);
  const auto add = [&](const QString& text, QComboBox* box) {
    const int row = grid->rowCount();
    auto* label = new QLabel(text);
    label->setBuddy(box);
    box->setAccessibleName(text);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(12);
    grid->addWidget(label, row, 0);
    grid->addWidget(box, row, 1);
    connect(box, &QComboBox::currentTextChanged, box, &QComboBox::setToolTip);
  };
  add(tr("&Metric"), metric_);
  add(tr("&Across"), x_);
  add(tr("D&own"), y_);
  connect(metric_, &QComboBox::currentIndexChanged, this, &SweepView::fill);
  connect(y_, &QComboBox::currentIndexChanged, this, &SweepView::fill);
  connect(x_, &QComboBox::currentIndexChanged, this, [this] {
    fill_down();
    fill();
  });
  charts_->addWidget(map_);
  charts_->addWidget(line_);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(4, 4, 4, 4);
  layout->addLayout(grid);
  layout->addWidget(charts_, 3);
  layout->addWidget(cards_, 1);
}

bool SweepView::shows_map() const { return charts_->currentWidget() == map_; }

void SweepView::set_runs(const std::vector<RunSummary>& runs) {
  runs_ = runs;
  std::erase_if(runs_, [](const RunSummary& run) { return !run.error.empty(); });
  parameters_.clear();
  for (const std::string& name : varying_parameters(runs_))
    parameters_ << QString::fromStdString(name);
  QStringList metrics;
  if (!runs_.empty()) {
    for (const analysis::Metric& metric : runs_[0].metrics)
      metrics << QString::fromStdString(metric.name);
  }
  refill(x_, parameters_, parameters_.value(0));
  fill_down();
  refill(metric_, metrics, QStringLiteral("bad_debt.usd"));
  fill();
}

void SweepView::fill_down() {
  QStringList others = parameters_;
  others.removeAll(x_->currentText());
  const QString first = others.value(0);
  others << tr("nothing: a line");
  refill(y_, others, first);
  y_->setEnabled(others.size() > 1);
}

void SweepView::fill() {
  const std::string metric = metric_->currentText().toStdString();
  const std::string x = x_->currentText().toStdString();
  const bool several = x_->count() > 0 && runs_.size() > 1;
  const bool map = !several || y_->currentIndex() + 1 < y_->count();
  map_->set_grid(several && map ? sweep_grid(runs_, x, y_->currentText().toStdString(), metric)
                                : SweepGrid{});
  line_->set_line(several && !map ? sweep_line(runs_, x, metric) : SweepLine{});
  charts_->setCurrentWidget(map ? static_cast<QWidget*>(map_) : line_);
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

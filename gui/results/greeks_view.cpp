#include "gui/results/greeks_view.h"

#include <QCheckBox>
#include <QHeaderView>
#include <QLabel>
#include <QVBoxLayout>

#include "analysis/headline.h"
#include "gui/model/ticks.h"

namespace mezz::gui {

namespace {

QString text_of(double value) { return QString::fromStdString(short_number(value)); }

}  // namespace

GreeksView::GreeksView(TimeContext& time, QWidget* parent)
    : QWidget(parent),
      time_(time),
      heading_(new QLabel),
      weigh_(new QCheckBox(tr("Times the open interest"))),
      table_(new FittedTable) {
  heading_->setWordWrap(true);
  const QStringList heads = {tr("left"),  tr("strike"),    tr("mark"),       tr("delta"),
                             tr("gamma"), tr("vega, 1 %"), tr("theta, 1 d"), tr("open")};
  table_->setColumnCount(static_cast<int>(heads.size()));
  table_->setHorizontalHeaderLabels(heads);
  table_->setAccessibleName(tr("Greeks of the listings"));
  table_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  table_->setSelectionBehavior(QAbstractItemView::SelectRows);
  table_->setTabKeyNavigation(false);
  table_->setAlternatingRowColors(true);
  table_->horizontalHeader()->setDefaultAlignment(Qt::AlignRight | Qt::AlignVCenter);
  table_->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 8);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(4, 4, 4, 4);
  layout->addWidget(heading_);
  layout->addWidget(weigh_);
  layout->addWidget(table_, 1);
  layout->addWidget(make_rest_line(*table_));
  // Strike and life are in the name of most listings; the Greeks are what is asked for.
  table_->set_expendable({1, 0, 7, 2});
  connect(weigh_, &QCheckBox::toggled, this, [this] { show_ladder(); });
  connect(&time_, &TimeContext::cursor_changed, this, &GreeksView::show_ladder);
  connect(&time_, &TimeContext::range_changed, this, &GreeksView::show_ladder);
}

void GreeksView::set_run(std::shared_ptr<const RunData> run) {
  if (run == run_ && run != nullptr) return;
  run_ = std::move(run);
  ladder_.reset();
  if (run_ != nullptr) ladder_.emplace(run_);
  show_ladder();
}

QString GreeksView::heading() const { return heading_->text(); }
void GreeksView::weigh_with_open_interest(bool weigh) { weigh_->setChecked(weigh); }

void GreeksView::show_ladder() {
  const bool any = ladder_ && ladder_->reason().empty();
  weigh_->setEnabled(any);
  table_->setVisible(any);
  if (!any) {
    table_->setRowCount(0);
    heading_->setText(ladder_ ? QString::fromStdString(ladder_->reason())
                              : tr("Open a result with options or futures to see their Greeks"));
    return;
  }
  const Greeks greeks = ladder_->at(time_.cursor().value_or(time_.range().end));
  heading_->setText(tr("At %1, index %2 USD: USD per USD, per 1 % of volatility, per day, %3")
                        .arg(QString::fromStdString(clock_text(greeks.at)),
                             QString::fromStdString(long_number(greeks.index, 2)),
                             weigh_->isChecked() ? tr("of all open contracts, long side")
                                                 : tr("of one unit of the contract")));
  table_->setRowCount(static_cast<int>(greeks.rows.size()));
  for (int row = 0; row < table_->rowCount(); ++row)
    fill_row(row, greeks.rows[static_cast<std::size_t>(row)]);
  table_->fit();
}

void GreeksView::fill_row(int row, const GreeksRow& listing) {
  const double weight = weigh_->isChecked() ? listing.open_interest : 1.0;
  QStringList cells;
  cells << (listing.left ? QString::fromStdString(analysis::human(listing.left->seconds(), "s"))
                         : tr("none"))
        << (listing.strike > 0.0 ? text_of(listing.strike) : QString()) << text_of(listing.mark);
  if (listing.greeks) {
    const UnitGreeks& g = *listing.greeks;
    for (const double value : {g.delta, g.gamma, g.vega, g.theta}) cells << text_of(value * weight);
  } else {
    for (int i = 0; i < 4; ++i) cells << tr("n/a");
  }
  cells << text_of(listing.open_interest);
  auto* head = new QTableWidgetItem(QString::fromStdString(analysis::printable(listing.name)));
  head->setToolTip(QString::fromStdString(listing.kind));
  table_->setVerticalHeaderItem(row, head);
  for (int i = 0; i < cells.size(); ++i) {
    auto* item = new QTableWidgetItem(cells[i]);
    item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    table_->setItem(row, i, item);
  }
}

}  // namespace mezz::gui

#include "gui/results/results_page.h"

#include <QApplication>
#include <QDockWidget>
#include <QElapsedTimer>
#include <QFile>
#include <QHeaderView>
#include <QLineEdit>
#include <QListWidget>
#include <QProgressBar>
#include <QSortFilterProxyModel>
#include <QTabBar>
#include <QTableView>
#include <QTextBrowser>
#include <QTextOption>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

#include "analysis/headline.h"
#include "gui/model/snippets.h"
#include "gui/model/ticks.h"
#include "gui/results/bookmark_list.h"
#include "gui/results/depth_view.h"
#include "gui/results/event_view.h"
#include "gui/results/finality_charts.h"
#include "gui/results/greeks_view.h"
#include "gui/results/health_view.h"
#include "gui/results/latency_view.h"
#include "gui/results/rosette_view.h"
#include "gui/results/run_table.h"
#include "gui/results/sweep_view.h"

namespace mezz::gui {

namespace {

// What is shown first, as far as a run has it.
const QStringList& first_series() {
  static const QStringList names = {QStringLiteral("price/price"), QStringLiteral("blocks.oracle"),
                                    QStringLiteral("blocks.insurance_fund"),
                                    QStringLiteral("blocks.bad_debt"),
                                    QStringLiteral("l2/sequencer/queue_length")};
  return names;
}

QString html(const std::string& text) {
  return QString::fromStdString(analysis::printable(text)).toHtmlEscaped();
}

}  // namespace

ResultsPage::ResultsPage(QWidget* parent) : Perspective(QStringLiteral("results"), parent) {
  make_views();
  make_details();
  connect_opener();
}

void ResultsPage::make_views() {
  plots_ = new PlotStack(time());
  plots_->setAccessibleName(tr("Plots"));
  setCentralWidget(plots_);

  runs_ = new RunTable(this);
  auto* sorted = new QSortFilterProxyModel(this);
  sorted->setSourceModel(runs_);
  sorted->setSortRole(RunTable::kSortRole);
  run_view_ = new QTableView;
  run_view_->setModel(sorted);
  run_view_->setSortingEnabled(true);
  run_view_->sortByColumn(0, Qt::AscendingOrder);
  run_view_->setSelectionBehavior(QAbstractItemView::SelectRows);
  run_view_->setAlternatingRowColors(true);
  run_view_->setTabKeyNavigation(false);
  run_view_->verticalHeader()->hide();
  run_view_->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
  connect(run_view_->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
          [this, sorted](const QModelIndex& index) {
            const int row = sorted->mapToSource(index).row();
            if (row < 0) return;
            const RunSummary& run = runs_->runs()[static_cast<std::size_t>(row)];
            current_ = run.path;
            if (run.error.empty()) runs_->set_ticked(run.path, true);
            show_current();
          });
  connect(runs_, &RunTable::ticks_changed, this, &ResultsPage::ticks_changed);

  series_ = new QListWidget;
  connect(series_, &QListWidget::itemChanged, this,
          [this] { plots_->set_series(chosen_series()); });
  events_ = new EventView(time());
  connect(events_, &EventView::transaction_chosen, this,
          [this](const TableData* tx, std::size_t row) { show_chain(chain_of_row(*tx, row)); });
  connect(plots_, &PlotStack::clicked, events_, &EventView::show_time);

  QDockWidget* series_dock =
      add_view(QStringLiteral("series"), tr("Series"), series_, Qt::LeftDockWidgetArea);
  QDockWidget* run_dock =
      add_view(QStringLiteral("runs"), tr("Runs"), run_view_, Qt::TopDockWidgetArea);
  add_view(QStringLiteral("events"), tr("Events"), events_, Qt::BottomDockWidgetArea);
  setCorner(Qt::TopRightCorner, Qt::TopDockWidgetArea);
  setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
  resizeDocks({run_dock}, {150}, Qt::Vertical);
  // The longest usual names, such as l2/sequencer/queue_length, are read without a scroll bar.
  series_->setMinimumWidth(fontMetrics().averageCharWidth() * 30);
  series_dock->setMinimumWidth(series_->minimumWidth());
}

void ResultsPage::make_details() {
  bars_ = new FinalityBars;
  ecdf_ = new LatencyEcdf;
  auto* finality = new QWidget;
  // Of all views beside it: titles and quantiles are read without a scroll bar.
  finality->setMinimumWidth(fontMetrics().averageCharWidth() * 62);
  auto* column = new QVBoxLayout(finality);
  column->setContentsMargins(0, 0, 0, 0);
  column->addWidget(bars_);
  column->addWidget(ecdf_);
  latency_ = new LatencyView;
  rosette_ = new RosetteView;
  greeks_ = new GreeksView(time());
  depth_ = new DepthView(time());
  health_ = new HealthView(time());
  losses_ = new LossWaterfall;
  chain_ = new ChainDrawing;
  transaction_ = new QLineEdit;
  transaction_->setPlaceholderText(tr("Number of a transaction, then Enter"));
  transaction_->setAccessibleName(tr("Number of a transaction"));
  auto* transaction = new QWidget;
  auto* rows = new QVBoxLayout(transaction);
  rows->setContentsMargins(4, 4, 4, 4);
  rows->addWidget(transaction_);
  rows->addWidget(chain_, 1);
  connect(transaction_, &QLineEdit::returnPressed, this, [this] {
    bool number = false;
    const qulonglong wanted = transaction_->text().toULongLong(&number);
    const OpenRun* run = current();
    if (run == nullptr) return;
    const auto chain = number ? chain_of(*run->data, wanted) : std::nullopt;
    if (!chain) emit message(tr("No transaction '%1' in this run").arg(transaction_->text()));
    show_chain(chain);
  });
  sweep_ = new SweepView;
  comparison_ = new QTextBrowser;
  comparison_->setPlaceholderText(tr("Tick two runs to compare them"));
  // Names are long and have no spaces: broken in the middle they cannot be read.
  comparison_->setWordWrapMode(QTextOption::WordWrap);
  provenance_ = new QTextBrowser;
  bookmarks_ = new BookmarkList(time());

  const auto add = [this](const char* name, const QString& title, QWidget* view) {
    return add_view(QString::fromLatin1(name), title, view, Qt::RightDockWidgetArea);
  };
  QDockWidget* first = add("finality", tr("Finality"), finality);
  for (QDockWidget* dock :
       {add("latency", tr("Latency"), latency_), add("losses", tr("Losses"), losses_),
        add("transaction", tr("Transaction"), transaction),
        add("comparison", tr("Comparison"), comparison_), add("sweep", tr("Sweep"), sweep_),
        add("greeks", tr("Greeks"), greeks_), add("depth", tr("Depth"), depth_),
        add("health", tr("Health"), health_), add("design", tr("Design"), rosette_),
        add("provenance", tr("Provenance"), provenance_),
        add("bookmarks", tr("Bookmarks"), bookmarks_)})
    tabifyDockWidget(first, dock);
  first->raise();
  for (auto* tabs : findChildren<QTabBar*>()) {
    tabs->setElideMode(Qt::ElideNone);
    tabs->setUsesScrollButtons(true);
  }
  progress_ = new QProgressBar(this);
  progress_->setAccessibleName(tr("Progress of opening; Esc cancels"));
  progress_->hide();
}

void ResultsPage::connect_opener() {
  constexpr int kLate = 100;  // ms
  late_.setSingleShot(true);
  late_.setInterval(kLate);
  connect(&late_, &QTimer::timeout, this, &ResultsPage::catch_up);
  connect(&opener_, &Opener::summarised, this, [this](const RunSummary& run) {
    fresh_.push_back(run);
    if (!late_.isActive()) late_.start();
  });
  connect(&opener_, &Opener::loaded, this, &ResultsPage::run_loaded);
  connect(&opener_, &Opener::failed, this, [this](const QString& path, const QString& reason) {
    failed_.push_back(path.toStdString());
    if (!late_.isActive()) late_.start();
    emit message(reason.contains(path) ? reason : path + QStringLiteral(": ") + reason);
  });
  connect(&opener_, &Opener::progressed, this, [this](const QString& what, double share) {
    if (share < 1.0)
      emit message(tr("%1  %2 %  (Esc cancels)").arg(what).arg(static_cast<int>(share * 100)));
    else
      emit message({});
  });
  connect(&opener_, &Opener::compared, this, [this](const Divergence& divergence) {
    comparison_->append(QStringLiteral("<p><b>%1</b></p>").arg(html(divergence.text)));
    if (divergence.equal) return;
    time().set_cursor(divergence.from);
    const std::vector<std::string> ticked = runs_->ticked();
    if (ticked.size() != 2) return;
    comparison_->append(QStringLiteral("<p>%1</p><pre>%2</pre>")
                            .arg(tr("The event itself is found by running both again:"),
                                 html(diff_command(ticked[0], ticked[1]))));
  });
}

void ResultsPage::open(const QStringList& paths) {
  QStringList results;
  for (const QString& path : paths) {
    if (!path.endsWith(QLatin1String(".json"))) {
      results << path;
      continue;
    }
    QFile file(path);
    try {
      if (!file.open(QIODevice::ReadOnly)) throw std::runtime_error("cannot be read");
      restore(session_from_json(file.readAll().toStdString()));
    } catch (const std::exception& error) {
      emit message(path + QStringLiteral(": ") + QString::fromUtf8(error.what()));
    }
  }
  opener_.summarise(results);
}

void ResultsPage::wait_until_opened() {
  QElapsedTimer watch;
  watch.start();
  constexpr qint64 kPatience = 600'000;  // of a busy machine
  for (int idle = 0; idle < 3 && watch.elapsed() < kPatience;) {
    QApplication::processEvents(QEventLoop::AllEvents, 10);
    const bool busy = opener_.busy() || events_->filtering();
    if (!busy) catch_up();
    idle = busy ? 0 : idle + 1;
  }
}

void ResultsPage::catch_up() {
  late_.stop();
  if (!fresh_.empty()) take_summaries();
  if (!failed_.empty()) runs_->set_ticked(std::exchange(failed_, {}), false);
  if (loaded_some_) show_loaded();
}

void ResultsPage::take_summaries() {
  const std::vector<RunSummary> fresh = std::exchange(fresh_, {});
  std::size_t row = runs_->runs().size();
  runs_->add(fresh);
  std::vector<std::string> ticks;
  for (const RunSummary& run : fresh) {
    // A glance at the first two: more are ticked by whoever wants them.
    const bool first = row++ < 2 || (runs_->ticked().empty() && ticks.empty());
    if (!run.error.empty()) {
      emit message(QString::fromStdString(run.error));
    } else if (wanted_ || first) {
      ticks.push_back(run.path);
    }
  }
  runs_->set_ticked(ticks, true);
  run_view_->resizeColumnsToContents();
  for (int i = 0; i < run_view_->model()->columnCount(); ++i)
    run_view_->setColumnWidth(i, std::min(run_view_->columnWidth(i), 380));
  sweep_->set_runs(runs_->runs());
}

void ResultsPage::ticks_changed() {
  for (const std::string& path : runs_->ticked()) {
    const auto [entry, fresh] = loaded_.try_emplace(path);
    if (fresh) opener_.load(QString::fromStdString(path));
  }
  const std::vector<std::string> ticked = runs_->ticked();
  std::erase_if(loaded_, [&](const auto& entry) {
    return std::find(ticked.begin(), ticked.end(), entry.first) == ticked.end();
  });
  if (!loaded_.contains(current_)) current_ = ticked.empty() ? std::string() : ticked[0];
  show_plots();
  show_current();
  compare_ticked();
}

void ResultsPage::run_loaded(const OpenRun& run) {
  const auto entry = loaded_.find(run.data->summary.path);
  if (entry == loaded_.end()) return;  // unticked meanwhile
  entry->second = run;
  loaded_some_ = true;
  if (!late_.isActive()) late_.start();
  if (!run.data->left_out.empty())
    emit message(tr("%1: too large to show here: %2")
                     .arg(QString::fromStdString(run.data->summary.file_name()),
                          QString::fromStdString(run.data->left_out[0])));
}

void ResultsPage::show_loaded() {
  loaded_some_ = false;
  TimeRange limits{Time{0}, Time{0}};
  for (const auto& [path, one] : loaded_) {
    if (one.data != nullptr) limits.end = std::max(limits.end, one.data->range.end);
  }
  time().set_limits(limits);
  fill_series();
  show_plots();
  show_current();
  compare_ticked();
  const bool all_there = std::all_of(loaded_.begin(), loaded_.end(),
                                     [](const auto& one) { return one.second.data != nullptr; });
  if (wanted_ && all_there && loaded_.size() == wanted_->files.size()) {
    const Session session = *std::exchange(wanted_, std::nullopt);
    time().set_range(session.range);
    events_->set_filter(QString::fromStdString(session.filter));
  }
}

void ResultsPage::show_plots() {
  std::vector<OpenRun> runs;
  for (const std::string& path : runs_->ticked()) {
    const auto entry = loaded_.find(path);
    if (entry != loaded_.end() && entry->second.data != nullptr) runs.push_back(entry->second);
  }
  plots_->set_runs(std::move(runs));
}

void ResultsPage::show_current() {
  const OpenRun* run = current();
  show_chain(std::nullopt);
  if (run == nullptr) {
    events_->set_log(nullptr);
    bars_->set_rungs({});
    ecdf_->set_rungs({});
    latency_->set_latencies({});
    rosette_->set_design({}, {});
    greeks_->set_run(nullptr);
    depth_->set_run(nullptr);
    health_->set_run(nullptr);
    losses_->set_steps({});
    provenance_->clear();
    return;
  }
  events_->set_log(run->log);
  const std::vector<RungStatistics> rungs = rungs_of(*run->data);
  bars_->set_rungs(rungs);
  ecdf_->set_rungs(rungs);
  latency_->set_latencies(latencies_of(*run->data, rungs));
  greeks_->set_run(run->data);
  depth_->set_run(run->data);
  health_->set_run(run->data);
  const RunSummary& summary = run->data->summary;
  rosette_->set_design(QString::fromStdString(summary.parameter("layer2.design"))
                           .replace(QLatin1Char('_'), QLatin1Char(' ')),
                       risk_rosette(summary));
  losses_->set_steps(loss_waterfall(*run->data));
  fill_provenance(*run->data);
}

void ResultsPage::show_chain(const std::optional<Chain>& chain) { chain_->set_chain(chain); }

void ResultsPage::fill_series() {
  QStringList names;
  for (const auto& [path, run] : loaded_) {
    if (run.data == nullptr) continue;
    names << PlotStack::pictures_of(*run.data);
    for (const SeriesName& name : series_of(*run.data)) names << QString::fromStdString(name.name);
  }
  names.removeDuplicates();
  names.sort();
  QStringList chosen = chosen_series();
  if (wanted_) {
    chosen.clear();
    for (const std::string& name : wanted_->series) chosen << QString::fromStdString(name);
  }
  if (chosen.isEmpty()) chosen = first_series();
  {
    const QSignalBlocker quiet(series_);
    series_->clear();
    for (const QString& name : names) {
      auto* item = new QListWidgetItem(name, series_);
      item->setFlags(item->flags() | Qt::ItemIsUserCheckable);
      item->setCheckState(chosen.contains(name) ? Qt::Checked : Qt::Unchecked);
    }
  }
  plots_->set_series(chosen_series());
}

void ResultsPage::choose_series(const QStringList& names) {
  {
    const QSignalBlocker quiet(series_);
    for (int i = 0; i < series_->count(); ++i) {
      QListWidgetItem* item = series_->item(i);
      item->setCheckState(names.contains(item->text()) ? Qt::Checked : Qt::Unchecked);
    }
  }
  plots_->set_series(chosen_series());
}

void ResultsPage::toggle_candles() {
  for (int i = 0; i < series_->count(); ++i) {
    QListWidgetItem* item = series_->item(i);
    if (!item->text().startsWith(QLatin1String("candles/"))) continue;
    item->setCheckState(item->checkState() == Qt::Checked ? Qt::Unchecked : Qt::Checked);
    return;
  }
  emit message(tr("No fills in this result: nothing traded, or tables/trades was not recorded"));
}

QStringList ResultsPage::chosen_series() const {
  QStringList names;
  for (int i = 0; i < series_->count(); ++i) {
    if (series_->item(i)->checkState() == Qt::Checked) names << series_->item(i)->text();
  }
  // Prices first, then what the order of the start says, then the alphabet.
  std::stable_sort(names.begin(), names.end(), [](const QString& a, const QString& b) {
    const auto rank = [](const QString& name) {
      if (name.startsWith(QLatin1String("candles/"))) return qsizetype{-1};
      const auto at = first_series().indexOf(name);
      return at < 0 ? first_series().size() : at;
    };
    return rank(a) < rank(b);
  });
  return names;
}

void ResultsPage::fill_provenance(const RunData& run) {
  const analysis::RunHeader& h = run.summary.header;
  QString text = QStringLiteral("<h3>%1</h3><table cellspacing='4'>").arg(html(h.title));
  const auto row = [&](const QString& name, const std::string& value) {
    text += QStringLiteral("<tr><td>%1</td><td>%2</td></tr>").arg(name, html(value));
  };
  row(tr("File"), run.summary.path);
  row(tr("Status"), h.status);
  row(tr("Seed"), std::to_string(h.seed));
  row(tr("Fingerprint"), h.fingerprint);
  row(tr("Program"), h.creator + " " + h.git_commit);
  row(tr("Compiler"), h.compiler + " " + h.flags);
  row(tr("Random numbers"), h.rng);
  row(tr("Epoch"), h.epoch);
  for (const std::string& name : run.left_out) row(tr("Not loaded"), name);
  text += QStringLiteral("</table><p>%1</p><pre>%2</pre>")
              .arg(tr("Reproduce this run:"), html(reproduce_command(run.summary)));
  text += QStringLiteral("<p>%1</p><table cellspacing='4'>").arg(tr("Parameters"));
  for (const analysis::ParameterText& p : run.summary.parameters) row(html(p.name), p.value);
  provenance_->setHtml(text + QStringLiteral("</table>"));
}

void ResultsPage::compare_ticked() {
  const std::vector<std::string> ticked = runs_->ticked();
  comparison_->clear();
  if (ticked.size() != 2 || !loaded_[ticked[0]].data || !loaded_[ticked[1]].data) return;
  const RunSummary& a = loaded_[ticked[0]].data->summary;
  const RunSummary& b = loaded_[ticked[1]].data->summary;
  QString text =
      QStringLiteral("<p>A: %1<br>B: %2</p>").arg(html(a.file_name()), html(b.file_name()));
  text += QStringLiteral("<p><b>%1</b></p><table width='100%'>").arg(tr("Metrics that differ"));
  for (const analysis::Metric& metric : a.metrics) {
    const auto first = a.metric(metric.name);
    const auto second = b.metric(metric.name);
    if (first == second) continue;
    const auto cell = [&](const std::optional<double>& value) {
      return value ? html(analysis::human(*value, metric.unit)) : tr("n/a");
    };
    // The name above its numbers: both are read without a scroll bar.
    text += QStringLiteral(
                "<tr><td colspan='2'>%1</td></tr>"
                "<tr><td align='right'>A: %2</td><td align='right'>B: %3</td></tr>")
                .arg(html(metric.name), cell(first), cell(second));
  }
  // Values of parameters may be sentences: they stand below the name and wrap.
  text += QStringLiteral("</table><p><b>%1</b></p>").arg(tr("Parameters that differ"));
  for (const analysis::ParameterText& p : a.parameters) {
    const std::string other = b.parameter(p.name);
    if (other == p.value) continue;
    text += QStringLiteral("<p>%1<br>&nbsp;&nbsp;A: %2<br>&nbsp;&nbsp;B: %3</p>")
                .arg(html(p.name), html(p.value), html(other));
  }
  comparison_->setHtml(text);
  opener_.compare(QString::fromStdString(ticked[0]), QString::fromStdString(ticked[1]));
}

const OpenRun* ResultsPage::current() const {
  const auto entry = loaded_.find(current_);
  return entry == loaded_.end() || entry->second.data == nullptr ? nullptr : &entry->second;
}

QString ResultsPage::comparison() const { return comparison_->toPlainText(); }
QString ResultsPage::provenance() const { return provenance_->toPlainText(); }

Session ResultsPage::session() const {
  Session session;
  session.files = runs_->ticked();
  for (const QString& name : chosen_series()) session.series.push_back(name.toStdString());
  session.range = const_cast<ResultsPage*>(this)->time().range();
  session.filter = events_->filter().toStdString();
  session.bookmarks = bookmarks_->bookmarks();
  return session;
}

void ResultsPage::restore(const Session& session) {
  close_all();
  wanted_ = session;
  bookmarks_->set(session.bookmarks);
  QStringList files;
  for (const std::string& file : session.files) files << QString::fromStdString(file);
  opener_.summarise(files);
}

void ResultsPage::close_all() {
  opener_.cancel();
  fresh_.clear();
  failed_.clear();
  loaded_some_ = false;
  wanted_.reset();
  loaded_.clear();
  current_.clear();
  runs_->clear();
  series_->clear();
  bookmarks_->clear();
  sweep_->set_runs({});
  ticks_changed();
}

}  // namespace mezz::gui

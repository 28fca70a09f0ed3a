// Section 2: what runs did. Opens result files and sweep folders and shows them in linked views:
// the run table and the series chosen decide what is plotted; the details belong to the current
// run.
#pragma once

#include <QStringList>
#include <QTimer>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gui/model/finality.h"
#include "gui/model/session.h"
#include "gui/results/opener.h"
#include "gui/results/plot_stack.h"
#include "gui/widgets/perspective.h"

class QLabel;
class QListWidget;
class QTableView;
class QTextBrowser;
class QLineEdit;
class QProgressBar;

namespace mezz::gui {

class BookmarkList;
class ChainDrawing;
class DepthView;
class EventView;
class FinalityBars;
class GreeksView;
class HealthView;
class LatencyEcdf;
class LatencyView;
class LossWaterfall;
class RosetteView;
class RunTable;
class SweepView;

class ResultsPage final : public Perspective {
  Q_OBJECT

 public:
  explicit ResultsPage(QWidget* parent = nullptr);

  void add_actions(ActionRegistry& registry) override;
  // Result files and folders of them; added to what is open. A session file (.json) replaces it.
  void open(const QStringList& paths);
  // For pictures and tests: handles events until nothing is being opened or looked for any more.
  void wait_until_opened();
  void set_reader(const std::string& program) { opener_.set_reader(program); }

  [[nodiscard]] RunTable& runs() { return *runs_; }
  [[nodiscard]] EventView& events() { return *events_; }
  [[nodiscard]] PlotStack& plots() { return *plots_; }
  [[nodiscard]] ChainDrawing& chain() { return *chain_; }
  [[nodiscard]] LatencyView& latency() { return *latency_; }
  [[nodiscard]] DepthView& depth() { return *depth_; }
  [[nodiscard]] HealthView& health() { return *health_; }
  [[nodiscard]] SweepView& sweep() { return *sweep_; }
  [[nodiscard]] QString comparison() const;
  [[nodiscard]] QString provenance() const;
  [[nodiscard]] Session session() const;
  void restore(const Session& session);
  void choose_series(const QStringList& names);
  void toggle_candles();
  // False, and a message, when the file could not be written.
  bool export_picture(const QString& file, QSize size);
  bool export_csv(const QString& file);

 private:
  void make_views();
  void make_details();
  void connect_opener();
  void add_time_actions(ActionRegistry& registry);
  void add_event_actions(ActionRegistry& registry);
  void add_export_actions(ActionRegistry& registry);
  void add_view_actions(ActionRegistry& registry);
  void run_loaded(const OpenRun& run);
  // Shows what came since the last time: once for many files, as each look costs all runs.
  void catch_up();
  void take_summaries();
  void show_loaded();
  void ticks_changed();
  void show_plots();
  void show_current();
  void show_chain(const std::optional<Chain>& chain);
  void fill_series();
  void fill_provenance(const RunData& run);
  void compare_ticked();
  bool save_to(const QString& file, const std::string& text);
  void close_all();
  void to_laboratory();
  [[nodiscard]] const OpenRun* current() const;
  [[nodiscard]] QStringList chosen_series() const;

  Opener opener_;
  std::map<std::string, OpenRun> loaded_;
  std::optional<Session> wanted_;    // to restore when its files are there
  std::string current_;              // path of the run whose details are shown
  std::vector<RunSummary> fresh_;    // read and not yet in the table
  std::vector<std::string> failed_;  // to be unticked
  bool loaded_some_ = false;         // since the views were made
  QTimer late_;                      // until the next catch_up()

  RunTable* runs_ = nullptr;
  QTableView* run_view_ = nullptr;
  QListWidget* series_ = nullptr;
  PlotStack* plots_ = nullptr;
  EventView* events_ = nullptr;
  FinalityBars* bars_ = nullptr;
  LatencyEcdf* ecdf_ = nullptr;
  LatencyView* latency_ = nullptr;
  GreeksView* greeks_ = nullptr;
  DepthView* depth_ = nullptr;
  HealthView* health_ = nullptr;
  RosetteView* rosette_ = nullptr;
  LossWaterfall* losses_ = nullptr;
  ChainDrawing* chain_ = nullptr;
  QLineEdit* transaction_ = nullptr;
  SweepView* sweep_ = nullptr;
  QTextBrowser* comparison_ = nullptr;
  QTextBrowser* provenance_ = nullptr;
  BookmarkList* bookmarks_ = nullptr;
  QProgressBar* progress_ = nullptr;
};

}  // namespace mezz::gui

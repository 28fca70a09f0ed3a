// The commands of the results browser.
#include <QApplication>
#include <QClipboard>
#include <QDir>
#include <QDockWidget>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QRegularExpression>
#include <QStandardPaths>

#include "gui/model/snippets.h"
#include "gui/results/bookmark_list.h"
#include "gui/results/event_view.h"
#include "gui/results/export_dialog.h"
#include "gui/results/results_page.h"
#include "gui/results/run_table.h"
#include "gui/widgets/drawing.h"

namespace mezz::gui {

namespace {

void copy(const std::string& text) {
  QApplication::clipboard()->setText(QString::fromStdString(text));
}

constexpr double kZoom = 0.5;
constexpr double kPan = 0.25;

}  // namespace

void ResultsPage::add_actions(ActionRegistry& registry) {
  add_time_actions(registry);
  add_event_actions(registry);
  add_export_actions(registry);
  add_view_actions(registry);
}

void ResultsPage::add_time_actions(ActionRegistry& registry) {
  const auto add = [&](const char* name, const QString& text, const QString& hint,
                       const QString& key, std::function<void()> run) {
    registry.add(
        {.name = QString::fromLatin1(name),
         .menu = tr("Plots"),
         .text = text,
         .hint = hint,
         .keys = key.isEmpty() ? QList<QKeySequence>{} : QList<QKeySequence>{QKeySequence(key)},
         .run = std::move(run)});
  };
  const auto zoom = [this](double factor) {
    const TimeRange range = time().range();
    time().set_range(
        zoomed(range, factor, time().cursor().value_or(range.at(0.5)), time().limits()));
  };
  add("results.zoom_in", tr("Zoom &in"), tr("Half the time, around the cursor"),
      "Ctrl+=", [zoom] { zoom(kZoom); });
  add("results.zoom_out", tr("Zoom &out"), tr("Twice the time"), "Ctrl+-",
      [zoom] { zoom(1.0 / kZoom); });
  add("results.whole", tr("&Whole run"), tr("All of the time"), "Ctrl+Home",
      [this] { time().set_range(time().limits()); });
  add("results.earlier", tr("&Earlier"), tr("A quarter of the range back"), "Alt+Left",
      [this] { time().set_range(panned(time().range(), -kPan, time().limits())); });
  add("results.later", tr("&Later"), tr("A quarter of the range on"), "Alt+Right",
      [this] { time().set_range(panned(time().range(), kPan, time().limits())); });
  add("results.log_scale", tr("Lo&garithmic values"), tr("Values on a logarithmic axis, or back"),
      "Ctrl+L", [this] {
        PlotWidget* plot = plots_->chosen();
        plots_->set_log(plot == nullptr || !plot->is_log());
      });
  add("results.difference", tr("&Difference of two runs"),
      tr("Second minus first, below each series, when two runs are ticked"), "Ctrl+D",
      [this] { plots_->set_difference(!plots_->difference_shown()); });
  add("results.candles", tr("&Candles"),
      tr("Candles of the first instrument with its liquidations, or away with them"),
      "Ctrl+Shift+K", [this] { toggle_candles(); });
  add("results.tick_all", tr("Show &all runs"), tr("Tick every run; from seven on as a band"), {},
      [this] {
        std::vector<std::string> paths;
        for (const RunSummary& run : runs_->runs()) {
          if (run.error.empty()) paths.push_back(run.path);
        }
        runs_->set_ticked(paths, true);
      });
}

void ResultsPage::add_event_actions(ActionRegistry& registry) {
  const auto add = [&](const char* name, const QString& text, const QString& hint,
                       const QString& key, std::function<void()> run) {
    registry.add({.name = QString::fromLatin1(name),
                  .menu = tr("Events"),
                  .text = text,
                  .hint = hint,
                  .keys = {QKeySequence(key)},
                  .run = std::move(run)});
  };
  add("results.filter", tr("&Filter events"), tr("Go to the filter of the event log"), "Ctrl+F",
      [this] { events_->focus_filter(); });
  add("results.next_event", tr("&Next event"), tr("The next event that the filter shows"),
      "Ctrl+Down", [this] { events_->next(1); });
  add("results.previous_event", tr("&Previous event"), tr("The one before"), "Ctrl+Up",
      [this] { events_->next(-1); });
  add("results.to_cursor", tr("Event at the &cursor"), tr("Scroll the log to the cursor"), "Ctrl+J",
      [this] {
        if (time().cursor()) events_->show_time(*time().cursor());
      });
  add("results.bookmark", tr("&Bookmark the cursor"), tr("Keep this moment in the session"),
      "Ctrl+B", [this] {
        bookmarks_->add({time().cursor().value_or(time().range().begin), ""});
      });
  add("results.cancel", tr("Cance&l"), tr("Stop reading files and filtering events"), "Esc",
      [this] {
        opener_.cancel();
        events_->stop_filtering();
        emit message(tr("Cancelled"));
      });
}

void ResultsPage::add_export_actions(ActionRegistry& registry) {
  const auto add = [&](const char* name, const QString& text, const QString& hint,
                       const QString& key, std::function<void()> run) {
    registry.add(
        {.name = QString::fromLatin1(name),
         .menu = tr("Export"),
         .text = text,
         .hint = hint,
         .keys = key.isEmpty() ? QList<QKeySequence>{} : QList<QKeySequence>{QKeySequence(key)},
         .run = std::move(run)});
  };
  const auto ask = [this](const QString& title, const QString& suffix, auto then) {
    auto* dialog = new QFileDialog(this, title);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(suffix);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QFileDialog::fileSelected, this, then);
    dialog->open();
  };
  add("results.export_picture", tr("&Picture…"), tr("The chosen plot: SVG, PDF, PNG"), "Ctrl+E",
      [this] {
        const PlotWidget* plot = plots_->chosen();
        if (plot == nullptr) return;
        auto* dialog = new ExportDialog(plot->size(), this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        connect(dialog, &ExportDialog::chosen, this, &ResultsPage::export_picture);
        dialog->open();
      });
  add("results.export_csv", tr("&CSV of the visible range…"),
      tr("All series shown, from the first to the last moment on the screen"), "Ctrl+Shift+E",
      [this, ask] {
        ask(tr("CSV of the visible range"), QStringLiteral("csv"),
            [this](const QString& file) { export_csv(file); });
      });
  add("results.copy_command", tr("Copy as command &line"),
      tr("Commands that give the same numbers without a window"), "Ctrl+Shift+C", [this] {
        std::string text;
        for (const auto& series : plots_->shown_series()) {
          for (const SeriesName& name : series_of(*series->owner)) {
            const std::string line = export_command(series->owner->summary, name.table) + "\n";
            if (name.name == series->name && text.find(line) == std::string::npos) text += line;
          }
        }
        copy(text);
      });
  add("results.copy_python", tr("Copy as P&ython"), tr("A script that draws this figure"),
      "Ctrl+Shift+Y", [this] { copy(python_of(plots_->shown_series(), time().range())); });
  add("results.copy_reproduce", tr("Copy the command that &reproduces the run"),
      tr("Runs it again and compares every event"), {}, [this] {
        if (const OpenRun* run = current()) copy(reproduce_command(run->data->summary));
      });
  registry.add({.name = "results.to_laboratory",
                .menu = tr("Laboratory"),
                .text = tr("Change the &run shown in the results"),
                .hint = tr("Open the scenario of the current run here, with its seed and values"),
                .keys = {QKeySequence(QStringLiteral("Ctrl+R"))},
                .run = [this] { to_laboratory(); }});
  add("results.save_session", tr("&Save session…"),
      tr("Files, series, range, filter and bookmarks"), "Ctrl+S", [this, ask] {
        ask(tr("Save session"), QStringLiteral("json"),
            [this](const QString& file) { save_to(file, to_json(session())); });
      });
  add("results.close_all", tr("C&lose all results"), tr("Forget what is open; files stay"),
      "Ctrl+W", [this] { close_all(); });
}

void ResultsPage::add_view_actions(ActionRegistry& registry) {
  for (auto* dock : findChildren<QDockWidget*>()) {
    const QString name = dock->objectName();
    registry.add({.name = name + QStringLiteral(".show"),
                  .menu = tr("Views"),
                  .text = dock->windowTitle(),
                  .hint = tr("Bring the view to the front"),
                  .run = [dock] {
                    dock->show();
                    dock->raise();
                  }});
  }
}

bool ResultsPage::save_to(const QString& file, const std::string& text) {
  QString reason;
  const bool written = write_whole(file, QByteArray::fromStdString(text), &reason);
  emit message(written ? tr("Written: %1").arg(file)
                       : tr("%1 cannot be written: %2").arg(file, reason));
  return written;
}

// The scenario goes to a file that stays, so that a command line copied in the laboratory works
// tomorrow.
void ResultsPage::to_laboratory() {
  const OpenRun* run = current();
  if (run == nullptr) {
    emit message(tr("Open a result first"));
    return;
  }
  const RunSummary& summary = run->data->summary;
  const QDir folder(QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation) +
                    QStringLiteral("/scenarios"));
  QString fingerprint = QString::fromStdString(summary.header.fingerprint);
  fingerprint.remove(QRegularExpression(QStringLiteral("[^0-9a-f]")));  // the file may be anybody's
  const QString name = QFileInfo(QString::fromStdString(summary.path)).completeBaseName() +
                       QLatin1Char('-') + fingerprint + QStringLiteral(".toml");
  const std::string text = without_defaults(run->data->scenario.resolved);
  folder.mkpath(QStringLiteral("."));
  QString reason;
  if (write_whole(folder.filePath(name), QByteArray::fromStdString(text), &reason)) {
    emit scenario_wanted(folder.filePath(name));
  } else {
    emit message(tr("%1 cannot be written: %2").arg(folder.filePath(name), reason));
  }
}

bool ResultsPage::export_csv(const QString& file) {
  return save_to(file, csv_of(plots_->shown_series(), time().range()));
}

bool ResultsPage::export_picture(const QString& file, QSize size) {
  const Drawing* plot = plots_->chosen_drawing();
  const bool written = plot != nullptr && export_drawing(*plot, file, size);
  emit message(written
                   ? tr("Written: %1").arg(file)
                   : tr("%1 cannot be written; the ending must be .svg, .pdf or .png").arg(file));
  return written;
}

}  // namespace mezz::gui

// The risk team: a sweep that ran unattended, its worst run at the moment of the first bad debt,
// what a larger insurance fund would have changed, and numbers for a spreadsheet.
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "gui/laboratory/form_view.h"
#include "gui/model/snippets.h"
#include "gui/results/sweep_view.h"
#include "tests/gui/journeys/journey.h"

namespace mezz::gui {
namespace {

constexpr const char* kSweep = R"(
[limits]
"bad_debt.usd" = { max = 0 }
[sweep]
"market.insurance_fund" = ["50 USD", "100_000 USD"]
"push_oracle.deviation" = ["10 bp", "1 %"]
)";

class RiskTeam : public Journey {
 protected:
  void sweep() {
    program_.write("crash.toml", std::string(kGap) + kSweep);
    const Finished run = program_.run({"sweep", "crash.toml", "--jobs", "2", "--out", "runs"});
    ASSERT_EQ(run.code, 1) << run.err;  // the limit is broken, which is what stops a deployment
    ASSERT_TRUE(program_.exists("runs/runs/000003.h5")) << run.err;
  }
  // The worst run is the current one.
  void choose_worst() {
    QTableView& view = run_view();
    ASSERT_EQ(view.model()->rowCount(), 4);
    sort_down(view, QStringLiteral("Bad debt"));
    choose_row(view, 0);
    results().wait_until_opened();
  }
  [[nodiscard]] RunSummary current() {
    const QString shown = results().provenance();
    for (const RunSummary& run : results().runs().runs()) {
      if (shown.contains(QString::fromStdString(run.path))) return run;
    }
    return {};
  }
  void show_only(const std::vector<std::string>& paths) {
    for (const std::string& path : results().runs().ticked()) {
      if (std::find(paths.begin(), paths.end(), path) == paths.end())
        results().runs().set_ticked(path, false);
    }
    for (const std::string& path : paths) results().runs().set_ticked(path, true);
    results().wait_until_opened();
  }

  // By keyboard. The sequencer stands still from 5 min to 9 min; nobody can owe anything before.
  void go_to_first_bad_debt() {
    trigger("results.filter");
    auto* filter = qobject_cast<QLineEdit*>(QApplication::focusWidget());
    ASSERT_NE(filter, nullptr);
    QTest::keyClicks(filter, QStringLiteral("step=bad_debt"));
    QTest::keyClick(filter, Qt::Key_Return);
    results().wait_until_opened();
    EventTable& events = results().events().table();
    ASSERT_GT(events.rowCount(), 0);
    trigger("results.next_event");
    const std::size_t first = events.event_of(0);
    EXPECT_EQ(events.log()->table(first).name, "liquidations");
    EXPECT_EQ(results().time().cursor(), TimeCursor(events.log()->time(first)));
    EXPECT_GE(events.log()->time(first), Time{} + 9_min);
  }
  // The same run, the same seed, one value changed; saved and open again.
  void run_with_larger_fund(const RunSummary& worst) {
    after([&] { trigger("results.to_laboratory"); }, &LaboratoryPage::frame_shown);
    const lab::ParameterForm& form = *laboratory().form();
    EXPECT_EQ(static_cast<std::uint64_t>(form.scenario().run.seed), worst.header.seed);
    EXPECT_EQ(form.base().layer2.execution.exchange.insurance_fund, 50_usd);
    after(
        [&] {
          auto* line = qobject_cast<QLineEdit*>(
              laboratory().form_view().editor(QStringLiteral("market.insurance_fund")));
          ASSERT_NE(line, nullptr);
          line->setFocus();
          line->selectAll();
          QTest::keyClicks(line, QStringLiteral("100_000 USD"));
          QTest::keyClick(line, Qt::Key_Return);
        },
        &LaboratoryPage::frame_shown);
    after([&] { trigger("lab.express"); }, &LaboratoryPage::stood_still);
    EXPECT_EQ(laboratory().frame()->status.time, Time{} + 20_min);
    QSignalSpy wanted(&laboratory(), &Perspective::results_wanted);
    laboratory().save_run(path("better.h5"));
    ASSERT_TRUE(wanted.count() > 0 || wanted.wait(kPatience));
    results().wait_until_opened();
  }
  // What differs, from which event on; the window and the command agree.
  void compare(const RunSummary& worst, const RunSummary& better) {
    show_only({worst.path, better.path});
    const QString comparison = results().comparison();
    const QString command = QString::fromStdString(diff_command(worst.path, better.path));
    for (const QString& words : {QStringLiteral("market.insurance_fund"),
                                 QStringLiteral("First difference between"), command}) {
      EXPECT_TRUE(comparison.contains(words)) << qPrintable(words + '\n' + comparison);
    }
    const Finished diff = program_.shell({"/bin/sh"}, command.toStdString() + "\n");
    EXPECT_EQ(diff.code, 1) << diff.err;
    EXPECT_NE(diff.out.find("event"), std::string::npos) << diff.out;
  }
  void export_ten_minutes() {
    results().choose_series({QStringLiteral("blocks.bad_debt")});
    results().time().set_range({Time{} + 5_min, Time{} + 15_min});
    ASSERT_TRUE(results().export_csv(path("range.csv")));
    std::istringstream rows(program_.read("range.csv"));
    std::string line;
    ASSERT_TRUE(std::getline(rows, line));
    EXPECT_EQ(line, "run,series,unit,time_ns,value");
    std::size_t count = 0;
    for (; std::getline(rows, line); ++count) {
      const QStringList cells = QString::fromStdString(line).split(QLatin1Char(','));
      ASSERT_EQ(cells.size(), 5) << line;
      EXPECT_EQ(cells[2], QStringLiteral("USD"));
      const Time at{cells[3].toLongLong()};
      EXPECT_TRUE(at >= Time{} + 5_min && at <= Time{} + 15_min) << line;
    }
    EXPECT_GT(count, 100U);  // blocks of two runs
  }
};

TEST_F(RiskTeam, FromTheSweepToTheSpreadsheet) {
  sweep();
  open({path("runs")});
  choose_worst();
  const RunSummary worst = current();
  for (const RunSummary& run : results().runs().runs()) {
    EXPECT_LE(run.metric("bad_debt.usd").value(), worst.metric("bad_debt.usd").value());
  }
  EXPECT_EQ(worst.parameter("market.insurance_fund"), "50 USD");
  EXPECT_GT(worst.metric("bad_debt.usd").value(), 0.0);
  // Two by two: no bad debt with the large fund, whatever the oracle.
  const SweepGrid grid = results().sweep().map().grid();
  ASSERT_EQ(grid.cells.size(), 4U);
  for (std::size_t i = 0; i < 4; ++i) {
    const bool across = grid.x == "market.insurance_fund";
    const std::string& fund = across ? grid.columns[i % 2] : grid.rows[i / 2];
    EXPECT_EQ(grid.cells[i].value() == 0.0, fund == "100_000 USD") << fund;
  }
  go_to_first_bad_debt();
  run_with_larger_fund(worst);
  const RunSummary better = results().runs().runs().back();
  EXPECT_EQ(better.path, path("better.h5").toStdString());
  EXPECT_EQ(better.metric("bad_debt.usd"), 0.0);
  compare(worst, better);
  export_ten_minutes();
}

}  // namespace
}  // namespace mezz::gui

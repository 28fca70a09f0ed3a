// The window as its users have it: with the program mezz beside it and result files in a folder.
#pragma once

#include <gtest/gtest.h>

#include <QApplication>
#include <QClipboard>
#include <QDialog>
#include <QHeaderView>
#include <QLineEdit>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTableView>
#include <QTest>
#include <functional>
#include <memory>
#include <string>

#include "gui/app/main_window.h"
#include "gui/results/event_view.h"
#include "gui/results/run_table.h"
#include "gui/widgets/theme.h"
#include "tests/cli/program.h"
#include "tests/gui/widgets/offscreen.h"

namespace mezz::gui {

constexpr int kPatience = 300'000;  // ms; a loaded machine is slow, a hanging program is not

class Journey : public testing::Test {
 protected:
  void SetUp() override {
    Offscreen::start();
    QStandardPaths::setTestModeEnabled(true);  // no file of a user is touched
    Theme::instance().apply(ThemeName::Light);
    window_ = std::make_unique<MainWindow>();
    results().set_reader(MEZZ_H5READ);
    window_->resize(1'400, 880);
    window_->show();
  }

  [[nodiscard]] ResultsPage& results() { return window_->results(); }
  [[nodiscard]] LaboratoryPage& laboratory() { return window_->laboratory(); }
  [[nodiscard]] QString path(const std::string& name) const {
    return QString::fromStdString(program_.path(name).string());
  }

  void trigger(const char* name) {
    QAction* action = window_->actions_of_window().find(QString::fromLatin1(name));
    ASSERT_NE(action, nullptr) << name;
    action->trigger();
    QApplication::processEvents();
  }
  // Does something and waits until the laboratory says so.
  template <class Signal>
  void after(const std::function<void()>& work, Signal signal) {
    QSignalSpy spy(&laboratory(), signal);
    work();
    ASSERT_TRUE(spy.count() > 0 || spy.wait(kPatience));
  }
  void open(const QStringList& paths) {
    window_->open(paths);
    results().wait_until_opened();
  }
  static QString clipboard() { return QApplication::clipboard()->text(); }
  // What was copied, run in a shell beside the files.
  [[nodiscard]] Finished run_clipboard() const {
    return program_.shell({"/bin/sh"}, clipboard().toStdString() + "\n");
  }

  [[nodiscard]] QTableView& run_view() {
    for (auto* view : results().findChildren<QTableView*>()) {
      if (view->accessibleName() == QLatin1String("Runs")) return *view;
    }
    throw std::runtime_error("no table of runs");
  }
  static int column_of(const QTableView& view, const QString& title) {
    for (int i = 0; i < view.model()->columnCount(); ++i) {
      if (view.model()->headerData(i, Qt::Horizontal).toString() == title) return i;
    }
    return -1;
  }
  // Clicks on the heading until the largest value is on top.
  static void sort_down(QTableView& view, const QString& title) {
    const int column = column_of(view, title);
    ASSERT_GE(column, 0) << qPrintable(title);
    view.scrollTo(view.model()->index(0, column));
    QHeaderView& header = *view.horizontalHeader();
    for (int clicks = 0; clicks < 3; ++clicks) {
      if (header.sortIndicatorSection() == column &&
          header.sortIndicatorOrder() == Qt::DescendingOrder) {
        return;
      }
      const QPoint at(header.sectionViewportPosition(column) + header.sectionSize(column) / 2,
                      header.height() / 2);
      QTest::mouseClick(header.viewport(), Qt::LeftButton, Qt::NoModifier, at);
    }
    FAIL() << "cannot sort by " << qPrintable(title);
  }
  static void choose_row(QTableView& view, int row) {
    view.scrollTo(view.model()->index(row, 0));
    const QPoint at = view.visualRect(view.model()->index(row, 0)).center();
    QTest::mouseClick(view.viewport(), Qt::LeftButton, Qt::NoModifier, at);
  }

  Program program_;
  std::unique_ptr<MainWindow> window_;
};

// A market that falls by 30 % while the sequencer stands still: with a small fund there is bad
// debt.
inline constexpr const char* kGap = R"(
title = "A gap"
question = "Who pays?"
[run]
seed = 7
duration = "20 min"
[market]
fund_shortfall = "book_bad_debt"
insurance_fund = "50 USD"
[market.contract]
tick = "1 USD"
lot_decimals = 3
[price]
kind = "gbm"
initial_price = "50_000 USD"
step = "1 s"
segments = [{ duration = "5 min", change = "0 %" }, { duration = "5 min", change = "-30 %" }]
[[agent]]
kind = "market_maker"
refresh = "5 s"
levels = 2
[[agent]]
kind = "leveraged_population"
accounts = 200
[[agent]]
kind = "liquidator"
[[shock]]
at = "5 min"
kind = "sequencer_down"
duration = "4 min"
)";

}  // namespace mezz::gui

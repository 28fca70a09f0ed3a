// The laboratory as a user meets it, without a display: the student's ten minutes from start to
// end, every command once, and pictures of it in both themes.
#include "gui/laboratory/laboratory_page.h"

#include <gtest/gtest.h>

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDialog>
#include <QDockWidget>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QSignalSpy>
#include <QSlider>
#include <functional>

#include "gui/laboratory/form_view.h"
#include "gui/laboratory/gallery_view.h"
#include "gui/laboratory/network_view.h"
#include "gui/laboratory/panels.h"
#include "gui/laboratory/strip_view.h"
#include "gui/widgets/theme.h"
#include "tests/gui/model/laboratory/fixture.h"
#include "tests/gui/widgets/offscreen.h"

namespace mezz::gui {
namespace {

constexpr int kPatience = 120'000;  // ms; a loaded machine is slow, a hanging program is not

void close_dialogs() {
  for (QWidget* widget : QApplication::topLevelWidgets()) {
    if (auto* dialog = qobject_cast<QDialog*>(widget)) dialog->close();
  }
  QApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
  QApplication::processEvents();
}

class Laboratory : public testing::Test {
 protected:
  void SetUp() override {
    Offscreen::start();
    Theme::instance().apply(ThemeName::Light);
    window_ = std::make_unique<QMainWindow>();
    registry_ = std::make_unique<ActionRegistry>(window_.get());
    page_ = new LaboratoryPage;
    window_->setCentralWidget(page_);
    page_->add_actions(*registry_);
    window_->resize(1500, 940);
    window_->show();
  }
  void TearDown() override {
    close_dialogs();
    registry_.reset();  // a child of the window
    window_.reset();
  }

  // Does something and waits until the page says so.
  template <class Signal>
  void after(const std::function<void()>& work, Signal signal) {
    QSignalSpy spy(page_, signal);
    work();
    ASSERT_TRUE(spy.count() > 0 || spy.wait(kPatience));
  }
  void open(const QString& scenario) {
    after([&] { page_->open_scenario(scenario); }, &LaboratoryPage::frame_shown);
  }
  void trigger(const char* name) {
    QAction* action = registry_->find(QString::fromLatin1(name));
    ASSERT_NE(action, nullptr) << name;
    action->trigger();
  }
  void still(const std::function<void()>& work) { after(work, &LaboratoryPage::stood_still); }

  const ScratchFolder folder_;
  std::unique_ptr<QMainWindow> window_;
  std::unique_ptr<ActionRegistry> registry_;
  LaboratoryPage* page_ = nullptr;
};

TEST_F(Laboratory, TheStudentsTenMinutes) {
  // A card of the gallery.
  if (page_->gallery().shown() == 0) {
    QSignalSpy loaded(&page_->gallery(), &GalleryView::loaded);
    ASSERT_TRUE(loaded.wait(kPatience));
  }
  EXPECT_GE(page_->gallery().shown(), 20);
  after([&] { page_->gallery().choose(QStringLiteral("keeper_race")); },
        &LaboratoryPage::frame_shown);
  ASSERT_NE(page_->form(), nullptr);
  EXPECT_EQ(page_->story().story().step.size(), 3U);
  EXPECT_EQ(page_->frame()->status.events, 0U);

  // The challenge window from 7 d to 1 d: marked, and it can be undone.
  after(
      [&] {
        auto* line = qobject_cast<QLineEdit*>(
            page_->form_view().editor(QStringLiteral("settlement.challenge_window")));
        ASSERT_NE(line, nullptr);
        EXPECT_EQ(line->text(), QStringLiteral("7 d"));
        line->setText(QStringLiteral("1 d"));
        line->setModified(true);
        emit line->editingFinished();
      },
      &LaboratoryPage::frame_shown);
  EXPECT_EQ(page_->form()->scenario().layer2.challenge_window, 1_d);
  EXPECT_NE(
      page_->form_view().findChild<QLabel*>(QStringLiteral("was:settlement.challenge_window")),
      nullptr);
  after([&] { trigger("lab.undo"); }, &LaboratoryPage::frame_shown);
  EXPECT_EQ(page_->form()->scenario().layer2.challenge_window, 7_d);
  after([&] { trigger("lab.redo"); }, &LaboratoryPage::frame_shown);
  EXPECT_EQ(page_->form()->scenario().layer2.challenge_window, 1_d);

  // Runs, and pauses at the first liquidation; one step back there was none.
  still([&] { trigger("lab.first_liquidation"); });
  const auto liquidations = [&] { return page_->frame()->series[2].values.back(); };
  const std::uint64_t at = page_->frame()->status.events;
  EXPECT_GT(at, 1'000U);
  EXPECT_GT(liquidations(), 0);
  still([&] { trigger("lab.step_back"); });
  EXPECT_EQ(page_->frame()->status.events, at - 1);
  EXPECT_EQ(liquidations(), 0);

  // Compared with the baseline, exported, and copied as a command.
  after([&] { trigger("lab.compare"); }, &LaboratoryPage::compared);
  EXPECT_TRUE(page_->last_comparison().startsWith(
      QStringLiteral("With settlement.challenge_window 1 d instead of 7 d")))
      << qPrintable(page_->last_comparison());
  EXPECT_TRUE(page_->strip().has_baseline());
  close_dialogs();
  const QString picture = QString::fromStdString(folder_.file("lab.svg"));
  page_->export_picture(picture);
  QFile svg(picture);
  ASSERT_TRUE(svg.open(QIODevice::ReadOnly));
  EXPECT_TRUE(svg.readAll().contains("<svg"));
  trigger("lab.copy_command");
  EXPECT_EQ(QApplication::clipboard()->text(),
            QStringLiteral("mezz run keeper_race --set 'settlement.challenge_window=1 d' "
                           "--out keeper_race.h5"));
}

TEST_F(Laboratory, EveryCommandWorksWithAndWithoutAScenario) {
  const auto all = [&] {
    for (QAction* action : registry_->all()) {
      action->trigger();
      QApplication::processEvents();
      close_dialogs();
    }
  };
  all();
  EXPECT_EQ(page_->frame(), nullptr);
  open(QString::fromStdString(lab::small_file()));
  all();
  EXPECT_GE(registry_->all().size(), 20U);
  still([&] { trigger("lab.stop"); });
}

TEST_F(Laboratory, RunsAtThreePacesAndStops) {
  open(QString::fromStdString(lab::small_file()));
  // The second may have reached the end before it is stopped.
  for (const char* pace : {"lab.run", "lab.fast"}) {
    after([&] { trigger(pace); }, &LaboratoryPage::frame_shown);
    still([&] { trigger("lab.stop"); });
    EXPECT_FALSE(page_->running());
    EXPECT_GT(page_->frame()->status.events, 0U);
  }
  still([&] { trigger("lab.express"); });  // to the end, at once when it is there
  EXPECT_EQ(page_->frame()->status.time, page_->frame()->status.end);
  Study study(lab::small_scenario(), nullptr);
  study.world().run(Time::zero() + 20_min);
  EXPECT_EQ(page_->frame()->status.fingerprint, study.world().engine().fingerprint());
}

TEST_F(Laboratory, AShockIsShownAndReproduced) {
  open(QString::fromStdString(lab::small_file()));
  still([&] { page_->seek(Time::zero() + 6_min); });
  after(
      [&] {
        page_->intervene(
            ShockParams{.at = {}, .kind = ShockKind::SequencerDown, .duration = 5_min});
      },
      &LaboratoryPage::frame_shown);
  ASSERT_EQ(page_->frame()->interventions.size(), 1U);
  trigger("lab.copy_shocks");
  const std::string toml = QApplication::clipboard()->text().toStdString();
  EXPECT_NE(toml.find("kind = \"sequencer_down\""), std::string::npos);
  still([&] { trigger("lab.express"); });
  const Scenario again = scenario_from_text(lab::kSmall + toml, "again");
  Study study(again, nullptr);
  study.world().run(Time::zero() + 20_min);
  EXPECT_EQ(page_->frame()->status.fingerprint, study.world().engine().fingerprint());
}

TEST_F(Laboratory, AParameterIsChangedInTheRunUnderWay) {
  open(QString::fromStdString(lab::small_file()));
  const auto type = [&](const char* path, const char* value) {
    auto* line = qobject_cast<QLineEdit*>(page_->form_view().editor(QString::fromLatin1(path)));
    ASSERT_NE(line, nullptr) << path;
    line->setText(QString::fromLatin1(value));
    line->setModified(true);
    emit line->editingFinished();
  };
  EXPECT_NE(page_->form_view().findChild<QLabel*>(QStringLiteral("live:push_oracle.deviation")),
            nullptr);
  EXPECT_EQ(page_->form_view().findChild<QLabel*>(QStringLiteral("live:market.insurance_fund")),
            nullptr);
  still([&] { page_->seek(Time::zero() + 6_min); });
  page_->form_view().findChild<QCheckBox*>(QStringLiteral("live"))->setChecked(true);
  after([&] { type("push_oracle.deviation", "5 %"); }, &LaboratoryPage::frame_shown);
  ASSERT_EQ(page_->frame()->interventions.size(), 1U);
  EXPECT_FALSE(page_->form()->can_undo());  // the scenario is as it was
  EXPECT_GT(page_->frame()->status.events, 0U);
  const auto* now =
      page_->form_view().findChild<QLabel*>(QStringLiteral("now:push_oracle.deviation"));
  ASSERT_NE(now, nullptr);
  EXPECT_TRUE(now->text().startsWith(QStringLiteral("5 %"))) << qPrintable(now->text());
  trigger("lab.copy_shocks");
  const std::string toml = QApplication::clipboard()->text().toStdString();
  EXPECT_NE(toml.find("[[change]]"), std::string::npos) << toml;
  still([&] { trigger("lab.express"); });
  Study study(scenario_from_text(lab::kSmall + toml, "again"), nullptr);
  study.world().run(Time::zero() + 20_min);
  const std::uint64_t fingerprint = study.world().engine().fingerprint();
  EXPECT_EQ(page_->frame()->status.fingerprint, fingerprint);
  // A file of its own gives the same run.
  const QString file = QString::fromStdString(folder_.file("mine.toml"));
  page_->save_scenario(file);
  Study saved(load_scenario(file.toStdString(), {}), nullptr);
  saved.world().run(Time::zero() + 20_min);
  EXPECT_EQ(saved.world().engine().fingerprint(), fingerprint);
  // Back before it, it does not hold.
  still([&] { page_->seek(Time::zero() + 5_min); });
  EXPECT_EQ(page_->form_view().findChild<QLabel*>(QStringLiteral("now:push_oracle.deviation")),
            nullptr);
}

TEST_F(Laboratory, AFixedParameterIsRefusedWhileTheRunIsUnderWay) {
  open(QString::fromStdString(lab::small_file()));
  still([&] { page_->seek(Time::zero() + 6_min); });
  const std::uint64_t events = page_->frame()->status.events;
  page_->form_view().findChild<QCheckBox*>(QStringLiteral("live"))->setChecked(true);
  QSignalSpy words(page_, &Perspective::message);
  const auto complaint = [&](const char* path, const char* value) {
    auto* line = qobject_cast<QLineEdit*>(page_->form_view().editor(QString::fromLatin1(path)));
    EXPECT_NE(line, nullptr) << path;
    if (line == nullptr) return QString();
    line->setText(QString::fromLatin1(value));
    line->setModified(true);
    emit line->editingFinished();
    return words.last().at(0).toString();
  };
  // Ticked, the form shows what can change; the rest is found by its name.
  EXPECT_EQ(page_->form_view().editor(QStringLiteral("market.insurance_fund")), nullptr);
  EXPECT_NE(page_->form_view().editor(QStringLiteral("push_oracle.heartbeat")), nullptr);
  auto* search = page_->form_view().findChild<QLineEdit*>(QStringLiteral("search"));
  search->setText(QStringLiteral("insurance_fund"));
  const QString fixed = complaint("market.insurance_fund", "2_000 USD");
  EXPECT_TRUE(fixed.contains(QStringLiteral("fixed while a world runs"))) << qPrintable(fixed);
  EXPECT_TRUE(fixed.contains(QStringLiteral("push_oracle.deviation"))) << qPrintable(fixed);
  search->clear();
  const QString wrong = complaint("push_oracle.deviation", "5");
  EXPECT_TRUE(wrong.contains(QStringLiteral("push_oracle.deviation"))) << qPrintable(wrong);
  still([&] { trigger("lab.stop"); });
  EXPECT_FALSE(page_->form()->can_undo());
  EXPECT_EQ(page_->frame()->status.events, events);
  EXPECT_TRUE(page_->frame()->interventions.empty());
}

TEST_F(Laboratory, AWrongConditionOrValueIsSaidAndNothingRuns) {
  open(QString::fromStdString(lab::small_file()));
  QSignalSpy words(page_, &Perspective::message);
  still([&] { page_->run_until(QStringLiteral("bad_dept.usd > 0")); });
  EXPECT_TRUE(words.last().at(0).toString().contains(QStringLiteral("bad_debt.usd")));
  auto* line = qobject_cast<QLineEdit*>(
      page_->form_view().editor(QStringLiteral("settlement.challenge_window")));
  line->setText(QStringLiteral("5"));
  line->setModified(true);
  emit line->editingFinished();
  EXPECT_TRUE(words.last().at(0).toString().contains(QStringLiteral("unit")));
  EXPECT_FALSE(page_->form()->can_undo());
  page_->open_scenario(QStringLiteral("no_such_scenario"));
  EXPECT_TRUE(words.last().at(0).toString().contains(QStringLiteral("no_such_scenario")));
}

// The red dot: why it happened, and how final the transaction is, with legs and times.
TEST_F(Laboratory, AMessageTellsWhyItHappened) {
  open(QString::fromStdString(lab::small_file()));
  still([&] { page_->seek(Time::zero() + 3_min); });
  still([&] { page_->run_until(QStringLiteral("message Receipt")); });
  const auto red = page_->frame()->messages;
  const auto dot = std::find_if(red.rbegin(), red.rend(), [](const lab::Message& message) {
    return message.handled() && message.kind == "Receipt";
  });
  ASSERT_NE(dot, red.rend());
  after(
      [&] {
        QMenu menu;
        page_->network().fill_menu(menu, &*dot);
        for (QAction* action : menu.actions()) {
          if (action->text() == QLatin1String("Why it happened")) action->trigger();
        }
      },
      &LaboratoryPage::frame_shown);
  const auto& told = page_->frame()->inspectors;
  ASSERT_FALSE(told.empty());
  ASSERT_EQ(told[0].tables.size(), 3U);
  EXPECT_TRUE(told[0].tables[0].title.starts_with("Receipt to ")) << told[0].tables[0].title;
  EXPECT_GT(told[0].tables[1].rows.size(), 1U);          // causes
  EXPECT_EQ(told[0].tables[2].rows[0][0], "submitted");  // legs and times
  EXPECT_NE(told[0].tables[2].rows[1][1], "not yet");    // preconfirmed
}

TEST_F(Laboratory, MessagesCanBeHiddenFromTheMenu) {
  open(QString::fromStdString(lab::small_file()));
  still([&] { page_->seek(Time::zero() + 3_min); });
  ASSERT_FALSE(page_->network().shown().empty());
  const lab::Message message = page_->network().shown().front();
  QMenu menu;
  page_->network().fill_menu(menu, &message);
  menu.actions().front()->trigger();
  for (const lab::Message& left : page_->network().shown()) EXPECT_NE(left.kind, message.kind);
}

TEST_F(Laboratory, SavesAFileThatTheResultsBrowserIsAskedToOpen) {
  open(QString::fromStdString(lab::small_file()));
  still([&] { page_->seek(Time::zero() + 2_min); });
  const QString path = QString::fromStdString(folder_.file("lab_page.h5"));
  QSignalSpy wanted(page_, &Perspective::results_wanted);
  page_->save_run(path);
  ASSERT_TRUE(wanted.count() > 0 || wanted.wait(kPatience));
  EXPECT_TRUE(QFile::exists(path));
}

// With MEZZ_PICTURES=FOLDER the pictures are kept, to be looked at.
TEST_F(Laboratory, EveryViewPaintsInBothThemes) {
  const QString folder = qEnvironmentVariable("MEZZ_PICTURES");
  for (const ThemeName theme : {ThemeName::Light, ThemeName::Dark}) {
    Theme::instance().apply(theme);
    QApplication::processEvents();  // every widget hears of the palette
    const QString name = QString::fromUtf8(name_of(theme).data());
    QImage gallery = window_->grab().toImage();
    EXPECT_FALSE(gallery.isNull());
    open(QStringLiteral("keeper_race"));
    still([&] { page_->run_until(QStringLiteral("first liquidation")); });
    QApplication::processEvents();
    const QImage work = window_->grab().toImage();
    EXPECT_NE(work, gallery);
    if (folder.isEmpty()) {
      trigger("lab.gallery");
      continue;
    }
    const auto last_event = [&] {
      return QStringLiteral("event %1").arg(page_->frame()->status.events - 1);
    };
    gallery.save(folder + QStringLiteral("/gallery_") + name + QStringLiteral(".png"));
    work.save(folder + QStringLiteral("/laboratory_") + name + QStringLiteral(".png"));
    for (const char* dock : {"events", "future"}) {
      auto* view =
          page_->findChild<QDockWidget*>(QStringLiteral("laboratory.") + QString::fromLatin1(dock));
      view->raise();
      QApplication::processEvents();
      view->grab().save(folder + QLatin1Char('/') + QString::fromLatin1(dock) + QLatin1Char('_') +
                        name + QStringLiteral(".png"));
    }
    page_->form_view().findChild<QCheckBox*>(QStringLiteral("live"))->setChecked(true);
    after(
        [&] {
          page_->intervene(ChangeParams{{}, "push_oracle.deviation", "5 %"});
        },
        &LaboratoryPage::frame_shown);
    after([&] { emit page_->network().part_chosen(last_event()); }, &LaboratoryPage::frame_shown);
    QApplication::processEvents();
    window_->grab().save(folder + QStringLiteral("/live_") + name + QStringLiteral(".png"));
    after([&] { trigger("lab.compare"); }, &LaboratoryPage::compared);
    window_->grab().save(folder + QStringLiteral("/baseline_") + name + QStringLiteral(".png"));
    for (QWidget* widget : QApplication::topLevelWidgets()) {
      if (auto* dialog = qobject_cast<QDialog*>(widget)) {
        dialog->grab().save(folder + QStringLiteral("/compare_") + name + QStringLiteral(".png"));
      }
    }
    close_dialogs();
    trigger("lab.gallery");
  }
}

}  // namespace
}  // namespace mezz::gui

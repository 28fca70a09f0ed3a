#include "gui/laboratory/laboratory_page.h"

#include <QComboBox>
#include <QDockWidget>
#include <QLabel>
#include <QLineEdit>
#include <QSlider>
#include <QStackedWidget>
#include <QThread>
#include <QToolBar>
#include <QVBoxLayout>
#include <cmath>
#include <map>

#include "gui/laboratory/form_view.h"
#include "gui/laboratory/gallery_view.h"
#include "gui/laboratory/network_view.h"
#include "gui/laboratory/panels.h"
#include "gui/laboratory/strip_view.h"
#include "gui/model/laboratory/message_text.h"
#include "sim/check/error.h"

namespace mezz::gui {

namespace {

constexpr int kTimelineSteps = 10'000;
constexpr int kRebuildAfter = 250;  // ms without another edit

// The speed slider is logarithmic: 1 to 100 000 events a second.
double speed_of(int at) { return std::pow(10.0, at / 20.0); }

}  // namespace

LaboratoryPage::LaboratoryPage(QWidget* parent)
    : Perspective(QStringLiteral("laboratory"), parent),
      centre_(new QStackedWidget),
      gallery_(new GalleryView),
      network_(new NetworkView),
      sequence_(new SequenceView),
      form_view_(new FormView),
      story_(new StoryView),
      events_(new EventListView),
      future_(new FutureView),
      inspector_(new InspectorView(false)),
      strip_(new StripView(time())) {
  rebuild_.setSingleShot(true);
  rebuild_.setInterval(kRebuildAfter);
  connect(&rebuild_, &QTimer::timeout, this, &LaboratoryPage::build_world);
  make_views();
  connect_worker();
}

LaboratoryPage::~LaboratoryPage() {
  if (comparing_ != nullptr) comparing_->wait();
}

void LaboratoryPage::make_views() {
  centre_->addWidget(gallery_);
  centre_->addWidget(network_);
  setCentralWidget(centre_);
  auto* parameters =
      add_view(QStringLiteral("parameters"), tr("Parameters"), form_view_, Qt::LeftDockWidgetArea);
  auto* story = add_view(QStringLiteral("story"), tr("Story"), story_, Qt::LeftDockWidgetArea);
  auto* strip =
      add_view(QStringLiteral("numbers"), tr("Live numbers"), strip_, Qt::RightDockWidgetArea);
  auto* inspector =
      add_view(QStringLiteral("inspector"), tr("Inspector"), inspector_, Qt::RightDockWidgetArea);
  auto* chart = add_view(QStringLiteral("sequence"), tr("Sequence chart"), sequence_,
                         Qt::BottomDockWidgetArea);
  auto* events =
      add_view(QStringLiteral("events"), tr("Events"), events_, Qt::BottomDockWidgetArea);
  auto* future =
      add_view(QStringLiteral("future"), tr("Future events"), future_, Qt::BottomDockWidgetArea);
  tabifyDockWidget(chart, events);
  tabifyDockWidget(events, future);
  chart->raise();
  setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
  setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
  resizeDocks({parameters, strip, chart}, {340, 330, 230}, Qt::Horizontal);
  resizeDocks({parameters, story, strip, inspector, chart}, {520, 230, 380, 370, 240},
              Qt::Vertical);

  for (MessageView* view : std::initializer_list<MessageView*>{network_, sequence_}) {
    connect(view, &MessageView::filter_changed, this, &LaboratoryPage::set_filter);
    connect(view, &MessageView::part_chosen, inspector_, &InspectorView::show_inspector);
    connect(view, &MessageView::event_chosen, this, [this](quint64 number) {
      client_.post_now([number](LabWorker& worker) { worker.seek_event(number + 1); });
    });
  }
  connect(events_, &EventListView::event_chosen, this, [this](quint64 number) {
    client_.post_now([number](LabWorker& worker) { worker.seek_event(number + 1); });
  });
  connect(events_, &EventListView::event_looked_at, this, [this](quint64 number) {
    inspector_->show_inspector(QStringLiteral("event %1").arg(number));
  });
  connect(future_, &FutureView::run_until_wanted, this, &LaboratoryPage::run_until);
  connect(story_, &StoryView::run_until_wanted, this, &LaboratoryPage::run_until);
  connect(story_, &StoryView::look_wanted, inspector_, &InspectorView::show_inspector);
  connect(inspector_, &InspectorView::wanted, this, &LaboratoryPage::ask_inspectors);
  connect(inspector_, &InspectorView::pin_wanted, this, &LaboratoryPage::pin);
  connect(strip_, &StripView::time_chosen, this, &LaboratoryPage::seek);
  connect(gallery_, &GalleryView::scenario_wanted, this, &LaboratoryPage::open_scenario);
  connect(form_view_, &FormView::edited, this, &LaboratoryPage::form_changed);
  connect(form_view_, &FormView::refused, this, &Perspective::message);
  connect(
      form_view_, &FormView::live_edit, this, [this](const QString& path, const QString& value) {
        intervene(
            ChangeParams{.at = {}, .parameter = path.toStdString(), .value = value.toStdString()});
      });
  filter_.timers = false;
  set_filter(filter_);
}

void LaboratoryPage::connect_worker() {
  LabWorker* worker = client_.worker();
  connect(worker, &LabWorker::frame, this, &LaboratoryPage::show_frame);
  connect(worker, &LabWorker::stopped, this, [this](const QString& why) {
    running_ = false;
    if (!why.isEmpty()) emit message(why);
    emit stood_still(why);
  });
  connect(worker, &LabWorker::refused, this, [this](const QString& problem) {
    running_ = false;
    emit message(problem);
    emit stood_still(problem);
  });
  connect(worker, &LabWorker::saved, this, [this](const QString& path, const QString& problem) {
    emit message(problem.isEmpty() ? tr("Written: %1").arg(path) : problem);
    if (problem.isEmpty()) emit results_wanted({path});
  });
}

void LaboratoryPage::make_bar() {
  bar_->addSeparator();
  speed_ = new QSlider(Qt::Horizontal);
  speed_->setRange(0, 100);
  speed_->setValue(26);  // 20 events a second
  speed_->setFixedWidth(110);
  speed_->setAccessibleName(tr("Speed of Run"));
  const auto tell = [this] {
    const double speed = speed_of(speed_->value());
    speed_->setToolTip(
        tr("Run shows %1 events a second").arg(text(lab::number_text(std::round(speed)))));
    client_.post([speed](LabWorker& worker) { worker.set_speed(speed); });
  };
  connect(speed_, &QSlider::valueChanged, this, tell);
  tell();
  bar_->addWidget(new QLabel(tr(" Speed ")));
  bar_->addWidget(speed_);
  until_ = new QComboBox;
  until_->setEditable(true);
  until_->setInsertPolicy(QComboBox::NoInsert);
  for (const lab::NamedStop& stop : lab::named_stops()) until_->addItem(text(stop.name));
  for (const char* example :
       {"time 30 min", "event 10000", "message Receipt", "bad_debt.usd > 0"}) {
    until_->addItem(QString::fromLatin1(example));
  }
  until_->setMinimumWidth(190);
  until_->setAccessibleName(tr("Run until"));
  until_->setToolTip(tr("A time, an event, a message, a part or a number: \"bad_debt.usd > 0\""));
  connect(until_->lineEdit(), &QLineEdit::returnPressed, this,
          [this] { run_until(until_->currentText()); });
  bar_->addWidget(new QLabel(tr("  Until ")));
  bar_->addWidget(until_);
  bar_->addSeparator();
  timeline_ = new QSlider(Qt::Horizontal);
  timeline_->setRange(0, kTimelineSteps);
  timeline_->setAccessibleName(tr("Moment of the run"));
  timeline_->setToolTip(tr("Drag to any moment, forward or back"));
  timeline_->setMinimumWidth(160);
  connect(timeline_, &QSlider::sliderReleased, this, [this] {
    if (!frame_) return;
    const double share = static_cast<double>(timeline_->value()) / kTimelineSteps;
    seek(Time{static_cast<std::int64_t>(share * static_cast<double>(frame_->status.end.ns))});
  });
  bar_->addWidget(timeline_);
  clock_ = new QLabel(tr("no scenario"));
  clock_->setMinimumWidth(150);
  clock_->setAlignment(Qt::AlignCenter);
  bar_->addWidget(clock_);
  rates_ = new QLabel;
  addToolBarBreak();
  auto* second = addToolBar(tr("State"));
  second->setObjectName(QStringLiteral("laboratory.state"));
  second->setMovable(false);
  second->addWidget(rates_);
}

void LaboratoryPage::open_scenario(const QString& scenario) {
  try {
    auto form = std::make_unique<lab::ParameterForm>(scenario.toStdString());
    form_ = std::move(form);
  } catch (const ScenarioError& error) {
    emit message(text(error.what()));
    return;
  }
  strip_->set_baseline({});
  comparison_.clear();
  form_view_->set_form(form_.get());
  centre_->setCurrentWidget(network_);
  build_world();
  try {
    story_->set_story(lab::load_story(form_->base()));
  } catch (const ScenarioError& error) {
    story_->set_story({});
    emit message(text(error.what()));
  }
  if (inspector_->shown().isEmpty()) inspector_->show_inspector(QStringLiteral("prices"));
}

void LaboratoryPage::build_world() {
  if (!form_) return;
  rebuild_.stop();
  frame_.reset();
  clock_->setText(tr("building…"));
  client_.post_now([scenario = form_->scenario()](LabWorker& worker) { worker.open(scenario); });
}

void LaboratoryPage::form_changed() {
  const std::vector<std::string> changes = form_->changes();
  emit message(changes.empty() ? tr("The scenario as it was; the run starts again")
                               : tr("%1; the run starts again").arg(text(changes.back())));
  rebuild_.start();
}

void LaboratoryPage::show_frame(const LabFramePtr& frame) {
  const bool first = !frame_;
  frame_ = frame;
  running_ = frame->running;
  if (first) {
    std::vector<lab::InspectorName> names = {
        {"prices", "Prices and oracle", "Market"}, {"book", "Order book", "Market"},
        {"accounts", "Accounts", "Market"},        {"ledger", "Ledger", "Market"},
        {"sequencer", "Sequencer", "Layer two"},   {"blocks", "Blocks and finality", "Layer two"},
        {"batches", "Batches", "Layer two"},       {"claims", "Claims and disputes", "Settlement"},
        {"proofs", "Proofs", "Settlement"},        {"bridge", "Bridge and exits", "Settlement"},
        {"layer1", "Layer one", "Layer one"}};
    for (const lab::NetworkNode& node : frame->network->nodes) {
      names.push_back({node.path, node.path, "Parts"});
    }
    const QString shown = inspector_->shown();
    inspector_->set_choices(names);
    inspector_->show_inspector(shown.isEmpty() ? QStringLiteral("prices") : shown);
  }
  network_->set_frame(frame);
  sequence_->set_frame(frame);
  events_->set_frame(frame);
  future_->set_frame(frame);
  inspector_->set_frame(frame);
  for (InspectorView* view : pinned_) view->set_frame(frame);
  strip_->set_frame(frame);
  show_changes(frame->interventions);
  show_status(*frame);
  client_.post([](LabWorker& worker) { worker.frame_shown(); });
  emit frame_shown();
}

void LaboratoryPage::show_changes(const std::vector<lab::Intervention>& interventions) {
  std::map<QString, FormView::Now> now;
  for (const lab::Intervention& done : interventions) {
    if (done.after_events > frame_->status.events) break;  // the run stands before it again
    if (const ChangeParams* change = done.change()) {
      now[text(change->parameter)] = {text(change->value),
                                      text(lab::time_text(Time::zero() + change->at))};
    }
  }
  form_view_->set_now(std::move(now), frame_->status.events > 0);
}

void LaboratoryPage::show_status(const LabFrame& frame) {
  const lab::LabStatus& status = frame.status;
  if (!timeline_->isSliderDown() && status.end.ns > 0) {
    const double share = static_cast<double>(status.time.ns) / static_cast<double>(status.end.ns);
    timeline_->setValue(static_cast<int>(share * kTimelineSteps));
  }
  clock_->setText(text(lab::time_text(status.time)) + QStringLiteral(" / ") +
                  text(lab::time_text(status.end)));
  QString words = tr("  event %1   %2 pending   %3 saved states")
                      .arg(text(lab::number_text(static_cast<double>(status.events))),
                           text(lab::number_text(static_cast<double>(status.pending))))
                      .arg(status.snapshots);
  if (frame.running && frame.events_per_second > 0) {
    words += tr("   %1 events/s   %2 simulated s/s")
                 .arg(text(lab::number_text(std::round(frame.events_per_second))),
                      text(lab::number_text(std::round(frame.simulated_per_second * 100) / 100)));
  }
  if (const std::size_t done = frame.interventions.size(); done > 0) {
    words += done == 1 ? tr("   1 intervention") : tr("   %1 interventions").arg(done);
  }
  words += tr("   fingerprint %1").arg(status.fingerprint, 16, 16, QLatin1Char('0'));
  if (!status.problem.empty()) words += QStringLiteral("   ⚠ ") + text(status.problem);
  rates_->setText(words);
  time().set_limits({Time::zero(), status.end});
  if (!strip_->is_pointed_at()) time().set_cursor(status.time);
}

void LaboratoryPage::set_filter(const lab::MessageFilter& filter) {
  filter_ = filter;
  network_->set_filter(filter);
  sequence_->set_filter(filter);
  events_->set_filter(filter);
}

void LaboratoryPage::ask_inspectors() {
  QStringList ids{inspector_->shown()};
  for (const InspectorView* view : pinned_) ids << view->shown();
  client_.post([ids](LabWorker& worker) { worker.watch(ids); });
}

void LaboratoryPage::pin(const QString& id) {
  if (id.isEmpty()) return;
  auto* view = new InspectorView(true);
  pinned_.push_back(view);
  view->show_inspector(id);
  auto* dock = add_view(QStringLiteral("pinned.") + id, id, view, Qt::RightDockWidgetArea);
  dock->setAttribute(Qt::WA_DeleteOnClose);
  connect(view, &QObject::destroyed, this, [this, view] { std::erase(pinned_, view); });
  ask_inspectors();
}

}  // namespace mezz::gui

#include "gui/laboratory/lab_worker.h"

#include <algorithm>

#include "sim/check/error.h"

namespace mezz::gui {

namespace {

constexpr int kTick = 25;            // ms between two slices of the animated pace
constexpr double kFastSlice = 0.03;  // s of running between two looks at the commands
constexpr double kExpressSlice = 0.2;
constexpr int kFrameEvery = 40;  // ms, and never before the last one was shown
constexpr int kExpressFrameEvery = 250;
constexpr std::size_t kPast = 1500;  // messages in a frame
constexpr std::size_t kFuture = 300;

}  // namespace

void LabWorker::attempt(const std::function<void()>& work) {
  try {
    work();
  } catch (const ScenarioError& error) {
    emit refused(text(error.what()));
  } catch (const std::exception& error) {
    emit refused(text(error.what()));
  }
}

void LabWorker::open(const Scenario& scenario) {
  if (timer_ == nullptr) {
    timer_ = new QTimer(this);
    timer_->setSingleShot(true);
    connect(timer_, &QTimer::timeout, this, &LabWorker::tick);
  }
  timer_->stop();
  attempt([&] {
    std::unique_ptr<lab::LabSession> gone;
    {
      const QMutexLocker lock(&session_lock_);
      gone = std::move(session_);
    }
    gone.reset();
    auto made = std::make_unique<lab::LabSession>(scenario);
    {
      const QMutexLocker lock(&session_lock_);
      session_ = std::move(made);
    }
    network_ = std::make_shared<const lab::Network>(lab::network_of(session_->study().world()));
    send_frame(false);
  });
}

void LabWorker::interrupt() {
  const QMutexLocker lock(&session_lock_);
  if (session_) session_->cancel();
}

void LabWorker::run(Pace pace) {
  if (!session_) return;
  pace_ = pace;
  owed_ = 1;
  since_tick_.start();
  if (!since_frame_.isValid()) since_frame_.start();
  timer_->start(0);
}

void LabWorker::pause() {
  if (!session_ || timer_ == nullptr) return;
  timer_->stop();
  send_frame(false);
  emit stopped({});
}

void LabWorker::tick() {
  if (!session_) return;
  lab::RunBudget budget;
  if (pace_ == Pace::Animated) {
    owed_ = std::min(owed_ + speed_ * static_cast<double>(since_tick_.restart()) * 1e-3, 20'000.0);
    budget.events = static_cast<std::uint64_t>(owed_);
    budget.wall_seconds = kFastSlice;
    owed_ -= static_cast<double>(budget.events);
  } else {
    budget.wall_seconds = pace_ == Pace::Fast ? kFastSlice : kExpressSlice;
  }
  lab::RunEnd end = lab::RunEnd::Budget;
  if (budget.events > 0) end = session_->run_for(budget);
  if (end != lab::RunEnd::Budget) {
    finish(end);
    return;
  }
  const int every = pace_ == Pace::Express ? kExpressFrameEvery : kFrameEvery;
  if (shown_ && since_frame_.elapsed() >= every) send_frame(true);
  timer_->start(pace_ == Pace::Animated ? kTick : 0);
}

void LabWorker::finish(lab::RunEnd end) {
  timer_->stop();
  send_frame(false);
  switch (end) {
    case lab::RunEnd::Reached:
      emit stopped(tr("Reached: %1").arg(waiting_for_));
      break;
    case lab::RunEnd::Finished:
      emit stopped(tr("The run is over"));
      break;
    case lab::RunEnd::Failed:
      emit stopped(text(session_->status().problem));
      break;
    case lab::RunEnd::Budget:
    case lab::RunEnd::Cancelled:
      emit stopped({});
      break;
  }
}

void LabWorker::step() {
  if (!session_) return;
  timer_->stop();
  const lab::RunEnd end = session_->step();
  if (end == lab::RunEnd::Budget) {
    send_frame(false);
    emit stopped({});
  } else {
    finish(end);
  }
}

void LabWorker::step_back() {
  if (!session_) return;
  timer_->stop();
  const bool failed = session_->step_back() == lab::RunEnd::Failed;
  send_frame(false);
  emit stopped(failed ? text(session_->status().problem) : QString());
}

void LabWorker::seek(Time time) {
  if (!session_) return;
  timer_->stop();
  const bool failed = session_->seek(time) == lab::RunEnd::Failed;
  send_frame(false);
  emit stopped(failed ? text(session_->status().problem) : QString());
}

void LabWorker::seek_event(quint64 events) {
  if (!session_) return;
  timer_->stop();
  const bool failed = session_->seek_event(events) == lab::RunEnd::Failed;
  send_frame(false);
  emit stopped(failed ? text(session_->status().problem) : QString());
}

void LabWorker::restart() {
  if (!session_) return;
  timer_->stop();
  session_->restart();
  send_frame(false);
  emit stopped({});
}

void LabWorker::run_until(const QString& condition) {
  if (!session_) return;
  attempt([&] {
    session_->set_stop(lab::parse_stop(condition.toStdString()));
    waiting_for_ = condition;
    run(Pace::Fast);
  });
}

void LabWorker::intervene(const ShockParams& shock) {
  if (!session_) return;
  attempt([&] {
    session_->intervene(shock);
    send_frame(timer_->isActive());
  });
}

void LabWorker::intervene(const ChangeParams& change) {
  if (!session_) return;
  attempt([&] {
    session_->intervene(change);
    send_frame(timer_->isActive());
  });
}

void LabWorker::watch(const QStringList& inspectors) {
  watched_ = inspectors;
  if (session_ && !timer_->isActive()) send_frame(false);
}

void LabWorker::save(const QString& path) {
  if (!session_) return;
  attempt([&] {
    const ExecuteOutcome outcome = session_->save_run(path.toStdString());
    const bool written = outcome.exit_code == 0 || outcome.exit_code == 1;
    emit saved(path, written ? QString() : text(outcome.error));
  });
}

void LabWorker::send_frame(bool running) {
  auto frame = std::make_shared<LabFrame>();
  frame->status = session_->status();
  frame->network = network_;
  if (!running || pace_ != Pace::Express) {
    frame->messages = lab::messages(*session_, kPast, kFuture);
  }
  frame->series = session_->series_until_now();
  for (const QString& id : watched_) {
    frame->inspectors.push_back(lab::inspect(*session_, id.toStdString()));
  }
  frame->interventions = session_->interventions();
  const double wall =
      since_frame_.isValid() ? static_cast<double>(since_frame_.restart()) * 1e-3 : 0;
  if (running && wall > 0 && frame->status.events >= events_at_frame_) {
    frame->events_per_second = static_cast<double>(frame->status.events - events_at_frame_) / wall;
    frame->simulated_per_second = (frame->status.time - time_at_frame_).seconds() / wall;
  }
  events_at_frame_ = frame->status.events;
  time_at_frame_ = frame->status.time;
  frame->running = running;
  shown_ = false;
  emit this->frame(frame);
}

LabClient::LabClient(QObject* parent) : QObject(parent), worker_(new LabWorker) {
  qRegisterMetaType<LabFramePtr>();
  thread_.setObjectName(QStringLiteral("laboratory"));
  worker_->moveToThread(&thread_);
  connect(&thread_, &QThread::finished, worker_, &QObject::deleteLater);
  thread_.start();
}

LabClient::~LabClient() {
  worker_->interrupt();
  thread_.quit();
  thread_.wait();
}

void LabClient::post(std::function<void(LabWorker&)> work) {
  LabWorker* worker = worker_;
  QMetaObject::invokeMethod(
      worker, [worker, work = std::move(work)] { work(*worker); }, Qt::QueuedConnection);
}

void LabClient::post_now(std::function<void(LabWorker&)> work) {
  worker_->interrupt();
  post(std::move(work));
}

}  // namespace mezz::gui

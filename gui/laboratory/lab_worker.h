// The session in a thread of its own. The window posts commands and gets frames; a new frame is
// made only when the last one was shown (shown()), so a slow window never holds up the run and a
// fast run never floods the window.
#pragma once

#include <QElapsedTimer>
#include <QMutex>
#include <QObject>
#include <QStringList>
#include <QThread>
#include <QTimer>
#include <functional>
#include <memory>

#include "gui/laboratory/lab_frame.h"

namespace mezz::gui {

enum class Pace { Animated, Fast, Express };

// Lives in the thread; LabClient is the only one that talks to it.
class LabWorker final : public QObject {
  Q_OBJECT

 public:
  void open(const Scenario& scenario);
  void run(Pace pace);
  void set_speed(double events_per_second) { speed_ = events_per_second; }
  void step();
  void pause();
  void step_back();
  void seek(Time time);
  void seek_event(quint64 events);
  void restart();
  void run_until(const QString& condition);
  void intervene(const ShockParams& shock);
  void intervene(const ChangeParams& change);
  void watch(const QStringList& inspectors);
  void save(const QString& path);
  void frame_shown() { shown_ = true; }
  // From any thread: ends the call that runs.
  void interrupt();

 signals:
  void frame(mezz::gui::LabFramePtr frame);
  // Why the run stands still, in words; empty when it was asked to.
  void stopped(const QString& why);
  void refused(const QString& problem);
  void saved(const QString& path, const QString& problem);

 private:
  void tick();
  void finish(lab::RunEnd end);
  void send_frame(bool running);
  void attempt(const std::function<void()>& work);

  std::unique_ptr<lab::LabSession> session_;
  QMutex session_lock_;  // the pointer, for interrupt(); only open() changes it
  std::shared_ptr<const lab::Network> network_;
  QStringList watched_;
  QString waiting_for_;
  QTimer* timer_ = nullptr;
  QElapsedTimer since_frame_;
  QElapsedTimer since_tick_;
  std::uint64_t events_at_frame_ = 0;
  Time time_at_frame_;
  double owed_ = 0;  // events of the animated pace
  double speed_ = 20;
  Pace pace_ = Pace::Animated;
  bool shown_ = true;
};

class LabClient final : public QObject {
  Q_OBJECT

 public:
  explicit LabClient(QObject* parent = nullptr);
  ~LabClient() override;

  [[nodiscard]] LabWorker* worker() const { return worker_; }
  // Runs in the worker's thread, after what was posted before. A command that must not wait for the
  // run to end interrupts it first.
  void post(std::function<void(LabWorker&)> work);
  void post_now(std::function<void(LabWorker&)> work);

 private:
  QThread thread_;
  LabWorker* worker_;
};

}  // namespace mezz::gui

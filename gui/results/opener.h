// Reads result files in a thread of its own, one at a time: first the summaries that were asked
// for, then the rows. The window never waits; what is under way can be cancelled. Signals come in
// the thread of the receiver.
#pragma once

#include <QObject>
#include <QStringList>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

#include "gui/model/compare_series.h"
#include "gui/model/event_log.h"
#include "gui/model/run_data.h"

namespace mezz::gui {

// What views share of one run.
struct OpenRun {
  std::shared_ptr<const RunData> data;
  std::shared_ptr<const EventLog> log;
};

class Opener final : public QObject {
  Q_OBJECT

 public:
  explicit Opener(QObject* parent = nullptr);
  ~Opener() override;

  // Another program than mezz-h5read beside this one; for tests.
  void set_reader(const std::string& program);
  // Files and folders.
  void summarise(const QStringList& paths);
  void load(const QString& path);
  void compare(const QString& first, const QString& second);
  void cancel();
  [[nodiscard]] bool busy() const;

 signals:
  void summarised(const RunSummary& summary);
  void loaded(const OpenRun& run);
  void failed(const QString& path, const QString& reason);
  void compared(const Divergence& divergence);
  // Share of the file that is being loaded; 1 when all is done.
  void progressed(const QString& what, double share);

 private:
  using Task = std::function<void(const std::stop_token&)>;

  void add(Task task);
  void work(const std::stop_token& stop);
  void load_now(const QString& path, const std::stop_token& stop);

  mutable std::mutex mutex_;
  std::condition_variable_any wake_;
  std::deque<Task> tasks_;
  std::stop_source current_;
  bool working_ = false;
  std::string reader_;
  std::jthread thread_;
};

}  // namespace mezz::gui

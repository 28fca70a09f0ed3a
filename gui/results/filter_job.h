// Passes of a filter over an event log, in a thread of its own: the window goes on while ten
// million rows are looked at. One pass at a time; starting another stops the one before.
#pragma once

#include <QObject>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "gui/model/event_log.h"

namespace mezz::gui {

class FilterJob final : public QObject {
  Q_OBJECT

 public:
  using Rows = std::vector<std::uint32_t>;

  using QObject::QObject;

  void start(std::shared_ptr<const EventLog> log, const EventFilter& filter);
  // What was found so far is forgotten; no signal comes any more.
  void stop();
  [[nodiscard]] bool running() const { return running_; }

 signals:
  // In the thread of the receiver.
  void progressed(double share);
  void found(const std::shared_ptr<const Rows>& rows);

 private:
  std::uint64_t number_ = 0;  // of the pass; an answer to an older one comes too late
  bool running_ = false;
  std::jthread thread_;
};

}  // namespace mezz::gui

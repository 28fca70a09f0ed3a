#include "gui/results/filter_job.h"

#include <utility>

namespace mezz::gui {

void FilterJob::start(std::shared_ptr<const EventLog> log, const EventFilter& filter) {
  stop();
  running_ = true;
  const auto answer = [this, number = number_](auto work) {
    QMetaObject::invokeMethod(
        this,
        [this, number, work] {
          if (running_ && number == number_) work();
        },
        Qt::QueuedConnection);
  };
  thread_ = std::jthread([this, answer, filter, log = std::move(log)](const std::stop_token& stop) {
    const auto tell = [&](double share) { answer([this, share] { emit progressed(share); }); };
    auto rows = log->matching(filter, {.stop = stop, .progress = tell});
    if (!rows) return;
    answer([this, found_rows = std::make_shared<const Rows>(std::move(*rows))] {
      running_ = false;
      emit found(found_rows);
    });
  });
}

void FilterJob::stop() {
  thread_ = {};  // asks it to stop and waits: a fraction of a millisecond
  ++number_;
  running_ = false;
}

}  // namespace mezz::gui

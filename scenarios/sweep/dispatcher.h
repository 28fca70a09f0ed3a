// Hands out the runs of a schedule to threads, here and on other ranks, and keeps count. For
// several threads at once.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "scenarios/sweep/run_one.h"
#include "scenarios/sweep/schedule.h"

namespace mezz::sweep {

class Dispatcher {
 public:
  explicit Dispatcher(Schedule schedule) : schedule_(std::move(schedule)) {}

  struct Answer {
    enum class Kind : std::uint8_t { Run, Wait, End };
    Kind kind = Kind::End;
    std::size_t run = 0;
  };
  // Wait: others are still running and may open more. End: also after a signal or stop().
  Answer ask();
  // The same, waiting; none at the end.
  std::optional<std::size_t> take();
  void report(const RunReport& report);
  void stop(const std::string& why);

  struct Count {
    std::size_t known = 0;  // runs of the sweep, as far as it is known
    std::size_t finished = 0;
    std::size_t failed = 0;
    std::size_t now = 0;  // of these, in this process's time
  };
  [[nodiscard]] Count count() const;
  [[nodiscard]] std::string why_stopped() const;
  // Once all threads have ended.
  [[nodiscard]] const Schedule& schedule() const { return schedule_; }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Schedule schedule_;
  std::size_t now_ = 0;
  std::optional<std::string> stopped_;
};

// What the calling thread does meanwhile.
struct Meanwhile {
  std::chrono::milliseconds period{200};
  std::function<void()> tick;
};

// Runs until the dispatcher has no more, on `jobs` threads of this process.
void run_threads(Dispatcher& dispatcher, const Plan& plan, const Store& store, std::size_t jobs,
                 const Meanwhile& meanwhile);

}  // namespace mezz::sweep

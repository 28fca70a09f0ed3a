// A pool of equal machines shared by all batches: the oldest batch first, and first come, first
// served within a batch, so that the root of an old tree does not wait for the leaves of new ones.
// A value without engine: the owner draws service times and holds the timers' messages. Source:
// ZKsync Era's prover job queue (Queued -> Running -> Done | Failed -> Queued, attempts counted);
// reference sheet "layer-two protocols" section 3.1. An outage takes the jobs off the machines and
// puts them back, without counting an attempt; a smaller share of machines lets the
// running ones finish.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "sim/engine/event.h"
#include "sim/types/ratio.h"
#include "sim/types/rounding.h"
#include "sim/types/time.h"

namespace mezz {

struct ProofJob {
  std::uint64_t batch = 0;  // position in the store
  std::uint64_t attempt = 1;
};

struct RunningJob {
  ProofJob job;
  std::uint64_t number = 0;  // of its start, never used again
  std::uint64_t fails = 0;   // 1: this attempt comes to nothing
  Time started;
  Timer timer;
};

class JobPool {
 public:
  explicit JobPool(std::int64_t machines);

  void push(const ProofJob& job);
  [[nodiscard]] bool can_start() const { return !queue_.empty() && busy() < available_; }
  // Takes the oldest waiting job onto a machine; the owner sets timer and fails.
  RunningJob& start(Time now);
  RunningJob finish(std::uint64_t number, Time now);

  // Share of the machines that works from now on; rounded up, so that any share above 0 leaves one.
  void set_share(Ratio share, Time now);
  // Takes all jobs off the machines, back to the front of their batch; returns what was running.
  std::vector<RunningJob> interrupt(Time now);
  // Forgets all jobs of the batches from this position on; returns what was running.
  std::vector<RunningJob> forget_from(std::uint64_t batch, Time now);

  [[nodiscard]] std::uint64_t busy() const { return running_.size(); }
  [[nodiscard]] std::uint64_t waiting() const { return queue_.size(); }
  [[nodiscard]] std::uint64_t machines() const { return machines_; }
  // Machine time used from 0 to now, as a share of what all machines had.
  [[nodiscard]] double utilisation() const;
  void measure(Time now);

  void visit_state(auto& v) {
    v("queue", queue_);
    v("running", running_);
    v("available", available_);
    v("next_number", next_number_);
    v("used", used_);
    v("measured", measured_);
  }

 private:
  std::uint64_t machines_;
  std::uint64_t available_;
  std::deque<ProofJob> queue_;       // ascending batches
  std::vector<RunningJob> running_;  // ascending numbers
  std::uint64_t next_number_ = 0;
  Int128 used_ = 0;  // machine time up to measured_, ns
  Time measured_ = Time::zero();
};

}  // namespace mezz

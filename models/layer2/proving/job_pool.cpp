#include "models/layer2/proving/job_pool.h"

#include <algorithm>

#include "sim/check/assert.h"
#include "sim/engine/archive.h"

namespace mezz {

static_assert(Flat<ProofJob> && Flat<RunningJob>);

JobPool::JobPool(std::int64_t machines)
    : machines_(static_cast<std::uint64_t>(machines)), available_(machines_) {
  MEZZ_ASSERT(machines >= 1);
}

void JobPool::push(const ProofJob& job) {
  const auto after = std::upper_bound(
      queue_.begin(), queue_.end(), job.batch,
      [](std::uint64_t batch, const ProofJob& other) { return batch < other.batch; });
  queue_.insert(after, job);
}

void JobPool::measure(Time now) {
  MEZZ_ASSERT(now >= measured_);
  used_ += Int128{(now - measured_).ns} * static_cast<std::int64_t>(busy());
  measured_ = now;
}

RunningJob& JobPool::start(Time now) {
  MEZZ_ASSERT(can_start());
  measure(now);
  running_.push_back(
      {.job = queue_.front(), .number = next_number_++, .started = now, .timer = {}});
  queue_.pop_front();
  MEZZ_ASSERT(busy() <= machines_);
  return running_.back();
}

RunningJob JobPool::finish(std::uint64_t number, Time now) {
  measure(now);
  const auto found = std::lower_bound(
      running_.begin(), running_.end(), number,
      [](const RunningJob& job, std::uint64_t wanted) { return job.number < wanted; });
  MEZZ_ASSERT(found != running_.end() && found->number == number);
  const RunningJob done = *found;
  running_.erase(found);
  return done;
}

void JobPool::set_share(Ratio share, Time now) {
  MEZZ_ASSERT(share >= Ratio::zero());
  measure(now);
  const auto all = static_cast<std::int64_t>(machines_);
  const std::int64_t left =
      mul_div(all, std::min(share, Ratio::one()).ppb, Ratio::kScale, Round::Up);
  available_ = static_cast<std::uint64_t>(left);
  MEZZ_ASSERT(available_ <= machines_);
}

std::vector<RunningJob> JobPool::interrupt(Time now) {
  measure(now);
  std::vector<RunningJob> stopped;
  stopped.swap(running_);
  for (std::size_t i = stopped.size(); i > 0; --i) {
    const ProofJob& job = stopped[i - 1].job;
    const auto before = std::lower_bound(
        queue_.begin(), queue_.end(), job.batch,
        [](const ProofJob& other, std::uint64_t batch) { return other.batch < batch; });
    queue_.insert(before, job);
  }
  return stopped;
}

std::vector<RunningJob> JobPool::forget_from(std::uint64_t batch, Time now) {
  measure(now);
  std::erase_if(queue_, [batch](const ProofJob& job) { return job.batch >= batch; });
  std::vector<RunningJob> stopped;
  std::vector<RunningJob> kept;
  for (const RunningJob& job : running_) {
    (job.job.batch >= batch ? stopped : kept).push_back(job);
  }
  running_.swap(kept);
  return stopped;
}

double JobPool::utilisation() const {
  const double had = static_cast<double>(machines_) * static_cast<double>(measured_.ns);
  return had > 0 ? static_cast<double>(used_) / had : 0.0;
}

}  // namespace mezz

#include "scenarios/sweep/dispatcher.h"

#include <atomic>
#include <thread>
#include <vector>

namespace mezz::sweep {

namespace {

using namespace std::chrono_literals;

}  // namespace

Dispatcher::Answer Dispatcher::ask() {
  const std::lock_guard lock(mutex_);
  if (stopped_ || interruption_requested()) return {};
  if (const std::optional<std::size_t> run = schedule_.next()) return {Answer::Kind::Run, *run};
  return {schedule_.over() ? Answer::Kind::End : Answer::Kind::Wait, 0};
}

std::optional<std::size_t> Dispatcher::take() {
  for (;;) {
    const Answer answer = ask();
    if (answer.kind == Answer::Kind::Run) return answer.run;
    if (answer.kind == Answer::Kind::End) return std::nullopt;
    // A signal wakes nobody, so a look now and then.
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, 20ms);
  }
}

void Dispatcher::report(const RunReport& report) {
  {
    const std::lock_guard lock(mutex_);
    switch (report.end) {
      case RunEnd::Finished:
        schedule_.done(report.run, RunState::Finished, report.value);
        ++now_;
        break;
      case RunEnd::Failed:
        schedule_.done(report.run, RunState::Failed, report.value);
        ++now_;
        break;
      case RunEnd::Broken:
        if (!stopped_) stopped_ = "run " + std::to_string(report.run) + ": " + report.message;
        schedule_.give_back(report.run);
        break;
      case RunEnd::Abandoned:
        schedule_.give_back(report.run);
        break;
    }
  }
  changed_.notify_all();
}

void Dispatcher::stop(const std::string& why) {
  const std::lock_guard lock(mutex_);
  if (!stopped_) stopped_ = why;
}

Dispatcher::Count Dispatcher::count() const {
  const std::lock_guard lock(mutex_);
  Count count{.now = now_};
  for (const Schedule::Block& block : schedule_.blocks()) {
    count.known += block.opened;
    for (std::size_t i = 0; i < block.opened; ++i) {
      const RunState state = schedule_.states()[block.first + i];
      count.finished += state == RunState::Finished ? 1 : 0;
      count.failed += state == RunState::Failed ? 1 : 0;
    }
  }
  return count;
}

std::string Dispatcher::why_stopped() const {
  const std::lock_guard lock(mutex_);
  return stopped_.value_or("");
}

void run_threads(Dispatcher& dispatcher, const Plan& plan, const Store& store, std::size_t jobs,
                 const Meanwhile& meanwhile) {
  std::mutex mutex;
  std::condition_variable ended;
  std::size_t active = jobs;
  const auto work = [&] {
    while (const std::optional<std::size_t> run = dispatcher.take()) {
      dispatcher.report(run_one(plan, store, *run));
    }
    const std::lock_guard lock(mutex);
    --active;
    ended.notify_all();
  };
  std::vector<std::jthread> workers;
  for (std::size_t i = 0; i < jobs; ++i) workers.emplace_back(work);
  std::unique_lock lock(mutex);
  while (active > 0) {
    ended.wait_for(lock, meanwhile.period);
    lock.unlock();
    if (meanwhile.tick) meanwhile.tick();
    lock.lock();
  }
}

}  // namespace mezz::sweep

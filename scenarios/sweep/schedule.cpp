#include "scenarios/sweep/schedule.h"

#include <algorithm>
#include <limits>

#include "sim/check/assert.h"

namespace mezz::sweep {

Schedule::Schedule(const Plan& plan, std::vector<RunState> states, const ValueOf& value)
    : until_(plan.until), states_(std::move(states)) {
  MEZZ_ASSERT(states_.size() == plan.runs.size());
  values_.assign(states_.size(), std::numeric_limits<double>::quiet_NaN());
  if (until_) {
    for (std::size_t run = 0; run < states_.size(); ++run) {
      if (states_[run] == RunState::Finished) values_[run] = value(run);
    }
  }
  const std::size_t size = until_ ? static_cast<std::size_t>(until_->max) : states_.size();
  for (std::size_t first = 0; first < states_.size(); first += size) {
    Block block{.first = first, .size = size};
    open(block, until_ ? static_cast<std::size_t>(until_->min) : size);
    look(block);
    blocks_.push_back(block);
  }
}

void Schedule::open(Block& block, std::size_t count) {
  const std::size_t end = std::min(block.opened + count, block.size);
  for (; block.opened < end; ++block.opened) {
    const std::size_t run = block.first + block.opened;
    if (states_[run] != RunState::Left) continue;
    waiting_.push_back(run);
    ++block.left;
  }
}

void Schedule::look(Block& block) {
  while (block.left == 0 && !block.closed) {
    if (!until_) {
      block.closed = true;
      return;
    }
    const auto begin = values_.begin() + static_cast<std::ptrdiff_t>(block.first);
    block.precision = precision_of(
        std::vector<double>(begin, begin + static_cast<std::ptrdiff_t>(block.opened)), *until_);
    block.closed = block.precision.narrow || block.opened == block.size;
    if (!block.closed) open(block, static_cast<std::size_t>(until_->batch));
  }
}

std::optional<std::size_t> Schedule::next() {
  if (waiting_.empty()) return std::nullopt;
  const std::size_t run = waiting_.front();
  waiting_.pop_front();
  ++running_;
  return run;
}

void Schedule::done(std::size_t run, RunState state, double value) {
  MEZZ_ASSERT(running_ > 0);
  MEZZ_ASSERT(states_.at(run) == RunState::Left && state != RunState::Left);
  --running_;
  states_[run] = state;
  values_[run] = value;
  Block& block = blocks_[run / blocks_.front().size];
  --block.left;
  look(block);
}

void Schedule::give_back(std::size_t run) {
  MEZZ_ASSERT(running_ > 0);
  --running_;
  waiting_.push_front(run);
}

std::vector<std::size_t> Schedule::opened() const {
  std::vector<std::size_t> out;
  for (const Block& block : blocks_) {
    for (std::size_t i = 0; i < block.opened; ++i) out.push_back(block.first + i);
  }
  return out;
}

}  // namespace mezz::sweep

// Which run comes next. Runs are handed out in the order of their numbers; with [sweep.until] the
// seeds of a combination are opened `min` first and then `batch` by batch, each after all before it
// are done, so the set of runs does not depend on who is faster. Not for several threads at once
// (dispatcher.h).
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <vector>

#include "scenarios/sweep/plan.h"
#include "scenarios/sweep/precision.h"
#include "scenarios/sweep/store.h"

namespace mezz::sweep {

class Schedule {
 public:
  // `value` gives the number of [sweep.until] of a run that was finished before.
  using ValueOf = std::function<double(std::size_t)>;
  Schedule(const Plan& plan, std::vector<RunState> states, const ValueOf& value);

  // None: nothing can be started now.
  std::optional<std::size_t> next();
  void done(std::size_t run, RunState state, double value);
  void give_back(std::size_t run);  // taken, but not done

  // Nothing is left to start, and nothing is running that could open more.
  [[nodiscard]] bool over() const { return waiting_.empty() && running_ == 0; }
  // Runs that this sweep consists of, as far as it is known.
  [[nodiscard]] std::vector<std::size_t> opened() const;
  [[nodiscard]] const std::vector<RunState>& states() const { return states_; }
  struct Block {
    std::size_t first = 0;
    std::size_t size = 0;    // numbers it has
    std::size_t opened = 0;  // of which these are run
    std::size_t left = 0;    // of which these are not done
    bool closed = false;     // no more will be opened
    Precision precision = {};
  };
  [[nodiscard]] const std::vector<Block>& blocks() const { return blocks_; }

 private:
  void open(Block& block, std::size_t count);
  void look(Block& block);

  std::optional<Until> until_;
  std::vector<RunState> states_;
  std::vector<double> values_;
  std::vector<Block> blocks_;
  std::deque<std::size_t> waiting_;
  std::size_t running_ = 0;
};

}  // namespace mezz::sweep

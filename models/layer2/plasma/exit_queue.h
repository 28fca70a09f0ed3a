// The priority queue of an exit game: a binary heap that knows where each exit stands, so that a
// challenged one leaves in O(log n). The order is total (ExitPriority), hence the same whatever the
// shape of the heap. A value; exits are numbered from 0.
#pragma once

#include <cstdint>
#include <vector>

#include "models/layer2/plasma/exit_rules.h"

namespace mezz::plasma {

class ExitQueue {
 public:
  void push(const ExitPriority& exit);
  [[nodiscard]] const ExitPriority& front() const;
  void pop();
  void erase(std::uint64_t exit);  // must be in the queue
  [[nodiscard]] bool holds(std::uint64_t exit) const;
  [[nodiscard]] std::size_t size() const { return heap_.size(); }
  [[nodiscard]] bool empty() const { return heap_.empty(); }
  // How many are exitable, counted up to `limit`: costs O(limit).
  [[nodiscard]] std::size_t due(Time now, std::size_t limit) const;

  void visit_state(auto& v) {
    v("heap", heap_);
    v("place", place_);
  }

 private:
  static constexpr std::uint64_t kAbsent = UINT64_MAX;
  void put(std::size_t at, const ExitPriority& exit);
  void sift_up(std::size_t at);
  void sift_down(std::size_t at);

  std::vector<ExitPriority> heap_;
  std::vector<std::uint64_t> place_;  // by exit: index in the heap
};

}  // namespace mezz::plasma

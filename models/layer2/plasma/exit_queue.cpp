#include "models/layer2/plasma/exit_queue.h"

#include <algorithm>

#include "sim/check/assert.h"

namespace mezz::plasma {

void ExitQueue::put(std::size_t at, const ExitPriority& exit) {
  heap_[at] = exit;
  place_[exit.exit] = at;
}

void ExitQueue::sift_up(std::size_t at) {
  const ExitPriority moving = heap_[at];
  while (at > 0) {
    const std::size_t parent = (at - 1) / 2;
    if (heap_[parent] <= moving) break;
    put(at, heap_[parent]);
    at = parent;
  }
  put(at, moving);
}

void ExitQueue::sift_down(std::size_t at) {
  const ExitPriority moving = heap_[at];
  for (;;) {
    std::size_t child = 2 * at + 1;
    if (child >= heap_.size()) break;
    if (child + 1 < heap_.size() && heap_[child + 1] < heap_[child]) ++child;
    if (moving <= heap_[child]) break;
    put(at, heap_[child]);
    at = child;
  }
  put(at, moving);
}

void ExitQueue::push(const ExitPriority& exit) {
  MEZZ_ASSERT(!holds(exit.exit));
  if (place_.size() <= exit.exit) place_.resize(exit.exit + 1, kAbsent);
  heap_.push_back(exit);
  sift_up(heap_.size() - 1);
  MEZZ_ASSERT(holds(exit.exit));
}

const ExitPriority& ExitQueue::front() const {
  MEZZ_ASSERT(!heap_.empty());
  return heap_.front();
}

void ExitQueue::pop() { erase(front().exit); }

void ExitQueue::erase(std::uint64_t exit) {
  MEZZ_ASSERT(holds(exit));
  const std::size_t at = place_[exit];
  MEZZ_ASSERT(heap_[at].exit == exit);
  place_[exit] = kAbsent;
  const ExitPriority last = heap_.back();
  heap_.pop_back();
  if (at == heap_.size()) return;
  put(at, last);
  sift_up(at);
  sift_down(place_[last.exit]);
}

bool ExitQueue::holds(std::uint64_t exit) const {
  return exit < place_.size() && place_[exit] != kAbsent;
}

std::size_t ExitQueue::due(Time now, std::size_t limit) const {
  std::vector<std::size_t> open;
  if (!heap_.empty()) open.push_back(0);
  std::size_t found = 0;
  while (!open.empty() && found < limit) {
    const std::size_t at = open.back();
    open.pop_back();
    if (heap_[at].exitable > now) continue;  // so are all below it
    ++found;
    if (2 * at + 1 < heap_.size()) open.push_back(2 * at + 1);
    if (2 * at + 2 < heap_.size()) open.push_back(2 * at + 2);
  }
  return found;
}

}  // namespace mezz::plasma

#include "gui/model/laboratory/snapshot_store.h"

#include <algorithm>
#include <utility>

namespace mezz::lab {

bool SnapshotStore::due(std::uint64_t events) const {
  if (states_.empty()) return true;
  const SavedState& last = states_.back();
  const std::uint64_t worth = last.bytes.size() / kBytesPerEvent;
  return events >= last.events + std::max(kLeastEvents, worth) * thinned_;
}

void SnapshotStore::add(SavedState state) {
  const auto same = [&](const SavedState& other) { return other.events == state.events; };
  if (std::any_of(states_.begin(), states_.end(), same)) return;
  const auto after = std::upper_bound(
      states_.begin(), states_.end(), state.events,
      [](std::uint64_t events, const SavedState& other) { return events < other.events; });
  states_.insert(after, std::move(state));
  while (bytes() > budget_ && states_.size() > 2) {
    std::vector<SavedState> kept;
    for (std::size_t i = 0; i < states_.size(); ++i) {
      if (i % 2 == 0) kept.push_back(std::move(states_[i]));
    }
    states_ = std::move(kept);
    thinned_ *= 2;
  }
}

void SnapshotStore::drop_after(std::uint64_t events) {
  std::erase_if(states_, [&](const SavedState& state) { return state.events > events; });
}

const SavedState* SnapshotStore::before_event(std::uint64_t events) const {
  const SavedState* best = nullptr;
  for (const SavedState& state : states_) {
    if (state.events <= events) best = &state;
  }
  return best;
}

const SavedState* SnapshotStore::before_time(Time time) const {
  const SavedState* best = nullptr;
  for (const SavedState& state : states_) {
    if (state.time <= time) best = &state;
  }
  return best;
}

std::size_t SnapshotStore::bytes() const {
  std::size_t sum = 0;
  for (const SavedState& state : states_) sum += state.bytes.size();
  return sum;
}

}  // namespace mezz::lab

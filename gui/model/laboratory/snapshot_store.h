// Saved states of a session in memory, to go back to. The first one, before the first event, stays;
// over the byte budget every second of the others is dropped, so that what is left is spread over
// the whole run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "gui/model/laboratory/sender_log.h"
#include "sim/types/time.h"

namespace mezz::lab {

struct SavedState {
  std::uint64_t events = 0;  // dispatched before it
  Time time;
  std::uint64_t fingerprint = 0;
  std::vector<std::byte> bytes;
  SenderLog senders;
  std::size_t interventions = 0;  // sent before it
};

class SnapshotStore {
 public:
  explicit SnapshotStore(std::size_t budget) : budget_(budget) {}

  // True when a state at this event would be worth its bytes: none yet, or so many events after the
  // last one that it costs no more than kBytesPerEvent each.
  [[nodiscard]] bool due(std::uint64_t events) const;
  void add(SavedState state);
  void clear() { states_.clear(); }
  // Forgets states behind this event: history was changed there.
  void drop_after(std::uint64_t events);
  // The last one at or before; null when there is none.
  [[nodiscard]] const SavedState* before_event(std::uint64_t events) const;
  [[nodiscard]] const SavedState* before_time(Time time) const;

  [[nodiscard]] std::size_t count() const { return states_.size(); }
  [[nodiscard]] std::size_t bytes() const;
  [[nodiscard]] const std::vector<SavedState>& states() const { return states_; }

 private:
  static constexpr std::uint64_t kLeastEvents = 4096;
  static constexpr std::uint64_t kBytesPerEvent = 64;

  std::size_t budget_;
  std::vector<SavedState> states_;  // ascending in events
  std::uint64_t thinned_ = 1;       // intervals are this many times longer
};

}  // namespace mezz::lab

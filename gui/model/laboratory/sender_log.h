// Who sent what: an event carries its receiver only. Sequence numbers are given out in order, so
// the sender of an event is the one that was being handled when its number was due. The log keeps
// one entry per handled event that sent anything, and is thinned now and then to the entries that
// pending events still need.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/types/id.h"
#include "sim/types/time.h"

namespace mezz::lab {

struct Sender {
  EntityId entity;  // none: scheduled while the world was built
  Time sent;
};

class SenderLog {
 public:
  // Before an event is handled: what it sends will be numbered from `next_sequence` on.
  void note(std::uint64_t next_sequence, EntityId entity, Time now) {
    if (!entries_.empty() && entries_.back().first == next_sequence) entries_.pop_back();
    entries_.push_back({next_sequence, entity, now});
  }
  [[nodiscard]] Sender find(std::uint64_t sequence) const;
  // Keeps what the events with these numbers, ascending, and later ones need.
  void thin(const std::vector<std::uint64_t>& pending);
  [[nodiscard]] std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    std::uint64_t first = 0;
    EntityId entity;
    Time sent;
  };
  std::vector<Entry> entries_;  // ascending
};

}  // namespace mezz::lab

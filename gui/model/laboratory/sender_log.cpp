#include "gui/model/laboratory/sender_log.h"

#include <algorithm>

namespace mezz::lab {

Sender SenderLog::find(std::uint64_t sequence) const {
  const auto after = std::upper_bound(
      entries_.begin(), entries_.end(), sequence,
      [](std::uint64_t number, const Entry& entry) { return number < entry.first; });
  if (after == entries_.begin()) return {EntityId::none(), Time::zero()};
  return {(after - 1)->entity, (after - 1)->sent};
}

void SenderLog::thin(const std::vector<std::uint64_t>& pending) {
  std::vector<Entry> kept;
  std::size_t next = 0;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const bool last = i + 1 == entries_.size();
    while (next < pending.size() && pending[next] < entries_[i].first) ++next;
    const bool needed = next < pending.size() && (last || pending[next] < entries_[i + 1].first);
    if (needed || last) kept.push_back(entries_[i]);
  }
  entries_ = std::move(kept);
}

}  // namespace mezz::lab

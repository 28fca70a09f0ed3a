// What a layer-two node knows of layer one: the canonical blocks it has heard of, with the time it
// heard. News may overtake each other on the wire when the link's delay is random: a head that
// contradicts an older one is taken as the reorg whose announcement is still under way, and that
// announcement is then ignored. Height 0 is known from the start.
#pragma once

#include <cstdint>
#include <vector>

#include "models/base_chain/messages.h"
#include "sim/types/time.h"

namespace mezz {

class L1View {
 public:
  static constexpr std::uint64_t kNothingLost = UINT64_MAX;

  // Both return the height down to which the view holds, when heights above it were orphaned, or
  // kNothingLost.
  std::uint64_t hear_head(const L1Head& head, Time now);
  std::uint64_t hear_reorg(const L1Reorg& reorg);

  [[nodiscard]] std::uint64_t height() const { return blocks_.size() - 1; }
  [[nodiscard]] Time heard(std::uint64_t height) const;
  [[nodiscard]] L1BlockId block(std::uint64_t height) const;  // none if only a later one was heard

  void visit_state(auto& v) {
    v("blocks", blocks_);
    v("newest", newest_);
    v("announced", announced_);
  }

 private:
  struct Entry {
    L1BlockId block;
    Time heard;
  };
  std::vector<Entry> blocks_{Entry{.block = {}, .heard = Time::zero()}};  // by height
  std::uint64_t newest_ = 0;              // highest block number heard of
  std::vector<std::uint64_t> announced_;  // kept heights of reorgs known from heads alone
};

}  // namespace mezz

// What the calls to a contract on layer one changed, for the case that a reorg takes blocks away:
// the contract adds one change per call, takes the newest back when the chain undoes its call, and
// forgets what has become final. A change names its call: `tag`, `block` and `height`, beside what
// the contract needs to restore its state. Source: L1Contract in messages.h (calls come undone last
// first).
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "models/base_chain/messages.h"
#include "sim/check/assert.h"

namespace mezz {

template <class Change>
class UndoLog {
 public:
  void add(Change change) { changes_.push_back(std::move(change)); }

  // The newest change, which must be that of the call.
  Change take(const L1Undo& call) {
    MEZZ_ASSERT(!changes_.empty());
    Change change = std::move(changes_.back());
    changes_.pop_back();
    MEZZ_ASSERT(change.tag == call.tag && change.block == call.block);
    return change;
  }

  // Forgets the changes up to a final height, oldest first, after a last look at each.
  template <class Look>
  void finalised(std::uint64_t height, Look look) {
    const auto first_open =
        std::find_if(changes_.begin(), changes_.end(),
                     [&](const Change& change) { return change.height > height; });
    std::for_each(changes_.begin(), first_open, look);
    changes_.erase(changes_.begin(), first_open);
  }
  void finalised(std::uint64_t height) {
    finalised(height, [](const Change&) {});
  }

  void visit_state(auto& v) { v("changes", changes_); }

 private:
  std::vector<Change> changes_;
};

}  // namespace mezz

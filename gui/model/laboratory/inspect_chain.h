// Inspectors of the chain: blocks and their rungs, sequencer, batches, claims and disputes, proofs,
// withdrawals, layer one. Null parts give an empty inspector: a design need not have them.
#pragma once

#include "gui/model/laboratory/inspector.h"

namespace mezz::lab {

Inspector inspect_blocks(const Study& study);
Inspector inspect_sequencer(const Study& study);
Inspector inspect_batches(const Study& study);
Inspector inspect_claims(const Study& study);
Inspector inspect_proofs(const Study& study);
Inspector inspect_bridge(const Study& study);
Inspector inspect_layer1(const Study& study);

// The first entity of this type, or null.
template <class T>
const T* part(const Study& study) {
  for (const Entity* entity : study.world().entities()) {
    if (const auto* found = dynamic_cast<const T*>(entity); found != nullptr) return found;
  }
  return nullptr;
}

}  // namespace mezz::lab

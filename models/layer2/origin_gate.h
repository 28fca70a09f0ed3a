// Whoever must agree before layer two may take the messages of a layer-one block: the signers of a
// quorum bridge mint only what they have attested. Without a gate the confirmation depth alone
// decides.
#pragma once

#include <cstdint>

namespace mezz {

class OriginGate {
 public:
  virtual ~OriginGate() = default;
  // Messages of layer-one blocks up to this height may be taken.
  [[nodiscard]] virtual std::uint64_t open_height() const = 0;
};

}  // namespace mezz

// Who can rebuild the state of layer two. Where batch data is on layer one, everybody can, and
// nobody asks; where a committee or an operator keeps it, those who prove, dispute or leave must
// ask first. A party that followed the chain keeps what was given out before data was withheld, so
// the answer depends on the block: the state after it needs the data of all blocks up to it.
#pragma once

#include "models/layer2/messages.h"

namespace mezz {

class DataAccess {
 public:
  virtual ~DataAccess() = default;
  // The whole state after the block can be rebuilt: what a challenger or an independent node needs.
  [[nodiscard]] virtual bool whole(BlockId block) const = 0;
  // The part of it that a proof about this account needs (Merkle witness).
  [[nodiscard]] virtual bool part_of(AccountId account, BlockId block) const = 0;
};

}  // namespace mezz

// The step "validity proofs settle": the contract that checks them and the operator that makes
// them. For every design whose state is proven, wherever its data is kept; comes after
// add_batch_poster and before add_canonical_bridge(parts, {}).
#pragma once

#include "models/layer2/designs/parts.h"

namespace mezz {

void add_validity_settlement(Parts& parts);

}  // namespace mezz

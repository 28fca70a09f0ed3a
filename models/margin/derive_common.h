// What Derive's margin managers share: what an oracle costs whose confidence is low.
#pragma once

#include "models/margin/common.h"

namespace mezz::margin::derive {

struct OracleContingency {
  Ratio threshold;
  Ratio factor;
};
// Missing confidence times the value that hangs on it; zero from the threshold on.
inline Wad oracle_cost(const OracleContingency& rule, Wad confidence, Wad value) {
  if (confidence >= Wad::from(rule.threshold)) return Wad::zero();
  return multiply(share(Wad::one() - confidence, rule.factor), value);
}

}  // namespace mezz::margin::derive

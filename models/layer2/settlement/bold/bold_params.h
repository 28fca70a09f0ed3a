// The section [bold] of a scenario: constants of the contracts and who plays.
#pragma once

#include "models/layer2/settlement/bold/bold_adversary.h"
#include "models/layer2/settlement/bold/bold_defender.h"
#include "models/layer2/settlement/bold/bold_rules.h"

namespace mezz {

struct BoldParams {
  bold::BoldRules rules;
  BoldDefenderParams defender;
  BoldAdversaryParams adversary;

  void visit(auto& v) {
    rules.visit(v);
    v("defender", defender, {.doc = "Honest parties that assert and defend"});
    v("adversary", adversary, {.doc = "Parties that assert false states on invalid_claim"});
  }
};

}  // namespace mezz

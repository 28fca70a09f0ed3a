// The headline numbers of a run, by the names of DESIGN section 6: read from the entities at the
// end.
#pragma once

#include <vector>

#include "models/base_chain/base_chain.h"
#include "models/layer2/designs/layer2.h"
#include "sim/record/sink.h"

namespace mezz {

struct Headline {
  Layer2 layer2;
  const BaseChain* l1 = nullptr;
  const Engine* engine = nullptr;
};

std::vector<Metric> headline_metrics(const Headline& headline);

}  // namespace mezz

// One headline number of a run, as /metrics stores it and `mezz run` prints it.
#pragma once

#include <string>

namespace mezz::analysis {

struct Metric {
  std::string name;  // "finality.settled.p99"
  double value = 0.0;
  std::string unit = "1";
};

}  // namespace mezz::analysis

// The headline numbers that every run reports (DESIGN section 6). A
// number that has no value in a run (a percentile of a rung that no transaction reached, of
// withdrawals of which none was paid) is NaN: null in JSON, "n/a" in tables, never zero.
#pragma once

#include <vector>

#include "sim/record/sink.h"

namespace mezz {

// Adds the missing ones of DESIGN section 6 as NaN.
void complete_headline(std::vector<Metric>& metrics);

}  // namespace mezz

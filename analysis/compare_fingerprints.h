// Where two runs part: bisection over their /fingerprints. The fingerprint is a running hash, so
// once it differs it stays different, and the first differing sample closes the window in which the
// first differing event lies. Events are not stored: `mezz diff` re-executes both runs inside the
// window. Samples are compared by what both files have (same count of events at the same time).
#pragma once

#include <cstdint>
#include <string>

#include "analysis/run_file.h"

namespace mezz::analysis {

struct FingerprintComparison {
  bool equal = false;
  // The first differing event has a number in (events_from, events_to]: both runs agree after
  // events_from events. Meaningful when not equal.
  std::uint64_t events_from = 0;
  std::uint64_t events_to = 0;
  Time time_from = {};
  Time time_to = {};
  std::string reason;  // for people; also names differing seeds and scenarios
};

FingerprintComparison compare_fingerprints(const RunFile& a, const RunFile& b);

}  // namespace mezz::analysis

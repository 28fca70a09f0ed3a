#include "analysis/compare_fingerprints.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "sim/check/assert.h"

namespace mezz::analysis {
namespace {

using Samples = std::vector<SubHash>;

void require_order(const RunFile& run, const Samples& samples) {
  for (std::size_t i = 1; i < samples.size(); ++i) {
    if (samples[i].events < samples[i - 1].events || samples[i].time < samples[i - 1].time) {
      throw RunFileError(run.path(), "the samples of /fingerprints are not in order");
    }
  }
}

// Samples whose number of events and time are in both files. After the runs part, the counts may
// part too; then nothing is common any more, which is itself a difference (see below).
std::vector<std::pair<SubHash, SubHash>> common_samples(const Samples& a, const Samples& b) {
  std::vector<std::pair<SubHash, SubHash>> common;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() && j < b.size()) {
    if (a[i].events == b[j].events && a[i].time == b[j].time) {
      common.emplace_back(a[i++], b[j++]);
    } else if (std::pair(a[i].events, a[i].time) < std::pair(b[j].events, b[j].time)) {
      ++i;
    } else {
      ++j;
    }
  }
  return common;
}

std::string inputs_that_differ(const RunFile& a, const RunFile& b) {
  std::string text;
  if (a.header().seed != b.header().seed) {
    text += fmt::format("; seeds {} and {}", a.header().seed, b.header().seed);
  }
  if (a.scenario().resolved != b.scenario().resolved) text += "; the scenarios differ";
  if (a.header().git_commit != b.header().git_commit) text += "; the programs differ";
  return text;
}

// Whether the last common sample is the end of this run.
bool ends_at(const RunFile& run, const Samples& samples,
             const std::vector<std::pair<SubHash, SubHash>>& common) {
  return !common.empty() && common.back().first.events == samples.back().events &&
         run.header().fingerprint == fmt::format("{:016x}", samples.back().fingerprint);
}

// The first sample after the last agreement, at which the runs are known to differ.
struct Closing {
  std::uint64_t events;
  Time time;
};
Closing first_after(const Samples& a, const Samples& b, std::uint64_t events) {
  Closing closing{events, {}};
  bool found = false;
  for (const Samples* samples : {&a, &b}) {
    const auto next = std::find_if(samples->begin(), samples->end(),
                                   [&](const SubHash& s) { return s.events > events; });
    if (next == samples->end()) continue;
    // The later of the two: the event that only one run has may come after the earlier sample.
    if (!found || next->events > closing.events) closing = {next->events, next->time};
    found = true;
  }
  return closing;
}

}  // namespace

FingerprintComparison compare_fingerprints(const RunFile& a, const RunFile& b) {
  const Samples samples_a = a.fingerprints();
  const Samples samples_b = b.fingerprints();
  require_order(a, samples_a);
  require_order(b, samples_b);
  const auto common = common_samples(samples_a, samples_b);
  const auto differs = [](const std::pair<SubHash, SubHash>& pair) {
    return pair.first.fingerprint != pair.second.fingerprint;
  };
  const auto parting = std::partition_point(common.begin(), common.end(),
                                            [&](const auto& pair) { return !differs(pair); });
  FingerprintComparison result;
  if (parting != common.begin()) {
    result.events_from = std::prev(parting)->first.events;
    result.time_from = std::prev(parting)->first.time;
  }
  if (parting != common.end()) {
    MEZZ_ASSERT(differs(*parting));
    result.events_to = parting->first.events;
    result.time_to = parting->first.time;
    result.reason =
        fmt::format("the runs part between events {} and {}", result.events_from, result.events_to);
  } else if (a.header().fingerprint == b.header().fingerprint) {
    result.equal = true;
    result.reason = fmt::format("{} samples and the final fingerprint agree", common.size());
    return result;
  } else {
    const Closing closing = first_after(samples_a, samples_b, result.events_from);
    result.events_to = closing.events;
    result.time_to = std::max(closing.time, result.time_from);
    if (closing.events == result.events_from) {  // after the last sample of both
      result.time_to = std::max({result.time_to, a.committed(), b.committed()});
      result.events_to = UINT64_MAX;
    }
    if (samples_a.empty() || samples_b.empty()) {
      result.reason = "the final fingerprints differ and a file has no samples of them";
    } else if (ends_at(a, samples_a, common) || ends_at(b, samples_b, common)) {
      result.reason =
          fmt::format("the runs agree up to event {}, where one ends and the other goes on",
                      result.events_from);
    } else {
      result.reason = fmt::format(
          "the runs agree up to event {} and have no common sample after it", result.events_from);
    }
  }
  result.reason += inputs_that_differ(a, b);
  return result;
}

}  // namespace mezz::analysis

// Private to this folder: which run is which observation of which group.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/compare/compare.h"

namespace mezz::analysis {

struct Observation {
  std::size_t run = 0;  // in RunSet::runs
  std::string seed;     // value of the key that pairs
  std::string rest;     // values of the further keys, "layer1.slot_time = 12 s, ..."
};

struct Group {
  std::string name;
  std::vector<Observation> observations;
};

struct Grouping {
  std::vector<Group> groups;
  bool single_runs = false;
  std::vector<std::string> left_out;
};

std::string group_of(const RunSet& set, const RunRecord& run, std::string_view by);
Grouping grouped(const RunSet& set, const CompareRequest& request);

// seed -> rest -> value, of the runs that have the number.
using Values = std::map<std::string, std::map<std::string, double>>;
Values values_of(const RunSet& set, const Group& group, std::string_view metric);

// One line for each group with runs that have no partner in the baseline.
std::vector<std::string> without_partner(const Grouping& grouping, const Group& baseline,
                                         std::string_view paired_on);

}  // namespace mezz::analysis

// A study is a scenario made real: the world with its entities, and the few references that the
// runner needs to read results and check invariants. build.cpp is the one place where names become
// objects.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/layer2/designs/layer2.h"
#include "scenarios/scenario.h"
#include "sim/record/recording.h"
#include "sim/world/world.h"

namespace mezz {

// A composition: examples/custom_rollup.cpp shows one of one's own.
using Layer2Builder = Layer2 (*)(World& world, const Layer2Params& params, Ref<BaseChain> l1);

class Study {
 public:
  // Builds and starts the world. Throws ScenarioError for what only the builder can see. A `design`
  // takes the place of the one the scenario names.
  Study(const Scenario& scenario, Recording* recording, Layer2Builder design = nullptr);
  ~Study();
  Study(const Study&) = delete;
  Study& operator=(const Study&) = delete;

  [[nodiscard]] World& world() { return world_; }
  [[nodiscard]] const World& world() const { return world_; }
  // For those who show the parts while the world runs; they look, they do not act.
  [[nodiscard]] const Layer2& layer2() const;
  [[nodiscard]] const BaseChain& layer1() const;
  // Every unit of money accounted for, on both layers; asserts. Called at every commit and at the
  // end.
  void check_conservation();
  // Writes rows that are only known at the end (transactions that never settled).
  void finish();
  // Headline numbers, names as in DESIGN section 6. Wall-clock numbers are added by the runner.
  [[nodiscard]] std::vector<Metric> metrics() const;
  // Ids and paths of all entities, for the result file.
  [[nodiscard]] std::vector<EntityGroup> entity_groups() const;

 private:
  struct Parts;
  World world_;
  std::unique_ptr<Parts> parts_;
};

// What a run of this scenario needs, estimated before anything is allocated.
struct ResourceEstimate {
  std::uint64_t memory_bytes = 0;
  std::uint64_t file_bytes = 0;
};
ResourceEstimate estimate(const Scenario& scenario);

}  // namespace mezz

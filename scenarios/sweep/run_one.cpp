#include "scenarios/sweep/run_one.h"

#include <limits>
#include <new>

#include "sim/check/error.h"

namespace mezz::sweep {

namespace {

double value_of(const ExecuteOutcome& outcome, const Plan& plan) {
  for (const Metric& metric : outcome.metrics) {
    if (plan.until && metric.name == plan.until->metric) return metric.value;
  }
  return std::numeric_limits<double>::quiet_NaN();
}

RunReport failed(const Store& store, std::size_t run, const Failure& failure) {
  store.fail(run, failure);
  return {.run = run,
          .end = RunEnd::Failed,
          .value = std::numeric_limits<double>::quiet_NaN(),
          .message = failure.message};
}

RunReport attempt(const Plan& plan, const Store& store, std::size_t run, const Executor& executor) {
  store.clear_work(run);
  ExecuteOptions options;
  options.out = store.work(run);
  const ExecuteOutcome outcome = executor(run_scenario(plan, run), options);
  if (outcome.status == RunStatus::Interrupted) {
    store.clear_work(run);
    return {.run = run, .end = RunEnd::Abandoned};
  }
  if (outcome.exit_code == 3) return {.run = run, .end = RunEnd::Broken, .message = outcome.error};
  if (outcome.status == RunStatus::Failed) {
    return failed(store, run, {.message = outcome.error, .event = outcome.event});
  }
  store.finish(run);
  return {.run = run, .end = RunEnd::Finished, .value = value_of(outcome, plan)};
}

}  // namespace

RunReport run_one(const Plan& plan, const Store& store, std::size_t run, const Executor& executor) {
  try {
    try {
      return attempt(plan, store, run, executor);
    } catch (const ScenarioError& error) {
      return failed(store, run, {.message = error.what(), .event = {}});
    } catch (const AssertionFailure& error) {  // while building
      return failed(store, run, {.message = error.what(), .event = {}});
    }
  } catch (const std::bad_alloc&) {
    return {.run = run, .end = RunEnd::Broken, .message = "out of memory"};
  } catch (const std::exception& error) {
    return {.run = run, .end = RunEnd::Broken, .message = error.what()};
  }
}

}  // namespace mezz::sweep

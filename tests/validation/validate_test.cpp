#include "scenarios/validation/validate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "scenarios/validation/experiment.h"
#include "scenarios/validation/registry.h"

namespace mezz::validation {
namespace {

struct Call {
  int code = 0;
  ValidateOutput output;
};
Call call(const ValidateOptions& options) {
  Call result;
  result.code = validate(options, result.output);
  return result;
}
void expect_pass(const std::string& name, const std::vector<std::string>& overrides = {}) {
  const Call result = call({.names = {name}, .overrides = overrides});
  EXPECT_EQ(result.code, 0) << result.output.out << result.output.err;
}

TEST(Validate, DeterministicRowsAreExact) {
  for (const char* id : {"A-F-1", "A-F-2", "A-F-3", "A-F-4", "A-F-5", "A-F-7", "A-T-1", "A-T-4",
                         "A-L-10", "A-L-11", "I-B-1"}) {
    expect_pass(id);
  }
}

TEST(Validate, RecordedBaseFeesFollowTheRule) {
  const Call result = call({.names = {"A-F-6"}});
  if (result.output.out.find("skipped: ") != std::string::npos) GTEST_SKIP() << "no shared data";
  EXPECT_EQ(result.code, 0) << result.output.out;
}

TEST(Validate, DeterministicLawsHoldForOtherInputs) {
  expect_pass("base_fee_full", {"fullness=75 %", "gas_limit=60_000_000 gas"});
  expect_pass("base_fee_tenfold", {"factor=3.5", "fullness=80 %"});
  expect_pass("blob_fee_exponential", {"schedule=bpo2", "excess=[1, 250_000_000]"});
  expect_pass("blob_fee_to_a_gwei", {"schedule=prague", "threshold=2 gwei"});
  expect_pass("blob_fee_to_a_gwei", {"schedule=bpo1", "threshold=100 gwei"});  // EIP-7918
  expect_pass("blob_crossover", {"demand=150 %", "factor=20", "published_blocks=51"});
  expect_pass("base_fee_alternating", {"high=90 %", "low=20 %", "pairs=37"});
  expect_pass("arbitrum_confirm_period", {"period=1234", "slot_time=10 s"});
  expect_pass("op_dispute_clocks",
              {"game.max_clock_duration=2 d", "withdrawal.finality_delay=1 d"});
  expect_pass("crash_grace", {"leverages=[4, 15]", "maintenance=3 %", "fall=60 %"});
  expect_pass("crash_keeper_5min_20x", {"delay=10 min"});
}

TEST(Validate, StatisticalLawsHoldForOtherInputs) {
  expect_pass("mm1_queue", {"utilisation=0.6", "tolerance=0.03", "effort.size=10000"});
  expect_pass("mlogn1_queue", {"service.cv=1.2", "tolerance=0.04", "effort.size=10000"});
  expect_pass("two_servers",
              {"servers=3", "utilisation=0.5", "tolerance=0.03", "effort.size=10000"});
  expect_pass("vacation_queue", {"vacation.mean=10 s", "tolerance=0.03", "effort.size=10000"});
  expect_pass("time_trigger", {"trigger.interval=5 s", "tolerance=0.01", "effort.size=10000"});
  expect_pass("size_trigger", {"trigger.size=30", "rate=2.0", "tolerance=0.02"});
  expect_pass("hybrid_trigger", {"trigger.size=60", "tolerance=0.01"});  // the timer mostly wins
  expect_pass("priority_conservation",
              {"other_utilisation=0.2", "tolerance=0.05", "effort.size=10000"});
  expect_pass("arbitrum_confirm_period", {"missed_slots=5 %", "period=5000", "tolerance=0.01"});
  expect_pass("ethereum_finality", {"slot_time=6 s", "tolerance=0.01"});
  expect_pass("half_censor", {"censoring=30 %", "slots=4", "effort.size=20000"});
  expect_pass("hit_10x", {"leverage=7.0", "horizon=3 d", "volatility=0.9"});
  expect_pass("delay_1d", {"maintenance=1 %", "delay.mean=12 h"});
  expect_pass("delay_uniform", {"delay.mean=3 h", "delay.spread=1 h"});
  expect_pass("avellaneda_stoikov", {"risk_aversion=0.5", "steps=100", "tolerance=0.02"});
}

TEST(Validate, WrongNameAndWrongInputAreUsageErrors) {
  const Call name = call({.names = {"mm1_quue"}});
  EXPECT_EQ(name.code, 2);
  EXPECT_NE(name.output.err.find("did you mean 'mm1_queue'"), std::string::npos) << name.output.err;
  EXPECT_EQ(call({.names = {"mm1_queue"}, .overrides = {"utilisation=1.0"}}).code, 2);
  EXPECT_EQ(call({.names = {"mm1_queue"}, .overrides = {"utilization=0.5"}}).code, 2);
  EXPECT_EQ(call({.overrides = {"utilisation=0.5"}}).code, 2);
}

// A law that is off by a factor, over the same simulation.
class WrongQueueLaw final : public ValidationCase {
 public:
  explicit WrongQueueLaw(double factor)
      : inner_(load_case(default_folder() + "/md1_queue.toml",
                         {"tolerance=0.03", "effort.size=20000", "effort.size_max=200000"})),
        factor_(factor) {}
  void configure(const config::Node&, const config::ReadOptions&) override {}
  [[nodiscard]] config::Field describe() const override { return {.name = "wrong"}; }
  [[nodiscard]] Effort effort() const override { return inner_.validation->effort(); }
  [[nodiscard]] std::vector<LawRow> law() const override {
    std::vector<LawRow> rows = inner_.validation->law();
    rows[0].law *= factor_;
    return rows;
  }
  [[nodiscard]] std::vector<double> replicate(const Replication& r) const override {
    return inner_.validation->replicate(r);
  }

 private:
  LoadedCase inner_;
  double factor_;
};

TEST(Validate, AWrongLawFails) {
  EXPECT_TRUE(run_case(WrongQueueLaw(1.0)).rows[0].pass);
  EXPECT_FALSE(run_case(WrongQueueLaw(1.05)).rows[0].pass);
  EXPECT_FALSE(run_case(WrongQueueLaw(0.95)).rows[0].pass);
}

TEST(Judge, AWideIntervalIsAFailure) {
  const LawRow row{"x", 10, Comparison::Mean, 0.01, true};
  std::vector<double> values;
  for (int i = 0; i < 30; ++i) values.push_back(i % 2 == 0 ? 5 : 15);
  const Row verdict = judge(row, values, 30);
  EXPECT_TRUE(verdict.ci99.contains(10));
  EXPECT_FALSE(verdict.pass);
}

TEST(Registry, EveryFileIsListedAndEveryLawIsUsed) {
  std::set<std::string> listed;
  std::set<std::string> used;
  for (const ShippedCase& shipped : shipped_cases()) {
    listed.insert(std::string(shipped.name));
    const LoadedCase loaded =
        load_case(default_folder() + "/" + std::string(shipped.name) + ".toml", {});
    EXPECT_FALSE(loaded.id.empty() || loaded.title.empty() || loaded.source.empty()) << loaded.name;
    used.insert(loaded.law);
  }
  EXPECT_EQ(used.size(), laws().size());
  for (const auto& entry : std::filesystem::directory_iterator(default_folder())) {
    if (entry.path().extension() != ".toml") continue;
    if (entry.path().stem().string().starts_with("incident_")) continue;  // incident_case_test
    EXPECT_TRUE(listed.contains(entry.path().stem().string())) << entry.path();
  }
}

}  // namespace
}  // namespace mezz::validation

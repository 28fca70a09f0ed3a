// Rows about queues behind a sequencer, disputes and verifiers: the laws against the published
// digits, the simulation against the laws for the shipped inputs and for others.
#include <gtest/gtest.h>

#include "scenarios/validation/registry.h"
#include "scenarios/validation/validate.h"

namespace mezz::validation {
namespace {

void expect_code(int code, const std::string& name, const std::vector<std::string>& overrides) {
  ValidateOutput output;
  const int got = validate({.names = {name}, .overrides = overrides}, output);
  EXPECT_EQ(got, code) << output.out << output.err;
}
void expect_pass(const std::string& name, const std::vector<std::string>& overrides = {}) {
  expect_code(0, name, overrides);
}

std::vector<double> laws_of(const std::string& name) {
  const LoadedCase loaded = load_case(default_folder() + "/" + name + ".toml", {});
  std::vector<double> laws;
  for (const LawRow& row : loaded.validation->law()) laws.push_back(row.law);
  return laws;
}

TEST(PublishedRows, VerifiersDilemma) {  // A-G-4, A-G-5
  const std::vector<double> dilemma = laws_of("verifier_dilemma");
  EXPECT_NEAR(dilemma[0], 0.0909091, 5e-8);
  EXPECT_NEAR(dilemma[1], 0.002, 1e-15);
  EXPECT_NEAR(dilemma[4], 1.81818e-3, 5e-9);
  const std::vector<double> five = laws_of("five_verifiers");
  const std::vector<double> ten = laws_of("ten_verifiers");
  EXPECT_NEAR(five[0], 0.0188815, 5e-8);
  EXPECT_NEAR(ten[0], 0.00948574, 5e-9);
  EXPECT_NEAR(five[1], 0.909091, 5e-7);
  EXPECT_EQ(five[1], ten[1]);
}

TEST(PublishedRows, Disputes) {  // protocol sheet 2.2, 2.3
  const std::vector<double> stalled = laws_of("op_dispute_stalled");
  EXPECT_NEAR(stalled[2], 9.26, 5e-3);
  EXPECT_NEAR(stalled[3], 329.96, 5e-3);
  EXPECT_NEAR(stalled[4], 361.28, 5e-3);
  const std::vector<double> forced = laws_of("forced_dispute");
  EXPECT_NEAR(forced[0], 50, 1e-12);
  // Windows of 7200, 7200, 300 blocks, then 150 and what came back meanwhile (7 in 150 blocks).
  EXPECT_GT(forced[1], (7'200 + 7'200 + 300 + 47 * 150) * 12 / 86'400.0);
  EXPECT_LT(forced[1], (7'200 + 7'200 + 300 + 47 * 158) * 12 / 86'400.0);
}

TEST(PublishedRows, OutageAndOptimalBatch) {  // A-Q-11, A-Q-12
  const std::vector<double> outage = laws_of("sequencer_outage");
  EXPECT_NEAR(outage[0], 187'200, 1e-6);
  EXPECT_NEAR(outage[1], 3'120, 1e-9);
  EXPECT_NEAR(outage[2], 312'000, 1e-6);
  EXPECT_NEAR(outage[3], 2'340, 1e-9);
  const std::vector<double> batch = laws_of("optimal_batch");
  EXPECT_NEAR(batch[0], 707.107, 1e-3);
  EXPECT_NEAR(batch[1], 141.42, 5e-3);
  EXPECT_NEAR(batch[2], 0.70711, 5e-6);
}

TEST(PublishedRows, CensoringLeaders) {  // A-T-6
  const std::vector<double> half = laws_of("half_censor");
  EXPECT_NEAR(half[0], 2, 1e-12);
  EXPECT_NEAR(half[1], 9.766e-4, 5e-8);
  EXPECT_EQ(half[3], half[1]);  // 10 slots for 99.9 %
  const std::vector<double> most = laws_of("nine_in_ten_censor");
  EXPECT_NEAR(most[0], 10, 1e-9);
  EXPECT_NEAR(most[1], 0.034337, 5e-7);
  EXPECT_LE(most[3], 0.001);  // 66 slots, one fewer is not enough
  EXPECT_GT(most[3] / 0.9, 0.001);
  expect_pass("half_censor");
  expect_pass("nine_in_ten_censor");
}

TEST(PublishedRows, ShippedInputsPass) {
  for (const char* name :
       {"sequencer_outage", "verifier_dilemma", "five_verifiers", "op_dispute_stalled",
        "forced_dispute", "half_of_validators_censor", "optimal_batch"}) {
    expect_pass(name);
  }
}

TEST(PublishedRows, LawsHoldForOtherInputs) {
  expect_pass("verifier_dilemma", {"game.cheat_gain=700 USD", "game.check_cost=20 USD"});
  expect_pass("ten_verifiers", {"validators=3", "game.bond=300 USD"});
  expect_pass("op_dispute_stalled", {"reply=2 h", "clock_extension=150 min"});
  expect_pass("forced_dispute", {"moves=400", "buffer.buffer_max=9000", "buffer.threshold=300"});
  expect_pass("forced_dispute", {"moves=7", "buffer.buffer_max=0"});
  expect_pass("sequencer_outage", {"outage=20 min", "capacity=70", "block_time=500 ms"});
  expect_pass("half_of_validators_censor", {"censoring=20 %", "validators=5"});
  expect_pass("half_censor", {"censoring=33 %", "validators=7", "effort.size=20000"});
  expect_pass("optimal_batch", {"rate=50.0", "posting_cost=2.0", "delay_cost=0.004"});
}

TEST(PublishedRows, InputsWithoutALawAreUsageErrors) {
  expect_code(2, "sequencer_outage", {"capacity=41"});
  expect_code(2, "op_dispute_stalled", {"reply=3 h"});
  expect_code(2, "verifier_dilemma", {"game.reward=1 USD"});
  expect_code(2, "five_verifiers", {"game.bond=0 USD"});
  expect_code(2, "optimal_batch", {"posting_cost=0.01"});
  expect_code(2, "half_censor", {"censoring=96 %"});
  expect_code(2, "half_of_validators_censor", {"validators=3", "censoring=70 %"});
  expect_code(2, "forced_dispute", {"buffer.buffer_max=100"});
}

}  // namespace
}  // namespace mezz::validation

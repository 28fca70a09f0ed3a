// Numbers: reference sheet "layer-two protocols" section 3.1 and hand calculation.
#include "models/layer2/proving/proof_rules.h"

#include <gtest/gtest.h>

#include "models/layer2/availability/posting_rules.h"
#include "models/layer2/proving/validity_contract.h"

namespace mezz {
namespace {

using namespace proving;

TEST(ProofRules, Groth16FloorIsFourPairingsAndTheInputs) {
  // 45 000 + 4 x 34 000 = 181 000; 6150 per input: "187-243 k for 1-10 inputs".
  EXPECT_EQ(groth16_gas(0), Gas{181'000});
  EXPECT_EQ(groth16_gas(1), Gas{187'150});
  EXPECT_EQ(groth16_gas(10), Gas{242'500});
}

TEST(ProofRules, ABatchAloneCostsEightHundredThousandGas) {
  // Era's batch_overhead_l1_gas: commit, prove and execute.
  const ValidityParams p;
  const Gas prove = call_gas(p.verify_gas, p.prove_batch_gas, 1);
  const Gas execute = call_gas(p.execute_gas, p.execute_batch_gas, 1);
  const Gas all = posting::blob_transaction_gas() + prove + execute;
  EXPECT_EQ(all, Gas{800'000});
  EXPECT_EQ((all.units + 250) / 500, 1'600);    // per transaction, at 500 in a batch
  EXPECT_EQ((all.units + 1'500) / 3'000, 267);  // 266.7
  EXPECT_EQ((all.units + 4'096) / 8'192, 98);   // 97.7
}

TEST(ProofRules, BatchesThatShareAProofShareItsPrice) {
  const ValidityParams p;
  const Gas alone = call_gas(p.verify_gas, p.prove_batch_gas, 1);
  const Gas ten = call_gas(p.verify_gas, p.prove_batch_gas, 10);
  EXPECT_EQ(alone, Gas{559'000});
  EXPECT_EQ(ten, Gas{1'090'000});  // 109 000 each
}

TEST(ProofRules, TreeHasCeilLogLevels) {
  EXPECT_EQ(recursion_levels(1, 32), 0U);
  EXPECT_EQ(recursion_levels(2, 32), 1U);
  EXPECT_EQ(recursion_levels(32, 32), 1U);
  EXPECT_EQ(recursion_levels(33, 32), 2U);
  EXPECT_EQ(recursion_levels(1'024, 32), 2U);
  EXPECT_EQ(recursion_levels(1'080, 32), 3U);  // 27 000 circuits in jobs of 25
  EXPECT_EQ(recursion_levels(8, 2), 3U);
}

TEST(ProofRules, LevelsShrinkByTheArityAndEndInOneProof) {
  EXPECT_EQ(recursion_jobs(1'080, 32, 1), 34U);
  EXPECT_EQ(recursion_jobs(1'080, 32, 2), 2U);
  EXPECT_EQ(recursion_jobs(1'080, 32, 3), 1U);
}

TEST(ProofRules, BaseJobsRoundUpAndAreNeverNone) {
  EXPECT_EQ(base_jobs(0, 25), 1U);
  EXPECT_EQ(base_jobs(25, 25), 1U);
  EXPECT_EQ(base_jobs(26, 25), 2U);
  EXPECT_EQ(waves(8, 3), 3U);
  EXPECT_EQ(waves(9, 3), 3U);
}

}  // namespace
}  // namespace mezz

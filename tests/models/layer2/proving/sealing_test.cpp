// ZKsync Era's limits: 8192 slots, 200 million gas, 500 kB, 27 000 circuits, closed at 95 %
// (reference sheet "layer-two protocols" section 3.1).
#include "models/layer2/proving/sealing.h"

#include <gtest/gtest.h>

#include "sim/check/error.h"

namespace mezz {
namespace {

void seal_block(Layer2Chain& chain, const std::vector<Transaction>& transactions,
                TxStatus status = TxStatus::Executed) {
  for (const Transaction& tx : transactions) chain.append(tx, status);
  chain.seal(chain.head_block().sealed + 2_s, 0, 100 * transactions.size(), 1);
}
Transaction order(std::uint32_t account) {
  return {.account = AccountId{account}, .submitted = Time::zero()};
}

TEST(Sealing, EveryLimitClosesAtNinetyFivePercent) {
  const SealingRules rules;
  EXPECT_EQ(rules.full({.transactions = 7'782}), SealReason::None);  // 7782.4 is the line
  EXPECT_EQ(rules.full({.transactions = 7'783}), SealReason::Transactions);
  EXPECT_EQ(rules.full({.gas = 189'999'999}), SealReason::None);
  EXPECT_EQ(rules.full({.gas = 190'000'000}), SealReason::Gas);
  EXPECT_EQ(rules.full({.accounts = 7'908}), SealReason::None);  // 60 x 7908 + 500 = 474 980
  EXPECT_EQ(rules.full({.accounts = 7'909}), SealReason::Pubdata);
  EXPECT_EQ(rules.full({.units = 25'649}), SealReason::None);
  EXPECT_EQ(rules.full({.units = 25'650}), SealReason::Units);
}

TEST(Sealing, FirstLimitInOrderNamesTheReason) {
  const SealingRules rules;
  EXPECT_EQ(rules.full({.transactions = 8'000, .units = 27'000}), SealReason::Transactions);
}

TEST(Sealing, ABlockFitsUpToTheLimitItself) {
  const SealingRules rules;
  EXPECT_EQ(rules.over({.transactions = 8'192, .units = 27'000}), SealReason::None);
  EXPECT_EQ(rules.over({.units = 27'001}), SealReason::Units);
}

TEST(Sealing, StateDifferenceGrowsWithAccountsNotWithTransactions) {
  const SealingRules rules;
  Layer2Chain chain;
  seal_block(chain, {order(1), order(1), order(2)});
  seal_block(chain, {order(2), order(2), order(1), order(70)});
  OpenBatch open;
  for (std::uint64_t n = 1; n <= 2; ++n) {
    open.take(open.with(chain, BlockId{n}, rules, Ratio::one()));
  }
  EXPECT_EQ(open.fill().transactions, 7U);
  EXPECT_EQ(open.fill().accounts, 3U);
  EXPECT_EQ(rules.pubdata(open.fill()), 3U * 60 + 500);
  SealingRules by_transaction;
  by_transaction.pubdata_model = PubdataModel::Transactions;
  EXPECT_EQ(by_transaction.pubdata(open.fill()), 700U);
  open.clear();
  EXPECT_EQ(open.with(chain, BlockId{1}, rules, Ratio::one()).fill.accounts, 2U);
}

TEST(Sealing, RefusedTransactionsTakeWorkButTouchNothing) {
  const SealingRules rules;
  Layer2Chain chain;
  seal_block(chain, {order(4'000'000'000U)}, TxStatus::Rejected);
  const auto with = OpenBatch().with(chain, BlockId{1}, rules, Ratio::one());
  EXPECT_EQ(with.fill.accounts, 0U);
  EXPECT_EQ(with.fill.units, 3U);
  EXPECT_EQ(with.fill.gas, 20'000U);
}

TEST(Sealing, LiquidationTouchesBothAccounts) {
  Layer2Chain chain;
  Transaction tx = order(5);
  tx.kind = TxKind::Liquidate;
  tx.reference = 9;
  seal_block(chain, {tx});
  const auto with = OpenBatch().with(chain, BlockId{1}, SealingRules{}, Ratio::one());
  EXPECT_EQ(with.fill.accounts, 2U);
}

TEST(Sealing, LoadMultipliesProofUnitsNotGas) {
  Layer2Chain chain;
  seal_block(chain, {order(1), order(2)});
  const auto with = OpenBatch().with(chain, BlockId{1}, SealingRules{}, Ratio::one() * 10);
  EXPECT_EQ(with.fill.units, 60U);
  EXPECT_EQ(with.fill.gas, 40'000U);
}

TEST(Sealing, AFullBatchOfOrdersComesOutBelowTheCircuitLimit) {
  // 8192 x 3 = 24 576 circuits of 27 000; the slots close it.
  const SealingRules rules;
  EXPECT_EQ(rules.units.of(TxKind::PlaceOrder) * 8'192, 24'576U);
}

template <class Change>
std::string refusal(Change change) {
  SealingRules rules;
  change(rules);
  try {
    rules.check("prover.seal");
  } catch (const ScenarioError& error) {
    return error.what();
  }
  return "";
}

TEST(Sealing, LimitsBelowOneTransactionAreRefused) {
  EXPECT_EQ(refusal([](SealingRules&) {}), "");
  EXPECT_NE(refusal([](SealingRules& r) { r.units_max = 19; }).find("prover.seal.units_max"),
            std::string::npos);
  EXPECT_NE(refusal([](SealingRules& r) { r.gas_max = 99'999; }).find("100000 gas"),
            std::string::npos);
  EXPECT_NE(refusal([](SealingRules& r) { r.pubdata_max = 559; }).find("560 bytes"),
            std::string::npos);
}

}  // namespace
}  // namespace mezz

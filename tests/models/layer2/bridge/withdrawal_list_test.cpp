// Two layers that roll back in either order: what is void stays void, and the escrow is exact.
#include "models/layer2/bridge/withdrawal_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/layer2/chain.h"

namespace mezz {
namespace {

using testing::ElementsAre;
using Stage = WithdrawalStage;

struct Entry {
  BlockId block;
  Money amount;
  Time initiated;
  Time paid = Time::never();
  Stage stage = Stage::Initiated;

  [[nodiscard]] Time paid_at() const { return paid; }
};

// 1 000 USD on layer two; blocks 1, 2, 3 withdraw 100, 200, 300 at 10, 20, 30 s.
class WithdrawalList : public testing::Test {
 protected:
  void SetUp() override {
    ExchangeTotals start;
    start.deposited = 1'000_usd;
    escrow_.lock_genesis(start);
    for (std::int64_t i = 1; i <= 3; ++i) {
      Transaction tx;
      tx.kind = TxKind::Withdraw;
      tx.amount = (100_usd * i).micros;
      chain_.append(tx, TxStatus::Executed);
      chain_.seal(Time::zero() + 10_s * i, 0, 0, 0);
    }
    escrow_.scan(chain_, [&](const Layer2Block& block, const Transaction& tx) {
      list_.push_back(
          {.block = block.number, .amount = Money{tx.amount}, .initiated = block.sealed});
    });
  }
  void pay(std::size_t i, Time now) {
    escrow_.pay(list_[i].amount);
    list_[i].stage = Stage::Paid;
    list_[i].paid = now;
  }
  std::vector<std::uint64_t> go_back_to(std::uint64_t kept) {
    std::vector<std::uint64_t> told;
    void_above(list_, BlockId{kept}, escrow_, [&](WithdrawalId id) { told.push_back(id.value); });
    return told;
  }

  Layer2Chain chain_;
  EscrowAccount escrow_;
  std::vector<Entry> list_;
};

TEST_F(WithdrawalList, EntriesAboveTheKeptBlockAreVoidNewestFirstAndOnce) {
  EXPECT_THAT(go_back_to(1), ElementsAre(2, 1));
  EXPECT_EQ(list_[0].stage, Stage::Initiated);
  EXPECT_EQ(list_[1].stage, Stage::Void);
  EXPECT_EQ(escrow_.totals().initiated, 100_usd);
  EXPECT_EQ(escrow_.totals().lost, Money::zero());
  EXPECT_THAT(go_back_to(1), ElementsAre());
  // A new entry stands behind void ones of higher blocks; the older one is still found.
  EXPECT_THAT(go_back_to(0), ElementsAre(0));
  EXPECT_EQ(escrow_.totals().initiated, Money::zero());
}

TEST_F(WithdrawalList, PaymentForAVoidEntryIsLostUntilLayerOneUndoesIt) {
  const Entry before = list_[2];
  pay(2, Time::zero() + 60_s);
  go_back_to(2);
  EXPECT_EQ(escrow_.totals().lost, 300_usd);
  EXPECT_EQ(escrow_.totals().escrow, 700_usd);
  take_back(list_[2], before, escrow_);
  EXPECT_EQ(list_[2].stage, Stage::Void);
  EXPECT_EQ(escrow_.totals().lost, Money::zero());
  EXPECT_EQ(escrow_.totals().escrow, 1'000_usd);
}

TEST_F(WithdrawalList, UndonePaymentCanBeMadeAgain) {
  const Entry before = list_[1];
  pay(1, Time::zero() + 60_s);
  take_back(list_[1], before, escrow_);
  EXPECT_EQ(list_[1].stage, Stage::Initiated);
  EXPECT_FALSE(list_[1].paid_at().happened());
  EXPECT_EQ(escrow_.totals().paid, Money::zero());
  EXPECT_EQ(escrow_.totals().paid_count, 0U);
}

TEST_F(WithdrawalList, SummaryLeavesVoidEntriesOut) {
  pay(0, Time::zero() + 70_s);
  pay(2, Time::zero() + 70_s);
  go_back_to(2);
  const WithdrawalSummary found = summary_of(list_);
  EXPECT_EQ(found.count, 2U);
  EXPECT_EQ(found.dropped, 1U);
  EXPECT_THAT(found.paid, ElementsAre(60_s));
}

}  // namespace
}  // namespace mezz

// Random transactions of every kind, senseless ones included: whatever happens, money and positions
// are conserved, the index knows who is liquidatable, and the root is a function of the history.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/models/layer2/execution/storm.h"

namespace mezz {
namespace {

void run_storm(Storm& storm, int transactions) {
  std::uint64_t executed = 0;
  for (int done = 0, block = 0; done < transactions; ++block) {
    const std::vector<Transaction> batch = storm.next_block();
    done += static_cast<int>(batch.size());
    for (const TxStatus status : storm.desk.block(batch)) {
      executed += status == TxStatus::Executed ? 1 : 0;
    }
    const Exchange& exchange = storm.desk.exchange;
    ASSERT_EQ(exchange.totals().residual, Money::zero());
    if (block % 16 == 0) exchange.full_check();
    for (const std::int64_t index : {40, 80, 99, 100, 101, 130, 300}) {
      std::vector<AccountId> found;
      exchange.collect_liquidatable({index}, found);
      std::sort(found.begin(), found.end());
      ASSERT_EQ(found, liquidatable_by_scan(exchange, {index})) << index;
    }
  }
  EXPECT_GT(executed, static_cast<std::uint64_t>(transactions) / 5);
}

TEST(ExchangeStorm, ConservesMoneyAndPositionsAndKeepsItsIndex) {
  Storm storm(1);
  run_storm(storm, 100'000);
  const ExchangeTotals totals = storm.desk.exchange.totals();
  EXPECT_GT(totals.trades, 5'000);
  EXPECT_GT(totals.liquidations, 50);
  EXPECT_GT(totals.adl_notional, Money::zero());
  EXPECT_GT(totals.funding_paid, Money::zero());
  EXPECT_GT(totals.withdrawn, Money::zero());
}

TEST(ExchangeStorm, ConservesMoneyWhenShortfallsBecomeBadDebt) {
  ExchangeParams params = Storm::storm_params();
  params.fund_shortfall = FundShortfall::BookBadDebt;
  Storm storm(2, params);
  run_storm(storm, 30'000);
  EXPECT_GT(storm.desk.exchange.totals().bad_debt, Money::zero());
  EXPECT_EQ(storm.desk.exchange.totals().adl_notional, Money::zero());
}

// The requirement of each fill then depends on the fills before it; a dry run must see the same.
TEST(ExchangeStorm, ConservesMoneyWhenMarginGrowsWithOpenInterest) {
  ExchangeParams params = Storm::storm_params();
  params.open_interest_lower = 30'000_usd;
  params.open_interest_upper = 120'000_usd;
  Storm storm(7, params);
  run_storm(storm, 30'000);
  EXPECT_GT(storm.desk.exchange.totals().open_interest_max, 400_lots);
}

TEST(ExchangeStorm, SameTransactionsSameRoots) {
  Storm one(3);
  Storm two(3);
  for (int i = 0; i < 100; ++i) {
    one.desk.block(one.next_block());
    two.desk.block(two.next_block());
    ASSERT_EQ(one.desk.exchange.root(), two.desk.exchange.root());
  }
  EXPECT_EQ(bytes_of(one.desk.exchange), bytes_of(two.desk.exchange));
}

TEST(ExchangeStorm, CopyIsAStateToReturnTo) {
  Storm storm(4);
  for (int i = 0; i < 50; ++i) storm.desk.block(storm.next_block());
  Desk kept = storm.desk;
  std::vector<std::vector<Transaction>> blocks;
  std::vector<std::uint64_t> roots;
  for (int i = 0; i < 50; ++i) {
    blocks.push_back(storm.next_block());
    storm.desk.block(blocks.back());
    roots.push_back(storm.desk.exchange.root());
  }
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    kept.block(blocks[i]);
    ASSERT_EQ(kept.exchange.root(), roots[i]) << i;
  }
  EXPECT_EQ(bytes_of(kept.exchange), bytes_of(storm.desk.exchange));
}

TEST(ExchangeStorm, SavedStateLoadsAndGoesOnTheSame) {
  Storm storm(5);
  for (int i = 0; i < 60; ++i) storm.desk.block(storm.next_block());
  const std::vector<std::byte> bytes = bytes_of(storm.desk.exchange);
  Desk loaded(Storm::storm_params());
  loaded.now = storm.desk.now;
  loaded.block_time = storm.desk.block_time;
  Loader loader(bytes.data(), bytes.size());
  loader.value(loaded.exchange);
  ASSERT_FALSE(loader.failed());
  EXPECT_EQ(loader.left(), 0U);
  EXPECT_EQ(bytes_of(loaded.exchange), bytes);
  for (int i = 0; i < 20; ++i) {
    const std::vector<Transaction> batch = storm.next_block();
    storm.desk.block(batch);
    loaded.block(batch);
    ASSERT_EQ(loaded.exchange.root(), storm.desk.exchange.root());
  }
}

// Every single change of what was executed shows in the root.
TEST(ExchangeStorm, AnyChangeOfATransactionChangesTheRoot) {
  const auto root_after = [](const std::vector<Transaction>& batch) {
    Storm storm(6);
    storm.desk.block(batch);
    return storm.desk.exchange.root();
  };
  const AccountId a{40};
  const AccountId b{41};
  const std::vector<Transaction> base = {order(a, -5, 110, 1), order(b, 5, 90, 1),
                                         order(b, 6, 90, 2), simple(a, TxKind::Deposit, 5)};
  const std::uint64_t root = root_after(base);
  EXPECT_EQ(root_after(base), root);
  const auto changed = [&](auto change) {
    std::vector<Transaction> other = base;
    change(other);
    return root_after(other);
  };
  EXPECT_NE(changed([](auto& t) { t[0].price = 111; }), root);
  EXPECT_NE(changed([](auto& t) { t[0].amount = -6; }), root);
  EXPECT_NE(changed([](auto& t) { t[0].reference = 2; }), root);
  EXPECT_NE(changed([](auto& t) { t[0].account = AccountId{42}; }), root);
  EXPECT_NE(changed([](auto& t) { t[3].amount = 6; }), root);
  EXPECT_NE(changed([](auto& t) { t[3].account = AccountId{41}; }), root);
  EXPECT_NE(changed([](auto& t) { t.pop_back(); }), root);
  EXPECT_NE(changed([](auto& t) { std::swap(t[1], t[2]); }), root);  // priority is state
  EXPECT_NE(changed([](auto& t) { t.push_back(oracle(101, Time::zero())); }), root);
}

TEST(ExchangeStorm, RootDependsOnTheStateAndNotOnHowItWasReached) {
  const auto hash_of_accounts = [](const std::vector<Transaction>& batch) {
    Desk desk;
    const AccountId account = desk.account(1'000_usd);
    (void)account;
    desk.start();
    desk.block(batch);
    return desk.exchange.root();
  };
  const AccountId a{0};
  EXPECT_EQ(hash_of_accounts({simple(a, TxKind::Deposit, 5), simple(a, TxKind::Deposit, 7)}),
            hash_of_accounts({simple(a, TxKind::Deposit, 12)}));
}

}  // namespace
}  // namespace mezz

#include "models/clearing/ledger.h"

#include <gtest/gtest.h>

#include "models/clearing/account_book.h"
#include "sim/check/error.h"

namespace mezz {
namespace {

TEST(Ledger, DepositIsAPostingFromOutside) {
  Ledger ledger;
  const AccountId ann = ledger.open_account();
  ledger.post({SystemAccount::External, SystemAccount::DepositsInFlight, 100_usd});
  ledger.post({SystemAccount::DepositsInFlight, ann, 100_usd});
  EXPECT_EQ(ledger.balance(ann), 100_usd);
  EXPECT_EQ(ledger.balance(SystemAccount::External), -100_usd);
  EXPECT_EQ(ledger.balance(SystemAccount::DepositsInFlight), Money::zero());
  EXPECT_EQ(ledger.users_total(), 100_usd);
  EXPECT_EQ(ledger.residual(), Money::zero());
  ledger.full_check();
}

TEST(Ledger, SettleFollowsTheSign) {
  Ledger ledger;
  const AccountId ann = ledger.open_account();
  ledger.settle(ann, SystemAccount::InsuranceFund, -3_usd);
  EXPECT_EQ(ledger.balance(SystemAccount::InsuranceFund), 3_usd);
  ledger.settle(ann, SystemAccount::InsuranceFund, 1_usd);
  EXPECT_EQ(ledger.balance(ann), -2_usd);
  ledger.settle(ann, SystemAccount::InsuranceFund, Money::zero());
  EXPECT_EQ(ledger.postings(), 2u);
}

TEST(Ledger, PostingsThatMoveNothingAreOurBug) {
  Ledger ledger;
  const AccountId ann = ledger.open_account();
  EXPECT_THROW(ledger.post({ann, SystemAccount::Fees, Money::zero()}), AssertionFailure);
  EXPECT_THROW(ledger.post({ann, SystemAccount::Fees, -1_usd}), AssertionFailure);
  EXPECT_THROW(ledger.post({ann, ann, 1_usd}), AssertionFailure);
  EXPECT_THROW(ledger.post({ann, AccountId{7}, 1_usd}), AssertionFailure);
  ledger.full_check();
}

TEST(Ledger, AnyPostingsKeepTheSumAtZero) {
  Ledger ledger;
  for (int i = 0; i < 50; ++i) ledger.open_account();
  std::uint64_t state = 5;
  const auto below = [&](std::uint64_t n) {
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    return (state >> 33) % n;
  };
  const auto row = [&]() -> Ledger::Row {
    const std::uint64_t i = below(60);
    if (i < kSystemAccounts) return static_cast<SystemAccount>(i);
    return AccountId{static_cast<std::uint32_t>(i - kSystemAccounts)};
  };
  Int128 sum = 0;
  for (int i = 0; i < 20'000; ++i) {
    const Ledger::Row from = row();
    const Ledger::Row to = row();
    if (from == to) continue;
    ledger.post({from, to, {1 + static_cast<std::int64_t>(below(1'000'000'000))}});
  }
  for (std::uint32_t i = 0; i < kSystemAccounts; ++i) {
    sum += ledger.balance(static_cast<SystemAccount>(i)).micros;
  }
  sum += ledger.users_total().micros;
  EXPECT_TRUE(sum == 0);
  ledger.full_check();
}

TEST(Ledger, CopyIsAStateToReturnTo) {
  Ledger ledger;
  const AccountId ann = ledger.open_account();
  const Ledger saved = ledger;
  ledger.post({SystemAccount::External, ann, 5_usd});
  ledger = saved;
  EXPECT_EQ(ledger.balance(ann), Money::zero());
}

TEST(AccountBook, TradesKeepTheSumAtZeroAndCountOpenInterest) {
  AccountBook book;
  book.resize(3);
  const AccountId a{0}, b{1}, c{2};
  book.trade(a, b, 10_lots, {});
  EXPECT_EQ(book.open_interest(), 10_lots);
  book.trade(b, c, 4_lots, {});  // b covers part of its short, c takes it over
  EXPECT_EQ(book.open_interest(), 10_lots);
  book.trade(c, a, 6_lots, {});  // c turns long, a sells
  EXPECT_EQ(book.at(a).size, 4_lots);
  EXPECT_EQ(book.at(b).size, -6_lots);
  EXPECT_EQ(book.at(c).size, 2_lots);
  EXPECT_EQ(book.open_interest(), 6_lots);
  book.full_check();
}

TEST(AccountBook, FundingIsPaidOnce) {
  AccountBook book;
  book.resize(2);
  book.trade({0}, {1}, 2_lots, {});
  const FundingIndex now{3'000'000};  // 3 micro-dollars per lot
  EXPECT_EQ(book.settle({0}, now).money, Money{-6});
  EXPECT_EQ(book.settle({1}, now).money, Money{6});
  EXPECT_EQ(book.settle({0}, now).money, Money::zero());
}

// Longs paid 3 micro-dollars a lot, shorts get 2; who turns round counts from the other side's.
TEST(AccountBook, TheSidesMayHaveIndicesOfTheirOwn) {
  AccountBook book;
  book.resize(2);
  book.trade({0}, {1}, 2_lots, {});
  const FundingIndices now{{3'000'000}, {2'000'000}};
  EXPECT_EQ(book.settle({0}, now).money, Money{-6});
  EXPECT_EQ(book.settle({1}, now).money, Money{4});
  book.trade({1}, {0}, 5_lots, now);
  const FundingIndices later{{4'000'000}, {2'000'000}};
  EXPECT_EQ(book.settle({0}, later).money, Money::zero());
  EXPECT_EQ(book.settle({1}, later).money, Money{-3});
}

}  // namespace
}  // namespace mezz

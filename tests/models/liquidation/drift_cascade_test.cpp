#include "models/liquidation/drift_cascade.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "sim/random/stream.h"

namespace mezz::liquidation {
namespace {

std::vector<AccountId> due(DriftCascade& cascade) {
  std::vector<AccountId> found;
  cascade.take_due(found);
  return found;
}
using Ids = std::vector<AccountId>;

// 2 micro-dollars lost per micro-dollar that the price moves: 100 last for a run of 50, wherever
// the price is afterwards; rounding takes at most a billionth and a unit.
TEST(DriftCascade, AnAccountIsDueWhenTheClockHasRunForItsBudget) {
  DriftCascade cascade(1);
  cascade.file({7}, Money{100}, std::vector<DriftExposure>{{.price = 0, .loss = 2.0}});
  cascade.advance(0, 30);
  EXPECT_TRUE(due(cascade).empty());
  EXPECT_TRUE(cascade.contains({7}));
  cascade.advance(0, 20);
  EXPECT_EQ(due(cascade), Ids({{7}}));
  EXPECT_FALSE(cascade.contains({7}));
  EXPECT_TRUE(due(cascade).empty());
}

// Both clocks have the same pace at first: half of the budget each.
TEST(DriftCascade, ABudgetIsSplitOverPrices) {
  DriftCascade cascade(2);
  const std::vector<DriftExposure> both{{.price = 0, .loss = 1.0}, {.price = 1, .loss = 1.0}};
  cascade.file({1}, Money{100}, both);
  cascade.file({2}, Money{300}, both);
  cascade.advance(1, 51);
  EXPECT_EQ(due(cascade), Ids({{1}}));
  cascade.advance(0, 151);
  EXPECT_EQ(due(cascade), Ids({{2}}));
}

TEST(DriftCascade, WithoutBudgetAnAccountIsDueAtEveryLook) {
  DriftCascade cascade(2);
  cascade.file({3}, Money{0}, std::vector<DriftExposure>{{.price = 1, .loss = 1.0}});
  cascade.file({4}, Money{10}, {});
  EXPECT_EQ(due(cascade), Ids({{3}, {4}}));
}

TEST(DriftCascade, FilingAgainAndErasingForgetTheOldParts) {
  DriftCascade cascade(1);
  const std::vector<DriftExposure> one{{.price = 0, .loss = 1.0}};
  cascade.file({1}, Money{10}, one);
  cascade.file({2}, Money{10}, one);
  cascade.file({1}, Money{1'000}, one);
  cascade.erase({2});
  cascade.advance(0, 20);
  EXPECT_TRUE(due(cascade).empty());
  cascade.clear();
  cascade.advance(0, 10'000);
  EXPECT_TRUE(due(cascade).empty());
}

TEST(DriftCascade, WhoWouldBeDueIsToldWithoutTakingThem) {
  DriftCascade cascade(2);
  for (std::uint32_t i = 0; i < 50; ++i) {
    cascade.file({i}, Money{1'000 * (i + 1)}, std::vector<DriftExposure>{{i % 2, 1.0}});
  }
  const std::vector<Int128> moves{10'500, 20'500};
  Ids expected;  // even below 10 500, odd below 20 500
  for (std::uint32_t i = 0; i < 50; ++i) {
    if (1'000 * (i + 1) <= (i % 2 == 0 ? 10'500U : 20'500U)) expected.push_back({i});
  }
  for (int twice = 0; twice < 2; ++twice) {
    Ids found;
    cascade.collect_due(moves, found);
    EXPECT_EQ(found, expected);
  }
}

// Accounts that lose what they may: whoever has lost more than its budget has always been told.
TEST(DriftCascade, NobodyLosesMoreThanItsBudgetUnseen) {
  constexpr std::uint32_t kAccounts = 200;
  constexpr std::uint32_t kPrices = 6;
  Stream random(5, 0, "test", "cascade");
  const auto below = [&](std::uint64_t n) { return static_cast<std::int64_t>(random() % n); };
  struct Account {
    std::vector<DriftExposure> exposures;
    double budget = 0.0;
    double lost = 0.0;
  };
  std::vector<Account> accounts(kAccounts);
  DriftCascade cascade(kPrices);
  const auto file = [&](std::uint32_t i) {
    Account& a = accounts[i];
    a.exposures.clear();
    for (std::uint32_t p = 0; p < kPrices; ++p) {
      if (below(2) == 0) a.exposures.push_back({p, static_cast<double>(below(5'000)) / 1'000.0});
    }
    const Money budget{below(50'000'000)};
    a.budget = static_cast<double>(budget.micros);
    a.lost = 0.0;
    cascade.file({i}, budget, a.exposures);
  };
  for (std::uint32_t i = 0; i < kAccounts; ++i) file(i);
  std::size_t told = 0;
  std::size_t lost = 0;
  for (int step = 0; step < 500; ++step) {
    for (std::uint32_t p = 0; p < kPrices; ++p) {
      const std::int64_t move = below(p == 0 ? 2'000'000 : 200'000);
      cascade.advance(p, move);
      for (Account& a : accounts) {
        for (const DriftExposure& e : a.exposures) {
          if (e.price == p) a.lost += e.loss * static_cast<double>(move);
        }
      }
    }
    const Ids found = due(cascade);
    told += found.size();
    for (std::uint32_t i = 0; i < kAccounts; ++i) {
      const bool is_told = std::binary_search(found.begin(), found.end(), AccountId{i});
      if (accounts[i].lost > accounts[i].budget) {
        ++lost;
        ASSERT_TRUE(is_told) << i;
      }
      if (is_told) file(i);
    }
  }
  EXPECT_GT(lost, 500U);
  EXPECT_LT(told, kAccounts * 500 / 4);  // the rest was left alone
}

}  // namespace
}  // namespace mezz::liquidation

// Index, bound, scan: no breach is missed, and few accounts are looked at.
#include "models/liquidation/scan_cascade.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "sim/random/stream.h"

namespace mezz::liquidation {
namespace {

using margin::ScanPosition;

constexpr SlopeRange kPerpetual{100, 100};  // micro-dollars per lot and tick, unshocked
constexpr SlopeRange kCall{0, 100};
constexpr SlopeRange kPut{-100, 0};
constexpr std::array kSlopes{kPerpetual, kCall, kPut};

SafeRange range_of(Money surplus, std::vector<ScanPosition> positions) {
  return safe_range({1'000}, surplus, positions, kSlopes, 0);
}

// 2 lots lose 200 per tick: a surplus of 1 000 is gone after 5, and the sixth breaches.
TEST(SafeRange, ALinearPositionEndsWhereTheSurplusDoes) {
  EXPECT_EQ(range_of({1'000}, {{0, 2}}).low, Price{994});
  EXPECT_EQ(range_of({1'000}, {{0, 2}}).high, SafeRange::kNoHigh);
  EXPECT_EQ(range_of({1'000}, {{0, -2}}).low, Price{0});
  EXPECT_EQ(range_of({1'000}, {{0, -2}}).high, Price{1'006});
  EXPECT_EQ(range_of({1'199}, {{0, -2}}).high, Price{1'006});
  EXPECT_EQ(range_of({1'200}, {{0, -2}}).high, Price{1'007});
}

// A call sold costs up to 100 a tick when the price rises and nothing when it falls; against a
// perpetual it is covered upwards, and downwards the perpetual alone counts.
TEST(SafeRange, OptionsLoseNoMoreThanTheirGreatestSlope) {
  EXPECT_EQ(range_of({1'000}, {{1, -1}}).high, Price{1'011});
  EXPECT_EQ(range_of({1'000}, {{1, -1}}).low, Price{0});
  EXPECT_EQ(range_of({1'000}, {{1, -1}, {0, 1}}).high, SafeRange::kNoHigh);
  EXPECT_EQ(range_of({1'000}, {{1, -1}, {0, 1}}).low, Price{989});
  EXPECT_EQ(range_of({1'000}, {{2, 1}}).high, Price{1'011});
  EXPECT_EQ(range_of({1'000}, {{2, -1}}).low, Price{989});
}

TEST(SafeRange, WhoIsHedgedIsNeverLookedAt) {
  const SafeRange range = range_of({0}, {{0, 3}, {0, -3}});
  EXPECT_EQ(range.low, Price{0});
  EXPECT_EQ(range.high, SafeRange::kNoHigh);
}

// Two lots, each off by one at both prices: 996 are left, four ticks.
TEST(SafeRange, QuantisedValuesNarrowIt) {
  const std::vector<ScanPosition> held{{0, 2}};
  EXPECT_EQ(safe_range({1'000}, {1'000}, held, kSlopes, 1).low, Price{995});
  EXPECT_EQ(safe_range({1'000}, {3}, held, kSlopes, 1).low, Price{1'000});  // empty
}

TEST(SafeRange, WhoIsShortAlreadyHasNone) {
  const SafeRange range = range_of({-1}, {{0, 1}});
  EXPECT_EQ(range.low, Price{1'000});
  EXPECT_EQ(range.high, Price{1'000});
}

std::vector<AccountId> crossed(const ScanCascade& cascade, std::int64_t price) {
  std::vector<AccountId> out;
  cascade.collect_crossed({price}, out);
  EXPECT_EQ(cascade.any_crossed({price}), !out.empty());
  return out;
}

TEST(ScanCascade, OnlyRangesThatWereLeftAreCollected) {
  ScanCascade cascade({1'000});
  cascade.update({7}, {.low = {900}, .high = {1'100}});
  cascade.update({3}, {.low = {950}, .high = SafeRange::kNoHigh});
  cascade.update({5}, {.low = {0}, .high = {1'050}});
  EXPECT_TRUE(crossed(cascade, 1'000).empty());
  EXPECT_TRUE(crossed(cascade, 951).empty());
  EXPECT_EQ(crossed(cascade, 950), (std::vector<AccountId>{{3}}));
  EXPECT_EQ(crossed(cascade, 900), (std::vector<AccountId>{{3}, {7}}));
  EXPECT_EQ(crossed(cascade, 1'100), (std::vector<AccountId>{{5}, {7}}));
  cascade.erase({7});
  cascade.update({3}, {});
  EXPECT_TRUE(crossed(cascade, 1).empty());
  EXPECT_FALSE(cascade.contains({3}));
  EXPECT_TRUE(cascade.contains({5}));
}

TEST(ScanCascade, AnEmptyRangeIsCollectedOnceAtAnyPrice) {
  ScanCascade cascade({1'000});
  cascade.update({4}, {.low = {1'000}, .high = {1'000}});
  for (const std::int64_t price : {1, 999, 1'000, 1'001, 500'000}) {
    EXPECT_EQ(crossed(cascade, price), (std::vector<AccountId>{{4}}));
  }
}

// ---- against brute force: perpetuals, and options at their pay-off, under five scenarios

constexpr std::array<std::int64_t, 5> kScenarios{100, 85, 95, 105, 115};  // percent of the price
constexpr std::int64_t kPerTick = 10;                                     // micros per lot
constexpr std::uint32_t kInstruments = 41;                                // one, 20 calls, 20 puts

std::int64_t value(std::uint32_t instrument, std::int64_t price, std::int64_t percent) {
  const std::int64_t shocked = price * percent * kPerTick / 100;
  if (instrument == 0) return shocked;
  const std::int64_t strike = (instrument + 1) / 2 * 1'000 * kPerTick;
  return std::max<std::int64_t>(0, instrument % 2 == 1 ? shocked - strike : strike - shocked);
}

// Every scenario's slope lies between those of the smallest and of the largest shock.
std::vector<SlopeRange> slopes() {
  const std::int64_t smallest = kPerTick * 85 / 100;  // 8.5, downwards
  const std::int64_t largest = (kPerTick * 115 + 99) / 100;
  std::vector<SlopeRange> all{{smallest, largest}};
  for (std::uint32_t i = 1; i < kInstruments; ++i) {
    all.push_back(i % 2 == 1 ? SlopeRange{0, largest} : SlopeRange{-largest, 0});
  }
  return all;
}

// Equity after the worst scenario, in micro-dollars.
Money surplus(const std::vector<ScanPosition>& positions, std::int64_t cash, std::int64_t price) {
  std::int64_t least = INT64_MAX;
  for (const std::int64_t percent : kScenarios) {
    std::int64_t sum = cash;
    for (const ScanPosition& p : positions) sum += p.lots * value(p.instrument, price, percent);
    least = std::min(least, sum);
  }
  return {least};
}

struct Account {
  std::vector<ScanPosition> positions;
  std::int64_t cash = 0;
};
// Accounts that have at `price` between nothing and three times what 100 lots of a perpetual need.
std::vector<Account> random_accounts(Stream& stream, std::size_t count, std::int64_t price) {
  std::vector<Account> accounts(count);
  const auto below = [&](std::uint32_t n) {
    return static_cast<std::uint32_t>(stream.uniform() * n);
  };
  for (Account& a : accounts) {
    a.positions.resize(1 + below(8));
    for (ScanPosition& p : a.positions) {
      p.instrument = below(3) == 0 ? 0 : below(kInstruments);
      p.lots = static_cast<std::int32_t>(below(201)) - 100;
    }
    const std::int64_t have = static_cast<std::int64_t>(stream.uniform() * 3e6);
    a.cash = have - surplus(a.positions, 0, price).micros;
  }
  return accounts;
}

struct Outcome {
  std::size_t missed = 0;
  std::size_t breaches = 0;
  std::size_t touched = 0;
  std::size_t looked_at_by_brute_force = 0;
};
// A random walk; accounts that breach get cash back up to what they had, as after a liquidation.
Outcome walk(std::uint64_t seed, std::size_t count, int steps, double step) {
  Stream stream(seed, 0, "cascade", "test");
  std::int64_t price = 10'000;
  std::vector<Account> accounts = random_accounts(stream, count, price);
  const std::vector<SlopeRange> slope = slopes();
  ScanCascade cascade({price});
  const auto file = [&](std::uint32_t i) {
    const Account& a = accounts[i];
    cascade.update({i},
                   safe_range({price}, surplus(a.positions, a.cash, price), a.positions, slope));
  };
  for (std::uint32_t i = 0; i < count; ++i) file(i);
  Outcome outcome;
  std::vector<AccountId> found;
  for (int n = 0; n < steps; ++n) {
    price = std::clamp<std::int64_t>(
        price + static_cast<std::int64_t>((stream.uniform() - 0.5) * step), 500, 40'000);
    found.clear();
    cascade.collect_crossed({price}, found);
    outcome.touched += found.size();
    outcome.looked_at_by_brute_force += count;
    for (std::uint32_t i = 0; i < count; ++i) {
      Account& a = accounts[i];
      const Money left = surplus(a.positions, a.cash, price);
      if (left >= Money::zero()) continue;
      ++outcome.breaches;
      if (!std::binary_search(found.begin(), found.end(), AccountId{i})) ++outcome.missed;
      a.cash += 500'000 - left.micros;
    }
    for (const AccountId account : found) file(account.value);
  }
  return outcome;
}

// Quiet and wild walks of 24 books.
TEST(ScanCascade, NoBreachIsEverMissed) {
  Outcome all;
  for (std::uint64_t seed = 1; seed <= 24; ++seed) {
    const Outcome one = walk(seed, 200, 300, seed % 3 == 0 ? 4'000.0 : 100.0);
    EXPECT_EQ(one.missed, 0u) << "seed " << seed;
    EXPECT_GT(one.breaches, 0u) << "seed " << seed;
    all.touched += one.touched;
  }
  EXPECT_GT(all.touched, 0u);
}

// Steps of up to half a per cent: most accounts are far from their bounds.
TEST(ScanCascade, SmallMovesTouchFewAccounts) {
  const Outcome quiet = walk(77, 2'000, 200, 100.0);
  EXPECT_EQ(quiet.missed, 0u);
  EXPECT_LT(quiet.touched * 100, quiet.looked_at_by_brute_force);
  RecordProperty("touched", static_cast<int>(quiet.touched));
  RecordProperty("breaches", static_cast<int>(quiet.breaches));
  RecordProperty("brute_force", static_cast<int>(quiet.looked_at_by_brute_force));
}

}  // namespace
}  // namespace mezz::liquidation

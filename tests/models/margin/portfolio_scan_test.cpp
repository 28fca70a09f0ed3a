// The worst scenario of many accounts, against hand-worked ones and 128-bit sums.
#include "models/margin/portfolio_scan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "sim/check/error.h"
#include "sim/random/stream.h"

namespace mezz::margin {
namespace {

constexpr Money usd(std::int64_t dollars) { return {dollars * 1'000'000}; }

// A future of 100 dollars per 10 %, and a put that gains 60 when it falls and loses its 20 when it
// rises.
ScanTable two_instruments() {
  ScanTable table(2, 3);  // - 10 %, 0, + 10 %
  table.set(0, std::array{usd(-100), usd(0), usd(100)});
  table.set(1, std::array{usd(60), usd(0), usd(-20)});
  return table;
}

Money loss_of(const ScanTable& table, std::vector<ScanPosition> positions) {
  ScanBook book;
  book.add(positions);
  Money loss{-1};
  scan(table, book, {&loss, 1});
  EXPECT_EQ(loss, worst_loss(table, positions));
  return loss;
}

TEST(PortfolioScan, WorstOfTheSums) {
  const ScanTable table = two_instruments();
  EXPECT_EQ(loss_of(table, {{0, 1}}), usd(100));
  EXPECT_EQ(loss_of(table, {{0, -3}}), usd(300));
  EXPECT_EQ(loss_of(table, {{0, 1}, {1, 1}}), usd(40));    // - 40, 0, + 80
  EXPECT_EQ(loss_of(table, {{0, 3}, {1, 5}}), usd(0));     // 0, 0, 200
  EXPECT_EQ(loss_of(table, {{0, 1}, {1, 10}}), usd(100));  // 500, 0, - 100
}

TEST(PortfolioScan, NothingHeldLosesNothing) {
  EXPECT_EQ(loss_of(two_instruments(), {}), Money::zero());
}

TEST(PortfolioScan, PositionsThatOffsetEachOtherCancel) {
  EXPECT_EQ(loss_of(two_instruments(), {{0, 7}, {1, -4}, {0, -7}, {1, 4}}), Money::zero());
}

TEST(PortfolioScan, ChangesAreReadBackAsTheyWereSet) {
  ScanTable table = two_instruments();
  EXPECT_EQ(table.change(1, 2), usd(-20));
  table.set(1, std::array{Money{1}, Money{-(std::int64_t{1} << 53) + 1}, Money{0}});
  EXPECT_EQ(table.change(1, 1), Money{-(std::int64_t{1} << 53) + 1});
  EXPECT_EQ(table.greatest(1), (std::int64_t{1} << 53) - 1);
}

// 2^53 + 1 is no double: 128-bit integers find it.
TEST(PortfolioScan, SumsThatNoDoubleHoldsAreExact) {
  ScanTable table(2, 1);
  table.set(0, std::array{Money{-(std::int64_t{1} << 52)}});
  table.set(1, std::array{Money{-1}});
  EXPECT_EQ(loss_of(table, {{0, 2}, {1, 1}}), Money{(std::int64_t{1} << 53) + 1});
  EXPECT_EQ(loss_of(table, {{0, 2}, {0, -2}, {1, 1}}), Money{1});
}

// At 2^31 micro-dollars the table no longer has narrow rows, and has them again when that is gone.
TEST(PortfolioScan, NarrowRowsHoldTheSameOrAreNotThere) {
  ScanTable table = two_instruments();
  ASSERT_NE(table.narrow_rows(), nullptr);
  EXPECT_EQ(table.narrow_rows()[table.stride()], 60'000'000);
  const std::array wide{Money{0}, Money{std::int64_t{1} << 31}, Money{0}};
  table.set(0, wide);
  table.set(0, wide);
  EXPECT_EQ(table.narrow_rows(), nullptr);
  EXPECT_EQ(loss_of(table, {{0, -1}}), Money{std::int64_t{1} << 31});
  table.set(0, std::array{Money{0}, Money{-INT32_MAX}, Money{0}});
  ASSERT_NE(table.narrow_rows(), nullptr);
  EXPECT_EQ(loss_of(table, {{0, 2}}), Money{2 * std::int64_t{INT32_MAX}});
}

struct Random {
  ScanTable table;
  ScanBook book;
};
// Changes up to `size` dollars; up to 80 positions of up to 2 000 lots.
Random random_book(std::uint64_t seed, std::uint32_t scenarios, double size, std::size_t accounts) {
  Stream stream(seed, 0, "scan", "test");
  Random r{ScanTable(97, scenarios), {}};
  const auto below = [&](std::uint32_t n) {
    return static_cast<std::uint32_t>(stream.uniform() * n);
  };
  for (std::uint32_t i = 0; i < r.table.instruments(); ++i) {
    std::vector<Money> changes;
    for (std::uint32_t s = 0; s < scenarios; ++s) {
      changes.push_back({static_cast<std::int64_t>((stream.uniform() - 0.5) * 2e6 * size)});
    }
    r.table.set(i, changes);
  }
  for (std::size_t a = 0; a < accounts; ++a) {
    std::vector<ScanPosition> positions(below(81));
    for (ScanPosition& p : positions) {
      p = {below(97), static_cast<std::int32_t>(below(4'001)) - 2'000};
    }
    r.book.add(positions);
  }
  return r;
}

// Every number of scenarios that ends a chunk, just before and just behind; small and huge sums.
TEST(PortfolioScan, EveryInstructionSetGivesTheExactSums) {
  std::int64_t beyond_doubles = 0;
  for (const std::uint32_t scenarios :
       {1u, 4u, 5u, 8u, 9u, 13u, 16u, 17u, 21u, 31u, 35u, 36u, 37u, 40u, 41u, 44u, 80u, 125u}) {
    for (const double size : {1.0, 2'000.0, 3'000.0, 1e6}) {
      const Random r = random_book(scenarios, scenarios, size, 1'100);
      std::vector<Money> losses(r.book.size());
      for (const Isa isa : available_isas()) {
        std::fill(losses.begin(), losses.end(), Money{-1});
        scan(r.table, r.book, losses, isa);
        for (std::size_t a = 0; a < r.book.size(); ++a) {
          ASSERT_EQ(losses[a], worst_loss(r.table, r.book.positions(a)))
              << scenarios << " scenarios, account " << a << ", isa " << static_cast<int>(isa);
          if (losses[a].micros > std::int64_t{1} << 53) ++beyond_doubles;
        }
      }
    }
  }
  EXPECT_GT(beyond_doubles, 0);
}

TEST(PortfolioScan, LossesOfTwoAccountsBoundThatOfBothTogether) {
  const Random r = random_book(5, 35, 500.0, 400);
  for (std::size_t a = 0; a + 1 < r.book.size(); a += 2) {
    std::vector<ScanPosition> both;
    for (const std::size_t i : {a, a + 1}) {
      both.insert(both.end(), r.book.positions(i).begin(), r.book.positions(i).end());
    }
    const Money together = worst_loss(r.table, both);
    EXPECT_GE(together, Money::zero());
    EXPECT_LE(together, worst_loss(r.table, r.book.positions(a)) +
                            worst_loss(r.table, r.book.positions(a + 1)));
  }
}

TEST(PortfolioScan, TwiceThePositionsLoseTwiceAsMuch) {
  const Random r = random_book(6, 35, 500.0, 200);
  for (std::size_t a = 0; a < r.book.size(); ++a) {
    const auto once = r.book.positions(a);
    std::vector<ScanPosition> twice(once.begin(), once.end());
    for (ScanPosition& p : twice) p.lots *= 2;
    EXPECT_EQ(loss_of(r.table, twice), worst_loss(r.table, once) * 2);
  }
}

TEST(PortfolioScan, UnknownInstrumentsAreOurBug) {
  const ScanTable table = two_instruments();
  ScanBook book;
  book.add(std::array{ScanPosition{2, 1}});
  Money loss;
  EXPECT_THROW(scan(table, book, {&loss, 1}), AssertionFailure);
}

}  // namespace
}  // namespace mezz::margin

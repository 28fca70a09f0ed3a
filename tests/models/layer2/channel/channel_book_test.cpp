#include "models/layer2/channel/channel_book.h"

#include <gtest/gtest.h>

namespace mezz {
namespace {

constexpr AccountId kAda{0};
constexpr AccountId kBob{1};

struct Books {
  ChannelBook book;
  std::vector<BlockId> done;
  std::vector<Duration> trips;
  Books() {
    book.open({.quote = 100_usd, .position = {}, .price = 50_ticks});
    book.open({.quote = 100_usd, .position = {}, .price = 50_ticks});
  }
  std::uint64_t add(AccountId account, std::uint64_t block, Money quote) {
    return book.add(account, {.holding = {.quote = quote, .position = {}, .price = 50_ticks},
                              .block = BlockId{block},
                              .sent = Time::zero() + 1_s * static_cast<std::int64_t>(block)});
  }
  bool sign(AccountId account, std::uint64_t turn, Duration at = 60_s) {
    done.clear();
    trips.clear();
    return book.sign(account, turn, Time::zero() + at, done, trips);
  }
};

TEST(ChannelBook, BlockIsCompleteWhenAllTouchedAccountsHaveSigned) {
  Books b;
  EXPECT_TRUE(b.book.complete(BlockId{1}));
  b.add(kAda, 1, 90_usd);
  b.add(kBob, 1, 110_usd);
  EXPECT_TRUE(b.sign(kAda, 1));
  EXPECT_TRUE(b.done.empty());
  EXPECT_FALSE(b.book.complete(BlockId{1}));
  EXPECT_TRUE(b.sign(kBob, 1));
  EXPECT_EQ(b.done, std::vector{BlockId{1}});
  EXPECT_EQ(b.book.latest(kBob).holding.quote, 110_usd);
}

TEST(ChannelBook, ASignatureCoversAllEarlierTurnsAndASecondOneIsNoNews) {
  Books b;
  b.add(kAda, 1, 90_usd);
  b.add(kAda, 2, 80_usd);
  b.add(kAda, 3, 70_usd);
  EXPECT_TRUE(b.sign(kAda, 2, 10_s));
  EXPECT_EQ(b.done, (std::vector{BlockId{1}, BlockId{2}}));
  EXPECT_EQ(b.trips, (std::vector{9_s, 8_s}));
  EXPECT_EQ(b.book.latest(kAda).turn, 2U);
  EXPECT_FALSE(b.sign(kAda, 2));
  EXPECT_FALSE(b.sign(kAda, 1));
  EXPECT_FALSE(b.sign(kAda, 9));  // nobody asked for it
  EXPECT_TRUE(b.sign(kAda, 3));
}

TEST(ChannelBook, BlocksCompleteInAnyOrder) {
  Books b;
  b.add(kAda, 1, 90_usd);
  b.add(kBob, 2, 90_usd);
  EXPECT_TRUE(b.sign(kBob, 1));
  EXPECT_EQ(b.done, std::vector{BlockId{2}});
  EXPECT_FALSE(b.book.complete(BlockId{1}));
}

TEST(ChannelBook, ClosingAChannelCompletesWhatWaitsForIt) {
  Books b;
  b.add(kAda, 1, 90_usd);
  b.add(kBob, 1, 110_usd);
  b.add(kAda, 2, 80_usd);
  EXPECT_TRUE(b.sign(kBob, 1));
  b.done.clear();
  b.book.close(kAda, b.done);
  EXPECT_EQ(b.done, (std::vector{BlockId{1}, BlockId{2}}));
  EXPECT_TRUE(b.book.closed(kAda));
  EXPECT_EQ(b.book.waiting(), 0U);
  EXPECT_EQ(b.book.latest(kAda).turn, 0U);  // what it never signed it never held
  EXPECT_FALSE(b.sign(kAda, 1));
}

TEST(ChannelBook, AForcedMoveRenumbersWhatWaitsAndOldNumbersAreDead) {
  Books b;
  b.add(kAda, 1, 90_usd);
  b.add(kAda, 2, 80_usd);
  b.book.supersede(kAda, 2, {.quote = 100_usd, .position = {}, .price = 60_ticks});
  EXPECT_EQ(b.book.latest(kAda).turn, 2U);
  EXPECT_EQ(b.book.latest(kAda).holding.price, 60_ticks);
  EXPECT_EQ(b.book.newest_turn(kAda), 4U);
  EXPECT_FALSE(b.sign(kAda, 1));
  EXPECT_FALSE(b.sign(kAda, 2));
  EXPECT_TRUE(b.sign(kAda, 4));
  EXPECT_EQ(b.done, (std::vector{BlockId{1}, BlockId{2}}));
  EXPECT_EQ(b.book.latest(kAda).holding.quote, 80_usd);
}

}  // namespace
}  // namespace mezz

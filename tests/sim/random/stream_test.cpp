#include "sim/random/stream.h"

#include <gtest/gtest.h>

#include <boost/random/normal_distribution.hpp>
#include <boost/random/uniform_int_distribution.hpp>
#include <random>
#include <set>
#include <vector>

#include "sim/check/error.h"
#include "sim/random/philox.h"

namespace mezz {
namespace {

static_assert(std::uniform_random_bit_generator<Stream>);
static_assert(std::is_trivially_copyable_v<Stream>);

// Known answers of the Random123 distribution, tests/kat_vectors, philox4x32 10 rounds.
static_assert(philox::block({0, 0, 0, 0}, {0, 0}) ==
              philox::Counter{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
TEST(Philox, GivesThePublishedKnownAnswers) {
  constexpr std::uint32_t kOnes = 0xffffffff;
  EXPECT_EQ(philox::block({0, 0, 0, 0}, {0, 0}),
            (philox::Counter{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox::block({kOnes, kOnes, kOnes, kOnes}, {kOnes, kOnes}),
            (philox::Counter{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(
      philox::block({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
      (philox::Counter{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

Stream maker() { return Stream(42, 7, "market/maker[3]", "think"); }

TEST(StreamHash, IsTheDocumentedFunction) {
  // From an independent implementation (Python integers) of the comment in stream.h.
  EXPECT_EQ(stream_hash(42, 7, "market/maker[3]", "think"),
            (StreamHash{0xe0321d3bc3207c24, 0x26371ea51dc2eea1}));
}

TEST(Stream, DrawsAreTheDocumentedHalvesOfPhiloxBlocks) {
  // From the same independent implementation.
  Stream s = maker();
  EXPECT_EQ(s.bits64(), 0xa05fd5600847275eU);
  EXPECT_EQ(s.bits64(), 0x98e137629e209952U);
  EXPECT_EQ(s.bits64(), 0xb57f6aac0fc3a0b9U);
  EXPECT_EQ(s.bits64(), 0xc6e67068ea4dfb85U);
  s.seek((std::uint64_t{1} << 33) + 1);
  EXPECT_EQ(s.bits64(), 0x408ff8c92b0d9886U);
}

TEST(Stream, SeekReturnsToAnyDraw) {
  Stream s = maker();
  std::vector<std::uint64_t> first;
  for (int i = 0; i < 100; ++i) first.push_back(s.bits64());
  EXPECT_EQ(s.position(), 100U);
  for (std::size_t i : {99U, 0U, 51U, 50U, 1U, 98U, 98U}) {
    s.seek(i);
    EXPECT_EQ(s.bits64(), first[i]) << i;
    EXPECT_EQ(s.position(), i + 1);
  }
}

struct Save {
  std::vector<std::uint64_t> saved;
  void operator()(std::string_view name, std::uint64_t& value) {
    EXPECT_EQ(name, "position");
    saved.push_back(value);
  }
};
struct Load {
  std::uint64_t value_to_load;
  void operator()(std::string_view, std::uint64_t& value) { value = value_to_load; }
};

TEST(Stream, SnapshotIsOneIntegerAndContinuesExactly) {
  for (int drawn : {0, 1, 2, 7, 8}) {
    Stream original = maker();
    for (int i = 0; i < drawn; ++i) (void)original.bits64();
    Save save;
    original.visit_state(save);
    ASSERT_EQ(save.saved.size(), 1U);
    Stream restored = maker();
    for (int i = 0; i < 3; ++i) (void)restored.bits64();  // leaves another block in the cache
    Load load{save.saved[0]};
    restored.visit_state(load);
    for (int i = 0; i < 10; ++i) ASSERT_EQ(restored.bits64(), original.bits64()) << drawn;
  }
}

TEST(Stream, EveryPartOfTheNameSeparatesStreams) {
  const std::vector<StreamHash> hashes = {
      stream_hash(1, 0, "a", "bc"),        stream_hash(1, 0, "ab", "c"),
      stream_hash(1, 0, "abc", ""),        stream_hash(1, 0, "", "abc"),
      stream_hash(1, 0, "bc", "a"),        stream_hash(0, 1, "a", "bc"),
      stream_hash(1, 1, "a", "bc"),        stream_hash(2, 0, "a", "bc"),
      stream_hash(1, 0, {"a\0", 2}, "bc"),
  };
  std::set<std::uint64_t> lane0, lane1;
  for (const StreamHash& h : hashes) {
    lane0.insert(h.lane0);
    lane1.insert(h.lane1);
  }
  EXPECT_EQ(lane0.size(), hashes.size());
  EXPECT_EQ(lane1.size(), hashes.size());
}

TEST(Stream, OtherStreamsDoNotShiftItsDraws) {
  Stream alone = maker();
  Stream accompanied = maker();
  Stream newcomer(42, 7, "market/maker[4]", "think");
  Stream other_purpose(42, 7, "market/maker[3]", "size");
  for (int i = 0; i < 100; ++i) {
    (void)newcomer.bits64();
    (void)other_purpose.bits64();
    ASSERT_EQ(accompanied.bits64(), alone.bits64());
  }
}

TEST(Stream, NoTwoDrawsOverlapAcrossStreams) {
  // 400 streams x 500 draws: the chance of an accidental repeat of 64 bits is 2e5^2 / 2^65 = 1e-9.
  std::set<std::uint64_t> seen;
  for (int agent = 0; agent < 100; ++agent) {
    for (const char* purpose : {"think", "size", "side", "delay"}) {
      Stream s(1, 0, "agent[" + std::to_string(agent) + "]", purpose);
      for (int i = 0; i < 500; ++i) ASSERT_TRUE(seen.insert(s.bits64()).second);
    }
  }
}

TEST(Stream, NeighbouringStreamsAreUncorrelated) {
  // Sum of (u - 1/2)(v - 1/2) over n pairs: variance n / 144.
  constexpr int kDraws = 100'000;
  Stream a(1, 0, "agent[1]", "think"), b(1, 0, "agent[2]", "think");
  double sum = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double u = a.uniform() - 0.5;
    const double v = b.uniform() - 0.5;
    sum += u * v;
  }
  EXPECT_LT(std::fabs(sum), 4 * std::sqrt(kDraws / 144.0));
}

TEST(Stream, UniformsStayInTheirIntervalsAndHaveTheirMoments) {
  constexpr int kDraws = 200'000;
  Stream s = maker();
  double sum = 0, squares = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double u = s.uniform();
    const double v = s.uniform_open();
    ASSERT_TRUE(u >= 0 && u < 1);
    ASSERT_TRUE(v > 0 && v < 1);
    sum += u + v;
    squares += u * u + v * v;
  }
  const double n = 2.0 * kDraws;
  EXPECT_NEAR(sum / n, 0.5, 4 * std::sqrt(1 / 12.0 / n));
  EXPECT_NEAR(squares / n, 1 / 3.0, 4 * std::sqrt(4 / 45.0 / n));  // Var u^2 = 1/5 - 1/9
}

TEST(Stream, BelowCoversItsRangeEvenly) {
  Stream s = maker();
  constexpr int kDraws = 70'000;
  int count[7] = {};
  for (int i = 0; i < kDraws; ++i) {
    const std::uint64_t face = s.below(7);
    ASSERT_LT(face, 7U);
    ++count[face];
  }
  double chi2 = 0;
  for (int c : count) chi2 += (c - 10'000.0) * (c - 10'000.0) / 10'000.0;
  EXPECT_LT(chi2, 22.5);  // 99.9 % point of chi-square with 6 degrees of freedom
  EXPECT_EQ(s.below(1), 0U);
  EXPECT_THROW((void)s.below(0), AssertionFailure);
}

TEST(Stream, ChanceIsExactAtItsEdgesAndFairBetween) {
  Stream s = maker();
  constexpr int kDraws = 100'000;
  int hits = 0;
  for (int i = 0; i < kDraws; ++i) {
    ASSERT_FALSE(s.chance(Ratio::zero()));
    ASSERT_FALSE(s.chance(-1_bp));
    ASSERT_TRUE(s.chance(Ratio::one()));
    ASSERT_TRUE(s.chance(Ratio::one() + 1_bp));
    hits += s.chance(30_percent) ? 1 : 0;
  }
  EXPECT_NEAR(hits, 0.3 * kDraws, 4 * std::sqrt(0.21 * kDraws));
  EXPECT_EQ(s.position(), 5U * kDraws);  // one draw each, also at the edges
}

TEST(Stream, DrivesBoostRandom) {
  Stream s = maker();
  boost::random::uniform_int_distribution<int> die(1, 6);
  boost::random::normal_distribution<double> normal(3, 2);
  constexpr int kDraws = 50'000;
  double dice = 0, normals = 0;
  for (int i = 0; i < kDraws; ++i) {
    dice += die(s);
    normals += normal(s);
  }
  EXPECT_NEAR(dice / kDraws, 3.5, 4 * std::sqrt(35 / 12.0 / kDraws));
  EXPECT_NEAR(normals / kDraws, 3, 4 * 2 / std::sqrt(kDraws));
}

}  // namespace
}  // namespace mezz

#include "sim/record/log_histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "sim/record/chunk_filter.h"

namespace mezz {
namespace {

// A fixed multiplicative generator is enough to scatter values over all magnitudes and both signs.
std::vector<std::int64_t> scattered(std::size_t count) {
  std::vector<std::int64_t> values;
  std::uint64_t state = 1;
  for (std::size_t i = 0; i < count; ++i) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    const auto value = static_cast<std::int64_t>(state >> 1 >> (state >> 58));
    values.push_back(state % 3 == 0 ? -value : value);
  }
  return values;
}

TEST(LogHistogram, QuantilesOfIntegersAreWithinOneIn512OfTheSortedValue) {
  std::vector<std::int64_t> values = scattered(9'999);
  LogHistogram histogram(LogHistogram::Domain::Integer);
  for (const std::int64_t value : values) histogram.add(value);
  std::sort(values.begin(), values.end());
  for (std::uint32_t q = 1; q <= 1'000; ++q) {
    const std::size_t rank = (values.size() * q + 999) / 1'000;
    const auto exact = static_cast<double>(values[rank - 1]);
    ASSERT_LE(std::abs(histogram.quantile(q) - exact), std::abs(exact) / 512) << q;
  }
}

TEST(LogHistogram, QuantilesOfRealsAreWithinOneIn512OfTheSortedValue) {
  std::vector<double> values;
  for (const std::int64_t value : scattered(9'999))
    values.push_back(static_cast<double>(value) * 1e-12);
  LogHistogram histogram(LogHistogram::Domain::Real);
  for (const double value : values) histogram.add(value);
  std::sort(values.begin(), values.end());
  for (std::uint32_t q = 1; q <= 1'000; ++q) {
    const double exact = values[(values.size() * q + 999) / 1'000 - 1];
    ASSERT_LE(std::abs(histogram.quantile(q) - exact), std::abs(exact) / 512) << q;
  }
}

TEST(LogHistogram, SmallIntegersAreExact) {
  LogHistogram histogram(LogHistogram::Domain::Integer);
  for (std::int64_t value = -500; value <= 500; ++value) histogram.add(value);
  EXPECT_EQ(histogram.quantile(500), 0.0);  // rank 501 of 1001
  EXPECT_EQ(histogram.quantile(999), 499.0);
  EXPECT_EQ(histogram.quantile(1'000), 500.0);
  EXPECT_EQ(LogHistogram(LogHistogram::Domain::Integer).quantile(500), 0.0);
}

TEST(LogHistogram, BinsCountEveryValueBetweenTheirEdges) {
  const std::vector<std::int64_t> values = scattered(5'000);
  LogHistogram histogram(LogHistogram::Domain::Integer);
  for (const std::int64_t value : values) histogram.add(value);
  histogram.add(INT64_MIN);
  histogram.add(INT64_MAX);
  const LogHistogram::Bins bins = histogram.bins(512);
  ASSERT_LE(bins.counts.size(), 512U);
  ASSERT_EQ(bins.edges.size(), bins.counts.size() + 1);
  EXPECT_TRUE(std::is_sorted(bins.edges.begin(), bins.edges.end()));
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < bins.counts.size(); ++i) {
    std::uint64_t inside = 0;
    for (const std::int64_t value : values) {
      const auto real = static_cast<double>(value);
      inside += real >= bins.edges[i] && real < bins.edges[i + 1] ? 1 : 0;
    }
    total += bins.counts[i];
    // Beyond 2^53 a value may be rounded onto an edge; below, bins are exact.
    if (std::abs(bins.edges[i]) < 9e15 && std::abs(bins.edges[i + 1]) < 9e15) {
      ASSERT_EQ(bins.counts[i], inside) << bins.edges[i];
    }
  }
  EXPECT_EQ(total, values.size() + 2);
}

TEST(Fletcher32, AgreesWithAHandCalculation) {
  // Words 0x0102 and 0x0300 (odd byte, padded): sum1 = 0x0402, sum2 = 0x0102 + 0x0402 = 0x0504.
  const std::byte bytes[] = {std::byte{1}, std::byte{2}, std::byte{3}};
  EXPECT_EQ(fletcher32(bytes), 0x05040402U);
}

}  // namespace
}  // namespace mezz

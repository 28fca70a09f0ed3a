#include "sim/record/log_histogram.h"

#include <algorithm>
#include <bit>

#include "sim/check/assert.h"
#include "sim/types/rounding.h"

namespace mezz {
namespace {

constexpr int kBits = 9;  // 512 buckets per factor of two
constexpr std::uint64_t kHalf = 1U << kBits;
constexpr int kRealShift = 52 - kBits;

std::int32_t integer_key(std::uint64_t magnitude) {
  const int excess = std::max(0, static_cast<int>(std::bit_width(magnitude)) - (kBits + 1));
  return static_cast<std::int32_t>(static_cast<std::uint64_t>(excess) * kHalf +
                                   (magnitude >> excess));
}

double integer_bound(std::int32_t key) {
  const auto k = static_cast<std::uint64_t>(key);
  if (k < 2 * kHalf) return static_cast<double>(k);
  double bound = static_cast<double>(k % kHalf + kHalf);
  for (std::uint64_t excess = k / kHalf - 1; excess > 0; --excess) bound *= 2.0;  // exact
  return bound;
}

double real_bound(std::int32_t key) {
  return std::bit_cast<double>(static_cast<std::uint64_t>(key) << kRealShift);
}

}  // namespace

void LogHistogram::add(std::int64_t value) {
  MEZZ_ASSERT(domain_ == Domain::Integer);
  const auto bits = static_cast<std::uint64_t>(value);
  const std::int32_t key = integer_key(value < 0 ? 0 - bits : bits);
  const auto real = static_cast<double>(value);
  smallest_ = count_ == 0 ? real : std::min(smallest_, real);
  largest_ = count_ == 0 ? real : std::max(largest_, real);
  count_key(value < 0 ? -key : key);
}

void LogHistogram::add(double value) {
  MEZZ_ASSERT(domain_ == Domain::Real);
  MEZZ_ASSERT(value - value == 0.0);  // finite
  const double magnitude = value < 0.0 ? -value : value;
  const auto key =
      static_cast<std::int32_t>(std::bit_cast<std::uint64_t>(magnitude + 0.0) >> kRealShift);
  smallest_ = count_ == 0 ? value : std::min(smallest_, value);
  largest_ = count_ == 0 ? value : std::max(largest_, value);
  count_key(value < 0.0 ? -key : key);
}

void LogHistogram::count_key(std::int32_t key) {
  if (counts_.empty()) {
    first_ = key;
    counts_.assign(1, 0);
  } else if (key < first_) {
    counts_.insert(counts_.begin(), static_cast<std::size_t>(first_ - key), 0);
    first_ = key;
  } else if (static_cast<std::size_t>(key - first_) >= counts_.size()) {
    counts_.resize(static_cast<std::size_t>(key - first_) + 1);
  }
  ++counts_[static_cast<std::size_t>(key - first_)];
  ++count_;
}

// Bucket k holds [lower_edge(k), lower_edge(k + 1)); negative keys mirror the positive ones.
double LogHistogram::lower_edge(std::int32_t key) const {
  if (domain_ == Domain::Integer) {
    return key >= 0 ? integer_bound(key) : 1.0 - integer_bound(1 - key);
  }
  return key >= 0 ? real_bound(key) : -real_bound(1 - key);
}

double LogHistogram::representative(std::int32_t key) const {
  if (key == 0) return 0.0;  // the middle of its bucket would be a subnormal nobody recorded
  const double low = lower_edge(key);
  const double high = lower_edge(key + 1);
  const double inside = domain_ == Domain::Integer ? high - 1.0 : high;
  return std::clamp(low + (inside - low) * 0.5, smallest_, largest_);
}

double LogHistogram::quantile(std::uint32_t per_mille) const {
  MEZZ_ASSERT(per_mille <= 1000);
  if (count_ == 0) return 0.0;
  const auto product = static_cast<Int128>(count_) * per_mille;
  const auto rank = std::max<std::uint64_t>(1, static_cast<std::uint64_t>((product + 999) / 1000));
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    below += counts_[i];
    if (below >= rank) return representative(first_ + static_cast<std::int32_t>(i));
  }
  return largest_;
}

LogHistogram::Bins LogHistogram::bins(std::size_t limit) const {
  MEZZ_ASSERT(limit >= 4);
  if (count_ == 0) return {};
  const std::int32_t last = first_ + static_cast<std::int32_t>(counts_.size()) - 1;
  int shift = 0;
  while (static_cast<std::size_t>((last >> shift) - (first_ >> shift)) + 1 > limit) ++shift;
  const std::int32_t low = first_ >> shift;
  Bins bins;
  bins.counts.assign(static_cast<std::size_t>((last >> shift) - low) + 1, 0);
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    const std::int32_t bin = (first_ + static_cast<std::int32_t>(i)) >> shift;
    bins.counts[static_cast<std::size_t>(bin - low)] += counts_[i];
  }
  for (std::size_t i = 0; i <= bins.counts.size(); ++i) {
    bins.edges.push_back(lower_edge((low + static_cast<std::int32_t>(i)) * (1 << shift)));
  }
  return bins;
}

}  // namespace mezz

// A histogram over the whole range of int64 (or double) with bounded relative error, after
// HdrHistogram (G. Tene): values are counted in buckets of 1/512 of their magnitude (integers below
// 1024 exactly), so a quantile is within 1/1024 of the value of that rank, whatever the range.
// Only integer arithmetic decides the bucket. Memory follows the range seen (512 counters per
// factor of two).
#pragma once

#include <cstdint>
#include <vector>

namespace mezz {

class LogHistogram {
 public:
  enum class Domain : std::uint8_t { Integer, Real };
  struct Bins {
    std::vector<double> edges;
    std::vector<std::uint64_t> counts;
  };

  explicit LogHistogram(Domain domain) : domain_(domain) {}

  void add(std::int64_t value);
  void add(double value);

  [[nodiscard]] std::uint64_t count() const { return count_; }
  // Nearest-rank quantile: the value of rank ceil(per_mille / 1000 * count). 0 when empty.
  [[nodiscard]] double quantile(std::uint32_t per_mille) const;
  // Adjacent bins from the smallest to the largest value, at most `limit` (buckets merged in powers
  // of two), edges in stored units.
  [[nodiscard]] Bins bins(std::size_t limit) const;

 private:
  void count_key(std::int32_t key);
  [[nodiscard]] double lower_edge(std::int32_t key) const;
  [[nodiscard]] double representative(std::int32_t key) const;

  Domain domain_;
  std::uint64_t count_ = 0;
  std::int32_t first_ = 0;  // key of counts_[0]
  std::vector<std::uint64_t> counts_;
  double smallest_ = 0.0;
  double largest_ = 0.0;
};

}  // namespace mezz

// The worst scenario of very many accounts: of each account the least, over scenarios, of the sum
// of lots x value change per lot. Whoever prices the instruments fills the table once per mark; the
// scan itself only multiplies and adds.
//
// Money is exact. The kernels carry whole micro-dollars in doubles: as long as the sum of the
// magnitudes of an account's terms stays below 2^53 (9 billion dollars) every partial sum is a
// whole number that a double holds, so order, width and fused multiply-add change nothing, and
// SSE2, AVX2 and AVX-512 agree to the micro-dollar. Accounts for which that is not sure go one by
// one through 128-bit integers.
//
// Units: lots of the instrument; changes in micro-dollars per lot. Asserted: instruments that the
// table has, changes below 2^53 micro-dollars, a loss that fits Money. Left out: charges that are
// not a sum over positions (scenario_grid.h has them), changing one account of a book in place.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/numeric/isa.h"
#include "sim/types/money.h"

namespace mezz::margin {

struct ScanPosition {
  std::uint32_t instrument = 0;
  std::int32_t lots = 0;  // negative: sold
};

// What one lot of each instrument gains in each scenario; zero until set.
class ScanTable {
 public:
  ScanTable(std::uint32_t instruments, std::uint32_t scenarios);

  // One change for each scenario.
  void set(std::uint32_t instrument, std::span<const Money> changes);
  [[nodiscard]] Money change(std::uint32_t instrument, std::uint32_t scenario) const;
  [[nodiscard]] std::uint32_t instruments() const { return instruments_; }
  [[nodiscard]] std::uint32_t scenarios() const { return scenarios_; }

  // For the kernels: rows of `stride` numbers, a multiple of eight, padded with zeros. Where every
  // change is below 2^31 the narrow rows hold the same and are half as much to read; else null.
  [[nodiscard]] const double* rows() const { return lines_[0].values; }
  [[nodiscard]] const std::int32_t* narrow_rows() const {
    return wide_ == 0 ? narrow_lines_[0].values : nullptr;
  }
  [[nodiscard]] std::uint32_t stride() const { return stride_; }
  // The greatest magnitude in a row, and in all of them.
  [[nodiscard]] std::int64_t greatest(std::uint32_t instrument) const {
    return greatest_[instrument];
  }
  [[nodiscard]] std::int64_t greatest() const;

 private:
  struct alignas(64) Line {
    double values[8] = {};
  };
  struct alignas(32) NarrowLine {
    std::int32_t values[8] = {};
  };
  std::uint32_t instruments_;
  std::uint32_t scenarios_;
  std::uint32_t stride_;
  std::uint32_t wide_ = 0;  // instruments with a change of 2^31 or more
  std::vector<Line> lines_;
  std::vector<NarrowLine> narrow_lines_;
  std::vector<std::int64_t> greatest_;
};

// The positions of many accounts, one after the other.
class ScanBook {
 public:
  void add(std::span<const ScanPosition> positions);  // the account's number is size() before
  [[nodiscard]] std::size_t size() const { return lots_.size(); }
  [[nodiscard]] std::span<const ScanPosition> positions(std::size_t account) const {
    return {positions_.data() + begin_[account], positions_.data() + begin_[account + 1]};
  }
  [[nodiscard]] std::int64_t lots(std::size_t account) const { return lots_[account]; }
  [[nodiscard]] std::uint32_t instruments() const { return instruments_; }  // greatest used + 1
  [[nodiscard]] const std::uint64_t* begins() const { return begin_.data(); }
  [[nodiscard]] const ScanPosition* all() const { return positions_.data(); }

 private:
  std::vector<std::uint64_t> begin_{0};
  std::vector<ScanPosition> positions_;
  std::vector<std::int64_t> lots_;  // bought and sold, of each account
  std::uint32_t instruments_ = 0;
};

// What the account loses in its worst scenario, zero when none loses.
[[nodiscard]] Money worst_loss(const ScanTable& table, std::span<const ScanPosition> positions);
// The same of every account of the book; `losses` has one place for each.
void scan(const ScanTable& table, const ScanBook& book, std::span<Money> losses,
          Isa isa = widest_isa());

}  // namespace mezz::margin

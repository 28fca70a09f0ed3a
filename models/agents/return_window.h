// The price over the last while, sampled on a grid, and by how much it has moved since: what
// traders who follow or fear a move look at. A value; integer throughout. The first price of a grid
// cell stands for the cell; a cell without any holds the one before.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/check/assert.h"
#include "sim/types/price.h"
#include "sim/types/ratio.h"
#include "sim/types/rounding.h"
#include "sim/types/time.h"

namespace mezz {

// (now - before) / before, to the nearest billionth; a move beyond 10^9 times is cut.
constexpr Ratio signed_move(Price before, Price now) {
  MEZZ_ASSERT(before.ticks > 0);
  const Int128 move = (Int128{now.ticks} - before.ticks) * Ratio::kScale;
  const Int128 relative = divide(move, before.ticks, Round::HalfEven);
  return {relative > INT64_MAX ? INT64_MAX : narrow(relative)};
}

class ReturnWindow {
 public:
  ReturnWindow(Duration longest, Duration grid)
      : grid_(grid), samples_(static_cast<std::size_t>(longest.ns / grid.ns) + 1) {
    MEZZ_ASSERT(grid > Duration::zero() && longest >= grid);
  }

  void add(Price price, Time now) {
    MEZZ_ASSERT(price.ticks > 0);
    const std::int64_t cell = (now - Time::zero()).ns / grid_.ns;
    if (cells_ == 0) {
      first_ = cell;
      last_ = cell - 1;
    }
    const auto size = static_cast<std::int64_t>(samples_.size());
    const std::int64_t from = last_ + 1 > cell - size ? last_ + 1 : cell - size;
    for (std::int64_t c = from; c <= cell; ++c) {
      samples_[static_cast<std::size_t>(c % size)] = c == cell ? price.ticks : newest_;
      ++cells_;
    }
    if (cell > last_) last_ = cell;
    newest_ = price.ticks;
  }

  // Empty until prices of so long ago are known; at most the longest window is.
  [[nodiscard]] std::optional<Ratio> move(Duration window) const {
    const std::int64_t back = window.ns / grid_.ns;
    const auto size = static_cast<std::int64_t>(samples_.size());
    if (cells_ == 0 || back >= size || last_ - back < first_) return {};
    return signed_move({samples_[static_cast<std::size_t>((last_ - back) % size)]}, {newest_});
  }

  void visit_state(auto& v) {
    v("samples", samples_);
    v("cells", cells_);
    v("first", first_);
    v("last", last_);
    v("newest", newest_);
  }

 private:
  Duration grid_;
  std::vector<std::int64_t> samples_;  // ticks, a ring by cell
  std::int64_t cells_ = 0;             // seen; 0 = nothing yet
  std::int64_t first_ = 0;
  std::int64_t last_ = 0;
  std::int64_t newest_ = 0;
};

}  // namespace mezz

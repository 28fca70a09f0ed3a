#include "models/layer2/sampling/erasure_grid.h"

#include <algorithm>

#include "sim/check/assert.h"

namespace mezz {

ShareSet::ShareSet(const ErasureGrid& grid) : grid_(grid), words_((grid.shares() + 63) / 64) {}

void ShareSet::clear() {
  std::fill(words_.begin(), words_.end(), 0);
  count_ = 0;
}

void ShareSet::add(std::uint32_t share) {
  if (has(share)) return;
  words_[share / 64] |= std::uint64_t{1} << share % 64;
  ++count_;
}

bool ShareSet::has(std::uint32_t share) const {
  MEZZ_ASSERT(share < grid_.shares());
  return (words_[share / 64] >> share % 64 & 1) != 0;
}

bool ShareSet::gives_all() const {
  if (count_ == grid_.shares()) return true;
  if (grid_.code == ErasureCode::Line) return count_ >= grid_.k;
  ShareSet known = *this;
  const std::uint32_t n = grid_.columns();
  // Line i of the rows (step 1) or of the columns (step n): all of it is known from half of it.
  const auto decode = [&](std::uint32_t first, std::uint32_t step) {
    std::uint32_t here = 0;
    for (std::uint32_t i = 0; i < n; ++i) here += known.has(first + i * step) ? 1U : 0U;
    if (here < grid_.k || here == n) return;
    for (std::uint32_t i = 0; i < n; ++i) known.add(first + i * step);
  };
  for (std::uint32_t before = 0; before != known.count_;) {
    before = known.count_;
    for (std::uint32_t i = 0; i < n; ++i) decode(i * n, 1);
    for (std::uint32_t i = 0; i < n; ++i) decode(i, n);
  }
  return known.count_ == grid_.shares();
}

void draw_distinct(Stream& rng, std::uint32_t n, std::uint32_t count,
                   std::vector<std::uint32_t>& out) {
  MEZZ_ASSERT(count <= n);
  const auto first = static_cast<std::ptrdiff_t>(out.size());
  for (std::uint32_t j = n - count; j < n; ++j) {
    const auto drawn = static_cast<std::uint32_t>(rng.below(std::uint64_t{j} + 1));
    const bool taken = std::find(out.begin() + first, out.end(), drawn) != out.end();
    out.push_back(taken ? j : drawn);
  }
}

}  // namespace mezz

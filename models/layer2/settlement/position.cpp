#include "models/layer2/settlement/position.h"

#include <bit>

namespace mezz::layer2 {

Position Position::at(std::uint32_t depth, Int128 index_at_depth) {
  MEZZ_ASSERT(depth <= kDepthMax);
  MEZZ_ASSERT(index_at_depth >= 0 && index_at_depth < (Int128{1} << depth));
  return {(Int128{1} << depth) + index_at_depth};
}

std::uint32_t Position::depth() const {
  MEZZ_ASSERT(gindex > 0);
  const auto high = static_cast<std::uint64_t>(gindex >> 64);
  const auto low = static_cast<std::uint64_t>(gindex & UINT64_MAX);
  const auto width =
      static_cast<std::uint32_t>(high != 0 ? 64 + std::bit_width(high) : std::bit_width(low));
  return width - 1;
}

Int128 Position::index_at_depth() const { return gindex - (Int128{1} << depth()); }

Position Position::moved(MoveKind kind) const {
  MEZZ_ASSERT(depth() < kDepthMax);
  return {(kind == MoveKind::Attack ? gindex : (gindex | 1)) << 1};
}

Position Position::right_most(std::uint32_t max_depth) const {
  MEZZ_ASSERT(max_depth >= depth() && max_depth <= kDepthMax);
  const std::uint32_t below = max_depth - depth();
  return {(gindex << below) | ((Int128{1} << below) - 1)};
}

Int128 Position::trace_index(std::uint32_t max_depth) const {
  return right_most(max_depth).index_at_depth();
}

Position Position::trace_ancestor() const {
  MEZZ_ASSERT(gindex > 0);
  // A right child commits to the same index as its parent, so climb while the lowest bit is set.
  Position ancestor = *this;
  while (!ancestor.is_root() && (ancestor.gindex & 1) == 1) ancestor = ancestor.parent();
  return ancestor;
}

Position Position::trace_ancestor_below(std::uint32_t depth_bound) const {
  MEZZ_ASSERT(depth() > depth_bound);
  const Position ancestor = trace_ancestor();
  return ancestor.depth() > depth_bound ? ancestor : ancestor.right_most(depth_bound + 1);
}

}  // namespace mezz::layer2

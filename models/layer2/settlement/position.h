// A position in the dispute game's binary tree, as a generalised index: 2^depth + index at depth;
// the root is 1. A claim at a position commits to the trace up to its trace index, the right-most
// leaf below the position. Attack moves to the left child of the claim (earlier half); defence to
// the left child of the claim's right neighbour (later half). Every position but the root is
// therefore even, and its right neighbour is at the same depth. Source: OP Stack LibPosition.sol
// and the specification "Fault dispute game: position".
#pragma once

#include <cstdint>
#include <string_view>

#include "sim/check/assert.h"
#include "sim/types/enum_names.h"
#include "sim/types/rounding.h"

namespace mezz::layer2 {

enum class MoveKind : std::uint8_t { Attack, Defend };

struct Position {
  Int128 gindex = 1;

  static constexpr std::uint32_t kDepthMax = 125;  // 2^126 still has a sign bit to spare
  static constexpr Position root() { return {}; }
  static Position at(std::uint32_t depth, Int128 index_at_depth);

  [[nodiscard]] std::uint32_t depth() const;
  [[nodiscard]] Int128 index_at_depth() const;
  [[nodiscard]] bool is_root() const { return gindex == 1; }
  [[nodiscard]] Position parent() const { return {gindex >> 1}; }
  [[nodiscard]] Position moved(MoveKind kind) const;
  // The deepest, right-most position below this one, and its index at that depth.
  [[nodiscard]] Position right_most(std::uint32_t max_depth) const;
  [[nodiscard]] Int128 trace_index(std::uint32_t max_depth) const;
  // The highest ancestor (or self) that commits to the same trace index, in the whole tree, and
  // strictly below a depth (for positions in the execution part, which must not leave it).
  [[nodiscard]] Position trace_ancestor() const;
  [[nodiscard]] Position trace_ancestor_below(std::uint32_t depth) const;
  // Left and right neighbours at the same depth.
  [[nodiscard]] Position left_neighbour() const { return {gindex - 1}; }
  [[nodiscard]] Position right_neighbour() const { return {gindex + 1}; }

  constexpr bool operator==(const Position& other) const { return gindex == other.gindex; }
};

}  // namespace mezz::layer2

namespace mezz {
template <>
struct EnumNames<layer2::MoveKind> {
  static constexpr std::string_view names[] = {"attack", "defend"};
};
}  // namespace mezz

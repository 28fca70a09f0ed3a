// A set of 4096 small integers with O(1) insert, erase and search for the nearest member above or
// below: 64 words and one summary word. Order books and price indices keep their levels in it.
#pragma once

#include <bit>
#include <cstdint>

#include "sim/check/assert.h"

namespace mezz {

struct TickBitmap {
  static constexpr std::int32_t kSize = 4096;
  static constexpr std::int32_t kNone = -1;

  std::uint64_t summary = 0;
  std::uint64_t words[64] = {};

  void insert(std::int32_t i) {
    words[word(i)] |= bit(i & 63);
    summary |= bit(i >> 6);
  }
  void erase(std::int32_t i) {
    words[word(i)] &= ~bit(i & 63);
    if (words[word(i)] == 0) summary &= ~bit(i >> 6);
  }
  [[nodiscard]] bool contains(std::int32_t i) const { return (words[word(i)] & bit(i & 63)) != 0; }
  [[nodiscard]] bool empty() const { return summary == 0; }

  // The largest member <= i, or kNone. i may be -1 (then kNone).
  [[nodiscard]] std::int32_t at_or_below(std::int32_t i) const {
    if (i < 0) return kNone;
    const std::uint64_t here = words[word(i)] & (~0ull >> (63 - (i & 63)));
    if (here != 0) return (i & ~63) + 63 - std::countl_zero(here);
    const std::uint64_t below = summary & (bit(i >> 6) - 1);
    if (below == 0) return kNone;
    const int w = 63 - std::countl_zero(below);
    return w * 64 + 63 - std::countl_zero(words[w]);
  }
  // The smallest member >= i, or kNone. i may be kSize (then kNone).
  [[nodiscard]] std::int32_t at_or_above(std::int32_t i) const {
    if (i >= kSize) return kNone;
    const std::uint64_t here = words[word(i)] & (~0ull << (i & 63));
    if (here != 0) return (i & ~63) + std::countr_zero(here);
    const std::uint64_t above = summary & (~1ull << (i >> 6));
    if (above == 0) return kNone;
    const int w = std::countr_zero(above);
    return w * 64 + std::countr_zero(words[w]);
  }

 private:
  static constexpr std::uint64_t bit(std::int32_t i) { return 1ull << i; }
  static std::size_t word(std::int32_t i) {
    MEZZ_ASSERT(static_cast<std::uint32_t>(i) < static_cast<std::uint32_t>(kSize));
    return static_cast<std::size_t>(i) >> 6;
  }
};

}  // namespace mezz

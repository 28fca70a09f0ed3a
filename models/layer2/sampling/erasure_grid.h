// The shares of one block after erasure coding, which of them somebody has, and whether these give
// the whole block. Plain values. Sources: Al-Bassam, Sonnino, Buterin, "Fraud and data availability
// proofs" (arXiv 1809.09044, section 5: two-dimensional Reed-Solomon); EIP-7594 (PeerDAS: columns).
//
//   square  k x k shares become 2k x 2k; any k of a row give the row, any k of a column the column
//   line    k columns become 2k; any k of them give all
//
// The least whose absence makes the rest useless: (k+1)^2 shares, where k+1 rows meet k+1 columns;
// of a line k+1 columns. Left out: the field arithmetic itself, fraud proofs of wrong coding,
// namespaces.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/random/stream.h"
#include "sim/types/enum_names.h"

namespace mezz {

enum class ErasureCode : std::uint8_t { Square, Line };
template <>
struct EnumNames<ErasureCode> {
  static constexpr std::string_view names[] = {"square", "line"};
};

struct ErasureGrid {
  ErasureCode code = ErasureCode::Square;
  std::uint32_t k = 128;

  [[nodiscard]] std::uint32_t columns() const { return 2 * k; }
  [[nodiscard]] std::uint32_t rows() const { return code == ErasureCode::Square ? 2 * k : 1; }
  [[nodiscard]] std::uint32_t shares() const { return rows() * columns(); }
  // Whether the share lies where the first `side` rows meet the first `side` columns.
  [[nodiscard]] bool in_corner(std::uint32_t share, std::uint32_t side) const {
    return share % columns() < side && share / columns() < side;
  }
  // Shares of such a corner.
  [[nodiscard]] std::uint32_t corner(std::uint32_t side) const {
    return code == ErasureCode::Square ? side * side : side;
  }
};

class ShareSet {
 public:
  explicit ShareSet(const ErasureGrid& grid);

  void clear();
  void add(std::uint32_t share);
  [[nodiscard]] bool has(std::uint32_t share) const;
  [[nodiscard]] std::uint32_t count() const { return count_; }
  // Decodes rows and columns until nothing new comes of it.
  [[nodiscard]] bool gives_all() const;

  void visit_state(auto& v) {
    v("words", words_);
    v("count", count_);
  }

 private:
  ErasureGrid grid_;
  std::uint32_t count_ = 0;
  std::vector<std::uint64_t> words_;  // a bit per share
};

// Appends `count` different numbers below `n`, in no particular order (Floyd's algorithm: one draw
// each).
void draw_distinct(Stream& rng, std::uint32_t n, std::uint32_t count,
                   std::vector<std::uint32_t>& out);

}  // namespace mezz

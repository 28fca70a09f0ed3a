// One source of random numbers for one purpose of one entity. The stream is a pure function of
// (seed, replication, entity path, purpose), never of the scenario or of creation order: adding an
// agent does not shift another's draws, and two designs compared under one seed see the same world
// (common random numbers). Draw n of a stream is half n % 2 of Philox block n / 2, so seek() is
// O(1) and a snapshot stores one integer.
//
// Key: two 64-bit lanes of stream_hash() below. Lane 0 is the Philox key, lane 1 the upper half of
// its counter, the block number the lower half. Streams overlap only if all 128 bits of the hash
// agree.
//
// Stream is a UniformRandomBitGenerator with 64-bit results and works with Boost.Random; never use
// <random> distributions, whose results differ between standard libraries. Each member below takes
// a fixed number of draws (one), which keeps compared runs in step.
#pragma once

#include <cstdint>
#include <string_view>

#include "sim/check/assert.h"
#include "sim/random/philox.h"
#include "sim/types/ratio.h"

namespace mezz {

// The fixed 128-bit hash of a stream's name, the same on every platform. Each lane starts at its
// own constant and absorbs, in order: seed, replication, then for path and purpose the FNV-1a hash
// of the bytes (with the lane's own offset basis) and the length, so that ("a","bc") differs from
// ("ab","c"). Absorbing a word is state = splitmix64 finaliser(state + 0x9e3779b97f4a7c15 ^ word).
struct StreamHash {
  std::uint64_t lane0;
  std::uint64_t lane1;
  bool operator==(const StreamHash&) const = default;
};
[[nodiscard]] StreamHash stream_hash(std::uint64_t seed, std::uint64_t replication,
                                     std::string_view path, std::string_view purpose);

class Stream {
 public:
  using result_type = std::uint64_t;

  Stream(std::uint64_t seed, std::uint64_t replication, std::string_view path,
         std::string_view purpose);

  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return UINT64_MAX; }
  result_type operator()() { return bits64(); }

  std::uint64_t bits64() {
    const std::uint64_t block = position_ >> 1;
    if (block != cached_block_) [[unlikely]]
      fill(block);
    return cache_[position_++ & 1];
  }
  // In [0, 1), a multiple of 2^-53.
  double uniform() { return static_cast<double>(bits64() >> 11) * 0x1p-53; }
  // In (0, 1), an odd multiple of 2^-53: safe for log and for the normal quantile, symmetric about
  // 1/2.
  double uniform_open() { return (static_cast<double>(bits64() >> 12) + 0.5) * 0x1p-52; }
  // In [0, n) by a 128-bit multiply and shift (Lemire 2019 without rejection): one draw always; the
  // probability of a value is off by at most n / 2^64 of itself, unobservable for any n we use.
  std::uint64_t below(std::uint64_t n) {
    MEZZ_ASSERT(n > 0);
    return static_cast<std::uint64_t>((Uint128{bits64()} * n) >> 64);
  }
  // True with probability p, decided in integers; never for p <= 0, always for p >= 1.
  bool chance(Ratio p) {
    return static_cast<std::int64_t>(below(static_cast<std::uint64_t>(Ratio::kScale))) < p.ppb;
  }

  // The number of the next draw.
  [[nodiscard]] std::uint64_t position() const { return position_; }
  void seek(std::uint64_t position) { position_ = position; }

  // The cached block needs no saving: it is recomputed when a draw wants another one.
  void visit_state(auto& v) { v("position", position_); }

 private:
  __extension__ using Uint128 = unsigned __int128;

  void fill(std::uint64_t block);

  StreamHash hash_;
  std::uint64_t position_ = 0;
  std::uint64_t cached_block_ = UINT64_MAX;  // no such block: positions have 64 bits, blocks 63
  std::uint64_t cache_[2] = {};
};

}  // namespace mezz

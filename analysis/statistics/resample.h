// Draws for resampling: counter-based, so draw i of a seed is always the same number, on every
// machine and compiler, and two draws never depend on one another's order. The mixer is SplitMix64
// (Steele, Lea, Flood 2014). Not for simulations: those have sim/random.
#pragma once

#include <cstddef>
#include <cstdint>

namespace mezz::statistics {

class ResampleStream {
 public:
  explicit ResampleStream(std::uint64_t seed) : seed_(mixed(seed + kStep)) {}

  std::uint64_t bits() { return mixed(seed_ + kStep * ++counter_); }
  // Uniform on 0 ... n - 1; n > 0. Off by less than n / 2^64 (no rejection).
  std::size_t below(std::size_t n) {
    __extension__ using Wide = unsigned __int128;
    return static_cast<std::size_t>((static_cast<Wide>(bits()) * n) >> 64U);
  }
  // Uniform on (0, 1).
  double unit() { return (static_cast<double>(bits() >> 11U) + 0.5) * 0x1p-53; }

 private:
  static constexpr std::uint64_t kStep = 0x9E3779B97F4A7C15U;
  static constexpr std::uint64_t mixed(std::uint64_t x) {
    x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9U;
    x = (x ^ (x >> 27U)) * 0x94D049BB133111EBU;
    return x ^ (x >> 31U);
  }

  std::uint64_t seed_;
  std::uint64_t counter_ = 0;
};

}  // namespace mezz::statistics

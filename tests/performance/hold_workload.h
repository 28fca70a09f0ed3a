// The hold workload, the same code for every engine compared: 64-byte rows, a xoshiro256++
// generator (Blackman and Vigna) and -log(u) delays of mean 1 s; or delays to the next 2 s slot,
// one in eight zero.
#pragma once

#include <cmath>
#include <cstdint>

namespace bench {

struct Row {
  std::uint64_t words[8] = {};
};

class Xoshiro {
 public:
  std::uint64_t next() {
    const std::uint64_t result = rotate(s_[0] + s_[3], 23) + s_[0];
    const std::uint64_t t = s_[1] << 17;
    s_[2] ^= s_[0];
    s_[3] ^= s_[1];
    s_[1] ^= s_[2];
    s_[0] ^= s_[3];
    s_[2] ^= t;
    s_[3] = rotate(s_[3], 45);
    return result;
  }
  std::int64_t exponential_delay() {
    const double u = (static_cast<double>(next() >> 11) + 0.5) * 0x1p-53;
    return static_cast<std::int64_t>(-std::log(u) * 1e9);
  }
  std::int64_t quantised_delay(std::int64_t now) {
    constexpr std::int64_t kSlot = 2'000'000'000;
    if ((next() & 7) == 0) return 0;
    const std::int64_t wanted = now + exponential_delay();
    return (wanted / kSlot + 1) * kSlot - now;
  }

 private:
  static std::uint64_t rotate(std::uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }
  std::uint64_t s_[4] = {0x9E3779B97F4A7C15ULL, 0xBF58476D1CE4E5B9ULL, 0x94D049BB133111EBULL, 7};
};

}  // namespace bench

#include "sim/random/stream.h"

namespace mezz {
namespace {

constexpr std::uint64_t kGolden = 0x9e3779b97f4a7c15;

// The finaliser of splitmix64 (Steele, Lea, Flood 2014; constants by Stafford).
constexpr std::uint64_t finalise(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

constexpr std::uint64_t absorb(std::uint64_t state, std::uint64_t word) {
  return finalise((state + kGolden) ^ word);
}

constexpr std::uint64_t absorb(std::uint64_t state, std::string_view text, std::uint64_t basis) {
  constexpr std::uint64_t kFnvPrime = 0x100000001b3;
  std::uint64_t fnv = basis;
  for (const char c : text) fnv = (fnv ^ static_cast<unsigned char>(c)) * kFnvPrime;
  return absorb(absorb(state, fnv), text.size());
}

}  // namespace

StreamHash stream_hash(std::uint64_t seed, std::uint64_t replication, std::string_view path,
                       std::string_view purpose) {
  const auto lane = [&](std::uint64_t start, std::uint64_t basis) {
    const std::uint64_t run = absorb(absorb(start, seed), replication);
    return absorb(absorb(run, path, basis), purpose, basis);
  };
  constexpr std::uint64_t kFnvBasis = 0xcbf29ce484222325;
  constexpr std::uint64_t kOtherBasis = 0x6c62272e07bb0142;  // upper half of the 128-bit FNV basis
  return {lane(0x243f6a8885a308d3, kFnvBasis), lane(0x13198a2e03707344, kOtherBasis)};  // of pi
}

Stream::Stream(std::uint64_t seed, std::uint64_t replication, std::string_view path,
               std::string_view purpose)
    : hash_(stream_hash(seed, replication, path, purpose)) {}

void Stream::fill(std::uint64_t block) {
  const auto low = [](std::uint64_t word) { return static_cast<std::uint32_t>(word); };
  const auto high = [](std::uint64_t word) { return static_cast<std::uint32_t>(word >> 32); };
  const philox::Counter out =
      philox::block({low(block), high(block), low(hash_.lane1), high(hash_.lane1)},
                    {low(hash_.lane0), high(hash_.lane0)});
  cache_[0] = std::uint64_t{out[1]} << 32 | out[0];
  cache_[1] = std::uint64_t{out[3]} << 32 | out[2];
  cached_block_ = block;
}

}  // namespace mezz

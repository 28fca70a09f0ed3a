// A running 64-bit hash of everything a run did: (time, endpoint, message name, payload) of every
// dispatched event and every layer-two state root. Equal scenario and seed give equal fingerprints
// on every compiler, CPU and thread count; the first differing sub-hash locates the first differing
// event (mezz diff). About one 64x64->128 multiplication per 16 bytes; not cryptographic.
#pragma once

#include <cstdint>
#include <string_view>

namespace mezz {

__extension__ using Uint128 = unsigned __int128;

// Folds two words into one: the halves of their product, with odd constants against zero inputs.
constexpr std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  const Uint128 product =
      static_cast<Uint128>(a ^ 0xA0761D6478BD642FULL) * (b ^ 0xE7037ED1A0B428DBULL);
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

// FNV-1a over the characters, then one mix: the stable identity of a name.
constexpr std::uint64_t hash_name(std::string_view name) {
  std::uint64_t h = 0xCBF29CE484222325ULL;
  for (const char c : name) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  return mix(h, name.size());
}

class Fingerprint {
 public:
  constexpr void add(std::uint64_t a, std::uint64_t b) {
    value_ = mix(value_ ^ a, b ^ 0x9E3779B97F4A7C15ULL);
  }
  constexpr void add(std::uint64_t a) { add(a, 0); }
  [[nodiscard]] constexpr std::uint64_t value() const { return value_; }
  constexpr void restore(std::uint64_t value) { value_ = value; }
  constexpr bool operator==(const Fingerprint&) const = default;

 private:
  std::uint64_t value_ = 0;
};

}  // namespace mezz

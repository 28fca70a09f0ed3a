// Reading and writing the 18-decimal numbers of the venues' rows.
#pragma once

#include <string>
#include <string_view>

#include "models/market/wad.h"
#include "scenarios/vectors/fields.h"

namespace mezz::vectors {

// "1200.06", "-0.00075", "5%"; decimals beyond the eighteenth are cut.
Wad wad(std::string_view text);
inline Wad wad(const Inputs& in, const char* name) {
  return in.read(name, [](std::string_view text) { return wad(text); });
}
inline Wad wad_or(const Inputs& in, const char* name, Wad fallback) {
  return in.has(name) ? wad(in, name) : fallback;
}
// A number of `places` decimals without trailing zeros.
std::string decimal_text(Int128 value, std::int32_t places);
inline std::string text_of(Wad value) { return decimal_text(value.units, 18); }

// "600.0001" seconds; nanoseconds are the finest.
Duration seconds(std::string_view text);
inline Duration seconds(const Inputs& in, const char* name) {
  return in.read(name, [](std::string_view text) { return seconds(text); });
}

[[noreturn]] inline void unknown_quantity(const Row& row) {
  throw InputError{"unknown quantity " + row.quantity};
}

}  // namespace mezz::vectors

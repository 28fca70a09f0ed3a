// The names of an enumeration's values, written once: they serve the scenario file, --set, the JSON
// schema, HDF5 flag_meanings and messages. Specialise beside the enum:
//   template <> struct EnumNames<Phase> { static constexpr std::string_view names[] = {"idle",
//   "open"}; };
// Values run 0, 1, 2, ... in the order of the names.
#pragma once

#include <cstddef>
#include <string_view>

namespace mezz {

template <class E>
struct EnumNames;

template <class E>
constexpr std::string_view enum_name(E value) {
  return EnumNames<E>::names[static_cast<std::size_t>(value)];
}

}  // namespace mezz

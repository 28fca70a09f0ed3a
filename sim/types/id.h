// Identifiers: distinct types over one integer, so that an account cannot be passed for a block.
// Ids are assigned in creation order and break every tie, visibly, in code.
#pragma once

#include <compare>
#include <cstdint>

namespace mezz {

template <class Tag, class Integer>
struct Id {
  Integer value = static_cast<Integer>(-1);  // "none"

  static constexpr Id none() { return {}; }
  [[nodiscard]] constexpr bool exists() const { return value != static_cast<Integer>(-1); }
  constexpr auto operator<=>(const Id&) const = default;
};

using EntityId = Id<struct EntityTag, std::uint32_t>;

}  // namespace mezz

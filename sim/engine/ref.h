// Ref<R>: the address of an entity in its role R. It can only be sent messages that R handles,
// checked by the compiler. A Ref to a concrete entity converts to a Ref to any role the entity
// declares. An entity has one endpoint for itself and one for each declared role (at most 7).
#pragma once

#include <compare>
#include <cstdint>
#include <type_traits>

#include "sim/types/id.h"

namespace mezz {

template <class... Roles>
struct RoleList {
  static constexpr std::uint32_t size = sizeof...(Roles);

  // 1 + position of R, or 0 when R is not listed.
  template <class R>
  static constexpr std::uint32_t offset() {
    std::uint32_t position = 0;
    std::uint32_t found = 0;
    ((++position, found = std::is_same_v<R, Roles> ? position : found), ...);
    return found;
  }
};

inline constexpr std::uint32_t kEndpointsPerEntity = 8;

template <class R>
struct Ref {
  static constexpr std::uint32_t kNone = 0xFFFFFFFFU;
  std::uint32_t endpoint = kNone;

  constexpr Ref() = default;
  constexpr explicit Ref(std::uint32_t number) : endpoint(number) {}
  template <class T>
  requires(!std::is_same_v<T, R>) &&
      (T::DeclaredRoles::template offset<R>() > 0) constexpr Ref(
          Ref<T> other)  // NOLINT(google-explicit-constructor): a wider view of one entity
      : endpoint(other.exists() ? other.endpoint + T::DeclaredRoles::template offset<R>() : kNone) {
  }

  [[nodiscard]] constexpr bool exists() const { return endpoint != kNone; }
  [[nodiscard]] constexpr EntityId entity() const { return {endpoint / kEndpointsPerEntity}; }
  constexpr auto operator<=>(const Ref&) const = default;
};

}  // namespace mezz

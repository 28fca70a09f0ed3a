// The single parameter visitor. A Params struct describes each parameter once:
//   struct SequencerParams {
//     Duration block_time = 2_s;
//     void visit(auto& v) {
//       v("block_time", block_time, {.doc = "Time between two blocks", .min = 100_ms, .max =
//       1_min});
//     }
//   };
// From this one description come the TOML parser, --set, `mezz resolve`, the JSON schema, the HDF5
// attributes, the reference pages and (later) the GUI form. A visitor is any object with
//   template <class T> void operator()(std::string_view name, T& field, const SpecOf<T>& spec =
//   {});
// Field types: bool, integers, double, std::string, the strong types of sim/types, enums with
// EnumNames, std::optional and std::vector of these, and nested structs with visit() of their own.
// min and max are inclusive. Without min, a duration, time, gas amount, gas price or ether amount
// may not be negative. Names follow the glossary in snake_case; the unit belongs to the type, not
// to the name.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <type_traits>
#include <vector>

namespace mezz {

template <class T>
struct Spec {
  std::string_view doc = {};
  std::optional<T> min = {};
  std::optional<T> max = {};
};
// Limits of an optional hold when it has a value; those of a vector hold for each element.
template <class T>
struct Spec<std::optional<T>> {
  std::string_view doc = {};
  std::optional<T> min = {};
  std::optional<T> max = {};
};
template <class T>
struct Spec<std::vector<T>> {
  std::string_view doc = {};
  std::optional<T> min = {};
  std::optional<T> max = {};
  std::optional<std::size_t> count_max = {};
};
template <class T>
using SpecOf = Spec<std::type_identity_t<T>>;

namespace detail {
struct AnyVisitor {
  template <class T>
  void operator()(std::string_view, T&, const SpecOf<T>& = {}) {}
};
}  // namespace detail

// True for structs that describe their fields.
template <class T>
concept Visitable = requires(T& t, detail::AnyVisitor& v) {
  t.visit(v);
};

}  // namespace mezz

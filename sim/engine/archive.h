// State to bytes and back, for snapshots. The same visitor shape as parameters: an entity (or any
// value type) lists its state once,
//   void visit_state(auto& v) { v("phase", phase_); v("queue", queue_); }
// and gets saving, loading and hashing. Handles types whose bytes are their value (integers, strong
// types, enums, padding-free structs), doubles, bool, std::string, std::vector, std::deque,
// std::array, std::optional, std::pair, std::map, std::set and structs with visit_state(). Pointers
// and wiring are not state: they are rebuilt by building the same scenario again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "sim/check/assert.h"

namespace mezz {

template <class T>
concept Flat = std::is_trivially_copyable_v<T> && !std::is_pointer_v<T> &&
               (std::has_unique_object_representations_v<T> || std::is_floating_point_v<T>);

namespace detail {
template <class T>
concept StateVisitable = requires(T& t, int& v) {
  t.visit_state(v);
}
|| requires { &T::template visit_state<int>; };
template <class T>
concept Growing = requires(T& t) {
  t.clear();
  t.emplace_back();
  t.size();
};  // vector, deque
template <class T>
concept Keyed = requires {
  typename T::key_type;
};
template <class T>
concept Mapped = Keyed<T> && requires {
  typename T::mapped_type;
};
template <class T>
concept Optional = requires(T& t) {
  t.has_value();
  t.reset();
  t.emplace();
};
template <class T>
concept Paired = requires(T& t) {
  t.first;
  t.second;
};
template <class T>
concept FixedArray = requires(T& t) {
  t.fill(t[0]);
  t.data();
};
}  // namespace detail

class Saver {
 public:
  explicit Saver(std::vector<std::byte>& out) : out_(&out) {}

  template <class T>
  void operator()(std::string_view, T& field) {
    value(field);
  }
  void bytes(const void* from, std::size_t count);

  template <class T>
  void value(T& field) {
    if constexpr (std::is_same_v<T, std::string>) {
      size(field.size());
      bytes(field.data(), field.size());
    } else if constexpr (Flat<T>) {
      bytes(&field, sizeof(T));
    } else if constexpr (detail::Growing<T>) {
      size(field.size());
      if constexpr (requires {
                      field.data();
                      requires Flat<typename T::value_type>;
                    }) {
        bytes(field.data(), field.size() * sizeof(typename T::value_type));
      } else {
        for (auto&& element : field) {
          auto copy = element;  // std::vector<bool> hands out proxies
          value(copy);
        }
      }
    } else if constexpr (detail::Keyed<T>) {
      size(field.size());
      for (auto& element : field) entry(element);
    } else if constexpr (detail::Optional<T>) {
      bool present = field.has_value();
      value(present);
      if (present) value(*field);
    } else if constexpr (detail::FixedArray<T>) {
      for (auto& element : field) value(element);
    } else if constexpr (detail::Paired<T>) {
      entry(field);
    } else {
      field.visit_state(*this);
    }
  }

 private:
  template <class P>
  void entry(P& element) {
    if constexpr (detail::Paired<P>) {
      auto first = element.first;
      value(first);
      value(element.second);
    } else {
      auto copy = element;
      value(copy);
    }
  }
  void size(std::size_t n);
  std::vector<std::byte>* out_;
};

// Reads what Saver wrote. Bytes that end early or announce absurd sizes are a damaged snapshot: the
// loader turns failed() and every further value stays as it is.
class Loader {
 public:
  Loader(const std::byte* data, std::size_t size) : next_(data), left_(size) {}

  [[nodiscard]] bool failed() const { return failed_; }
  void fail() { failed_ = true; }
  [[nodiscard]] std::size_t left() const { return left_; }

  template <class T>
  void operator()(std::string_view, T& field) {
    value(field);
  }
  void bytes(void* to, std::size_t count);

  template <class T>
  void value(T& field) {
    if constexpr (std::is_same_v<T, std::string>) {
      field.resize(size(1));
      bytes(field.data(), field.size());
    } else if constexpr (Flat<T>) {
      bytes(&field, sizeof(T));
    } else if constexpr (detail::Growing<T>) {
      load_growing(field);
    } else if constexpr (detail::Keyed<T>) {
      field.clear();
      for (std::size_t n = size(1); n > 0 && !failed_; --n) load_entry(field);
    } else if constexpr (detail::Optional<T>) {
      bool present = false;
      value(present);
      if (present) {
        value(field.emplace());
      } else {
        field.reset();
      }
    } else if constexpr (detail::FixedArray<T>) {
      for (auto& element : field) value(element);
    } else if constexpr (detail::Paired<T>) {
      value(field.first);
      value(field.second);
    } else {
      field.visit_state(*this);
    }
  }

 private:
  template <class T>
  void load_growing(T& field) {
    using Element = typename T::value_type;
    field.clear();
    if constexpr (requires {
                    field.data();
                    requires Flat<Element>;
                  }) {
      field.resize(size(sizeof(Element)));
      bytes(field.data(), field.size() * sizeof(Element));
    } else {
      for (std::size_t n = size(1); n > 0 && !failed_; --n) {
        Element element{};
        value(element);
        field.push_back(std::move(element));
      }
    }
  }
  template <class T>
  void load_entry(T& field) {
    if constexpr (detail::Mapped<T>) {
      std::pair<typename T::key_type, typename T::mapped_type> element{};
      value(element.first);
      value(element.second);
      field.insert(std::move(element));
    } else {
      typename T::key_type element{};
      value(element);
      field.insert(std::move(element));
    }
  }
  std::size_t size(std::size_t bytes_each);

  const std::byte* next_;
  std::size_t left_;
  bool failed_ = false;
};

}  // namespace mezz

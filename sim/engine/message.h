// Messages and the table of handlers.
//
// A message is a named struct of at most 48 bytes without padding and without pointers, or an empty
// one: its bytes are its value, so an event can be saved, hashed and replayed. No double crosses
// between entities. Larger data stays with its owner and travels as an id.
//
// A handler is a pair (role R, message M): the function that calls R::on(ctx, M). Each pair that
// the program can send gets a number while the program loads. The numbers differ between builds and
// are never observable: fingerprints and snapshots use the names.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace mezz {

class Context;

template <class M>
concept Message = std::is_trivially_copyable_v<M> && sizeof(M) <= 48 &&
                  (std::is_empty_v<M> || std::has_unique_object_representations_v<M>);

template <class R, class M>
concept Handles = requires(R& r, Context& ctx, const M& m) {
  r.on(ctx, m);
};

// A receiver with large tables may say what a message will touch, for example
//   void foresee(const Fill& m) const { __builtin_prefetch(&accounts_[m.account]); }
// The engine calls it a few events before on(); it must have no effect but on the caches, as it may
// be called for an event that is cancelled later, or not at all.
template <class R, class M>
concept Foresees = requires(const R& r, const M& m) {
  r.foresee(m);
};

namespace detail {
// gcc leaves out the namespace we are in, clang writes it; both name the unnamed one in their own
// way.
constexpr std::string_view without_namespace(std::string_view name) {
  for (const std::string_view prefix :
       {std::string_view("mezz::"), std::string_view("{anonymous}::"),
        std::string_view("(anonymous namespace)::")}) {
    if (name.starts_with(prefix)) name.remove_prefix(prefix.size());
  }
  return name;
}
}  // namespace detail

// The type's name inside our namespace, the same text under gcc and clang ("Start").
template <class T>
constexpr std::string_view type_name() {
  const std::string_view pretty = __PRETTY_FUNCTION__;
  const std::size_t begin = pretty.find("T = ") + 4;
  const std::size_t end = pretty.find_first_of(";]", begin);
  return detail::without_namespace(pretty.substr(begin, end - begin));
}

struct HandlerInfo {
  void (*call)(void* target, Context& ctx, const void* payload) = nullptr;
  std::uint64_t name_hash = 0;  // of the message's name
  std::uint32_t payload_bytes = 0;
  std::string_view role;
  std::string_view message;
  void (*foresee)(const void* target, const void* payload) = nullptr;  // see Foresees
};

namespace detail {
std::uint16_t add_handler(const HandlerInfo& info);
std::uint64_t message_hash(std::string_view name);

template <class M>
constexpr std::uint32_t payload_bytes() {
  return std::is_empty_v<M> ? 0U : static_cast<std::uint32_t>(sizeof(M));
}

template <class R, class M>
void call_handler(void* target, Context& ctx, const void* payload) {
  M message;
  if constexpr (!std::is_empty_v<M>) std::memcpy(&message, payload, sizeof(M));
  static_cast<R*>(target)->on(ctx, message);
}

template <class R, class M>
void call_foresee(const void* target, const void* payload) {
  M message;
  if constexpr (!std::is_empty_v<M>) std::memcpy(&message, payload, sizeof(M));
  static_cast<const R*>(target)->foresee(message);
}

template <class R, class M>
HandlerInfo handler_info() {
  HandlerInfo info{&call_handler<R, M>, message_hash(type_name<M>()), payload_bytes<M>(),
                   type_name<R>(), type_name<M>()};
  if constexpr (Foresees<R, M>) info.foresee = &call_foresee<R, M>;
  return info;
}

template <class R, class M>
struct HandlerOf {
  static inline const std::uint16_t number = add_handler(handler_info<R, M>());
};
}  // namespace detail

// All handlers of the program; fixed once main() runs.
const HandlerInfo* handler_table();
std::size_t handler_count();
bool any_handler_foresees();
// The number of (role, message), or handler_count() when the program has no such handler.
std::size_t find_handler(std::string_view role, std::string_view message);

}  // namespace mezz

// One pending event: 32 bytes, plain data, so that it can be queued inline, saved, hashed and
// shown. Order is (time, sequence): first in, first out among equals, and nothing else. The
// sequence shares a word with the handler number (sequence in the high 48 bits), so one comparison
// of (time, order) sorts by (time, sequence). Payloads of up to 8 bytes travel inside; larger ones
// wait in the engine's payload pool under `slot`.
#pragma once

#include <compare>
#include <cstdint>

#include "sim/types/rounding.h"
#include "sim/types/time.h"

namespace mezz {

struct Event {
  static constexpr std::uint32_t kInline = 0xFFFFFFFFU;

  std::int64_t time_ns = 0;
  std::uint64_t order = 0;  // sequence << 16 | handler
  std::uint32_t endpoint = 0;
  std::uint32_t slot = kInline;
  std::uint64_t payload = 0;

  [[nodiscard]] constexpr Time time() const { return {time_ns}; }
  [[nodiscard]] constexpr std::uint64_t sequence() const { return order >> 16; }
  [[nodiscard]] constexpr std::uint16_t handler() const {
    return static_cast<std::uint16_t>(order & 0xFFFFU);
  }
};
static_assert(sizeof(Event) == 32);

constexpr bool before(const Event& a, const Event& b) {
  return a.time_ns < b.time_ns || (a.time_ns == b.time_ns && a.order < b.order);
}

// Names one scheduled event, to cancel it. It stays valid as plain data after the event has fired:
// cancelling then does nothing. `Timer{}` is never pending.
struct Timer {
  std::int64_t time_ns = -1;
  std::uint64_t order = 0;

  [[nodiscard]] constexpr bool armed() const { return time_ns >= 0; }
  constexpr auto operator<=>(const Timer&) const = default;
};

}  // namespace mezz

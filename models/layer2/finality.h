// The finality ladder: every layer-two transaction carries one time per rung, and every latency is
// a difference of two of them. Source: reference sheet "layer-two protocols" section 0.1; the rungs
// of OP-Stack (unsafe, safe, finalised heads), claims and settlement.
//   Submitted     the user sent it
//   Preconfirmed  the sequencer promised it a place (soft; undone by a crash or a re-organisation)
//   Published     its data is in a layer-one block
//   OrderFinal    that layer-one block is final
//   Asserted      a state claim that covers it stands on layer one
//   Settled       the claim can no longer be disputed
// Withdrawals go on: Withdrawable, Paid (models/layer2/bridge).
#pragma once

#include <array>
#include <cstdint>

#include "sim/types/enum_names.h"
#include "sim/types/time.h"

namespace mezz {

enum class Rung : std::uint8_t {
  Submitted,
  Preconfirmed,
  Published,
  OrderFinal,
  Asserted,
  Settled
};
inline constexpr std::size_t kRungs = 6;

template <>
struct EnumNames<Rung> {
  static constexpr std::string_view names[] = {"submitted",   "preconfirmed", "published",
                                               "order_final", "asserted",     "settled"};
};

struct FinalityLadder {
  std::array<Time, kRungs> at{Time::never(), Time::never(), Time::never(),
                              Time::never(), Time::never(), Time::never()};

  [[nodiscard]] Time& operator[](Rung rung) { return at[static_cast<std::size_t>(rung)]; }
  [[nodiscard]] Time operator[](Rung rung) const { return at[static_cast<std::size_t>(rung)]; }
};

}  // namespace mezz

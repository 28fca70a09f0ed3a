// Things that break, as data. A scenario lists shocks; each is sent as a message to the part it
// hits, when it begins and when it ends. A part keeps an independent switch per shock: an outage of
// the batch poster says nothing about the sequencer (every combination has happened, see the
// incident library of the reference sheet "layer-two protocols", section 13). Model code asks its
// switch, never "is there an attack".
#pragma once

#include <cstdint>

#include "sim/engine/message.h"
#include "sim/types/enum_names.h"
#include "sim/types/ratio.h"

namespace mezz {

class Context;

enum class ShockKind : std::uint8_t {
  RpcDown,            // users cannot reach the sequencer; the chain goes on
  SequencerDown,      // no layer-two blocks
  SequencerDegraded,  // magnitude = share of the block capacity that is left
  BatcherDown,        // blocks go on, nothing is published
  ProposerDown,       // no state claims
  Censorship,         // magnitude = share of transactions (by account) that the sequencer ignores
  CensorWithdrawals,  // the sequencer ignores withdrawals
  InvalidClaim,       // the fraudulent proposer posts a wrong claim
  ChallengerDown,     // honest challengers sleep
  L1Reorg,            // magnitude = depth in blocks (1 = 1e9 ppb each)
  L1NoFinality,       // participation falls below 2/3
  L1MissedSlots,      // magnitude = share of slots missed
  GasSpike,           // magnitude = factor on the background demand for gas
  BlobSpike,          // magnitude = factor on the background demand for blobs
  OracleDown,         // no oracle updates
  OracleWrongPrice,   // magnitude = factor on the reported price
  KeeperDown,         // liquidators sleep
  BridgePaused,       // no withdrawals are paid
  PriceJump,          // magnitude = factor on the fundamental price, at once
};
template <>
struct EnumNames<ShockKind> {
  static constexpr std::string_view names[] = {
      "rpc_down",        "sequencer_down", "sequencer_degraded", "batcher_down",
      "proposer_down",   "censorship",     "censor_withdrawals", "invalid_claim",
      "challenger_down", "l1_reorg",       "l1_no_finality",     "l1_missed_slots",
      "gas_spike",       "blob_spike",     "oracle_down",        "oracle_wrong_price",
      "keeper_down",     "bridge_paused",  "price_jump"};
};
inline constexpr std::size_t kShockKinds = 19;

enum class ShockEdge : std::uint8_t { Begins, Ends };

struct Shock {
  ShockKind kind;
  ShockEdge edge;
  std::uint16_t reserved = 0;
  std::uint32_t number;  // position in the scenario's list
  Ratio magnitude;
};
static_assert(Message<Shock>);

class Shockable {
 public:
  virtual ~Shockable() = default;
  virtual void on(Context& ctx, const Shock& shock) = 0;
};

// One switch: counts overlapping shocks of its kind, keeps the latest magnitude.
struct Switch {
  std::int64_t active = 0;
  Ratio magnitude = Ratio::one();

  [[nodiscard]] constexpr bool on() const { return active > 0; }
  constexpr void apply(const Shock& shock) {
    active += shock.edge == ShockEdge::Begins ? 1 : -1;
    if (shock.edge == ShockEdge::Begins) magnitude = shock.magnitude;
  }
};

}  // namespace mezz

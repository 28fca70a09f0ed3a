// Things that break, as data. A scenario lists shocks; each is sent as a message to the part it
// hits, when it begins and when it ends. A part keeps an independent switch per shock: an outage of
// the batch poster says nothing about the sequencer (every combination has happened, see the
// incident library of the reference sheet "layer-two protocols", section 13). Model code asks its
// switch, never "is there an attack".
#pragma once

#include <cstdint>
#include <iterator>

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
  SequencerReorg,     // magnitude = depth in layer-two blocks: the sequencer drops its own promises
  FailoverFails,      // the standby takes over in name only: nobody makes blocks
  ForcedQueueStalled,  // messages of layer one are not taken (where no rule forces them)
  ProverDown,          // no proofs
  ProverDegraded,      // magnitude = share of the machines that is left
  ProverLoad,          // magnitude = factor on the proving work of every transaction
  ProofMismatch,       // proving disagrees with what was sealed: unproven blocks are reverted
  CommitteeDown,       // magnitude = share of the members that do not sign
  DataWithheld,        // whoever holds the data does not give it out
  InvalidBlock,        // the operator publishes a block that invents money
  ValidatorsDown,      // magnitude = share of the voting power that is silent
  KeysCompromised,     // magnitude = share of the bridge's keys in one hand
  WatchtowerDown,      // nobody watches the channels of those who are away
  StaleClose,          // magnitude = share of the channels closed with an old state
  SigningRefused,      // magnitude = share of the accounts that stop signing when they lose
  MassExit,            // magnitude = share of the accounts that leave at once
};
template <>
struct EnumNames<ShockKind> {
  static constexpr std::string_view names[] = {"rpc_down",           "sequencer_down",
                                               "sequencer_degraded", "batcher_down",
                                               "proposer_down",      "censorship",
                                               "censor_withdrawals", "invalid_claim",
                                               "challenger_down",    "l1_reorg",
                                               "l1_no_finality",     "l1_missed_slots",
                                               "gas_spike",          "blob_spike",
                                               "oracle_down",        "oracle_wrong_price",
                                               "keeper_down",        "bridge_paused",
                                               "price_jump",         "sequencer_reorg",
                                               "failover_fails",     "forced_queue_stalled",
                                               "prover_down",        "prover_degraded",
                                               "prover_load",        "proof_mismatch",
                                               "committee_down",     "data_withheld",
                                               "invalid_block",      "validators_down",
                                               "keys_compromised",   "watchtower_down",
                                               "stale_close",        "signing_refused",
                                               "mass_exit"};
};
inline constexpr std::size_t kShockKinds = std::size(EnumNames<ShockKind>::names);

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

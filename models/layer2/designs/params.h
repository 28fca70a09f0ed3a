// The parameters of every axis of a layer two, one section of the scenario file each. A design uses
// the sections of the modules it is made of; the others have no effect.
#pragma once

#include <cstdint>

#include "models/layer2/availability/batch_poster.h"
#include "models/layer2/availability/committee.h"
#include "models/layer2/availability/derivation.h"
#include "models/layer2/availability/force_relayer.h"
#include "models/layer2/bridge/canonical_bridge.h"
#include "models/layer2/bridge/escape_hatch.h"
#include "models/layer2/bridge/fast_exit.h"
#include "models/layer2/bridge/forged_withdrawal.h"
#include "models/layer2/bridge/quorum_bridge.h"
#include "models/layer2/bridge/withdrawal_relayer.h"
#include "models/layer2/channel/channel_params.h"
#include "models/layer2/execution/node.h"
#include "models/layer2/plasma/plasma_params.h"
#include "models/layer2/proving/prover_params.h"
#include "models/layer2/proving/validity_contract.h"
#include "models/layer2/sequencing/single_sequencer.h"
#include "models/layer2/settlement/bold/bold_params.h"
#include "models/layer2/settlement/challenger.h"
#include "models/layer2/settlement/checkpoint.h"
#include "models/layer2/settlement/fault_proof.h"
#include "models/layer2/settlement/fraudulent_proposer.h"
#include "models/layer2/settlement/proposer.h"

namespace mezz {

enum class Design : std::uint8_t {
  OptimisticRollup,
  ZkRollup,
  Validium,
  Optimium,
  Volition,
  StateChannel,
  Plasma,
  Sidechain,
};
template <>
struct EnumNames<Design> {
  static constexpr std::string_view names[] = {
      "optimistic_rollup", "zk_rollup",     "validium", "optimium",
      "volition",          "state_channel", "plasma",   "sidechain"};
};

// How an optimistic rollup decides between claims.
enum class SettlementProtocol : std::uint8_t {
  FaultDispute,  // OP Stack: one game per claim
  Bold,          // Arbitrum: all against all
};
template <>
struct EnumNames<SettlementProtocol> {
  static constexpr std::string_view names[] = {"fault_dispute", "bold"};
};

inline constexpr Duration kStandardChallengeWindow = 7_d;

struct Layer2Params {
  Design design = Design::OptimisticRollup;
  ExecutionParams execution;
  SequencerParams sequencing;
  BatchPosterParams availability;
  DerivationParams derivation;
  // How long a claim can be disputed before money leaves, as people name the design ("7 d"). OP has
  // no such constant: it is 3.5 d of clock plus 3.5 d of air gap beside 7 d of proof maturity.
  // Another value scales all five windows of settlement and bridge in proportion
  // (scale_challenge_window).
  Duration challenge_window = kStandardChallengeWindow;
  SettlementProtocol protocol = SettlementProtocol::FaultDispute;
  FaultProofParams settlement;
  ProposerParams proposer;
  ChallengerParams challenger;
  std::int64_t challengers = 1;
  FraudulentProposerParams attacker;
  CanonicalBridgeParams bridge;
  WithdrawalRelayerParams relayer;
  FastExitParams fast_exit;
  ChannelParams channel;
  CheckpointParams checkpoint;
  QuorumBridgeParams quorum_bridge;
  CommitteeParams committee;
  EscapeHatchParams escape_hatch;
  ForgedWithdrawalParams forged_withdrawal;
  ValidityParams validity;
  ProverParams prover;
  PlasmaParams plasma;
  BoldParams bold;
  ForceRelayerParams force_relayer;
};

}  // namespace mezz

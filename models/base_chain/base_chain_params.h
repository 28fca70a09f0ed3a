// Parameters of the layer-one entity (base_chain.h). Defaults: Ethereum mainnet in January 2026.
// Fixed by protocol and therefore not parameters: 32 slots per epoch (finality_gadget.h), gas
// target = limit / 2, 2^24 gas per transaction (fee_rules.h).
#pragma once

#include <cstdint>

#include "models/base_chain/fee_rules.h"
#include "models/base_chain/gas_demand.h"
#include "sim/config/visit.h"
#include "sim/types/ratio.h"
#include "sim/types/time.h"

namespace mezz {

struct BaseChainParams {
  Duration slot_time = 12_s;
  Gas gas_limit{60'000'000};
  base_chain::BlobPreset blob_schedule = base_chain::BlobPreset::Bpo2;
  GasPrice initial_base_fee = 7_gwei;
  Gas initial_excess_blob_gas{0};
  Ratio missed_slot_probability = 70_bp;
  Ratio participation = 99_percent;
  Ratio reorg_probability = 5_bp;
  Ratio reorg_deeper = 5_percent;
  std::int64_t reorg_depth_max = 7;
  base_chain::GasDemandParams demand = {};

  void visit(auto& v) {
    v("slot_time", slot_time,
      {.doc = "Time between two slots (consensus-specs mainnet: 12 s)", .min = 1_s, .max = 10_min});
    v("gas_limit", gas_limit,
      {.doc = "Gas of a block; twice the target (60 M since Fusaka, EIP-7935)",
       .min = base_chain::kTransactionGasMax,
       .max = Gas{100'000'000'000}});
    v("blob_schedule", blob_schedule,
      {.doc = "Blob target, maximum and fee update fraction (EIP-4844, EIP-7691, EIP-7892)"});
    v("initial_base_fee", initial_base_fee,
      {.doc = "Base fee of the first block", .min = GasPrice{1}, .max = base_chain::kChokePrice});
    v("initial_excess_blob_gas", initial_excess_blob_gas,
      {.doc = "Excess blob gas at the start; 0 is a blob fee of 1 wei (EIP-4844)"});
    v("missed_slot_probability", missed_slot_probability,
      {.doc = "Share of slots without a block; 0.5 to 1 % in normal times",
       .min = Ratio::zero(),
       .max = Ratio::one()});
    v("participation", participation,
      {.doc = "Share of stake that attests; below 2/3 nothing is finalised (Casper FFG)",
       .min = Ratio::zero(),
       .max = Ratio::one()});
    v("reorg_probability", reorg_probability,
      {.doc = "Chance that a block is built on an ancestor of the head, which orphans the head",
       .min = Ratio::zero(),
       .max = Ratio::one()});
    v("reorg_deeper", reorg_deeper,
      {.doc = "Chance that a random reorg orphans one more block, again and again",
       .min = Ratio::zero(),
       .max = Ratio::one()});
    v("reorg_depth_max", reorg_depth_max,
      {.doc = "Deepest random reorg; 7 blocks on 2022-05-25", .min = 1, .max = 64});
    v("demand", demand, {.doc = "Everybody else's demand for gas and blobs"});
  }
};

}  // namespace mezz

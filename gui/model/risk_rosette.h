// The five slices in which L2BEAT describes what a layer two asks its users to trust (sequencer
// failure, state validation, data availability, exit window, proposer failure), of the simulated
// design. A pure rule over the scenario's parameters: the design says what exists, its sections say
// how long and how many. The words are L2BEAT's where it has one for the mechanism; the grades are
// ours and state their reason, for a project of that name may differ from the model.
//   Good: layer one enforces it.  Warning: it holds if somebody is honest, awake or patient.
//   Bad: users have to trust the operator.  Unknown: the simulator has no such thing.
//
//   sequencer failure   derivation.forced_inclusion: sequencing_window, delay_buffer: Self
//   sequence;
//                       queue_only: Enqueue via L1 (warning); an escape hatch: Force via L1;
//                       channels: Force via L1; plasma: Exit via L1; sidechain: No mechanism
//   state validation    proofs or co-signed states: good. Disputed claims: good with a window of at
//                       least 6 d (OP Stack 7 d, Arbitrum 6.4 d) and a challenger, warning with a
//                       shorter one, bad with nobody to challenge. Plasma: users watch and exit
//                       (warning). Sidechain: None
//   data availability   layer one: Onchain. Committee: External (DAC), warning with six members or
//                       more of whom a third or fewer need be honest, else bad. Channels: Self
//                       custody. Plasma, sidechain: External
//   exit window         scenarios upgrade nothing, so it is unknown; said instead is how long
//   leaving
//                       against the operator's will takes. Sidechain: the keys decide (bad)
//   proposer failure    disputed claims: Self propose, the contract takes anybody's; an escape
//   hatch:
//                       Use escape hatch; channels: Not needed; plasma: Exit via L1 (warning: roots
//                       end); zk_rollup, sidechain: Cannot withdraw
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gui/model/run_data.h"

namespace mezz::gui {

enum class Trust : std::uint8_t { Good, Warning, Bad, Unknown };
std::string_view name_of(Trust trust);

struct RiskSlice {
  std::string name;  // "Sequencer failure"
  Trust trust = Trust::Unknown;
  std::string value;   // "Self sequence"
  std::string reason;  // one sentence, with the parameters that decide
};

// In L2BEAT's order; empty when the file does not name a design that is known here.
std::vector<RiskSlice> risk_rosette(const RunSummary& run);

}  // namespace mezz::gui

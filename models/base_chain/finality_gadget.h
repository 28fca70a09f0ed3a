// The finality gadget of the base chain: Casper FFG reduced to its arithmetic on epochs.
// A checkpoint is the first slot of an epoch. At the end of epoch e, checkpoint e is justified when
// at least 2/3 of the stake attested to it, and checkpoint e-1 is finalised when e-1 and e are both
// justified. A block is final once a checkpoint at or after its slot is final: 64 to 95 slots after
// inclusion under full participation. Source: consensus-specs phase0,
// weigh_justification_and_finalization, its case "two consecutive, source e-1". Units: slots and
// epochs of 32 slots. Left out: justification of an epoch by attestations included one epoch late
// (the other three cases of the specification), the inactivity leak, slashing.
#pragma once

#include <cstdint>
#include <string_view>

#include "sim/types/enum_names.h"

namespace mezz::base_chain {

inline constexpr std::uint64_t kSlotsPerEpoch = 32;

constexpr std::uint64_t epoch_of(std::uint64_t slot) { return slot / kSlotsPerEpoch; }
constexpr std::uint64_t first_slot(std::uint64_t epoch) { return epoch * kSlotsPerEpoch; }
// The first checkpoint at or after the slot: the one whose finality makes a block in that slot
// final.
constexpr std::uint64_t checkpoint_covering(std::uint64_t slot) {
  return (slot + kSlotsPerEpoch - 1) / kSlotsPerEpoch;
}
// The slot at whose start the block is final when every epoch is justified: boundary e + 2 of the
// covering checkpoint e.
constexpr std::uint64_t final_at_best(std::uint64_t slot) {
  return first_slot(checkpoint_covering(slot) + 2);
}

struct EpochVotes {
  std::uint64_t attesting = 0;  // any unit of stake
  std::uint64_t total = 1;      // same unit
};
bool is_supermajority(EpochVotes votes);

enum class FinalityPhase : std::uint8_t { Finalising, NonFinalising };

class FinalityGadget {
 public:
  // Ends the current epoch with the votes it gathered; returns true when a newer checkpoint became
  // final.
  bool end_epoch(EpochVotes votes);

  [[nodiscard]] std::uint64_t epoch() const { return epoch_; }
  [[nodiscard]] std::uint64_t justified_epoch() const { return justified_; }
  [[nodiscard]] std::uint64_t finalised_epoch() const { return finalised_; }
  // The newest slot whose block can no longer be undone.
  [[nodiscard]] std::uint64_t final_slot() const { return first_slot(finalised_); }
  [[nodiscard]] bool is_final(std::uint64_t slot) const { return slot <= final_slot(); }
  // NonFinalising from the first epoch that ends without 2/3 until an epoch ends with it again.
  [[nodiscard]] FinalityPhase phase() const { return phase_; }

  void visit_state(auto& v) {
    v("epoch", epoch_);
    v("justified", justified_);
    v("finalised", finalised_);
    v("phase", phase_);
  }
  bool operator==(const FinalityGadget&) const = default;

 private:
  std::uint64_t epoch_ = 0;
  std::uint64_t justified_ = 0;  // genesis is justified and final by definition
  std::uint64_t finalised_ = 0;
  FinalityPhase phase_ = FinalityPhase::Finalising;
};

}  // namespace mezz::base_chain

namespace mezz {
template <>
struct EnumNames<base_chain::FinalityPhase> {
  static constexpr std::string_view names[] = {"finalising", "non_finalising"};
};
}  // namespace mezz

#include "models/base_chain/finality_gadget.h"

#include "sim/check/assert.h"
#include "sim/types/rounding.h"

namespace mezz::base_chain {

bool is_supermajority(EpochVotes votes) {
  MEZZ_ASSERT(votes.total > 0);
  MEZZ_ASSERT(votes.attesting <= votes.total);
  return Int128{votes.attesting} * 3 >= Int128{votes.total} * 2;
}

bool FinalityGadget::end_epoch(EpochVotes votes) {
  MEZZ_ASSERT(finalised_ <= justified_ && justified_ <= epoch_);
  const std::uint64_t finalised_before = finalised_;
  if (is_supermajority(votes)) {
    if (epoch_ > 0 && justified_ == epoch_ - 1) finalised_ = justified_;
    justified_ = epoch_;
    phase_ = FinalityPhase::Finalising;
  } else {
    phase_ = FinalityPhase::NonFinalising;
  }
  ++epoch_;
  MEZZ_ASSERT(finalised_ >= finalised_before);
  return finalised_ > finalised_before;
}

}  // namespace mezz::base_chain

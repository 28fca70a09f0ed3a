// What a liquidity provider asks for paying a withdrawal in advance, as pure functions:
//
//   fee = gas + r * T * size + p_reorg * size + inventory premium * size + margin * size
//
// r per year, T the wait until the canonical bridge pays, p_reorg the premium for the block being
// rolled back. The inventory premium rises linearly with the share of the inventory that is lent
// out once this exit is filled, from zero to its full size when nothing is left. Source: reference
// sheet "layer-two protocols" section 7, fast-bridge pricing. Units: millionths of a dollar, every
// part rounded up (it is the lender's price). Left out: competition between providers, price risk
// of other tokens.
#pragma once

#include <cstdint>

#include "sim/check/assert.h"
#include "sim/types/money.h"
#include "sim/types/ratio.h"
#include "sim/types/time.h"
#include "sim/types/wei.h"

namespace mezz::layer2 {

struct ExitPricing {
  Ratio interest;           // per year of 365 d
  Ratio reorg_premium;      // of the size
  Ratio inventory_premium;  // of the size, when the inventory is empty
  Ratio margin;             // of the size
};

struct ExitRequest {
  Money size;     // of the withdrawal
  Duration wait;  // until the canonical bridge pays it
  Money gas;      // of the call that fills it
};

struct ExitShelf {
  Money free;   // neither lent nor promised
  Money start;  // what a full inventory is
};

struct ExitQuote {
  Money gas;
  Money interest;
  Money reorg;
  Money inventory;
  Money margin;

  [[nodiscard]] constexpr Money total() const {
    return gas + interest + reorg + inventory + margin;
  }
};

inline constexpr Duration kInterestYear = 365_d;

// Share of the inventory that is out once `size` has been filled: 0 .. 1.
constexpr Ratio lent_share(const ExitShelf& shelf, Money size) {
  MEZZ_ASSERT(shelf.start > Money::zero());
  MEZZ_ASSERT(size >= Money::zero());
  const Money out = shelf.start - shelf.free + size;
  if (out <= Money::zero()) return Ratio::zero();
  if (out >= shelf.start) return Ratio::one();
  return Ratio::of(out, shelf.start, Round::Up);
}

constexpr ExitQuote quote_exit(const ExitPricing& p, const ExitRequest& exit,
                               const ExitShelf& shelf) {
  MEZZ_ASSERT(exit.wait >= Duration::zero());
  MEZZ_ASSERT(exit.gas >= Money::zero());
  const Ratio interest{mul_div(p.interest.ppb, exit.wait.ns, kInterestYear.ns, Round::Up)};
  const Ratio lent = lent_share(shelf, exit.size);
  const Ratio inventory{mul_div(p.inventory_premium.ppb, lent.ppb, Ratio::kScale, Round::Up)};
  return {.gas = exit.gas,
          .interest = scale(exit.size, interest, Round::Up),
          .reorg = scale(exit.size, p.reorg_premium, Round::Up),
          .inventory = scale(exit.size, inventory, Round::Up),
          .margin = scale(exit.size, p.margin, Round::Up)};
}

// Dollars for a fee in wei, at so many dollars per ether.
constexpr Money in_dollars(Wei fee, Money ether) {
  MEZZ_ASSERT(fee >= Wei::zero() && ether >= Money::zero());
  constexpr Wei kEther = 1_eth;
  return {narrow(divide(fee.value * ether.micros, kEther.value, Round::Up))};
}

// What has become of a withdrawal that somebody filled: paid by the bridge, void, or neither. A
// payment made before the block was rolled back is kept.
enum class ClaimState : std::uint8_t { Outstanding, Repaid, Lost };

struct ClaimFacts {
  bool paid;
  bool is_void;
};

constexpr ClaimState claim_state(ClaimFacts facts) {
  if (facts.paid) return ClaimState::Repaid;
  return facts.is_void ? ClaimState::Lost : ClaimState::Outstanding;
}

}  // namespace mezz::layer2

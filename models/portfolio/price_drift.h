// What an account can lose, at most, when the prices that its margin rule asks for move: the bound
// that lets an exchange leave most portfolios alone (liquidation/drift_cascade). "Lose" means of
// what it has beyond its maintenance margin, and a listing's move is that of the price, among its
// mark and all that the rule asks for, which moved most.
//   derive_srm    a short needs its mark, parts of the spot, and perhaps a forward; a long nothing
//   derive_pmrm*  the worst of scenarios loses no more than the prices do; the basis, a part of
//                 the forward's; a skew, twice its own
//   grids that are data (deribit_pm, ...)   as much, and what the roll's deltas move
// Time alone helps under every rule but one: under derive_pmrm2 a smaller discount may widen a skew
// (counted as a move). Rules of single positions have no bound here: `none`, look every time.
// Assumes what the exchange gives the rules: no interest rates, oracles that are sure.
#pragma once

#include <optional>
#include <span>

#include "models/portfolio/account_margin.h"

namespace mezz::portfolio {

// Micro-dollars, of the whole position, per micro-dollar that a unit's price, or the index, moves.
struct Sensitivity {
  double own = 0.0;
  double index = 0.0;
};
[[nodiscard]] std::optional<Sensitivity> sensitivity(const MarginPreset& preset, const Leg& leg);

// In micro-dollars per unit; both as prices_of() made them.
struct PriceMove {
  std::span<const Price> from;
  std::span<const Price> to;
  Duration passed = {};
};
[[nodiscard]] Int128 greatest_move(const MarginPreset& preset, Money tick, const PriceMove& move);

}  // namespace mezz::portfolio

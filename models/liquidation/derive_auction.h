// Dutch auction of Derive (v2-core DutchAuction.sol). Part of a whole account is sold at a discount
// to its mark-to-market value (MtM); maintenance margin MM and buffer margin BM are surpluses,
// negative when missing.
//   BM        MM + (MM - MtM) * buffer
//   discount  start -> fast cutoff linearly in the fast period, then -> 0 in the slow one
//   solvent   bid for all = (MtM - reserved) * discount; at most
//             f_max = BM / (BM - d * MtM - (1 - d) * reserved) may be bought
//   insolvent the bidder is paid: from -min(MtM, 0) to -MM over the insolvent period; the security
//             module pays, what it lacks is printed as cash and dilutes every holder
// Wad; whole seconds. Left out: cash locked by bidders over several auctions, sub-ids, oracles.
#pragma once

#include "models/market/wad.h"

namespace mezz::liquidation::derive {

struct AuctionParams {
  Wad start = Wad::of(95, 100);
  Wad fast_cutoff = Wad::of(7, 10);
  Duration fast = 15_min;
  Duration slow = 12_h;
  Duration insolvent = 60_min;
  Wad liquidator_fee = Wad::of(1, 10);
  Wad buffer = Wad::of(15, 100);
};

struct Account {
  Wad maintenance_margin;
  Wad mark_to_market;
  Wad reserved_cash = {};  // of earlier bidders, not for sale
};

// The factor on the value, not the reduction: one at the start, zero at the end.
Wad discount(Duration elapsed, const AuctionParams& params);
Wad buffer_margin(const Account& account, Wad buffer);
// Price of the whole account in a solvent auction.
Wad solvent_bid(const Account& account, Wad discount);
// Between 0 and 1; 0 when the account needs no liquidation.
Wad max_proportion(const Account& account, Wad buffer, Wad discount);
// Charged to the account when a solvent auction starts; only with MtM > 0.
Wad start_fee(const Account& account, const AuctionParams& params);
// Free cash a bidder needs for `part` of the account that costs `price`.
Wad bidder_cash_min(const Account& account, Wad buffer, Wad part, Wad price);

// Paid to the bidder for the whole account.
Wad insolvent_payout(const Account& account, Duration elapsed, const AuctionParams& params);
struct Payout {
  Wad from_security_module;
  Wad printed;
};
Payout pay(Wad amount, Wad security_module);
// What a unit of cash can be withdrawn for once `unbacked` has been printed into `supply` (which
// includes it).
Wad cash_exchange_rate(Wad supply, Wad unbacked);

}  // namespace mezz::liquidation::derive

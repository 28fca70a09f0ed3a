// Part of everything that an account (or, where margin is isolated, a position) has goes to a
// bidder for a price, or with a payment to him; all of it, at nothing, to the vault of Hyperliquid.
// Lots are whole: a part rounds up to the next lot, and cash makes up the difference at the marks.
// What a payment needs comes from the fund as far as it goes; the rest is a loss. Internal to the
// exchange.
#pragma once

#include "models/layer2/execution/exchange.h"

namespace mezz {

class Exchange::Takeover {
 public:
  struct Bid {
    AccountId target;
    InstrumentId instrument;  // whose purse it is for, where margin is isolated
    AccountId bidder;
    Time since;
    Wad part;
    Money price;   // for `part`, solvent
    Money payout;  // to the bidder, insolvent
    LiquidationStep step = LiquidationStep::Auction;
  };

  Takeover(Exchange& exchange, const Bid& bid) : x_(exchange), bid_(bid) {}

  // The bidder has initial margin for what he would hold.
  [[nodiscard]] bool is_possible() const;
  void run(BlockOutput& out) const;

 private:
  [[nodiscard]] Quantity lots_taken(InstrumentId instrument) const;
  [[nodiscard]] Money cash_taken() const;

  Exchange& x_;
  Bid bid_;
};

}  // namespace mezz

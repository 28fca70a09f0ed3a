// The rules of the express lane's auction, as values. Source: Timeboost (Offchain Labs, "Timeboost:
// express lane auction", Nitro bid validator and ExpressLaneAuction contract); reference sheet
// "layer-two protocols" section 8. Sealed bids, second price, at least the reserve; a bidder's
// later bid replaces its earlier one; equal bids: the lower number wins. Amounts in wei.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/types/time.h"
#include "sim/types/wei.h"

namespace mezz::lane {

inline constexpr std::uint8_t kNobody = 0;  // bidders are numbered from 1

struct SealedBid {
  Wei amount = {};
  std::uint64_t bidder = kNobody;
  std::uint64_t sent = 0;  // bids of this bidder in this round
};

enum class BidOutcome : std::uint8_t { Accepted, TooLate, BelowReserve, TooMany, BeyondDeposit };

struct AuctionResult {
  std::uint8_t winner = kNobody;
  std::uint64_t bids = 0;
  Wei highest = {};
  Wei price = {};  // what the winner pays
};

// Second price with a reserve; nobody wins without a bid.
AuctionResult resolve(std::span<const SealedBid> bids, Wei reserve);

// Herfindahl-Hirschman index of shares counts[i] / sum: 1 = one holder, 1/n = n equal ones; 0 of
// nothing.
double concentration(std::span<const std::uint64_t> counts);
// Share of the two largest.
double top_two_share(std::span<const std::uint64_t> counts);

// The bids of one round.
class Auction {
 public:
  struct Rules {
    Wei reserve;
    Wei deposit;
    std::int64_t bids_max = 5;
  };
  BidOutcome bid(std::uint8_t bidder, Wei amount, Time now, Time close, const Rules& rules);
  AuctionResult close(Wei reserve);  // and starts the next round

  void visit_state(auto& v) { v("bids", bids_); }

 private:
  std::vector<SealedBid> bids_;  // one per bidder
};

}  // namespace mezz::lane

// In which order a sequencer takes what waits. Pure rules on values. Source: reference sheet
// "layer-two protocols" section 8 (first come first served; priority fee as in geth; Timeboost).
//
//   first_come    order of arrival; a tip changes nothing
//   priority_fee  higher tip first, order of arrival among equals
//   express_lane  order of arrival, but who does not hold the lane arrives later (express_lane.h)
//   batch_auction orders and cancels wait for the end of a batch interval and go into one block, as
//                 they came; the exchange trades the orders of a block together and at one price
//                 (models/market/batch_auction.h), so that their order inside it changes nothing
//
// A transaction names its tip by a level of one byte (Transaction::priority). Level 0 pays nothing;
// level k >= 1 pays  floor x 2^((k-1) div 8) x (1 + ((k-1) mod 8) / 8):  eight even steps per
// doubling, like the replacement bumps of wallets (10 to 12.5 %), so that one byte spans the floor
// to 2^31 floors. In wei per gas, rounded down; exact integers. With the express lane the level is
// the number of the bidder whose lane the transaction uses, 0 = nobody's.
// Left out: geth's nonce order within an account (a higher tip may overtake the account's own
// earlier transaction here).
#pragma once

#include <algorithm>
#include <cstdint>

#include "models/layer2/messages.h"
#include "sim/types/wei.h"

namespace mezz {

enum class OrderingRule : std::uint8_t { FirstCome, PriorityFee, ExpressLane, BatchAuction };
template <>
struct EnumNames<OrderingRule> {
  static constexpr std::string_view names[] = {"first_come", "priority_fee", "express_lane",
                                               "batch_auction"};
};

namespace ordering {

// Set by the sequencer on transactions that came in without the delay of the express lane.
inline constexpr std::uint8_t kExpress = 0x80;

GasPrice tip_of(std::uint8_t level, GasPrice floor);
// What the transaction pays beyond the base fee.
Wei tip_paid(const Transaction& tx, GasPrice floor, Gas gas);

// What waits for the end of a batch: orders, and the cancels that must not overtake them.
[[nodiscard]] bool is_batched(TxKind kind);
// Whether a batch interval (counted from the start of time) ends after `before` and not after
// `now`. An interval of zero ends with every block.
[[nodiscard]] bool batch_ends(Duration interval, Time before, Time now);

// Puts higher tips first and keeps the order among equals.
template <class Iterator>
void by_priority(Iterator first, Iterator last) {
  std::stable_sort(first, last, [](const Transaction& a, const Transaction& b) {
    return a.priority > b.priority;
  });
}

}  // namespace ordering

}  // namespace mezz

#include "models/layer2/sequencing/lane_auction.h"

#include <algorithm>
#include <numeric>

#include "sim/check/assert.h"

namespace mezz::lane {

AuctionResult resolve(std::span<const SealedBid> bids, Wei reserve) {
  AuctionResult result{.price = reserve};
  for (const SealedBid& bid : bids) {
    if (bid.amount < reserve) continue;
    MEZZ_ASSERT(bid.bidder > kNobody && bid.bidder <= 255);
    ++result.bids;
    const auto bidder = static_cast<std::uint8_t>(bid.bidder);
    const bool wins = result.winner == kNobody || bid.amount > result.highest ||
                      (bid.amount == result.highest && bidder < result.winner);
    const Wei loser = wins ? result.highest : bid.amount;
    if (result.winner != kNobody) result.price = std::max(result.price, loser);
    if (!wins) continue;
    result.winner = bidder;
    result.highest = bid.amount;
  }
  MEZZ_ASSERT(result.winner == kNobody || result.price <= result.highest);
  return result;
}

double concentration(std::span<const std::uint64_t> counts) {
  const auto sum = std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
  if (sum == 0) return 0.0;
  double index = 0.0;
  for (const std::uint64_t count : counts) {
    const double share = static_cast<double>(count) / static_cast<double>(sum);
    index += share * share;
  }
  return index;
}

double top_two_share(std::span<const std::uint64_t> counts) {
  std::uint64_t sum = 0;
  std::uint64_t first = 0;
  std::uint64_t second = 0;
  for (const std::uint64_t count : counts) {
    sum += count;
    if (count > first) {
      second = first;
      first = count;
    } else {
      second = std::max(second, count);
    }
  }
  return sum == 0 ? 0.0 : static_cast<double>(first + second) / static_cast<double>(sum);
}

BidOutcome Auction::bid(std::uint8_t bidder, Wei amount, Time now, Time close, const Rules& rules) {
  MEZZ_ASSERT(bidder > kNobody);
  if (now >= close) return BidOutcome::TooLate;
  if (amount < rules.reserve) return BidOutcome::BelowReserve;
  if (amount > rules.deposit) return BidOutcome::BeyondDeposit;
  const auto known = std::find_if(bids_.begin(), bids_.end(),
                                  [&](const SealedBid& b) { return b.bidder == bidder; });
  if (known == bids_.end()) {
    bids_.push_back({.amount = amount, .bidder = bidder, .sent = 1});
    return BidOutcome::Accepted;
  }
  if (known->sent >= static_cast<std::uint64_t>(rules.bids_max)) return BidOutcome::TooMany;
  known->amount = amount;
  ++known->sent;
  return BidOutcome::Accepted;
}

AuctionResult Auction::close(Wei reserve) {
  const AuctionResult result = resolve(bids_, reserve);
  bids_.clear();
  return result;
}

}  // namespace mezz::lane

// Samples of the market that are too dear, or too many, for every block: the depth of the books and
// how near the accounts are to liquidation. Off unless the scenario asks (market.depth_every,
// market.health_every); then taken after the first block sealed at or after every multiple of that
// time, from the state as the block left it. No event, no random number and nothing hashed: a run
// is the same with and without.
//   depth   what rests within 5, 10, 25, 50, 100 and 200 bp of the middle of the best prices, by
//           side, each distance containing the nearer ones. With one side empty, distances count
//           from the best price of the other. Pools have no book and no row.
//   health  equity / maintenance margin, by the rule of the venue, of every account with something
//           to maintain; the position's own equity where margin is isolated. The notional of an
//           account is the sum of |position| at the marks over its instruments. The exchange's own
//           accounts (pools, vault) are left out.
// Sums that 64 bits do not hold are recorded as the greatest number that they do.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "models/layer2/chain.h"
#include "models/layer2/execution/exchange.h"
#include "sim/record/event_table.h"

namespace mezz {

inline constexpr std::array<std::int64_t, 6> kDepthBands = {5, 10, 25, 50, 100, 200};  // bp of mid

struct BookDepth {
  Price best_bid = {};  // 0: nobody
  Price best_ask = {};
  std::array<Quantity, kDepthBands.size()> bids = {};
  std::array<Quantity, kDepthBands.size()> asks = {};
};
[[nodiscard]] BookDepth depth_of(const OrderBook& book);

// Upper ends of the bins, in percent of the maintenance margin; the last bin has none.
inline constexpr std::array<std::int64_t, 10> kHealthEdges = {0,   50,  100, 110, 125,
                                                              150, 200, 300, 500, 1000};
inline constexpr std::size_t kHealthBins = kHealthEdges.size() + 1;

// The first bin whose upper end is not below equity / maintenance; exact. maintenance > 0.
[[nodiscard]] std::size_t health_bin(Money equity, Money maintenance);

struct HealthBins {
  std::array<std::int64_t, kHealthBins> accounts = {};
  std::array<Money, kHealthBins> notional = {};
  [[nodiscard]] std::int64_t total() const;
  [[nodiscard]] std::int64_t at_or_below_one() const;
};
// Between blocks. As dear as the margin of every account that has a position.
[[nodiscard]] HealthBins health_of(const Exchange& exchange);

struct BookDepthRow {
  Time time;
  BlockId block;
  InstrumentId instrument;
  BookDepth depth = {};
  std::uint64_t incarnation = 0;
  void visit(auto& v) {
    constexpr const char* kBids[] = {"bid_5bp",  "bid_10bp",  "bid_25bp",
                                     "bid_50bp", "bid_100bp", "bid_200bp"};
    constexpr const char* kAsks[] = {"ask_5bp",  "ask_10bp",  "ask_25bp",
                                     "ask_50bp", "ask_100bp", "ask_200bp"};
    static_assert(std::size(kBids) == kDepthBands.size());
    v("time", time);
    v("block", block);
    v("instrument", instrument,
      {.doc = "0: the perpetual; then the listings in the order of the scenario"});
    v("best_bid", depth.best_bid, {.doc = "0: nobody"});
    v("best_ask", depth.best_ask, {.doc = "0: nobody"});
    for (std::size_t i = 0; i < kDepthBands.size(); ++i) {
      v(kBids[i], depth.bids[i], {.doc = "Bids not farther than this below the middle"});
    }
    for (std::size_t i = 0; i < kDepthBands.size(); ++i) {
      v(kAsks[i], depth.asks[i], {.doc = "Asks not farther than this above the middle"});
    }
    v("incarnation", incarnation);
  }
};

struct AccountHealthRow {
  Time time;
  BlockId block;
  std::int64_t accounts = 0;
  std::int64_t at_or_below_one = 0;
  HealthBins bins = {};
  std::uint64_t incarnation = 0;
  void visit(auto& v) {
    constexpr const char* kAccounts[] = {"accounts_to_0",    "accounts_to_50",  "accounts_to_100",
                                         "accounts_to_110",  "accounts_to_125", "accounts_to_150",
                                         "accounts_to_200",  "accounts_to_300", "accounts_to_500",
                                         "accounts_to_1000", "accounts_beyond"};
    constexpr const char* kNotional[] = {"notional_to_0",    "notional_to_50",  "notional_to_100",
                                         "notional_to_110",  "notional_to_125", "notional_to_150",
                                         "notional_to_200",  "notional_to_300", "notional_to_500",
                                         "notional_to_1000", "notional_beyond"};
    static_assert(std::size(kAccounts) == kHealthBins && std::size(kNotional) == kHealthBins);
    v("time", time);
    v("block", block);
    v("accounts", accounts, {.doc = "With something to maintain"});
    v("at_or_below_one", at_or_below_one, {.doc = "Whose equity is not above their maintenance"});
    for (std::size_t i = 0; i < kHealthBins; ++i) {
      v(kAccounts[i], bins.accounts[i],
        {.doc = "Above the bin before, up to this percentage of the maintenance margin"});
    }
    for (std::size_t i = 0; i < kHealthBins; ++i) {
      v(kNotional[i], bins.notional[i], {.doc = "Of those accounts, at the marks"});
    }
    v("incarnation", incarnation);
  }
};

class MarketSamples {
 public:
  // Tables whose interval is 0 are not declared.
  void declare(Recording& recording, const ExchangeParams& params);
  // After the head block of the chain.
  void record(Time now, const Layer2Chain& chain, const Exchange& exchange);

 private:
  void record_depth(Time now, const Layer2Block& block, const Exchange& exchange);
  void record_health(Time now, const Layer2Block& block, const Exchange& exchange);

  EventTable<BookDepthRow> depth_;
  EventTable<AccountHealthRow> health_;
};

}  // namespace mezz

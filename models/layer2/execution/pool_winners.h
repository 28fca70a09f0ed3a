// An oracle pool that closes winners before it is empty (GMX v2's auto-deleveraging): after an
// index price, when the profits of one side, its losers deducted, are more than `deleverage_above`
// of what the pool would have if all had neither won nor lost. Who has won most is closed first, at
// the pool's own price, its fee included and the exchange's not, until `deleverage_until` is
// reached; ties by account. Ours: GMX leaves the order, and the sending, to its keeper, and counts
// tokens of either side where this pool has one sum of quote. Internal to the exchange.
#pragma once

#include <utility>
#include <vector>

#include "models/layer2/execution/exchange.h"

namespace mezz {

class Exchange::PoolWinners {
 public:
  PoolWinners(Exchange& exchange, PoolOf& pool, const venue::PoolParams& rule, BlockOutput& out)
      : x_(exchange), pool_(pool), rule_(rule), out_(out) {}

  void close(Side held);

 private:
  struct Winners {  // of one side, at the mark
    Money pending;  // of all who hold it, losers included
    std::vector<std::pair<Money, AccountId>> gains;
  };
  [[nodiscard]] Winners winners_of(Side held) const;
  // Returns the lots closed: none when the pool cannot trade them.
  Quantity close_winner(AccountId winner, Quantity change);

  Exchange& x_;
  PoolOf& pool_;
  const venue::PoolParams& rule_;
  BlockOutput& out_;
};

}  // namespace mezz

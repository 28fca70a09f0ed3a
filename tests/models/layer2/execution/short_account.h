// The account of the hand calculations of liquidations: 10 lots bought at 100 with 100 USD, so
// quote -900; tier small-cap: maintenance 5 %. At 94 its collateral is 40 and its maintenance
// margin 47.
#pragma once

#include "tests/models/layer2/execution/desk.h"

namespace mezz {

inline ExchangeParams liquidated_by(LiquidationRule rule, Money fund = 1'000_usd) {
  ExchangeParams params = small_params();
  params.liquidation_rule = rule;
  params.insurance_fund = fund;
  params.check("market");
  return params;
}

struct ShortAccount : Desk {
  AccountId target;
  AccountId other;  // holds the other side
  AccountId bidder;
  AccountId keeper;

  explicit ShortAccount(const ExchangeParams& params, Money deposit = 100_usd,
                        std::int64_t lots = 10)
      : Desk(params) {
    target = account(deposit, lots, 100);
    other = account(100_usd * lots, -lots, 100);
    bidder = account(10'000_usd);
    keeper = account(10'000_usd);
    start();
  }
  [[nodiscard]] Quantity held(AccountId account) const { return exchange.position(account); }
  void bid(std::int64_t lots, std::int64_t price) { run(order(bidder, lots, price)); }
};

}  // namespace mezz

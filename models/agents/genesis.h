// The market before the first block: who has an account, with how much money. Called while
// building, before ExecutionNode::end_genesis().
#pragma once

#include "models/agents/market_view.h"

namespace mezz {

// Throws ScenarioError when all deposits together would be more than half of what money holds.
void check_deposits(const Exchange& exchange, std::uint32_t count, Money capital);
// `count` accounts with `capital` each (none when zero), checked by that.
AccountRange open_accounts(Exchange& exchange, std::uint32_t count, Money capital);

// Gives `hedger` the position -net at the initial price, so that all positions sum to zero, and
// deposits `margin` x its notional for it. `margin` of 100 % makes it unliquidatable as a long.
void take_other_side(Exchange& exchange, AccountId hedger, Quantity net, Ratio margin);

Price initial_price(const Exchange& exchange);

}  // namespace mezz

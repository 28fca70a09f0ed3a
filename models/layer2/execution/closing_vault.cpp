// What goes to the vault: everything an account has (Hyperliquid's backstop, Synthetix v3's
// flagging), or a position at the index price (GMX v2).
#include <algorithm>

#include "models/layer2/execution/closing.h"
#include "models/layer2/execution/takeover.h"
#include "models/margin/synthetix_v3.h"

namespace mezz {

// Everything the account (or the purse) has, at nothing: what is left of its margin is the vault's,
// and so is its debt. The vault pays the keeper.
void Exchange::Closing::to_vault(Money reward) {
  const Takeover takeover(x_, {.target = target_,
                               .instrument = instrument_,
                               .bidder = x_.vault_,
                               .since = since_,
                               .part = Wad::one(),
                               .price = {},
                               .payout = {},
                               .step = LiquidationStep::Backstop});
  if (!takeover.is_possible()) return;
  takeover.run(out_);
  if (reward > Money::zero()) {
    x_.ledger_.settle(keeper_, x_.vault_, reward);
    x_.touch(keeper_);
    x_.touch(x_.vault_);
  }
  ++steps_;
  left_ = Quantity::zero();
}

// For all positions that are taken over, by the rule that is in the account's margin too.
Money Exchange::Closing::flag_reward() const {
  const SynthetixMarginParams& rule = x_.params_.venue_margin.synthetix_v3;
  const Wad all = Wad::of(gross_notional(), 1'000'000);
  const Money collateral = std::max(Money::zero(), x_.at_risk(target_, instrument_));
  return to_money(
      margin::synthetix_v3::keeper_reward(
          {.reward_min = {}, .reward_max = Wad::from(rule.reward_max)},
          {.rewards = multiply(all, Wad::from(rule.reward)), .collateral = Wad::from(collateral)}),
      Round::Down);
}

// At the index price less the closing fee, or at the bankruptcy price where that is better for the
// account: the pool pays no more than the collateral covers, and bears the rest.
void Exchange::Closing::to_pool() {
  const Quantity change = left_;
  const Money at_mark = -x_.value_of(instrument_, change);
  const Money fee = scale(at_mark.abs(), x_.params_.venue_margin.gmx_v2.closing_fee, Round::Up);
  const Money bankruptcy = liquidation::bankruptcy_price(subject(), change);
  const FillTerms at{.quantity = change,
                     .price = x_.mark(instrument_),
                     .value = std::max(at_mark - fee, bankruptcy),
                     .taker_fee = {},
                     .maker_fee = {}};
  const Parties parties{x_.holding(target_, instrument_), x_.holding(x_.vault_, instrument_)};
  if (!x_.may_change(parties.maker, {-at.quantity, -at.value, at.maker_coins},
                     ExchangeState::open_interest_change(parties, at.quantity))) {
    return;
  }
  const Money cost = x_.cost_of(instrument_, at);
  LiquidationEvent event{.account = target_,
                         .counterparty = x_.vault_,
                         .step = LiquidationStep::Backstop,
                         .fee = std::max(Money::zero(), cost),
                         .fund_paid = std::max(Money::zero(), -cost),
                         .cost = std::max(Money::zero(), cost)};
  x_.trade(instrument_, target_, x_.vault_, at, Trader::Liquidated);
  FillSum sum;
  sum.add(change.abs(), at.price);
  report(event, sum);
}

}  // namespace mezz

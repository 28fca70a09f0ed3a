// Laws of the venues' rules over random portfolios: no requirement is negative, opening asks no
// less than keeping, more of the same asks no less, and what offsets itself asks nothing.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <array>

#include "models/margin/deribit_sm.h"
#include "models/margin/derive_pmrm.h"
#include "models/margin/dydx_v4.h"
#include "models/margin/hyperliquid.h"
#include "models/margin/synthetix_v3.h"

namespace mezz::margin {
namespace {

constexpr Wad w(std::int64_t n) { return Wad::whole(n); }
Wad thousandths(std::int64_t from, std::int64_t to) {
  return {Int128{*rc::gen::inRange(from, to)} * 1'000'000'000'000'000};
}

// ---- Derive, standard margin

SrmExpiry any_expiry() {
  SrmExpiry expiry{.forward = thousandths(1'800'000, 2'200'000), .options = {}};
  for (int n = *rc::gen::inRange(0, 6); n > 0; --n) {
    expiry.options.push_back({.call = *rc::gen::arbitrary<bool>(),
                              .strike = w(100 * *rc::gen::inRange(10, 40)),
                              .amount = thousandths(-9'000, 9'001),
                              .mark = thousandths(0, 900'000)});
  }
  return expiry;
}
SrmPortfolio srm_with(SrmExpiry expiry) {
  SrmMarket market;
  market.spot = w(2'000);
  market.perp_price = w(2'000);
  market.perp_size = thousandths(-3'000, 3'001);
  market.base = thousandths(0, 3'001);
  market.expiries = {std::move(expiry)};
  SrmPortfolio portfolio;
  portfolio.cash = thousandths(-1'000'000, 1'000'000);
  portfolio.markets = {std::move(market)};
  return portfolio;
}

RC_GTEST_PROP(DeriveSrmLaws, OptionsNeverAddToTheMargin, ()) {
  const SrmExpiry expiry = any_expiry();
  const Wad initial = option_margin({}, w(2'000), expiry, Requirement::Initial);
  const Wad maintenance = option_margin({}, w(2'000), expiry, Requirement::Maintenance);
  RC_ASSERT(maintenance <= Wad::zero());
  RC_ASSERT(initial <= maintenance);
}

RC_GTEST_PROP(DeriveSrmLaws, OpeningNeedsNoLessThanKeeping, ()) {
  const SrmPortfolio portfolio = srm_with(any_expiry());
  RC_ASSERT(net_margin({}, portfolio, Requirement::Initial).net() <=
            net_margin({}, portfolio, Requirement::Maintenance).net());
}

RC_GTEST_PROP(DeriveSrmLaws, OptionsThatOffsetEachOtherNeedNothing, ()) {
  SrmExpiry expiry = any_expiry();
  const std::size_t held = expiry.options.size();
  for (std::size_t i = 0; i < held; ++i) {
    SrmOption mirrored = expiry.options[i];
    mirrored.amount = -mirrored.amount;
    expiry.options.push_back(mirrored);
  }
  RC_ASSERT(option_margin({}, w(2'000), expiry, Requirement::Initial) == Wad::zero());
}

// ---- Derive, portfolio margin

PmrmPortfolio any_pmrm() {
  PmrmPortfolio p;
  p.spot = w(2'000);
  p.perp_price = w(2'000);
  p.cash = thousandths(-1'000'000, 1'000'000);
  for (int e = *rc::gen::inRange(0, 3); e > 0; --e) {
    PmrmExpiry expiry{.to_expiry = 1_d * *rc::gen::inRange(0, 90), .options = {}};
    for (int n = *rc::gen::inRange(0, 4); n > 0; --n) {
      PmrmOption o{.strike = w(2'000), .amount = thousandths(-9'000, 9'001), .values = {}};
      for (std::size_t s = 0; s < DerivePmrm{}.scenarios.size() + 3; ++s) {
        o.values.push_back(thousandths(0, 900'000));
      }
      expiry.options.push_back(std::move(o));
    }
    p.expiries.push_back(std::move(expiry));
  }
  return p;
}

RC_GTEST_PROP(DerivePmrmLaws, OpeningNeedsNoLessThanKeepingAndKeepingNoLessThanNothing, ()) {
  PmrmPortfolio p = any_pmrm();
  p.perp_size = thousandths(-3'000, 3'001);
  p.base = thousandths(0, 3'001);
  const PmrmMargin keep = net_margin({}, p, Requirement::Maintenance);
  RC_ASSERT(keep.loss <= Wad::zero());
  RC_ASSERT(keep.static_cost >= Wad::zero());
  RC_ASSERT(keep.net <= keep.value);
  RC_ASSERT(net_margin({}, p, Requirement::Initial).net <= keep.net);
}

RC_GTEST_PROP(DerivePmrmLaws, OptionsThatOffsetEachOtherLeaveTheCash, ()) {
  PmrmPortfolio p = any_pmrm();
  for (PmrmExpiry& expiry : p.expiries) {
    const std::size_t held = expiry.options.size();
    for (std::size_t i = 0; i < held; ++i) {
      PmrmOption mirrored = expiry.options[i];
      mirrored.amount = -mirrored.amount;
      expiry.options.push_back(std::move(mirrored));
    }
  }
  for (const Requirement r : {Requirement::Initial, Requirement::Maintenance}) {
    RC_ASSERT(net_margin({}, p, r).net == p.cash);
  }
}

// ---- tiers

RC_GTEST_PROP(DydxV4Laws, RequirementsAreOrderedAndGrowWithTheNotional, ()) {
  const LiquidityTier tier = preset(Tier::LargeCap);
  const Int128 notional = *rc::gen::inRange<std::int64_t>(0, 1'000'000'000'000'000);
  const Int128 more = notional + *rc::gen::inRange<std::int64_t>(0, 1'000'000'000'000'000);
  const std::int64_t fraction =
      effective_initial_margin_ppm(tier, *rc::gen::inRange<std::int64_t>(0, INT64_MAX));
  RC_ASSERT(fraction >= tier.initial_margin_ppm && fraction <= 1'000'000);
  RC_ASSERT(maintenance_margin(notional, tier) >= 0);
  RC_ASSERT(initial_margin(notional, fraction) >= maintenance_margin(notional, tier));
  RC_ASSERT(initial_margin(more, fraction) >= initial_margin(notional, fraction));
  RC_ASSERT(maintenance_margin(more, tier) >= maintenance_margin(notional, tier));
}

RC_GTEST_PROP(HyperliquidLaws, RequirementsAreOrderedAndGrowWithTheNotional, ()) {
  const std::array<LeverageTier, 3> tiers{
      {{Money::zero(), 50}, {1'000'000_usd, 20}, {5'000'000_usd, 5}}};
  const Money notional{*rc::gen::inRange<std::int64_t>(0, 10'000'000'000'000)};
  const Money more = notional + Money{*rc::gen::inRange<std::int64_t>(0, 10'000'000'000'000)};
  const std::int64_t leverage = *rc::gen::inRange(1, 60);
  RC_ASSERT(maintenance_margin(tiers, notional) >= Money::zero());
  RC_ASSERT(initial_margin(tiers, notional, leverage) >= maintenance_margin(tiers, notional));
  RC_ASSERT(maintenance_margin(tiers, more) >= maintenance_margin(tiers, notional));
  RC_ASSERT(initial_margin(tiers, more, leverage) >= initial_margin(tiers, notional, leverage));
}

// ---- Synthetix v3, Deribit

RC_GTEST_PROP(SynthetixV3Laws, ALargerPositionNeedsMoreThanItsShare, ()) {
  const synthetix_v3::Market market{.position_min = Wad::zero()};
  const Wad size = thousandths(1, 1'000'000'000);
  const auto once = synthetix_v3::position_margins(market, size, w(2'000));
  const auto twice = synthetix_v3::position_margins(market, -(size + size), w(2'000));
  RC_ASSERT(once.maintenance >= Wad::zero());
  RC_ASSERT(once.initial >= once.maintenance);
  RC_ASSERT(twice.initial + Wad{100'000} >= once.initial + once.initial);  // truncated ratios
}

RC_GTEST_PROP(DeribitSmLaws, RequirementsAreOrderedAndGrowWithTheAmountSold, ()) {
  CoinOption o{.call = *rc::gen::arbitrary<bool>(),
               .underlying = thousandths(1'000, 100'000'000),
               .strike = thousandths(1'000, 100'000'000),
               .mark = thousandths(0, 3'000),
               .amount = -thousandths(0, 100'000)};
  const Wad keep = option_margin({}, o, Requirement::Maintenance);
  const Wad open = option_margin({}, o, Requirement::Initial);
  RC_ASSERT(keep >= Wad::zero());
  RC_ASSERT(open >= keep);
  o.amount = o.amount - thousandths(0, 100'000);
  RC_ASSERT(option_margin({}, o, Requirement::Initial) >= open);
  o.amount = -o.amount;
  RC_ASSERT(option_margin({}, o, Requirement::Initial) == Wad::zero());
}

}  // namespace
}  // namespace mezz::margin

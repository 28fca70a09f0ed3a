#include "models/portfolio/account_margin.h"

#include <algorithm>

#include "models/portfolio/grid_rules.h"
#include "models/portfolio/legs.h"
#include "sim/check/assert.h"

namespace mezz {
namespace {

using margin::Requirement;
using portfolio::is_inverse, portfolio::is_linear, portfolio::mark_of, portfolio::requirement,
    portfolio::units_of, portfolio::value_of;

// ---- derive_srm
// -----------------------------------------------------------------------------------

struct SrmAccount {
  margin::SrmPortfolio portfolio;
  std::vector<Duration> expiries;  // of the first market's, in order
  std::vector<const Leg*> others;  // digitals and power perpetuals
};

void add_option(SrmAccount& account, const Leg& leg, Wad index) {
  margin::SrmMarket& market = account.portfolio.markets.front();
  std::size_t at = account.expiries.size();
  if (expires(leg.listing->kind)) {
    at = static_cast<std::size_t>(
        std::find(account.expiries.begin(), account.expiries.end(), leg.listing->expiry) -
        account.expiries.begin());
  }
  if (at == account.expiries.size()) {
    account.expiries.push_back(expires(leg.listing->kind) ? leg.listing->expiry : Duration::zero());
    market.expiries.push_back({.forward = index, .options = {}});
  }
  market.expiries[at].options.push_back({.call = is_call(leg.listing->kind),
                                         .strike = Wad::from(leg.listing->strike),
                                         .amount = units_of(leg),
                                         .mark = mark_of(leg)});
}

SrmAccount srm_account(const AccountPortfolio& account) {
  SrmAccount srm;
  const Wad index = Wad::from(account.index);
  srm.portfolio.cash = Wad::from(account.quote);
  margin::SrmMarket options;
  options.spot = index;
  options.perp_price = index;
  srm.portfolio.markets.push_back(std::move(options));
  for (const Leg& leg : account.legs) {
    if (is_inverse(leg)) {
      srm.portfolio.cash = srm.portfolio.cash + Wad::from(value_of(leg));
    } else if (portfolio::is_coin_held(leg)) {
      margin::SrmMarket coin;
      coin.spot = mark_of(leg);
      coin.base = units_of(leg);
      srm.portfolio.markets.push_back(std::move(coin));
    } else if (is_linear(leg)) {
      const Wad units = units_of(leg);
      margin::SrmMarket linear;
      linear.spot = index;
      linear.perp_price = mark_of(leg);
      linear.perp_size = units;
      linear.perp_profit = multiply(units, mark_of(leg));
      srm.portfolio.markets.push_back(std::move(linear));
    } else if (is_digital(leg.listing->kind) || leg.listing->kind == ListingKind::PowerPerp) {
      srm.others.push_back(&leg);
    } else {
      add_option(srm, leg, index);
    }
  }
  return srm;
}

// What digitals and power perpetuals count for: ours.
Wad other_margin(const margin::DeriveSrm& rule, const Leg& leg, Requirement requirement) {
  const Wad units = units_of(leg);
  if (is_digital(leg.listing->kind)) {
    return units < Wad::zero() ? multiply(units, Wad::from(leg.listing->payout)) : Wad::zero();
  }
  const Ratio once =
      requirement == Requirement::Initial ? rule.perp_initial : rule.perp_maintenance;
  const Ratio share = std::min(Ratio::one(), once * leg.listing->power);
  const Wad value = multiply(units, mark_of(leg));
  return value - multiply(value.abs(), Wad::from(share));
}

margin::Risk srm_risk(const margin::DeriveSrm& rule, const AccountPortfolio& account) {
  const SrmAccount srm = srm_account(account);
  const Money value = account_value(account);
  const auto need = [&](Requirement which) {
    Wad net = margin::net_margin(rule, srm.portfolio, which).net();
    for (const Leg* leg : srm.others) net = net + other_margin(rule, *leg, which);
    return requirement(value, net);
  };
  return {.net_collateral = value,
          .initial_margin = need(Requirement::Initial),
          .maintenance_margin = need(Requirement::Maintenance)};
}

margin::Risk position_by_position(const margin::PositionRule& rule,
                                  const AccountPortfolio& account) {
  std::vector<margin::VenuePosition> positions;
  positions.reserve(account.legs.size());
  for (const Leg& leg : account.legs) {
    MEZZ_ASSERT(is_linear(leg));
    positions.push_back({.quantity = leg.size,
                         .price = quote_price(*leg.contract, leg.prices.front()),
                         .lots_per_unit = leg.contract->lots_per_unit()});
  }
  margin::Risk risk = margin::positions_risk(rule, positions);
  risk.net_collateral += account.quote;
  return risk;
}

bool owns_nothing(const AccountPortfolio& account) {
  return std::all_of(account.legs.begin(), account.legs.end(),
                     [](const Leg& leg) { return leg.size == Quantity::zero(); });
}

}  // namespace

bool is_linear(ListingKind kind) {
  return kind == ListingKind::LinearPerp || kind == ListingKind::Future ||
         kind == ListingKind::Spot;
}

std::size_t price_count(const MarginPreset& preset, const ListingSpec& listing) {
  const bool repriced = !is_linear(listing.kind) && listing.kind != ListingKind::InversePerp;
  return repriced ? 1 + portfolio::shock_count(preset) : 1;
}

std::vector<Price> prices_of(const MarginPreset& preset, const ListingSpec& listing,
                             const MarkState& state) {
  std::vector<Price> prices{mark(listing, state)};
  const std::size_t count = price_count(preset, listing);
  if (count == 1) return prices;
  prices.reserve(count);
  for (const MarkState& shocked : portfolio::shocked_states(preset, listing, state)) {
    prices.push_back(mark(listing, shocked));
  }
  return prices;
}

Money account_value(const AccountPortfolio& account) {
  Money value = account.quote;
  for (const Leg& leg : account.legs) value += value_of(leg);
  return value;
}

margin::Risk account_risk(const MarginPreset& preset, const AccountPortfolio& account) {
  MEZZ_ASSERT(account.index > Money::zero());
  if (owns_nothing(account)) return {.net_collateral = account.quote};
  switch (preset.rule) {
    case MarginRule::DydxV4:
    case MarginRule::Hyperliquid:
    case MarginRule::GmxV2:
    case MarginRule::SynthetixV3:
    case MarginRule::Drift:
      return position_by_position(preset.position, account);
    case MarginRule::DeriveSrm:
      return srm_risk(preset.srm, account);
    case MarginRule::DerivePmrm:
    case MarginRule::DerivePmrm2:
    case MarginRule::DeribitPm:
    case MarginRule::Span16:
    case MarginRule::AevoPm:
    case MarginRule::ScenarioGrid:
      return portfolio::grid_risk(preset, account);
  }
  MEZZ_ASSERT(false);
  return {};
}

margin::LiquidityTier perpetual_tier(const MarginPreset& preset) {
  margin::LiquidityTier tier = margin::nearest_tier(preset.position);
  if (!margins_portfolios(preset.rule)) return tier;
  portfolio::Shares shares{.initial = preset.srm.perp_initial,
                           .maintenance = preset.srm.perp_maintenance};
  if (revalues_on_grid(preset.rule)) shares = portfolio::perpetual_shares(preset);
  tier.initial_margin_ppm = shares.initial.ppm(Round::Up);
  tier.maintenance_fraction_ppm =
      mul_div(shares.maintenance.ppb, 1'000'000, shares.initial.ppb, Round::Up);
  tier.open_interest_lower = Money::zero();
  tier.open_interest_upper = Money::zero();
  return tier;
}

}  // namespace mezz

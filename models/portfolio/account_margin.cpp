#include "models/portfolio/account_margin.h"

#include <algorithm>
#include <cmath>

#include "sim/check/assert.h"

namespace mezz {
namespace {

using margin::Requirement;

Wad units_of(const Leg& leg) { return Wad::of(leg.size.lots, leg.contract->lots_per_unit()); }

Wad price_of(const Leg& leg, Price price) {
  return Wad::from({narrow(Int128{price.ticks} * leg.contract->tick.micros)});
}

Wad mark_of(const Leg& leg) { return price_of(leg, leg.prices.front()); }

bool is_linear(const Leg& leg) { return leg.listing == nullptr || is_linear(leg.listing->kind); }

bool is_inverse(const Leg& leg) {
  return leg.listing != nullptr && leg.listing->kind == ListingKind::InversePerp;
}

Money value_of(const Leg& leg) {
  if (leg.listing == nullptr) return notional(*leg.contract, leg.size, leg.prices.front());
  const Money lot = lot_value(*leg.listing, leg.prices.front());
  return {narrow(Int128{lot.micros} * leg.size.lots)};
}

// Requirements are what the net margin lacks of the account's value, rounded up.
Money requirement(Money value, Wad net) {
  constexpr Int128 kPerMicro = 1'000'000'000'000;
  return value - Money{narrow(divide(net.units, kPerMicro, Round::Down))};
}

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
  return value - multiply(value.abs(), Wad{Int128{share.ppb} * 1'000'000'000});
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

// ---- derive_pmrm
// ----------------------------------------------------------------------------------

margin::PmrmPortfolio pmrm_portfolio(const AccountPortfolio& account) {
  margin::PmrmPortfolio p;
  p.cash = Wad::from(account.quote);
  p.spot = Wad::from(account.index);
  p.perp_price = p.spot;
  std::vector<Duration> expiries;
  for (const Leg& leg : account.legs) {
    const Wad units = units_of(leg);
    if (is_inverse(leg)) {
      p.cash = p.cash + Wad::from(value_of(leg));
      continue;
    }
    if (is_linear(leg)) {
      p.perp_size = p.perp_size + units;
      p.perp_profit = p.perp_profit + multiply(units, mark_of(leg));
      continue;
    }
    std::size_t at = 0;
    while (at < expiries.size() && expiries[at] != leg.to_expiry) ++at;
    if (at == expiries.size()) {
      expiries.push_back(leg.to_expiry);
      p.expiries.push_back({.to_expiry = leg.to_expiry, .options = {}});
    }
    margin::PmrmOption option{
        .strike = Wad::from(leg.listing->strike), .amount = units, .values = {}};
    option.values.reserve(leg.prices.size() - 1);
    for (const Price price : leg.prices.subspan(1)) option.values.push_back(price_of(leg, price));
    p.expiries[at].options.push_back(std::move(option));
  }
  return p;
}

margin::Risk pmrm_risk(const margin::DerivePmrm& rule, const AccountPortfolio& account) {
  const margin::PmrmPortfolio p = pmrm_portfolio(account);
  const Money value = account_value(account);
  return {
      .net_collateral = value,
      .initial_margin = requirement(value, net_margin(rule, p, Requirement::Initial).net),
      .maintenance_margin = requirement(value, net_margin(rule, p, Requirement::Maintenance).net)};
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
  if (preset.rule != MarginRule::DerivePmrm || !repriced) return 1;
  return 1 + margin::shocks(preset.pmrm, 30_d).size();
}

std::vector<Price> prices_of(const MarginPreset& preset, const ListingSpec& listing,
                             const MarkState& state) {
  std::vector<Price> prices{mark(listing, state)};
  if (price_count(preset, listing) == 1) return prices;
  const Duration left = Time::zero() + listing.expiry - state.now;
  const Duration horizon =
      expires(listing.kind) ? std::max(Duration::zero(), left) : listing.period();
  for (const margin::PmrmShock& shock : margin::shocks(preset.pmrm, horizon)) {
    MarkState shocked = state;
    shocked.index = std::max(Money{1}, scale(state.index, shock.spot, Round::HalfEven));
    shocked.volatility_factor = {std::llround(std::max(shock.volatility, 0.01) * 1e9)};
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
      return pmrm_risk(preset.pmrm, account);
  }
  MEZZ_ASSERT(false);
  return {};
}

margin::LiquidityTier perpetual_tier(const MarginPreset& preset) {
  margin::LiquidityTier tier = margin::nearest_tier(preset.position);
  if (!margins_portfolios(preset.rule)) return tier;
  Ratio initial = preset.srm.perp_initial;
  Ratio maintenance = preset.srm.perp_maintenance;
  if (preset.rule == MarginRule::DerivePmrm) {
    Ratio worst = Ratio::zero();  // the grid may be wider on one side: the worse of both
    for (const margin::PmrmScenario& s : preset.pmrm.scenarios) {
      const Ratio move = s.spot - Ratio::one();
      worst = std::max({worst, move, -move});
    }
    maintenance = worst + preset.pmrm.perp_static;
    initial = {mul_div(maintenance.ppb, preset.pmrm.initial_factor.ppb, Ratio::kScale, Round::Up)};
  }
  tier.initial_margin_ppm = initial.ppm(Round::Up);
  tier.maintenance_fraction_ppm = mul_div(maintenance.ppb, 1'000'000, initial.ppb, Round::Up);
  tier.open_interest_lower = Money::zero();
  tier.open_interest_upper = Money::zero();
  return tier;
}

}  // namespace mezz

#include "models/portfolio/grid_rules.h"

#include <algorithm>
#include <cmath>

#include "models/portfolio/legs.h"
#include "sim/check/assert.h"

namespace mezz::portfolio {
namespace {

// ---- at what listings are priced

constexpr double kFactorMin = 0.01;
constexpr double kFactorMax = 1e6;

// To the expiry, or one funding period.
Duration horizon(const ListingSpec& listing, const MarkState& state) {
  if (!expires(listing.kind)) return listing.period();
  return std::max(Duration::zero(), Time::zero() + listing.expiry - state.now);
}

Money moved(Money index, Ratio spot) {
  return std::max(Money{1}, scale(index, spot, Round::HalfEven));
}

Ratio factor_of(double factor) {
  return {std::llround(std::clamp(factor, kFactorMin, kFactorMax) * 1e9)};
}

// The index moves and the strike's volatility becomes this, wherever on a smile it then stands.
MarkState shocked(const ListingSpec& listing, MarkState state, Ratio spot, double volatility) {
  state.index = moved(state.index, spot);
  const double plain = mark_volatility(listing, state);
  if (plain > 0.0) state.volatility_factor = factor_of(volatility / plain);
  return state;
}

std::vector<MarkState> pmrm_states(const margin::DerivePmrm& rule, const ListingSpec& listing,
                                   const MarkState& state) {
  std::vector<MarkState> states;
  for (const margin::PmrmShock& shock : margin::shocks(rule, horizon(listing, state))) {
    states.push_back(state);
    states.back().index = moved(state.index, shock.spot);
    states.back().volatility_factor = factor_of(shock.volatility);
  }
  return states;
}

std::vector<MarkState> pmrm2_states(const margin::DerivePmrm2& rule, const ListingSpec& listing,
                                    const MarkState& state) {
  const double open = 1.0 - state.averaged.value();  // the part that settlement has not fixed
  margin::Pmrm2Contract contract{.forward = state.index.usd() * open,
                                 .fixed = state.average.usd() * state.averaged.value(),
                                 .strike = listing.strike.usd(),
                                 .volatility = mark_volatility(listing, state),
                                 .to_expiry = horizon(listing, state)};
  if (listing.kind == ListingKind::PowerPerp) contract.strike = state.index.usd();
  std::vector<Ratio> spots{Ratio::one(), rule.basis_up, rule.basis_down};
  for (const margin::Pmrm2Scenario& s : rule.scenarios) {
    spots.push_back(margin::is_skew(s.move) ? Ratio::one() : s.spot);
  }
  const std::vector<margin::Pmrm2Quote> quotes = margin::quotes(rule, contract);
  MEZZ_ASSERT(quotes.size() == spots.size());
  std::vector<MarkState> states;
  for (std::size_t i = 0; i < quotes.size(); ++i) {
    states.push_back(shocked(listing, state, spots[i], quotes[i].volatility));
  }
  return states;
}

std::vector<MarkState> grid_states(const margin::ScenarioGrid& grid, const ListingSpec& listing,
                                   const MarkState& state) {
  const double volatility = mark_volatility(listing, state);
  std::vector<MarkState> states;
  for (const margin::GridScenario& s : grid.scenarios) {
    const double becomes = margin::moved_volatility(grid, s, volatility, horizon(listing, state));
    states.push_back(shocked(listing, state, s.spot, becomes));
  }
  return states;
}

// ---- both of Derive's: sums by expiry

struct Strike {
  std::size_t expiry;
  Wad at;
  Wad units;
};
struct Expiries {
  std::vector<margin::PmrmExpirySum> sums;
  std::vector<const ListingSpec*> first;  // of each: who expires together is one
  std::vector<Strike> strikes;
};

bool together(const ListingSpec& a, const ListingSpec& b) {
  if (expires(a.kind) != expires(b.kind)) return false;
  return expires(a.kind) ? a.expiry == b.expiry : a.period() == b.period();
}

// Where the listing's expiry is, or the place after the last, which it then takes.
std::size_t index_of(std::vector<const ListingSpec*>& first, std::size_t from,
                     const ListingSpec& listing) {
  std::size_t at = from;
  while (at < first.size() && !together(*first[at], listing)) ++at;
  if (at == first.size()) first.push_back(&listing);
  return at;
}

std::size_t expiry_of(Expiries& expiries, const Leg& leg) {
  const std::size_t at = index_of(expiries.first, 0, *leg.listing);
  if (at == expiries.sums.size()) {
    expiries.sums.push_back({.to_expiry = leg.to_expiry,
                             .values = std::vector<Wad>(leg.prices.size() - 1),
                             .sold = {},
                             .size = {}});
  }
  return at;
}

// What one lot is worth per tick, in 10^-18 USD: whole, as a lot has at most 12 decimals.
Int128 lot_tick(const Leg& leg) {
  constexpr std::int64_t kTrillion = 1'000'000'000'000;
  return Int128{leg.contract->tick.micros} * (kTrillion / leg.contract->lots_per_unit());
}

Int128 checked_product(Int128 a, Int128 b) {
  Int128 product = 0;
  const bool overflow = __builtin_mul_overflow(a, b, &product);
  MEZZ_ASSERT(!overflow);
  return product;
}

void add_repriced(Expiries& expiries, const Leg& leg) {
  const std::size_t at = expiry_of(expiries, leg);
  margin::PmrmExpirySum& sum = expiries.sums[at];
  const Int128 per_tick = checked_product(leg.size.lots, lot_tick(leg));
  MEZZ_ASSERT(sum.values.size() + 1 == leg.prices.size());
  for (std::size_t i = 0; i < sum.values.size(); ++i) {
    sum.values[i] = sum.values[i] + Wad{checked_product(per_tick, leg.prices[i + 1].ticks)};
  }
  const Wad units = units_of(leg);
  sum.size = sum.size + units.abs();
  const Wad strike = Wad::from(leg.listing->strike);
  const auto known =
      std::find_if(expiries.strikes.begin(), expiries.strikes.end(),
                   [&](const Strike& s) { return s.expiry == at && s.at == strike; });
  if (known == expiries.strikes.end()) {
    expiries.strikes.push_back({at, strike, units});
  } else {
    known->units = known->units + units;
  }
}

enum class Coins : std::uint8_t { AsPerpetuals, AsCollateral };

margin::Pmrm2Portfolio derive_portfolio(const MarginPreset& preset, const AccountPortfolio& account,
                                        Coins coins) {
  margin::Pmrm2Portfolio held;
  margin::PmrmPortfolio& p = held.positions;
  p.cash = Wad::from(account.quote);
  p.spot = Wad::from(account.index);
  p.perp_price = p.spot;
  Expiries expiries;
  for (const Leg& leg : account.legs) {
    const Wad units = units_of(leg);
    if (is_inverse(leg)) {
      p.cash = p.cash + Wad::from(value_of(leg));
    } else if (!is_linear(leg)) {
      add_repriced(expiries, leg);
    } else if (coins == Coins::AsCollateral && is_coin_held(leg)) {
      held.collateral.push_back({.amount = units,
                                 .price = mark_of(leg),
                                 .moves_with_spot = true,
                                 .haircut_maintenance = preset.coin_haircut.maintenance,
                                 .haircut_initial = preset.coin_haircut.initial});
    } else {
      p.perp_size = p.perp_size + units;
      p.perp_profit = p.perp_profit + multiply(units, mark_of(leg));
    }
  }
  for (const Strike& s : expiries.strikes) {
    margin::PmrmExpirySum& sum = expiries.sums[s.expiry];
    sum.sold = sum.sold + std::max(-s.units, Wad::zero());
  }
  p.sums = std::move(expiries.sums);
  return held;
}

margin::Risk risk_of(Money value, const margin::PmrmMargins& margins) {
  return {.net_collateral = value,
          .initial_margin = requirement(value, margins.initial.net),
          .maintenance_margin = requirement(value, margins.maintenance.net)};
}

// ---- grids that are data

Wad mean_of(const std::vector<Wad>& values, const std::vector<std::size_t>& moves) {
  Wad sum;
  for (const std::size_t move : moves) sum = sum + values[move + 1];
  return {sum.units / static_cast<Int128>(moves.size())};
}

margin::GridPosition grid_position(const margin::ScenarioGrid& grid, const InnerMoves& inner,
                                   const Leg& leg, Wad index) {
  margin::GridPosition held{.amount = units_of(leg), .values = {mark_of(leg)}};
  held.values.reserve(grid.scenarios.size() + 1);
  const auto moved_by = [&](const margin::GridScenario& s) {
    return multiply(index, Wad::from(s.spot - Ratio::one()));
  };
  if (is_linear(leg)) {
    for (const margin::GridScenario& s : grid.scenarios) {
      held.values.push_back(mark_of(leg) + moved_by(s));
    }
    return held;
  }
  held.option = true;
  for (const Price price : leg.prices.subspan(1)) held.values.push_back(price_of(leg, price));
  const Wad run = multiply(index, Wad::from(inner.width));
  held.delta = divide(mean_of(held.values, inner.up) - mean_of(held.values, inner.down), run);
  return held;
}

margin::Risk scenario_risk(const margin::ScenarioGrid& grid, const AccountPortfolio& account) {
  margin::GridPortfolio p{.cash = Wad::from(account.quote),
                          .spot = Wad::from(account.index),
                          .expiries = {{Duration::zero(), {}}}};  // of perpetuals and coins
  std::vector<const ListingSpec*> first{nullptr};
  const InnerMoves inner = inner_moves(grid);
  for (const Leg& leg : account.legs) {
    if (is_inverse(leg)) {
      p.cash = p.cash + Wad::from(value_of(leg));
      continue;
    }
    std::size_t at = 0;
    if (!is_linear(leg) || (leg.listing != nullptr && expires(leg.listing->kind))) {
      at = index_of(first, 1, *leg.listing);
      if (at == p.expiries.size()) p.expiries.push_back({leg.to_expiry, {}});
    }
    p.expiries[at].positions.push_back(grid_position(grid, inner, leg, p.spot));
  }
  const margin::GridMargin margin = grid_margin(grid, p);
  return {.net_collateral = account_value(account),
          .initial_margin = to_money(margin.initial, Round::Up),
          .maintenance_margin = to_money(margin.maintenance, Round::Up)};
}

// ---- a perpetual alone

template <class Scenarios>
Widest widest(const Scenarios& scenarios, auto weight) {
  Widest most;
  for (const auto& s : scenarios) {
    const Ratio move = s.spot - Ratio::one();
    const Ratio size = std::max(move, -move);
    Ratio& side = move < Ratio::zero() ? most.down : most.up;
    side = std::max(side, {mul_div(size.ppb, weight(s).ppb, Ratio::kScale, Round::Up)});
  }
  return most;
}

Ratio product(Ratio a, Ratio b) { return {mul_div(a.ppb, b.ppb, Ratio::kScale, Round::Up)}; }

}  // namespace

InnerMoves inner_moves(const margin::ScenarioGrid& grid) {
  Ratio below = Ratio::zero();
  Ratio above{INT64_MAX};
  for (const margin::GridScenario& s : grid.scenarios) {
    if (s.spot < Ratio::one()) below = std::max(below, s.spot);
    if (s.spot > Ratio::one()) above = std::min(above, s.spot);
  }
  const auto at = [&](Ratio spot) {
    std::vector<std::size_t> plain;
    std::vector<std::size_t> all;
    for (std::size_t i = 0; i < grid.scenarios.size(); ++i) {
      const margin::GridScenario& s = grid.scenarios[i];
      if (s.spot != spot) continue;
      all.push_back(i);
      if (s.volatility == Ratio::zero()) plain.push_back(i);
    }
    return plain.empty() ? all : plain;
  };
  MEZZ_ASSERT(below > Ratio::zero());
  MEZZ_ASSERT(above < Ratio{INT64_MAX});
  return {.down = at(below), .up = at(above), .width = above - below};
}

std::size_t shock_count(const MarginPreset& preset) {
  constexpr std::size_t kAsItIsAndBasis = 3;
  if (runs_scenario_grid(preset.rule)) return preset.grid.scenarios.size();
  switch (preset.rule) {
    case MarginRule::DerivePmrm:
      return kAsItIsAndBasis + preset.pmrm.scenarios.size();
    case MarginRule::DerivePmrm2:
      return kAsItIsAndBasis + preset.pmrm2.scenarios.size();
    default:
      return 0;
  }
}

std::vector<MarkState> shocked_states(const MarginPreset& preset, const ListingSpec& listing,
                                      const MarkState& state) {
  if (runs_scenario_grid(preset.rule)) return grid_states(preset.grid, listing, state);
  switch (preset.rule) {
    case MarginRule::DerivePmrm:
      return pmrm_states(preset.pmrm, listing, state);
    case MarginRule::DerivePmrm2:
      return pmrm2_states(preset.pmrm2, listing, state);
    default:
      return {};
  }
}

margin::Risk grid_risk(const MarginPreset& preset, const AccountPortfolio& account) {
  const Money value = account_value(account);
  if (preset.rule == MarginRule::DerivePmrm) {
    const auto held = derive_portfolio(preset, account, Coins::AsPerpetuals);
    return risk_of(value, net_margins(preset.pmrm, held.positions));
  }
  if (preset.rule == MarginRule::DerivePmrm2) {
    const auto held = derive_portfolio(preset, account, Coins::AsCollateral);
    return risk_of(value, net_margins(preset.pmrm2, held));
  }
  MEZZ_ASSERT(runs_scenario_grid(preset.rule));
  return scenario_risk(preset.grid, account);
}

Widest widest_moves(const MarginPreset& preset) {
  const auto weight = [](const auto& s) { return s.weight; };
  if (preset.rule == MarginRule::DerivePmrm) {
    return widest(preset.pmrm.scenarios, [](const auto&) { return Ratio::one(); });
  }
  if (preset.rule == MarginRule::DerivePmrm2) return widest(preset.pmrm2.scenarios, weight);
  MEZZ_ASSERT(runs_scenario_grid(preset.rule));
  return widest(preset.grid.scenarios, weight);
}

Shares perpetual_shares(const MarginPreset& preset) {
  const Widest most = widest_moves(preset);
  const Ratio move = std::max(most.down, most.up);
  if (preset.rule == MarginRule::DerivePmrm) {
    const Ratio keep = move + preset.pmrm.perp_static;
    return {.initial = product(keep, preset.pmrm.initial_factor), .maintenance = keep};
  }
  if (preset.rule == MarginRule::DerivePmrm2) {
    const margin::DerivePmrm2& rule = preset.pmrm2;
    const Ratio keep = product(move, rule.maintenance_factor) + rule.perp_maintenance;
    return {
        .initial = product(move, rule.initial_factor) + rule.perp_maintenance + rule.perp_initial,
        .maintenance = keep};
  }
  return {.initial = product(move, preset.grid.initial_factor),
          .maintenance = product(move, preset.grid.maintenance_factor)};
}

}  // namespace mezz::portfolio

#include "models/margin/derive_pmrm2.h"

#include <algorithm>
#include <cmath>

#include "models/margin/derive_common.h"
#include "models/margin/derive_pmrm_parts.h"
#include "sim/numeric/elementary.h"

namespace mezz::margin {

using derive::OracleContingency, derive::oracle_cost, derive::kAsItIs, derive::kFirstScenario;

namespace {

// ---- at what an option is priced

double skew_factor(const SkewShock& skew, const Pmrm2Contract& c, bool linear) {
  const double root = std::sqrt(std::max(0.0, years(c.to_expiry)));
  const double cap = linear ? skew.linear_cap.value() + skew.linear_cap_per_root.value() * root
                            : skew.absolute_cap.value() + skew.absolute_cap_per_root.value() * root;
  const double volatility =
      skew.width_volatility.value() + skew.width_volatility_per_root.value() * root;
  const double width =
      std::max(skew.width_min.value(), root * skew.width_scale.value() * volatility);
  const double log_moneyness = numeric::log(c.strike / (c.forward + c.fixed));
  const double k = linear ? log_moneyness : std::fabs(log_moneyness);
  const double change = k >= 0.0 ? std::min(cap, k * cap / width) : std::max(-cap, k * cap / width);
  return std::max(0.0, 1.0 + change);
}

double moved_volatility(const DerivePmrm2& rule, const Pmrm2Contract& c, Pmrm2Move move) {
  const double scale =
      term_scale({rule.short_power, rule.long_power, rule.expiry_floor}, c.to_expiry);
  switch (move) {
    case Pmrm2Move::None:
      return c.volatility;
    case Pmrm2Move::Up: {
      const double up = 1.0 + rule.volatility_up.value() * scale;
      return std::max(rule.volatility_min_up.value(), c.volatility * up);
    }
    case Pmrm2Move::Down: {
      const double down = 1.0 - rule.volatility_down.value() * scale;
      return c.volatility * std::max(0.0, down);
    }
    case Pmrm2Move::LinearSkew:
      return c.volatility * skew_factor(rule.skew, c, true);
    case Pmrm2Move::AbsoluteSkew:
      return c.volatility * skew_factor(rule.skew, c, false);
  }
  MEZZ_ASSERT(false);
  return c.volatility;
}

// ---- the loss of a scenario

// What positive and negative shocked values are multiplied with.
struct Discounts {
  Wad gain;
  Wad debt;
};
Discounts discounts_of(const DerivePmrm2& rule, const PmrmExpirySum& expiry) {
  const double rate = std::max(0.0, expiry.rate);
  const double time = years(expiry.to_expiry);
  const double long_rate = rate * rule.long_rate_factor.value() + rule.long_rate_add.value();
  const double short_rate = rate * rule.short_rate_factor.value() + rule.short_rate_add.value();
  const double gain = rule.long_discount.value() * numeric::exp(-time * long_rate);
  const double debt = rule.short_markup.value() * numeric::exp(time * short_rate);
  // Undiscounted is the most a debt can become.
  return {quantised(gain), quantised(std::min(debt, numeric::exp(time * rate)))};
}

Wad expiry_change(const PmrmExpirySum& expiry, std::size_t scenario, const Discounts& discounts) {
  const Wad shocked = expiry.values[kFirstScenario + scenario];
  const Wad factor = shocked >= Wad::zero() ? discounts.gain : discounts.debt;
  return multiply(shocked, factor) - expiry.values[kAsItIs];
}

Wad value_of(const Pmrm2Collateral& c, Wad stable_price) {
  return divide(multiply(c.amount, c.price), stable_price);
}

Wad scenario_loss(const DerivePmrm2& rule, const Pmrm2Portfolio& p,
                  const std::vector<Discounts>& discounts, std::size_t scenario) {
  const Pmrm2Scenario& s = rule.scenarios[scenario];
  const Wad move = Wad::from(s.spot) - Wad::one();
  const PmrmPortfolio& held = p.positions;
  Wad loss = share(multiply(held.perp_size, multiply(move, held.perp_price)), s.weight);
  for (std::size_t e = 0; e < held.sums.size(); ++e) {
    const Wad change = share(expiry_change(held.sums[e], scenario, discounts[e]), s.weight);
    loss = loss + (is_skew(s.move) ? -change.abs() : change);
  }
  for (const Pmrm2Collateral& c : p.collateral) {
    if (!c.moves_with_spot) continue;
    loss = loss + share(multiply(value_of(c, held.stable_price), move), s.weight);
  }
  return loss;
}

// ---- what is kept back whatever the scenario

struct Shares {
  Ratio perp;
  Ratio option;
  Ratio Pmrm2Collateral::*haircut;
};
Wad kept_back(const Pmrm2Portfolio& p, const Shares& shares) {
  const PmrmPortfolio& held = p.positions;
  Wad cost = share(multiply(held.perp_size.abs(), held.spot), shares.perp);
  for (const PmrmExpirySum& expiry : held.sums) {
    cost = cost + share(multiply(expiry.sold, held.spot), shares.option);
  }
  for (const Pmrm2Collateral& c : p.collateral) {
    cost = cost + share(value_of(c, held.stable_price), c.*shares.haircut);
  }
  return cost;
}

Wad confidence_cost(const DerivePmrm2& rule, const Pmrm2Portfolio& p) {
  const OracleContingency oracle{rule.confidence_threshold, rule.confidence_factor};
  const PmrmPortfolio& held = p.positions;
  const bool has_perp = held.perp_size != Wad::zero();
  const Wad common =
      has_perp ? std::min(held.spot_confidence, held.perp_confidence) : held.spot_confidence;
  Wad cost = oracle_cost(oracle, common, multiply(held.spot, held.perp_size.abs()));
  for (const PmrmExpirySum& expiry : held.sums) {
    cost = cost + oracle_cost(oracle, std::min(common, expiry.confidence),
                              multiply(held.spot, expiry.size));
  }
  for (const Pmrm2Collateral& c : p.collateral) {
    cost = cost + oracle_cost(oracle, std::min(held.spot_confidence, c.confidence),
                              value_of(c, held.stable_price));
  }
  return cost;
}

Wad value_now(const Pmrm2Portfolio& p) {
  const PmrmPortfolio& held = p.positions;
  Wad value = held.cash + held.perp_profit;
  for (const PmrmExpirySum& expiry : held.sums) value = value + expiry.values[kAsItIs];
  for (const Pmrm2Collateral& c : p.collateral) value = value + value_of(c, held.stable_price);
  return value;
}

void assert_valid(const DerivePmrm2& rule, const Pmrm2Portfolio& p) {
  MEZZ_ASSERT(p.positions.spot > Wad::zero());
  MEZZ_ASSERT(p.positions.stable_price > Wad::zero());
  MEZZ_ASSERT(p.positions.base == Wad::zero());
  for (const Pmrm2Collateral& c : p.collateral) MEZZ_ASSERT(c.amount >= Wad::zero());
  for (const PmrmExpirySum& expiry : p.positions.sums) {
    MEZZ_ASSERT(expiry.values.size() == kFirstScenario + rule.scenarios.size());
  }
}

void find_worst(const DerivePmrm2& rule, const Pmrm2Portfolio& p, PmrmMargin& margin) {
  std::vector<Discounts> discounts;
  for (const PmrmExpirySum& expiry : p.positions.sums) {
    margin.loss =
        margin.loss + derive::basis_loss(rule.basis_share, rule.basis_share_per_year, expiry);
    discounts.push_back(discounts_of(rule, expiry));
  }
  for (std::size_t s = 0; s < rule.scenarios.size(); ++s) {
    const Wad loss = scenario_loss(rule, p, discounts, s);
    if (loss >= margin.loss) continue;
    margin.loss = loss;
    margin.worst = static_cast<std::int32_t>(s);
  }
  MEZZ_ASSERT(margin.loss <= Wad::zero());
}

}  // namespace

std::vector<Pmrm2Scenario> pmrm2_grid() {
  std::vector<Pmrm2Scenario> grid{{.spot = 118_percent, .move = Pmrm2Move::Up}};
  for (std::int64_t step = 3; step >= -3; --step) {
    for (const Pmrm2Move move : {Pmrm2Move::Up, Pmrm2Move::None, Pmrm2Move::Down}) {
      grid.push_back({.spot = Ratio::one() + 450_bp * step, .move = move});
    }
  }
  grid.push_back({.spot = 82_percent, .move = Pmrm2Move::Up});
  constexpr struct {
    Ratio spot;
    std::int64_t weight_ppb;
  } kTails[] = {{34_percent, 210'000'000},  {67_percent, 420'000'000}, {150_percent, 277'200'000},
                {200_percent, 138'600'000}, {300_percent, 69'300'000}, {400_percent, 46'200'000},
                {500_percent, 34'650'000},  {600_percent, 27'720'000}};
  for (const auto& tail : kTails) {
    grid.push_back({.spot = tail.spot, .move = Pmrm2Move::Up, .weight = {tail.weight_ppb}});
  }
  grid.push_back({.move = Pmrm2Move::LinearSkew});
  grid.push_back({.move = Pmrm2Move::AbsoluteSkew});
  return grid;
}

std::vector<Pmrm2Quote> quotes(const DerivePmrm2& rule, const Pmrm2Contract& c) {
  MEZZ_ASSERT(c.strike > 0.0);
  MEZZ_ASSERT(c.forward + c.fixed > 0.0);
  const auto moved = [&](Ratio spot) { return c.fixed + c.forward * spot.value(); };
  std::vector<Pmrm2Quote> all{{moved(Ratio::one()), c.volatility},
                              {moved(rule.basis_up), c.volatility},
                              {moved(rule.basis_down), c.volatility}};
  for (const Pmrm2Scenario& s : rule.scenarios) {
    // A skew leaves options at the forward as it is, whatever its spot says about the rest.
    const Ratio spot = is_skew(s.move) ? Ratio::one() : s.spot;
    all.push_back({moved(spot), moved_volatility(rule, c, s.move)});
  }
  return all;
}

PmrmMargins net_margins(const DerivePmrm2& rule, const Pmrm2Portfolio& p) {
  if (!p.positions.expiries.empty()) {
    return net_margins(rule, {derive::summed(p.positions), p.collateral});
  }
  assert_valid(rule, p);
  PmrmMargins margins;
  PmrmMargin& keep = margins.maintenance;
  keep.value = value_now(p);
  find_worst(rule, p, keep);
  keep.static_cost = kept_back(
      p, {rule.perp_maintenance, rule.option_maintenance, &Pmrm2Collateral::haircut_maintenance});
  keep.net =
      keep.value + multiply(keep.loss, Wad::from(rule.maintenance_factor)) - keep.static_cost;
  PmrmMargin& open = margins.initial;
  open = keep;
  const Wad below_peg =
      std::max(Wad::zero(), Wad::from(rule.peg_threshold) - p.positions.stable_price);
  const Wad factor = Wad::from(rule.initial_factor) + share(below_peg, rule.peg_factor);
  open.static_cost = open.static_cost + kept_back(p, {rule.perp_initial, rule.option_initial,
                                                      &Pmrm2Collateral::haircut_initial});
  open.confidence_cost = confidence_cost(rule, p);
  open.net = open.value + multiply(open.loss, factor) - open.static_cost - open.confidence_cost;
  return margins;
}

void DerivePmrm2::check(const char* path) const {
  const Ratio zero{0};
  const auto share_of_one = [&](Ratio r, const char* key) {
    require(r >= zero && r <= Ratio::one(), path, key, "must be between 0 and 1");
  };
  const auto not_negative = [&](Ratio r, const char* key) {
    require(r >= zero, path, key, "must not be negative");
  };
  require(!scenarios.empty(), path, "scenarios", "needs at least one");
  for (const Pmrm2Scenario& s : scenarios) {
    require(s.spot > zero, path, "scenarios", "every spot must be above 0");
    require(s.weight >= zero, path, "scenarios", "no weight must be negative");
  }
  require(basis_up >= Ratio::one(), path, "basis_up", "must be at least 1");
  require(basis_down > zero && basis_down <= Ratio::one(), path, "basis_down",
          "must be above 0 and at most 1");
  not_negative(basis_share, "basis_share");
  not_negative(basis_share_per_year, "basis_share_per_year");
  not_negative(volatility_up, "volatility_up");
  share_of_one(volatility_down, "volatility_down");
  not_negative(volatility_min_up, "volatility_min_up");
  require(short_power >= 0.0 && short_power <= 2.0, path, "short_power", "must be between 0 and 2");
  require(long_power >= 0.0 && long_power <= 2.0, path, "long_power", "must be between 0 and 2");
  require(expiry_floor > Duration::zero(), path, "expiry_floor", "must be above 0");
  require(skew.width_min > zero, path, "skew.width_min", "must be above 0");
  not_negative(skew.width_scale, "skew.width_scale");
  not_negative(skew.linear_cap, "skew.linear_cap");
  not_negative(skew.absolute_cap, "skew.absolute_cap");
  share_of_one(long_discount, "long_discount");
  not_negative(long_rate_factor, "long_rate_factor");
  not_negative(long_rate_add, "long_rate_add");
  require(short_markup >= Ratio::one(), path, "short_markup", "must be at least 1");
  not_negative(short_rate_factor, "short_rate_factor");
  not_negative(short_rate_add, "short_rate_add");
  share_of_one(perp_maintenance, "perp_maintenance");
  share_of_one(perp_initial, "perp_initial");
  share_of_one(option_maintenance, "option_maintenance");
  share_of_one(option_initial, "option_initial");
  require(maintenance_factor > zero, path, "maintenance_factor", "must be above 0");
  require(initial_factor >= maintenance_factor, path, "initial_factor",
          "must not be below maintenance_factor");
  share_of_one(peg_threshold, "peg_threshold");
  not_negative(peg_factor, "peg_factor");
  share_of_one(confidence_threshold, "confidence_threshold");
  not_negative(confidence_factor, "confidence_factor");
}

}  // namespace mezz::margin

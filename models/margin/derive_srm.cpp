#include "models/margin/derive_srm.h"

#include <algorithm>
#include <string>

#include "models/margin/derive_common.h"

namespace mezz::margin {

using derive::OracleContingency, derive::oracle_cost;

namespace {

constexpr Wad above_zero(Wad value) { return std::max(value, Wad::zero()); }

// Of an option alone, for its (negative) amount.
Wad isolated(const DeriveSrm& rule, Wad spot, const SrmOption& o, Requirement requirement) {
  if (o.amount >= Wad::zero()) return Wad::zero();
  const Wad mark = multiply(o.amount, o.mark);
  const Wad spots = multiply(spot, o.amount);
  const Wad out = above_zero(o.call ? o.strike - spot : spot - o.strike);
  const Wad rate = std::max(Wad::from(rule.spot_max) - divide(out, spot), Wad::from(rule.spot_min));
  const Wad initial = mark + multiply(spots, rate);
  if (o.call) {
    return requirement == Requirement::Initial ? initial
                                               : mark + share(spots, rule.call_maintenance);
  }
  const Wad maintenance =
      mark + std::min(share(spots, rule.put_maintenance), share(mark, rule.put_mark_maintenance));
  if (requirement == Requirement::Maintenance) return maintenance;
  return std::min(initial, share(maintenance, rule.put_initial_offset));
}

Wad payoff(const SrmExpiry& expiry, Wad price) {
  Wad sum;
  for (const SrmOption& o : expiry.options) {
    sum = sum + multiply(o.amount, above_zero(o.call ? price - o.strike : o.strike - price));
  }
  return sum;
}

// A piecewise linear pay-off is least at zero, at a strike, or without bound upwards.
Wad greatest_loss(const DeriveSrm& rule, const SrmExpiry& expiry, Requirement requirement) {
  Wad least = std::min(Wad::zero(), payoff(expiry, Wad::zero()));
  Wad net_calls;
  for (const SrmOption& o : expiry.options) {
    least = std::min(least, payoff(expiry, o.strike));
    if (o.call) net_calls = net_calls + o.amount;
  }
  if (net_calls >= Wad::zero()) return least;
  const Ratio unpaired =
      requirement == Requirement::Initial ? rule.unpaired_initial : rule.unpaired_maintenance;
  return least + share(multiply(net_calls, expiry.forward), unpaired);
}

Wad sold(const SrmExpiry& expiry) {
  Wad sum;
  for (const SrmOption& o : expiry.options) sum = sum + above_zero(-o.amount);
  return sum;
}

Wad contingency(const DeriveSrm& rule, const SrmMarket& m, Wad peg_cost) {
  const OracleContingency oracle{rule.confidence_threshold, rule.confidence_factor};
  const Wad perp = multiply(m.spot, m.perp_size.abs());
  Wad cost = oracle_cost(oracle, std::min(m.spot_confidence, m.perp_confidence), perp) +
             oracle_cost(oracle, m.spot_confidence, multiply(m.spot, m.base));
  Wad exposed = perp;
  for (const SrmExpiry& expiry : m.expiries) {
    Wad confidence = std::min(m.spot_confidence, expiry.confidence);
    for (const SrmOption& o : expiry.options) confidence = std::min(confidence, o.confidence);
    const Wad short_options = multiply(m.spot, sold(expiry));
    cost = cost + oracle_cost(oracle, confidence, short_options);
    exposed = exposed + short_options;
  }
  return -(cost + multiply(peg_cost, exposed));
}

}  // namespace

Wad option_margin(const DeriveSrm& rule, Wad spot, const SrmExpiry& expiry,
                  Requirement requirement) {
  MEZZ_ASSERT(spot > Wad::zero());
  Wad alone;
  for (const SrmOption& o : expiry.options) alone = alone + isolated(rule, spot, o, requirement);
  const Wad margin = std::max(alone, greatest_loss(rule, expiry, requirement));
  MEZZ_ASSERT(margin <= Wad::zero());
  return margin;
}

SrmMargin net_margin(const DeriveSrm& rule, const SrmPortfolio& portfolio,
                     Requirement requirement) {
  const bool initial = requirement == Requirement::Initial;
  const Wad peg_cost = share(above_zero(Wad::from(rule.depeg_threshold) - portfolio.stable_price),
                             rule.depeg_factor);
  SrmMargin margin;
  margin.cash = portfolio.cash;
  for (const SrmMarket& m : portfolio.markets) {
    MEZZ_ASSERT(m.base >= Wad::zero());
    const Wad notional = multiply(m.perp_size.abs(), m.perp_price);
    margin.perp = margin.perp + m.perp_profit -
                  share(notional, initial ? rule.perp_initial : rule.perp_maintenance);
    const Wad base = share(multiply(m.base, m.spot), rule.base_factor);
    margin.base = margin.base + (initial ? share(base, rule.base_initial_scale) : base);
    for (const SrmExpiry& expiry : m.expiries) {
      margin.options = margin.options + option_margin(rule, m.spot, expiry, requirement);
    }
    if (initial) margin.contingency = margin.contingency + contingency(rule, m, peg_cost);
  }
  return margin;
}

void DeriveSrm::check(const char* path) const {
  const Ratio zero{0};
  require(perp_maintenance > zero, path, "perp_maintenance", "must be above 0");
  require(perp_initial >= perp_maintenance, path, "perp_initial",
          "must not be below perp_maintenance");
  require(spot_min >= zero, path, "spot_min", "must not be negative");
  require(spot_max >= spot_min, path, "spot_max", "must not be below spot_min");
  require(call_maintenance > zero && call_maintenance <= spot_min, path, "call_maintenance",
          "must be above 0 and not above spot_min, or keeping costs more than opening");
  require(put_maintenance > zero, path, "put_maintenance", "must be above 0");
  require(put_mark_maintenance >= zero, path, "put_mark_maintenance", "must not be negative");
  require(put_initial_offset >= Ratio::one(), path, "put_initial_offset", "must be at least 1");
  require(unpaired_maintenance >= zero, path, "unpaired_maintenance", "must not be negative");
  require(unpaired_initial >= unpaired_maintenance, path, "unpaired_initial",
          "must not be below unpaired_maintenance");
  require(confidence_threshold >= zero && confidence_threshold <= Ratio::one(), path,
          "confidence_threshold", "must be between 0 and 1");
  require(confidence_factor >= zero, path, "confidence_factor", "must not be negative");
  require(depeg_threshold >= zero && depeg_threshold <= Ratio::one(), path, "depeg_threshold",
          "must be between 0 and 1");
  require(depeg_factor >= zero, path, "depeg_factor", "must not be negative");
  require(base_factor >= zero && base_factor <= Ratio::one(), path, "base_factor",
          "must be between 0 and 1");
  require(base_initial_scale >= zero && base_initial_scale <= Ratio::one(), path,
          "base_initial_scale", "must be between 0 and 1");
}

}  // namespace mezz::margin

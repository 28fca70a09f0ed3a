#include "models/margin/derive_pmrm.h"

#include <algorithm>

#include "models/margin/derive_common.h"
#include "models/margin/derive_pmrm_parts.h"
#include "sim/numeric/elementary.h"

namespace mezz::margin {

using derive::OracleContingency, derive::oracle_cost, derive::kAsItIs, derive::kFirstScenario,
    derive::value_of;

namespace {

Wad discount_of(const DerivePmrm& rule, const PmrmExpiry& expiry) {
  const double rate = expiry.rate * rule.rate_factor.value() + rule.rate_add.value();
  return quantised(rule.discount.value() * numeric::exp(-years(expiry.to_expiry) * rate));
}

Wad scenario_loss(const DerivePmrm& rule, const PmrmPortfolio& p, std::size_t scenario) {
  const Wad move = to_wad(rule.scenarios[scenario].spot) - Wad::one();
  Wad loss = multiply(multiply(p.perp_size, p.perp_price), move) +
             multiply(multiply(p.base, p.spot), move);
  for (const PmrmExpiry& expiry : p.expiries) {
    Wad shocked = value_of(expiry, kFirstScenario + scenario);
    if (shocked > Wad::zero()) shocked = multiply(shocked, discount_of(rule, expiry));
    loss = loss + shocked - value_of(expiry, kAsItIs);
  }
  return loss;
}

Wad static_cost(const DerivePmrm& rule, const PmrmPortfolio& p) {
  Wad cost = share(multiply(p.perp_size.abs(), p.spot), rule.perp_static) +
             share(multiply(p.base, p.spot), rule.base_static);
  for (const PmrmExpiry& expiry : p.expiries) {
    cost = cost + share(multiply(derive::sold_net(expiry), p.spot), rule.option_static);
  }
  return cost;
}

Wad confidence_cost(const DerivePmrm& rule, const PmrmPortfolio& p) {
  const OracleContingency oracle{rule.confidence_threshold, rule.confidence_factor};
  Wad cost = oracle_cost(oracle, std::min(p.spot_confidence, p.perp_confidence),
                         multiply(p.spot, p.perp_size.abs())) +
             oracle_cost(oracle, p.spot_confidence, multiply(p.spot, p.base));
  for (const PmrmExpiry& expiry : p.expiries) {
    Wad confidence = std::min(p.spot_confidence, expiry.confidence);
    Wad size;
    for (const PmrmOption& o : expiry.options) {
      confidence = std::min(confidence, o.confidence);
      size = size + o.amount.abs();
    }
    cost = cost + oracle_cost(oracle, confidence, multiply(p.spot, size));
  }
  return cost;
}

Wad value_now(const PmrmPortfolio& p) {
  Wad value = p.cash + p.perp_profit + multiply(p.base, p.spot);
  for (const PmrmExpiry& expiry : p.expiries) value = value + value_of(expiry, kAsItIs);
  return value;
}

}  // namespace

std::vector<PmrmScenario> pmrm_grid() {
  std::vector<PmrmScenario> grid;
  for (std::int64_t percent = 115; percent >= 85; percent -= 5) {
    for (const VolatilityMove move :
         {VolatilityMove::Up, VolatilityMove::None, VolatilityMove::Down}) {
      grid.push_back({.spot = 1_percent * percent, .volatility = move});
    }
  }
  return grid;
}

std::vector<PmrmShock> shocks(const DerivePmrm& rule, Duration to_expiry) {
  const double scale =
      term_scale({rule.short_power, rule.long_power, rule.expiry_floor}, to_expiry);
  std::vector<PmrmShock> all{{}, {.spot = rule.basis_up}, {.spot = rule.basis_down}};
  for (const PmrmScenario& scenario : rule.scenarios) {
    double volatility = 1.0;
    if (scenario.volatility == VolatilityMove::Up) {
      volatility += rule.volatility_up.value() * scale;
    } else if (scenario.volatility == VolatilityMove::Down) {
      volatility = std::max(0.0, 1.0 - rule.volatility_down.value() * scale);
    }
    all.push_back({.spot = scenario.spot, .volatility = volatility});
  }
  return all;
}

PmrmMargin net_margin(const DerivePmrm& rule, const PmrmPortfolio& p, Requirement requirement) {
  MEZZ_ASSERT(p.spot > Wad::zero());
  MEZZ_ASSERT(p.base >= Wad::zero());
  PmrmMargin margin;
  margin.value = value_now(p);
  for (const PmrmExpiry& expiry : p.expiries) {
    for (const PmrmOption& o : expiry.options) {
      MEZZ_ASSERT(o.values.size() == kFirstScenario + rule.scenarios.size());
    }
    margin.loss =
        margin.loss + derive::basis_loss(rule.basis_share, rule.basis_share_per_year, expiry);
  }
  for (std::size_t s = 0; s < rule.scenarios.size(); ++s) {
    const Wad loss = scenario_loss(rule, p, s);
    if (loss >= margin.loss) continue;
    margin.loss = loss;
    margin.worst = static_cast<std::int32_t>(s);
  }
  margin.static_cost = static_cost(rule, p);
  const Wad risk = margin.loss - margin.static_cost;
  if (requirement == Requirement::Maintenance) {
    margin.net = margin.value + risk;
    return margin;
  }
  const Wad below_peg = std::max(Wad::zero(), to_wad(rule.peg_threshold) - p.stable_price);
  const Wad factor = to_wad(rule.initial_factor) + share(below_peg, rule.peg_factor);
  margin.confidence_cost = confidence_cost(rule, p);
  margin.net = margin.value + multiply(risk, factor) - margin.confidence_cost;
  return margin;
}

void DerivePmrm::check(const char* path) const {
  const Ratio zero{0};
  const auto is_share = [&](Ratio r) { return r >= zero && r <= Ratio::one(); };
  require(!scenarios.empty(), path, "scenarios", "needs at least one");
  for (const PmrmScenario& scenario : scenarios) {
    require(scenario.spot > zero, path, "scenarios", "every spot must be above 0");
  }
  require(basis_up >= Ratio::one(), path, "basis_up", "must be at least 1");
  require(basis_down > zero && basis_down <= Ratio::one(), path, "basis_down",
          "must be above 0 and at most 1");
  require(basis_share >= zero, path, "basis_share", "must not be negative");
  require(basis_share_per_year >= zero, path, "basis_share_per_year", "must not be negative");
  require(volatility_up >= zero, path, "volatility_up", "must not be negative");
  require(is_share(volatility_down), path, "volatility_down", "must be between 0 and 1");
  require(short_power >= 0.0 && short_power <= 2.0, path, "short_power", "must be between 0 and 2");
  require(long_power >= 0.0 && long_power <= 2.0, path, "long_power", "must be between 0 and 2");
  require(expiry_floor > Duration::zero(), path, "expiry_floor", "must be above 0");
  require(is_share(discount), path, "discount", "must be between 0 and 1");
  require(rate_factor >= zero, path, "rate_factor", "must not be negative");
  require(rate_add >= zero, path, "rate_add", "must not be negative");
  require(is_share(perp_static), path, "perp_static", "must be between 0 and 1");
  require(is_share(base_static), path, "base_static", "must be between 0 and 1");
  require(is_share(option_static), path, "option_static", "must be between 0 and 1");
  require(initial_factor >= Ratio::one(), path, "initial_factor", "must be at least 1");
  require(is_share(peg_threshold), path, "peg_threshold", "must be between 0 and 1");
  require(peg_factor >= zero, path, "peg_factor", "must not be negative");
  require(is_share(confidence_threshold), path, "confidence_threshold", "must be between 0 and 1");
  require(confidence_factor >= zero, path, "confidence_factor", "must not be negative");
}

}  // namespace mezz::margin

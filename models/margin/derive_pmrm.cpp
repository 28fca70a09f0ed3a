#include "models/margin/derive_pmrm.h"

#include <algorithm>

#include "models/margin/derive_common.h"
#include "models/margin/derive_pmrm_parts.h"
#include "sim/numeric/elementary.h"

namespace mezz::margin {

using derive::OracleContingency, derive::oracle_cost, derive::kAsItIs, derive::kFirstScenario;

namespace {

Wad discount_of(const DerivePmrm& rule, const PmrmExpirySum& expiry) {
  const double rate = expiry.rate * rule.rate_factor.value() + rule.rate_add.value();
  return quantised(rule.discount.value() * numeric::exp(-years(expiry.to_expiry) * rate));
}

Wad scenario_loss(const DerivePmrm& rule, const PmrmPortfolio& p, const std::vector<Wad>& discounts,
                  std::size_t scenario) {
  const Wad move = Wad::from(rule.scenarios[scenario].spot) - Wad::one();
  Wad loss = multiply(multiply(p.perp_size, p.perp_price), move) +
             multiply(multiply(p.base, p.spot), move);
  for (std::size_t e = 0; e < p.sums.size(); ++e) {
    Wad shocked = p.sums[e].values[kFirstScenario + scenario];
    if (shocked > Wad::zero()) shocked = multiply(shocked, discounts[e]);
    loss = loss + shocked - p.sums[e].values[kAsItIs];
  }
  return loss;
}

void find_worst(const DerivePmrm& rule, const PmrmPortfolio& p, PmrmMargin& margin) {
  std::vector<Wad> discounts;
  discounts.reserve(p.sums.size());
  for (const PmrmExpirySum& expiry : p.sums) {
    MEZZ_ASSERT(expiry.values.size() == kFirstScenario + rule.scenarios.size());
    margin.loss =
        margin.loss + derive::basis_loss(rule.basis_share, rule.basis_share_per_year, expiry);
    discounts.push_back(discount_of(rule, expiry));
  }
  for (std::size_t s = 0; s < rule.scenarios.size(); ++s) {
    const Wad loss = scenario_loss(rule, p, discounts, s);
    if (loss >= margin.loss) continue;
    margin.loss = loss;
    margin.worst = static_cast<std::int32_t>(s);
  }
}

Wad static_cost(const DerivePmrm& rule, const PmrmPortfolio& p) {
  Wad cost = share(multiply(p.perp_size.abs(), p.spot), rule.perp_static) +
             share(multiply(p.base, p.spot), rule.base_static);
  for (const PmrmExpirySum& expiry : p.sums) {
    cost = cost + share(multiply(expiry.sold, p.spot), rule.option_static);
  }
  return cost;
}

Wad confidence_cost(const DerivePmrm& rule, const PmrmPortfolio& p) {
  const OracleContingency oracle{rule.confidence_threshold, rule.confidence_factor};
  Wad cost = oracle_cost(oracle, std::min(p.spot_confidence, p.perp_confidence),
                         multiply(p.spot, p.perp_size.abs())) +
             oracle_cost(oracle, p.spot_confidence, multiply(p.spot, p.base));
  for (const PmrmExpirySum& expiry : p.sums) {
    cost = cost + oracle_cost(oracle, std::min(p.spot_confidence, expiry.confidence),
                              multiply(p.spot, expiry.size));
  }
  return cost;
}

Wad value_now(const PmrmPortfolio& p) {
  Wad value = p.cash + p.perp_profit + multiply(p.base, p.spot);
  for (const PmrmExpirySum& expiry : p.sums) value = value + expiry.values[kAsItIs];
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

PmrmMargins net_margins(const DerivePmrm& rule, const PmrmPortfolio& p) {
  if (!p.expiries.empty()) return net_margins(rule, derive::summed(p));
  MEZZ_ASSERT(p.spot > Wad::zero());
  MEZZ_ASSERT(p.base >= Wad::zero());
  PmrmMargins margins;
  PmrmMargin& keep = margins.maintenance;
  keep.value = value_now(p);
  find_worst(rule, p, keep);
  keep.static_cost = static_cost(rule, p);
  const Wad risk = keep.loss - keep.static_cost;
  keep.net = keep.value + risk;
  PmrmMargin& open = margins.initial;
  open = keep;
  const Wad below_peg = std::max(Wad::zero(), Wad::from(rule.peg_threshold) - p.stable_price);
  const Wad factor = Wad::from(rule.initial_factor) + share(below_peg, rule.peg_factor);
  open.confidence_cost = confidence_cost(rule, p);
  open.net = open.value + multiply(risk, factor) - open.confidence_cost;
  return margins;
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

#include "models/layer2/execution/exchange_params.h"

#include <algorithm>

#include "sim/config/units.h"
#include "sim/numeric/elementary.h"

namespace mezz {

liquidation::derive::AuctionParams AuctionParams::rule() const {
  return {.start = Wad::from(start),
          .fast_cutoff = Wad::from(fast_cutoff),
          .fast = fast,
          .slow = slow,
          .insolvent = insolvent,
          .liquidator_fee = Wad::from(fee),
          .buffer = Wad::from(buffer)};
}

MarginPreset ExchangeParams::margin_preset() const {
  margin::LiquidityTier chosen = margin::preset(tier);
  if (initial_margin) chosen.initial_margin_ppm = initial_margin->ppm(Round::Up);
  if (maintenance_fraction) {
    chosen.maintenance_fraction_ppm = maintenance_fraction->ppm(Round::Up);
  }
  if (open_interest_lower) chosen.open_interest_lower = *open_interest_lower;
  if (open_interest_upper) chosen.open_interest_upper = *open_interest_upper;
  if (impact_notional) chosen.impact_notional = *impact_notional;
  MEZZ_ASSERT(chosen.initial_margin_ppm > 0);
  MEZZ_ASSERT(chosen.maintenance_fraction_ppm > 0);
  MarginPreset preset{.rule = margin, .position = venue_margin.rule(margin), .srm = derive_srm};
  grids.fill(preset);
  preset.position.tier = chosen;
  preset.position.tier = perpetual_tier(preset);
  return preset;
}

namespace {

void check_pools(const ExchangeParams& params, const std::string& path) {
  for (std::size_t i = 0; i < params.pool.size(); ++i) {
    const PoolEntry& entry = params.pool[i];
    const std::string here = path + ".pool[" + std::to_string(i) + "]";
    const auto of = std::find_if(params.listing.begin(), params.listing.end(),
                                 [&](const ListingSpec& l) { return l.name == entry.instrument; });
    if (of == params.listing.end()) {
      throw ScenarioError(here + ".instrument", "no listing is called '" + entry.instrument + "'");
    }
    for (std::size_t k = 0; k < i; ++k) {
      if (params.pool[k].instrument == entry.instrument) {
        throw ScenarioError(here + ".instrument", "'" + entry.instrument + "' has a pool already");
      }
    }
    const bool holds_lots =
        entry.rule.kind == venue::Kind::Cpmm || entry.rule.kind == venue::Kind::Clmm;
    const ListingKind wanted = holds_lots ? ListingKind::Spot : ListingKind::LinearPerp;
    if (of->kind != wanted) {
      throw ScenarioError(here + ".rule.kind", std::string(enum_name(entry.rule.kind)) +
                                                   " is for listings of kind " +
                                                   std::string(enum_name(wanted)));
    }
    if (params.initial_price.micros % of->tick.micros != 0) {
      throw ScenarioError(here + ".instrument", "initial_price must be whole ticks of the listing");
    }
    entry.rule.check(here + ".rule", of->contract(),
                     {params.initial_price.micros / of->tick.micros});
  }
}

// A rule that follows a skew charges linear perpetuals that trade against a pool, and no others.
bool funded_by_skew(const ExchangeParams& params, const ListingSpec& listing) {
  if (!follows_skew(params.funding_rule) || listing.funding != ListingFunding::Cash) return false;
  return std::any_of(params.pool.begin(), params.pool.end(),
                     [&](const PoolEntry& entry) { return entry.instrument == listing.name; });
}

void check_funding(const ExchangeParams& params, const std::string& path) {
  if (!follows_skew(params.funding_rule)) return;
  const std::string rule(enum_name(params.funding_rule));
  bool charges = false;
  for (std::size_t i = 0; i < params.listing.size(); ++i) {
    const ListingSpec& listing = params.listing[i];
    if (!funded_by_skew(params, listing)) continue;
    charges = true;
    const bool period = listing.funding_period.has_value();
    if (!period && listing.funding_cap == Ratio::one()) continue;
    throw ScenarioError(
        path + ".listing[" + std::to_string(i) + (period ? "].funding_period" : "].funding_cap"),
        "is of a premium; under funding_rule = " + rule +
            " the skew of the pool sets the rate: leave the key out");
  }
  if (!charges) {
    throw ScenarioError(
        path + ".funding_rule",
        "'" + rule +
            "' follows the skew of a pool and would never charge anything here: it needs a listing "
            "of kind linear_perp with funding = \"cash\" and a pool (" +
            path +
            ".pool) of kind vamm, oracle_pool or skew_pool; for the premium of a book use dydx_v4, "
            "hyperliquid, deribit or derive");
  }
  const GmxFundingParams& gmx = params.venue_funding.gmx_v2;
  if (gmx.threshold_decrease > gmx.threshold_stable) {
    throw ScenarioError(path + ".venue_funding.gmx_v2.threshold_decrease",
                        "must not be above threshold_stable");
  }
}

void check_listed(const ExchangeParams& params, const std::string& path) {
  check_listings(params.listing, path + ".listing", params.contract);
  for (std::size_t i = 0; i < params.listing.size(); ++i) {
    const ListingSpec& listing = params.listing[i];
    const std::string here = path + ".listing[" + std::to_string(i) + "]";
    // Position by position, an inverse perpetual cannot be told from the coins it brought.
    if (!margins_portfolios(params.margin) && !is_linear(listing.kind)) {
      throw ScenarioError(here + ".kind", "margin = " + std::string(enum_name(params.margin)) +
                                              " has no rule for '" +
                                              std::string(enum_name(listing.kind)) +
                                              "'; use derive_srm, derive_pmrm, derive_pmrm2, "
                                              "deribit_pm, span16, aevo_pm or scenario_grid");
    }
    const bool premium =
        listing.funding != ListingFunding::None && !funded_by_skew(params, listing);
    if (premium && listing.period() < params.funding_tick) {
      throw ScenarioError(here + ".funding_period", "must not be shorter than funding_tick");
    }
  }
  params.derive_srm.check((path + ".derive_srm").c_str());
  params.grids.check(params.margin, path);
  const AuctionParams& auction = params.auction;
  if (auction.fast_cutoff > auction.start || auction.fast_cutoff < Ratio::zero()) {
    throw ScenarioError(path + ".auction.fast_cutoff", "must be between 0 and start");
  }
  if (auction.fee < Ratio::zero() || auction.fee > Ratio::one()) {
    throw ScenarioError(path + ".auction.fee", "must be from 0 to 100 %");
  }
  if (auction.buffer < Ratio::zero()) {
    throw ScenarioError(path + ".auction.buffer", "must not be negative");
  }
}

// A price below half a tick rounds to nothing and stays there; a power far above the index's order
// has no payoff that money can hold.
void check_ticks(const ExchangeParams& params, const std::string& path) {
  constexpr std::int64_t kPowerMax = 1'000'000'000;  // USD: room for the index to rise
  for (std::size_t i = 0; i < params.listing.size(); ++i) {
    const ListingSpec& listing = params.listing[i];
    const std::string here = path + ".listing[" + std::to_string(i) + "]";
    if (listing.kind == ListingKind::PowerPerp) {
      const double ratio = params.initial_price.usd() / listing.power_scale.usd();
      const double start = numeric::pow(ratio, static_cast<double>(listing.power));
      if (start >= listing.tick.usd() && start <= kPowerMax) continue;
      throw ScenarioError(here + ".power_scale",
                          "must be of the order of market.initial_price, so that the price at the "
                          "start is from one tick to 10^9 USD");
    }
    const bool strikes = listing.strike > Money::zero();
    const Money most = strikes ? listing.strike : params.initial_price;
    if (listing.tick <= most) continue;
    throw ScenarioError(here + ".tick", std::string("must be at most ") +
                                            (strikes ? "the strike" : "the initial price") + ", " +
                                            config::to_text(most));
  }
}

void check_fees(const ExchangeParams& params, const std::string& path) {
  const auto check = [&](Ratio fee, const char* key) {
    if (fee.ppb % 1'000 != 0) throw ScenarioError(path + key, "must be whole millionths");
    if (fee > Ratio::one()) throw ScenarioError(path + key, "must be at most 100 %");
  };
  check(params.maker_fee, ".maker_fee");
  check(params.taker_fee, ".taker_fee");
  // Somebody would be paid to trade with himself.
  if (params.maker_fee + params.taker_fee < Ratio::zero()) {
    throw ScenarioError(path + ".maker_fee", "the rebate must not exceed the taker fee");
  }
}

void check_margin(const ExchangeParams& params, const std::string& path) {
  params.venue_margin.check(params.margin, path + ".venue_margin");
  const bool isolated = params.margin_mode == MarginMode::Isolated;
  if (!isolated && params.isolated_leverage != 0) {
    throw ScenarioError(path + ".isolated_leverage",
                        "is what goes into a purse: needs margin_mode = isolated");
  }
  for (const ListingSpec& listing : params.listing) {
    if (!isolated || listing.kind != ListingKind::InversePerp) continue;
    throw ScenarioError(path + ".margin_mode",
                        "'isolated' has purses of quote only; the collateral of '" + listing.name +
                            "', an inverse_perp, is a position in coins: use 'cross'");
  }
  if (params.margin == MarginRule::DydxV4 || margins_portfolios(params.margin)) return;
  const std::string rule(enum_name(params.margin));
  if (params.initial_margin || params.maintenance_fraction) {
    throw ScenarioError(
        path + (params.initial_margin ? ".initial_margin" : ".maintenance_fraction"),
        "overrides the tier of margin = dydx_v4; of '" + rule + "' set the numbers in " + path +
            ".venue_margin");
  }
  if (params.open_interest_lower || params.open_interest_upper) {
    throw ScenarioError(
        path + (params.open_interest_lower ? ".open_interest_lower" : ".open_interest_upper"),
        "margin grows with open interest only where margin = dydx_v4, not '" + rule + "'");
  }
}

// Drift's grids: units in 10^-9, prices in 10^-6, in 64 bits.
void check_drift_grids(const ExchangeParams& params, const std::string& path) {
  const bool margins = params.margin == MarginRule::Drift;
  if (!margins && params.liquidation_rule != LiquidationRule::Drift) return;
  const std::string where = margins ? "margin = drift" : "liquidation_rule = drift";
  constexpr std::int64_t kUnitsMax = 100'000'000;
  if (params.order_notional_max.micros / kUnitsMax > params.initial_price.micros) {
    throw ScenarioError(path + ".order_notional_max",
                        "at most 10^8 units at initial_price where " + where);
  }
  const auto units_fit = [&](const ContractSpec& contract, const std::string& key) {
    if (contract.lot_decimals <= 9) return;
    throw ScenarioError(key, where + " counts units in 10^-9: at most 9 decimals");
  };
  units_fit(params.contract, path + ".contract.lot_decimals");
  for (std::size_t i = 0; i < params.listing.size(); ++i) {
    units_fit(params.listing[i].contract(),
              path + ".listing[" + std::to_string(i) + "].lot_decimals");
  }
}

// What the rules of liquidation are parametrised by, each for itself.
void check_rule_numbers(const ExchangeParams& params, const std::string& path) {
  const auto whole_bp = [&](Ratio ratio, const char* key) {
    if (ratio < Ratio::zero() || ratio.ppb % 100'000 != 0) {
      throw ScenarioError(path + key, "must be a whole number of basis points, not negative");
    }
  };
  whole_bp(params.fixed_bonus.bonus, ".fixed_bonus.bonus");
  whole_bp(params.fixed_bonus.fund_share, ".fixed_bonus.fund_share");
  const RampParams& ramp = params.ramp;
  whole_bp(ramp.fee, ".ramp.fee");
  whole_bp(ramp.fee_max, ".ramp.fee_max");
  whole_bp(ramp.fund_fee_max, ".ramp.fund_fee_max");
  whole_bp(ramp.buffer, ".ramp.buffer");
  whole_bp(ramp.initial_part, ".ramp.initial_part");
  if (ramp.fee_max < ramp.fee) {
    throw ScenarioError(path + ".ramp.fee_max", "must be at least fee");
  }
  if (ramp.duration < Duration::zero()) {
    throw ScenarioError(path + ".ramp.duration", "must not be negative");
  }
  if (params.window.multiplier < Ratio::zero() || params.window.premium_max < Ratio::zero()) {
    throw ScenarioError(path + (params.window.multiplier < Ratio::zero() ? ".window.multiplier"
                                                                         : ".window.premium_max"),
                        "must not be negative");
  }
  if (params.window.window.ns % Duration{1_s}.ns != 0) {
    throw ScenarioError(path + ".window.window", "must be whole seconds");
  }
  if (params.clip.cut <= Ratio::zero()) throw ScenarioError(path + ".clip.cut", "must be above 0");
  if (params.clip.start >= 200_percent) {
    throw ScenarioError(path + ".clip.start", "must be below 200 %: a short's price is mirrored");
  }
  if (params.clip.cusp < Ratio::zero() || params.clip.cusp >= Ratio::one()) {
    throw ScenarioError(path + ".clip.cusp", "must be at least 0 and below 100 %");
  }
  if (params.clip.penalty < Ratio::zero() || params.clip.penalty > Ratio::one()) {
    throw ScenarioError(path + ".clip.penalty", "must be from 0 to 100 %");
  }
  if (params.clip.chip < Ratio::zero()) {
    throw ScenarioError(path + ".clip.chip", "must not be negative");
  }
}

void check_waterfall(const ExchangeParams& params, const std::string& path) {
  const std::string rule(enum_name(params.liquidation_rule));
  const bool deleverages = params.fund_shortfall == FundShortfall::Deleverage;
  if (params.liquidation_rule != LiquidationRule::DydxV4 && margins_portfolios(params.margin)) {
    throw ScenarioError(path + ".liquidation_rule",
                        "'" + rule + "' closes single positions; under margin = " +
                            std::string(enum_name(params.margin)) +
                            " whole portfolios are auctioned (allowed: dydx_v4)");
  }
  if (has_vault(params.liquidation_rule) && !deleverages) {
    throw ScenarioError(path + ".fund_shortfall",
                        "must be deleverage where liquidation_rule = " + rule +
                            ": nobody else takes what its vault cannot");
  }
  if (has_vault(params.liquidation_rule) && params.insurance_fund == Money::zero()) {
    throw ScenarioError(
        path + ".insurance_fund",
        "is the vault's capital where liquidation_rule = " + rule + ": must be > 0");
  }
  if (params.deleveraging == Deleveraging::None && deleverages) {
    throw ScenarioError(path + ".deleveraging",
                        "none needs fund_shortfall = book_bad_debt: somebody must bear the loss");
  }
  const bool ranks =
      params.deleveraging == Deleveraging::Rank || params.deleveraging == Deleveraging::Hyperliquid;
  if (ranks && !deleverages) {
    throw ScenarioError(path + ".deleveraging",
                        "nobody is deleveraged where fund_shortfall = book_bad_debt (allowed: "
                        "dydx_v4, none)");
  }
}

}  // namespace

void ExchangeParams::check(const std::string& path) const {
  contract.check(path + ".contract");
  check_listed(*this, path);
  check_pools(*this, path);
  check_funding(*this, path);
  check_margin(*this, path);
  check_drift_grids(*this, path);
  check_waterfall(*this, path);
  check_rule_numbers(*this, path);
  if (matching == Matching::BatchAuction && margin_mode == MarginMode::Isolated) {
    throw ScenarioError(path + ".margin_mode",
                        "must be cross where sequencing.order = batch_auction: what an isolated "
                        "position needs depends on the order of its fills");
  }
  if (initial_price.micros <= 0 || initial_price.micros % contract.tick.micros != 0) {
    throw ScenarioError(path + ".initial_price", "must be a whole positive number of ticks");
  }
  check_ticks(*this, path);
  check_fees(*this, path);
  if (funding_sample > funding_tick) {
    throw ScenarioError(path + ".funding_sample", "must not be longer than funding_tick");
  }
  const margin::LiquidityTier chosen = liquidity_tier();
  if (chosen.open_interest_upper != Money::zero() &&
      chosen.open_interest_upper <= chosen.open_interest_lower) {
    throw ScenarioError(path + ".open_interest_upper",
                        "must be above open_interest_lower, or 0 for no growth");
  }
}

}  // namespace mezz

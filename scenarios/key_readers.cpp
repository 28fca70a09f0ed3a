// Sources of the rows: where the models read their parameters. market: models/layer2/execution
// (closing_rules, exchange_waterfall, margin_presets, margin_grids, funding_presets);
// designs: models/layer2/designs.
#include "scenarios/key_readers.h"

#include <algorithm>

#include "models/agents/listing_maker.h"
#include "models/layer2/designs/params.h"
#include "models/market/oracle/push_oracle.h"
#include "models/market/price/price_process.h"
#include "scenarios/parameter_tables.h"
#include "scenarios/scenario_checks.h"
#include "sim/random/distribution_params.h"

namespace mezz {

namespace {

using Names = std::vector<std::string_view>;
using Rules = std::vector<ReadRule>;

template <class E>
KeyReader where(std::string choice, Names values) {
  return {.choice = std::move(choice), .values = std::move(values), .names = EnumNames<E>::names};
}

KeyReader unless(std::string choice, std::string_view off) {
  return {.choice = std::move(choice), .off = off};
}

// The values of an enum for which a rule holds.
template <class E>
Names values_that(auto holds) {
  Names out;
  for (std::size_t i = 0; i < std::size(EnumNames<E>::names); ++i) {
    if (holds(static_cast<E>(i))) out.push_back(EnumNames<E>::names[i]);
  }
  return out;
}

void add(Rules& rules, const std::string& section, const Names& keys,
         const std::vector<KeyReader>& readers) {
  for (const std::string_view key : keys) {
    rules.push_back({.path = section + "." + std::string(key), .readers = readers});
  }
}

// ---- designs

KeyReader design_is(Names values) { return where<Design>("layer2.design", std::move(values)); }

KeyReader design_is_not(const Names& others) {
  return design_is(values_that<Design>([&](Design design) {
    return std::find(others.begin(), others.end(), enum_name(design)) == others.end();
  }));
}

void add_own_sections(Rules& rules) {
  std::vector<std::string> sections;
  for (const std::string_view design : EnumNames<Design>::names) {
    for (const std::string& section : sections_of_design(design)) sections.push_back(section);
  }
  std::sort(sections.begin(), sections.end());
  sections.erase(std::unique(sections.begin(), sections.end()), sections.end());
  for (const std::string& section : sections) {
    if (section.find('.') != std::string::npos) continue;  // part of a section that others read too
    const Names readers = values_that<Design>([&](Design design) {
      const std::vector<std::string> own = sections_of_design(enum_name(design));
      return std::find(own.begin(), own.end(), section) != own.end();
    });
    rules.push_back({.path = section, .readers = {design_is(readers)}, .whole = true});
  }
}

// Parts that several designs share and some have not.
void add_shared_sections(Rules& rules) {
  const Names no_batches{"state_channel", "plasma", "sidechain"};
  const Names windowed{"optimistic_rollup", "zk_rollup", "optimium"};
  rules.push_back(
      {.path = "sequencing", .readers = {design_is_not({"state_channel"})}, .whole = true});
  rules.push_back({.path = "sequencing.kind",
                   .readers = {design_is_not({"state_channel", "sidechain"})},
                   .agrees = "leader_rotation"});
  add(rules, "sequencing", {"max_sequencer_drift", "max_safe_lag"},
      {design_is_not({"state_channel", "sidechain"})});
  rules.push_back({.path = "availability", .readers = {design_is_not(no_batches)}, .whole = true});
  rules.push_back({.path = "derivation",
                   .readers = {design_is(windowed)},
                   .agrees = "queue_only",
                   .whole = true});
  add(rules, "committee", {"layer_one_share"}, {design_is({"volition"})});
}

void add_settlement(Rules& rules) {
  // A bridge of two steps is one whose claims are disputed in games.
  const std::vector<KeyReader> games{
      where<SettlementProtocol>("settlement.protocol", {"fault_dispute"}), design_is({"optimium"})};
  rules.push_back({.path = "settlement.protocol",
                   .readers = {design_is({"optimistic_rollup"})},
                   .agrees = "fault_dispute"});
  add(rules, "settlement", {"game", "air_gap", "program_instructions"}, games);
  for (const char* section : {"proposer", "challenger", "attacker"}) {
    rules.push_back({.path = section, .readers = games, .whole = true});
  }
  rules.push_back({.path = "bold",
                   .readers = {where<SettlementProtocol>("settlement.protocol", {"bold"})},
                   .whole = true});
  for (const char* key : {"bridge.proof_maturity_delay", "relayer.prove_gas"}) {
    rules.push_back({.path = key, .readers = {design_is({"optimistic_rollup", "optimium"})}});
    rules.push_back({.path = key, .readers = games});
  }
  rules.push_back({.path = "challenger", .readers = {unless("challenger.count", "0")}});
  rules.push_back({.path = "bold.defender", .readers = {unless("bold.defender.count", "0")}});
  rules.push_back({.path = "bold.adversary", .readers = {unless("bold.adversary.count", "0")}});
  add(rules, "attacker", {"stall_margin"}, {where<AttackStyle>("attacker.style", {"stall"})});
  add(rules, "attacker", {"reply_delay"},
      {where<AttackStyle>("attacker.style", {"immediate", "stall"})});
  add(rules, "bold.adversary", {"stall_margin"},
      {where<BoldStyle>("bold.adversary.style", {"stall"})});
}

void add_designs(Rules& rules) {
  add_own_sections(rules);
  add_shared_sections(rules);
  add_settlement(rules);
  const KeyReader more_vp = where<PlasmaVariant>("plasma.variant", {"more_vp"});
  add(rules, "plasma.bonds", {"in_flight", "piggyback"}, {more_vp});
  add(rules, "plasma.gas", {"start_in_flight", "piggyback"}, {more_vp});
  add(rules, "plasma", {"holder_balance", "holder_tail"}, {unless("plasma.holders", "0")});
  add(rules, "prover.seal", {"bytes_per_account", "bytes_per_batch"},
      {where<PubdataModel>("prover.seal.pubdata_model", {"state_diff"})});
  add(rules, "committee", {"retry_delay"},
      {where<CommitteeFallback>("committee.fallback", {"wait"})});
  rules.push_back({.path = "fast_exit", .readers = {unless("fast_exit.inventory", "0 USD")}});
  rules.push_back({.path = "data_sampling", .readers = {unless("data_sampling.clients", "0")}});
}

// ---- who orders and publishes

void add_sequencing(Rules& rules) {
  const auto order = [](std::string_view name) {
    return where<OrderingRule>("sequencing.order", {name});
  };
  const auto kind = [](std::string_view name) {
    return where<SequencingKind>("sequencing.kind", {name});
  };
  const auto section = [&](const char* path, const std::vector<KeyReader>& readers) {
    rules.push_back({.path = path, .readers = readers});
  };
  section("sequencing.priority_fee", {order("priority_fee")});
  section("sequencing.express_lane", {order("express_lane")});
  section("sequencing.batch_auction", {order("batch_auction")});
  section("sequencing.pair", {kind("pair")});
  section("sequencing.leader_rotation", {kind("leader_rotation"), design_is({"sidechain"})});
}

void add_batches(Rules& rules) {
  using posting::MediumPolicy;
  const auto medium = [](Names values) {
    return where<MediumPolicy>("availability.medium", std::move(values));
  };
  const auto forced = [](std::string_view name) {
    return where<ForcedInclusion>("derivation.forced_inclusion", {name});
  };
  add(rules, "availability", {"target_blobs"}, {medium({"auto", "blobs"})});
  add(rules, "availability", {"calldata_bytes_max"}, {medium({"auto", "calldata"})});
  const KeyReader waits{.choice = "availability.wait_for_cheap", .values = {"true"}};
  // A poster that never polls looks again then.
  const KeyReader unpolled{.choice = "availability.poll_interval", .values = {"0 s"}};
  add(rules, "availability", {"average_blocks"}, {waits});
  add(rules, "availability", {"wait_max"}, {waits, unpolled});
  rules.push_back({.path = "availability.safety_margin", .readers = {forced("sequencing_window")}});
  rules.push_back(
      {.path = "derivation.sequencing_window", .readers = {forced("sequencing_window")}});
  rules.push_back({.path = "derivation.delay", .readers = {forced("delay_buffer")}});
  rules.push_back({.path = "force_relayer", .readers = {forced("delay_buffer")}});
}

// ---- the market

KeyReader margin_is(Names values) { return where<MarginRule>("market.margin", std::move(values)); }
KeyReader closes_by(Names values) {
  return where<LiquidationRule>("market.liquidation_rule", std::move(values));
}

void add_margin(Rules& rules) {
  for (const char* section : {"derive_srm", "derive_pmrm", "derive_pmrm2", "deribit_pm", "span16",
                              "aevo_pm", "scenario_grid"}) {
    rules.push_back({.path = std::string("market.") + section, .readers = {margin_is({section})}});
  }
  rules.push_back({.path = "market.coin_haircut", .readers = {margin_is({"derive_pmrm2"})}});
  for (const char* grid : {"deribit_pm", "aevo_pm", "scenario_grid"}) {
    const std::string section = std::string("market.") + grid;
    add(rules, section, {"short_power", "long_power", "expiry_floor"},
        {where<margin::VolatilityShift>(section + ".shift", {"relative"})});
  }
  for (const char* key :
       {"initial_margin", "maintenance_fraction", "open_interest_lower", "open_interest_upper"}) {
    rules.push_back({.path = std::string("market.") + key,
                     .readers = {margin_is({"dydx_v4"})},
                     .agrees = "none"});
  }
  rules.push_back({.path = "market.auction",
                   .readers = {margin_is(values_that<MarginRule>(margins_portfolios))}});
  rules.push_back({.path = "market.auction", .readers = {unless("market.listing", "[]")}});
}

void add_venue_margin(Rules& rules) {
  const std::string section = "market.venue_margin";
  add(rules, section, {"leverage"}, {margin_is({"hyperliquid"})});
  add(rules, section, {"drift"}, {margin_is({"drift"})});
  add(rules, section + ".gmx_v2", {"open", "liquidation", "floor"}, {margin_is({"gmx_v2"})});
  add(rules, section + ".gmx_v2", {"closing_fee"}, {margin_is({"gmx_v2"}), closes_by({"gmx_v2"})});
  add(rules, section + ".synthetix_v3",
      {"initial_ratio", "initial_min", "maintenance_scalar", "position_min"},
      {margin_is({"synthetix_v3"})});
  add(rules, section + ".synthetix_v3", {"skew_scale", "reward", "reward_max"},
      {margin_is({"synthetix_v3"}), closes_by({"synthetix_v3"})});
}

void add_liquidation(Rules& rules) {
  add(rules, "market", {"liquidation"}, {closes_by({"dydx_v4"})});
  add(rules, "market", {"fixed_bonus"}, {closes_by({"fixed_bonus"})});
  add(rules, "market", {"clip"}, {closes_by({"maker_clip"})});
  add(rules, "market", {"ramp"}, {closes_by({"drift"})});
  add(rules, "market", {"window"}, {closes_by({"synthetix_v3"})});
  add(rules, "market.backstop", {"partial_above", "cooldown"}, {closes_by({"hyperliquid"})});
  add(rules, "market.backstop", {"unwind_share"}, {closes_by({"hyperliquid", "gmx_v2"})});
  add(rules, "market.backstop", {"unwind_slippage"},
      {closes_by(values_that<LiquidationRule>(has_vault))});
  const KeyReader deleverages = where<FundShortfall>("market.fund_shortfall", {"deleverage"});
  rules.push_back({.path = "market.deleveraging", .readers = {deleverages}, .agrees = "none"});
  add(rules, "market", {"deleverage_at_once"}, {deleverages});
}

void add_funding(Rules& rules) {
  const auto rule = [](std::string_view name) {
    return where<FundingRule>("market.funding_rule", {name});
  };
  add(rules, "market.funding", {"default_rate_ppm", "rate_clamp_factor_ppm"}, {rule("dydx_v4")});
  for (const char* venue : {"hyperliquid", "deribit", "derive", "synthetix_v3", "gmx_v2"}) {
    add(rules, "market.venue_funding", {venue}, {rule(venue)});
  }
  rules.push_back(
      {.path = "market.funding.votes_min",
       .instead = "nobody votes here, the book is sampled every market.funding_sample"});
}

void add_pools(Rules& rules) {
  const auto kind = [](Names values) {
    return where<venue::Kind>("market.pool[*].rule.kind", std::move(values));
  };
  const std::string rule = "market.pool[*].rule";
  add(rules, rule, {"quote"}, {kind({"cpmm", "vamm", "oracle_pool", "skew_pool"})});
  add(rules, rule, {"virtual_lots"}, {kind({"vamm"})});
  add(rules, rule,
      {"oracle_spread", "impact_positive", "impact_negative", "impact_exponent",
       "impact_positive_max", "impact_negative_max"},
      {kind({"oracle_pool"})});
  add(rules, rule, {"skew_scale"}, {kind({"skew_pool"})});
  add(rules, rule, {"open_interest_max", "open_interest_ratio_max"},
      {kind({"vamm", "oracle_pool", "skew_pool"})});
}

// ---- the world outside

void add_oracles(Rules& rules) {
  const auto policy = [](std::string_view name) {
    return where<OraclePolicy>("market.oracle.policy", {name});
  };
  rules.push_back({.path = "push_oracle", .readers = {policy("push")}, .whole = true});
  rules.push_back({.path = "pull_oracle", .readers = {policy("pull")}, .whole = true});
  add(rules, "push_oracle", {"relay_delay", "gas", "tip", "fee_cap"},
      {where<OracleRoute>("push_oracle.route", {"layer1"})});
}

void add_price(Rules& rules) {
  const auto kind = [](Names values) {
    return where<PricePathKind>("price.kind", std::move(values));
  };
  add(rules, "price", {"drift", "volatility"}, {kind({"gbm", "merton", "stochastic_volatility"})});
  add(rules, "price", {"factors"}, {kind({"stochastic_volatility"})});
  add(rules, "price", {"jumps_per_year", "jump_mean", "jump_deviation"},
      {kind({"merton", "stochastic_volatility"})});
  add(rules, "price",
      {"file", "columns", "time_format", "start_offset", "use", "interpolation", "rescale"},
      {kind({"replay"})});
  const KeyReader rescaled{.choice = "price.rescale", .values = {"true"}};
  add(rules, "price", {"initial_price"},
      {kind({"scripted", "gbm", "merton", "stochastic_volatility"}), rescaled});
  rules.push_back({.path = "price.impact", .readers = {unless("price.impact.depth", "0 USD")}});
  rules.push_back({.path = "market.initial_price",
                   .instead = "the exchange starts where the price does, at price.initial_price or "
                              "the first price of its file"});
}

// ---- what stands in many places

void add_everywhere(Rules& rules) {
  const auto delay = [](std::string_view name) { return where<DelayKind>("*.kind", {name}); };
  rules.push_back({.path = "*.spread", .readers = {delay("uniform")}});
  rules.push_back({.path = "*.minimum", .readers = {delay("shifted_exponential")}});
  rules.push_back({.path = "*.cv", .readers = {delay("lognormal")}});
  rules.push_back({.path = "*.phases", .readers = {delay("erlang")}});
  rules.push_back(
      {.path = "shock[*].magnitude",
       .readers = {where<ShockKind>("shock[*].kind", values_that<ShockKind>(reads_magnitude))}});
  add(rules, "agent[*]", {"volatility_spread", "vega_scale"},
      {where<QuoteIn>("agent[*].quote_in", {"volatility"})});
  add(rules, "agent[*]", {"unwind_slippage"}, {{.choice = "agent[*].unwind", .values = {"true"}}});
  add(rules, "agent[*]", {"auction_price"},
      {margin_is(values_that<MarginRule>(margins_portfolios)), closes_by({"maker_clip"})});
  add(rules, "agent[*]", {"hedge_band"},
      {where<HedgeOn>("agent[*].hedge_on",
                      values_that<HedgeOn>([](HedgeOn on) { return on != HedgeOn::Never; }))});
}

Rules make_rules() {
  Rules rules;
  add_designs(rules);
  add_sequencing(rules);
  add_batches(rules);
  add_margin(rules);
  add_venue_margin(rules);
  add_liquidation(rules);
  add_funding(rules);
  add_pools(rules);
  add_oracles(rules);
  add_price(rules);
  add_everywhere(rules);
  return rules;
}

}  // namespace

bool KeyReader::reads(std::string_view value) const {
  if (!off.empty()) return value != off;
  return std::find(values.begin(), values.end(), value) != values.end();
}

const std::vector<ReadRule>& read_rules() {
  static const Rules rules = make_rules();
  return rules;
}

}  // namespace mezz

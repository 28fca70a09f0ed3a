#include "scenarios/validation/registry.h"

#include "scenarios/validation/cases.h"
#include "sim/check/error.h"
#include "sim/config/nearest.h"

namespace mezz::validation {

namespace {

constexpr Law kLaws[] = {
    {"single_server", single_server},
    {"multi_server", multi_server},
    {"batch_trigger", batch_trigger},
    {"conservation", conservation},
    {"base_fee_path", base_fee_path},
    {"blob_fee", blob_fee},
    {"blob_fee_climb", blob_fee_climb},
    {"base_fee_history", base_fee_history},
    {"base_fee_swing", base_fee_swing},
    {"confirm_period", confirm_period},
    {"dispute_clocks", dispute_clocks},
    {"bold_dispute", bold_dispute},
    {"layer3_exit", layer3_exit},
    {"l1_finality", l1_finality},
    {"censoring_leaders", censoring_leaders},
    {"liquidation_hit", liquidation_hit},
    {"liquidation_delay", liquidation_delay},
    {"crash", crash},
    {"market_making", market_making},
    {"mass_exit_race", mass_exit_race},
    {"exit_capacity", exit_capacity},
    {"sampling_miss", sampling_miss},
    {"blob_surge", blob_surge},
    {"outage", outage},
    {"batch_size", batch_size},
    {"censoring_rotation", censoring_rotation},
    {"stalling_dispute", stalling_dispute},
    {"forced_dispute", forced_dispute},
    {"verifier_dilemma", verifier_dilemma},
    {"verifier_crowd", verifier_crowd},
    {"pool_arbitrage", pool_arbitrage},
    {"pool_ordering", pool_ordering},
    {"option_values", option_values},
    {"jump_option", jump_option},
    {"chain_parity", chain_parity},
    {"chain_volatility", chain_volatility},
    {"hedge_at_settlements", hedge_at_settlements},
    {"gamblers_ruin", gamblers_ruin},
    {"claims_ruin", claims_ruin},
    {"diffusion_ruin", diffusion_ruin},
    {"kyle_equilibrium", kyle_equilibrium},
    {"dealer_quotes", dealer_quotes},
    {"hawkes_counts", hawkes_counts},
    {"perpetual_basis", perpetual_basis},
    {"arbitrage_band", arbitrage_band},
    {"funding_conservation", funding_conservation},
    {"power_funding", power_funding},
    {"stylised_facts", stylised_facts},
    {"return_moments", return_moments},
    {"recorded_falls", recorded_falls},
    {"recorded_column", recorded_column},
};

constexpr ShippedCase kShipped[] = {
    {"mm1_queue"},
    {"md1_queue"},
    {"me2_1_queue"},
    {"mlogn1_queue"},
    {"two_servers"},
    {"four_servers"},
    {"vacation_queue"},
    {"time_trigger"},
    {"size_trigger"},
    {"hybrid_trigger"},
    {"hybrid_trigger_idle_timer"},
    {"sequencer_outage"},
    {"optimal_batch"},
    {"priority_conservation"},
    {"base_fee_full"},
    {"base_fee_empty"},
    {"base_fee_tenfold"},
    {"blob_fee_exponential"},
    {"blob_fee_to_a_gwei"},
    {"blob_crossover"},
    {"base_fee_replay"},
    {"base_fee_alternating"},
    {"arbitrum_confirm_period"},
    {"bold_dispute_1"},
    {"bold_dispute_3"},
    {"bold_dispute_10"},
    {"layer3_exit"},
    {"op_dispute_clocks"},
    {"op_dispute_stalled"},
    {"forced_dispute"},
    {"ethereum_finality"},
    {"half_censor"},
    {"nine_in_ten_censor"},
    {"half_of_validators_censor"},
    {"mass_exit"},
    {"mass_exit_too_many"},
    {"exit_capacity"},
    {"sampling_square_5"},
    {"sampling_square_10"},
    {"sampling_square_15"},
    {"sampling_square_16"},
    {"sampling_square_20"},
    {"sampling_square_30"},
    {"sampling_square_k32"},
    {"sampling_square_k64"},
    {"sampling_columns_4"},
    {"sampling_columns_8"},
    {"hit_10x"},
    {"hit_20x"},
    {"hit_10x_polled_hourly"},
    {"hit_10x_polled_5min"},
    {"hit_10x_polled_1min", true},
    {"delay_crash_1h"},
    {"delay_1h"},
    {"delay_78min"},
    {"delay_1d"},
    {"delay_6d"},
    {"delay_7d"},
    {"delay_5min"},
    {"bad_debt_1h"},
    {"bad_debt_78min"},
    {"bad_debt_1d"},
    {"bad_debt_7d"},
    {"delay_uniform"},
    {"delay_jumps_12s"},
    {"delay_jumps_1h"},
    {"crash_grace"},
    {"crash_sequencer_down"},
    {"crash_sequencer_down_20x"},
    {"crash_keeper_5min"},
    {"crash_keeper_5min_20x"},
    {"avellaneda_stoikov"},
    {"avellaneda_stoikov_bold"},
    {"verifier_dilemma"},
    {"five_verifiers"},
    {"ten_verifiers"},
    {"pool_no_fee"},
    {"pool_no_fee_year"},
    {"pool_12s_5bp"},
    {"pool_12s_30bp"},
    {"pool_120s_5bp"},
    {"pool_2s_5bp"},
    {"pool_fixed_12s_5bp"},
    {"pool_fixed_250ms_5bp"},
    {"pool_fixed_against_poisson"},
    {"option_hull"},
    {"option_eth_put"},
    {"chain_parity"},
    {"chain_volatility"},
    {"hedge_settlements"},
    {"option_with_jumps"},
    {"ruin_never_stops"},
    {"ruin_or_fifty"},
    {"ruin_fair_odds"},
    {"fund_five_claims"},
    {"fund_twenty_claims"},
    {"fund_diffusion"},
    {"kyle_auction"},
    {"glosten_milgrom"},
    {"hawkes_flow"},
    {"perpetual_full_premium"},
    {"perpetual_daily_premium"},
    {"perpetual_weak_funding"},
    {"perpetual_inverse"},
    {"arbitrage_band"},
    {"funding_conservation"},
    {"squeeth_funding"},
    {"facts_eth_hourly"},
    {"facts_eth_may_2021"},
    {"returns_eth_hourly"},
    {"returns_eth_march_2020"},
    {"returns_eth_may_2021"},
    {"returns_btc_august_2024"},
    {"fall_eth_march_2020"},
    {"fall_eth_may_2021"},
    {"fall_btc_may_2021"},
    {"fall_eth_october_2025"},
    {"fall_eth_worst_hour"},
    {"funding_eth_recorded"},
    {"gas_polygon_recorded"},
    {"pool_low_recorded"},
    {"depeg_usdc_recorded"},
    {"quotes_amzn_spread"},
    {"quotes_amzn_times"},
    {"quotes_amzn_signs"},
};

}  // namespace

std::span<const Law> laws() { return kLaws; }
std::span<const ShippedCase> shipped_cases() { return kShipped; }

namespace {

std::string text_of(const config::Node& root, std::string_view key) {
  const config::Node* node = root.find(key);
  if (node == nullptr) return {};
  if (node->type != config::Node::Type::String) {
    throw ScenarioError(std::string(key), "must be a string", config::place(node->origin));
  }
  return node->text;
}

std::unique_ptr<ValidationCase> make_law(const std::string& name, const std::string& path,
                                         std::span<const Law> more) {
  std::vector<std::string_view> names;
  for (const std::span<const Law> list : {std::span<const Law>(kLaws), more}) {
    for (const Law& law : list) {
      if (law.name == name) return law.make();
      names.push_back(law.name);
    }
  }
  throw ScenarioError("law",
                      name.empty() ? "is missing: this is no validation case"
                                   : "there is no law named " + config::quote(name) +
                                         config::did_you_mean(name, names),
                      path);
}

std::string stem(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string file = slash == std::string::npos ? path : path.substr(slash + 1);
  return file.substr(0, file.rfind(".toml"));
}

}  // namespace

LoadedCase load_case(const std::string& path, const std::vector<std::string>& overrides,
                     const CaseList& more) {
  config::Document document = config::load_file(path);
  for (const std::string& assignment : overrides) config::apply_override(document, assignment);
  LoadedCase loaded;
  loaded.name = stem(path);
  loaded.id = text_of(document.root, "id");
  loaded.title = text_of(document.root, "title");
  loaded.source = text_of(document.root, "source");
  loaded.law = text_of(document.root, "law");
  loaded.validation = make_law(loaded.law, path, more.laws);
  loaded.validation->configure(
      document.root,
      {.origins = &loaded.origins, .elsewhere = {"id", "title", "question", "source", "law"}});
  return loaded;
}

}  // namespace mezz::validation

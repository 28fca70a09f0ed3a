// Margin rules other than dYdX v4's, given the inputs of a row: a portfolio as text, and parameters
// and market under names of presets.json.
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "models/margin/derive_pmrm.h"
#include "models/margin/derive_srm.h"
#include "models/margin/hyperliquid.h"
#include "models/pricing/black.h"
#include "scenarios/vectors/wad_fields.h"
#include "sim/check/error.h"

namespace mezz::vectors {
namespace {

using nlohmann::json;

// ---- presets.json

json presets_of(const Row& row) {
  json all = json::parse(row.presets, nullptr, false);
  if (!all.is_object()) throw InputError{"needs presets.json beside the file"};
  return all;
}
const json& member(const json& from, const std::string& name) {
  const auto found = from.find(name);
  if (found == from.end()) throw InputError{"presets.json has no " + name};
  return *found;
}
double number(const json& from, const std::string& name) {
  const json& value = member(from, name);
  if (!value.is_number()) throw InputError{"presets.json: " + name + " is no number"};
  return value.get<double>();
}
// Decimals of the file to the ninth place.
Ratio ratio(const json& from, const std::string& name) {
  return {std::llround(number(from, name) * 1e9)};
}
Wad wad_of(double value) {
  if (!(std::fabs(value) < 1e11)) throw InputError{"number too large"};
  return {Int128{std::llround(value * 1e7)} * 100'000'000'000};
}

margin::DeriveSrm srm_rule(const json& p) {
  margin::DeriveSrm rule{.perp_initial = ratio(p, "imPerp"),
                         .perp_maintenance = ratio(p, "mmPerp"),
                         .spot_max = ratio(p, "maxSpotReq"),
                         .spot_min = ratio(p, "minSpotReq"),
                         .call_maintenance = ratio(p, "mmCall"),
                         .put_maintenance = ratio(p, "mmPut"),
                         .put_mark_maintenance = ratio(p, "mmPutMtM"),
                         .put_initial_offset = ratio(p, "off"),
                         .unpaired_initial = ratio(p, "unIM"),
                         .unpaired_maintenance = ratio(p, "unMM"),
                         .confidence_threshold = ratio(p, "ocT"),
                         .confidence_factor = ratio(p, "ocF"),
                         .depeg_threshold = ratio(p, "depegT"),
                         .depeg_factor = ratio(p, "depegF"),
                         .base_factor = ratio(p, "baseMF"),
                         .base_initial_scale = ratio(p, "IMScale")};
  rule.check("preset");
  return rule;
}

margin::DerivePmrm pmrm_rule(const json& p) {
  margin::DerivePmrm rule{.scenarios = {},
                          .basis_up = ratio(p, "up"),
                          .basis_down = ratio(p, "dn"),
                          .basis_share = ratio(p, "add"),
                          .basis_share_per_year = ratio(p, "mult"),
                          .volatility_up = ratio(p, "vu"),
                          .volatility_down = ratio(p, "vd"),
                          .short_power = number(p, "sp"),
                          .long_power = number(p, "lp"),
                          .expiry_floor = Duration{std::llround(number(p, "floor") * 1e9)},
                          .discount = ratio(p, "sd"),
                          .rate_factor = ratio(p, "rm"),
                          .rate_add = ratio(p, "ra"),
                          .perp_static = ratio(p, "perp"),
                          .base_static = ratio(p, "base"),
                          .option_static = ratio(p, "opt"),
                          .initial_factor = ratio(p, "im"),
                          .peg_threshold = ratio(p, "pegT"),
                          .peg_factor = ratio(p, "pegF"),
                          .confidence_threshold = ratio(p, "confT"),
                          .confidence_factor = ratio(p, "confM")};
  for (const json& scenario : member(p, "scenarios")) {
    if (!scenario.is_array() || scenario.size() != 2 || !scenario[1].is_string()) {
      throw InputError{"presets.json: a scenario is [spot, \"up\" | \"none\" | \"down\"]"};
    }
    const std::string move = scenario[1].get<std::string>();
    rule.scenarios.push_back({.spot = {std::llround(scenario[0].get<double>() * 1e9)},
                              .volatility = move == "up"     ? margin::VolatilityMove::Up
                                            : move == "down" ? margin::VolatilityMove::Down
                                                             : margin::VolatilityMove::None});
  }
  rule.check("preset");
  return rule;
}

// ---- the market of a row: that of presets.json, with the row's overrides

class Market {
 public:
  // "sconf.eth=0.2 fconf[eth/20230118]=0.4 stable=0.98"
  Market(const json& environment, const std::string& overrides) : environment_(environment) {
    for (const std::string_view entry : split(overrides, ' ')) {
      const std::size_t equals = entry.rfind('=');
      if (equals == std::string_view::npos) continue;
      overrides_[std::string(entry.substr(0, equals))] = wad(entry.substr(equals + 1));
    }
  }
  [[nodiscard]] Wad or_one(const std::string& name) const { return or_else(name, Wad::one()); }
  [[nodiscard]] Wad spot(const std::string& underlying) const {
    return or_else("spot." + underlying, listed("spot", underlying));
  }
  [[nodiscard]] Wad perp_price(const std::string& underlying) const {
    return or_else("perp." + underlying, listed("perp_price", underlying));
  }
  // An override of the spot does not move the forwards.
  [[nodiscard]] Wad forward(const std::string& underlying, const std::string& expiry) const {
    const json& gaps = member(member(environment_, "forward_minus_spot"), underlying);
    return or_else("fwd[" + underlying + "/" + expiry + "]",
                   listed("spot", underlying) + wad_of(number(gaps, expiry)));
  }
  [[nodiscard]] double volatility(const std::string& place) const {
    return or_else("vol[" + place + "]", wad_of(number(environment_, "default_vol"))).value();
  }
  [[nodiscard]] double seconds(const std::string& expiry) const {
    return number(member(environment_, "seconds_to_expiry"), expiry);
  }
  [[nodiscard]] double years(const std::string& expiry) const {
    return seconds(expiry) / number(environment_, "year_seconds");
  }
  [[nodiscard]] double rate() const { return number(environment_, "pmrm_rate"); }

 private:
  [[nodiscard]] Wad listed(const char* table, const std::string& underlying) const {
    return wad_of(number(member(environment_, table), underlying));
  }
  [[nodiscard]] Wad or_else(const std::string& name, Wad fallback) const {
    const auto found = overrides_.find(name);
    return found == overrides_.end() ? fallback : found->second;
  }
  const json& environment_;
  std::map<std::string, Wad> overrides_;
};

// ---- the portfolio

std::vector<std::string> fields(std::string_view entry, char separator, std::size_t count) {
  std::vector<std::string> parts;
  for (const std::string_view part : split(entry, separator)) parts.emplace_back(part);
  if (parts.size() != count) throw InputError{"not understood: " + std::string(entry)};
  return parts;
}

// "eth:20230118:2000:put:-1"
struct OptionEntry {
  std::string underlying;
  std::string expiry;
  std::string strike;
  bool call;
  Wad amount;

  explicit OptionEntry(std::string_view entry) {
    const std::vector<std::string> part = fields(entry, ':', 5);
    underlying = part[0];
    expiry = part[1];
    strike = part[2];
    if (part[3] != "call" && part[3] != "put") throw InputError{"an option is call or put"};
    call = part[3] == "call";
    amount = wad(part[4]);
  }
  [[nodiscard]] std::string expiry_place() const { return underlying + "/" + expiry; }
  [[nodiscard]] std::string place() const { return expiry_place() + "/" + strike; }
  [[nodiscard]] Wad price(const Market& market, const margin::PmrmShock& shock) const {
    const pricing::ForwardOption option{
        .right = call ? pricing::OptionRight::Call : pricing::OptionRight::Put,
        .forward = market.forward(underlying, expiry).value() * shock.spot.value(),
        .strike = wad(strike).value(),
        .time = market.years(expiry),
        .volatility = market.volatility(place()) * shock.volatility};
    return wad_of(pricing::black76(option).price);
  }
};
// "eth:2@2007": size and entry price.
struct PerpetualEntry {
  std::string underlying;
  Wad size;
  Wad entry;

  explicit PerpetualEntry(std::string_view text) {
    const std::vector<std::string> part = fields(text, ':', 2);
    const std::vector<std::string> trade = fields(part[1], '@', 2);
    underlying = part[0];
    size = wad(trade[0]);
    entry = wad(trade[1]);
  }
};
// "eth:4"
struct BaseEntry {
  std::string underlying;
  Wad units;

  explicit BaseEntry(std::string_view text) {
    const std::vector<std::string> part = fields(text, ':', 2);
    underlying = part[0];
    units = wad(part[1]);
  }
};

margin::Requirement requirement_of(const Row& row) {
  if (row.quantity == "net_initial_margin") return margin::Requirement::Initial;
  if (row.quantity == "net_maintenance_margin") return margin::Requirement::Maintenance;
  unknown_quantity(row);
}

// ---- standard margin

margin::SrmPortfolio srm_portfolio(const Inputs& in, const Market& market) {
  std::map<std::string, margin::SrmMarket> markets;
  std::map<std::string, std::map<std::string, margin::SrmExpiry>> expiries;
  const auto at = [&](const std::string& underlying) -> margin::SrmMarket& {
    margin::SrmMarket& found = markets[underlying];
    found.spot = market.spot(underlying);
    found.perp_price = market.perp_price(underlying);
    found.spot_confidence = market.or_one("sconf." + underlying);
    found.perp_confidence = market.or_one("pconf." + underlying);
    return found;
  };
  for (const auto entry : split(in.text("options"), ',')) {
    const OptionEntry option(entry);
    static_cast<void>(at(option.underlying));
    margin::SrmExpiry& expiry = expiries[option.underlying][option.expiry];
    expiry.forward = market.forward(option.underlying, option.expiry);
    expiry.confidence = market.or_one("fconf[" + option.expiry_place() + "]");
    expiry.options.push_back({.call = option.call,
                              .strike = wad(option.strike),
                              .amount = option.amount,
                              .mark = option.price(market, {}),
                              .confidence = market.or_one("vconf[" + option.place() + "]")});
  }
  for (const auto text : split(in.text("perps"), ',')) {
    const PerpetualEntry perp(text);
    margin::SrmMarket& found = at(perp.underlying);
    found.perp_size = perp.size;
    found.perp_profit = multiply(perp.size, found.perp_price - perp.entry);
  }
  for (const auto text : split(in.text("bases"), ',')) {
    const BaseEntry base(text);
    margin::SrmMarket& found = at(base.underlying);
    found.base = found.base + base.units;
  }
  margin::SrmPortfolio portfolio{
      .cash = wad(in, "cash"), .stable_price = market.or_one("stable"), .markets = {}};
  for (auto& [name, found] : markets) {
    for (auto& [expiry_name, expiry] : expiries[name]) found.expiries.push_back(expiry);
    portfolio.markets.push_back(found);
  }
  return portfolio;
}

std::string derive_srm(const Row& row) {
  const Inputs in(row);
  const json presets = presets_of(row);
  const Market market(member(presets, "derive_test_env"), in.text("env_overrides"));
  const margin::DeriveSrm rule = srm_rule(member(presets, in.text("preset")));
  return text_of(margin::net_margin(rule, srm_portfolio(in, market), requirement_of(row)).net());
}

// ---- portfolio margin: one underlying

margin::PmrmPortfolio pmrm_portfolio(const Inputs& in, const Market& market,
                                     const margin::DerivePmrm& rule) {
  margin::PmrmPortfolio portfolio;
  std::string underlying;
  const auto belongs = [&](const std::string& name) {
    if (underlying.empty()) underlying = name;
    if (name != underlying) throw InputError{"a portfolio has one underlying"};
  };
  std::map<std::string, margin::PmrmExpiry> expiries;
  for (const auto entry : split(in.text("options"), ',')) {
    const OptionEntry option(entry);
    belongs(option.underlying);
    margin::PmrmExpiry& expiry = expiries[option.expiry];
    expiry.to_expiry = Duration{std::llround(market.seconds(option.expiry) * 1e9)};
    expiry.rate = market.rate();
    expiry.confidence = market.or_one("fconf[" + option.expiry_place() + "]");
    margin::PmrmOption held{.strike = wad(option.strike),
                            .amount = option.amount,
                            .values = {},
                            .confidence = market.or_one("vconf[" + option.place() + "]")};
    for (const margin::PmrmShock& shock : margin::shocks(rule, expiry.to_expiry)) {
      held.values.push_back(option.price(market, shock));
    }
    expiry.options.push_back(std::move(held));
  }
  for (const auto text : split(in.text("bases"), ',')) {
    const BaseEntry base(text);
    belongs(base.underlying);
    portfolio.base = portfolio.base + base.units;
  }
  for (const auto text : split(in.text("perps"), ',')) {
    const PerpetualEntry perp(text);
    belongs(perp.underlying);
    portfolio.perp_size = perp.size;
    portfolio.perp_profit = multiply(perp.size, market.perp_price(perp.underlying) - perp.entry);
  }
  for (auto& [name, expiry] : expiries) portfolio.expiries.push_back(expiry);
  if (underlying.empty()) throw InputError{"the portfolio is empty"};
  portfolio.cash = wad(in, "cash");
  portfolio.stable_price = market.or_one("stable");
  portfolio.spot = market.spot(underlying);
  portfolio.spot_confidence = market.or_one("sconf." + underlying);
  portfolio.perp_price = market.perp_price(underlying);
  portfolio.perp_confidence = market.or_one("pconf." + underlying);
  return portfolio;
}

std::string derive_pmrm(const Row& row) {
  const Inputs in(row);
  const json presets = presets_of(row);
  const Market market(member(presets, "derive_test_env"), in.text("env_overrides"));
  const margin::DerivePmrm rule = pmrm_rule(member(presets, in.text("preset")));
  const margin::PmrmPortfolio portfolio = pmrm_portfolio(in, market, rule);
  return text_of(margin::net_margin(rule, portfolio, requirement_of(row)).net);
}

// ---- Hyperliquid

// "0:40x|150000000:20x", notional in dollars.
std::vector<margin::LeverageTier> tiers_of(const std::string& text) {
  std::vector<margin::LeverageTier> tiers;
  for (const std::string_view entry : split(text, '|')) {
    std::vector<std::string> part = fields(entry, ':', 2);
    if (!part[1].ends_with('x')) throw InputError{"a tier ends with its leverage, as in 0:40x"};
    part[1].pop_back();
    tiers.push_back(
        {.from = {narrow(decimal(part[0]).at(6))}, .leverage_max = narrow(whole(part[1]))});
  }
  margin::check_tiers(tiers, "tiers");
  return tiers;
}

std::string hyperliquid_tiers(const Row& row) {
  const Inputs in(row);
  const std::vector<margin::LeverageTier> tiers = tiers_of(in.text("tiers"));
  const Money notional{narrow(in.decimal("notional").at(6))};
  if (notional < Money::zero()) throw InputError{"notional must not be negative"};
  if (row.quantity == "maintenance_margin") {
    return decimal_text(margin::maintenance_margin(tiers, notional).micros, 6);
  }
  if (row.quantity == "initial_margin") {
    const std::int64_t leverage = in.integer_or("leverage", INT64_MAX);
    return decimal_text(margin::initial_margin(tiers, notional, leverage).micros, 6);
  }
  unknown_quantity(row);
}

// A preset or a table of tiers that its rule refuses is a row that cannot be read.
template <std::string (*evaluate)(const Row&)>
std::string refusals_as_input_errors(const Row& row) {
  try {
    return evaluate(row);
  } catch (const ScenarioError& error) {
    throw InputError{error.what()};
  }
}

constexpr Family kFamilies[] = {
    {"derive_pmrm", refusals_as_input_errors<derive_pmrm>},
    {"derive_srm", refusals_as_input_errors<derive_srm>},
    {"hyperliquid_tiers", refusals_as_input_errors<hyperliquid_tiers>},
};

}  // namespace

std::span<const Family> margin_families() { return kFamilies; }

}  // namespace mezz::vectors

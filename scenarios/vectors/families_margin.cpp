// Margin rules other than dYdX v4's, given the inputs of a row: a portfolio as text, and parameters
// and market under names of presets.json.
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

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

// ---- the portfolio

// "sconf.eth=0.2 fconf[eth/20230118]=0.4 stable=0.98"
class Overrides {
 public:
  explicit Overrides(const std::string& text) {
    for (const std::string_view entry : split(text, ' ')) {
      const std::size_t equals = entry.rfind('=');
      if (equals == std::string_view::npos) continue;
      values_[std::string(entry.substr(0, equals))] = wad(entry.substr(equals + 1));
    }
  }
  [[nodiscard]] Wad or_one(const std::string& name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? Wad::one() : found->second;
  }

 private:
  std::map<std::string, Wad> values_;
};

struct Books {
  const json& environment;
  const Overrides& overrides;
  std::map<std::string, margin::SrmMarket> markets = {};
  std::map<std::string, std::map<std::string, margin::SrmExpiry>> expiries = {};

  margin::SrmMarket& market(const std::string& underlying) {
    const auto [at, fresh] = markets.try_emplace(underlying);
    if (fresh) {
      at->second.spot = wad_of(number(member(environment, "spot"), underlying));
      at->second.perp_price = wad_of(number(member(environment, "perp_price"), underlying));
      at->second.spot_confidence = overrides.or_one("sconf." + underlying);
      at->second.perp_confidence = overrides.or_one("pconf." + underlying);
    }
    return at->second;
  }
};

std::vector<std::string> fields(std::string_view entry, char separator, std::size_t count) {
  std::vector<std::string> parts;
  for (const std::string_view part : split(entry, separator)) parts.emplace_back(part);
  if (parts.size() != count) throw InputError{"not understood: " + std::string(entry)};
  return parts;
}

// "eth:20230118:2000:put:-1"
void add_option(Books& books, std::string_view entry) {
  const std::vector<std::string> part = fields(entry, ':', 5);
  const std::string& underlying = part[0];
  const std::string& expiry_name = part[1];
  const Wad spot = books.market(underlying).spot;
  const json& gaps = member(member(books.environment, "forward_minus_spot"), underlying);
  const double forward = spot.value() + number(gaps, expiry_name);
  const double seconds = number(member(books.environment, "seconds_to_expiry"), expiry_name);
  const bool call = part[3] == "call";
  const pricing::ForwardOption option{
      .right = call ? pricing::OptionRight::Call : pricing::OptionRight::Put,
      .forward = forward,
      .strike = wad(part[2]).value(),
      .time = seconds / number(books.environment, "year_seconds"),
      .volatility = number(books.environment, "default_vol")};
  margin::SrmExpiry& expiry = books.expiries[underlying][expiry_name];
  const std::string place = underlying + "/" + expiry_name;
  expiry.forward = wad_of(forward);
  expiry.confidence = books.overrides.or_one("fconf[" + place + "]");
  expiry.options.push_back(
      {.call = call,
       .strike = wad(part[2]),
       .amount = wad(part[4]),
       .mark = wad_of(pricing::black76(option).price),
       .confidence = books.overrides.or_one("vconf[" + place + "/" + part[2] + "]")});
}

// "eth:2@2007": size and entry price.
void add_perpetual(Books& books, std::string_view entry) {
  const std::vector<std::string> part = fields(entry, ':', 2);
  const std::vector<std::string> trade = fields(part[1], '@', 2);
  margin::SrmMarket& market = books.market(part[0]);
  market.perp_size = wad(trade[0]);
  market.perp_profit = multiply(market.perp_size, market.perp_price - wad(trade[1]));
}

void add_base(Books& books, std::string_view entry) {
  const std::vector<std::string> part = fields(entry, ':', 2);
  margin::SrmMarket& market = books.market(part[0]);
  market.base = market.base + wad(part[1]);
}

std::string derive_srm(const Row& row) {
  const Inputs in(row);
  const json presets = presets_of(row);
  const Overrides overrides(in.text("env_overrides"));
  Books books{member(presets, "derive_test_env"), overrides};
  for (const auto entry : split(in.text("options"), ',')) add_option(books, entry);
  for (const auto entry : split(in.text("perps"), ',')) add_perpetual(books, entry);
  for (const auto entry : split(in.text("bases"), ',')) add_base(books, entry);
  margin::SrmPortfolio portfolio{
      .cash = wad(in, "cash"), .stable_price = overrides.or_one("stable"), .markets = {}};
  for (auto& [name, market] : books.markets) {
    for (auto& [expiry_name, expiry] : books.expiries[name]) market.expiries.push_back(expiry);
    portfolio.markets.push_back(market);
  }
  const margin::DeriveSrm rule = srm_rule(member(presets, in.text("preset")));
  if (row.quantity != "net_initial_margin" && row.quantity != "net_maintenance_margin") {
    unknown_quantity(row);
  }
  const auto requirement = row.quantity == "net_initial_margin" ? margin::Requirement::Initial
                                                                : margin::Requirement::Maintenance;
  return text_of(margin::net_margin(rule, portfolio, requirement).net());
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
  const Money notional{narrow(decimal(in.text("notional")).at(6))};
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
    {"derive_srm", refusals_as_input_errors<derive_srm>},
    {"hyperliquid_tiers", refusals_as_input_errors<hyperliquid_tiers>},
};

}  // namespace

std::span<const Family> margin_families() { return kFamilies; }

}  // namespace mezz::vectors

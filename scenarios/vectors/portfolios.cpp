#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "models/margin/derive_pmrm2.h"
#include "models/pricing/black.h"
#include "scenarios/vectors/vectors.h"
#include "sim/check/error.h"

namespace mezz::vectors {
namespace {

using margin::DerivePmrm2;
using margin::Pmrm2Move;
using margin::Pmrm2Portfolio;
using margin::Pmrm2Quote;
using margin::PmrmExpiry;
using margin::PmrmMargin;
using margin::PmrmOption;
using margin::PmrmPortfolio;
using margin::Requirement;
using nlohmann::json;

Ratio ratio(const json& from, const char* name) {
  return {std::llround(from.at(name).get<double>() * 1e9)};
}
// Every digit a double has.
Wad wad(double value) {
  const double whole = std::floor(value);
  return {Int128{std::llround(whole)} * Wad::kOne + std::llround((value - whole) * 1e18)};
}
Wad wad(const json& from, const char* name) { return wad(from.at(name).get<double>()); }

Pmrm2Move move_of(const std::string& name) {
  static const std::map<std::string, Pmrm2Move> kMoves = {{"None", Pmrm2Move::None},
                                                          {"Up", Pmrm2Move::Up},
                                                          {"Down", Pmrm2Move::Down},
                                                          {"LINEAR", Pmrm2Move::LinearSkew},
                                                          {"ABS", Pmrm2Move::AbsoluteSkew}};
  return kMoves.at(name);
}

void read_shocks(const json& p, DerivePmrm2& rule) {
  rule.scenarios.clear();
  for (const json& s : p.at("Scenarios")) {
    rule.scenarios.push_back({.spot = ratio(s, "SpotShock"),
                              .move = move_of(s.at("VolShockDirection")),
                              .weight = ratio(s, "DampeningFactor")});
  }
  const json& skew = p.at("SkewShock");
  rule.skew = {.linear_cap = ratio(skew, "LINEAR_SCALE_CAP"),
               .linear_cap_per_root = ratio(skew, "LINEAR_CBASE"),
               .absolute_cap = ratio(skew, "ABS_SCALE_CAP"),
               .absolute_cap_per_root = ratio(skew, "ABS_CBASE"),
               .width_min = ratio(skew, "MIN_K_STAR"),
               .width_scale = ratio(skew, "MIN_WIDTH_SCALE"),
               .width_volatility = ratio(skew, "VOL_PARAM_STATIC"),
               .width_volatility_per_root = ratio(skew, "VOL_PARAM_SCALE")};
  const json& volatility = p.at("VolShock");
  rule.volatility_up = ratio(volatility, "VOLRANGEUP");
  rule.volatility_down = ratio(volatility, "VOLRANGEDOWN");
  rule.volatility_min_up = ratio(volatility, "MIN_VOL_EVAL_SHOCKED");
  rule.short_power = volatility.at("SHORTTERMPOWER").get<double>();
  rule.long_power = volatility.at("LONGTERMPOWER").get<double>();
  rule.expiry_floor = {
      std::llround(volatility.at("DTE_FLOOR").get<double>() * static_cast<double>((1_d).ns))};
}

DerivePmrm2 read_rule(const json& p) {
  DerivePmrm2 rule;
  read_shocks(p, rule);
  const json& basis = p.at("BasisContingency");
  rule.basis_up = ratio(basis, "SCENARIO_SPOT_UP");
  rule.basis_down = ratio(basis, "SCENARIO_SPOT_DOWN");
  rule.basis_share = ratio(basis, "BASIS_CONT_ADD_FACTOR");
  rule.basis_share_per_year = ratio(basis, "BASIS_CONT_MULT_FACTOR");
  const json& margin = p.at("Margin");
  rule.maintenance_factor = ratio(margin, "MM_LOSS_FACTOR");
  rule.initial_factor = ratio(margin, "IM_LOSS_FACTOR");
  rule.long_discount = ratio(margin, "BASE_STATIC_DISCOUNT");
  rule.long_rate_factor = ratio(margin, "LONG_RATE_MULTSCALE");
  rule.long_rate_add = ratio(margin, "LONG_RATE_ADDSCALE");
  rule.short_markup = ratio(margin, "BASE_STATIC_DISCOUNT_NEG");
  rule.short_rate_factor = ratio(margin, "SHORT_RATE_MULTSCALE");
  rule.short_rate_add = ratio(margin, "SHORT_RATE_ADDSCALE");
  const json& other = p.at("OtherContingency");
  rule.peg_threshold = ratio(other, "PEG_LOSS_THRESHOLD");
  rule.peg_factor = ratio(other, "PEG_LOSS_FACTOR");
  rule.confidence_threshold = ratio(other, "CONF_THRESHOLD");
  rule.confidence_factor = ratio(other, "CONF_MARGIN");
  rule.perp_maintenance = ratio(other, "MM_PERP_PERCENT");
  rule.perp_initial = ratio(other, "IM_PERP_PERCENT");
  rule.option_maintenance = ratio(other, "MM_OPTION_PERCENT");
  rule.option_initial = ratio(other, "IM_OPTION_PERCENT");
  rule.check("parameters");
  return rule;
}

// The forward is settled when no time is left.
PmrmOption read_option(const json& o, const json& feed, const DerivePmrm2& rule) {
  const Duration to_expiry = 1_s * o.at("Expiry").get<std::int64_t>();
  const double forward = feed.at("Forward").get<double>();
  const bool settled = to_expiry == Duration::zero();
  const double strike = o.at("Strike").get<double>();
  PmrmOption option{.strike = wad(strike),
                    .amount = wad(o, "Amount"),
                    .values = {},
                    .confidence = wad(feed, "OptionVolConfidences")};
  for (const Pmrm2Quote& quote : quotes(rule, {.forward = settled ? 0.0 : forward,
                                              .fixed = settled ? forward : 0.0,
                                              .strike = strike,
                                              .volatility = o.at("MarkVol").get<double>(),
                                              .to_expiry = to_expiry})) {
    const double price =
        pricing::black76({.right = o.at("IsCall").get<int>() != 0 ? pricing::OptionRight::Call
                                                                  : pricing::OptionRight::Put,
                          .forward = quote.forward,
                          .strike = strike,
                          .time = to_expiry.seconds() / (365_d).seconds(),
                          .volatility = quote.volatility,
                          .rate = std::max(0.0, feed.at("Rate").get<double>())})
            .price;
    option.values.push_back(wad(price));
  }
  return option;
}

Pmrm2Portfolio read_portfolio(const json& s, const DerivePmrm2& rule) {
  Pmrm2Portfolio portfolio;
  PmrmPortfolio& held = portfolio.positions;
  held.cash = wad(s, "Cash");
  held.stable_price = wad(s, "StablePrice");
  held.spot = wad(s, "SpotPrice");
  held.spot_confidence = wad(s, "SpotConfidence");
  held.perp_size = wad(s, "NumPerps");
  held.perp_price = wad(s, "PerpPrice");
  held.perp_confidence = wad(s, "PerpConfidence");
  held.perp_profit = wad(s, "UnrealisedPerpPNL") + wad(s, "UnrealisedFunding");
  for (const json& feed : s.at("OptionFeeds")) {
    PmrmExpiry expiry{
        .to_expiry = 1_s * feed.at("FeedExpiry").get<std::int64_t>(),
        .rate = feed.at("Rate").get<double>(),
        .confidence = std::min(wad(feed, "ForwardConfidence"), wad(feed, "RateConfidence")),
        .options = {}};
    for (const json& o : s.at("Options")) {
      if (o.at("Expiry") == feed.at("FeedExpiry")) {
        expiry.options.push_back(read_option(o, feed, rule));
      }
    }
    held.expiries.push_back(std::move(expiry));
  }
  for (const json& c : s.at("Collaterals")) {
    portfolio.collateral.push_back({.amount = wad(c, "Amount"),
                                    .price = wad(c, "Price"),
                                    .confidence = wad(c, "Confidence"),
                                    .moves_with_spot = c.at("IsRiskCancelling").get<bool>(),
                                    .haircut_maintenance = ratio(c, "MMHaircut"),
                                    .haircut_initial = ratio(c, "IMHaircut")});
  }
  return portfolio;
}

// To a millionth: the publisher computes in doubles.
constexpr const char* kTolerance = "1e-6rel";
constexpr const char* kFamily = "derive_pmrm2";

void compare(const std::string& name, const json& expected, const char* key, Wad got,
             VectorReport& report) {
  FamilyResult& result = report.families[kFamily];
  const double want = expected.at(key).get<double>();
  const std::string have = fmt::format("{:.9f}", got.value());
  // A value of nearly nothing is compared as if it were one dollar.
  if (std::fabs(got.value() - want) <= 1e-6 || matches(fmt::format("{}", want), have, kTolerance)) {
    ++result.passed;
    return;
  }
  ++result.failed;
  report.failures.push_back({name + " " + key, kFamily, fmt::format("{}", want), have});
}

void evaluate_case(const json& c, VectorReport& report) {
  const std::string name = c.at("name");
  const DerivePmrm2 rule = read_rule(c.at("parameters"));
  const Pmrm2Portfolio portfolio = read_portfolio(c.at("scenario"), rule);
  const PmrmMargin maintenance = net_margin(rule, portfolio, Requirement::Maintenance);
  const PmrmMargin initial = net_margin(rule, portfolio, Requirement::Initial);
  const json& expected = c.at("expected");
  compare(name, expected, "PortfolioMTM", maintenance.value, report);
  compare(name, expected, "MM", maintenance.net, report);
  compare(name, expected, "IM", initial.net, report);
  compare(name, expected, "OracleCont", -initial.confidence_cost, report);
}

}  // namespace

VectorReport evaluate_portfolios(const std::string& text, const std::string& path) {
  VectorReport report;
  report.families[kFamily];
  try {
    const json file = json::parse(text);
    for (const json& c : file.at("cases")) {
      const auto refused = [&](const std::string& problem) {
        const std::string name = c.at("name");
        ++report.families[kFamily].failed;
        report.failures.push_back({name, kFamily, "a margin", problem});
        report.errors.push_back({0, "case " + name + ": " + problem});
      };
      try {
        evaluate_case(c, report);
      } catch (const AssertionFailure& error) {
        refused(std::string("outside of what the rule is for: ") + error.what());
      } catch (const ScenarioError& error) {
        refused(error.what());
      }
    }
  } catch (const json::exception& error) {
    throw ScenarioError("", fmt::format("not a file of portfolio cases: {}", error.what()), path);
  } catch (const std::out_of_range&) {
    throw ScenarioError("", "VolShockDirection is one of None, Up, Down, LINEAR, ABS", path);
  }
  return report;
}

}  // namespace mezz::vectors

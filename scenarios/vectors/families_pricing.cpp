// Option prices, given the inputs of a row.
#include <fmt/core.h>

#include <cmath>
#include <cstdlib>
#include <optional>

#include "models/pricing/american.h"
#include "models/pricing/bachelier.h"
#include "models/pricing/black.h"
#include "models/pricing/digital.h"
#include "models/pricing/heston.h"
#include "models/pricing/implied_vol.h"
#include "models/pricing/perpetual.h"
#include "models/pricing/svi.h"
#include "scenarios/vectors/fields.h"
#include "sim/numeric/elementary.h"

namespace mezz::vectors {
namespace {

using namespace pricing;

std::string text_of(double value) { return fmt::format("{:.17g}", value); }

double plain_number(const std::string& text) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0' || !std::isfinite(value)) {
    throw InputError{"not a number: '" + text + "'"};
  }
  return value;
}

// A number, "11/365", or "F*exp(0.193)".
double expression(const Inputs& in, const std::string& text) {
  constexpr std::string_view kExponential = "F*exp(";
  if (text.starts_with(kExponential) && text.ends_with(')')) {
    const std::string inner =
        text.substr(kExponential.size(), text.size() - 1 - kExponential.size());
    return plain_number(in.text("F")) * numeric::exp(plain_number(inner));
  }
  const std::size_t slash = text.find('/');
  if (slash == std::string::npos) return plain_number(text);
  const double divisor = plain_number(text.substr(slash + 1));
  if (divisor == 0.0) throw InputError{"division by zero: " + text};
  return plain_number(text.substr(0, slash)) / divisor;
}
double number(const Inputs& in, const char* name) {
  return in.read(name, [&](const std::string& text) { return expression(in, text); });
}
double number_or(const Inputs& in, const char* name, double fallback) {
  return in.has(name) ? number(in, name) : fallback;
}

double not_negative(const Inputs& in, const char* name) {
  const double value = number(in, name);
  if (value < 0.0) throw InputError{std::string(name) + " must not be negative"};
  return value;
}
double positive(const Inputs& in, const char* name) {
  const double value = number(in, name);
  if (value <= 0.0) throw InputError{std::string(name) + " must be above 0"};
  return value;
}

OptionRight right_of(const Inputs& in) {
  const std::string& type = in.text("type");
  if (type == "C") return OptionRight::Call;
  if (type == "P") return OptionRight::Put;
  throw InputError{"type must be C or P"};
}

SpotOption spot_option(const Inputs& in) {
  return {.right = right_of(in),
          .spot = not_negative(in, "S"),
          .strike = not_negative(in, "K"),
          .time = not_negative(in, "T"),
          .volatility = in.has("vol") ? not_negative(in, "vol") : 0.0,
          .rate = number(in, "r"),
          .yield = number_or(in, "q", 0.0)};
}
// The rate of a row that gives the discount factor instead.
double rate_of(const Inputs& in) {
  if (!in.has("df")) return number_or(in, "r", 0.0);
  return -numeric::log(positive(in, "df")) / positive(in, "T");
}
ForwardOption forward_option(const Inputs& in) {
  return {.right = right_of(in),
          .forward = number(in, "F"),
          .strike = number(in, "K"),
          .time = not_negative(in, "T"),
          .volatility = in.has("vol") ? not_negative(in, "vol") : 0.0,
          .rate = rate_of(in)};
}
ForwardOption lognormal_forward(const Inputs& in) {
  static_cast<void>(not_negative(in, "F"));
  static_cast<void>(not_negative(in, "K"));
  return forward_option(in);
}

std::string quantity_of(const Row& row, OptionRight right, const OptionGreeks& g, double spot) {
  const std::pair<std::string_view, double> known[] = {{"price", g.price},
                                                       {"delta", g.delta},
                                                       {"gamma", g.gamma},
                                                       {"vega", g.vega},
                                                       {"theta", g.theta},
                                                       {"theta_per_day", g.theta / 365.0},
                                                       {"rho", g.rho},
                                                       {"vanna", g.vanna},
                                                       {"volga", g.volga},
                                                       {"dividend_rho", g.dividend_rho},
                                                       {"elasticity", elasticity(right, g, spot)}};
  for (const auto& [name, value] : known) {
    if (row.quantity == name) return text_of(value);
  }
  throw InputError{"unknown quantity " + row.quantity};
}

std::string lognormal(const Row& row) {
  const Inputs in(row);
  if (in.has("S")) {
    const SpotOption option = spot_option(in);
    return quantity_of(row, option.right, bsm(option), option.spot);
  }
  const ForwardOption option = lognormal_forward(in);
  return quantity_of(row, option.right, black76(option), option.forward);
}

std::string normal(const Row& row) {
  const ForwardOption option = forward_option(Inputs(row));
  return quantity_of(row, option.right, bachelier(option), option.forward);
}

// In units of sqrt(F K) from x and s, else like any lognormal price.
std::string rational(const Row& row) {
  if (row.quantity != "normalised_black") return lognormal(row);
  const Inputs in(row);
  return text_of(normalised_black(right_of(in), number(in, "x"), not_negative(in, "s")));
}

// Of a spot option: its forward, and the price it has on it.
ForwardOption on_forward(const SpotOption& o) {
  return {.right = o.right,
          .forward = o.spot * numeric::exp((o.rate - o.yield) * o.time),
          .strike = o.strike,
          .time = o.time,
          .rate = o.rate};
}
std::string volatility_of(const ForwardOption& option, double price) {
  const ImpliedVol found = implied_volatility(option, price);
  switch (found.status) {
    case ImpliedVolStatus::Found:
    case ImpliedVolStatus::AtIntrinsic:
      return text_of(found.volatility);
    case ImpliedVolStatus::BelowIntrinsic:
      return "below intrinsic value";
    case ImpliedVolStatus::AboveMaximum:
      return "above the greatest price";
    case ImpliedVolStatus::Impossible:
      return "no volatility";
  }
  return {};
}
std::string implied(const Row& row) {
  const Inputs in(row);
  const ForwardOption option = in.has("S") ? on_forward(spot_option(in)) : lognormal_forward(in);
  return volatility_of(option, number(in, "price"));
}

std::string european_digital(const Row& row) {
  const Inputs in(row);
  const SpotOption option = spot_option(in);
  const std::string& payoff = in.text("payoff");
  if (payoff == "asset") return text_of(asset_digital(option));
  if (payoff == "gap") return text_of(gap_option(option, number(in, "gap_payoff_strike")));
  if (!payoff.starts_with("cash")) throw InputError{"payoff must be asset, gap or cashAMOUNT"};
  return text_of(cash_digital(option, plain_number(payoff.substr(4))));
}

std::string american_digital(const Row& row) {
  const Inputs in(row);
  OneTouch touch{.option = spot_option(in)};
  std::string payoff = in.text("payoff");
  const auto takes_ending = [&](std::string_view ending) {
    if (!payoff.ends_with(ending)) return false;
    payoff.resize(payoff.size() - ending.size());
    return true;
  };
  if (takes_ending("_at_expiry")) {
    touch.payment = TouchPayment::AtExpiry;
  } else if (!takes_ending("_at_hit")) {
    throw InputError{"payoff must end with _at_hit or _at_expiry"};
  }
  if (in.has("knock_in") && in.text("knock_in") == "false") touch.rule = TouchRule::PaysIfNot;
  if (payoff == "asset") {
    touch.asset = TouchAsset::Asset;
  } else if (payoff.starts_with("cash")) {
    touch.cash = plain_number(payoff.substr(4));
  } else {
    throw InputError{"payoff must begin with asset or cashAMOUNT"};
  }
  return text_of(one_touch(touch));
}

std::string american(const Row& row) {
  return text_of(american_lattice(spot_option(Inputs(row)), 2'001));
}

Heston heston_of(const Inputs& in) {
  const Heston model{.v0 = not_negative(in, "v0"),
                     .kappa = not_negative(in, "kappa"),
                     .theta = not_negative(in, "theta"),
                     .sigma = positive(in, "sigma"),
                     .rho = number(in, "rho")};
  if (model.rho <= -1.0 || model.rho >= 1.0) throw InputError{"rho must be between -1 and 1"};
  return model;
}
std::string stochastic_variance(const Row& row) {
  const Inputs in(row);
  return text_of(heston_price(heston_of(in), spot_option(in)));
}
std::string stochastic_variance_implied(const Row& row) {
  const Inputs in(row);
  SpotOption option{.spot = positive(in, "S"),
                    .strike = positive(in, "K"),
                    .time = positive(in, "T"),
                    .rate = number(in, "r"),
                    .yield = number(in, "q")};
  if (option.spot > option.strike) option.right = OptionRight::Put;
  return volatility_of(on_forward(option), heston_price(heston_of(in), option));
}

std::string svi(const Row& row) {
  const Inputs in(row);
  const Svi curve{.a = number(in, "a"),
                  .b = number(in, "b"),
                  .rho = number(in, "rho"),
                  .m = number(in, "m"),
                  .sigma = number(in, "sigma")};
  const double k = numeric::log(positive(in, "K") / positive(in, "F"));
  const SviPoint point = total_variance(curve, k);
  if (row.quantity == "total_variance") return text_of(point.variance);
  if (row.quantity == "g" && point.variance <= 0.0) {
    throw InputError{"the total variance is not above zero at this strike"};
  }
  if (row.quantity == "g") return text_of(butterfly(curve, k));
  if (row.quantity == "implied_vol") {
    const std::optional<double> volatility = implied_volatility(curve, k, positive(in, "T"));
    if (!volatility) throw InputError{"the total variance is below zero at this strike"};
    return text_of(*volatility);
  }
  throw InputError{"unknown quantity " + row.quantity};
}

std::string perpetual(const Row& row) {
  const Inputs in(row);
  const bool inverse = in.text("payoff") == "inverse";
  const bool current = in.text("funding_spot") == "current";
  return text_of(
      perpetual_future({.payoff = inverse ? PerpetualPayoff::Inverse : PerpetualPayoff::Linear,
                        .funding_spot = current ? FundingSpot::Current : FundingSpot::Previous,
                        .period = not_negative(in, "dt"),
                        .spot = positive(in, "S"),
                        .rate = number(in, "r"),
                        .yield = number(in, "q"),
                        .k = number(in, "k"),
                        .iota = number(in, "iota")}));
}

std::string everlasting(const Row& row) {
  const Inputs in(row);
  const SpotOption option{.right = right_of(in),
                          .spot = positive(in, "S"),
                          .strike = positive(in, "K"),
                          .time = positive(in, "funding_period_days") / 365.0,
                          .volatility = positive(in, "vol"),
                          .rate = number(in, "r")};
  const bool discrete = in.text("style") == "discrete";
  return text_of(
      everlasting_option(option, discrete ? FundingTime::Discrete : FundingTime::Continuous));
}

std::string power(const Row& row) {
  const Inputs in(row);
  return text_of(power_perpetual({.power = number(in, "power"),
                                  .spot = positive(in, "S"),
                                  .volatility = not_negative(in, "vol"),
                                  .rate = number(in, "r"),
                                  .period = not_negative(in, "funding_period_days") / 365.0}));
}

constexpr Family kFamilies[] = {
    {"bsm_price", lognormal},
    {"bsm_greeks", lognormal},
    {"black76_price", lognormal},
    {"black76_greeks", lognormal},
    {"vanna_volga", lognormal},
    {"bachelier_price", normal},
    {"lets_be_rational", rational},
    {"implied_vol", implied},
    {"digital_european", european_digital},
    {"digital_american", american_digital},
    {"american", american},
    {"american_published_approx", american},
    {"heston", stochastic_variance},
    {"heston_implied_vol", stochastic_variance_implied},
    {"svi", svi},
    {"perp_fair_value", perpetual},
    {"everlasting_option", everlasting},
    {"power_perp", power},
};

}  // namespace

std::span<const Family> pricing_families() { return kFamilies; }

}  // namespace mezz::vectors

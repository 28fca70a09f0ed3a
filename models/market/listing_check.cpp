// Which keys a listing of each kind needs, allows or refuses, and their ranges.
#include <string>

#include "models/market/listing.h"
#include "models/pricing/svi.h"
#include "sim/check/error.h"
#include "sim/numeric/elementary.h"

namespace mezz {
namespace {

using std::string_literals::operator""s;

enum class Use : std::uint8_t { Refused, Allowed, Needed };
using enum Use;
struct KindRule {
  Use notional = Refused;
  Use strike = Refused;
  Use payout = Refused;
  Use expiry = Refused;  // with settlement_window and carry
  Use volatility = Refused;
  Use smile = Refused;
  Use power = Refused;
  Use funding = Refused;
};

KindRule rule_of(ListingKind kind) {
  switch (kind) {
    case ListingKind::LinearPerp:
      return {.funding = Allowed};
    case ListingKind::InversePerp:
      return {.notional = Needed, .funding = Allowed};
    case ListingKind::Future:
      return {.expiry = Needed};
    case ListingKind::Call:
    case ListingKind::Put:
      return {.strike = Needed, .expiry = Needed, .volatility = Needed, .smile = Allowed};
    case ListingKind::DigitalCall:
    case ListingKind::DigitalPut:
      return {.strike = Needed,
              .payout = Needed,
              .expiry = Needed,
              .volatility = Needed,
              .smile = Allowed};
    case ListingKind::EverlastingCall:
    case ListingKind::EverlastingPut:
      return {.strike = Needed, .volatility = Needed, .funding = Needed};
    case ListingKind::PowerPerp:
      return {.volatility = Allowed, .power = Needed, .funding = Needed};
    case ListingKind::Spot:
      break;
  }
  return {};
}

struct Checker {
  const ListingSpec& spec;
  const std::string& path;

  [[noreturn]] void refuse(std::string_view key, const std::string& problem) const {
    throw ScenarioError(path + "." + std::string(key), problem);
  }
  void require(bool holds, std::string_view key, const std::string& problem) const {
    if (!holds) refuse(key, problem);
  }
  void used(Use use, bool given, std::string_view key) const {
    const std::string kind(enum_name(spec.kind));
    if (use == Refused && given) refuse(key, "has no meaning for " + kind + "; remove it");
    if (use == Needed && !given) refuse(key, "must be given and above 0 for " + kind);
  }
};

bool is_name_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

void check_name(const Checker& c) {
  const std::string& name = c.spec.name;
  c.require(!name.empty() && name.size() <= 40, "name", "must have 1 to 40 characters");
  c.require(is_name_letter(name.front()), "name", "must begin with a letter or a digit");
  for (const char letter : name) {
    const bool allowed = is_name_letter(letter) || letter == '.' || letter == '-' || letter == '_';
    c.require(allowed, "name", "may hold letters, digits and . - _ only, got \"" + name + "\"");
  }
}

// A key of a number is given when it is not zero; negative ones are refused by their ranges.
void check_keys(const Checker& c) {
  const ListingSpec& s = c.spec;
  const KindRule rule = rule_of(s.kind);
  c.used(rule.notional, s.notional != Money::zero(), "notional");
  c.used(rule.strike, s.strike != Money::zero(), "strike");
  c.used(rule.payout, s.payout != Money::zero(), "payout");
  c.used(rule.expiry, s.expiry != Duration::zero(), "expiry");
  if (rule.expiry == Refused) {
    c.used(Refused, s.settlement_window != ListingSpec::kSettlementWindow, "settlement_window");
    c.used(Refused, s.carry != Ratio::zero(), "carry");
  }
  const Use flat = s.smile.has_value() && rule.smile == Allowed ? Allowed : rule.volatility;
  c.used(flat, s.volatility != Ratio::zero(), "volatility");
  c.used(rule.smile, s.smile.has_value(), "smile");
  c.used(rule.power, s.power_scale != Money::zero(), "power_scale");
  if (rule.power == Refused) c.used(Refused, s.power != 2, "power");
  const bool funded = s.funding != ListingFunding::None;
  c.used(rule.funding == Needed ? Allowed : rule.funding, funded, "funding");
  c.require(rule.funding != Needed || funded, "funding",
            "must be cash"s + (rule.power == Needed ? " or in_kind" : "") + " for " +
                std::string(enum_name(s.kind)));
  c.require(s.funding != ListingFunding::InKind || rule.power == Needed, "funding",
            "in kind only for power_perp; use cash");
  c.require(funded || !s.funding_period.has_value(), "funding_period", "needs funding");
  c.require(s.funding == ListingFunding::Cash || s.funding_cap == Ratio::one(), "funding_cap",
            "needs funding in cash (in kind the mark is held within 0.8 to 1.4)");
}

void check_amounts(const Checker& c, const ContractSpec& index) {
  const ListingSpec& s = c.spec;
  const std::int64_t lots = s.contract().lots_per_unit();
  c.require(s.notional >= Money::zero(), "notional", "must be above 0");
  c.require(s.notional.micros % lots == 0, "notional",
            "of one lot must be a whole number of 10^-6 USD; make the lot coarser");
  c.require(s.strike >= Money::zero(), "strike", "must be above 0");
  c.require(s.strike.micros % index.tick.micros == 0, "strike",
            "must be a whole number of the index's ticks of " + std::to_string(index.tick.micros) +
                " x 10^-6 USD");
  c.require(s.payout >= Money::zero(), "payout", "must be above 0");
  c.require(s.payout.micros % s.tick.micros == 0, "payout", "must be a whole number of ticks");
  c.require(s.power_scale >= Money::zero(), "power_scale", "must be above 0");
  c.require(s.power >= 2 && s.power <= 4, "power",
            "must be 2 to 4, got " + std::to_string(s.power));
}

void check_times(const Checker& c) {
  const ListingSpec& s = c.spec;
  c.require(s.expiry >= Duration::zero() && s.expiry <= ListingSpec::kExpiryMax, "expiry",
            "must be above 0 and at most 3650 d");
  c.require(s.settlement_window >= Duration::zero(), "settlement_window", "must not be negative");
  c.require(!expires(s.kind) || s.settlement_window <= s.expiry, "settlement_window",
            "must not be longer than the time to the expiry");
  if (!s.funding_period.has_value()) return;
  c.require(*s.funding_period >= 1_min && *s.funding_period <= 365_d, "funding_period",
            "must be 1 min to 365 d");
}

void check_smile(const Checker& c) {
  if (!c.spec.smile.has_value()) return;
  const ListingSmile& s = *c.spec.smile;
  c.require(c.spec.volatility == Ratio::zero(), "volatility",
            "give either a flat volatility or a smile");
  const double a[] = {s.a, s.b, s.rho, s.m, s.sigma};
  constexpr std::string_view keys[] = {"a", "b", "rho", "m", "sigma"};
  for (std::size_t i = 0; i < std::size(a); ++i) {
    c.require(a[i] >= -100.0 && a[i] <= 100.0, "smile."s.append(keys[i]),
              "must be a number from -100 to 100");
  }
  c.require(s.b >= 0.0, "smile.b", "must not be negative");
  c.require(s.rho > -1.0 && s.rho < 1.0, "smile.rho", "must be between -1 and 1");
  c.require(s.sigma > 0.0, "smile.sigma", "must be above 0");
  const double least = s.a + s.b * s.sigma * numeric::sqrt(1.0 - s.rho * s.rho);
  c.require(least > 0.0, "smile.a",
            "leaves no variance: a + b sigma sqrt(1 - rho^2) must be above 0");
  // Durrleman's g is concave in the time left and a square at none: its far end decides.
  const double years = c.spec.expiry.seconds() / (365.0 * 86'400.0);
  const pricing::Svi total{
      .a = s.a * years, .b = s.b * years, .rho = s.rho, .m = s.m, .sigma = s.sigma};
  c.require(!pricing::allows_butterfly_arbitrage(total, {}), "smile",
            "allows butterfly arbitrage within the listing's life");
}

void check_rates(const Checker& c) {
  const ListingSpec& s = c.spec;
  c.require(s.volatility >= Ratio::zero() && s.volatility <= ListingSpec::kVolatilityMax,
            "volatility", "must be above 0 and at most 1000 %");
  c.require(s.carry >= -ListingSpec::kCarryMax && s.carry <= ListingSpec::kCarryMax, "carry",
            "must be -200 % to 200 % a year");
  c.require(s.funding_cap > Ratio::zero() && s.funding_cap <= Ratio::one(), "funding_cap",
            "must be above 0 and at most 100 %");
  check_smile(c);
}

// Funding must be able to pay for the growth of the payoff: the fair mark lies within the bounds.
void check_power(const Checker& c) {
  const ListingSpec& s = c.spec;
  if (s.kind != ListingKind::PowerPerp) return;
  const auto power = static_cast<double>(s.power);
  const double volatility = s.volatility.value();
  const double due = 0.5 * power * (power - 1.0) * volatility * volatility * s.period().seconds() /
                     (365.0 * 86'400.0);
  const bool in_kind = s.funding == ListingFunding::InKind;
  const double cap = s.funding_cap.value();
  c.require(due <= (in_kind ? numeric::log(1.4) : cap / (1.0 + cap)), "funding_period",
            "is too long for this power and volatility: the fair price lies above the payoff by "
            "more than funding can charge");
}

}  // namespace

void ListingSpec::check(const std::string& path, const ContractSpec& index) const {
  const Checker c{*this, path};
  check_name(c);
  contract().check(path);
  check_keys(c);
  check_amounts(c, index);
  check_times(c);
  check_rates(c);
  check_power(c);
}

void check_listings(std::span<const ListingSpec> listings, const std::string& path,
                    const ContractSpec& index) {
  if (listings.size() > kListingsMax) {
    throw ScenarioError(path, "must have at most " + std::to_string(kListingsMax) +
                                  " elements, got " + std::to_string(listings.size()));
  }
  const ListingSpec* spot = nullptr;
  for (std::size_t i = 0; i < listings.size(); ++i) {
    const std::string here = path + "[" + std::to_string(i) + "]";
    listings[i].check(here, index);
    for (std::size_t j = 0; j < i; ++j) {
      if (listings[j].name != listings[i].name) continue;
      throw ScenarioError(here + ".name", "is taken: " + path + "[" + std::to_string(j) +
                                              "] is \"" + listings[j].name + "\" too");
    }
    if (listings[i].kind != ListingKind::Spot) continue;
    if (spot != nullptr) {
      throw ScenarioError(here + ".kind",
                          "is the second spot listing; the exchange holds one coin");
    }
    spot = &listings[i];
  }
  for (std::size_t i = 0; i < listings.size(); ++i) {
    if (listings[i].kind != ListingKind::InversePerp || spot != nullptr) continue;
    throw ScenarioError(path + "[" + std::to_string(i) + "].kind",
                        "inverse_perp settles in coins: add a listing of kind spot");
  }
}

}  // namespace mezz

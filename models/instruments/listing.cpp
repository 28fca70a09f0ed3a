#include "models/instruments/listing.h"

namespace mezz {
namespace {

constexpr Duration kYears = 365_d * 10;

struct Checker {
  const std::string& path;

  void require(bool holds, const char* key, const std::string& allowed) const {
    if (!holds) throw ScenarioError(path + "." + key, allowed);
  }
  // A key that the kind needs must be set, one it has no use for must not be.
  void fits(bool wanted, bool set, const char* key, std::string_view kind) const {
    require(!wanted || set, key, "must be given for kind = " + std::string(kind));
    require(wanted || !set, key, "has no meaning for kind = " + std::string(kind));
  }
};

bool is_name(std::string_view name) {
  if (name.empty() || name.size() > 32) return false;
  for (const char c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!plain && c != '-' && c != '.' && c != '_') return false;
  }
  return true;
}

void check_times(const ListingSpec& s, const Checker& c, std::string_view kind) {
  c.fits(s.expires(), s.expiry != Duration::zero(), "expiry", kind);
  c.require(s.expiry >= Duration::zero() && s.expiry <= kYears, "expiry",
            "must be at most ten years after the start");
  c.require(s.expires() || s.settlement_window == Duration::zero(), "settlement_window",
            "has no meaning for kind = " + std::string(kind));
  c.require(s.settlement_window >= Duration::zero() && s.settlement_window <= s.expiry,
            "settlement_window", "must not be longer than the time to expiry");
  c.fits(!s.expires(), s.funding_period != Duration::zero(), "funding_period", kind);
  c.require(s.expires() || (s.funding_period >= 1_min && s.funding_period <= kYears),
            "funding_period", "must be from one minute to ten years");
}

}  // namespace

void ListingSpec::check(const std::string& path) const {
  const Checker c{path};
  const std::string_view called = enum_name(kind);
  c.require(is_name(name), "name", "must be 1 to 32 letters, digits, '-', '.' or '_'");
  contract("index").check(path);
  c.require(tick <= 1'000'000_usd, "tick", "must be at most 1 000 000 USD");
  c.fits(has_strike(), strike != Money::zero(), "strike", called);
  c.require(strike >= Money::zero() && strike <= 100'000'000_usd, "strike",
            "must be positive and at most 100 000 000 USD");
  check_times(*this, c, called);
  c.fits(is_digital(), payout != Money::zero(), "payout", called);
  c.require(payout >= Money::zero() && payout <= 1'000'000'000_usd, "payout",
            "must be positive and at most 1 000 000 000 USD");
  c.require(payout.micros % tick.micros == 0, "payout", "must be a whole number of ticks");
  const bool powers = kind == ListingKind::PowerPerp;
  c.fits(powers, power != 0, "power", called);
  c.require(!powers || (power >= 2 && power <= 4), "power", "must be 2, 3 or 4");
  c.fits(powers, power_unit != Money::zero(), "power_unit", called);
  c.require(!powers || power_unit >= Money{10'000}, "power_unit", "must be at least one cent");
  c.require(powers || funding == ListingFunding::Cash, "funding",
            "in_kind is for power perpetuals only");
  c.require(funding_cap >= Ratio::zero() && funding_cap <= Ratio::one(), "funding_cap",
            "must be from 0 to 100 %");
}

void check_listings(const std::vector<ListingSpec>& listings, const std::string& path) {
  if (listings.size() > kListingsMax) {
    throw ScenarioError(path, "at most " + std::to_string(kListingsMax) + " listings, got " +
                                  std::to_string(listings.size()));
  }
  for (std::size_t i = 0; i < listings.size(); ++i) {
    const std::string here = path + "[" + std::to_string(i) + "]";
    listings[i].check(here);
    for (std::size_t k = 0; k < i; ++k) {
      if (listings[k].name == listings[i].name) {
        throw ScenarioError(here + ".name", "'" + listings[i].name + "' is listed twice");
      }
    }
  }
}

}  // namespace mezz

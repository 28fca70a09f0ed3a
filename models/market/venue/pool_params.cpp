#include "models/market/venue/pool_params.h"

#include <cmath>

#include "models/market/venue/clmm.h"
#include "models/market/venue/cpmm.h"
#include "models/market/venue/vamm.h"

namespace mezz::venue {
namespace {

// Names the first broken rule of a table.
class Checks {
 public:
  explicit Checks(const std::string& path) : path_(path) {}
  const Checks& require(bool holds, const char* key, const char* rule) const {
    if (!holds) throw ScenarioError(path_ + "." + key, rule);
    return *this;
  }

 private:
  const std::string& path_;
};

constexpr std::int64_t kParamEnd = 100'000'000'000'000'000;

bool within(Money money, Money least) { return money >= least && money.micros < kParamEnd; }
bool within(Quantity lots, Quantity least) { return lots >= least && lots.lots < kParamEnd; }

void check_range(const RangeParams& range, const std::string& path) {
  Checks(path)
      .require(range.lower > Money::zero(), "lower", "must be positive")
      .require(range.upper > range.lower, "upper", "must be above lower")
      .require(within(range.liquidity, Money{1}), "liquidity", "must be positive, below 10^11 USD");
}

void check_impact(const PoolParams& p, const Checks& checks) {
  checks
      .require(p.oracle_spread >= Ratio::zero() && p.oracle_spread < Ratio::one(), "oracle_spread",
               "must be 0 to below 100 %")
      .require(std::isfinite(p.impact_negative) && p.impact_negative >= 0, "impact_negative",
               "must not be negative")
      .require(p.impact_positive >= 0 && p.impact_positive <= p.impact_negative, "impact_positive",
               "must be 0 to impact_negative: a round trip would earn")
      .require(p.impact_exponent >= 1 && p.impact_exponent <= 4, "impact_exponent",
               "must be 1 to 4")
      .require(p.impact_negative_max >= Ratio::zero() && p.impact_negative_max <= Ratio::one(),
               "impact_negative_max", "must be 0 to 100 %")
      .require(
          p.impact_positive_max >= Ratio::zero() && p.impact_positive_max <= p.impact_negative_max,
          "impact_positive_max", "must be 0 to impact_negative_max");
}

}  // namespace

void PoolParams::check(const std::string& path) const {
  const Checks checks(path);
  const bool exact_fee = kind == Kind::Cpmm || kind == Kind::Clmm;
  checks.require(fee >= Ratio::zero() && fee < Ratio::one(), "fee", "must be 0 to below 100 %")
      .require(!exact_fee || fee.ppb % 1'000 == 0, "fee", "must be whole millionths")
      .require(kind == Kind::Clmm || within(quote, Money{1}), "quote",
               "must be positive, below 10^11 USD")
      .require(within(lots, Quantity{0}), "lots", "must not be negative, below 10^17")
      .require(kind == Kind::Cpmm || lots == Quantity::zero(), "lots", "is only for cpmm")
      .require(within(virtual_lots, Quantity{1}), "virtual_lots", "must be positive, below 10^17")
      .require(within(virtual_quote, Money{0}), "virtual_quote",
               "must not be negative, below 10^11 USD")
      .require(kind == Kind::Vamm || virtual_quote == Money::zero(), "virtual_quote",
               "is only for vamm")
      .require(kind == Kind::Clmm || position.empty(), "position", "is only for clmm")
      .require(kind != Kind::Clmm || !position.empty(), "position", "clmm needs at least one")
      .require(position.size() <= 64, "position", "must be at most 64");
  for (std::size_t i = 0; i < position.size(); ++i) {
    check_range(position[i], path + ".position[" + std::to_string(i) + "]");
  }
  check_impact(*this, checks);
  checks.require(within(skew_scale, Quantity{1}), "skew_scale", "must be positive, below 10^17")
      .require(within(open_interest_max, Quantity{0}), "open_interest_max",
               "must not be negative, below 10^17")
      .require(open_interest_ratio_max >= Ratio::zero(), "open_interest_ratio_max",
               "must not be negative")
      .require(deleverage_above >= Ratio::zero() && deleverage_above < Ratio::one(),
               "deleverage_above", "must be 0 to below 100 %")
      .require(kind == Kind::OraclePool || deleverage_above == Ratio::zero(), "deleverage_above",
               "is only for oracle_pool")
      .require(deleverage_until >= Ratio::zero() && deleverage_until <= deleverage_above,
               "deleverage_until", "must be 0 to deleverage_above");
}

void PoolParams::check(const std::string& path, const ContractSpec& contract, Price initial) const {
  check(path);
  const Checks checks(path);
  const Terms terms = Terms::of(contract, fee);
  if (!is_price(terms, initial)) throw ScenarioError(path, "the initial price is out of range");
  if (kind == Kind::Cpmm) {
    checks.require(Cpmm::start(*this, terms, initial).has_value(), lots.lots > 0 ? "lots" : "quote",
                   "the pool would hold less than its locked shares");
  }
  if (kind == Kind::Clmm) {
    const std::optional<Clmm> ranges = Clmm::start(*this, terms, initial);
    checks.require(ranges.has_value(), "position", "a range is too narrow, too thin or too deep");
    const Amounts held = ranges->needs();
    const auto value = checked_notional(terms, held.lots, initial);
    checks.require(value && is_amount(Int128{value->micros} + held.quote.micros) &&
                       *value + held.quote > Money{kLockedShares.units},
                   "position", "the pool would hold less than its locked shares, or too much");
  }
  if (kind == Kind::Vamm) {
    checks.require(Vamm::start(*this, terms, initial).has_value(), "virtual_lots",
                   "product of the virtual reserves must be below 10^20 units times USD");
  }
}

}  // namespace mezz::venue

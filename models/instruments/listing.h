// What an exchange lists beside its perpetual, as data. Every listing is a claim on the same
// underlying with a value per lot in the quote asset: a trade moves quote by size times price, an
// account is worth quote + sum of size x mark, and at expiry quote changes by size x settlement
// value. A price is per unit of the underlying, a lot is 10^-lot_decimals units.
//   linear_perp       the index; funding in cash
//   future            the index at expiry
//   call, put         max(0, +-(index - strike)) at expiry, European
//   digital_call/put  `payout` when the index is at or above (call) or below (put) the strike
//   everlasting_*     the pay-off of the option for ever; the longs pay price - pay-off per
//                     funding period (S. Bankman-Fried and D. White, Everlasting Options, 2021)
//   power_perp        (index / power_unit) ^ power dollars; funding in cash, or in kind: the
//                     normalisation factor every position is multiplied by shrinks (Opyn Squeeth)
// The index at expiry is the time average over `settlement_window` before it; what a halt swallows
// counts at the last price known. Left out: contracts settled in the coin (inverse, quanto),
// American exercise, several underlyings.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/market/instrument.h"
#include "sim/types/enum_names.h"
#include "sim/types/ratio.h"
#include "sim/types/time.h"

namespace mezz {

enum class ListingKind : std::uint8_t {
  LinearPerp,
  Future,
  Call,
  Put,
  DigitalCall,
  DigitalPut,
  EverlastingCall,
  EverlastingPut,
  PowerPerp,
};
template <>
struct EnumNames<ListingKind> {
  static constexpr std::string_view names[] = {
      "linear_perp",      "future",          "call",      "put", "digital_call", "digital_put",
      "everlasting_call", "everlasting_put", "power_perp"};
};
enum class ListingFunding : std::uint8_t { Cash, InKind };
template <>
struct EnumNames<ListingFunding> {
  static constexpr std::string_view names[] = {"cash", "in_kind"};
};

struct ListingSpec {
  std::string name = {};
  ListingKind kind = ListingKind::Call;
  Money tick = 1_usd;             // of the price of one unit
  std::int64_t lot_decimals = 3;  // one lot is 10^-3 units
  Money strike = {};
  Duration expiry = {};
  Duration settlement_window = {};
  Money payout = {};
  std::int64_t power = 0;
  Money power_unit = {};
  ListingFunding funding = ListingFunding::Cash;
  Duration funding_period = {};
  Ratio funding_cap = 10_percent;

  void visit(auto& v) {
    v("name", name, {.doc = "As it is called in orders and tables; unique"});
    v("kind", kind, {.doc = "What it pays"});
    v("tick", tick, {.doc = "Price step, of one unit of the underlying", .min = Money{1}});
    v("lot_decimals", lot_decimals,
      {.doc = "Size step: one lot is 10^-lot_decimals units", .min = 0, .max = 12});
    v("strike", strike, {.doc = "Options and digitals only", .min = Money{0}});
    v("expiry", expiry, {.doc = "From the start of the run; futures, options, digitals"});
    v("settlement_window", settlement_window,
      {.doc = "Averaging of the index before expiry; 0: the last index"});
    v("payout", payout, {.doc = "Digitals: paid per unit", .min = Money{0}});
    v("power", power, {.doc = "Power perpetuals: the exponent", .min = 0, .max = 4});
    v("power_unit", power_unit,
      {.doc = "Power perpetuals: the index is divided by it first", .min = Money{0}});
    v("funding", funding, {.doc = "Power perpetuals: in cash or in kind"});
    v("funding_period", funding_period,
      {.doc = "What is without expiry: price less pay-off is paid once in this time"});
    v("funding_cap", funding_cap,
      {.doc = "How far the price that funding uses may be from the model's",
       .min = Ratio::zero(),
       .max = Ratio::one()});
  }

  [[nodiscard]] bool expires() const {
    return kind >= ListingKind::Future && kind <= ListingKind::DigitalPut;
  }
  [[nodiscard]] bool has_strike() const {
    return kind >= ListingKind::Call && kind <= ListingKind::EverlastingPut;
  }
  [[nodiscard]] bool is_digital() const {
    return kind == ListingKind::DigitalCall || kind == ListingKind::DigitalPut;
  }
  // Moves one to one with the index: a position is worth its notional.
  [[nodiscard]] bool is_linear() const {
    return kind == ListingKind::LinearPerp || kind == ListingKind::Future;
  }
  [[nodiscard]] bool in_kind() const {
    return kind == ListingKind::PowerPerp && funding == ListingFunding::InKind;
  }
  [[nodiscard]] ContractSpec contract(const std::string& underlying) const {
    return {.underlying = underlying, .tick = tick, .lot_decimals = lot_decimals};
  }
  // Throws ScenarioError(path.key): a value out of range, a key that this kind has no use for, or
  // one that it needs.
  void check(const std::string& path) const;
};

inline constexpr std::size_t kListingsMax = 254;
// Each one, and that names are unique and not too many.
void check_listings(const std::vector<ListingSpec>& listings, const std::string& path);

}  // namespace mezz

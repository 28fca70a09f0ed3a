// A linear perpetual contract: which underlying, how fine its price grid and its size grid are.
// One price tick moves one unit of the underlying by `tick`; one lot is 10^-lot_decimals units.
// Both together fix `money_per_lot_tick`, which check() requires to be a whole positive number of
// micro-dollars: then notional(quantity, price) is an exact integer product and no trade ever
// rounds. Other contracts are listings (listing.h). Left out: quanto contracts.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sim/check/error.h"
#include "sim/config/visit.h"
#include "sim/types/enum_names.h"
#include "sim/types/money.h"
#include "sim/types/price.h"
#include "sim/types/quantity.h"
#include "sim/types/rounding.h"

namespace mezz {

enum class Side : std::uint8_t { Buy, Sell };
template <>
struct EnumNames<Side> {
  static constexpr std::string_view names[] = {"buy", "sell"};
};
constexpr Side opposite(Side side) { return side == Side::Buy ? Side::Sell : Side::Buy; }

enum class TimeInForce : std::uint8_t { Gtc, Ioc, Fok, PostOnly };
template <>
struct EnumNames<TimeInForce> {
  static constexpr std::string_view names[] = {"gtc", "ioc", "fok", "post_only"};
};

struct ContractSpec {
  std::string underlying = "BTC";
  Money tick = 1_usd;             // per unit of the underlying
  std::int64_t lot_decimals = 3;  // one lot is 10^-3 units

  void visit(auto& v) {
    v("underlying", underlying, {.doc = "Name of the asset the contract follows"});
    v("tick", tick, {.doc = "Price step of one unit of the underlying", .min = Money{1}});
    v("lot_decimals", lot_decimals,
      {.doc = "Size step: one lot is 10^-lot_decimals units", .min = 0, .max = 12});
  }

  // Value of one lot moved by one tick, in micro-dollars. Valid once check() has passed.
  [[nodiscard]] constexpr std::int64_t money_per_lot_tick() const {
    return tick.micros / lots_per_unit();
  }
  [[nodiscard]] constexpr std::int64_t lots_per_unit() const {
    std::int64_t lots = 1;
    for (std::int64_t i = 0; i < lot_decimals; ++i) lots *= 10;
    return lots;
  }
  // Throws ScenarioError; called once, while building.
  void check(const std::string& path) const {
    if (underlying.empty()) throw ScenarioError(path + ".underlying", "must not be empty");
    if (lot_decimals < 0 || lot_decimals > 12) {
      throw ScenarioError(path + ".lot_decimals",
                          "must be 0 to 12, got " + std::to_string(lot_decimals));
    }
    if (tick.micros <= 0 || tick.micros % lots_per_unit() != 0) {
      throw ScenarioError(path + ".tick",
                          "one lot times one tick must be a whole positive number of 10^-6 USD; "
                          "make the tick or the lot coarser");
    }
  }
};

// Signed like the quantity: what a long position is worth, what a short one owes.
constexpr Money notional(const ContractSpec& spec, Quantity quantity, Price price) {
  const std::int64_t lot_ticks = narrow(Int128{quantity.lots} * price.ticks);
  return {narrow(Int128{lot_ticks} * spec.money_per_lot_tick())};
}

}  // namespace mezz

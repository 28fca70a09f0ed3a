// What a venue beside the order book says and what it must be told: a trade, the pool's holdings
// and the terms of its contract. Amounts are lots and micro-dollars in int64, products in 128 bits
// or more. What would leave kAmountMax is no amount: checked_* and the quotes made of them are
// empty then, so that no order of any size reaches undefined behaviour or an assertion.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>

#include "models/market/instrument.h"
#include "models/market/pool/wide.h"
#include "models/market/wad.h"

namespace mezz::venue {

inline constexpr std::int64_t kAmountMax = std::int64_t{1} << 61;

struct Trade {
  Quantity quantity;  // of the trader: positive when he buys
  Money value;        // change of his quote without the fee: negative when he buys
  Money fee;          // not below zero; what he pays goes to the pool with the value

  [[nodiscard]] constexpr Money cash() const { return value - fee; }  // of the trader
  bool operator==(const Trade&) const = default;
};

// Cash and position. The pool's own mirror its account in the exchange. A pool that prices by an
// oracle or by virtual reserves may owe cash against a long position: what counts is its equity.
struct Amounts {
  Money quote;
  Quantity lots;
  bool operator==(const Amounts&) const = default;
};
Amounts after(const Amounts& held, const Trade& trade);

struct Shares {
  std::int64_t units = 0;
  constexpr auto operator<=>(const Shares&) const = default;
};
// Minted with the first liquidity and never paid out, so that a pool cannot be emptied (Uniswap
// v2).
inline constexpr Shares kLockedShares{1'000};

struct Deposit {  // what is taken from the provider, and the shares he gets
  Money quote;
  Quantity lots;
  Shares shares;
  bool operator==(const Deposit&) const = default;
};

// The contract and the fee as the rules need them.
struct Terms {
  std::int64_t money_per_lot_tick = 1;
  std::int64_t lots_per_unit = 1;
  Money tick;
  Ratio fee;

  static Terms of(const ContractSpec& contract, Ratio fee);
  [[nodiscard]] Wad units(Quantity lots) const;  // of the underlying; exact
  [[nodiscard]] Wad price(Price price) const;    // USD per unit; within the range of checked_price
};

constexpr bool is_amount(Int128 value) { return value >= -kAmountMax && value <= kAmountMax; }
std::optional<Money> checked_money(Int128 micros);
// A price in (0, 10^13) USD.
bool is_price(const Terms& terms, Price price);
std::optional<Money> checked_notional(const Terms& terms, Quantity lots, Price price);
// size * price, both not below zero.
std::optional<Money> checked_value(Wad size, Wad price, Round round);
// The fee rounds up.
std::optional<Trade> with_fee(const Terms& terms, Quantity change, Money value);
// numerator / denominator in the nearest tick (halves up), at most kAmountMax.
Price nearest_tick(const pool::Wide& numerator, const pool::Wide& denominator);

}  // namespace mezz::venue

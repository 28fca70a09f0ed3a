// A pool: what stands beside the order book as a place to trade one instrument of the exchange, as
// a value. The exchange's state machine moves the money: the pool is an account there, and holds()
// mirrors that account's cash and position, to the unit. A trade is asked for (quote), booked by
// the exchange against the pool's account, and then told (apply).
//   trader: position += quantity, cash += value - fee      pool: the opposite, the fee included
// Liquidity providers own shares of the whole pool. cpmm and clmm take and pay both sides pro rata:
// lots put in are a position handed over by the provider's account. The others take and pay quote
// at the pool's equity at the index. What divides rounds in favour of the pool. Quotes are empty
// when the pool has not enough, a cap is hit or an amount would leave its range (trade.h).
// Caps look at the traders' net position, the only one the pool knows: GMX's are per side.
// Left out: fee shares for the protocol, ranges of a provider's own, lock-up of liquidity.
#pragma once

#include <variant>

#include "models/market/venue/clmm.h"
#include "models/market/venue/cpmm.h"
#include "models/market/venue/oracle_pool.h"
#include "models/market/venue/pool_params.h"
#include "models/market/venue/skew_pool.h"
#include "models/market/venue/trade.h"
#include "models/market/venue/vamm.h"

namespace mezz::venue {

class Pool {
 public:
  // The parameters have passed check() with this contract and price. The shares of the first
  // liquidity, but for the locked ones, are the exchange's to give.
  Pool(const PoolParams& params, const ContractSpec& contract, Price initial);

  // For the trader: positive buys. No change costs nothing.
  [[nodiscard]] std::optional<Trade> quote(Quantity change, Price index) const;
  // Asserts that it is what quote() says now.
  void apply(const Trade& trade, Price index);
  // Marginal price between buying and selling, without the fee, in the nearest tick.
  [[nodiscard]] Price spot(Price index) const;
  // The most lots that trade at an average price, without the fee, not worse than the limit. One
  // lot must be: a pool that cannot trade one at the limit has no depth.
  [[nodiscard]] Quantity depth(Side side, Price limit, Price index) const;

  // At most the amounts offered, never more than the shares need; empty for less than one share.
  [[nodiscard]] std::optional<Deposit> add(const Amounts& offered, Price index) const;
  void apply(const Deposit& deposit, Price index);
  // Empty when the pool cannot pay now or would break its cap.
  [[nodiscard]] std::optional<Amounts> remove(Shares burned, Price index) const;
  void apply_removal(Shares burned, Price index);

  // What funding pays to the pool's position; negative: takes.
  void receive(Money funding) { held_.quote += funding; }

  [[nodiscard]] Kind kind() const { return kind_; }
  [[nodiscard]] const Amounts& holds() const { return held_; }
  [[nodiscard]] Shares shares() const { return shares_; }  // with the locked ones
  [[nodiscard]] Money fees_earned() const { return fees_; }
  // What belongs to the shares, lots valued at the index; empty when out of range.
  [[nodiscard]] std::optional<Money> equity(Price index, Round round) const;
  // The rule's own state, for probes and tests.
  template <class Rule>
  [[nodiscard]] const Rule& rule() const {
    return std::get<Rule>(rule_);
  }

  void visit_state(auto& v) {
    v("quote", held_.quote);
    v("lots", held_.lots);
    v("shares", shares_);
    v("fees", fees_);
    std::visit([&v](auto& rule) { rule.visit_state(v); }, rule_);
  }

 private:
  using Rule = std::variant<Cpmm, Clmm, Vamm, OraclePool, SkewPool>;

  static Rule rule_of(const PoolParams& params, const Terms& terms, Price initial);
  [[nodiscard]] bool within_caps(const Amounts& held, Price index) const;
  [[nodiscard]] std::optional<Money> equity_of(const Amounts& held, Price index, Round round) const;

  Kind kind_;
  Terms terms_;
  Quantity open_interest_max_;
  Ratio open_interest_ratio_max_;
  Rule rule_;
  Amounts held_;
  Shares shares_;
  Money fees_;
};

}  // namespace mezz::venue

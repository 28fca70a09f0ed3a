// Concentrated liquidity (models/market/pool/clmm_pool.h) over ranges given in prices. token0 is
// the billionth of a lot, token1 the micro-dollar: a step of the contract's rule rounds to whole
// tokens, and whole lots would be too coarse for that. A buyer asks for an exact output, a seller
// gives an exact input; the fee of a sale is taken in lots as in the contract and stated in quote
// at the trade's own price. Prices of ranges round down to ticks of 1.0001.
// The shares own a slice of every range and of the fees. What the pool holds covers what its rule
// says it owes; the part of a lot below one stays in the pool.
#pragma once

#include <vector>

#include "models/market/pool/clmm_pool.h"
#include "models/market/venue/pool_params.h"
#include "models/market/venue/trade.h"

namespace mezz::venue {

class Clmm {
 public:
  // Empty when a range has no width or no liquidity in ticks, or an amount is out of range.
  static std::optional<Clmm> start(const PoolParams& params, const Terms& terms, Price initial);
  [[nodiscard]] Amounts needs() const;  // what covers the rule's balances

  [[nodiscard]] std::optional<Trade> quote(const Amounts& held, Quantity change, Price index) const;
  void apply(const Amounts& held, const Trade& trade, Price index);
  [[nodiscard]] Price spot(const Amounts& held, Price index) const;

  [[nodiscard]] std::optional<Deposit> add(const Amounts& held, Shares all,
                                           const Amounts& offered) const;
  void added(const Deposit& deposit, Shares all);
  [[nodiscard]] Amounts remove(const Amounts& held, Shares all, Shares burned) const;
  void removed(Shares burned, Shares all);

  void visit_state(auto& v) { v("ranges", pool_); }

 private:
  using Key = pool::clmm::PositionKey;

  Clmm(const Terms& terms, const pool::clmm::Pool& pool) : terms_(terms), pool_(pool) {}
  bool place(const RangeParams& range);
  [[nodiscard]] std::optional<pool::clmm::SwapResult> swap(pool::clmm::Pool& pool,
                                                           Quantity change) const;

  Terms terms_;
  pool::clmm::Pool pool_;
  std::vector<Key> ranges_;
  pool::Wide lowest_;  // square-root prices where all ranges end
  pool::Wide highest_;
};

}  // namespace mezz::venue

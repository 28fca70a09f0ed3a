// Constant product of what the pool holds (models/market/pool/constant_product.h), in lots and
// micro-dollars. A buyer pays amount_in, a seller gets amount_out of the rule with the fee; the
// fee of a trade is the difference to the same rule without it. All of it stays in the reserves.
#pragma once

#include "models/market/venue/pool_params.h"
#include "models/market/venue/trade.h"

namespace mezz::venue {

class Cpmm {
 public:
  explicit Cpmm(const Terms& terms) : terms_(terms) {}

  // The pool's first holdings; empty when they are too small to own shares of.
  static std::optional<Amounts> start(const PoolParams& params, const Terms& terms, Price initial);
  static Shares first_shares(const Amounts& held);  // with the locked ones

  [[nodiscard]] std::optional<Trade> quote(const Amounts& held, Quantity change, Price index) const;
  void apply(const Amounts& held, const Trade& trade, Price index);
  [[nodiscard]] Price spot(const Amounts& held, Price index) const;

  // Takes no more of either side than the shares need.
  [[nodiscard]] std::optional<Deposit> add(const Amounts& held, Shares all,
                                           const Amounts& offered) const;
  void added(const Deposit&, Shares) {}
  [[nodiscard]] Amounts remove(const Amounts& held, Shares all, Shares burned) const;
  void removed(Shares, Shares) {}

  void visit_state(auto&) {}

 private:
  Terms terms_;
};

// The most shares for what is offered, and what they need of each side the pool holds, rounded up.
std::optional<Deposit> shares_for(const Amounts& held, Shares all, const Amounts& offered);

}  // namespace mezz::venue

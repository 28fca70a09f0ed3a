// Constant product of virtual reserves that nobody owns (models/market/pool/virtual_amm.h). What a
// buyer pays rounds up to micro-dollars, what a seller gets down, and the virtual quote moves by
// just that money: the product never falls, and virtual lots plus the traders' net position stay
// what they were at the start. The pool account is the traders' counterparty. Left out as in the
// rule: fluctuation limits, the repeg.
#pragma once

#include "models/market/pool/virtual_amm.h"
#include "models/market/venue/pool_params.h"
#include "models/market/venue/trade.h"

namespace mezz::venue {

class Vamm {
 public:
  // Empty when the product of the virtual reserves is out of range.
  static std::optional<Vamm> start(const PoolParams& params, const Terms& terms, Price initial);

  [[nodiscard]] std::optional<Trade> quote(const Amounts& held, Quantity change, Price index) const;
  void apply(const Amounts& held, const Trade& trade, Price index);
  [[nodiscard]] Price spot(const Amounts& held, Price index) const;
  [[nodiscard]] const pool::VirtualAmm& reserves() const { return reserves_; }

  void visit_state(auto& v) {
    v("virtual_quote", reserves_.quote);
    v("virtual_base", reserves_.base);
  }

 private:
  Vamm(const Terms& terms, const pool::VirtualAmm& reserves) : terms_(terms), reserves_(reserves) {}

  Terms terms_;
  pool::VirtualAmm reserves_;
};

}  // namespace mezz::venue

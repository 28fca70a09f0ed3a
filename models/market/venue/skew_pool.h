// A pool that trades at the oracle price with a premium linear in the skew (Synthetix v3,
// models/market/pool/price_impact.h): the fill is the mean of index * (1 + skew / scale) before and
// after the trade. The skew is the traders' net position, the opposite of the pool's. What a buyer
// pays rounds up to micro-dollars, what a seller gets rounds down. No quote where the price would
// not be positive. Left out: maker and taker fees apart, settlement delay.
#pragma once

#include "models/market/venue/pool_params.h"
#include "models/market/venue/trade.h"

namespace mezz::venue {

class SkewPool {
 public:
  SkewPool(const PoolParams& params, const Terms& terms)
      : terms_(terms), scale_(params.skew_scale) {}

  [[nodiscard]] std::optional<Trade> quote(const Amounts& held, Quantity change, Price index) const;
  void apply(const Amounts&, const Trade&, Price) {}
  [[nodiscard]] Price spot(const Amounts& held, Price index) const;

  void visit_state(auto&) {}

 private:
  Terms terms_;
  Quantity scale_;
};

}  // namespace mezz::venue

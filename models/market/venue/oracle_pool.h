// A pool that trades at the oracle price (GMX v2, models/market/pool/price_impact.h): buys at the
// index plus the spread, sells at the index minus it, and charges or pays for the imbalance, which
// is the traders' net position at the index. A positive impact comes from what negative ones left
// in the impact pool, which starts empty and is no part of the liquidity providers' equity; it is
// in dollars here, in tokens at GMX. Left out: virtual inventory, borrowing fees.
#pragma once

#include "models/market/pool/price_impact.h"
#include "models/market/venue/pool_params.h"
#include "models/market/venue/trade.h"

namespace mezz::venue {

class OraclePool {
 public:
  OraclePool(const PoolParams& params, const Terms& terms);

  [[nodiscard]] std::optional<Trade> quote(const Amounts& held, Quantity change, Price index) const;
  void apply(const Amounts& held, const Trade& trade, Price index);
  [[nodiscard]] Price spot(const Amounts&, Price index) const { return index; }
  // The position at the price that makes it least (Round::Down) or most.
  [[nodiscard]] std::optional<Money> equity(const Amounts& held, Price index, Round round) const;
  [[nodiscard]] Money impact_pool() const { return impact_pool_.balance; }

  void visit_state(auto& v) { v("impact_pool", impact_pool_.balance); }

 private:
  struct Priced {
    Trade trade;
    pool::ImpactPool impact_pool;  // after it
  };
  [[nodiscard]] std::optional<Priced> priced(const Amounts& held, Quantity change,
                                             Price index) const;
  [[nodiscard]] bool in_range(Money imbalance) const;

  Terms terms_;
  Ratio spread_;
  pool::ImpactFactors factors_;
  pool::ImpactCaps caps_;
  pool::ImpactPool impact_pool_;
};

}  // namespace mezz::venue

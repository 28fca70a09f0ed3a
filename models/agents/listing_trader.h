// A crowd that trades the listings at the market, as rows of one entity: orders arrive as one
// Poisson stream, each from a random trader in a random listing that still trades; a share of them
// sells (writers of options earn the premium and carry the risk). Sizes are geometric around their
// mean. A trader whose free collateral is gone only trades back. Left out: limit orders, views on
// direction or volatility, exercise decisions (there are none).
#pragma once

#include "models/agents/agent.h"
#include "models/agents/genesis.h"
#include "sim/config/visit.h"

namespace mezz {

struct ListingTraderParams {
  std::int64_t traders = 50;
  double orders_per_second = 0.5;
  Ratio sell_share = 50_percent;
  Quantity size_mean = 5_lots;
  Money capital = 20'000_usd;

  void visit(auto& v) {
    v("traders", traders, {.doc = "Accounts of the crowd", .min = 1, .max = 100'000});
    v("orders_per_second", orders_per_second,
      {.doc = "Mean of the whole crowd", .min = 0.0, .max = 1e5});
    v("sell_share", sell_share,
      {.doc = "Share of orders that sell", .min = Ratio::zero(), .max = Ratio::one()});
    v("size_mean", size_mean, {.doc = "Mean order size", .min = Quantity{1}});
    v("capital", capital, {.doc = "Deposit of each trader at the start", .min = Money{1}});
  }
};

class ListingTrader final : public Agent<ListingTrader, ListingTraderParams> {
 public:
  struct Order {};

  using Agent::Agent;
  using Agent::on;
  static AccountRange genesis(Exchange& exchange, const ListingTraderParams& params) {
    return open_accounts(exchange, static_cast<std::uint32_t>(params.traders), params.capital);
  }

  void on(Context& ctx, const Start&);
  void on(Context& ctx, const Order&);

  [[nodiscard]] std::uint64_t orders_sent() const { return orders_; }
  void visit_state(auto& v) {
    Agent::visit_state(v);
    v("orders", orders_);
  }

 private:
  void wait(Context& ctx);

  std::uint64_t orders_ = 0;
};

}  // namespace mezz

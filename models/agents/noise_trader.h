// A crowd of uninformed traders as rows of one entity. Orders arrive as one Poisson stream and
// belong to a uniformly chosen trader; a share are market orders, the rest limit orders at an
// exponential distance from the mid on their own side, cancelled after an exponential lifetime.
// Sizes are lognormal. A trader at its position limit only trades back. Left out: herding,
// strategic order splitting.
#pragma once

#include "models/agents/agent.h"
#include "models/agents/genesis.h"
#include "models/shock/live.h"
#include "sim/config/visit.h"

namespace mezz {

struct NoiseTraderParams {
  std::int64_t traders = 200;
  double orders_per_second = 5.0;
  Ratio market_share = 60_percent;
  Ratio buy_share = 50_percent;
  Quantity size_mean = 100_lots;
  double size_cv = 1.5;
  Ratio limit_distance = 10_bp;
  Duration order_lifetime = 30_s;
  Money capital = 100'000_usd;
  Ratio leverage_max = Ratio::one() * 3;

  static constexpr std::string_view kLive[] = {"orders_per_second", "market_share", "buy_share"};
  void visit(auto& v) {
    v("traders", traders, {.doc = "Accounts of the crowd", .min = 1, .max = 1'000'000});
    v("orders_per_second", orders_per_second,
      {.doc = "Mean of the whole crowd", .min = 0.0, .max = 1e6});
    v("market_share", market_share,
      {.doc = "Share of market orders", .min = Ratio::zero(), .max = Ratio::one()});
    v("buy_share", buy_share,
      {.doc = "Share of buy orders", .min = Ratio::zero(), .max = Ratio::one()});
    v("size_mean", size_mean, {.doc = "Mean order size", .min = Quantity{1}});
    v("size_cv", size_cv,
      {.doc = "Standard deviation of the size over its mean", .min = 0.0, .max = 20.0});
    v("limit_distance", limit_distance,
      {.doc = "Mean distance of limit orders from the mid", .min = Ratio{1}, .max = Ratio::one()});
    v("order_lifetime", order_lifetime,
      {.doc = "Mean time until a limit order is cancelled", .min = 1_ms});
    v("capital", capital, {.doc = "Deposit of each trader at the start", .min = Money{1}});
    v("leverage_max", leverage_max,
      {.doc = "Notional over capital at which a trader only trades back", .min = Ratio{1}});
  }
};

class NoiseTrader final : public Agent<NoiseTrader, NoiseTraderParams, Tunable> {
 public:
  struct Order {};
  struct Expire {
    std::uint64_t number;
    AccountId account;
    std::uint32_t reserved = 0;
  };

  using Agent::Agent;
  using Agent::on;
  static AccountRange genesis(Exchange& exchange, const NoiseTraderParams& params);

  void on(Context& ctx, const Start&);
  void on(Context& ctx, const Order&);
  void on(Context& ctx, const Expire& expire);
  void on(Context& ctx, const ParameterChange& change) override;

  [[nodiscard]] std::uint64_t orders_sent() const { return orders_; }
  void visit_state(auto& v) {
    Agent::visit_state(v);
    v("orders", orders_);
    v("next", next_);
    v("live", live_);
  }

 private:
  void wait(Context& ctx);
  [[nodiscard]] Quantity draw_size();
  [[nodiscard]] bool draw_buy(AccountId account);
  [[nodiscard]] Price draw_limit(bool buy);

  std::uint64_t orders_ = 0;
  Timer next_;
  Live<NoiseTraderParams> live_{params()};
};

}  // namespace mezz

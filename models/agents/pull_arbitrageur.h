// Who chooses the moment of a pull oracle's price. A venue that accepts signed prices of up to
// `max_age` lets whoever brings one pick the most favourable of the window: in expectation the
// extreme of the window is 0.8 sigma sqrt(window) away from the price of now (reference sheet
// "layer-two protocols", section 12). This agent keeps the signed prices that the venue would still
// take, and liquidates at the lowest or the highest of them whoever is liquidatable there, also
// when the price has come back; the position it gets it closes on the book at once. Left out:
// profit per account, bringing a price only to move the index, gas.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "models/agents/agent.h"
#include "models/agents/genesis.h"
#include "models/layer2/reporter.h"
#include "models/market/oracle/pull_oracle.h"
#include "sim/config/visit.h"
#include "sim/random/distribution_params.h"

namespace mezz {

// Signed prices in the order of their observation, and the extremes among those still usable.
class PriceChoice {
 public:
  void add(const SignedPrice& price) {
    if (prices_.empty() || price.time > prices_.back().time) prices_.push_back(price);
  }
  // Forgets what was observed before `oldest` or is not newer than what the venue knows.
  void forget(Time oldest, Time known);
  [[nodiscard]] std::optional<SignedPrice> lowest() const;
  [[nodiscard]] std::optional<SignedPrice> highest() const;
  void visit_state(auto& v) { v("prices", prices_); }

 private:
  std::vector<SignedPrice> prices_;
};

struct PullArbitrageurParams {
  DelayDistribution processing = DelayDistribution::constant(50_ms);
  Duration transit = 2_s;
  std::int64_t batch = 50;
  Duration patience = 30_s;
  Ratio unwind_slippage = 1_percent;
  Money capital = 5'000'000_usd;
  std::int64_t priority = 0;

  void visit(auto& v) {
    v("processing", processing, {.doc = "From a signed price to the transaction"});
    v("transit", transit,
      {.doc = "Time it allows for the way into a block: a price that would be too old then is not "
              "chosen"});
    v("batch", batch, {.doc = "Transactions sent at once", .min = 1, .max = 100'000});
    v("patience", patience, {.doc = "A transaction without answer is sent again after"});
    v("unwind_slippage", unwind_slippage,
      {.doc = "How far from the newest price it sells", .min = Ratio::zero(), .max = Ratio::one()});
    v("capital", capital, {.doc = "Deposit at the start", .min = Money{1}});
    v("priority", priority, {.doc = "Tip level of its transactions", .min = 0, .max = 255});
  }
};

class PullArbitrageur final
    : public Agent<PullArbitrageur, PullArbitrageurParams, SignedPriceObserver>,
      public Reporter {
 public:
  struct Act {};

  PullArbitrageur(const Site& site, const PullArbitrageurParams& params, const MarketAccess& access,
                  AccountRange accounts);
  using Agent::on;
  static AccountRange genesis(Exchange& exchange, const PullArbitrageurParams& params) {
    return open_accounts(exchange, 1, params.capital);
  }

  void on(Context& ctx, const SignedPrice& signed_price) override;
  void on(Context& ctx, const Act&);
  void on(Context& ctx, const Receipt& receipt) override;

  struct Counts {
    std::uint64_t sent = 0;
    std::uint64_t chosen_old = 0;  // of those, with another price than the newest
    std::uint64_t won = 0;
  };
  [[nodiscard]] const Counts& counts() const { return counts_; }
  void report(MetricList& out) const override;

  void visit_state(auto& v) {
    Agent::visit_state(v);
    v("choice", choice_);
    v("newest", newest_);
    v("waiting", waiting_);
    v("acting", acting_);
    v("counts", counts_);
  }

 private:
  void hunt(Context& ctx, const SignedPrice& price);
  void unwind(Context& ctx);

  PriceChoice choice_;
  SignedPrice newest_{{}, {}, Time::never()};
  std::map<AccountId, Time> waiting_;
  std::uint8_t acting_ = 0;
  Counts counts_;
  std::vector<AccountId> scratch_;  // not state
};

}  // namespace mezz

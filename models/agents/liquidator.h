// A keeper: watches its node for accounts below maintenance margin and sends transactions that
// liquidate them, for the positions it gets below their worth. Several compete by being several
// entities, each with its own place, latency, tip, capital and gas budget; who comes second pays
// for a refused transaction. Each keeps its record: attempts, won, lost, ether spent and spent in
// vain.
//   push oracle  after every block it looks, at the index price of its node, and sends
//                `processing` later;
//   pull oracle  it also looks whenever a signed price reaches it, and attaches that price.
// It stays out while layer one's base fee (which layer-two fees follow) is above its cap, and for
// good when its gas budget is spent: keepers that did not re-price gas are what emptied the
// auctions of March 2020. Accounts that the insurance fund cannot close it has deleveraged. What it
// took it sells on the book, reduce-only, within `unwind_slippage` of the mark.
// Shock: KeeperDown. Left out: profit estimates per account, priority gas auctions, flash loans.
#pragma once

#include <map>
#include <vector>

#include "models/agents/agent.h"
#include "models/agents/genesis.h"
#include "models/layer2/reporter.h"
#include "models/market/oracle/pull_oracle.h"
#include "models/shock/shock.h"
#include "sim/config/visit.h"
#include "sim/random/distribution_params.h"
#include "sim/record/probe.h"

namespace mezz {

struct LiquidatorParams {
  DelayDistribution processing = DelayDistribution::constant(50_ms);
  std::int64_t batch = 50;
  Duration patience = 30_s;
  bool random_start = true;
  GasPrice fee_cap = 200_gwei;
  Gas gas{5'000};
  Wei gas_budget = 10_eth;
  bool unwind = true;
  Ratio unwind_slippage = 1_percent;
  Money capital = 5'000'000_usd;
  std::int64_t priority = 0;
  Ratio auction_price = 85_percent;

  void visit(auto& v) {
    v("processing", processing, {.doc = "From news to the transaction"});
    v("batch", batch, {.doc = "Transactions sent at once", .min = 1, .max = 100'000});
    v("patience", patience, {.doc = "A transaction without answer is sent again after"});
    v("random_start", random_start,
      {.doc = "Begin at a random account of the list, to meet fewer competitors"});
    v("fee_cap", fee_cap, {.doc = "Base fee of layer one above which it stays out"});
    v("gas", gas, {.doc = "Layer-one gas that one transaction costs it [D]"});
    v("gas_budget", gas_budget, {.doc = "What it will spend on gas in all"});
    v("unwind", unwind, {.doc = "Sell on the book what it took"});
    v("unwind_slippage", unwind_slippage,
      {.doc = "How far from the mark it sells", .min = Ratio::zero(), .max = Ratio::one()});
    v("capital", capital, {.doc = "Deposit at the start", .min = Money{1}});
    v("priority", priority,
      {.doc = "Tip level of its liquidations, or bidder whose express lane they use (section "
              "sequencing)",
       .min = 0,
       .max = 255});
    v("auction_price", auction_price,
      {.doc = "Bids for a portfolio when its auction is at this share of its value or lower",
       .min = Ratio::zero(),
       .max = Ratio::one()});
  }
};

class Liquidator final
    : public Agent<Liquidator, LiquidatorParams, L1Observer, SignedPriceObserver, Shockable>,
      public Reporter {
 public:
  struct Act {};

  Liquidator(const Site& site, const LiquidatorParams& params, const MarketAccess& access,
             AccountRange accounts);
  using Agent::on;
  static AccountRange genesis(Exchange& exchange, const LiquidatorParams& params) {
    return open_accounts(exchange, 1, params.capital);
  }

  void on(Context& ctx, const MarkUpdate& update);
  void on(Context& ctx, const Act&);
  void on(Context& ctx, const Receipt& receipt) override;
  void on(Context& ctx, const SignedPrice& signed_price) override;
  void on(Context&, const L1Head& head) override { base_fee_ = head.base_fee; }
  void on(Context&, const L1Reorg&) override {}
  void on(Context&, const L1Finalised&) override {}
  void on(Context& ctx, const Shock& shock) override;

  struct Counts {
    std::uint64_t sent = 0;
    std::uint64_t won = 0;          // executed, in part or whole
    std::uint64_t lost = 0;         // refused: somebody was faster, or the price came back
    std::uint64_t stayed_out = 0;   // occasions missed for the price of gas
    std::uint64_t deleveraged = 0;  // transactions sent
  };
  [[nodiscard]] const Counts& counts() const { return counts_; }
  [[nodiscard]] Wei gas_spent() const { return gas_spent_; }
  [[nodiscard]] Wei gas_wasted() const { return gas_wasted_; }  // on transactions that were refused
  void report(MetricList& out) const override;

  void visit_state(auto& v) {
    Agent::visit_state(v);
    v("waiting", waiting_);
    v("acting", acting_);
    v("unwinding_since", unwinding_since_);
    v("base_fee", base_fee_);
    v("signed_price", signed_price_);
    v("gas_spent", gas_spent_);
    v("gas_wasted", gas_wasted_);
    v("first_sent", first_sent_);
    v("first_deleveraged", first_deleveraged_);
    v("counts", counts_);
    v("down", down_);
  }

 private:
  [[nodiscard]] bool uses_signed_price() const {
    return node().params().oracle.policy == OraclePolicy::Pull && signed_price_.time.happened() &&
           signed_price_.time > node().oracle_time();
  }
  [[nodiscard]] Price looks_at() const {
    return uses_signed_price() ? signed_price_.price : node().oracle();
  }
  [[nodiscard]] bool waits_for_auction(AccountId target, Time now) const;
  void wake(Context& ctx);
  [[nodiscard]] bool can_pay() const;
  [[nodiscard]] bool sees_prey() const;
  void send(Context& ctx, TxKind kind, AccountId target);
  void stay_out(Context& ctx);
  void hunt(Context& ctx);
  void unwind(Context& ctx);

  struct Attempt {
    Time sent;
    Wei fee;
    void visit_state(auto& v) {
      v("sent", sent);
      v("fee", fee);
    }
  };

  std::map<AccountId, Attempt> waiting_;  // by target: transactions without answer
  std::uint8_t acting_ = 0;               // an Act is on its way
  Time unwinding_since_ = Time::never();
  GasPrice base_fee_;
  SignedPrice signed_price_{{}, {}, Time::never()};
  Wei gas_spent_;
  Wei gas_wasted_;
  Time first_sent_ = Time::never();  // a liquidation
  Time first_deleveraged_ = Time::never();
  Counts counts_;
  Switch down_;
  std::vector<AccountId> scratch_;  // not state

  Probe<std::uint64_t> out_probe_{{.name = "stayed_out",
                                   .doc = "Times it found prey but gas was too dear",
                                   .recorders = "last",
                                   .unit = "1"}};
  Probe<std::uint64_t> won_probe_{{.name = "won",
                                   .doc = "Liquidations that were its own so far",
                                   .recorders = "last",
                                   .unit = "1"}};
  Probe<std::uint64_t> lost_probe_{
      {.name = "lost", .doc = "Attempts refused so far", .recorders = "last", .unit = "1"}};
};

}  // namespace mezz

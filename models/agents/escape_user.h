// Users who do not wait for ever: they withdraw now and then, and when a withdrawal has no receipt
// after their patience they file a forced withdrawal with the escape hatch of the layer two, and a
// forced trade for the position they hold. When a request of anybody is overdue they call for the
// freeze at its first instant; once the chain is frozen, they and a share of all other accounts
// escape, in the order of their numbers, each after its own reaction time. Source: StarkEx
// perpetual (forcedWithdrawalRequest, forcedTradeRequest, freezeRequest, escape); reference sheet
// "layer-two protocols" section 3.4. A forced trade needs a counterparty who has signed it, found
// off-line: every search takes a drawn time and succeeds with a probability; the counterparty is an
// account of this agent that trades at a discount. On the exchange it is the counterparty's order
// with the user's behind it: whoever quotes better meets the user instead, and what is left of the
// counterparty's order rests. Gas is a modelling default. On designs without a hatch they only
// withdraw. Left out: claims bought up by others, who gives up when gas costs more than the claim.
#pragma once

#include <map>
#include <vector>

#include "models/agents/agent.h"
#include "models/agents/genesis.h"
#include "models/layer2/escape.h"
#include "models/market/price/price_tick.h"
#include "sim/config/visit.h"
#include "sim/random/distribution_params.h"

namespace mezz {

struct EscapeUserParams {
  std::int64_t accounts = 20;
  Money capital = 10'000_usd;
  Quantity position = 100_lots;
  double withdrawals_per_hour = 6.0;
  Money amount = 100_usd;
  Duration patience = 1_h;
  bool premium = false;
  Ratio counterparty_found = 50_percent;
  DelayDistribution counterparty_delay = DelayDistribution::exponential(4_h);
  Ratio counterparty_discount = 1_percent;
  Ratio escape_share = Ratio::one();
  Duration reaction = 1_h;
  Duration look_interval = 10_min;
  Gas request_gas{150'000};
  Gas premium_gas{1'000'000};
  Gas freeze_gas{100'000};
  Gas escape_gas{1'000'000};
  GasPrice tip = 2_gwei;
  GasPrice cap = 500_gwei;

  void visit(auto& v) {
    v("accounts", accounts, {.doc = "Accounts of its own", .min = 1, .max = 1'000'000});
    v("capital", capital, {.doc = "Of each", .min = Money{1}});
    v("position", position,
      {.doc = "Of each, long and short in turn; 0: none", .min = Quantity{0}});
    v("withdrawals_per_hour", withdrawals_per_hour,
      {.doc = "Mean rate, of all together", .min = 0.0, .max = 1e6});
    v("amount", amount, {.doc = "Of each withdrawal", .min = Money{1}});
    v("patience", patience,
      {.doc = "Without a receipt by then the withdrawal is forced over layer one", .min = 1_ms});
    v("premium", premium,
      {.doc = "Pays the premium (premium_gas) that passes the limit of requests per block"});
    v("counterparty_found", counterparty_found,
      {.doc = "Probability that a search for a counterparty of a forced trade succeeds",
       .min = Ratio::zero(),
       .max = Ratio::one()});
    v("counterparty_delay", counterparty_delay, {.doc = "Time that each search takes"});
    v("counterparty_discount", counterparty_discount,
      {.doc = "By which the counterparty's price is worse than the mark",
       .min = Ratio::zero(),
       .max = 50_percent});
    v("escape_share", escape_share,
      {.doc = "Share of all accounts of the exchange that escape after a freeze",
       .min = Ratio::zero(),
       .max = Ratio::one()});
    v("reaction", reaction,
      {.doc = "Mean time over which the escapes are sent after the freeze", .min = 1_ms});
    v("look_interval", look_interval, {.doc = "How often they look at the hatch", .min = 1_s});
    v("request_gas", request_gas,
      {.doc = "Gas of a forced request [D]", .min = Gas{21'000}, .max = Gas{16'000'000}});
    v("premium_gas", premium_gas,
      {.doc = "Gas of one with premium (StarkEx: about 1 M)",
       .min = Gas{21'000},
       .max = Gas{16'000'000}});
    v("freeze_gas", freeze_gas,
      {.doc = "Gas of the freeze [D]", .min = Gas{21'000}, .max = Gas{16'000'000}});
    v("escape_gas", escape_gas,
      {.doc = "Gas of an escape, its slow verifier included [D]",
       .min = Gas{21'000},
       .max = Gas{16'000'000}});
    v("tip", tip, {.doc = "Priority fee offered at first"});
    v("cap", cap, {.doc = "Fee above which a call is not included"});
  }
};

class EscapeUser final : public Agent<EscapeUser, EscapeUserParams, PriceObserver> {
 public:
  struct Ask {};
  struct Look {};
  struct Freeze {};
  struct EscapeNext {};
  struct Overdue {
    std::uint64_t number;
  };
  struct SearchOver {
    AccountId account;
  };

  // Throws ScenarioError.
  EscapeUser(const Site& site, const EscapeUserParams& params, const MarketAccess& access,
             AccountRange accounts);
  using Agent::on;
  // The last account is the counterparty's.
  static AccountRange genesis(Exchange& exchange, const EscapeUserParams& params);

  void on(Context& ctx, const Start&);
  void on(Context& ctx, const Ask&);
  void on(Context& ctx, const Look&);
  void on(Context& ctx, const Freeze&);
  void on(Context& ctx, const EscapeNext&);
  void on(Context& ctx, const Overdue& overdue);
  void on(Context& ctx, const SearchOver& search);
  void on(Context& ctx, const Receipt& receipt) override;
  void on(Context& ctx, const PriceTick& tick) override;

  [[nodiscard]] std::uint64_t asked() const { return asked_; }
  [[nodiscard]] std::uint64_t forced() const { return forced_; }
  [[nodiscard]] std::uint64_t trades() const { return trades_; }
  [[nodiscard]] std::uint64_t searches() const { return searches_; }
  [[nodiscard]] std::uint64_t escapes() const { return escapes_; }

  void visit_state(auto& v) {
    Agent::visit_state(v);
    v("unanswered", unanswered_);
    v("searching", searching_);
    v("sent", sent_);
    v("outside", outside_);
    v("next_escape", next_escape_);
    v("escaping", escaping_);
    v("freezing", freezing_);
    v("asked", asked_);
    v("forced", forced_);
    v("trades", trades_);
    v("searches", searches_);
    v("escapes", escapes_);
  }

 private:
  [[nodiscard]] bool can_use_hatch() const;
  [[nodiscard]] std::uint32_t own_accounts() const { return accounts().count - 1; }
  [[nodiscard]] bool escapes(AccountId account) const;
  [[nodiscard]] Transaction order(const Context& ctx, AccountId account, Quantity quantity,
                                  Price price) const;
  void wait(Context& ctx);
  void search(Context& ctx, AccountId account);
  void file(Context& ctx, const ForcedRequestData& data);
  struct Call {
    L1CallKind kind;
    std::uint64_t a = 0;
    std::uint64_t b = 0;
    Gas gas;
  };
  void call(Context& ctx, const Call& call);

  std::map<std::uint64_t, AccountId> unanswered_;  // withdrawals, by number
  std::vector<std::uint8_t> searching_;            // for a counterparty, by own account
  std::vector<std::uint8_t> sent_;                 // escapes, by account of the exchange
  Price outside_;
  std::uint32_t next_escape_ = 0;
  std::uint32_t escaping_ = 0;
  std::uint64_t freezing_ = 0;
  std::uint64_t asked_ = 0;
  std::uint64_t forced_ = 0;
  std::uint64_t trades_ = 0;
  std::uint64_t searches_ = 0;
  std::uint64_t escapes_ = 0;
};

}  // namespace mezz

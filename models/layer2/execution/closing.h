// One liquidation under way: a position of an account that falls short is closed, or deleveraged,
// as the rule of the scenario says (liquidation_presets.h). Internal to the exchange.
//   closing.cpp        the steps that rules share: book, keeper, the fund's part, the end
//   closing_rules.cpp  what a rule decides: how much now, at which limit, in which steps, what the
//                      fund adds or gets
//   closing_ramp.cpp   Drift's rule
//   closing_vault.cpp  what goes to a vault: Hyperliquid's, GMX's and Synthetix's rules
//   exchange_deleverage.cpp   closing against the other side
#pragma once

#include "models/layer2/execution/exchange.h"

namespace mezz {

class Exchange::Closing {
 public:
  // Without keeper: nobody takes over, only deleveraging is left.
  Closing(Exchange& exchange, const Liquidated& what, AccountId keeper, Time since,
          BlockOutput& out)
      : x_(exchange),
        out_(out),
        target_(what.account),
        keeper_(keeper),
        instrument_(what.instrument),
        since_(since) {}

  // Rejected: the account (or purse) was liquidated in this block already, or nothing can be
  // closed.
  TxStatus liquidate();
  TxStatus deleverage();

 private:
  struct FundTerms {
    Money delta;  // > 0: fee to the fund; < 0: what the fund must add
    Money most;   // it may add
  };
  struct Bonus {  // of a keeper that takes over at a fixed discount
    Money keeper;
    Money fund;
  };

  struct RampTerms {                // Drift's, of this closing
    std::int64_t fee_ppm = 0;       // of the notional, to the keeper
    std::int64_t fund_fee_ppm = 0;  // and to the fund
    bool covers = false;            // what is closed now covers the shortage
  };

  // closing_rules.cpp
  bool plan(const liquidation::Subject& before);
  void run();
  [[nodiscard]] FundTerms fund_terms(const FillTerms& terms) const;
  [[nodiscard]] FillTerms keeper_terms(Quantity lots) const;
  [[nodiscard]] Bonus bonus_of(Quantity lots) const;
  [[nodiscard]] Bonus aave_bonus(Quantity lots) const;
  void to_backstop();
  void by_clip();
  void start_clip();

  // closing_ramp.cpp
  [[nodiscard]] Quantity ramp_lots(const liquidation::Subject& before);
  [[nodiscard]] Bonus ramp_bonus(Quantity lots) const;
  [[nodiscard]] Money ramp_shortage(const margin::Risk& now) const;
  void by_ramp();

  // closing_vault.cpp
  void to_vault(Money reward);
  void to_pool();
  [[nodiscard]] Money flag_reward() const;

  // closing.cpp
  [[nodiscard]] TxStatus status() const;
  [[nodiscard]] liquidation::Subject subject() const { return x_.subject(target_, instrument_); }
  [[nodiscard]] const Market& market() const { return x_.market_of(instrument_); }
  // Of what stands together: the account, or the isolated position; in micro-dollars at the marks.
  [[nodiscard]] Int128 gross_notional() const;
  [[nodiscard]] bool is_gone() const;
  [[nodiscard]] bool is_stuck() const;  // insolvent, and still there
  void on_book();
  void to_keeper();
  [[nodiscard]] Quantity keeper_capacity() const;
  bool close_part(AccountId counterparty, const FillTerms& terms, LiquidationEvent& event);
  void report(LiquidationEvent& event, const FillSum& sum);
  void finish();

  // exchange_deleverage.cpp
  void walk();
  void against(AccountId other);

  Exchange& x_;
  BlockOutput& out_;
  AccountId target_;
  AccountId keeper_;
  InstrumentId instrument_;
  Time since_;
  Price limit_ = {};
  Quantity left_ = {};  // > 0 buys back a short
  Money fund_paid_ = {};
  bool refused_ = false;  // the fund could not pay
  bool partial_ = false;  // less than the position, and it cools down afterwards
  std::int64_t steps_ = 0;
  RampTerms ramp_ = {};
};

}  // namespace mezz

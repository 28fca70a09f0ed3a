// One party that moves the index of a thin underlying and is paid by the venue. It holds positions
// through several accounts, buys the underlying outside (price/outside_market.h), and takes out
// what the venue believes it has won. By its parameters it is, with what was published:
//   squeeze    longs of many accounts that are enlarged with every profit, then the outside holding
//   is
//              sold: the venue's fund pays for accounts that are beyond saving (dYdX, YFI,
//              2023-11-17)
//   borrowing  long against an own short, a pump, and a withdrawal against the unrealised profit;
//   the
//              short is left behind (Mango, 2022-10-11)
//   handing over   the same with the margin of the short withdrawn first, so that whoever takes
//   over
//              liquidated positions gets it and pays for the pump (JELLY, 2025-03-26)
// Time runs in steps of `interval`. From `open_at` until `dump_at` the winning accounts trade
// towards `leverage` times their equity, once or (`pyramid`) for ever; the losing ones, if
// `counterparty` is own, offer the other side. From `pump_at` it buys `spot` outside in equal
// slices over `pump_duration`; from `dump_at` it sells a share of it in slices over
// `dump_duration`.
// Its profit is cash: withdrawn, less deposited, less paid outside. Left out: loans, a second venue
// whose price is pumped, cost of holding.
#pragma once

#include <cstdint>
#include <vector>

#include "models/agents/agent.h"
#include "models/agents/genesis.h"
#include "models/layer2/reporter.h"
#include "models/market/price/outside_market.h"
#include "sim/config/visit.h"

namespace mezz {

enum class Counterparty : std::uint8_t { Market, Own };
template <>
struct EnumNames<Counterparty> {
  static constexpr std::string_view names[] = {"market", "own"};
};

struct ManipulatorParams {
  std::int64_t winners = 10;
  Money capital = 500'000_usd;
  Ratio leverage = Ratio::one() * 5;
  Counterparty counterparty = Counterparty::Market;
  bool pyramid = true;
  Quantity clip = 1'000_lots;
  Ratio slippage = 3_percent;
  Duration interval = 10_s;
  Duration open_at = 1_min;
  Duration pump_at = 10_min;
  Duration pump_duration = 10_min;
  Money spot = 1'000'000_usd;
  Duration dump_at = 1_h;
  Duration dump_duration = 10_s;
  Ratio dump_share = Ratio::one();
  bool strip_losers = false;
  Money withdraw_max = 0_usd;

  void visit(auto& v) {
    v("winners", winners, {.doc = "Accounts that are long", .min = 1, .max = 10'000});
    v("capital", capital,
      {.doc = "Deposit of each account at the start, of the other side as well", .min = Money{1}});
    v("leverage", leverage, {.doc = "Notional over equity it aims at", .min = Ratio{1'000'000}});
    v("counterparty", counterparty, {.doc = "Who sells to its longs"});
    v("pyramid", pyramid, {.doc = "Enlarge the positions with every profit"});
    v("clip", clip, {.doc = "Largest order of an account in one step", .min = Quantity{1}});
    v("slippage", slippage,
      {.doc = "How far from the mark it trades", .min = Ratio::zero(), .max = Ratio::one()});
    v("interval", interval, {.doc = "Time between two steps", .min = 100_ms});
    v("open_at", open_at, {.doc = "When it begins to trade here"});
    v("pump_at", pump_at, {.doc = "When it begins to buy outside"});
    v("pump_duration", pump_duration, {.doc = "How long it buys", .min = 1_ms});
    v("spot", spot,
      {.doc = "What it buys outside, valued at the initial price", .min = Money::zero()});
    v("dump_at", dump_at, {.doc = "When it begins to sell outside"});
    v("dump_duration", dump_duration, {.doc = "How long it sells", .min = 1_ms});
    v("dump_share", dump_share,
      {.doc = "Share of it that it sells", .min = Ratio::zero(), .max = Ratio::one()});
    v("strip_losers", strip_losers,
      {.doc = "Withdraw the free margin of the accounts on the other side from pump_at"});
    v("withdraw_max", withdraw_max,
      {.doc = "What it withdraws of the winners' free margin from pump_at, in all",
       .min = Money::zero()});
  }
};

// Pure: the part of `whole` that is due when `done` of `steps` equal steps are over.
Quantity due(Quantity whole, std::int64_t done, std::int64_t steps);

class Manipulator final : public Agent<Manipulator, ManipulatorParams, OutsideTrader>,
                          public Reporter {
 public:
  struct Step {};

  // Throws ScenarioError when there is no market outside or the times run backwards.
  Manipulator(const Site& site, const ManipulatorParams& params, const MarketAccess& access,
              AccountRange accounts);
  using Agent::on;
  static AccountRange genesis(Exchange& exchange, const ManipulatorParams& params) {
    const std::int64_t sides = params.counterparty == Counterparty::Own ? 2 : 1;
    return open_accounts(exchange, static_cast<std::uint32_t>(params.winners * sides),
                         params.capital);
  }

  void on(Context& ctx, const Start&);
  void on(Context& ctx, const Step&);
  void on(Context& ctx, const Receipt& receipt) override;
  void on(Context& ctx, const OutsideFill& fill) override;

  struct Books {
    Money withdrawn;
    Money spot_net;        // paid less received
    Money spot_paid;       // paid
    Money unrealised_max;  // equity of the winners beyond their deposits, at its highest
    Money notional_max;    // of the winners' positions at the mark
    Quantity spot_held;
    Quantity spot_ordered;  // bought so far, answered or not
    Quantity spot_dumped;   // sold so far, answered or not
  };
  [[nodiscard]] const Books& books() const { return books_; }
  [[nodiscard]] Money deposited() const { return params().capital * accounts().count; }
  [[nodiscard]] Money profit() const { return books_.withdrawn - deposited() - books_.spot_net; }
  void report(MetricList& out) const override;

  void visit_state(auto& v) {
    Agent::visit_state(v);
    v("books", books_);
    v("asked", asked_);
    v("opened", opened_);
    v("ordered", ordered_);
  }

 private:
  [[nodiscard]] std::uint32_t winners() const {
    return static_cast<std::uint32_t>(params().winners);
  }
  [[nodiscard]] Quantity wanted(AccountId account) const;
  void build(Context& ctx, std::uint32_t row);
  void trade_outside(Context& ctx, Duration now);
  void harvest(Context& ctx, std::uint32_t row, Money most);
  void value_winners();

  Books books_;
  std::vector<Money> asked_;          // by row: a withdrawal without an answer
  std::vector<std::uint8_t> opened_;  // by row: has reached its position once
  std::vector<Time> ordered_;         // by row: an order without an answer
};

}  // namespace mezz

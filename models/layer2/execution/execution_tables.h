// What the execution node writes to the result file: one row per trade, forced closure, funding
// tick, withdrawal, oracle update, block and transaction. Rows of blocks that a re-organisation
// dropped stay in the file; `incarnation` tells them from those that took their place.
#pragma once

#include <cstdint>

#include "models/layer2/chain.h"
#include "models/layer2/execution/exchange.h"
#include "models/layer2/execution/market_samples.h"
#include "sim/record/event_table.h"

namespace mezz {

struct TradeRow {
  Time time;
  BlockId block;
  AccountId taker;
  AccountId maker;
  InstrumentId instrument;
  Quantity quantity;
  Price price;
  Money taker_fee;
  Money maker_fee;
  std::uint64_t incarnation = 0;
  void visit(auto& v) {
    v("time", time);
    v("block", block);
    v("taker", taker);
    v("maker", maker);
    v("instrument", instrument,
      {.doc = "0: the perpetual; then the listings in the order of the scenario"});
    v("quantity", quantity, {.doc = "Positive: the taker bought"});
    v("price", price);
    v("taker_fee", taker_fee);
    v("maker_fee", maker_fee);
    v("incarnation", incarnation);
  }
};

struct LiquidationRow {
  Time time;
  BlockId block;
  LiquidationEvent event = {};
  std::uint64_t incarnation = 0;
  void visit(auto& v) {
    v("time", time);
    v("block", block);
    v("account", event.account);
    v("counterparty", event.counterparty, {.doc = "Keeper or deleveraged account"});
    v("instrument", event.instrument,
      {.doc = "0: the perpetual; then the listings in the order of the scenario"});
    v("step", event.step);
    v("quantity", event.quantity, {.doc = "Closed by this step, signed for the account"});
    v("price", event.price, {.doc = "Average, rounded to the tick"});
    v("notional", event.notional, {.doc = "At the mark; of the perpetual, at the index price"});
    v("fee", event.fee, {.doc = "From the account to the insurance fund"});
    v("fund_paid", event.fund_paid);
    v("bad_debt", event.bad_debt);
    v("socialised", event.socialised, {.doc = "Borne by all accounts at the end of the block"});
    v("cost", event.cost,
      {.doc =
           "Lost against the mark, fees included; negative when deleveraged counterparties lost"});
    v("liquidatable_since", event.liquidatable_since);
    v("incarnation", incarnation);
  }
};

struct FundingRow {
  Time time;
  BlockId block;
  FundingEvent event = {};
  std::uint64_t incarnation = 0;
  void visit(auto& v) {
    v("time", time);
    v("block", block);
    v("instrument", event.instrument,
      {.doc = "0: the perpetual; then the listings in the order of the scenario"});
    v("rate_ppm", event.rate_ppm,
      {.doc = "Per 8 hours, after the clamp; of the perpetual, and where it follows a skew"});
    v("skew", event.skew, {.doc = "Net lots of those who trade against a pool, long positive"});
    v("paid", event.paid, {.doc = "Sum over the payers"});
    v("rounding", event.rounding);
    v("incarnation", incarnation);
  }
};

struct ExpiryRow {
  Time time;
  BlockId block;
  ExpiryEvent event = {};
  std::uint64_t incarnation = 0;
  void visit(auto& v) {
    v("time", time);
    v("block", block);
    v("instrument", event.instrument,
      {.doc = "0: the perpetual; then the listings in the order of the scenario"});
    v("index", event.index, {.doc = "It settled at, of one unit of the underlying"});
    v("value", event.value, {.doc = "Of one lot"});
    v("open_interest", event.open_interest, {.doc = "Settled, long side"});
    v("paid", event.paid, {.doc = "Sum over the winners"});
    v("incarnation", incarnation);
  }
};

// One row a listing and block in which the marks were made anew.
struct ListingMarkRow {
  Time time;
  BlockId block;
  InstrumentId instrument;
  Price mark;
  Price best_bid;
  Price best_ask;
  Price last_trade;
  Quantity open_interest;
  std::uint64_t incarnation = 0;
  void visit(auto& v) {
    v("time", time);
    v("block", block);
    v("instrument", instrument,
      {.doc = "0: the perpetual; then the listings in the order of the scenario"});
    v("mark", mark, {.doc = "The model's value, in ticks of the listing"});
    v("best_bid", best_bid, {.doc = "0: nobody"});
    v("best_ask", best_ask, {.doc = "0: nobody"});
    v("last_trade", last_trade, {.doc = "0: none yet"});
    v("open_interest", open_interest);
    v("incarnation", incarnation);
  }
};

struct WithdrawalRequestRow {
  Time time;
  BlockId block;
  std::uint64_t number = 0;
  AccountId account;
  Money amount;
  std::uint64_t incarnation = 0;
  void visit(auto& v) {
    v("time", time);
    v("block", block);
    v("number", number, {.doc = "Position in the chain's list of withdrawals"});
    v("account", account);
    v("amount", amount);
    v("incarnation", incarnation);
  }
};

struct OracleUpdateRow {
  Time time;
  BlockId block;
  Time observed;
  Price price;
  TxStatus status = TxStatus::Executed;
  void visit(auto& v) {
    v("time", time);
    v("block", block);
    v("observed", observed, {.doc = "When the source saw the price"});
    v("price", price);
    v("status", status);
  }
};

struct BlockRow {
  Time time;
  BlockId block;
  std::uint64_t transactions = 0;
  std::uint64_t bytes = 0;
  std::uint64_t l1_origin = 0;
  std::uint64_t root = 0;
  MarketUpdate market = {};
  Quantity open_interest;
  Money insurance_fund;
  Money bad_debt;
  std::uint64_t incarnation = 0;
  void visit(auto& v) {
    v("time", time);
    v("block", block);
    v("transactions", transactions);
    v("bytes", bytes, {.doc = "Compressed, as published"});
    v("l1_origin", l1_origin);
    v("root", root);
    v("oracle", market.oracle);
    v("best_bid", market.best_bid);
    v("best_ask", market.best_ask);
    v("open_interest", open_interest);
    v("insurance_fund", insurance_fund);
    v("bad_debt", bad_debt);
    v("incarnation", incarnation);
  }
};

struct TransactionRow {
  Time submitted;
  Time preconfirmed;
  Time published;
  Time order_final;
  Time asserted;
  Time settled;
  TxId transaction;
  BlockId block;
  AccountId account;
  TxKind kind = TxKind::PlaceOrder;
  TxStatus status = TxStatus::Executed;
  void visit(auto& v) {
    v("transaction", transaction, {.doc = "Position in the chain"});
    v("block", block);
    v("account", account);
    v("kind", kind);
    v("status", status);
    v("submitted", submitted);
    v("preconfirmed", preconfirmed);
    v("published", published);
    v("order_final", order_final);
    v("asserted", asserted);
    v("settled", settled);
  }
};

class ExecutionTables {
 public:
  void declare(Recording& recording, const ExchangeParams& params);
  // The head block of the chain and what it did.
  void record_block(Time now, const Layer2Chain& chain, const Exchange& exchange,
                    const BlockOutput& out);
  void record_transactions(const Layer2Chain& chain, BlockId block);

 private:
  void record_marks(Time now, const Layer2Block& block, const Exchange& exchange);

  EventTable<TradeRow> trades_;
  EventTable<LiquidationRow> liquidations_;
  EventTable<FundingRow> funding_;
  EventTable<ExpiryRow> expiries_;
  EventTable<ListingMarkRow> marks_;
  EventTable<WithdrawalRequestRow> withdrawals_;
  EventTable<OracleUpdateRow> oracle_updates_;
  EventTable<BlockRow> blocks_;
  EventTable<TransactionRow> transactions_;
  MarketSamples samples_;
};

}  // namespace mezz

#include "models/layer2/execution/execution_tables.h"

namespace mezz {

void ExecutionTables::declare(Recording& recording, const ExchangeParams& params) {
  trades_.declare(recording, "trades", "Fills of the order book");
  liquidations_.declare(recording, "liquidations", "Forced closures, step by step");
  funding_.declare(recording, "funding", "Funding settlements");
  expiries_.declare(recording, "expiries", "Settlements of listings at their expiry");
  marks_.declare(recording, "listing_marks", "Marks and quotes of the listings");
  withdrawals_.declare(recording, "withdrawal_requests", "Withdrawals debited on layer two");
  oracle_updates_.declare(recording, "oracle_updates", "Index prices offered to the exchange");
  blocks_.declare(recording, "blocks", "Layer-two blocks and the market after them");
  transactions_.declare_at(recording, "tx", "Transactions and the rungs they reached");
  samples_.declare(recording, params);
}

void ExecutionTables::record_block(Time now, const Layer2Chain& chain, const Exchange& exchange,
                                   const BlockOutput& out) {
  const Layer2Block& block = chain.head_block();
  const std::uint64_t incarnation = block.incarnation;
  MEZZ_ASSERT(block.root == exchange.root());
  for (const TradeEvent& t : out.trades) {
    trades_.append({now, block.number, t.taker, t.maker, t.instrument, t.quantity, t.price,
                    t.taker_fee, t.maker_fee, incarnation});
  }
  for (const LiquidationEvent& e : out.liquidations) {
    liquidations_.append({now, block.number, e, incarnation});
  }
  for (const FundingEvent& e : out.funding) funding_.append({now, block.number, e, incarnation});
  for (const ExpiryEvent& e : out.expiries) expiries_.append({now, block.number, e, incarnation});
  if (exchange.marked_at() == block.sealed) record_marks(now, block, exchange);
  for (const WithdrawalEvent& e : out.withdrawals) {
    withdrawals_.append({now, block.number, e.number, e.account, e.amount, incarnation});
  }
  samples_.record(now, chain, exchange);
  if (oracle_updates_.enabled()) {
    for (std::uint64_t i = block.first; i < block.first + block.count; ++i) {
      const ChainTransaction& tx = chain.transaction(i);
      if (tx.transaction.kind != TxKind::OracleUpdate) continue;
      const Time observed{static_cast<std::int64_t>(tx.transaction.reference)};
      oracle_updates_.append({now, block.number, observed, {tx.transaction.price}, tx.status});
    }
  }
  if (!blocks_.enabled()) return;
  const ExchangeTotals totals = exchange.totals();
  blocks_.append({.time = now,
                  .block = block.number,
                  .transactions = block.count,
                  .bytes = block.bytes,
                  .l1_origin = block.l1_origin,
                  .root = block.root,
                  .market = exchange.market(),
                  .open_interest = totals.open_interest,
                  .insurance_fund = totals.fund_and_vault(),
                  .bad_debt = totals.bad_debt,
                  .incarnation = incarnation});
}

void ExecutionTables::record_marks(Time now, const Layer2Block& block, const Exchange& exchange) {
  if (!marks_.enabled()) return;
  for (std::uint16_t i = 1; i < exchange.instruments(); ++i) {
    const OrderBook& book = exchange.book({i});
    marks_.append({.time = now,
                   .block = block.number,
                   .instrument = {i},
                   .mark = exchange.mark({i}),
                   .best_bid = book.has(Side::Buy) ? book.best(Side::Buy) : Price{},
                   .best_ask = book.has(Side::Sell) ? book.best(Side::Sell) : Price{},
                   .last_trade = exchange.last_trade({i}),
                   .open_interest = exchange.open_interest({i}),
                   .incarnation = block.incarnation});
  }
}

void ExecutionTables::record_transactions(const Layer2Chain& chain, BlockId number) {
  if (!transactions_.enabled()) return;
  const Layer2Block& block = chain.block(number);
  for (std::uint64_t i = block.first; i < block.first + block.count; ++i) {
    const ChainTransaction& tx = chain.transaction(i);
    transactions_.append({.submitted = tx.transaction.submitted,
                          .preconfirmed = block.ladder[Rung::Preconfirmed],
                          .published = block.ladder[Rung::Published],
                          .order_final = block.ladder[Rung::OrderFinal],
                          .asserted = block.ladder[Rung::Asserted],
                          .settled = block.ladder[Rung::Settled],
                          .transaction = TxId{i},
                          .block = number,
                          .account = tx.transaction.account,
                          .kind = tx.transaction.kind,
                          .status = tx.status});
  }
}

}  // namespace mezz

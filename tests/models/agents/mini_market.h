// A market for tests of agents: the real Exchange behind an inbox, one block per second, without
// the rest of a layer two. Deposits reach it as a contract on layer one.
#pragma once

#include <vector>

#include "models/agents/market_view.h"
#include "models/market/price/price_process.h"
#include "sim/world/world.h"

namespace mezz {

class MiniMarket final : public EntityOf<MiniMarket, ExchangeParams, Inbox, L1Contract> {
 public:
  struct Seal {};
  struct Owned {
    AccountRange accounts;
    Ref<AccountOwner> owner;
  };

  MiniMarket(const Site& site, const ExchangeParams& params)
      : EntityOf(site, params), exchange(params) {}

  void own(AccountRange accounts, Ref<AccountOwner> owner) { owners.push_back({accounts, owner}); }
  void on(Context& ctx, const Start&) { after(ctx, 1_s, Seal{}); }
  void on(Context&, const SubmitTransaction& message) override {
    waiting.push_back(message.transaction);
  }
  void on(Context& ctx, const L1Execute& call) override {
    waiting.push_back({.account = AccountId{static_cast<std::uint32_t>(call.a)},
                       .kind = TxKind::Deposit,
                       .amount = static_cast<std::int64_t>(call.b),
                       .submitted = ctx.now()});
  }
  void on(Context&, const L1Undo&) override {}
  void on(Context& ctx, const Seal&) {
    after(ctx, 1_s, Seal{});
    block = BlockId{block.value + 1};
    exchange.begin_block(block, ctx.now());
    BlockOutput out;
    for (const Transaction& tx : waiting) (void)exchange.execute(tx, TxId{next_tx++}, out);
    ctx.add_to_fingerprint(exchange.end_block(out));
    for (const Receipt& receipt : out.receipts) tell(ctx, receipt.account, receipt);
    for (const MakerFill& fill : out.maker_fills) tell(ctx, fill.account, fill);
    for (const Transaction& tx : waiting) log.push_back(tx);
    waiting.clear();
    for (const Ref<MarketObserver> observer : observers) ctx.send(observer, exchange.market());
  }
  void visit_state(auto& v) {
    v("exchange", exchange);
    v("waiting", waiting);
    v("block", block);
    v("next_tx", next_tx);
  }
  // A report, as if an oracle had sent it.
  [[nodiscard]] static SubmitTransaction report(std::int64_t ticks, Time seen) {
    return {{.account = AccountId::none(),
             .kind = TxKind::OracleUpdate,
             .price = ticks,
             .reference = static_cast<std::uint64_t>(seen.ns),
             .submitted = seen}};
  }
  [[nodiscard]] std::size_t count(TxKind kind) const {
    std::size_t found = 0;
    for (const Transaction& tx : log) found += tx.kind == kind ? 1 : 0;
    return found;
  }

  Exchange exchange;
  std::vector<Transaction> waiting;
  std::vector<Transaction> log;
  std::vector<Owned> owners;
  std::vector<Ref<MarketObserver>> observers;
  BlockId block = BlockId{0};
  std::uint64_t next_tx = 0;

 private:
  template <class M>
  void tell(Context& ctx, AccountId account, const M& message) {
    for (const Owned& owned : owners) {
      if (owned.accounts.contains(account)) ctx.send(owned.owner, message);
    }
  }
};

// Ticks of 0.1 USD, lots of 0.001 units, index 50 000 USD = 500 000 ticks; a lot is 50 USD.
inline ExchangeParams test_exchange() {
  ExchangeParams params;
  params.contract = {.underlying = "BTC", .tick = Money{100'000}, .lot_decimals = 3};
  params.initial_price = 50'000_usd;
  params.oracle.max_age = 1_h;
  return params;
}

}  // namespace mezz

// The perpetual exchange as a state machine: the state of the layer two. A plain value without
// clock, engine or randomness: the same transactions in the same blocks give the same state and the
// same root, which is what lets a challenger find a false claim by running it again. Copy it to
// keep a state, assign it to return to one.
//
// Modelled: a linear perpetual with the rules of dYdX v4 (cross margin in quote; index price from
// an oracle; price-time order book; hourly funding from impact-price premiums; liquidation by
// transaction at the fillable price; insurance fund; deleveraging at the bankruptcy price; bad debt
// when all fails); and any number of listings on the same underlying (models/instruments): futures,
// options, digitals, everlasting options, power perpetuals, each with a book of its own. An account
// is {quote balance, positions}: equity = quote + sum of position x mark. A trade moves quote
// between two accounts, so money is conserved by construction, and checked by the ledger. Accounts
// with nothing but the perpetual are margined by its tier and found by their liquidation price;
// those that hold listings by the rule of `margin` over all they hold, and, where that is a rule of
// portfolios, liquidated by Dutch auction (exchange_auction.cpp). Expiries settle at the head of
// the first block that is due, at the average of the index before them. Left out: sub-account
// transfers, order expiry, several underlyings.
// Ours, where dYdX differs: funding is paid to every account at the tick, not when it is next
// touched; one premium per sample (a sequencer has no validators to vote); resting reduce-only
// orders exist and are cut when they come to trade; orders of a liquidated account are cancelled.
// With Matching::BatchAuction the orders of a block trade together at its end (exchange_batch.cpp).
#pragma once

#include <cstdint>
#include <vector>

#include "models/layer2/execution/block_output.h"
#include "models/layer2/execution/exchange_state.h"
#include "models/layer2/messages.h"

namespace mezz {

// An OracleUpdate (and, with pull oracles, a Liquidate) may carry the half width of its confidence
// interval, in ticks, as `amount`. An order whose number is that of a live one replaces it. A
// MakerFill with nothing filled and nothing left says that a resting order was removed: self-cross,
// failed margin check, nothing left to reduce, account liquidated. Market orders take any price
// unless they carry one, and never rest.
class Exchange : public ExchangeState {
 public:
  explicit Exchange(const ExchangeParams& params);

  // ---- before the first block
  AccountId open_account();
  void genesis_deposit(AccountId account, Money amount);
  void genesis_position(AccountId account, Quantity quantity, Price entry);
  std::uint64_t end_genesis();  // positions must sum to zero; returns the state root

  // ---- blocks
  void begin_block(BlockId block, Time now);
  TxStatus execute(const Transaction& tx, TxId id, BlockOutput& out);
  std::uint64_t end_block(BlockOutput& out);  // returns the state root
  // The protocol has a transaction of its own to run: funding, or the settlement of an expiry.
  [[nodiscard]] bool funding_due(Time now) const {
    return now >= scalars_.next_tick || now >= scalars_.next_expiry;
  }

 private:
  // What one operation needs for itself, and its steps; each works on an Exchange and is gone when
  // the operation ends.
  class Closing;        // closing.h: one position is liquidated or deleveraged
  class Takeover;       // takeover.h: part of everything an account has goes to a bidder
  class BatchClearing;  // exchange_batch.cpp: the batch auction of one instrument
  class PoolWinners;    // pool_winners.h: those who win against a pool are closed

  // exchange.cpp
  TxStatus dispatch(const Transaction& tx, Receipt& receipt, BlockOutput& out);
  TxStatus deposit(const Transaction& tx);
  TxStatus withdraw(const Transaction& tx, BlockOutput& out);
  TxStatus update_oracle(Price price, Time observed, std::int64_t confidence_ticks);
  void touch(AccountId account);
  void settle_touched();
  void file(AccountId account);
  void note_breach(AccountId account, bool breached);
  void find_breached();

  // exchange_orders.cpp
  TxStatus place(const Transaction& tx, Receipt& receipt, BlockOutput& out);
  bool rest(const Transaction& tx, const Taker& taker);
  bool match(Taker& taker, FillSum& sum, BlockOutput& out);
  void fill(const Taker& taker, const RestingOrder& maker, const FillTerms& terms,
            BlockOutput& out);
  [[nodiscard]] RestingOrder next_maker(const Taker& taker, BlockOutput& out);
  void link_order(OrderRef ref, const RestingOrder& order, const Transaction& tx);
  void unlink_order(OrderRef ref, AccountId account);
  void cancel_order(OrderRef ref, AccountId account);
  void expel_order(OrderRef ref, const RestingOrder& order, BlockOutput& out);
  void cancel_all(AccountId account, BlockOutput& out, bool tell_owner);
  void hash_order(OrderRef ref, const RestingOrder& order);

  // exchange_batch.cpp: the orders of a block together
  TxStatus collect(const Transaction& tx, const Receipt& receipt, BlockOutput& out);
  void give_back(std::size_t collected, TxStatus status, BlockOutput& out);
  bool take_back(AccountId account, std::uint64_t reference, BlockOutput& out);
  void take_back_all(AccountId account, TxStatus status, BlockOutput& out);
  void remove_own_crossing(const Transaction& tx, BlockOutput& out);
  void clear_batches(BlockOutput& out);

  // exchange_trade.cpp: the money side of a fill
  enum class Trader : std::uint8_t { Free, Liquidated };
  void trade(InstrumentId instrument, AccountId taker, AccountId maker, const FillTerms& terms,
             Trader taker_is = Trader::Free);
  void move_lots(InstrumentId instrument, AccountId buyer, AccountId seller, Quantity lots);
  void bring_coins(AccountId account, Quantity coins);
  void change_listed(InstrumentId instrument, AccountId account, Quantity before);
  void pay_from_fund(AccountId account, Money amount);

  // exchange_liquidation.cpp
  TxStatus liquidate(const Transaction& tx, BlockOutput& out);
  TxStatus deleverage(const Transaction& tx, BlockOutput& out);
  void emit(const LiquidationEvent& event, BlockOutput& out);
  [[nodiscard]] bool refresh_pull_price(const Transaction& tx);
  void sweep(AccountId account, Time since, BlockOutput& out);
  void cover(const Liquidated& what, Money loss, Time since, BlockOutput& out);

  // exchange_waterfall.cpp: the vault
  void open_vault();
  void tend_backstop(BlockOutput& out);

  // exchange_losses.cpp: who bears what nobody paid
  void book_loss(LiquidationEvent event, Money loss, BlockOutput& out);
  void share_losses();
  std::int64_t share_by_equity(Money loss);
  std::int64_t share_by_position(const SharedLoss& loss);

  // exchange_deleverage.cpp
  void note_cost(InstrumentId instrument, AccountId account, Quantity before, const Change& change);
  [[nodiscard]] const std::vector<AccountId>& counterparties(InstrumentId instrument, Side held);

  // exchange_listings.cpp: marks, expiry
  void refresh_marks();
  void accrue_fixings();
  void settle_expired(BlockOutput& out);
  void settle_expiry(InstrumentId instrument, BlockOutput& out);

  // exchange_watch.cpp: which portfolios must be looked at
  void watch(AccountId account, const margin::Risk& now);
  void find_breached_portfolios();

  // exchange_isolated.cpp: every position has a purse of its own
  TxStatus move_margin(const Transaction& tx);
  void put_in_purse(AccountId account, InstrumentId instrument, Money amount);
  void release_purse(AccountId account, InstrumentId instrument, Time since, BlockOutput& out);
  bool note_purses(AccountId account);
  [[nodiscard]] ShortPurse* find_short(AccountId account, InstrumentId instrument);
  void mark_for_deleveraging(AccountId account, InstrumentId instrument, bool marked);
  TxStatus liquidate_purses(const Transaction& tx, AccountId target, BlockOutput& out);
  TxStatus deleverage_purses(AccountId target, BlockOutput& out);
  void expel_orders(AccountId account, InstrumentId instrument, BlockOutput& out);
  void charge(AccountId account, Money share);
  void follow_lots(AccountId account, InstrumentId instrument);

  // exchange_pools.cpp
  void open_pools();
  TxStatus swap(const Transaction& tx, Receipt& receipt, BlockOutput& out);
  TxStatus add_liquidity(const Transaction& tx);
  TxStatus remove_liquidity(const Transaction& tx);
  void move_liquidity(const PoolOf& pool, AccountId provider, Money quote, Quantity lots);
  [[nodiscard]] Stake* find_stake(AccountId account, std::uint32_t pool);
  void tend_pools(BlockOutput& out);

  // exchange_auction.cpp
  TxStatus auction(const Transaction& tx, const Liquidated& what, Time since, BlockOutput& out);
  void start_auction(const Liquidated& what, Time since, BlockOutput& out);
  void end_auction(AccountId account, InstrumentId instrument);
  void end_auctions(AccountId account);

  // exchange_skew.cpp: funding that follows the skew of a pool
  void open_skew_funding();
  [[nodiscard]] SkewFunding* skew_of(InstrumentId instrument);
  void accrue_skew(SkewFunding& skew);
  void settle_skew(SkewFunding& skew, AccountId account);
  void settle_skew_of_all(SkewFunding& skew);
  void settle_skew_of_all();
  void settle_skew_before(const Transaction& tx);
  [[nodiscard]] FundingEvent fund_pooled(SkewFunding& skew);

  // exchange_funding.cpp
  void fund_listings(BlockOutput& out);
  void pay_funding(InstrumentId instrument, FundingEvent& event);
  void sample_premium();
  TxStatus settle_funding(BlockOutput& out);
};

}  // namespace mezz

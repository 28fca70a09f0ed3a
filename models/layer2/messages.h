// Transactions and the messages between users, sequencer and the other parts of a layer two.
//
// The market is the layer two's state machine: orders, cancels, deposits, withdrawals, oracle
// updates and liquidations are all Transactions, and change state only in the block where the
// sequencer put them. Layout: 48 bytes, no padding, so that a transaction is its bytes.
#pragma once

#include <cstdint>

#include "models/market/ids.h"
#include "models/market/instrument.h"
#include "sim/engine/message.h"
#include "sim/engine/ref.h"
#include "sim/types/enum_names.h"
#include "sim/types/id.h"
#include "sim/types/money.h"
#include "sim/types/price.h"
#include "sim/types/quantity.h"
#include "sim/types/time.h"

namespace mezz {

class Context;

using TxId = Id<struct TxTag, std::uint64_t>;
using BlockId = Id<struct BlockTag, std::uint64_t>;  // layer-two block number, 0 = genesis
using BatchId = Id<struct BatchTag, std::uint64_t>;

enum class TxKind : std::uint8_t {
  PlaceOrder,    // price, quantity (signed: > 0 buys), time_in_force, flags, reference = client's
                 // order number
  CancelOrder,   // reference = client's order number
  CancelAll,     // all resting orders of the account
  Deposit,       // amount = micros of a dollar; only from layer one
  Withdraw,      // amount
  OracleUpdate,  // price, reference = time of observation in ns
  Liquidate,   // reference = account to liquidate; account = the keeper; price = pull-oracle price
               // or 0
  Deleverage,  // reference = account to close by auto-deleveraging
  SettleFunding,    // hourly tick and expiries, sent by the protocol
  AddLiquidity,     // to the pool of the instrument: amount = quote, price = lots offered
  RemoveLiquidity,  // amount = shares
  MoveMargin,       // isolated margin: amount into the purse of the instrument, or (< 0) out of it
};
template <>
struct EnumNames<TxKind> {
  static constexpr std::string_view names[] = {
      "place_order",    "cancel_order",  "cancel_all",       "deposit",
      "withdraw",       "oracle_update", "liquidate",        "deleverage",
      "settle_funding", "add_liquidity", "remove_liquidity", "move_margin"};
};

struct Transaction {
  enum Flags : std::uint8_t { kReduceOnly = 1, kForced = 2, kMarket = 4 };

  AccountId account;
  TxKind kind = TxKind::PlaceOrder;
  TimeInForce time_in_force = TimeInForce::Gtc;
  std::uint8_t flags = 0;
  std::uint8_t priority = 0;  // level of the tip offered, 0 = none (sequencing/ordering)
  std::int64_t price = 0;     // ticks
  std::int64_t amount = 0;    // lots (orders, signed), else micros of a dollar
  std::uint64_t reference = 0;
  Time submitted;  // when the user sent it
  InstrumentId instrument = kMainInstrument;
  std::uint16_t reserved = 0;
  std::uint32_t range = 0;  // of concentrated liquidity: which of the pool's ranges
};
static_assert(sizeof(Transaction) == 48 && Message<Transaction>);

enum class TxStatus : std::uint8_t {
  Executed,      // did all it asked for, or rests
  PartlyFilled,  // some filled, the rest cancelled (IOC, self-trade, margin)
  Rejected,      // refused by the state machine: margin, post-only would cross, unknown order, ...
  Expired,       // dropped by the sequencer: queue full or too old
  NotLiquidatable,
  Censored,
};
template <>
struct EnumNames<TxStatus> {
  static constexpr std::string_view names[] = {"executed", "partly_filled",    "rejected",
                                               "expired",  "not_liquidatable", "censored"};
};

struct SubmitTransaction {
  Transaction transaction;
};

// To the owner of the account, when the block is sealed (over the wire).
struct Receipt {
  TxId transaction;
  AccountId account;
  TxKind kind;
  TxStatus status;
  InstrumentId instrument = kMainInstrument;
  std::uint64_t reference;  // as in the transaction
  Quantity filled;          // signed
  Price average;            // of the fills, rounded to the tick; 0 if none
  BlockId block;
};
static_assert(Message<Receipt>);

// A resting order of this account was filled by somebody else's transaction.
struct MakerFill {
  AccountId account;
  InstrumentId instrument = kMainInstrument;
  std::uint16_t reserved = 0;
  std::uint64_t reference;  // client's order number
  Quantity filled;          // signed for this account
  Price price;
  Quantity left;
};
static_assert(Message<MakerFill>);

// Public market data of a sealed block.
struct MarketUpdate {
  BlockId block;
  Price oracle;    // index price the state machine uses
  Price best_bid;  // 0 = empty side
  Price best_ask;
  Price last_trade;
  Time oracle_time;  // of observation
};
static_assert(Message<MarketUpdate>);

struct BlockSealed {
  BlockId block;
};
// Blocks above `kept` are gone: their transactions were dropped or wait again.
struct Layer2Reorg {
  BlockId kept;
};

// A sequencer (or any way in) that takes transactions.
class Inbox {
 public:
  virtual ~Inbox() = default;
  virtual void on(Context& ctx, const SubmitTransaction& message) = 0;
};
// Keeps the data of transactions forced over layer one until they are included there: the number
// returned is the argument of the layer-one call (L1CallKind::ForcedTransaction).
class ForcedInbox {
 public:
  virtual ~ForcedInbox() = default;
  virtual std::uint64_t write_forced(const Transaction& transaction) = 0;
};
// Owns accounts and hears what happened to them.
class AccountOwner {
 public:
  virtual ~AccountOwner() = default;
  virtual void on(Context& ctx, const Receipt& receipt) = 0;
  virtual void on(Context& ctx, const MakerFill& fill) = 0;
};
class MarketObserver {
 public:
  virtual ~MarketObserver() = default;
  virtual void on(Context& ctx, const MarketUpdate& update) = 0;
};
// Other parts of the layer two: batch poster, proposer, challengers, bridge.
class BlockObserver {
 public:
  virtual ~BlockObserver() = default;
  virtual void on(Context& ctx, const BlockSealed& sealed) = 0;
  virtual void on(Context& ctx, const Layer2Reorg& reorg) = 0;
};

}  // namespace mezz

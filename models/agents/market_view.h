// What an agent knows and says: its accounts, its way into the market, the last public update, the
// kinds of order.
#pragma once

#include <cstdint>

#include "models/base_chain/base_chain.h"
#include "models/layer2/chain.h"
#include "models/layer2/escape.h"
#include "models/layer2/execution/exchange.h"
#include "models/layer2/messages.h"
#include "models/market/price/outside_market.h"
#include "sim/check/assert.h"
#include "sim/engine/ref.h"

namespace mezz {

// Accounts are opened one after the other while building, so an owner's are contiguous.
struct AccountRange {
  AccountId first;
  std::uint32_t count = 0;

  [[nodiscard]] AccountId at(std::uint32_t row) const {
    MEZZ_ASSERT(row < count);
    return {first.value + row};
  }
  [[nodiscard]] bool contains(AccountId account) const {
    return account.value >= first.value && account.value - first.value < count;
  }
  [[nodiscard]] std::uint32_t row_of(AccountId account) const {
    MEZZ_ASSERT(contains(account));
    return account.value - first.value;
  }
};

// How an agent reaches the market. `node` is the layer-two node it asks about its own accounts and
// about public state; it answers with the newest sealed block. Layer one is needed by those who
// deposit.
struct MarketAccess {
  Ref<Inbox> inbox;
  const Exchange* node = nullptr;
  const Layer2Chain* chain = nullptr;  // of that node, with the finality of its blocks
  Ref<BaseChain> l1 = {};
  Ref<L1Contract> bridge = {};
  ForcedInbox* forced = nullptr;  // calldata of transactions forced over layer one
  EscapeDoor* escape = nullptr;   // of designs that have an escape hatch
  Ref<L1Contract> escape_contract = {};
  Ref<OutsideMarket> outside = {};  // where the underlying itself is traded

  [[nodiscard]] bool can_deposit() const { return l1.exists() && bridge.exists(); }
  [[nodiscard]] bool can_force() const { return can_deposit() && forced != nullptr; }
};

// The last update that arrived.
struct MarketView {
  MarketUpdate last{};

  [[nodiscard]] bool open() const { return last.oracle.ticks > 0; }
  [[nodiscard]] Price mark() const { return last.oracle; }  // the exchange marks at its index
  [[nodiscard]] bool has_bid() const { return last.best_bid.ticks > 0; }
  [[nodiscard]] bool has_ask() const { return last.best_ask.ticks > 0; }
  // Of both sides, else the one that is there, else the mark.
  [[nodiscard]] Price mid() const {
    if (has_bid() && has_ask()) return {(last.best_bid.ticks + last.best_ask.ticks) / 2};
    if (has_bid()) return last.best_bid;
    return has_ask() ? last.best_ask : mark();
  }
};

// To the agent itself at every public update, after the view has changed. Not a message.
struct MarkUpdate {
  Price mark;
  Time now;
};

struct Limit {
  Price price;
  TimeInForce time_in_force = TimeInForce::Gtc;
};
struct AtMarket {};

enum class Reduce : std::uint8_t { Allowed, Only };

struct OrderTicket {
  AccountId account;
  Quantity quantity;  // > 0 buys
  Price price;        // 0 = market
  TimeInForce time_in_force = TimeInForce::Gtc;
  Reduce reduce = Reduce::Allowed;
  std::uint64_t number = 0;   // an order with the number of a live one replaces it
  std::uint8_t priority = 0;  // level of the tip
  InstrumentId instrument = kMainInstrument;
};

}  // namespace mezz

// A small exchange for tests: one lot times one tick is one dollar, the index starts at 100, the
// tier is small-cap (10 % initial, 5 % maintenance). One call = one block with one transaction,
// unless block() is used.
#pragma once

#include <vector>

#include "models/layer2/execution/exchange.h"
#include "sim/engine/archive.h"

namespace mezz {

inline ExchangeParams small_params() {
  ExchangeParams params;
  params.contract = {.underlying = "X", .tick = 1_usd, .lot_decimals = 0};
  params.tier = margin::Tier::SmallCap;
  params.open_interest_upper = Money::zero();
  params.initial_price = 100_usd;
  params.insurance_fund = 1'000_usd;
  return params;
}

inline Money micros(std::int64_t amount) { return Money{amount}; }

inline Transaction order(AccountId account, std::int64_t lots, std::int64_t price,
                         std::uint64_t number = 1, TimeInForce tif = TimeInForce::Gtc,
                         std::uint8_t flags = 0) {
  return {.account = account,
          .kind = TxKind::PlaceOrder,
          .time_in_force = tif,
          .flags = flags,
          .price = price,
          .amount = lots,
          .reference = number,
          .submitted = Time::zero()};
}
inline Transaction simple(AccountId account, TxKind kind, std::int64_t amount,
                          std::uint64_t reference = 0) {
  return {.account = account,
          .kind = kind,
          .amount = amount,
          .reference = reference,
          .submitted = Time::zero()};
}
inline Transaction oracle(std::int64_t price, Time observed) {
  return {.account = AccountId::none(),
          .kind = TxKind::OracleUpdate,
          .price = price,
          .reference = static_cast<std::uint64_t>(observed.ns),
          .submitted = observed};
}

struct Desk {
  Exchange exchange;
  BlockOutput out;
  Time now = Time::zero();
  Duration block_time = 1_s;

  explicit Desk(const ExchangeParams& params = small_params()) : exchange(params) {}

  AccountId account(Money deposit) {
    const AccountId account = exchange.open_account();
    if (deposit > Money::zero()) exchange.genesis_deposit(account, deposit);
    return account;
  }
  AccountId account(Money deposit, std::int64_t lots, std::int64_t entry) {
    const AccountId with_position = account(deposit);
    exchange.genesis_position(with_position, {lots}, {entry});
    return with_position;
  }
  void start() { exchange.end_genesis(); }

  std::vector<TxStatus> block(const std::vector<Transaction>& transactions) {
    now += block_time;
    out.clear();
    exchange.begin_block(BlockId{exchange.block().value + 1}, now);
    std::vector<TxStatus> statuses;
    std::uint64_t id = 0;
    for (const Transaction& tx : transactions) {
      statuses.push_back(exchange.execute(tx, TxId{id++}, out));
    }
    exchange.end_block(out);
    return statuses;
  }
  TxStatus run(const Transaction& transaction) { return block({transaction}).front(); }
  TxStatus index(std::int64_t price) { return run(oracle(price, now)); }
  TxStatus liquidate(AccountId target, AccountId keeper) {
    return run(simple(keeper, TxKind::Liquidate, 0, target.value));
  }
};

template <class T>
std::vector<std::byte> bytes_of(T& value) {
  std::vector<std::byte> bytes;
  Saver saver(bytes);
  saver.value(value);
  return bytes;
}

}  // namespace mezz

// Random transactions of every kind, senseless ones included, at an exchange with 44 accounts of
// which 20 are long and 20 short. The same seed gives the same transactions.
#pragma once

#include <algorithm>
#include <vector>

#include "sim/check/fingerprint.h"
#include "tests/models/layer2/execution/desk.h"

namespace mezz {

class Storm {
 public:
  explicit Storm(std::uint64_t seed, const ExchangeParams& params = storm_params())
      : desk(params), state_(seed) {
    for (int i = 0; i < 20; ++i) {
      desk.account(300_usd, 20, 100);
      desk.account(300_usd, -20, 100);
    }
    for (int i = 0; i < 4; ++i) desk.account(50'000_usd);
    desk.start();
    desk.block_time = 700_ms;
  }
  static ExchangeParams storm_params() {
    ExchangeParams params = small_params();
    params.insurance_fund = 50_usd;
    params.funding.default_rate_ppm = 100;
    params.funding_tick = 1_min;
    params.funding_sample = 5_s;
    params.oracle.max_age = 10_s;
    return params;
  }

  std::uint64_t below(std::uint64_t n) {
    state_ = mix(state_, 0x1234567);
    return (state_ >> 7) % n;
  }
  Transaction next() {
    const std::uint64_t dice = below(100);
    const AccountId account{static_cast<std::uint32_t>(below(45))};  // one of them unknown
    if (dice < 60) return random_order(account);
    if (dice < 68) return simple(account, TxKind::CancelOrder, 0, below(6));
    if (dice < 70) return simple(account, TxKind::CancelAll, 0);
    if (dice < 74) return simple(account, TxKind::Deposit, signed_below(40'000'000));
    if (dice < 78) return simple(account, TxKind::Withdraw, signed_below(60'000'000));
    if (dice < 83) {
      price_ += static_cast<std::int64_t>(below(9)) - 4;
      price_ = std::clamp<std::int64_t>(price_, 70, 140);
      return oracle(price_, desk.now);
    }
    if (dice < 95) return simple(account, TxKind::Liquidate, 0, victim());
    if (dice < 97) return simple(account, TxKind::Deleverage, 0, victim());
    return simple(AccountId::none(), TxKind::SettleFunding, 0);
  }
  std::vector<Transaction> next_block() {
    std::vector<Transaction> transactions(below(100));
    for (Transaction& tx : transactions) tx = next();
    return transactions;
  }

  Desk desk;

 private:
  std::int64_t signed_below(std::uint64_t n) {
    return static_cast<std::int64_t>(below(n)) - static_cast<std::int64_t>(n / 10);
  }
  std::uint64_t victim() {
    std::vector<AccountId> found;
    if (below(4) > 0) desk.exchange.collect_liquidatable(desk.exchange.oracle(), found);
    return found.empty() ? below(45) : found[below(found.size())].value;
  }
  Transaction random_order(AccountId account) {
    const std::int64_t lots = static_cast<std::int64_t>(below(30)) - 15;
    const std::int64_t price = price_ + static_cast<std::int64_t>(below(21)) - 10;
    const auto tif = static_cast<TimeInForce>(below(4));
    const std::uint64_t dice = below(10);
    const std::uint8_t flags = dice == 0   ? Transaction::kReduceOnly
                               : dice == 1 ? Transaction::kMarket
                                           : 0;
    return order(account, lots, price, below(6), tif, flags);
  }

  std::uint64_t state_;
  std::int64_t price_ = 100;
};

// The rule itself, over all accounts of users.
inline std::vector<AccountId> liquidatable_by_scan(const Exchange& exchange, Price index) {
  std::vector<AccountId> found;
  for (std::uint32_t i = 0; i < exchange.accounts(); ++i) {
    if (exchange.is_nobodys({i})) continue;
    if (margin::is_liquidatable(exchange.risk({i}, index))) found.push_back({i});
  }
  return found;
}

}  // namespace mezz

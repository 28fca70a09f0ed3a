// Who is liquidatable at this mark, without looking at every account: each account is filed under
// its liquidation price, longs (breached when mark <= price) apart from shorts (mark >= price).
//   Buckets of equal width around the reference price, chained, with a bitmap; the last buckets on
//   each end take everything beyond. The nearest price of each side is cached, so a mark that
//   breaches nobody costs one comparison; otherwise only buckets that hold breached accounts are
//   visited, and part of one more. Answers are sorted (deepest under water first, then by account),
//   whatever the history.
// A value: copy it to keep a state. One index per instrument.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/margin/dydx_v4.h"
#include "models/margin/position_rule.h"
#include "models/market/ids.h"
#include "models/market/instrument.h"
#include "models/market/tick_bitmap.h"

namespace mezz::liquidation {

// The last mark at which the account is liquidatable: the largest for a long, the smallest for a
// short, exactly by the rules of margin/dydx_v4 (NC < MM, ceil of ceil). Empty: at no positive
// mark. `collateral` is the quote balance; with positions in other instruments add their net
// collateral minus their maintenance margin at current marks, and ask again when those move.
std::optional<Price> liquidation_price(Money collateral, Quantity position,
                                       const margin::LiquidityTier& tier,
                                       std::int64_t money_per_lot_tick);
// The same by the rule of any venue, by bisection on the rule itself.
std::optional<Price> liquidation_price(Money collateral, Quantity position,
                                       const margin::PositionRule& rule,
                                       const ContractSpec& contract);

class PriceIndex {
 public:
  // Buckets cover 0 to four times the reference; beyond, all prices share one bucket.
  explicit PriceIndex(Price reference = {1'000'000});

  // Files or re-files the account. Side::Buy is a long position.
  void update(AccountId account, Side side, Price price);
  void erase(AccountId account);  // nothing happens when it is not filed
  [[nodiscard]] bool contains(AccountId account) const {
    return account.value < rows_.size() && rows_[account.value].bucket != kNone;
  }
  [[nodiscard]] std::uint32_t size() const { return head_.count[0] + head_.count[1]; }
  // Appends the accounts that are breached at `mark`; they stay filed until updated or erased.
  void collect_breached(Price mark, std::vector<AccountId>& out) const;
  [[nodiscard]] bool any_breached(Price mark) const {
    return (head_.count[0] != 0 && mark.ticks <= head_.nearest[0]) ||
           (head_.count[1] != 0 && mark.ticks >= head_.nearest[1]);
  }
  void full_check() const;

  void visit_state(auto& v) {
    v("head", head_);
    v("longs", used_[0]);
    v("shorts", used_[1]);
    v("long_buckets", first_[0]);
    v("short_buckets", first_[1]);
    v("rows", rows_);
  }

 private:
  static constexpr std::int32_t kNone = -1;
  static constexpr std::uint32_t kNil = UINT32_MAX;
  struct Row {
    std::int64_t price = 0;
    std::uint32_t prev = kNil;
    std::uint32_t next = kNil;
    std::int32_t bucket = kNone;
    std::uint32_t side = 0;  // 0 long, 1 short
  };
  struct Head {
    std::int64_t nearest[2] = {0, 0};  // highest long price, lowest short price; if count > 0
    std::uint32_t count[2] = {0, 0};
    std::int64_t shift = 0;  // a bucket is 2^shift ticks wide
  };

  [[nodiscard]] std::int32_t bucket_of(std::int64_t price) const;
  void find_nearest(std::uint32_t side);

  Head head_;
  TickBitmap used_[2];
  std::vector<std::uint32_t> first_[2];  // account at the head of each bucket
  std::vector<Row> rows_;                // by account
};

}  // namespace mezz::liquidation

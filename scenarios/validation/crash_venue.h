// The real exchange (models/layer2/execution) under a scripted price: each tick of the outside
// price is a block with an oracle update, unless the sequencer is down. A keeper watches the
// outside price and sends a liquidation a fixed time after a position has become liquidatable; it
// is executed in the first block that can. Forced fills are at the index price, without fee, fund
// or book, so that what is left is latency alone.
#pragma once

#include <cstdint>
#include <vector>

#include "models/layer2/execution/exchange.h"
#include "models/market/price/price_tick.h"
#include "sim/config/visit.h"
#include "sim/engine/entity.h"

namespace mezz::validation {

struct CrashVenueParams {
  std::vector<std::int64_t> leverages = {10};
  Ratio maintenance = 5_percent;
  Duration delay = {};
  Time down_at = {};
  Duration down_for = {};

  void visit(auto& v) {
    v("leverages", leverages,
      {.doc = "One long position each", .min = 2, .max = 1000, .count_max = 100});
    v("maintenance", maintenance, {.doc = "Margin, as a share of current notional"});
    v("delay", delay, {.doc = "Keeper: from liquidatable to sending"});
    v("down_at", down_at, {.doc = "The sequencer stops"});
    v("down_for", down_for, {.doc = "For so long; 0: it does not stop"});
  }
};

ExchangeParams crash_exchange(Ratio maintenance);

class CrashVenue final : public EntityOf<CrashVenue, CrashVenueParams, PriceObserver> {
 public:
  struct Position {
    AccountId account;
    std::uint32_t reserved = 0;
    Money entry;  // notional at entry
    Time liquidatable = Time::never();
    Time bankrupt = Time::never();
    Time closed = Time::never();
    Money bad_debt;
  };

  CrashVenue(const Site& site, const CrashVenueParams& params);
  void on(Context& ctx, const PriceTick& tick) override;

  [[nodiscard]] const std::vector<Position>& positions() const { return positions_; }
  [[nodiscard]] const Exchange& exchange() const { return exchange_; }
  // Negative equity that has not been realised, at the newest index price.
  [[nodiscard]] Money unrealised(std::size_t position) const;

  void visit_state(auto& v) {
    v("exchange", exchange_);
    v("positions", positions_);
    v("block", block_);
  }

 private:
  void watch(const PriceTick& tick);
  void build_block(Context& ctx, const PriceTick& tick);
  void settle(Position& position, Time now);
  [[nodiscard]] bool is_down(Time now) const;

  Exchange exchange_;
  AccountId keeper_;
  std::vector<Position> positions_;
  std::uint64_t block_ = 0;
  BlockOutput output_;                 // working space
  std::vector<AccountId> breached_{};  // working space
};

}  // namespace mezz::validation

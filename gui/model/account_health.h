// How near the accounts are to liquidation, from /tables/account_health (market.health_every):
// counts and notional by equity over maintenance margin, and over time the share of accounts at or
// below some of the bins' upper ends. Rows of blocks that a re-organisation replaced are left out.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gui/model/run_data.h"
#include "sim/types/time.h"

namespace mezz::gui {

struct HealthBin {
  std::string label;  // "100 to 110 %"
  std::int64_t accounts = 0;
  double usd = 0.0;           // their notional
  bool liquidatable = false;  // at or below 100 %
};

struct HealthSample {
  Time at;
  std::int64_t accounts = 0;
  std::vector<HealthBin> bins = {};  // from the least healthy on
};

struct HealthShare {
  int percent = 0;                       // of the maintenance margin
  std::shared_ptr<const Series> series;  // percent of the accounts that maintain something
};

struct Health {
  std::shared_ptr<const RunData> rows = {};  // of the one table; null: see why_no_health()
  std::vector<HealthShare> shares = {};
};

// Why there is nothing to show; empty when there is.
std::string why_no_health(const RunData& run);
Health health_of(const RunData& run);
// The sample that holds at `t`; none before the first.
std::optional<HealthSample> health_at(const Health& health, Time t);

}  // namespace mezz::gui

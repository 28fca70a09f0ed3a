// Greeks of every listing of a run at a moment, ordered by expiry and strike: from
// /tables/listing_marks (mark, open interest), the index of /tables/blocks and the terms among the
// parameters. Per unit of the contract, in the units of risk reports: vega per 1 % of volatility,
// theta per day. Weighted with the open interest they say how much the long side of a listing
// holds, which is what its short side owes; across listings they do not add up to zero.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gui/model/run_data.h"
#include "sim/types/time.h"

namespace mezz::gui {

struct UnitGreeks {
  double delta = 0.0;  // USD per USD of the index
  double gamma = 0.0;  // of delta, per USD
  double vega = 0.0;   // USD per 1 % of volatility
  double theta = 0.0;  // USD per day
};

struct GreeksRow {
  std::string name;
  std::string kind;                       // "put"
  std::optional<Duration> left = {};      // until the expiry; none: never expires
  double strike = 0.0;                    // USD; 0: has none
  double mark = 0.0;                      // USD, as recorded
  double open_interest = 0.0;             // units, long side
  std::optional<UnitGreeks> greeks = {};  // none: the file does not hold what they need
};

struct Greeks {
  Time at;
  double index = 0.0;  // USD; 0: none recorded by then
  std::vector<GreeksRow> rows = {};
};

class GreeksLadder {
 public:
  // A run without listings, or without their marks, gives empty ladders.
  explicit GreeksLadder(std::shared_ptr<const RunData> run);
  ~GreeksLadder();
  GreeksLadder(GreeksLadder&&) noexcept;
  GreeksLadder& operator=(GreeksLadder&&) noexcept;

  // Listings that have a mark by then and are not expired.
  [[nodiscard]] Greeks at(Time t) const;
  // Why there is nothing to show; empty when there is.
  [[nodiscard]] std::string reason() const { return reason_; }

 private:
  struct Listing;
  struct MarkRow {
    std::int64_t time = 0;
    double ticks = 0.0;
    double lots = 0.0;
  };
  struct IndexPoint {
    std::int64_t time = 0;
    double usd = 0.0;
  };

  void read_listings(const RunData& run);
  void read_marks(const RunData& run);
  [[nodiscard]] double index_at(Time t) const;
  [[nodiscard]] double mean_index(Time from, Time to) const;
  [[nodiscard]] std::optional<UnitGreeks> greeks_of(const Listing& listing, Time t,
                                                    double index) const;

  std::vector<Listing> listings_;
  std::vector<IndexPoint> index_;
  std::string reason_;
};

}  // namespace mezz::gui

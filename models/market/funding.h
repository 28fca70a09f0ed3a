// Perpetual funding as in dYdX v4 (x/perpetuals), in whole parts per million.
//   premium vote   [max(0, impact bid - index) - max(0, index - impact ask)] / index, truncated
//   minute sample  median of the votes (even count: mean of the middle two, away from zero)
//   hourly rate    mean of the samples (toward zero) + default, clamped; it is a rate per 8 hours
//   index          += trunc(trunc(seconds * rate * price) / 28 800)
//   settlement     -(index now - index then) * position, floored to micro-dollars for every account
// The floor leaks: what payers pay and receivers do not get is dust, and the caller books it to the
// rounding account. Left out: votes of single validators, the funding of isolated pools.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/market/impact_price.h"
#include "models/market/quote_price.h"
#include "sim/types/money.h"
#include "sim/types/quantity.h"

namespace mezz {

struct FundingIndex {
  std::int64_t ppm = 0;  // millionths of a micro-dollar per lot, accumulated since the start
  constexpr auto operator<=>(const FundingIndex&) const = default;
};

// What one lot has paid, of those who are long and of those who are short: the same, but where a
// rule gives the receiving side what the paying side owes.
struct FundingIndices {
  FundingIndex longs;
  FundingIndex shorts;

  constexpr FundingIndices() = default;
  constexpr FundingIndices(FundingIndex both) : longs(both), shorts(both) {}
  constexpr FundingIndices(FundingIndex of_longs, FundingIndex of_shorts)
      : longs(of_longs), shorts(of_shorts) {}
  [[nodiscard]] constexpr FundingIndex of(Quantity position) const {
    return position < Quantity::zero() ? shorts : longs;
  }
  constexpr auto operator<=>(const FundingIndices&) const = default;
};

struct FundingParams {
  std::int64_t default_rate_ppm = 0;               // added to the mean premium, per 8 hours
  std::int64_t rate_clamp_factor_ppm = 6'000'000;  // times (initial - maintenance fraction)
  std::int64_t vote_clamp_factor_ppm = 60'000'000;
  std::int64_t votes_min = 15;  // per sample; missing votes count as zero
  void visit(auto& v) {
    v("default_rate_ppm", default_rate_ppm, {.doc = "Added to the mean premium, per 8 hours"});
    v("rate_clamp_factor_ppm", rate_clamp_factor_ppm,
      {.doc = "Bound of the 8-hour rate, times initial minus maintenance margin", .min = 0});
    v("vote_clamp_factor_ppm", vote_clamp_factor_ppm,
      {.doc = "Bound of one premium vote, times initial minus maintenance margin", .min = 0});
    v("votes_min", votes_min,
      {.doc = "Votes a sample needs where validators vote; exchanges here sample their book",
       .min = 0});
  }
};

struct FundingPayment {
  Money money;                // what the account receives (negative: pays)
  std::int64_t dust_ppm = 0;  // 0..999 999 millionths of a micro-dollar kept back by the floor
};

namespace funding {

// A missing side (not enough depth) contributes nothing.
std::int64_t premium_ppm(const std::optional<PriceFraction>& impact_bid,
                         const std::optional<PriceFraction>& impact_ask, Price index);
std::int64_t max_abs_ppm(std::int64_t clamp_factor_ppm, std::int64_t initial_margin_ppm,
                         std::int64_t maintenance_margin_ppm);
std::int64_t clamp_ppm(std::int64_t value_ppm, std::int64_t max_abs_ppm);
// Pads with zeros up to `count_min`. An empty sample is zero.
std::int64_t median_ppm(std::vector<std::int64_t> votes, std::int64_t count_min);
std::int64_t mean_ppm(const std::vector<std::int64_t>& samples, std::int64_t count_min);
// Sorts, then removes floor(2 * removal * n) values: half (floored) at the bottom, the rest on top;
// nothing when that would remove all.
std::vector<std::int64_t> without_tails(std::vector<std::int64_t> samples,
                                        std::int64_t removal_ppm);
Int128 index_delta(QuotePrice price, std::int64_t rate_8h_ppm, std::int64_t seconds);
FundingIndex advance(FundingIndex index, Int128 delta);
Int128 settlement_ppm(FundingIndex now, FundingIndex then, Quantity position);
FundingPayment settle(FundingIndex now, FundingIndex then, Quantity position);

}  // namespace funding
}  // namespace mezz

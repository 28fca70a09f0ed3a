#include "models/liquidation/scan_cascade.h"

#include <algorithm>

namespace mezz::liquidation {
namespace {

// What the portfolio can at most lose per tick in each direction; negative: it gains.
struct Steepest {
  Int128 falling = 0;
  Int128 rising = 0;
  Int128 lots = 0;
};

Steepest steepest_of(std::span<const margin::ScanPosition> positions,
                     std::span<const SlopeRange> slopes) {
  Steepest sum;
  for (const margin::ScanPosition& p : positions) {
    MEZZ_ASSERT(p.instrument < slopes.size());
    const SlopeRange& slope = slopes[p.instrument];
    MEZZ_ASSERT(slope.least <= slope.greatest);
    const Int128 lots = p.lots;
    const Int128 a = lots * slope.least;
    const Int128 b = lots * slope.greatest;
    sum.falling += std::max(a, b);
    sum.rising -= std::min(a, b);
    sum.lots += lots < 0 ? -lots : lots;
  }
  return sum;
}

}  // namespace

SafeRange safe_range(Price at, Money surplus, std::span<const margin::ScanPosition> positions,
                     std::span<const SlopeRange> slopes, std::int64_t rounding) {
  MEZZ_ASSERT(at.ticks > 0);
  MEZZ_ASSERT(rounding >= 0);
  if (surplus < Money::zero()) return {.low = at, .high = at};
  const Steepest steepest = steepest_of(positions, slopes);
  const Int128 room = surplus.micros - 2 * steepest.lots * rounding;
  if (room < 0) return {.low = at, .high = at};
  SafeRange range;
  // After n ticks the surplus is at least room - n x loss: not negative for n <= room / loss.
  if (steepest.falling > 0) {
    const Int128 low = at.ticks - room / steepest.falling - 1;
    range.low = {static_cast<std::int64_t>(std::max<Int128>(low, 0))};
  }
  if (steepest.rising > 0) {
    const Int128 high = at.ticks + room / steepest.rising + 1;
    range.high = {static_cast<std::int64_t>(std::min<Int128>(high, SafeRange::kNoHigh.ticks))};
  }
  return range;
}

void ScanCascade::update(AccountId account, const SafeRange& range) {
  if (range.low.ticks > 0) {
    lows_.update(account, Side::Buy, range.low);
  } else {
    lows_.erase(account);
  }
  if (range.high != SafeRange::kNoHigh) {
    highs_.update(account, Side::Sell, range.high);
  } else {
    highs_.erase(account);
  }
}

void ScanCascade::erase(AccountId account) {
  lows_.erase(account);
  highs_.erase(account);
}

void ScanCascade::collect_crossed(Price price, std::vector<AccountId>& out) const {
  const auto begin = static_cast<std::ptrdiff_t>(out.size());
  lows_.collect_breached(price, out);
  highs_.collect_breached(price, out);
  std::sort(out.begin() + begin, out.end());
  out.erase(std::unique(out.begin() + begin, out.end()), out.end());
}

}  // namespace mezz::liquidation

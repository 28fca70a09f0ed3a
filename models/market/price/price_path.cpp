#include "models/market/price/price_path.h"

#include <algorithm>

#include "sim/check/assert.h"
#include "sim/numeric/elementary.h"
#include "sim/random/distribution.h"

namespace mezz {

namespace {
constexpr double kTicksMax = 1e15;
}

Price price_from_money(const ContractSpec& contract, double micros) {
  MEZZ_ASSERT(contract.tick.micros > 0);
  const double ticks = micros / static_cast<double>(contract.tick.micros);
  MEZZ_ASSERT(ticks == ticks);  // not NaN
  if (ticks < 1.0) return {1};
  if (ticks >= kTicksMax) return {static_cast<std::int64_t>(kTicksMax)};
  const auto whole = static_cast<std::int64_t>(ticks);
  const double rest = ticks - static_cast<double>(whole);
  const bool up = rest > 0.5 || (rest == 0.5 && whole % 2 != 0);
  return {up ? whole + 1 : whole};
}

void GbmPath::advance(Duration step, Stream& stream, double volatility_factor) {
  MEZZ_ASSERT(step >= Duration::zero());
  const double dt = years(step);
  const double z = normal(stream);
  const double volatility = law_.volatility * volatility_factor;
  const double variance = volatility * volatility;
  log_return_ += (law_.drift - 0.5 * variance) * dt + volatility * numeric::sqrt(dt) * z;
}

MertonPath::MertonPath(const MertonLaw& law) : law_(law) {
  MEZZ_ASSERT(law.jumps_per_year >= 0.0);
  // E[J] - 1: what the jumps add to the growth of the mean, taken back here.
  const double surplus =
      numeric::expm1(law.jump_mean + 0.5 * law.jump_deviation * law.jump_deviation);
  GbmLaw compensated = law.diffusion;
  compensated.drift -= law.jumps_per_year * surplus;
  diffusion_ = GbmPath(compensated);
}

void MertonPath::jump(Stream& stream) {
  jumped_ += law_.jump_mean + law_.jump_deviation * normal(stream);
}

std::optional<Duration> MertonPath::draw_waiting_time(Stream& stream) const {
  if (law_.jumps_per_year <= 0.0) return {};
  const double wait_years = exponential(stream) / law_.jumps_per_year;
  return to_drawn_duration(wait_years * kSecondsPerYear * 1e9);
}

ScriptedPath::ScriptedPath(const std::vector<PriceSegment>& segments) {
  Duration begin;
  double before = 0.0;
  for (const PriceSegment& segment : segments) {
    MEZZ_ASSERT(segment.duration > Duration::zero());
    MEZZ_ASSERT(segment.change.ppb > -Ratio::kScale);
    const double change = numeric::log1p(segment.change.value());
    pieces_.push_back({begin, segment.duration, before, change});
    begin += segment.duration;
    before += change;
  }
}

double ScriptedPath::log_return(Duration since_start) const {
  const auto later =
      std::upper_bound(pieces_.begin(), pieces_.end(), since_start,
                       [](Duration at, const Piece& piece) { return at < piece.begin; });
  if (later == pieces_.begin()) return 0.0;
  const Piece& piece = *(later - 1);
  const Duration inside = std::min(since_start - piece.begin, piece.duration);
  const double share = static_cast<double>(inside.ns) / static_cast<double>(piece.duration.ns);
  return piece.before + piece.change * share;
}

ReplayPath::ReplayPath(const PriceSeries& series, BarUse use, Interpolation interpolation,
                       Duration start_offset)
    : interpolation_(interpolation), offset_(start_offset) {
  MEZZ_ASSERT(!series.bars.empty());
  const Duration quarter = series.step / 4;
  for (const Bar& bar : series.bars) {
    const Duration at = bar.time - Time::zero();
    if (!series.ohlc) {
      points_.push_back({at, bar.close});
    } else if (use == BarUse::Close) {
      if (points_.empty()) points_.push_back({at, bar.open});
      points_.push_back({at + series.step, bar.close});
    } else {
      const bool rises = bar.close >= bar.open;
      points_.push_back({at, bar.open});
      points_.push_back({at + quarter, rises ? bar.low : bar.high});
      points_.push_back({at + quarter * 2, rises ? bar.high : bar.low});
      points_.push_back({at + quarter * 3, bar.close});
    }
  }
  length_ = points_.back().at - offset_;
}

double ReplayPath::micros(Duration since_start) const {
  MEZZ_ASSERT(!points_.empty());
  const Duration at = since_start + offset_;
  const auto later = std::upper_bound(points_.begin(), points_.end(), at,
                                      [](Duration t, const Point& point) { return t < point.at; });
  if (later == points_.begin()) return static_cast<double>(points_.front().price.micros);
  const Point& previous = *(later - 1);
  const auto value = static_cast<double>(previous.price.micros);
  if (interpolation_ == Interpolation::Previous || later == points_.end()) return value;
  const Duration gap = later->at - previous.at;
  const double share = static_cast<double>((at - previous.at).ns) / static_cast<double>(gap.ns);
  const Money move = later->price - previous.price;
  return value + static_cast<double>(move.micros) * share;
}

}  // namespace mezz

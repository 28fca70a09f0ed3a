#include "models/layer2/execution/market_samples.h"

#include <algorithm>
#include <numeric>

namespace mezz {

namespace {

constexpr std::size_t kBinsUpToOne = 3;
static_assert(kHealthEdges[kBinsUpToOne - 1] == 100);

std::int64_t clamped(Int128 sum) {
  return static_cast<std::int64_t>(std::clamp<Int128>(sum, INT64_MIN, INT64_MAX));
}

// Twice the middle of the book, which need not be a whole tick.
std::int64_t twice_mid(const BookDepth& depth, const OrderBook& book) {
  if (!book.has(Side::Buy)) return 2 * depth.best_ask.ticks;
  if (!book.has(Side::Sell)) return 2 * depth.best_bid.ticks;
  return depth.best_bid.ticks + depth.best_ask.ticks;
}

void add_side(const OrderBook& book, Side side, std::int64_t twice_mid,
              std::array<Quantity, kDepthBands.size()>& within) {
  constexpr std::int64_t kBasisPoints = 10'000;
  book.for_each_level(side, [&](const DepthLevel& level) {
    const Int128 away = Int128{side == Side::Buy ? twice_mid - 2 * level.price.ticks
                                                 : 2 * level.price.ticks - twice_mid} *
                        kBasisPoints;
    for (std::size_t i = kDepthBands.size(); i > 0; --i) {
      if (away > Int128{twice_mid} * kDepthBands[i - 1]) return i < kDepthBands.size();
      Quantity& sum = within[i - 1];
      sum = {clamped(Int128{sum.lots} + level.quantity.lots)};
    }
    return true;
  });
}

// Whether a multiple of `every` lies after the block before and not after this one.
bool is_due(const Layer2Chain& chain, Duration every) {
  if (every <= Duration::zero()) return false;
  const Layer2Block& block = chain.head_block();
  const Layer2Block& before = chain.block(BlockId{block.number.value - 1});
  const std::int64_t last = before.sealed.happened() ? before.sealed.ns / every.ns : 0;
  return block.sealed.ns / every.ns > last;
}

}  // namespace

BookDepth depth_of(const OrderBook& book) {
  BookDepth depth;
  if (book.empty()) return depth;
  if (book.has(Side::Buy)) depth.best_bid = book.best(Side::Buy);
  if (book.has(Side::Sell)) depth.best_ask = book.best(Side::Sell);
  const std::int64_t middle = twice_mid(depth, book);
  add_side(book, Side::Buy, middle, depth.bids);
  add_side(book, Side::Sell, middle, depth.asks);
  return depth;
}

std::size_t health_bin(Money equity, Money maintenance) {
  MEZZ_ASSERT(maintenance > Money::zero());
  const auto* const edge =
      std::find_if(kHealthEdges.begin(), kHealthEdges.end(), [&](std::int64_t percent) {
        return Int128{equity.micros} * 100 <= Int128{maintenance.micros} * percent;
      });
  return static_cast<std::size_t>(edge - kHealthEdges.begin());
}

std::int64_t HealthBins::total() const {
  return std::accumulate(accounts.begin(), accounts.end(), std::int64_t{0});
}

std::int64_t HealthBins::at_or_below_one() const {
  return std::accumulate(accounts.begin(), accounts.begin() + kBinsUpToOne, std::int64_t{0});
}

HealthBins health_of(const Exchange& exchange) {
  HealthBins bins;
  const Price index = exchange.oracle();
  for (std::uint32_t i = 0; i < exchange.accounts(); ++i) {
    if (exchange.is_nobodys({i})) continue;
    const margin::Risk risk = exchange.risk({i}, index);
    if (risk.maintenance_margin <= Money::zero()) continue;
    const std::size_t bin = health_bin(risk.net_collateral, risk.maintenance_margin);
    ++bins.accounts[bin];
    Money& sum = bins.notional[bin];
    sum = {clamped(Int128{sum.micros} + exchange.gross_notional({i}))};
  }
  return bins;
}

void MarketSamples::declare(Recording& recording, const ExchangeParams& params) {
  if (params.depth_every > Duration::zero()) {
    depth_.declare(recording, "book_depth", "What rests on the books near the best prices");
  }
  if (params.health_every > Duration::zero()) {
    health_.declare(recording, "account_health",
                    "Accounts by equity over maintenance margin, and their notional");
  }
}

void MarketSamples::record(Time now, const Layer2Chain& chain, const Exchange& exchange) {
  const ExchangeParams& params = exchange.params();
  const Layer2Block& block = chain.head_block();
  if (depth_.enabled() && is_due(chain, params.depth_every)) record_depth(now, block, exchange);
  if (health_.enabled() && is_due(chain, params.health_every)) record_health(now, block, exchange);
}

void MarketSamples::record_depth(Time now, const Layer2Block& block, const Exchange& exchange) {
  for (std::uint16_t i = 0; i < exchange.instruments(); ++i) {
    if (exchange.pool({i}) != nullptr || !exchange.trading({i})) continue;
    depth_.append({.time = now,
                   .block = block.number,
                   .instrument = {i},
                   .depth = depth_of(exchange.book({i})),
                   .incarnation = block.incarnation});
  }
}

void MarketSamples::record_health(Time now, const Layer2Block& block, const Exchange& exchange) {
  const HealthBins bins = health_of(exchange);
  health_.append({.time = now,
                  .block = block.number,
                  .accounts = bins.total(),
                  .at_or_below_one = bins.at_or_below_one(),
                  .bins = bins,
                  .incarnation = block.incarnation});
}

}  // namespace mezz

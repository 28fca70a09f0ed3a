#include "scenarios/validation/pool_market.h"

#include <algorithm>

#include "sim/check/assert.h"
#include "sim/numeric/elementary.h"
#include "sim/random/distribution.h"

namespace mezz::validation {

namespace {

constexpr Int128 kUnitsPerToken = 1'000'000'000'000'000'000;
constexpr double kSessionDeviation = 2.0;  // of the log price over a session

// A price that is reflected within +- fee forgets where it was within (fee / deviation)^2 blocks.
double warm_up_blocks(const PoolMarketParams& p) {
  const double width = 1 + static_cast<double>(p.fee_ppm) * 1e-6 / p.deviation;
  return 5 * width * width;
}

GbmLaw law_of(const PoolMarketParams& p) {
  const double per_year = p.deviation / numeric::sqrt(years(p.block_time));
  return {.drift = per_year * per_year / 2, .volatility = per_year};
}

// What the arbitrageur has gained, at the outside price in B; the fee leaves the pool.
double carry_out(pool::ConstantProductPool& pool, const ArbitrageTrade& trade, double price) {
  const auto given = static_cast<double>(trade.amount);
  const auto got = static_cast<double>(pool.swap(trade.given, trade.amount));
  const bool gives_b = trade.given == pool::Token::B;
  (gives_b ? pool.reserve_b : pool.reserve_a) -= trade.amount * pool.fee_ppm / 1'000'000;
  return gives_b ? got * price - given : got - given * price;
}

}  // namespace

std::optional<ArbitrageTrade> best_trade(const pool::ConstantProductPool& pool, double price) {
  const auto a = static_cast<double>(pool.reserve_a);
  const auto b = static_cast<double>(pool.reserve_b);
  const double kept = 1 - static_cast<double>(pool.fee_ppm) * 1e-6;
  // d out / d in = kept R_in R_out / (R_in + kept in)^2 is what one unit given must be worth.
  const double root = numeric::sqrt(kept * a * b);
  const double root_price = numeric::sqrt(price);
  const double give_b = (root * root_price - b) / kept;
  const double give_a = (root / root_price - a) / kept;
  if (give_b >= 1) return ArbitrageTrade{pool::Token::B, static_cast<Int128>(give_b)};
  if (give_a >= 1) return ArbitrageTrade{pool::Token::A, static_cast<Int128>(give_a)};
  return {};
}

double PoolMarket::Tally::trades_per_block() const {
  MEZZ_ASSERT(blocks > 0);
  return static_cast<double>(trades) / static_cast<double>(blocks);
}

double PoolMarket::Tally::gain_per(Duration period) const {
  MEZZ_ASSERT(time > Duration::zero());
  return gain * (period.seconds() / time.seconds());
}

PoolMarket::PoolMarket(const Site& site, const PoolMarketParams& p)
    : EntityOf(site, p), law_(law_of(p)), block_stream_(site.stream("blocks")) {
  MEZZ_ASSERT(p.deviation > 0 && (p.fixed || p.poisson));
  const double of_session = kSessionDeviation / p.deviation;
  const auto longest = static_cast<double>(1'000'000'000'000'000'000 / p.block_time.ns);
  const double warm = std::min(warm_up_blocks(p), longest / 4);
  warm_up_ = p.block_time * static_cast<std::int64_t>(warm + 1);
  session_length_ =
      p.block_time * static_cast<std::int64_t>(std::min(warm + of_session * of_session, longest));
}

void PoolMarket::on(Context& ctx, const Start&) { begin_session(ctx); }

void PoolMarket::begin_session(Context& ctx) {
  ++session_;
  session_begin_ = moved_at_ = ctx.now();
  path_ = GbmPath(law_);
  const Int128 reserve = Int128{params().reserve} * kUnitsPerToken;
  for (Venue* venue : {&fixed_, &poisson_}) {
    venue->pool = {
        .reserve_a = reserve, .reserve_b = reserve, .shares = 0, .fee_ppm = params().fee_ppm};
    venue->last_block = ctx.now();
  }
  if (params().fixed) after(ctx, params().block_time, FixedBlock{session_});
  if (params().poisson) {
    after(ctx, exponential(block_stream_, params().block_time), PoissonBlock{session_});
  }
}

bool PoolMarket::is_done() const {
  return (!params().fixed || fixed_.tally.blocks >= params().blocks) &&
         (!params().poisson || poisson_.tally.blocks >= params().blocks);
}

void PoolMarket::move_price(Time now) {
  if (now > moved_at_) path_.advance(now - moved_at_, rng());
  moved_at_ = now;
}

bool PoolMarket::block(Context& ctx, Venue& venue) {
  const Time now = ctx.now();
  if (now - session_begin_ > session_length_) {
    begin_session(ctx);
    return false;
  }
  move_price(now);
  const double price = numeric::exp(path_.log_return());
  const auto a = static_cast<double>(venue.pool.reserve_a);
  const auto b = static_cast<double>(venue.pool.reserve_b);
  const double value =
      2 * numeric::sqrt(a * b * price);  // of such a pool, if it stood at the price
  double gain = 0;
  const std::optional<ArbitrageTrade> trade = best_trade(venue.pool, price);
  if (trade.has_value()) gain = carry_out(venue.pool, *trade, price);
  if (now - session_begin_ > warm_up_ && venue.tally.blocks < params().blocks) {
    venue.tally.blocks += 1;
    venue.tally.trades += trade.has_value() ? 1 : 0;
    venue.tally.time += now - venue.last_block;
    venue.tally.gain += gain / value;
  }
  venue.last_block = now;
  return !is_done();
}

void PoolMarket::on(Context& ctx, const FixedBlock& event) {
  if (event.session != session_ || !block(ctx, fixed_)) return;
  after(ctx, params().block_time, FixedBlock{session_});
}

void PoolMarket::on(Context& ctx, const PoissonBlock& event) {
  if (event.session != session_ || !block(ctx, poisson_)) return;
  after(ctx, exponential(block_stream_, params().block_time), PoissonBlock{session_});
}

}  // namespace mezz::validation

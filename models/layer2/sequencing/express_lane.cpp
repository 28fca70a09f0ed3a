#include "models/layer2/sequencing/express_lane.h"

#include <algorithm>

#include "sim/check/assert.h"
#include "sim/check/error.h"
#include "sim/numeric/elementary.h"
#include "sim/random/distribution.h"

namespace mezz {

namespace {
constexpr double kYear = 365.0 * 86'400.0;  // s
constexpr Int128 kGwei = 1'000'000'000;
}  // namespace

ExpressLane::ExpressLane(const Site& site, const ExpressLaneParams& p)
    : EntityOf(site, p),
      held_(static_cast<std::size_t>(p.bidders), 0),
      spent_(static_cast<std::size_t>(p.bidders)) {
  if (p.closing >= p.round) {
    throw ScenarioError("sequencing.express_lane.closing",
                        "must be shorter than sequencing.express_lane.round");
  }
  if (p.lead >= p.round - p.closing) {
    throw ScenarioError("sequencing.express_lane.lead",
                        "must be shorter than the time in which bids are taken (round - closing)");
  }
  if (p.deposit < p.reserve) {
    throw ScenarioError("sequencing.express_lane.deposit",
                        "is below the reserve: nobody could ever bid");
  }
  if (site.recording != nullptr) {
    table_.declare(*site.recording, "express_lane", "Auctions of the express lane");
  }
}

void ExpressLane::on(Context& ctx, const Start&) {
  after(ctx, params().round - params().closing, Close{});
}

Time ExpressLane::next_close(Time now) const {
  const std::int64_t round = static_cast<std::int64_t>(round_of(now));
  return Time::zero() + params().round * (round + 1) - params().closing;
}

void ExpressLane::on(Context& ctx, const LaneBid& bid) {
  MEZZ_ASSERT(bid.bidder >= 1 && bid.bidder <= held_.size());
  const lane::Auction::Rules rules{.reserve = params().reserve,
                                   .deposit = params().deposit - spent_[bid.bidder - 1],
                                   .bids_max = params().bids_max};
  const lane::BidOutcome outcome =
      auction_.bid(static_cast<std::uint8_t>(bid.bidder), Wei{kGwei * Int128{bid.gwei}}, ctx.now(),
                   next_close(ctx.now()), rules);
  if (outcome != lane::BidOutcome::Accepted) ++refused_;
}

void ExpressLane::on(Context& ctx, const Close&) {
  after(ctx, params().round, Close{});
  const std::uint64_t round = round_of(ctx.now()) + 1;
  const lane::AuctionResult result = auction_.close(params().reserve);
  holders_[round % 2] = result.winner;
  ++rounds_;
  if (result.winner != kNobody) {
    MEZZ_ASSERT(result.winner <= held_.size());
    ++held_[result.winner - 1U];
    spent_[result.winner - 1U] += result.price;
    revenue_ += result.price;
  }
  table_.append({.time = ctx.now(),
                 .round = round,
                 .bids = result.bids,
                 .holder = result.winner,
                 .highest = result.winner == kNobody ? Wei::zero() : result.highest,
                 .price = result.winner == kNobody ? Wei::zero() : result.price});
}

std::uint8_t ExpressLane::holder(Time now) const { return holders_[round_of(now) % 2]; }

void ExpressLane::report(MetricList& out) const {
  out.count("express_lane.rounds", rounds_);
  std::uint64_t sold = 0;
  for (const std::uint64_t rounds : held_) sold += rounds;
  out.count("express_lane.rounds_sold", sold);
  out.add("express_lane.revenue", revenue_.ether(), "ETH");
  out.add("express_lane.hhi", lane::concentration(held_), "1");
  out.add("express_lane.top_two_share", lane::top_two_share(held_), "1");
  out.count("express_lane.bids_refused", refused_);
}

// ---- bidders

LaneBidder::LaneBidder(const Site& site, const LaneBidderParams& params, Ref<ExpressLane> lane)
    : EntityOf(site, params), lane_(lane) {
  MEZZ_ASSERT(params.number >= 1 && lane.exists());
}

void LaneBidder::on(Context& ctx, const Start&) {
  const ExpressLaneParams& p = params().lane;
  after(ctx, p.round - p.closing - p.lead, Bid{});
}

void LaneBidder::on(Context&, const MarketUpdate& update) {
  if (update.oracle.ticks <= 0 || !update.oracle_time.happened()) return;
  if (last_time_.happened() && update.oracle_time <= last_time_) return;
  if (last_time_.happened()) {
    const double seconds = (update.oracle_time - last_time_).seconds();
    const double ratio =
        static_cast<double>(update.oracle.ticks) / static_cast<double>(last_price_.ticks);
    const double step = numeric::log(ratio);
    const double keep = numeric::exp(-seconds / (3.0 * params().lane.round.seconds()));
    variance_rate_ = variance_rate_ * keep + step * step;
    weight_ = weight_ * keep + seconds;
  }
  last_price_ = update.oracle;
  last_time_ = update.oracle_time;
}

double LaneBidder::volatility() const {
  if (weight_ <= 0.0) return 0.0;
  return numeric::sqrt(variance_rate_ / weight_ * kYear);
}

void LaneBidder::on(Context& ctx, const Bid&) {
  const ExpressLaneParams& p = params().lane;
  after(ctx, p.round, Bid{});
  double worth = static_cast<double>(p.value.value / kGwei) * volatility();
  for (std::int64_t k = 1; k < params().number; ++k) worth *= p.edge;
  worth *= lognormal(rng(), -p.noise * p.noise / 2.0, p.noise);
  constexpr double kMost = 9e18;  // gwei in a message
  const double gwei = std::min(worth, kMost);
  const Wei bid{kGwei * static_cast<Int128>(gwei)};
  if (bid < p.reserve) return;
  ctx.send(lane_, LaneBid{.bidder = static_cast<std::uint64_t>(params().number),
                          .gwei = static_cast<std::uint64_t>(gwei)});
}

}  // namespace mezz

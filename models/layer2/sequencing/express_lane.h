// The express lane of a sequencer and those who bid for it (Timeboost). Per round of 60 s there is
// one holder at most; while there is one, everybody else's transactions reach the queue 200 ms
// later (sequencer_core.h applies that). It buys time, not the top of the block. Source: reference
// sheet "layer-two protocols" section 8; rules of the auction in lane_auction.h.
//
// The holder serves the transactions that carry its number as priority: its own and those of who
// pays it (the lane may be resold). A bidder values a round by the volatility it sees in the market
// data of the blocks: worth = value x edge^(k-1) x volatility (root of an exponentially weighted
// mean of squared returns per time, half-life about two rounds, as a yearly figure) x a lognormal
// draw of its own. It bids that worth, which is optimal with sealed second-price bids. Revenue goes
// to the sequencer. Left out: transfer of the lane in mid-round, withdrawal of deposits (two
// rounds), what an outage of the chain does to the auction contract.
#pragma once

#include <cstdint>
#include <vector>

#include "models/layer2/messages.h"
#include "models/layer2/reporter.h"
#include "models/layer2/sequencing/lane_auction.h"
#include "models/layer2/sequencing/sequencer_params.h"
#include "sim/engine/entity.h"
#include "sim/record/event_table.h"

namespace mezz {

struct LaneBid {
  std::uint64_t bidder;
  std::uint64_t gwei;
};
static_assert(Message<LaneBid>);

struct LaneRow {
  Time time;
  std::uint64_t round = 0;
  std::uint64_t bids = 0;
  std::uint8_t holder = 0;
  Wei highest;
  Wei price;

  void visit(auto& v) {
    v("time", time, {.doc = "Close of the bids"});
    v("round", round, {.doc = "Round that was sold"});
    v("bids", bids, {.doc = "Bidders"});
    v("holder", holder, {.doc = "Who holds the lane in it; 0: nobody"});
    v("highest", highest, {.doc = "Winning bid"});
    v("price", price, {.doc = "Paid: the second bid, at least the reserve"});
  }
};

class ExpressLane final : public EntityOf<ExpressLane, ExpressLaneParams>, public Reporter {
 public:
  static constexpr std::uint8_t kNobody = lane::kNobody;
  struct Close {};

  ExpressLane(const Site& site, const ExpressLaneParams& params);

  void on(Context& ctx, const Start&);
  void on(Context& ctx, const Close&);
  void on(Context& ctx, const LaneBid& bid);

  // Who holds the lane now.
  [[nodiscard]] std::uint8_t holder(Time now) const;
  [[nodiscard]] Wei revenue() const { return revenue_; }
  [[nodiscard]] std::uint64_t refused() const { return refused_; }
  // Rounds held, by bidder from 1.
  [[nodiscard]] const std::vector<std::uint64_t>& rounds_held() const { return held_; }
  void report(MetricList& out) const override;

  void visit_state(auto& v) {
    v("auction", auction_);
    v("held", held_);
    v("spent", spent_);
    v("revenue", revenue_);
    v("refused", refused_);
    v("rounds", rounds_);
    v("holders", holders_);
  }

 private:
  [[nodiscard]] std::uint64_t round_of(Time now) const {
    return static_cast<std::uint64_t>((now - Time::zero()).ns / params().round.ns);
  }
  [[nodiscard]] Time next_close(Time now) const;

  lane::Auction auction_;
  std::vector<std::uint64_t> held_;
  std::vector<Wei> spent_;  // by bidder
  Wei revenue_;
  std::uint64_t refused_ = 0;
  std::uint64_t rounds_ = 0;               // sold or not
  std::array<std::uint8_t, 8> holders_{};  // by round modulo 2; the rest keeps it aligned
  EventTable<LaneRow> table_;
};

struct LaneBidderParams {
  std::int64_t number = 1;
  ExpressLaneParams lane;
  void visit(auto& v) {
    v("number", number);
    v("lane", lane);
  }
};

class LaneBidder final : public EntityOf<LaneBidder, LaneBidderParams, MarketObserver> {
 public:
  struct Bid {};

  LaneBidder(const Site& site, const LaneBidderParams& params, Ref<ExpressLane> lane);

  void on(Context& ctx, const Start&);
  void on(Context& ctx, const Bid&);
  void on(Context& ctx, const MarketUpdate& update) override;

  // Of the last updates, per year; 0 while nothing is known.
  [[nodiscard]] double volatility() const;

  void visit_state(auto& v) {
    v("last_price", last_price_);
    v("last_time", last_time_);
    v("variance_rate", variance_rate_);
    v("weight", weight_);
  }

 private:
  Ref<ExpressLane> lane_;
  Price last_price_;
  Time last_time_ = Time::never();
  double variance_rate_ = 0.0;  // sum of squared returns, decayed
  double weight_ = 0.0;         // seconds they stand for, decayed
};

}  // namespace mezz

// Two markets with traders who know more than the one who sets the price.
//   KyleAuction  one batch auction per session (Kyle 1985): the insider knows the value, noise
//                traders do not, the maker sees the sum of both orders. Nobody knows the
//                equilibrium: the maker learns its price impact by regressing past values on past
//                orders, the insider answers the impact it has met. Rounds of learning, then one
//                round that counts
//   DealerMarket one trade per arrival (Glosten, Milgrom 1985): the value is 0 or 1, a share of the
//                arrivals knows it, the others toss a coin. The dealer holds a belief by Bayes'
//                rule and quotes what the value is worth given the side; quotes are whole
//                millionths
// Orders are whole lots. Left out: risk aversion, several insiders, order size in the second.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/config/visit.h"
#include "sim/engine/entity.h"
#include "sim/types/quantity.h"
#include "sim/types/ratio.h"

namespace mezz::validation {

struct KyleAuctionParams {
  double value_deviation = 2;    // USD
  double noise_deviation = 100;  // lots
  double first_impact = 0.05;    // USD per lot, what the insider believes at the start
  std::int64_t learning_rounds = 6;
  std::int64_t sessions = 10'000;  // in a round

  void visit(auto& v) {
    v("value_deviation", value_deviation, {.doc = "Of the value, USD", .min = 0.0});
    v("noise_deviation", noise_deviation, {.doc = "Of noise orders, lots", .min = 0.0});
    v("first_impact", first_impact, {.doc = "The insider's first belief, USD per lot", .min = 0.0});
    v("learning_rounds", learning_rounds, {.doc = "Before the one that counts", .min = 1});
    v("sessions", sessions, {.doc = "Auctions in a round", .min = 2});
  }
};

class KyleAuction final : public EntityOf<KyleAuction, KyleAuctionParams> {
 public:
  struct Round {};
  // Of the last round.
  struct Report {
    double impact = 0;     // the maker's, USD per lot
    double intensity = 0;  // the insider's, lots per USD
    double profit = 0;     // mean of the insider, USD
    double unknown = 0;    // mean square of value - price, USD^2
    void visit_state(auto& v) {
      v("impact", impact);
      v("intensity", intensity);
      v("profit", profit);
      v("unknown", unknown);
    }
  };

  using EntityOf::EntityOf;
  void on(Context& ctx, const Start&);
  void on(Context& ctx, const Round&);
  [[nodiscard]] const Report& report() const { return report_; }

  void visit_state(auto& v) {
    v("report", report_);
    v("rounds", rounds_);
  }

 private:
  Report report_;
  std::int64_t rounds_ = 0;
};

struct DealerMarketParams {
  Ratio informed = 30_percent;
  Ratio prior = 50_percent;  // that the value is 1
  std::int64_t arrivals = 5;
  std::int64_t sessions = 1'000;

  void visit(auto& v) {
    v("informed", informed, {.doc = "Share of arrivals who know the value"});
    v("prior", prior, {.doc = "Probability that the value is 1"});
    v("arrivals", arrivals, {.doc = "Trades in a session", .min = 1});
    v("sessions", sessions, {.doc = "Independent values", .min = 1});
  }
};

class DealerMarket final : public EntityOf<DealerMarket, DealerMarketParams> {
 public:
  struct Session {};

  using EntityOf::EntityOf;
  void on(Context& ctx, const Start&);
  void on(Context& ctx, const Session&);

  // Sessions whose first `count` trades were buys, and those of them whose value is 1.
  [[nodiscard]] std::int64_t buys(std::size_t count) const { return buys_[count]; }
  [[nodiscard]] std::int64_t high_after(std::size_t count) const { return high_[count]; }
  [[nodiscard]] std::int64_t first_sells() const { return first_sells_; }
  [[nodiscard]] std::int64_t high_after_sell() const { return high_after_sell_; }
  // Quotes of a new session, and the dealer's mean profit per trade; units of the value.
  [[nodiscard]] double first_ask() const { return static_cast<double>(first_ask_) * 1e-6; }
  [[nodiscard]] double first_bid() const { return static_cast<double>(first_bid_) * 1e-6; }
  [[nodiscard]] double profit_per_trade() const;

  void visit_state(auto& v) {
    v("buys", buys_);
    v("high", high_);
    v("first_sells", first_sells_);
    v("high_after_sell", high_after_sell_);
    v("first_ask", first_ask_);
    v("first_bid", first_bid_);
    v("profit", profit_);
    v("trades", trades_);
    v("sessions", sessions_);
  }

 private:
  void run_session();

  std::vector<std::int64_t> buys_;
  std::vector<std::int64_t> high_;
  std::int64_t first_sells_ = 0;
  std::int64_t high_after_sell_ = 0;
  std::int64_t first_ask_ = 0;
  std::int64_t first_bid_ = 0;
  std::int64_t profit_ = 0;  // millionths
  std::int64_t trades_ = 0;
  std::int64_t sessions_ = 0;
};

}  // namespace mezz::validation

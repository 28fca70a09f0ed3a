#include "scenarios/validation/information_market.h"

#include "sim/check/assert.h"
#include "sim/random/distribution.h"

namespace mezz::validation {

namespace {

constexpr std::int64_t kMillion = 1'000'000;

std::int64_t nearest(double x) { return static_cast<std::int64_t>(x < 0 ? x - 0.5 : x + 0.5); }

// The belief that the value is 1 after a trade, and the price at which that trade is fair.
double after_buy(double belief, double informed) {
  const double high = belief * (1 + informed);
  return high / (high + (1 - belief) * (1 - informed));
}
double after_sell(double belief, double informed) { return 1 - after_buy(1 - belief, informed); }

}  // namespace

void KyleAuction::on(Context& ctx, const Start&) {
  report_.impact = params().first_impact;
  after(ctx, 1_s, Round{});
}

void KyleAuction::on(Context& ctx, const Round&) {
  const KyleAuctionParams& p = params();
  const bool counts = rounds_ == p.learning_rounds;
  // The insider gives up half of what it knows: (v - impact x) x is largest at v / (2 impact).
  report_.intensity = 1 / (2 * report_.impact);
  double orders_values = 0;
  double orders_squares = 0;
  double profit = 0;
  double unknown = 0;
  for (std::int64_t i = 0; i < p.sessions; ++i) {
    const double value = p.value_deviation * normal(rng());
    const Quantity noise{nearest(p.noise_deviation * normal(rng()))};
    const Quantity insider{nearest(report_.intensity * value)};
    const auto order = static_cast<double>((noise + insider).lots);
    const double price = report_.impact * order;
    orders_values += order * value;
    orders_squares += order * order;
    profit += (value - price) * static_cast<double>(insider.lots);
    unknown += (value - price) * (value - price);
  }
  MEZZ_ASSERT(orders_squares > 0);
  report_.profit = profit / static_cast<double>(p.sessions);
  report_.unknown = unknown / static_cast<double>(p.sessions);
  report_.impact = orders_values / orders_squares;
  ++rounds_;
  if (!counts) after(ctx, 1_s, Round{});
}

void DealerMarket::on(Context& ctx, const Start&) {
  const double informed = params().informed.value();
  const double prior = params().prior.value();
  buys_.assign(static_cast<std::size_t>(params().arrivals) + 1, 0);
  high_ = buys_;
  first_ask_ = nearest(after_buy(prior, informed) * kMillion);
  first_bid_ = nearest(after_sell(prior, informed) * kMillion);
  after(ctx, 1_s, Session{});
}

void DealerMarket::run_session() {
  const double informed = params().informed.value();
  const bool high = rng().chance(params().prior);
  double belief = params().prior.value();
  bool only_buys = true;
  for (std::int64_t i = 0; i < params().arrivals; ++i) {
    const bool knows = rng().chance(params().informed);
    const bool coin = rng().chance(50_percent);
    const bool buys = knows ? high : coin;
    belief = buys ? after_buy(belief, informed) : after_sell(belief, informed);
    const std::int64_t quote = nearest(belief * kMillion);
    const std::int64_t value = high ? kMillion : 0;
    profit_ += buys ? quote - value : value - quote;
    ++trades_;
    only_buys = only_buys && buys;
    if (i == 0 && !buys) {
      ++first_sells_;
      high_after_sell_ += high ? 1 : 0;
    }
    if (!only_buys) continue;
    buys_[static_cast<std::size_t>(i) + 1] += 1;
    high_[static_cast<std::size_t>(i) + 1] += high ? 1 : 0;
  }
}

void DealerMarket::on(Context& ctx, const Session&) {
  run_session();
  ++sessions_;
  if (sessions_ < params().sessions) after(ctx, 1_s, Session{});
}

double DealerMarket::profit_per_trade() const {
  MEZZ_ASSERT(trades_ > 0);
  return static_cast<double>(profit_) / kMillion / static_cast<double>(trades_);
}

}  // namespace mezz::validation

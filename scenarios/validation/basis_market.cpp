#include "scenarios/validation/basis_market.h"

#include "models/agents/index_arbitrageur.h"
#include "sim/check/assert.h"
#include "sim/numeric/elementary.h"
#include "sim/random/distribution.h"

namespace mezz::validation {

namespace {

constexpr PriceMove kHalfSpread{1};

double share_of_spot(PriceMove move) {
  return static_cast<double>(move.ticks) / static_cast<double>(kBasisSpot.ticks);
}

}  // namespace

void BasisMarket::on(Context& ctx, const Start&) {
  price_ = params().fair;
  after(ctx, 1_s, Second{});
}

void BasisMarket::arbitrage_away() {
  const Price fair = params().fair;
  const Ratio cost = params().cost;
  switch (arbitrage(fair, price_ - kHalfSpread, price_ + kHalfSpread, cost)) {
    case ArbitrageSide::None:
      return;
    case ArbitrageSide::Sell:
      price_ = fair.up_by(cost) + kHalfSpread;
      return;
    case ArbitrageSide::Buy:
      price_ = fair.down_by(cost) - kHalfSpread;
      return;
  }
}

void BasisMarket::on(Context& ctx, const Second&) {
  const double move =
      params().noise.value() * normal(rng()) * static_cast<double>(kBasisSpot.ticks);
  price_ = price_ + PriceMove{static_cast<std::int64_t>(move)};
  arbitrage_away();
  const Price fair = params().fair;
  const bool inside = price_ <= fair.up_by(params().cost) + kHalfSpread &&
                      price_ >= fair.down_by(params().cost) - kHalfSpread;
  inside_ += inside ? 1 : 0;
  const double off = share_of_spot(price_ - fair);
  sum_ += off;
  squares_ += off * off;
  ++looks_;
  if (looks_ < params().looks) after(ctx, 1_s, Second{});
}

double BasisMarket::mean() const {
  MEZZ_ASSERT(looks_ > 0);
  return share_of_spot(params().fair - kBasisSpot) + sum_ / static_cast<double>(looks_);
}

double BasisMarket::deviation() const {
  MEZZ_ASSERT(looks_ > 0);
  const auto n = static_cast<double>(looks_);
  return numeric::sqrt(squares_ / n);
}

double BasisMarket::share_inside() const {
  MEZZ_ASSERT(looks_ > 0);
  return static_cast<double>(inside_) / static_cast<double>(looks_);
}

}  // namespace mezz::validation

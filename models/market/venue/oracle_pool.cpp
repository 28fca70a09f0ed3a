#include "models/market/venue/oracle_pool.h"

#include <algorithm>

namespace mezz::venue {
namespace {

constexpr double kImpactDollarsMax = 1e12;

pool::Imbalance imbalance_of(Money net) {
  return {.longs = std::max(net, Money::zero()), .shorts = std::max(-net, Money::zero())};
}

}  // namespace

OraclePool::OraclePool(const PoolParams& params, const Terms& terms)
    : terms_(terms),
      spread_(params.oracle_spread),
      factors_{.positive = params.impact_positive,
               .negative = params.impact_negative,
               .exponent = params.impact_exponent},
      caps_{.positive_max = params.impact_positive_max,
            .negative_max = params.impact_negative_max} {}

// Compared so that infinity is out of range.
bool OraclePool::in_range(Money imbalance) const {
  return pool::impact_power(imbalance.abs().usd(), factors_.exponent, factors_.negative) <
         kImpactDollarsMax;
}

std::optional<OraclePool::Priced> OraclePool::priced(const Amounts& held, Quantity change,
                                                     Price index) const {
  const bool buys = change.lots > 0;
  const Price price = buys ? index.up_by(spread_) : index.down_by(spread_);
  if (!is_price(terms_, price)) return {};
  const auto value = checked_notional(terms_, change, price);
  const auto size = checked_notional(terms_, change.abs(), index);
  const auto before = checked_notional(terms_, -held.lots, index);
  const auto after = checked_notional(terms_, change - held.lots, index);
  if (!value || !size || !before || !after) return {};
  if (!in_range(*before) || !in_range(*after)) return {};
  const Money impact = pool::price_impact(imbalance_of(*before), imbalance_of(*after), factors_);
  pool::ImpactPool now = impact_pool_;
  const Money settled = pool::settle_impact(now, impact, *size, caps_);
  const auto total = checked_money(Int128{settled.micros} - value->micros);
  if (!total || !is_amount(now.balance.micros)) return {};
  // A sale is never worth less than nothing.
  if (!buys && *total < Money::zero()) return {};
  const std::optional<Trade> trade = with_fee(terms_, change, *total);
  if (!trade) return {};
  return Priced{.trade = *trade, .impact_pool = now};
}

std::optional<Trade> OraclePool::quote(const Amounts& held, Quantity change, Price index) const {
  const std::optional<Priced> found = priced(held, change, index);
  if (!found) return {};
  return found->trade;
}

void OraclePool::apply(const Amounts& held, const Trade& trade, Price index) {
  const std::optional<Priced> found = priced(held, trade.quantity, index);
  MEZZ_ASSERT(found.has_value());
  MEZZ_ASSERT(found->impact_pool.balance >= Money::zero());
  impact_pool_ = found->impact_pool;
}

std::optional<Money> OraclePool::equity(const Amounts& held, Price index, Round round) const {
  const bool low = (round == Round::Down) == (held.lots > Quantity::zero());
  const Price price = low ? index.down_by(spread_) : index.up_by(spread_);
  if (!is_price(terms_, price)) return {};
  const auto position = checked_notional(terms_, held.lots, price);
  if (!position) return {};
  return checked_money(Int128{held.quote.micros} + position->micros - impact_pool_.balance.micros);
}

}  // namespace mezz::venue

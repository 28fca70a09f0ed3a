#include "models/layer2/execution/pool_winners.h"

#include <algorithm>

namespace mezz {

Exchange::PoolWinners::Winners Exchange::PoolWinners::winners_of(Side held) const {
  const Market& m = x_.market_of(pool_.instrument);
  Winners found;
  m.positions.for_each_holder([&](AccountId account, const Position& row) {
    if ((row.size > Quantity::zero()) != (held == Side::Buy)) return;
    if ((x_.rows_[account.value].flags & kNobodys) != 0) return;
    const Money gain =
        notional(m.contract, row.size, x_.mark(pool_.instrument)) - m.costs[account.value];
    found.pending += gain;
    if (gain > Money::zero()) found.gains.emplace_back(gain, account);
  });
  std::sort(found.gains.begin(), found.gains.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  });
  return found;
}

// With x realised, pending - x shall be `until` of backing - x.
void Exchange::PoolWinners::close(Side held) {
  const Winners winners = winners_of(held);
  if (winners.gains.empty() || winners.pending <= Money::zero()) return;
  const Market& m = x_.market_of(pool_.instrument);
  const Money others = winners_of(held == Side::Buy ? Side::Sell : Side::Buy).pending;
  const Money equity =
      x_.quote(pool_.account) +
      notional(m.contract, x_.position(pool_.account, pool_.instrument), x_.mark(pool_.instrument));
  const Money backing = std::max(Money::zero(), equity + winners.pending + others);
  if (winners.pending <= scale(backing, rule_.deleverage_above, Round::Down)) return;
  const Ratio until =
      rule_.deleverage_until > Ratio::zero() ? rule_.deleverage_until : rule_.deleverage_above;
  const Money excess = winners.pending - scale(backing, until, Round::Down);
  Money left{mul_div(excess.micros, Ratio::kScale, (Ratio::one() - until).ppb, Round::Up)};
  for (const auto& [gain, winner] : winners.gains) {
    if (left <= Money::zero()) return;
    const Quantity size = x_.position(winner, pool_.instrument);
    const Money wanted = std::min(left, gain);
    const Quantity lots{mul_div(size.abs().lots, wanted.micros, gain.micros, Round::Up)};
    const Quantity closed = close_winner(winner, held == Side::Buy ? -lots : lots);
    left -= Money{mul_div(gain.micros, closed.lots, size.abs().lots, Round::Down)};
  }
}

Quantity Exchange::PoolWinners::close_winner(AccountId winner, Quantity change) {
  Market& m = x_.market_of(pool_.instrument);
  const Price fair = x_.mark(pool_.instrument);
  const std::optional<venue::Trade> quoted = pool_.rule.quote(change, fair);
  if (!quoted) return {};
  // A loss at the pool's price is not for an isolated position to leave behind.
  if (x_.isolated(winner) && change == -x_.position(winner, pool_.instrument) &&
      x_.purse(winner, pool_.instrument) + quoted->cash() < Money::zero()) {
    return {};
  }
  FillTerms at{
      .quantity = change, .price = {}, .value = quoted->cash(), .taker_fee = {}, .maker_fee = {}};
  at.price = {narrow(divide(quoted->value.abs().micros,
                            Int128{change.abs().lots} * m.money_per_lot_tick, Round::HalfEven))};
  const LiquidationEvent event{.account = winner,
                               .counterparty = pool_.account,
                               .instrument = pool_.instrument,
                               .step = LiquidationStep::Deleverage,
                               .quantity = change,
                               .price = at.price,
                               .notional = notional(m.contract, change.abs(), fair),
                               .cost = x_.cost_of(pool_.instrument, at)};
  pool_.rule.apply(*quoted, fair);
  x_.trade(pool_.instrument, winner, pool_.account, at);
  x_.scalars_.adl_notional += event.notional;
  x_.scalars_.loss_adl += event.cost;
  ++x_.scalars_.adl_counterparties;
  ++x_.scalars_.adl_profitable;
  out_.liquidations.push_back(event);
  return change.abs();
}

}  // namespace mezz

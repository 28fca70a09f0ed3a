// Funding by the skew of a pool (skew_funding.h). What a lot has paid is brought up to now before
// positions change, and those whose positions may change are settled first. In between the rounding
// account, counterparty of all funding, holds what early payers paid or lacks what early receivers
// got; after a tick it has the dust alone.
#include <algorithm>

#include "models/layer2/execution/exchange.h"
#include "sim/check/fingerprint.h"

namespace mezz {
namespace {

std::uint64_t bits(std::int64_t value) { return static_cast<std::uint64_t>(value); }

InstrumentId instrument_of(const SkewFunding& skew) {
  return {static_cast<std::uint16_t>(skew.instrument)};
}

}  // namespace

void Exchange::open_skew_funding() {
  if (!follows_skew(params_.funding_rule)) return;
  for (const PoolOf& pool : pools_) {
    if (listing(pool.instrument)->funding != ListingFunding::Cash) continue;
    SkewFunding& skew = skew_.emplace_back();
    skew.instrument = pool.instrument.value;
  }
}

const SkewFunding* ExchangeState::skew_funding(InstrumentId instrument) const {
  const auto at = std::find_if(skew_.begin(), skew_.end(), [&](const SkewFunding& skew) {
    return instrument_of(skew) == instrument;
  });
  return at == skew_.end() ? nullptr : &*at;
}

SkewFunding* Exchange::skew_of(InstrumentId instrument) {
  const SkewFunding* at = skew_funding(instrument);
  return at == nullptr ? nullptr : &skew_[static_cast<std::size_t>(at - skew_.data())];
}

Quantity ExchangeState::traders_skew(InstrumentId instrument) const {
  const std::int32_t pool = market_of(instrument).pool;
  if (pool < 0) return {};
  return -position(pools_[static_cast<std::size_t>(pool)].account, instrument);
}

// Nobody's position in a pool's perpetual comes from outside: the traders' sum is the pool's.
void ExchangeState::bring_up(SkewFunding& skew, FundingIndices& indices) const {
  const Market& m = market_of(instrument_of(skew));
  const PoolOf& pool = pools_[static_cast<std::size_t>(m.pool)];
  const FundingPreset preset = params_.funding_preset();
  const std::int64_t lots_per_unit = m.contract.lots_per_unit();
  const Wad unit = Wad::from(params_.contract.tick * scalars_.oracle.ticks);
  advance(
      skew, indices,
      TradersInterest::without_pool(m.positions.open_interest(),
                                    position(pool.account, pool.instrument)),
      {.preset = preset, .lots_per_unit = lots_per_unit, .lot_price = {unit.units / lots_per_unit}},
      scalars_.now);
}

double ExchangeState::skew_rate_per_day(InstrumentId instrument) const {
  const SkewFunding* skew = skew_funding(instrument);
  MEZZ_ASSERT(skew != nullptr);
  SkewFunding now = *skew;
  FundingIndices indices = market_of(instrument).state.funding;
  bring_up(now, indices);
  return rate_per_day(now, params_.funding_rule);
}

void Exchange::accrue_skew(SkewFunding& skew) {
  bring_up(skew, market_of(instrument_of(skew)).state.funding);
}

// Accrued before. Of a pool under GMX's rule the position is marked settled and nothing moves.
void Exchange::settle_skew(SkewFunding& skew, AccountId account) {
  const InstrumentId instrument = instrument_of(skew);
  Market& m = market_of(instrument);
  const Position& held = m.positions.at(account);
  if (held.size == Quantity::zero() || held.settled_at == m.state.funding.of(held.size)) return;
  touch(account);  // when it was settled is in the root
  PoolOf& pool = pools_[static_cast<std::size_t>(m.pool)];
  const Money payment = m.positions.settle(account, m.state.funding).money;
  if (account == pool.account) {
    if (params_.funding_rule == FundingRule::GmxV2) return;
    pool.rule.receive(payment);
  }
  ledger_.settle(account, SystemAccount::Rounding, payment);
  put_in_purse(account, instrument, payment);
  skew.rounding -= payment;
  if (payment >= Money::zero()) return;
  skew.paid -= payment;
  scalars_.funding_paid -= payment;
}

void Exchange::settle_skew_of_all(SkewFunding& skew) {
  accrue_skew(skew);
  if (skew.all_settled == scalars_.now) return;
  skew.all_settled = scalars_.now;
  std::vector<AccountId> holders;
  market_of(instrument_of(skew)).positions.for_each_holder([&](AccountId account, const Position&) {
    holders.push_back(account);
  });
  for (const AccountId account : holders) settle_skew(skew, account);
}

void Exchange::settle_skew_of_all() {
  for (SkewFunding& skew : skew_) settle_skew_of_all(skew);
}

// Whoever may trade against the pool, take money out, or be closed with all who may have to bear
// it.
void Exchange::settle_skew_before(const Transaction& tx) {
  if (tx.kind == TxKind::Liquidate || tx.kind == TxKind::Deleverage) return settle_skew_of_all();
  const bool trades = tx.kind == TxKind::PlaceOrder || tx.kind == TxKind::AddLiquidity ||
                      tx.kind == TxKind::RemoveLiquidity;
  const bool moves = tx.kind == TxKind::Withdraw || tx.kind == TxKind::MoveMargin;
  if ((!trades && !moves) || !known(tx.account)) return;
  for (SkewFunding& skew : skew_) {
    if (trades && instrument_of(skew) != tx.instrument) continue;
    accrue_skew(skew);
    settle_skew(skew, tx.account);
    if (!trades) continue;
    const std::int32_t pool = market_of(tx.instrument).pool;
    settle_skew(skew, pools_[static_cast<std::size_t>(pool)].account);
  }
}

// At the tick: everybody, and what was paid since the last one.
FundingEvent Exchange::fund_pooled(SkewFunding& skew) {
  settle_skew_of_all(skew);
  const FundingEvent event{.instrument = instrument_of(skew),
                           .rate_ppm = rate_ppm(skew, params_.funding_rule),
                           .skew = traders_skew(instrument_of(skew)),
                           .paid = skew.paid,
                           .rounding = skew.rounding};
  MEZZ_ASSERT(event.rounding >= Money::zero());
  skew.paid = {};
  skew.rounding = {};
  return event;
}

std::uint64_t ExchangeState::skew_hash() const {
  Fingerprint hash;
  for (const SkewFunding& s : skew_) {
    hash.add(s.instrument, bits(s.updated.ns));
    hash.add(static_cast<std::uint64_t>(s.rate), static_cast<std::uint64_t>(s.rate >> 64));
    hash.add(static_cast<std::uint64_t>(s.accrued), static_cast<std::uint64_t>(s.accrued >> 64));
    hash.add(bits(s.paid.micros), bits(s.rounding.micros));
    hash.add(bits(market_of(instrument_of(s)).state.funding.shorts.ppm), bits(s.all_settled.ns));
  }
  return hash.value();
}

// Were everybody settled now, the payers would have paid for the receivers.
void ExchangeState::check_skew_funding() const {
  for (const SkewFunding& skew : skew_) {
    const Market& m = market_of(instrument_of(skew));
    const AccountId pool = pools_[static_cast<std::size_t>(m.pool)].account;
    Money left = skew.rounding;
    m.positions.for_each_holder([&](AccountId account, const Position& row) {
      if (account == pool && params_.funding_rule == FundingRule::GmxV2) return;
      left -= funding::settle(m.state.funding.of(row.size), row.settled_at, row.size).money;
    });
    MEZZ_ASSERT(left >= Money::zero());
  }
}

}  // namespace mezz

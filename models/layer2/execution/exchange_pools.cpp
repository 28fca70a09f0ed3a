// Listings that trade against a pool (models/market/venue). The pool is an account of the exchange
// that belongs to nobody: its cash is in the ledger, its lots are a position, and the rule's mirror
// must agree with both. An order is taken at once, as far as its limit goes (the average price, the
// pool's fee not counted); nothing rests. The first liquidity comes from outside and stays. Who
// adds to it gets shares of the whole, worth nothing to his margin until he takes them back. A pool
// has no margin and is not liquidated: what it owes the winners beyond its cash shows as negative
// equity; an oracle pool may close winners before that (pool_winners.h).
#include <algorithm>

#include "models/layer2/execution/pool_winners.h"

namespace mezz {

void Exchange::open_pools() {
  for (const PoolEntry& entry : params_.pool) {
    pools_deleverage_ = pools_deleverage_ || entry.rule.deleverage_above > Ratio::zero();
  }
  for (const PoolEntry& entry : params_.pool) {
    const InstrumentId instrument = find_instrument(entry.instrument);
    MEZZ_ASSERT(instrument.exists());
    Market& m = market_of(instrument);
    m.pool = static_cast<std::int32_t>(pools_.size());
    const PoolOf& pool =
        pools_.emplace_back(PoolOf{.instrument = instrument,
                                   .account = open_account(),
                                   .rule = venue::Pool(entry.rule, m.contract, mark(instrument))});
    rows_[pool.account.value].flags |= kPool;
    const venue::Amounts first = pool.rule.holds();
    if (first.quote > Money::zero()) genesis_deposit(pool.account, first.quote);
    if (first.lots != Quantity::zero()) {
      m.positions.bring(pool.account, first.lots, m.state.funding);
      change_listed(instrument, pool.account, Quantity::zero());
    }
  }
}

TxStatus Exchange::swap(const Transaction& tx, Receipt& receipt, BlockOutput& out) {
  Market& m = market_of(tx.instrument);
  PoolOf& pool = pools_[static_cast<std::size_t>(m.pool)];
  const bool buys = tx.amount > 0;
  const Side side = buys ? Side::Buy : Side::Sell;
  Quantity lots = Quantity{tx.amount}.abs();
  if ((tx.flags & Transaction::kReduceOnly) != 0) {
    const Quantity held = position(tx.account, tx.instrument);
    lots = std::min(lots, std::max(Quantity::zero(), buys ? -held : held));
    if (lots == Quantity::zero()) return TxStatus::Rejected;
  }
  const Price fair = mark(tx.instrument);
  const bool any_price = (tx.flags & Transaction::kMarket) != 0 && tx.price == 0;
  const Quantity asked = lots;
  if (!any_price) lots = std::min(lots, pool.rule.depth(side, {tx.price}, fair));
  if (tx.time_in_force == TimeInForce::PostOnly) return TxStatus::Rejected;
  if (lots == Quantity::zero()) return TxStatus::Rejected;
  if (tx.time_in_force == TimeInForce::Fok && lots < asked) return TxStatus::Rejected;
  const std::optional<venue::Trade> quoted = pool.rule.quote(buys ? lots : -lots, fair);
  if (!quoted) return TxStatus::Rejected;
  FillTerms at{.quantity = quoted->quantity,
               .price = {},
               .value = quoted->cash(),
               .taker_fee = scale(quoted->value.abs(), params_.taker_fee, Round::Up),
               .maker_fee = {}};
  at.price = {narrow(divide(quoted->value.abs().micros, Int128{lots.lots} * m.money_per_lot_tick,
                            Round::HalfEven))};
  if (!may_change(holding(tx.account, tx.instrument), {at.quantity, at.value - at.taker_fee},
                  Quantity::zero())) {
    return TxStatus::Rejected;
  }
  pool.rule.apply(*quoted, fair);
  trade(tx.instrument, tx.account, pool.account, at);
  m.state.last_trade = at.price;
  ++scalars_.trades;
  out.trades.push_back({.taker = tx.account,
                        .maker = pool.account,
                        .instrument = tx.instrument,
                        .quantity = at.quantity,
                        .price = at.price,
                        .taker_fee = at.taker_fee,
                        .maker_fee = -quoted->fee});
  receipt.filled = at.quantity;
  receipt.average = at.price;
  return lots == asked ? TxStatus::Executed : TxStatus::PartlyFilled;
}

// ---- liquidity ---------------------------------------------------------------------------------

Exchange::Stake* Exchange::find_stake(AccountId account, std::uint32_t pool) {
  const auto at = std::find_if(stakes_.begin(), stakes_.end(), [&](const Stake& stake) {
    return stake.account == account && stake.pool == pool;
  });
  return at == stakes_.end() ? nullptr : &*at;
}

std::int64_t ExchangeState::pool_shares(AccountId account, InstrumentId instrument) const {
  const std::int32_t pool = market_of(instrument).pool;
  for (const Stake& stake : stakes_) {
    if (stake.account == account && static_cast<std::int32_t>(stake.pool) == pool) {
      return stake.shares;
    }
  }
  return 0;
}

// From the provider to the pool; negative amounts come back.
void Exchange::move_liquidity(const PoolOf& pool, AccountId provider, Money quote, Quantity lots) {
  ledger_.settle(pool.account, provider, quote);
  if (lots != Quantity::zero()) {
    const bool in = lots > Quantity::zero();
    move_lots(pool.instrument, in ? pool.account : provider, in ? provider : pool.account,
              lots.abs());
  }
  follow_lots(provider, pool.instrument);
  touch(provider);
  touch(pool.account);
}

TxStatus Exchange::add_liquidity(const Transaction& tx) {
  const std::int32_t at = market_of(tx.instrument).pool;
  if (at < 0 || tx.amount < 0 || tx.price < 0) return TxStatus::Rejected;
  PoolOf& pool = pools_[static_cast<std::size_t>(at)];
  const Price fair = mark(tx.instrument);
  const std::optional<venue::Deposit> deposit =
      pool.rule.add({.quote = {tx.amount}, .lots = {tx.price}}, fair);
  if (!deposit) return TxStatus::Rejected;
  // Giving money away needs initial margin, whatever it was before.
  if (!may_move(holding(tx.account, tx.instrument), {-deposit->lots, -deposit->quote})) {
    return TxStatus::Rejected;
  }
  pool.rule.apply(*deposit, fair);
  move_liquidity(pool, tx.account, deposit->quote, deposit->lots);
  const auto number = static_cast<std::uint32_t>(at);
  if (Stake* stake = find_stake(tx.account, number)) {
    stake->shares += deposit->shares.units;
  } else {
    stakes_.push_back({.account = tx.account, .pool = number, .shares = deposit->shares.units});
  }
  return TxStatus::Executed;
}

TxStatus Exchange::remove_liquidity(const Transaction& tx) {
  const std::int32_t at = market_of(tx.instrument).pool;
  if (at < 0) return TxStatus::Rejected;
  PoolOf& pool = pools_[static_cast<std::size_t>(at)];
  Stake* stake = find_stake(tx.account, static_cast<std::uint32_t>(at));
  if (stake == nullptr || tx.amount <= 0 || tx.amount > stake->shares) return TxStatus::Rejected;
  const Price fair = mark(tx.instrument);
  const std::optional<venue::Amounts> paid = pool.rule.remove({tx.amount}, fair);
  if (!paid) return TxStatus::Rejected;
  const bool closes = position(tx.account, tx.instrument) == -paid->lots;
  if (closes && purse(tx.account, tx.instrument) < Money::zero()) return TxStatus::Rejected;
  pool.rule.apply_removal({tx.amount}, fair);
  move_liquidity(pool, tx.account, -paid->quote, -paid->lots);
  stake->shares -= tx.amount;
  std::erase_if(stakes_, [](const Stake& s) { return s.shares == 0; });
  return TxStatus::Executed;
}

// ---- winners -----------------------------------------------------------------------------------

void Exchange::tend_pools(BlockOutput& out) {
  for (std::size_t i = 0; i < pools_.size(); ++i) {
    const venue::PoolParams& rule = params_.pool[i].rule;
    if (rule.deleverage_above == Ratio::zero() || !trading(pools_[i].instrument)) continue;
    PoolWinners winners(*this, pools_[i], rule, out);
    winners.close(Side::Buy);
    winners.close(Side::Sell);
  }
}

// The mirror of every pool is its account, and nobody's shares are more than there are.
void ExchangeState::check_pools() const {
  std::vector<std::int64_t> staked(pools_.size());
  for (const Stake& stake : stakes_) {
    MEZZ_ASSERT(stake.shares > 0);
    staked[stake.pool] += stake.shares;
  }
  for (std::size_t i = 0; i < pools_.size(); ++i) {
    const PoolOf& pool = pools_[i];
    MEZZ_ASSERT(pool.rule.holds().quote == ledger_.balance(pool.account));
    MEZZ_ASSERT(pool.rule.holds().lots == position(pool.account, pool.instrument));
    MEZZ_ASSERT(staked[i] <= pool.rule.shares().units);
  }
}

}  // namespace mezz

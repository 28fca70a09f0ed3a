#include "models/layer2/execution/exchange.h"

#include <algorithm>

#include "sim/check/fingerprint.h"

namespace mezz {
namespace {

constexpr Money kDepositMax = 1'000'000'000_usd;
constexpr std::int64_t kPriceGrowthMax = 1'000;  // keeps every notional inside 64 bits

std::uint64_t bits(std::int64_t value) { return static_cast<std::uint64_t>(value); }

Price initial_ticks(const ExchangeParams& params) {
  MEZZ_ASSERT(params.initial_price.micros > 0);
  MEZZ_ASSERT(params.initial_price.micros % params.contract.tick.micros == 0);
  return {params.initial_price.micros / params.contract.tick.micros};
}

}  // namespace

void BlockOutput::clear() {
  receipts.clear();
  maker_fills.clear();
  trades.clear();
  liquidations.clear();
  withdrawals.clear();
  funding.clear();
  expiries.clear();
}

Exchange::Exchange(const ExchangeParams& params) : ExchangeState(params, initial_ticks(params)) {
  static_assert(std::has_unique_object_representations_v<Scalars>);
  static_assert(std::has_unique_object_representations_v<Row> && sizeof(Row) == 32);
  static_assert(std::has_unique_object_representations_v<OrderTag>);
  scalars_.oracle = initial_ticks(params);
  const auto add = [this](const ContractSpec& contract, Price price_max) {
    Market& market = markets_.emplace_back();
    market.contract = contract;
    market.money_per_lot_tick = contract.money_per_lot_tick();
    market.price_max = price_max;
  };
  add(params.contract, {narrow(Int128{initial_ticks(params).ticks} * kPriceGrowthMax)});
  price_offset_ = {0, 0};
  for (const ListingSpec& listing : params_.listing) {
    add(listing.contract(), {kMarkTicksMax});
    price_offset_.push_back(price_offset_.back() + price_count(preset_, listing));
    if (listing.kind == ListingKind::Spot) {
      spot_ = {static_cast<std::uint16_t>(markets_.size() - 1)};
    }
    if (!expires(listing.kind)) continue;
    scalars_.next_expiry = std::min(scalars_.next_expiry, Time::zero() + listing.expiry);
    markets_.back().state.fixed_to = Time::zero() + listing.expiry - listing.settlement_window;
  }
  table_ = prices_at(scalars_.oracle, Time::zero());
  cascade_ = liquidation::DriftCascade(markets_.size());
  open_pools();
  open_skew_funding();
  if (has_vault(params.liquidation_rule)) open_vault();
  scalars_.next_sample = Time::zero() + params.funding_sample;
  scalars_.next_tick = Time::zero() + params.funding_tick;
  scalars_.insurance_fund_min = params.insurance_fund;
  if (params.insurance_fund > Money::zero() && !vault_.exists()) {
    ledger_.post({.debit = SystemAccount::External,
                  .credit = SystemAccount::InsuranceFund,
                  .amount = params.insurance_fund});
  }
}

// ---- genesis -----------------------------------------------------------------------------------

AccountId Exchange::open_account() {
  MEZZ_ASSERT(!genesis_ended());
  const AccountId account = ledger_.open_account();
  rows_.emplace_back();
  genesis_.emplace_back();
  for (Market& market : markets_) market.positions.resize(ledger_.accounts());
  if (keeps_costs()) {
    for (Market& market : markets_) market.costs.resize(ledger_.accounts());
  }
  if (params_.margin_mode == MarginMode::Isolated) {
    purses_.resize(ledger_.accounts());
    for (Market& market : markets_) market.purses.resize(ledger_.accounts());
  }
  MEZZ_ASSERT(rows_.size() == ledger_.accounts());
  touch(account);
  return account;
}

void Exchange::genesis_deposit(AccountId account, Money amount) {
  MEZZ_ASSERT(!genesis_ended() && known(account));
  MEZZ_ASSERT(amount > Money::zero());
  ledger_.post({.debit = SystemAccount::External, .credit = account, .amount = amount});
  scalars_.deposited += amount;
}

// Paid for at its own entry price; what the entry prices do not net out to comes from outside.
void Exchange::genesis_position(AccountId account, Quantity quantity, Price entry) {
  MEZZ_ASSERT(!genesis_ended() && known(account));
  MEZZ_ASSERT(entry.ticks > 0);
  const Money paid = notional(params_.contract, quantity, entry);
  ledger_.settle(account, SystemAccount::External, -paid);
  scalars_.deposited -= paid;
  genesis_[account.value] += quantity;
  if (keeps_costs()) markets_.front().costs[account.value] += paid;
}

// Longs are paired with shorts in the order of their numbers.
std::uint64_t Exchange::end_genesis() {
  MEZZ_ASSERT(!genesis_ended());
  std::uint32_t seller = 0;
  for (std::uint32_t buyer = 0; buyer < genesis_.size(); ++buyer) {
    while (genesis_[buyer] > Quantity::zero()) {
      while (seller < genesis_.size() && genesis_[seller] >= Quantity::zero()) ++seller;
      MEZZ_ASSERT(seller < genesis_.size());  // positions must sum to zero
      const Quantity lots = std::min(genesis_[buyer], -genesis_[seller]);
      move_lots(kMainInstrument, {buyer}, {seller}, lots);
      genesis_[buyer] -= lots;
      genesis_[seller] += lots;
    }
  }
  for (const Quantity rest : genesis_) MEZZ_ASSERT(rest == Quantity::zero());
  genesis_.clear();
  for (std::uint32_t i = 0; i < purses_.size(); ++i) {
    if (position({i}) != Quantity::zero()) put_in_purse({i}, kMainInstrument, quote({i}));
  }
  settle_touched();
  scalars_.root = compute_root();
  full_check();
  return scalars_.root;
}

// ---- blocks ------------------------------------------------------------------------------------

void Exchange::begin_block(BlockId block, Time now) {
  MEZZ_ASSERT(genesis_ended());
  MEZZ_ASSERT(block.value == scalars_.block.value + 1 && now >= scalars_.now);
  MEZZ_ASSERT(touched_.empty() && collected_.empty());
  scalars_.block = block;
  scalars_.now = now;
  liquidated_.clear();
  rankings_.clear();
  std::erase_if(cooling_, [&](const Cooling& c) { return c.until <= now; });
  std::erase_if(sold_, [&](const Sold& s) { return now - s.at >= params_.window.window; });
  std::erase_if(marked_, [&](AccountId a) { return (rows_[a.value].flags & kMarked) == 0; });
  if (now >= scalars_.next_sample) sample_premium();
}

TxStatus Exchange::execute(const Transaction& tx, TxId id, BlockOutput& out) {
  Receipt receipt{.transaction = id,
                  .account = tx.account,
                  .kind = tx.kind,
                  .status = TxStatus::Rejected,
                  .instrument = tx.instrument,
                  .reference = tx.reference,
                  .filled = {},
                  .average = {},
                  .block = scalars_.block};
  if (!skew_.empty()) settle_skew_before(tx);
  receipt.status = dispatch(tx, receipt, out);
  MEZZ_ASSERT(ledger_.residual() == Money::zero());
  const bool waits = !collected_.empty() && collected_.back().receipt.transaction == id;
  if (waits) return receipt.status;  // its receipt follows when the batch clears
  if (tx.kind != TxKind::SettleFunding) out.receipts.push_back(receipt);
  return receipt.status;
}

TxStatus Exchange::dispatch(const Transaction& tx, Receipt& receipt, BlockOutput& out) {
  switch (tx.kind) {
    case TxKind::OracleUpdate: {
      if (tx.reference > static_cast<std::uint64_t>(INT64_MAX)) return TxStatus::Rejected;
      const TxStatus status =
          update_oracle({tx.price}, {static_cast<std::int64_t>(tx.reference)}, tx.amount);
      if (status == TxStatus::Executed && vault_.exists()) tend_backstop(out);
      if (status == TxStatus::Executed && pools_deleverage_) {
        settle_skew_of_all();
        tend_pools(out);
      }
      return status;
    }
    case TxKind::Deleverage:
      return deleverage(tx, out);
    case TxKind::SettleFunding:
      return settle_funding(out);
    default:
      break;
  }
  if (known(tx.account) && (rows_[tx.account.value].flags & kNobodys) != 0) {
    return TxStatus::Rejected;
  }
  if (!known(tx.account) || tx.instrument.value >= markets_.size()) return TxStatus::Rejected;
  switch (tx.kind) {
    case TxKind::PlaceOrder:
      return place(tx, receipt, out);
    case TxKind::CancelOrder: {
      if (take_back(tx.account, tx.reference, out)) return TxStatus::Executed;
      const OrderRef order = find_order(tx.account, tx.reference);
      if (!order.exists()) return TxStatus::Rejected;
      cancel_order(order, tx.account);
      return TxStatus::Executed;
    }
    case TxKind::CancelAll:
      cancel_all(tx.account, out, false);
      return TxStatus::Executed;
    case TxKind::Deposit:
      return deposit(tx);
    case TxKind::Withdraw:
      return withdraw(tx, out);
    case TxKind::Liquidate:
      return liquidate(tx, out);
    case TxKind::AddLiquidity:
      return add_liquidity(tx);
    case TxKind::RemoveLiquidity:
      return remove_liquidity(tx);
    case TxKind::MoveMargin:
      return move_margin(tx);
    default:
      return TxStatus::Rejected;
  }
}

std::uint64_t Exchange::end_block(BlockOutput& out) {
  clear_batches(out);
  share_losses();
  settle_touched();
  MEZZ_ASSERT(totals().residual == Money::zero());
  scalars_.root = compute_root();
  MEZZ_ASSERT(scalars_.root != 0);
  return scalars_.root;
}

TxStatus Exchange::deposit(const Transaction& tx) {
  const Money amount{tx.amount};
  if (amount <= Money::zero() || amount > kDepositMax) return TxStatus::Rejected;
  ledger_.post({.debit = SystemAccount::External, .credit = tx.account, .amount = amount});
  scalars_.deposited += amount;
  touch(tx.account);
  return TxStatus::Executed;
}

TxStatus Exchange::withdraw(const Transaction& tx, BlockOutput& out) {
  const Money amount{tx.amount};
  if (amount < params_.withdrawal_min || amount > free_collateral(tx.account)) {
    return TxStatus::Rejected;
  }
  const auto gate = static_cast<std::uint64_t>(params_.withdrawal_gate_blocks);
  if (scalars_.gate_from.exists() && scalars_.block.value - scalars_.gate_from.value < gate) {
    return TxStatus::Rejected;
  }
  ledger_.post({.debit = tx.account, .credit = SystemAccount::External, .amount = amount});
  scalars_.withdrawn += amount;
  touch(tx.account);
  out.withdrawals.push_back(
      {.number = scalars_.withdrawals, .account = tx.account, .amount = amount});
  ++scalars_.withdrawals;
  return TxStatus::Executed;
}

TxStatus Exchange::update_oracle(Price price, Time observed, std::int64_t confidence_ticks) {
  if (price.ticks < 1 || price > main().price_max || confidence_ticks < 0)
    return TxStatus::Rejected;
  if (observed > scalars_.now || observed < scalars_.oracle_time) return TxStatus::Rejected;
  if (scalars_.now - observed > params_.oracle.max_age) return TxStatus::Rejected;
  if (Int128{confidence_ticks} * Ratio::kScale >
      Int128{price.ticks} * params_.oracle.max_confidence.ppb) {
    return TxStatus::Rejected;
  }
  settle_touched();  // the accounts' prices must be filed before they are compared
  accrue_fixings();
  scalars_.oracle = price;
  scalars_.oracle_time = observed;
  rankings_.clear();
  refresh_marks();
  return TxStatus::Executed;
}

// ---- the price index and the hashes of the accounts
// ----------------------------------------------

void Exchange::touch(AccountId account) {
  MEZZ_ASSERT(known(account));
  Row& row = rows_[account.value];
  if ((row.flags & kTouched) != 0) return;
  row.flags |= kTouched;
  touched_.push_back(account);
}

// Once per block and before every oracle price, however often a market maker trades in between.
void Exchange::settle_touched() {
  for (const AccountId account : touched_) {
    MEZZ_ASSERT((rows_[account.value].flags & kTouched) != 0);
    rows_[account.value].flags &= ~std::uint32_t{kTouched};
    file(account);
  }
  touched_.clear();
}

void Exchange::file(AccountId account) {
  const Holding h = holding(account, kMainInstrument);
  Row& row = rows_[account.value];
  const bool own_purses = isolated(account);
  bool breached = false;
  if (row.listed == 0) cascade_.erase(account);
  if ((row.flags & kNobodys) != 0) {
    index_.erase(account);
  } else if (row.listed > 0 && !own_purses) {
    index_.erase(account);
    const margin::Risk now = risk(account, scalars_.oracle);
    breached = margin::is_liquidatable(now);
    watch(account, now);
  } else if (h.size == Quantity::zero()) {
    index_.erase(account);
  } else {
    const Money cash = own_purses ? h.purse : h.quote;
    const std::optional<Price> at =
        preset_.position.venue == margin::Venue::DydxV4
            ? liquidation::liquidation_price(cash, h.size, tier_, main().money_per_lot_tick)
            : liquidation::liquidation_price(cash, h.size, preset_.position, params_.contract);
    const bool is_long = h.size > Quantity::zero();
    if (at) {
      index_.update(account, is_long ? Side::Buy : Side::Sell, *at);
      breached = is_long ? scalars_.oracle <= *at : scalars_.oracle >= *at;
    } else {
      index_.erase(account);
    }
  }
  if (own_purses) {
    if (row.listed > 0) watch(account, risk(account, scalars_.oracle));
    breached = note_purses(account);
  }
  note_breach(account, breached);
  const std::uint64_t hash = row_hash(account);
  scalars_.accounts_hash += hash - row.hash;
  row.hash = hash;
}

void Exchange::note_breach(AccountId account, bool breached) {
  Row& row = rows_[account.value];
  if (!breached) {
    row.liquidatable_since = Time::never();
    if ((row.flags & kAuction) != 0) end_auctions(account);  // its margin came back
    return;
  }
  if (!row.liquidatable_since.happened()) row.liquidatable_since = scalars_.now;
  if ((row.flags & kListed) != 0) return;
  row.flags |= kListed;
  breached_.push_back(account);
}

// After a change of the oracle price. Costs the accounts breached before or now, not all accounts.
void Exchange::find_breached() {
  MEZZ_ASSERT(touched_.empty());
  std::erase_if(breached_, [&](AccountId account) {
    const margin::Risk now = risk(account, scalars_.oracle);
    if (isolated(account)) note_purses(account);
    if (margin::is_liquidatable(now)) return false;
    note_breach(account, false);
    rows_[account.value].flags &= ~std::uint32_t{kListed};
    watch(account, now);
    return true;
  });
  find_breached_portfolios();
  if (!index_.any_breached(scalars_.oracle)) return;
  std::vector<AccountId> now;
  index_.collect_breached(scalars_.oracle, now);
  for (const AccountId account : now) {
    if (isolated(account)) note_purses(account);
    note_breach(account, true);
  }
}

std::uint64_t ExchangeState::row_hash(AccountId account) const {
  Fingerprint hash;
  hash.add(account.value, bits(ledger_.balance(account).micros));
  hash.add(bits(position(account).lots), 1);
  if (keeps_costs()) hash.add(bits(main().costs[account.value].micros));
  if (isolated(account)) hash.add(bits(purses_[account.value].micros));
  if (rows_[account.value].listed > 0) {
    for (std::uint16_t i = 1; i < markets_.size(); ++i) {
      const Quantity size = position(account, {i});
      if (size != Quantity::zero()) hash.add(i, bits(size.lots));
      if (isolated(account)) hash.add(i, bits(purse(account, {i}).micros));
      if (pools_deleverage_) hash.add(i, bits(markets_[i].costs[account.value].micros));
      if (size != Quantity::zero() && skew_funding({i}) != nullptr) {
        hash.add(i, bits(markets_[i].positions.at(account).settled_at.ppm));
      }
    }
  }
  return hash.value();
}

std::uint64_t ExchangeState::compute_root() const {
  MEZZ_ASSERT(touched_.empty());
  const Scalars& s = scalars_;
  Fingerprint hash;
  hash.add(s.accounts_hash, s.orders_hash);
  hash.add(s.block.value, bits(s.now.ns));
  hash.add(bits(s.oracle.ticks), bits(s.oracle_time.ns));
  hash.add(bits(main().state.last_trade.ticks), bits(main().state.funding.longs.ppm));
  hash.add(bits(s.next_sample.ns), bits(s.next_tick.ns));
  if (!counts_nominal_time(params_.funding_rule)) hash.add(bits(s.funded.ns));
  hash.add(s.order_sequence, s.withdrawals);
  hash.add(s.gate_from.value, samples_.size());
  for (const std::int64_t sample : samples_) hash.add(bits(sample));
  if (markets_.size() > 1) hash.add(listings_hash());
  if (!skew_.empty()) hash.add(skew_hash());
  if (!clips_.empty() || !cooling_.empty() || !ramped_.empty() || !sold_.empty()) {
    hash.add(waterfall_hash());
  }
  for (std::uint32_t row = 0; row < kSystemAccounts; ++row) {
    hash.add(row, bits(ledger_.balance(static_cast<SystemAccount>(row)).micros));
  }
  return hash.value() == 0 ? 1 : hash.value();  // 0 says that genesis has not ended
}

}  // namespace mezz

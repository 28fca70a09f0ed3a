// Listings: what they are worth at an index price, whose margin hangs on it, and their expiry.
#include <algorithm>

#include "models/layer2/execution/exchange.h"
#include "sim/check/fingerprint.h"

namespace mezz {
namespace {

constexpr Duration kMillisecond = 1_ms;

std::uint64_t bits(std::int64_t value) { return static_cast<std::uint64_t>(value); }

}  // namespace

const ListingSpec* ExchangeState::listing(InstrumentId instrument) const {
  MEZZ_ASSERT(instrument.value < markets_.size());
  return instrument == kMainInstrument ? nullptr : &params_.listing[instrument.value - 1U];
}

InstrumentId ExchangeState::find_instrument(std::string_view name) const {
  for (std::uint16_t i = 1; i < markets_.size(); ++i) {
    if (listing({i})->name == name) return {i};
  }
  return InstrumentId::none();
}

// ---- marks -------------------------------------------------------------------------------------

MarkState ExchangeState::state_at(InstrumentId instrument, Price index, Time at) const {
  const ListingSpec& spec = *listing(instrument);
  const Market::State& state = market_of(instrument).state;
  MarkState mark{.now = at,
                 .index = params_.contract.tick * index.ticks,
                 .normalisation_ppb = state.normalisation_ppb};
  if (!expires(spec.kind)) return mark;
  const Time from = Time::zero() + spec.expiry - spec.settlement_window;
  if (state.fixed_to <= from) return mark;
  const Duration covered = state.fixed_to - from;
  const std::int64_t tick = params_.contract.tick.micros;
  mark.average = {mul_div(state.fixing_tick_ms, tick, covered / kMillisecond, Round::Down)};
  mark.averaged = {mul_div(covered.ns, Ratio::kScale, spec.settlement_window.ns, Round::HalfEven)};
  return mark;
}

MarkState ExchangeState::mark_state(InstrumentId instrument) const {
  return state_at(instrument, table_.index, table_.at);
}

ExchangeState::PriceTable ExchangeState::prices_at(Price index, Time at) const {
  PriceTable table{.index = index, .at = at, .prices = {}};
  if (markets_.size() == 1) return table;
  table.prices.reserve(price_offset_.back());
  for (std::uint16_t i = 1; i < markets_.size(); ++i) {
    const std::size_t count = price_offset_[i + 1U] - price_offset_[i];
    if (!trading({i})) {
      table.prices.insert(table.prices.end(), count, Price{});  // nobody holds it any more
      continue;
    }
    const std::vector<Price> prices = prices_of(preset_, *listing({i}), state_at({i}, index, at));
    MEZZ_ASSERT(prices.size() == count);
    table.prices.insert(table.prices.end(), prices.begin(), prices.end());
  }
  return table;
}

std::span<const Price> ExchangeState::prices_in(const PriceTable& table,
                                                InstrumentId instrument) const {
  if (instrument == kMainInstrument) return {&table.index, 1};
  const std::size_t from = price_offset_[instrument.value];
  const std::size_t to = price_offset_[instrument.value + 1U];
  MEZZ_ASSERT(to <= table.prices.size());
  return std::span<const Price>(table.prices).subspan(from, to - from);
}

// After the index, the time of the marks or a normalisation factor changed.
void Exchange::refresh_marks() {
  MEZZ_ASSERT(touched_.empty());
  scalars_.marked_at = scalars_.now;
  if (markets_.size() == 1) {
    table_.index = scalars_.oracle;
    table_.at = scalars_.now;
  } else {
    PriceTable next = prices_at(scalars_.oracle, scalars_.now);
    const std::vector<Int128> moves = moves_between(table_, next);
    for (std::uint32_t i = 0; i < moves.size(); ++i) cascade_.advance(i, moves[i]);
    table_ = std::move(next);
  }
  find_breached();
}

// ---- accounts that hold listings
// -----------------------------------------------------------------

bool ExchangeState::is_portfolio(const Holding& h) const {
  std::uint32_t listed = rows_[h.account.value].listed;
  if (h.instrument != kMainInstrument) {
    if (position(h.account, h.instrument) != Quantity::zero()) --listed;
    if (h.size != Quantity::zero()) ++listed;
  }
  return listed > 0;
}

// To the expiry, or one funding period.
Duration ExchangeState::horizon(InstrumentId instrument, Time at) const {
  const ListingSpec* spec = listing(instrument);
  if (spec == nullptr) return {};
  if (!expires(spec->kind)) return spec->period();
  return std::max(Duration::zero(), Time::zero() + spec->expiry - at);
}

Leg ExchangeState::leg_of(InstrumentId instrument, Quantity size, const PriceTable& prices) const {
  return {.listing = listing(instrument),
          .contract = &market_of(instrument).contract,
          .size = size,
          .prices = prices_in(prices, instrument),
          .to_expiry = horizon(instrument, prices.at)};
}

AccountPortfolio ExchangeState::portfolio_of(const Holding& h, const PriceTable& prices) const {
  AccountPortfolio account{
      .quote = h.quote, .index = params_.contract.tick * prices.index.ticks, .legs = {}};
  for (std::uint16_t i = 0; i < markets_.size(); ++i) {
    const InstrumentId instrument{i};
    Quantity size = instrument == h.instrument ? h.size : position(h.account, instrument);
    if (instrument == spot_) size += h.coins;
    if (size == Quantity::zero()) continue;
    account.legs.push_back(leg_of(instrument, size, prices));
  }
  return account;
}

InstrumentId ExchangeState::largest_position(AccountId account) const {
  InstrumentId largest = kMainInstrument;
  Money most = Money{-1};
  for (std::uint16_t i = 0; i < markets_.size(); ++i) {
    const Quantity size = position(account, {i}).abs();
    if (size == Quantity::zero()) continue;
    const Money value = notional(markets_[i].contract, size, mark({i}));
    if (value > most) {
      most = value;
      largest = {i};
    }
  }
  return largest;
}

// ---- expiry ------------------------------------------------------------------------------------

// The index that was valid until now counts up to now, in whole milliseconds.
void Exchange::accrue_fixings() {
  for (std::uint16_t i = 1; i < markets_.size(); ++i) {
    const ListingSpec& spec = *listing({i});
    if (!expires(spec.kind) || !trading({i})) continue;
    Market::State& state = markets_[i].state;
    const Time until = std::min(scalars_.now, Time::zero() + spec.expiry);
    if (until <= state.fixed_to) continue;
    const std::int64_t passed = (until - state.fixed_to) / kMillisecond;
    state.fixing_tick_ms = narrow(state.fixing_tick_ms + Int128{scalars_.oracle.ticks} * passed);
    state.fixed_to += kMillisecond * passed;
  }
}

Money ExchangeState::settlement_index(InstrumentId instrument) const {
  const ListingSpec& spec = *listing(instrument);
  const MarkState mark = state_at(instrument, scalars_.oracle, Time::zero() + spec.expiry);
  return spec.settlement_window > Duration::zero() ? mark.average : mark.index;
}

void Exchange::settle_expired(BlockOutput& out) {
  accrue_fixings();
  scalars_.next_expiry = Time::max();
  for (std::uint16_t i = 1; i < markets_.size(); ++i) {
    const ListingSpec& spec = *listing({i});
    if (!expires(spec.kind) || !trading({i})) continue;
    const Time expiry = Time::zero() + spec.expiry;
    if (expiry <= scalars_.now) {
      settle_expiry({i}, out);
    } else {
      scalars_.next_expiry = std::min(scalars_.next_expiry, expiry);
    }
  }
  settle_touched();
  refresh_marks();
}

// Longs and shorts are equal in size, so what the ones receive the others pay, to the unit. The
// rounding account stands between them and ends where it began.
void Exchange::settle_expiry(InstrumentId instrument, BlockOutput& out) {
  Market& m = market_of(instrument);
  const Money index = settlement_index(instrument);
  m.state.settlement = settlement_value(*listing(instrument), index);
  m.state.settled = scalars_.now;
  ExpiryEvent event{.instrument = instrument,
                    .index = index,
                    .value = m.state.settlement,
                    .open_interest = m.positions.open_interest(),
                    .paid = {}};
  for (const Side side : {Side::Buy, Side::Sell}) {
    for (const RestingOrder& order : m.book.orders(side)) {
      expel_order(OrderRef::of(instrument, order.id), order, out);
    }
  }
  std::vector<AccountId> holders;
  m.positions.for_each_holder([&](AccountId a, const Position&) { holders.push_back(a); });
  const Money rounding = ledger_.balance(SystemAccount::Rounding);
  for (const AccountId account : holders) {
    const Quantity size = position(account, instrument);
    const Money value{narrow(Int128{m.state.settlement.micros} * size.lots)};
    ledger_.settle(account, SystemAccount::Rounding, value);
    put_in_purse(account, instrument, value);
    if (value > Money::zero()) event.paid += value;
    m.positions.bring(account, -size, m.state.funding);
    change_listed(instrument, account, size);
    touch(account);
  }
  MEZZ_ASSERT(ledger_.balance(SystemAccount::Rounding) == rounding);
  MEZZ_ASSERT(m.positions.open_interest() == Quantity::zero());
  for (const AccountId account : holders) {
    if (isolated(account)) {
      release_purse(account, instrument, scalars_.now, out);
    } else if (holds_nothing(account) && quote(account) < Money::zero()) {
      sweep(account, scalars_.now, out);
    }
  }
  ++scalars_.expiries;
  scalars_.expiries_paid += event.paid;
  out.expiries.push_back(event);
}

std::uint64_t ExchangeState::listings_hash() const {
  Fingerprint hash;
  for (std::size_t i = 1; i < markets_.size(); ++i) {
    const Market::State& s = markets_[i].state;
    hash.add(bits(s.last_trade.ticks), bits(s.funding.longs.ppm));
    hash.add(bits(s.normalisation_ppb), bits(s.fixing_tick_ms));
    hash.add(bits(s.settled.ns), bits(s.settlement.micros));
  }
  for (const Price price : table_.prices) hash.add(bits(price.ticks));
  for (const PoolOf& pool : pools_) {
    hash.add(bits(pool.rule.spot(mark(pool.instrument)).ticks), bits(pool.rule.shares().units));
    hash.add(bits(pool.rule.holds().quote.micros), bits(pool.rule.holds().lots.lots));
  }
  for (const Stake& s : stakes_) {
    hash.add(s.account.value + (std::uint64_t{s.pool} << 32U), bits(s.shares));
  }
  for (const Auction& a : auctions_) {
    hash.add(a.account.value + (std::uint64_t{a.insolvent} << 32U) +
                 (std::uint64_t{a.instrument.value} << 48U),
             bits(a.started.ns));
  }
  return hash.value();
}

}  // namespace mezz

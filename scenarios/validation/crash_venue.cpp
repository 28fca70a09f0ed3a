#include "scenarios/validation/crash_venue.h"

#include <algorithm>

#include "sim/check/assert.h"

namespace mezz::validation {

namespace {
constexpr Quantity kUnits{200'000};  // 20 units of the underlying, a million dollars
}  // namespace

ExchangeParams crash_exchange(Ratio maintenance) {
  ExchangeParams p;
  // A fine grid: rounding to a tick must not show at the tolerance of the case.
  p.contract = {.tick = Money{10'000}, .lot_decimals = 4};
  p.initial_price = 50'000_usd;
  p.initial_margin = maintenance;  // all of it is maintenance
  p.maintenance_fraction = Ratio::one();
  p.open_interest_lower = Money::zero();
  p.open_interest_upper = Money::zero();
  p.maker_fee = Ratio::zero();
  p.taker_fee = Ratio::zero();
  p.insurance_fund = Money::zero();
  p.fund_shortfall = FundShortfall::BookBadDebt;
  p.liquidation.fee_max_ppm = 0;
  p.liquidation.position_portion_max_ppm = 1'000'000;
  p.liquidation.account_notional_max = 1'000'000'000_usd;
  p.liquidation.spread_to_maintenance_ppm = 0;  // forced fills at the index price
  return p;
}

CrashVenue::CrashVenue(const Site& site, const CrashVenueParams& params)
    : EntityOf(site, params), exchange_(crash_exchange(params.maintenance)) {
  const ContractSpec& contract = exchange_.params().contract;
  const Price entry{exchange_.params().initial_price.micros / contract.tick.micros};
  const Money value = notional(contract, kUnits, entry);
  const auto count = static_cast<std::int64_t>(params.leverages.size());
  for (const std::int64_t leverage : params.leverages) {
    MEZZ_ASSERT(leverage >= 2);
    const AccountId account = exchange_.open_account();
    exchange_.genesis_deposit(account, Money{value.micros / leverage});
    exchange_.genesis_position(account, kUnits, entry);
    Position position;
    position.account = account;
    position.entry = value;
    positions_.push_back(position);
  }
  const AccountId counterparty = exchange_.open_account();
  exchange_.genesis_deposit(counterparty, value * (count + 1));
  exchange_.genesis_position(counterparty, -(kUnits * count), entry);
  keeper_ = exchange_.open_account();
  exchange_.genesis_deposit(keeper_, value * (10 * count));
  exchange_.end_genesis();
}

void CrashVenue::on(Context& ctx, const PriceTick& tick) {
  watch(tick);
  if (!is_down(ctx.now())) build_block(ctx, tick);
}

// The keeper and the analyst look at the outside price, whether or not the chain is up.
void CrashVenue::watch(const PriceTick& tick) {
  for (Position& position : positions_) {
    if (position.closed.happened()) continue;
    const margin::Risk risk = exchange_.risk(position.account, tick.price);
    if (!position.liquidatable.happened() && margin::is_liquidatable(risk)) {
      position.liquidatable = tick.time;
    }
    if (!position.bankrupt.happened() && risk.net_collateral < Money::zero()) {
      position.bankrupt = tick.time;
    }
  }
}

void CrashVenue::build_block(Context& ctx, const PriceTick& tick) {
  output_.clear();
  exchange_.begin_block(BlockId{++block_}, ctx.now());
  std::uint64_t next = block_ * 1'000;
  Transaction update;
  update.kind = TxKind::OracleUpdate;
  update.price = tick.price.ticks;
  update.reference = static_cast<std::uint64_t>(tick.time.ns);
  const TxStatus accepted = exchange_.execute(update, TxId{next++}, output_);
  MEZZ_ASSERT(accepted == TxStatus::Executed);
  for (const Position& position : positions_) {
    const bool due = position.liquidatable.happened() && !position.closed.happened() &&
                     ctx.now() >= position.liquidatable + params().delay;
    if (!due) continue;
    Transaction liquidate;
    liquidate.account = keeper_;
    liquidate.kind = TxKind::Liquidate;
    liquidate.reference = position.account.value;
    exchange_.execute(liquidate, TxId{next++}, output_);
  }
  exchange_.end_block(output_);
  for (Position& position : positions_) settle(position, ctx.now());
}

void CrashVenue::settle(Position& position, Time now) {
  for (const LiquidationEvent& event : output_.liquidations) {
    if (event.account == position.account) position.bad_debt += event.bad_debt;
  }
  const bool open = exchange_.position(position.account) != Quantity::zero();
  if (!open && !position.closed.happened()) position.closed = now;
}

Money CrashVenue::unrealised(std::size_t position) const {
  MEZZ_ASSERT(position < positions_.size());
  const Money equity = exchange_.equity(positions_[position].account, exchange_.oracle());
  return equity < Money::zero() ? -equity : Money::zero();
}

bool CrashVenue::is_down(Time now) const {
  return now >= params().down_at && now < params().down_at + params().down_for;
}

}  // namespace mezz::validation

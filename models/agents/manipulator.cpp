#include "models/agents/manipulator.h"

#include <algorithm>

#include "sim/check/error.h"

namespace mezz {

namespace {
constexpr std::uint64_t kOffer = 1;    // number of a losing account's resting order
constexpr Duration kPatience = 1_min;  // an order without an answer is forgotten after
}  // namespace

Quantity due(Quantity whole, std::int64_t done, std::int64_t steps) {
  MEZZ_ASSERT(steps > 0);
  const std::int64_t counted = std::clamp<std::int64_t>(done, 0, steps);
  return {mul_div(whole.lots, counted, steps, Round::Down)};
}

Manipulator::Manipulator(const Site& site, const ManipulatorParams& params,
                         const MarketAccess& access, AccountRange accounts)
    : Agent(site, params, access, accounts),
      asked_(accounts.count, Money::zero()),
      opened_(accounts.count, 0),
      ordered_(accounts.count, Time::never()) {
  if (!access.outside.exists()) throw ScenarioError(path(), "needs a market outside");
  if (params.pump_at < params.open_at) {
    throw ScenarioError(path() + ".pump_at", "must not be before open_at");
  }
  if (params.dump_at < params.pump_at + params.pump_duration) {
    throw ScenarioError(path() + ".dump_at", "must not be before the end of the pump");
  }
}

void Manipulator::on(Context& ctx, const Start&) { after(ctx, params().open_at, Step{}); }

Quantity Manipulator::wanted(AccountId account) const {
  const Money equity = node().equity(account, view().mark());
  const Money lot = notional(node().params().contract, Quantity{1}, view().mark());
  if (equity <= Money::zero() || lot <= Money::zero()) return Quantity::zero();
  return {scale(equity, params().leverage, Round::Down).micros / lot.micros};
}

// The winner of the row buys towards its aim; an own counterparty offers as much at its price.
void Manipulator::build(Context& ctx, std::uint32_t row) {
  const AccountId winner = accounts().at(row);
  if (opened_[row] != 0 && !params().pyramid) return;
  if (ordered_[row].happened() && ctx.now() - ordered_[row] < kPatience) return;
  const Quantity missing = wanted(winner) - node().position(winner);
  if (missing <= Quantity::zero()) {
    opened_[row] = 1;
    return;
  }
  const Quantity size = std::min(missing, params().clip);
  const bool own = params().counterparty == Counterparty::Own;
  const Price limit = view().mark().up_by(own ? Ratio::zero() : params().slippage);
  if (own) {
    place(ctx, {.account = accounts().at(winners() + row),
                .quantity = -size,
                .price = limit,
                .number = kOffer});
  }
  ordered_[row] = ctx.now();
  place(ctx,
        {.account = winner, .quantity = size, .price = limit, .time_in_force = TimeInForce::Ioc});
}

void Manipulator::trade_outside(Context& ctx, Duration now) {
  const ManipulatorParams& p = params();
  const auto steps = [&](Duration length) {
    return std::max<std::int64_t>(length.ns / p.interval.ns, 1);
  };
  const Money lot = notional(node().params().contract, Quantity{1}, initial_price(node()));
  const Quantity whole{p.spot.micros / lot.micros};
  Quantity order;
  if (now >= p.dump_at) {
    const std::int64_t done = (now - p.dump_at).ns / p.interval.ns + 1;
    const Quantity sells{mul_div(whole.lots, p.dump_share.ppb, Ratio::kScale, Round::Down)};
    order = books_.spot_dumped - due(sells, done, steps(p.dump_duration));
    books_.spot_dumped -= order;
  } else if (now >= p.pump_at) {
    const std::int64_t done = (now - p.pump_at).ns / p.interval.ns + 1;
    order = due(whole, done, steps(p.pump_duration)) - books_.spot_ordered;
    books_.spot_ordered += order;
  }
  if (order == Quantity::zero()) return;
  ctx.send(access().outside, OutsideOrder{.from = self(), .quantity = order});
}

void Manipulator::harvest(Context& ctx, std::uint32_t row, Money most) {
  if (asked_[row] > Money::zero()) return;
  const AccountId account = accounts().at(row);
  const Money amount = std::min(node().free_collateral(account), most);
  if (amount < node().params().withdrawal_min) return;
  asked_[row] = amount;
  Transaction tx = transaction(ctx, TxKind::Withdraw, account);
  tx.amount = amount.micros;
  submit(ctx, tx);
}

void Manipulator::value_winners() {
  Money equity;
  Money value;
  for (std::uint32_t row = 0; row < winners(); ++row) {
    const AccountId account = accounts().at(row);
    equity += node().equity(account, view().mark());
    value += notional(node().params().contract, node().position(account), view().mark());
  }
  const Money gain = equity + books_.withdrawn - params().capital * params().winners;
  books_.unrealised_max = std::max(books_.unrealised_max, gain);
  books_.notional_max = std::max(books_.notional_max, value);
}

void Manipulator::on(Context& ctx, const Step&) {
  after(ctx, params().interval, Step{});
  if (!view().open()) return;
  const Duration now = ctx.now() - Time::zero();
  value_winners();
  if (now < params().dump_at) {
    for (std::uint32_t row = 0; row < winners(); ++row) build(ctx, row);
  }
  trade_outside(ctx, now);
  if (now < params().pump_at) return;
  Money asked;
  for (std::uint32_t row = 0; row < winners(); ++row) asked += asked_[row];
  for (std::uint32_t row = 0; row < winners(); ++row) {
    const Money left = params().withdraw_max - books_.withdrawn - asked;
    if (left <= Money::zero()) break;
    const Money before = asked_[row];
    harvest(ctx, row, left);
    asked += asked_[row] - before;
  }
  if (!params().strip_losers) return;
  for (std::uint32_t row = winners(); row < accounts().count; ++row) {
    harvest(ctx, row, node().free_collateral(accounts().at(row)));
  }
}

void Manipulator::on(Context&, const Receipt& receipt) {
  if (!accounts().contains(receipt.account)) return;
  const std::uint32_t row = accounts().row_of(receipt.account);
  if (receipt.kind == TxKind::PlaceOrder) ordered_[row] = Time::never();
  if (receipt.kind != TxKind::Withdraw) return;
  if (receipt.status == TxStatus::Executed) books_.withdrawn += asked_[row];
  asked_[row] = Money::zero();
}

void Manipulator::on(Context&, const OutsideFill& fill) {
  books_.spot_net += fill.value;
  books_.spot_held += fill.quantity;
  books_.spot_paid += std::max(fill.value, Money::zero());
}

void Manipulator::report(MetricList& out) const {
  out.money(metric_name("deposited"), deposited());
  out.money(metric_name("withdrawn"), books_.withdrawn);
  out.money(metric_name("spot.paid"), books_.spot_paid);
  out.money(metric_name("spot.net"), books_.spot_net);
  out.money(metric_name("unrealised.max"), books_.unrealised_max);
  out.money(metric_name("notional.max"), books_.notional_max);
  out.money(metric_name("profit"), profit());
}

}  // namespace mezz

#include "models/agents/escape_user.h"

#include <algorithm>

#include "sim/check/error.h"
#include "sim/check/fingerprint.h"
#include "sim/random/distribution.h"

namespace mezz {

EscapeUser::EscapeUser(const Site& site, const EscapeUserParams& params, const MarketAccess& access,
                       AccountRange accounts)
    : Agent(site, params, access, accounts) {
  MEZZ_ASSERT(accounts.count >= 2);
  check(params.counterparty_delay, path() + ".counterparty_delay");
  if (params.cap < params.tip) throw ScenarioError(path() + ".cap", "must be at least the tip");
  searching_.resize(own_accounts());
}

AccountRange EscapeUser::genesis(Exchange& exchange, const EscapeUserParams& params) {
  const auto own = static_cast<std::uint32_t>(params.accounts);
  const AccountRange range = open_accounts(exchange, own + 1, params.capital);
  check_deposits(exchange, own, params.capital);
  exchange.genesis_deposit(range.at(own), params.capital * params.accounts);
  if (params.position == Quantity::zero()) return range;
  const Price entry = initial_price(exchange);
  for (std::uint32_t row = 0; row + 1 < own; row += 2) {
    exchange.genesis_position(range.at(row), params.position, entry);
    exchange.genesis_position(range.at(row + 1), -params.position, entry);
    if (exchange.free_collateral(range.at(row)) < Money::zero()) {
      throw ScenarioError("agent.position", "needs more capital than it has as initial margin");
    }
  }
  return range;
}

bool EscapeUser::can_use_hatch() const {
  return access().escape != nullptr && access().escape_contract.exists() && access().l1.exists();
}

void EscapeUser::wait(Context& ctx) {
  if (params().withdrawals_per_hour <= 0.0) return;
  const double hours = exponential(rng()) / params().withdrawals_per_hour;
  after(ctx, to_drawn_duration(hours * 3.6e12), Ask{});
}

void EscapeUser::on(Context& ctx, const Start&) {
  wait(ctx);
  if (can_use_hatch()) after(ctx, params().look_interval, Look{});
}

void EscapeUser::on(Context& ctx, const Ask&) {
  wait(ctx);
  const auto row = static_cast<std::uint32_t>(rng().below(own_accounts()));
  const std::uint64_t number = ++asked_;
  Transaction tx = transaction(ctx, TxKind::Withdraw, accounts().at(row));
  tx.amount = params().amount.micros;
  tx.reference = number;
  submit(ctx, tx);
  if (!can_use_hatch()) return;
  unanswered_[number] = tx.account;
  after(ctx, params().patience, Overdue{number});
}

void EscapeUser::on(Context&, const Receipt& receipt) {
  if (receipt.kind == TxKind::Withdraw) unanswered_.erase(receipt.reference);
}

void EscapeUser::on(Context&, const PriceTick& tick) { outside_ = tick.price; }

// ---- forced requests

void EscapeUser::call(Context& ctx, const Call& call) {
  MEZZ_ASSERT(can_use_hatch());
  ctx.send(access().l1, SubmitL1Transaction{.to = access().escape_contract,
                                            .from = {},
                                            .tag = 0,
                                            .a = call.a,
                                            .b = call.b,
                                            .gas = static_cast<std::uint32_t>(call.gas.units),
                                            .blobs = 0,
                                            .kind = call.kind,
                                            .tip = MilliGwei::from(params().tip),
                                            .cap = MilliGwei::from(params().cap)});
}

void EscapeUser::file(Context& ctx, const ForcedRequestData& data) {
  ++forced_;
  const bool premium = params().premium;
  call(ctx, {.kind = L1CallKind::ForcedRequest,
             .a = access().escape->write_request(data),
             .b = premium ? 1U : 0U,
             .gas = premium ? params().premium_gas : params().request_gas});
}

void EscapeUser::on(Context& ctx, const Overdue& overdue) {
  const auto found = unanswered_.find(overdue.number);
  if (found == unanswered_.end() || access().escape->frozen()) return;
  const AccountId account = found->second;
  unanswered_.erase(found);
  Transaction tx = transaction(ctx, TxKind::Withdraw, account);
  tx.amount = params().amount.micros;
  tx.reference = overdue.number;
  file(ctx, {.own = tx});
  std::uint8_t& searching = searching_[accounts().row_of(account)];
  if (searching != 0 || node().position(account) == Quantity::zero()) return;
  searching = 1;
  search(ctx, account);
}

void EscapeUser::search(Context& ctx, AccountId account) {
  ++searches_;
  const Duration delay = draw(params().counterparty_delay, rng());
  after(ctx, delay, SearchOver{account});
}

Transaction EscapeUser::order(const Context& ctx, AccountId account, Quantity quantity,
                              Price price) const {
  Transaction tx = transaction(ctx, TxKind::PlaceOrder, account);
  tx.price = price.ticks;
  tx.amount = quantity.lots;
  tx.reference = forced_ + 1;  // its own numbers: these accounts place no other orders
  return tx;
}

void EscapeUser::on(Context& ctx, const SearchOver& search_over) {
  const AccountId account = search_over.account;
  const bool found = rng().chance(params().counterparty_found);
  const Quantity held = node().position(account);
  if (access().escape->frozen() || held == Quantity::zero() || !view().open()) {
    searching_[accounts().row_of(account)] = 0;
    return;
  }
  if (!found) return search(ctx, account);
  const std::int64_t off =
      mul_div(view().mark().ticks, params().counterparty_discount.ppb, Ratio::kScale, Round::Up);
  const Price price{view().mark().ticks + (held > Quantity::zero() ? -off : off)};
  if (price.ticks <= 0) return search(ctx, account);
  ForcedRequestData data{.own = order(ctx, account, -held, price),
                         .counterparty = order(ctx, accounts().at(own_accounts()), held, price),
                         .trade = 1};
  data.own.time_in_force = TimeInForce::Ioc;
  data.own.flags |= Transaction::kReduceOnly;
  ++trades_;
  file(ctx, data);
}

// ---- freeze and escape

void EscapeUser::on(Context& ctx, const Look&) {
  after(ctx, params().look_interval, Look{});
  const EscapeDoor& hatch = *access().escape;
  if (hatch.frozen()) {
    if (escaping_ != 0) return;
    escaping_ = 1;
    next_escape_ = 0;
    after(ctx, Duration::zero(), EscapeNext{});
    return;
  }
  const Time due = hatch.freezable_at();
  if (!due.happened() || freezing_ != 0 || due > ctx.now() + params().look_interval) return;
  freezing_ = 1;
  after(ctx, std::max(Duration::zero(), due - ctx.now()), Freeze{});
}

void EscapeUser::on(Context& ctx, const Freeze&) {
  freezing_ = 0;
  const Time due = access().escape->freezable_at();
  if (!due.happened() || due > ctx.now()) return;  // served in time, or frozen already
  call(ctx, {.kind = L1CallKind::FreezeRequest,
             .a = access().escape->unserved(),
             .gas = params().freeze_gas});
}

bool EscapeUser::escapes(AccountId account) const {
  if (accounts().contains(account)) return true;
  constexpr std::uint64_t kPurpose = 0x657363617065;  // "escape": not the hash of anything else
  const std::uint64_t draw =
      mix(account.value, kPurpose) % static_cast<std::uint64_t>(Ratio::kScale);
  return static_cast<std::int64_t>(draw) < params().escape_share.ppb;
}

// The next account that can; when all have been looked at, those without a witness are looked at
// again some time later.
void EscapeUser::on(Context& ctx, const EscapeNext&) {
  const EscapeDoor& hatch = *access().escape;
  if (!hatch.frozen()) {  // the freeze was orphaned, or is over
    escaping_ = 0;
    return;
  }
  sent_.resize(std::max<std::size_t>(sent_.size(), hatch.accounts()));
  for (; next_escape_ < hatch.accounts(); ++next_escape_) {
    const AccountId account{next_escape_};
    if (sent_[next_escape_] != 0 || !escapes(account)) continue;
    if (hatch.claim(account) == Money::zero() || !hatch.has_witness(account)) continue;
    sent_[next_escape_] = 1;
    ++escapes_;
    call(ctx, {.kind = L1CallKind::Escape,
               .a = account.value,
               .b = static_cast<std::uint64_t>(std::max<std::int64_t>(outside_.ticks, 0)),
               .gas = params().escape_gas});
    ++next_escape_;
    const Duration gap{params().reaction.ns / std::max<std::int64_t>(hatch.accounts(), 1)};
    const Duration wait = exponential(rng(), gap);
    after(ctx, wait, EscapeNext{});
    return;
  }
  next_escape_ = 0;
  after(ctx, params().look_interval, EscapeNext{});
}

}  // namespace mezz

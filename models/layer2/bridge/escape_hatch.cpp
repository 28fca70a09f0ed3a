#include "models/layer2/bridge/escape_hatch.h"

#include <algorithm>

#include "sim/check/assert.h"
#include "sim/engine/context.h"

namespace mezz {

static_assert(Flat<EscapeTotals>);

namespace {
bool same(const Transaction& a, const Transaction& b) {
  return a.account == b.account && a.kind == b.kind && a.amount == b.amount && a.price == b.price &&
         a.reference == b.reference && a.submitted == b.submitted;
}
}  // namespace

EscapeHatch::EscapeHatch(const Site& site, const EscapeHatchParams& p, const EscapeWiring& wiring)
    : EntityOf(site, p), wiring_(wiring), chain_(&wiring.node->chain()) {
  MEZZ_ASSERT(wiring.escrow != nullptr && wiring.derivation != nullptr);
  MEZZ_ASSERT(wiring.inbox != nullptr && wiring.inbox_ref.exists());
  if (site.recording == nullptr) return;
  request_rows_.declare(*site.recording, "forced_requests",
                        "Forced requests to the escape hatch, freeze and unfreeze");
  escape_rows_.declare(*site.recording, "escapes", "Money taken out of the last settled state");
}

std::uint64_t EscapeHatch::write_request(const ForcedRequestData& data) {
  MEZZ_ASSERT(data.own.kind == TxKind::Withdraw || data.own.kind == TxKind::PlaceOrder);
  Written written{.data = data};
  if (data.trade != 0) {
    MEZZ_ASSERT(data.counterparty.kind == TxKind::PlaceOrder);
    written.counterparty = wiring_.inbox->write_forced(data.counterparty);
  }
  written.own = wiring_.inbox->write_forced(data.own);
  written_.push_back(written);
  return written_.size() - 1;
}

// ---- calls on layer one

void EscapeHatch::on(Context& ctx, const L1Execute& call) {
  Change change{.tag = call.tag, .block = call.block, .height = call.height, .before = totals_};
  switch (call.kind) {
    case L1CallKind::ForcedRequest:
      if (request(ctx, call)) change.act = Act::Request;
      break;
    case L1CallKind::FreezeRequest:
      if (call.b == 0 && freeze(ctx, call)) change.act = Act::Freeze;
      if (call.b == 1 && unfreeze(ctx.now())) change.act = Act::Unfreeze;
      break;
    case L1CallKind::Escape:
      if (escape(call, ctx.now(), change)) change.act = Act::Escape;
      break;
    default:
      break;  // not for this contract
  }
  if (change.act == Act::Refused) ++totals_.refused;
  undo_.add(change);
  check();
}

template <class Call>
void EscapeHatch::forward(Context& ctx, const Call& call, std::uint64_t number) const {
  Call forwarded = call;
  forwarded.kind = L1CallKind::ForcedTransaction;
  forwarded.a = number;
  forwarded.b = 0;
  ctx.send(wiring_.inbox_ref, forwarded);
}

bool EscapeHatch::request(Context& ctx, const L1Execute& call) {
  if (call.a >= written_.size()) return false;
  const Request made{
      .number = call.a, .at = ctx.now(), .block = call.block, .premium = call.b == 1 ? 1U : 0U};
  std::int64_t in_block = 0;
  bool known = false;
  for (const Request& other : requests_) {
    if (other.block == call.block && other.premium == 0) ++in_block;
    known = known || other.number == call.a;
  }
  const bool room = made.premium != 0 || in_block < params().requests_per_block;
  if (known || !room || frozen_at_.happened()) {
    record(ctx.now(), made, RequestEvent::Refused);
    return false;
  }
  requests_.push_back(made);
  ++totals_.requests;
  const Written& written = written_[call.a];
  if (written.data.trade != 0) forward(ctx, call, written.counterparty);
  forward(ctx, call, written.own);
  record(ctx.now(), made, RequestEvent::Accepted);
  return true;
}

bool EscapeHatch::served(const Request& request) const {
  return request.served.exists() && request.served <= chain_->reached(Rung::Settled);
}

std::uint64_t EscapeHatch::unserved() const {
  for (const Request& request : requests_) {
    if (!served(request)) return request.number;
  }
  return kNoRequest;
}

Time EscapeHatch::freezable_at() const {
  if (frozen_at_.happened()) return Time::never();
  for (const Request& request : requests_) {
    if (!served(request)) return request.at + params().freeze_grace;
  }
  return Time::never();
}

bool EscapeHatch::freeze(Context& ctx, const L1Execute& call) {
  if (frozen_at_.happened()) return false;
  scan();
  const auto subject = std::find_if(requests_.begin(), requests_.end(),
                                    [&](const Request& r) { return r.number == call.a; });
  if (subject == requests_.end() || served(*subject)) return false;
  if (ctx.now() < subject->at + params().freeze_grace) return false;
  frozen_at_ = ctx.now();
  wiring_.derivation->freeze();
  take_claims();
  record(ctx.now(), *subject, RequestEvent::Frozen);
  return true;
}

void EscapeHatch::take_claims() {
  settled_ = chain_->reached(Rung::Settled);
  const Exchange state = wiring_.node->state_at(settled_);
  price_ = state.oracle();
  claims_.clear();
  Money equity;
  for (std::uint32_t a = 0; a < state.accounts(); ++a) {
    claims_.push_back({.equity = state.equity({a}, price_), .position = state.position({a})});
    equity += claims_.back().equity;
  }
  // Positions sum to zero, so equities sum to balances; with fund, fees and rounding, less the bad
  // debt already booked, they are the money of that state to the last unit.
  const ExchangeTotals totals = state.totals();
  MEZZ_ASSERT(equity == totals.user_quote);
  pool_start_ = equity + totals.insurance_fund + totals.fees + totals.rounding - totals.bad_debt;
  MEZZ_ASSERT(pool_start_ == totals.deposited - totals.withdrawn + totals.insurance_fund_start);
  pool_ = pool_start_;
}

bool EscapeHatch::unfreeze(Time now) {
  if (!frozen() || now < frozen_at_ + params().unfreeze_delay) return false;
  unfrozen_at_ = now;
  MEZZ_ASSERT(!frozen());
  return true;
}

bool EscapeHatch::escape(const L1Execute& call, Time now, Change& change) {
  if (!frozen() || call.a >= claims_.size()) return false;
  const AccountId account{static_cast<std::uint32_t>(call.a)};
  Claim& subject = claims_[call.a];
  if (subject.escaped != 0 || subject.equity <= Money::zero() || !has_witness(account))
    return false;
  const Money paid = std::min(subject.equity, std::min(pool_, wiring_.escrow->totals().escrow));
  if (paid <= Money::zero()) return false;
  wiring_.escrow->escape(paid);
  pool_ -= paid;
  subject.escaped = 1;
  ++totals_.escapes;
  totals_.paid += paid;
  totals_.shortfall += subject.equity - paid;
  Money drift;
  const Price outside{static_cast<std::int64_t>(call.b)};
  if (outside.ticks > 0) {
    const ContractSpec& contract = wiring_.node->exchange().params().contract;
    drift = notional(contract, subject.position, outside) -
            notional(contract, subject.position, price_);
  }
  totals_.drift += drift;
  totals_.drift_size += drift < Money::zero() ? -drift : drift;
  change.subject = call.a;
  change.paid = paid;
  escape_rows_.append({.time = now,
                       .account = account,
                       .claim = subject.equity,
                       .paid = paid,
                       .position = subject.position,
                       .settled_price = price_,
                       .outside_price = outside,
                       .drift = drift,
                       .since_freeze = now - frozen_at_,
                       .undone = false});
  return true;
}

// ---- layer one goes back

void EscapeHatch::on(Context& ctx, const L1Undo& call) {
  const Change change = undo_.take(call);
  totals_ = change.before;
  switch (change.act) {
    case Act::Refused:
      return;
    case Act::Request: {
      MEZZ_ASSERT(!requests_.empty() && requests_.back().number == call.a);
      record(ctx.now(), requests_.back(), RequestEvent::Undone);
      requests_.pop_back();
      const Written& written = written_[call.a];
      forward(ctx, call, written.own);
      if (written.data.trade != 0) forward(ctx, call, written.counterparty);
      break;
    }
    case Act::Freeze:
      MEZZ_ASSERT(pool_ == pool_start_);  // escapes came later and are undone already
      frozen_at_ = Time::never();
      settled_ = BlockId::none();
      claims_.clear();
      pool_start_ = {};
      pool_ = {};
      wiring_.derivation->unfreeze();
      break;
    case Act::Unfreeze:
      unfrozen_at_ = Time::never();
      break;
    case Act::Escape: {
      Claim& subject = claims_[change.subject];
      MEZZ_ASSERT(subject.escaped == 1);
      subject.escaped = 0;
      pool_ += change.paid;
      wiring_.escrow->unescape(change.paid);
      escape_rows_.append({.time = ctx.now(),
                           .account = AccountId{static_cast<std::uint32_t>(change.subject)},
                           .claim = subject.equity,
                           .paid = change.paid,
                           .position = subject.position,
                           .settled_price = price_,
                           .outside_price = Price{static_cast<std::int64_t>(call.b)},
                           .drift = {},
                           .since_freeze = ctx.now() - frozen_at_,
                           .undone = true});
      break;
    }
  }
  check();
}

void EscapeHatch::on(Context&, const L1Finalised& finalised) { undo_.finalised(finalised.height); }

// ---- the chain of layer two

void EscapeHatch::on(Context&, const BlockSealed&) { scan(); }

void EscapeHatch::on(Context&, const Layer2Reorg& reorg) {
  for (Request& request : requests_) {
    if (request.served.exists() && request.served > reorg.kept) request.served = BlockId::none();
  }
  scanned_ = std::min(scanned_, reorg.kept);
  scan();
}

// Finds the requests' transactions in the blocks. Does nothing while a rollback is on its way.
void EscapeHatch::scan() {
  if (scanned_ > chain_->head()) return;
  for (; scanned_ < chain_->head(); ++scanned_.value) {
    const Layer2Block& block = chain_->block(BlockId{scanned_.value + 1});
    for (std::uint64_t i = block.first; i < block.first + block.count; ++i) {
      const Transaction& tx = chain_->transaction(i).transaction;
      if ((tx.flags & Transaction::kForced) == 0) continue;
      for (Request& request : requests_) {
        if (request.served.exists() || !same(tx, written_[request.number].data.own)) continue;
        request.served = block.number;
        break;
      }
    }
  }
}

// ---- looking

Money EscapeHatch::claim(AccountId account) const {
  if (!frozen() || account.value >= claims_.size()) return {};
  const Claim& subject = claims_[account.value];
  return subject.escaped != 0 ? Money{} : std::max(subject.equity, Money::zero());
}

bool EscapeHatch::has_witness(AccountId account) const {
  if (!frozen_at_.happened()) return false;
  return wiring_.data == nullptr || wiring_.data->part_of(account, settled_);
}

std::uint32_t EscapeHatch::accounts() const { return static_cast<std::uint32_t>(claims_.size()); }

Money EscapeHatch::frozen_value() const {
  Money sum;
  for (const Claim& claim : claims_) sum += std::max(claim.equity, Money::zero());
  return sum;
}

void EscapeHatch::record(Time now, const Request& request, RequestEvent event) {
  const ForcedRequestData& data = written_[request.number].data;
  request_rows_.append({.time = now,
                        .request = request.number,
                        .account = data.own.account,
                        .event = event,
                        .trade = data.trade != 0,
                        .premium = request.premium != 0});
}

void EscapeHatch::check() const {
  MEZZ_ASSERT(pool_ >= Money::zero());
  MEZZ_ASSERT(pool_start_ - pool_ == totals_.paid);
  MEZZ_ASSERT(wiring_.escrow->totals().escaped == totals_.paid);
}

void EscapeHatch::report(MetricList& out) const {
  out.count("escape.requests", totals_.requests);
  out.count("escape.refused", totals_.refused);
  std::uint64_t waiting = 0;
  std::vector<Duration> delays;
  for (const Request& request : requests_) {
    if (!served(request)) {
      ++waiting;
      continue;
    }
    delays.push_back(chain_->block(request.served).ladder[Rung::Settled] - request.at);
  }
  out.count("escape.requests.unserved", waiting);
  out.delays("escape.request_delay", std::move(delays));
  out.count("escape.frozen", frozen() ? 1 : 0);
  out.money("escape.frozen_value", frozen_value());
  Money unreachable;
  Money deficit;
  for (std::uint32_t a = 0; a < claims_.size(); ++a) {
    if (!has_witness({a})) unreachable += claim({a});
    if (claims_[a].equity < Money::zero()) deficit -= claims_[a].equity;
  }
  out.money("escape.unreachable", unreachable);
  out.money("escape.deficit", deficit);
  out.count("escape.count", totals_.escapes);
  out.money("escape.paid", totals_.paid);
  out.money("escape.shortfall", totals_.shortfall);
  out.money("escape.drift", totals_.drift);
  out.money("escape.drift.size", totals_.drift_size);
}

}  // namespace mezz

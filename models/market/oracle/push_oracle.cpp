#include "models/market/oracle/push_oracle.h"

#include "sim/check/error.h"

namespace mezz {

PushOracle::PushOracle(const Site& site, const PushOracleParams& params,
                       const PushOracleWiring& wiring)
    : EntityOf(site, params), wiring_(wiring) {
  MEZZ_ASSERT(wiring.inbox.exists());
  check(params.report_delay, path() + ".report_delay");
  if (params.route == OracleRoute::Layer1 && !wiring.l1.exists()) {
    throw ScenarioError(path() + ".route", "layer1 needs a base chain");
  }
  if (params.route == OracleRoute::Layer1 && params.fee_cap < params.tip) {
    throw ScenarioError(path() + ".fee_cap", "must not be below the tip");
  }
  if (site.recording != nullptr) {
    staleness_.bind(*site.recording, path());
    error_.bind(*site.recording, path());
  }
}

void PushOracle::on(Context& ctx, const Start&) { after(ctx, params().poll, Poll{}); }

void PushOracle::on(Context&, const PriceTick& tick) {
  // Datagrams may overtake each other; the newest observation counts.
  if (tick.time >= seen_.time) seen_ = {tick.price, tick.time};
}

Report PushOracle::observed() const {
  if (!wrong_.on()) return seen_;
  const Int128 moved =
      divide(Int128{seen_.price.ticks} * wrong_.magnitude.ppb, Ratio::kScale, Round::HalfEven);
  return {{moved < 1 ? 1 : narrow(moved)}, seen_.time};
}

bool PushOracle::must_replace(const Report& observed, Time now) const {
  MEZZ_ASSERT(is_flying());
  return deviates(flying_.price, observed.price, live_->deviation) ||
         now - flying_since_ >= params().resend_after;
}

void PushOracle::on(Context& ctx, const Poll&) {
  after(ctx, params().poll, Poll{});
  const Report report = observed();
  if (down_.on() || !should_update(rule(), landed_, report, ctx.now())) return;
  if (is_flying() && !must_replace(report, ctx.now())) return;
  flying_ = report;
  flying_since_ = ctx.now();
  const Duration delay = draw(params().report_delay, rng());
  after(ctx, delay, Send{report.price, report.time});
}

void PushOracle::on(Context& ctx, const Send& send) {
  if (down_.on()) return;
  ++sent_;
  if (params().route == OracleRoute::Layer2) {
    on(ctx, Relay{send.price, send.time});
    return;
  }
  ctx.send(wiring_.l1, SubmitL1Transaction{.to = self(),
                                           .from = self(),
                                           .tag = sent_,
                                           .a = static_cast<std::uint64_t>(send.price.ticks),
                                           .b = static_cast<std::uint64_t>(send.time.ns),
                                           .gas = static_cast<std::uint32_t>(params().gas.units),
                                           .blobs = 0,
                                           .kind = L1CallKind::OracleUpdate,
                                           .tip = MilliGwei::from(params().tip),
                                           .cap = MilliGwei::from(params().fee_cap)});
}

void PushOracle::on(Context& ctx, const Relay& relay) {
  MEZZ_ASSERT(relay.price.ticks > 0);
  MEZZ_ASSERT(relay.time.happened());
  ctx.send(wiring_.inbox, SubmitTransaction{{.account = AccountId::none(),
                                             .kind = TxKind::OracleUpdate,
                                             .price = relay.price.ticks,
                                             .reference = static_cast<std::uint64_t>(relay.time.ns),
                                             .submitted = ctx.now()}});
}

void PushOracle::landed(const Report& report) {
  landed_ = report;
  if (is_flying() && report.time >= flying_.time) flying_.time = Time::never();
}

void PushOracle::on(Context& ctx, const MarketUpdate& update) {
  if (!update.oracle_time.happened()) return;
  market_ = {update.oracle, update.oracle_time};
  staleness_.record(ctx.now(), ctx.now() - update.oracle_time);
  if (seen_.time.happened() && seen_.price.ticks > 0) {
    const std::int64_t move = update.oracle.ticks - seen_.price.ticks;
    error_.record(ctx.now(), Ratio{mul_div(move < 0 ? -move : move, Ratio::kScale,
                                           seen_.price.ticks, Round::HalfEven)});
  }
  // A re-organisation of layer two brings an older price back; the rule then reports again.
  if (params().route == OracleRoute::Layer2) landed(market_);
}

void PushOracle::on(Context&, const Shock& shock) {
  if (shock.kind == ShockKind::OracleDown) down_.apply(shock);
  if (shock.kind == ShockKind::OracleWrongPrice) wrong_.apply(shock);
}

// Heard at the next poll.
void PushOracle::on(Context&, const ParameterChange& change) { live_.apply(change); }

Report PushOracle::newest_accepted() const {
  return relays_.empty() ? contract_ : relays_.back().report;
}

void PushOracle::on(Context& ctx, const L1Execute& call) {
  MEZZ_ASSERT(call.kind == L1CallKind::OracleUpdate);
  const Report report{{static_cast<std::int64_t>(call.a)}, Time{static_cast<std::int64_t>(call.b)}};
  if (report.time <= newest_accepted().time) return;  // overtaken by a newer report
  const Timer relay = after(ctx, params().relay_delay, Relay{report.price, report.time});
  relays_.push_back({report, call.tag, relay});
  if (relays_.size() > kAcceptedMax) {
    contract_ = relays_.front().report;
    relays_.pop_front();
  }
  landed(report);
}

// Calls are undone last first, so that the newest accepted report is the one to go, if it was.
void PushOracle::on(Context& ctx, const L1Undo& call) {
  if (relays_.empty() || relays_.back().tag != call.tag) return;
  ctx.cancel(relays_.back().relay);  // if it has left already, layer two keeps the price
  relays_.pop_back();
  landed_ = newest_accepted();
}

void PushOracle::on(Context&, const L1Included& included) {
  fees_gwei_ += included.execution_fee_gwei + included.blob_fee_gwei;
}

void PushOracle::on(Context&, const L1Reverted&) {}  // it waits in the mempool again

}  // namespace mezz

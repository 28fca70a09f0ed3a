// Funding: a premium sample each minute of block time, a settlement each hour, for every account.
// What follows the skew of a pool is in exchange_skew.cpp.
#include "models/layer2/execution/exchange.h"

namespace mezz {
namespace {

constexpr Duration kSecond = 1_s;

// The first multiple of `step` after `now`: epochs that passed during a halt are skipped.
Time next_epoch(Time now, Duration step) {
  MEZZ_ASSERT(step > Duration::zero());
  return Time::zero() + step * ((now - Time::zero()) / step + 1);
}

}  // namespace

void Exchange::sample_premium() {
  if (!follows_skew(params_.funding_rule)) {
    samples_.push_back(premium_sample(params_.funding_preset(), tier_, main().book,
                                      params_.contract, scalars_.oracle));
  }
  scalars_.next_sample = next_epoch(scalars_.now, params_.funding_sample);
  MEZZ_ASSERT(scalars_.next_sample > scalars_.now);
}

// Every payment is floored; the rounding account is the counterparty of all, so what the floors
// keep back stays there.
TxStatus Exchange::settle_funding(BlockOutput& out) {
  if (!funding_due(scalars_.now)) return TxStatus::Rejected;
  if (scalars_.now >= scalars_.next_expiry) settle_expired(out);
  if (scalars_.now < scalars_.next_tick) return TxStatus::Executed;
  const bool nominal = counts_nominal_time(params_.funding_rule);
  const std::int64_t samples_due =
      nominal ? params_.funding_tick / params_.funding_sample : std::int64_t{1};
  const Duration paid_for = nominal ? params_.funding_tick : scalars_.now - scalars_.funded;
  const std::int64_t rate =
      funding_rate(params_.funding_preset(), tier_, funding::mean_ppm(samples_, samples_due));
  samples_.clear();
  scalars_.funded = scalars_.now;
  scalars_.next_tick = next_epoch(scalars_.now, params_.funding_tick);
  const Int128 delta = funding::index_delta(quote_price(params_.contract, scalars_.oracle), rate,
                                            paid_for / kSecond);
  Market& perpetual = markets_.front();
  perpetual.state.funding = funding::advance(perpetual.state.funding.longs, delta);
  FundingEvent event{.rate_ppm = rate};
  pay_funding(kMainInstrument, event);
  out.funding.push_back(event);
  if (markets_.size() > 1) fund_listings(out);
  return TxStatus::Executed;
}

void Exchange::pay_funding(InstrumentId instrument, FundingEvent& event) {
  Market& m = market_of(instrument);
  const Money rounding_before = ledger_.balance(SystemAccount::Rounding);
  const Quantity before = m.positions.open_interest();
  for (std::uint32_t i = 0; i < rows_.size(); ++i) {
    const Money payment = m.positions.settle({i}, m.state.funding).money;
    if (payment == Money::zero()) continue;
    ledger_.settle(AccountId{i}, SystemAccount::Rounding, payment);
    put_in_purse({i}, instrument, payment);
    if (payment < Money::zero()) event.paid -= payment;
    touch({i});
  }
  event.rounding = ledger_.balance(SystemAccount::Rounding) - rounding_before;
  MEZZ_ASSERT(event.rounding >= Money::zero());
  MEZZ_ASSERT(event.rounding.micros <= static_cast<std::int64_t>(rows_.size()));
  MEZZ_ASSERT(m.positions.open_interest() == before);
  scalars_.funding_paid += event.paid;
}

// Of listings without expiry: the middle of the book, or the model's value where a side is empty,
// against the pay-off. In kind, no money moves: every position shrinks by the same factor.
void Exchange::fund_listings(BlockOutput& out) {
  for (std::uint16_t i = 1; i < markets_.size(); ++i) {
    const InstrumentId instrument{i};
    const ListingSpec& spec = *listing(instrument);
    if (spec.funding == ListingFunding::None) continue;
    if (SkewFunding* skew = skew_of(instrument)) {
      out.funding.push_back(fund_pooled(*skew));
      continue;
    }
    Market& m = market_of(instrument);
    const MarkState state = mark_state(instrument);
    const bool quoted = m.book.has(Side::Buy) && m.book.has(Side::Sell);
    const Price middle{quoted ? (m.book.best(Side::Buy).ticks + m.book.best(Side::Sell).ticks) / 2
                              : 0};
    const Price traded = quoted ? middle : mark(instrument);
    FundingEvent event{.instrument = instrument, .skew = traders_skew(instrument)};
    if (spec.funding == ListingFunding::InKind) {
      m.state.normalisation_ppb =
          decay(spec, m.state.normalisation_ppb, traded, state, params_.funding_tick);
    } else {
      const Money per_lot = funding_per_lot(spec, traded, state, params_.funding_tick);
      m.state.funding = funding::advance(m.state.funding.longs, Int128{per_lot.micros} * 1'000'000);
      pay_funding(instrument, event);
    }
    out.funding.push_back(event);
  }
  settle_touched();
  refresh_marks();
}

}  // namespace mezz

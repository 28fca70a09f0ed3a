#include "scenarios/validation/hedged_options.h"

#include <algorithm>

#include "sim/check/assert.h"
#include "sim/numeric/elementary.h"

namespace mezz::validation {

namespace {

constexpr std::int64_t kLotsPerUnit = 1'000'000;
constexpr double kCent = 0.01;
constexpr std::int64_t kMicrosPerCent = 10'000;

std::int64_t nearest(double x) { return static_cast<std::int64_t>(x < 0 ? x - 0.5 : x + 0.5); }

Money worth(Quantity quantity, Price price) {
  return {mul_div(quantity.lots, price.ticks * kMicrosPerCent, kLotsPerUnit, Round::HalfEven)};
}

}  // namespace

HedgedOptions::HedgedOptions(const Site& site, const HedgedOptionsParams& p)
    : EntityOf(site, p),
      paths_(static_cast<std::size_t>(p.paths), GbmPath({.volatility = p.volatility})),
      hedgers_(static_cast<std::size_t>(p.paths) * p.hedges.size()) {
  MEZZ_ASSERT(!p.hedges.empty());
  for (const std::int64_t count : p.hedges) {
    MEZZ_ASSERT(count > 0 && p.hedges.back() % count == 0);
  }
}

Price HedgedOptions::price_of(const GbmPath& path) const {
  const double cents = static_cast<double>(params().spot.ticks) * numeric::exp(path.log_return());
  return {std::max<std::int64_t>(1, nearest(cents))};
}

pricing::OptionGreeks HedgedOptions::option_at(Price price) const {
  const double left = static_cast<double>(steps() - settled_) / static_cast<double>(steps());
  return pricing::bsm({.spot = static_cast<double>(price.ticks) * kCent,
                       .strike = static_cast<double>(params().strike.ticks) * kCent,
                       .time = years(params().expiry) * left,
                       .volatility = params().volatility});
}

void HedgedOptions::trade_to(Hedger& hedger, Price price, Quantity target) const {
  hedger.cash -= worth(target - hedger.held, price);
  hedger.held = target;
}

void HedgedOptions::on(Context& ctx, const Start&) {
  const Price price = params().spot;
  const pricing::OptionGreeks option = option_at(price);
  for (Hedger& hedger : hedgers_) {
    hedger.cash = {nearest(option.price * 1e6)};  // the premium
    trade_to(hedger, price, {nearest(option.delta * 1e6)});
  }
  after(ctx, params().expiry / steps(), Settle{});
}

void HedgedOptions::on(Context& ctx, const Settle&) {
  ++settled_;
  const bool expired = settled_ == steps();
  const std::size_t kinds = params().hedges.size();
  for (std::size_t i = 0; i < paths_.size(); ++i) {
    paths_[i].advance(params().expiry / steps(), rng());
    const Price price = price_of(paths_[i]);
    Quantity delta = {};
    if (!expired) delta = {nearest(option_at(price).delta * 1e6)};
    for (std::size_t kind = 0; kind < kinds; ++kind) {
      if (settled_ % (steps() / params().hedges[kind]) != 0) continue;
      Hedger& hedger = hedgers_[i * kinds + kind];
      trade_to(hedger, price, delta);
      if (!expired) continue;
      const Price paid{std::max<std::int64_t>(0, price.ticks - params().strike.ticks)};
      hedger.cash -= worth({kLotsPerUnit}, paid);
    }
  }
  if (!expired) after(ctx, params().expiry / steps(), Settle{});
}

std::vector<double> HedgedOptions::errors(std::size_t kind) const {
  MEZZ_ASSERT(settled_ == steps());
  std::vector<double> result;
  const std::size_t kinds = params().hedges.size();
  for (std::size_t i = kind; i < hedgers_.size(); i += kinds) {
    result.push_back(hedgers_[i].cash.usd());
  }
  return result;
}

}  // namespace mezz::validation

#include "models/market/venue/pool.h"

#include <algorithm>

namespace mezz::venue {
namespace {

// Rules whose liquidity is both sides of what the pool holds.
template <class R>
concept HoldsBoth = requires(const R& rule, const Amounts& held) {
  rule.remove(held, Shares{}, Shares{});
};

std::int64_t magnitude(Quantity lots) { return lots.abs().lots; }

bool is_amount(const Amounts& held) {
  return venue::is_amount(held.quote.micros) && venue::is_amount(held.lots.lots);
}

// In lots times ticks, so that no product leaves 128 bits.
bool not_worse(const Trade& trade, Price limit, std::int64_t money_per_lot_tick) {
  const Int128 value = divide(trade.value.micros, money_per_lot_tick, Round::Down);
  return value >= -Int128{trade.quantity.lots} * limit.ticks;
}

}  // namespace

Pool::Rule Pool::rule_of(const PoolParams& params, const Terms& terms, Price initial) {
  switch (params.kind) {
    case Kind::Cpmm:
      break;
    case Kind::Clmm:
      return Clmm::start(params, terms, initial).value();
    case Kind::Vamm:
      return Vamm::start(params, terms, initial).value();
    case Kind::OraclePool:
      return OraclePool(params, terms);
    case Kind::SkewPool:
      return SkewPool(params, terms);
  }
  return Cpmm(terms);
}

Pool::Pool(const PoolParams& params, const ContractSpec& contract, Price initial)
    : kind_(params.kind),
      terms_(Terms::of(contract, params.fee)),
      open_interest_max_(params.open_interest_max),
      open_interest_ratio_max_(params.open_interest_ratio_max),
      rule_(rule_of(params, terms_, initial)),
      held_{.quote = params.quote, .lots = {}},
      shares_{params.quote.micros} {
  if (std::holds_alternative<Cpmm>(rule_)) {
    held_ = Cpmm::start(params, terms_, initial).value();
    shares_ = Cpmm::first_shares(held_);
  }
  if (const Clmm* ranges = std::get_if<Clmm>(&rule_)) {
    held_ = ranges->needs();
    shares_ = {held_.quote.micros + checked_notional(terms_, held_.lots, initial).value().micros};
  }
}

std::optional<Trade> Pool::quote(Quantity change, Price index) const {
  if (change == Quantity::zero()) return Trade{};
  if (!venue::is_amount(change.lots)) return {};
  const auto ask = [&](const auto& rule) -> std::optional<Trade> {
    if (!HoldsBoth<std::decay_t<decltype(rule)>> && !is_price(terms_, index)) return {};
    const std::optional<Trade> trade = rule.quote(held_, change, index);
    if (!trade) return {};
    MEZZ_ASSERT(trade->quantity == change && trade->fee >= Money::zero());
    const Amounts now = after(held_, *trade);
    if (!is_amount(now) || !venue::is_amount(Int128{fees_.micros} + trade->fee.micros)) return {};
    // A trade that shrinks the pool's position is welcome whatever the cap.
    const bool grows = magnitude(now.lots) > magnitude(held_.lots);
    if (!HoldsBoth<std::decay_t<decltype(rule)>> && grows && !within_caps(now, index)) return {};
    return trade;
  };
  return std::visit(ask, rule_);
}

void Pool::apply(const Trade& trade, Price index) {
  MEZZ_ASSERT(quote(trade.quantity, index) == trade);
  if (trade.quantity == Quantity::zero()) return;
  std::visit([&](auto& rule) { rule.apply(held_, trade, index); }, rule_);
  held_ = after(held_, trade);
  fees_ += trade.fee;
}

Price Pool::spot(Price index) const {
  return std::visit([&](const auto& rule) { return rule.spot(held_, index); }, rule_);
}

Quantity Pool::depth(Side side, Price limit, Price index) const {
  const auto trades = [&](std::int64_t lots) {
    const auto trade = quote({side == Side::Buy ? lots : -lots}, index);
    return trade && not_worse(*trade, limit, terms_.money_per_lot_tick);
  };
  std::int64_t good = 0;
  std::int64_t bad = 1;
  while (bad <= kAmountMax && trades(bad)) {
    good = bad;
    bad *= 2;
  }
  while (bad - good > 1) {
    const std::int64_t middle = good + (bad - good) / 2;
    (trades(middle) ? good : bad) = middle;
  }
  return {good};
}

std::optional<Money> Pool::equity(Price index, Round round) const {
  return equity_of(held_, index, round);
}

std::optional<Money> Pool::equity_of(const Amounts& held, Price index, Round round) const {
  if (!is_price(terms_, index)) return {};
  if (const auto* oracle = std::get_if<OraclePool>(&rule_)) {
    return oracle->equity(held, index, round);
  }
  const std::optional<Money> position = checked_notional(terms_, held.lots, index);
  if (!position) return {};
  return checked_money(Int128{held.quote.micros} + position->micros);
}

bool Pool::within_caps(const Amounts& held, Price index) const {
  const bool counted = open_interest_max_ == Quantity::zero();
  if (!counted && held.lots.abs() > open_interest_max_) return false;
  if (open_interest_ratio_max_ == Ratio::zero()) return true;
  const std::optional<Money> size = checked_notional(terms_, held.lots.abs(), index);
  const std::optional<Money> worth = equity_of(held, index, Round::Down);
  if (!size || !worth || *worth < Money::zero()) return false;
  return Int128{size->micros} * Ratio::kScale <=
         Int128{worth->micros} * open_interest_ratio_max_.ppb;
}

std::optional<Deposit> Pool::add(const Amounts& offered, Price index) const {
  if (offered.quote < Money::zero() || offered.lots < Quantity::zero()) return {};
  const auto ask = [&](const auto& rule) -> std::optional<Deposit> {
    if constexpr (HoldsBoth<std::decay_t<decltype(rule)>>) {
      return rule.add(held_, shares_, offered);
    } else {
      const std::optional<Money> worth = equity(index, Round::Up);
      if (!worth || *worth <= Money::zero()) return {};
      auto deposit =
          shares_for({.quote = *worth, .lots = {}}, shares_, {.quote = offered.quote, .lots = {}});
      const bool fits =
          deposit && venue::is_amount(Int128{held_.quote.micros} + deposit->quote.micros);
      return fits ? deposit : std::nullopt;
    }
  };
  return std::visit(ask, rule_);
}

void Pool::apply(const Deposit& deposit, Price index) {
  MEZZ_ASSERT(add({.quote = deposit.quote, .lots = deposit.lots}, index) == deposit);
  std::visit(
      [&](auto& rule) {
        if constexpr (HoldsBoth<std::decay_t<decltype(rule)>>) rule.added(deposit, shares_);
      },
      rule_);
  held_.quote += deposit.quote;
  held_.lots += deposit.lots;
  shares_.units += deposit.shares.units;
}

std::optional<Amounts> Pool::remove(Shares burned, Price index) const {
  if (burned < Shares{} || burned.units > shares_.units - kLockedShares.units) return {};
  const auto ask = [&](const auto& rule) -> std::optional<Amounts> {
    if constexpr (HoldsBoth<std::decay_t<decltype(rule)>>) {
      return rule.remove(held_, shares_, burned);
    } else {
      const std::optional<Money> worth = equity(index, Round::Down);
      if (!worth || *worth < Money::zero()) return {};
      const Money paid{mul_div(burned.units, worth->micros, shares_.units, Round::Down)};
      // Equity in the position is not cash.
      const Amounts left{.quote = held_.quote - paid, .lots = held_.lots};
      if (left.quote < Money::zero() || !within_caps(left, index)) return {};
      return Amounts{.quote = paid, .lots = {}};
    }
  };
  return std::visit(ask, rule_);
}

void Pool::apply_removal(Shares burned, Price index) {
  const std::optional<Amounts> paid = remove(burned, index);
  MEZZ_ASSERT(paid.has_value());
  std::visit(
      [&](auto& rule) {
        if constexpr (HoldsBoth<std::decay_t<decltype(rule)>>) rule.removed(burned, shares_);
      },
      rule_);
  held_.quote -= paid->quote;
  held_.lots -= paid->lots;
  shares_.units -= burned.units;
}

}  // namespace mezz::venue

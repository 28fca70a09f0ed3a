#include "models/liquidation/price_index.h"

#include <algorithm>

namespace mezz::liquidation {
namespace {

constexpr std::int64_t kMillion = 1'000'000;
constexpr std::int64_t kPriceMax = INT64_MAX / 4;  // "at any mark"

struct Breach {
  Int128 collateral;
  Int128 lot_value;  // signed money per tick of the whole position
  const margin::LiquidityTier& tier;

  [[nodiscard]] bool at(Int128 ticks) const {
    const Int128 notional = lot_value * ticks;
    const Int128 margin = margin::maintenance_margin(notional, tier);
    return margin > 0 && collateral + notional < margin;
  }
};

}  // namespace

// Without the two roundings the account breaches when collateral + v p < |v| p m, m the maintenance
// fraction; with them the right side is larger by less than 2 micro-dollars. That brackets the
// answer, and as NC - MM is monotone in p a bisection inside the bracket is exact.
std::optional<Price> liquidation_price(Money collateral, Quantity position,
                                       const margin::LiquidityTier& tier,
                                       std::int64_t money_per_lot_tick) {
  MEZZ_ASSERT(money_per_lot_tick > 0);
  MEZZ_ASSERT(position != Quantity::zero());
  const bool is_long = position > Quantity::zero();
  const Breach breach{collateral.micros, multiply(position.lots, money_per_lot_tick), tier};
  const Int128 kTrillion = Int128{kMillion} * kMillion;
  const Int128 fraction = Int128{tier.initial_margin_ppm} * tier.maintenance_fraction_ppm;
  if (fraction == 0) return {};
  const Int128 value = is_long ? breach.lot_value : -breach.lot_value;
  const Int128 slope = multiply(value, is_long ? kTrillion - fraction : kTrillion + fraction);
  if (slope == 0) {  // a fully margined long: the mark does not matter
    return breach.at(1) ? std::optional<Price>{{kPriceMax}} : std::nullopt;
  }
  const Int128 need = is_long ? -breach.collateral : breach.collateral;
  const Int128 spread = is_long ? 2 : -2;
  const auto estimate = [&](Int128 extra) {
    return divide(multiply(need + extra, kTrillion), slope, Round::Down);
  };
  if (is_long) {
    // Largest breached tick: low is breached or 0, high is not.
    Int128 low = std::max<Int128>(estimate(0) - 1, 0);
    Int128 high = std::max<Int128>(estimate(spread) + 2, 1);
    MEZZ_ASSERT(low == 0 || breach.at(low));
    MEZZ_ASSERT(!breach.at(high));
    while (high - low > 1) {
      const Int128 middle = low + (high - low) / 2;
      (breach.at(middle) ? low : high) = middle;
    }
    if (low == 0) return {};
    return Price{static_cast<std::int64_t>(std::min<Int128>(low, kPriceMax))};
  }
  // Smallest breached tick: low is not breached or 0, high is.
  Int128 low = std::max<Int128>(estimate(spread) - 1, 0);
  Int128 high = std::max<Int128>(estimate(0) + 2, 1);
  MEZZ_ASSERT(low == 0 || !breach.at(low));
  MEZZ_ASSERT(breach.at(high));
  while (high - low > 1) {
    const Int128 middle = low + (high - low) / 2;
    (breach.at(middle) ? high : low) = middle;
  }
  if (high > kPriceMax) return {};
  return Price{static_cast<std::int64_t>(high)};
}

// Collateral less requirement does not fall as a long's mark rises, nor rise as a short's does: no
// rule asks for more than the notional it is added to.
std::optional<Price> liquidation_price(Money collateral, Quantity position,
                                       const margin::PositionRule& rule,
                                       const ContractSpec& contract) {
  MEZZ_ASSERT(position != Quantity::zero());
  const auto breached = [&](std::int64_t ticks) {
    margin::Risk risk = margin::position_risk(rule, {.quantity = position,
                                                     .price = quote_price(contract, {ticks}),
                                                     .lots_per_unit = contract.lots_per_unit()});
    risk.net_collateral += collateral;
    return margin::is_liquidatable(risk);
  };
  // Beyond, the notional of the position or of one unit might not fit 64 bits.
  const Int128 lot_value = Int128{std::max(position.abs().lots, contract.lots_per_unit())} *
                           contract.money_per_lot_tick();
  const std::int64_t last =
      std::max<std::int64_t>(1, static_cast<std::int64_t>((kPriceMax / 4) / lot_value));
  const bool is_long = position > Quantity::zero();
  if (is_long ? !breached(1) : !breached(last)) return {};
  if (is_long ? breached(last) : breached(1)) return Price{is_long ? kPriceMax : 1};
  // Breached at one end only; the nearer end is found by doubling.
  std::int64_t low = 1;
  std::int64_t high = 1;
  while (high < last && breached(high) == breached(1)) {
    low = high;
    high = high > last / 2 ? last : high * 2;
  }
  while (high - low > 1) {
    const std::int64_t middle = low + (high - low) / 2;
    (breached(middle) == is_long ? low : high) = middle;
  }
  return Price{is_long ? low : high};
}

PriceIndex::PriceIndex(Price reference) {
  MEZZ_ASSERT(reference.ticks > 0);
  while ((Int128{TickBitmap::kSize} << head_.shift) < Int128{4} * reference.ticks) ++head_.shift;
  for (auto& buckets : first_) buckets.assign(static_cast<std::size_t>(TickBitmap::kSize), kNil);
}

std::int32_t PriceIndex::bucket_of(std::int64_t price) const {
  const std::int64_t bucket = price >> head_.shift;
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(bucket, 0, TickBitmap::kSize - 1));
}

void PriceIndex::update(AccountId account, Side side, Price price) {
  MEZZ_ASSERT(account.exists());
  const std::uint32_t s = side == Side::Buy ? 0 : 1;
  if (contains(account)) {
    const Row& row = rows_[account.value];
    if (row.side == s && row.price == price.ticks) return;
    erase(account);
  }
  if (account.value >= rows_.size()) rows_.resize(account.value + 1);
  Row& row = rows_[account.value];
  MEZZ_ASSERT(row.bucket == kNone);
  row.price = price.ticks;
  row.side = s;
  row.bucket = bucket_of(price.ticks);
  std::uint32_t& first = first_[s][static_cast<std::size_t>(row.bucket)];
  row.prev = kNil;
  row.next = first;
  if (first == kNil) {
    used_[s].insert(row.bucket);
  } else {
    rows_[first].prev = account.value;
  }
  first = account.value;
  const bool nearer = s == 0 ? price.ticks > head_.nearest[s] : price.ticks < head_.nearest[s];
  if (head_.count[s] == 0 || nearer) head_.nearest[s] = price.ticks;
  ++head_.count[s];
}

void PriceIndex::erase(AccountId account) {
  if (!contains(account)) return;
  Row& row = rows_[account.value];
  const std::uint32_t s = row.side;
  std::uint32_t& first = first_[s][static_cast<std::size_t>(row.bucket)];
  if (row.prev == kNil) {
    MEZZ_ASSERT(first == account.value);
    first = row.next;
    if (first == kNil) used_[s].erase(row.bucket);
  } else {
    rows_[row.prev].next = row.next;
  }
  if (row.next != kNil) rows_[row.next].prev = row.prev;
  row.bucket = kNone;
  MEZZ_ASSERT(head_.count[s] > 0);
  --head_.count[s];
  if (row.price == head_.nearest[s]) find_nearest(s);
}

// All prices of a nearer bucket are nearer, so only the first used bucket is searched.
void PriceIndex::find_nearest(std::uint32_t s) {
  if (head_.count[s] == 0) return;
  const std::int32_t bucket =
      s == 0 ? used_[s].at_or_below(TickBitmap::kSize - 1) : used_[s].at_or_above(0);
  MEZZ_ASSERT(bucket != TickBitmap::kNone);
  std::uint32_t i = first_[s][static_cast<std::size_t>(bucket)];
  std::int64_t nearest = rows_[i].price;
  for (; i != kNil; i = rows_[i].next) {
    nearest = s == 0 ? std::max(nearest, rows_[i].price) : std::min(nearest, rows_[i].price);
  }
  head_.nearest[s] = nearest;
}

void PriceIndex::collect_breached(Price mark, std::vector<AccountId>& out) const {
  if (!any_breached(mark)) return;
  const std::int32_t last = bucket_of(mark.ticks);
  for (std::uint32_t s = 0; s < 2; ++s) {
    const auto begin = static_cast<std::ptrdiff_t>(out.size());
    std::int32_t b = s == 0 ? used_[0].at_or_below(TickBitmap::kSize - 1) : used_[1].at_or_above(0);
    while (b != TickBitmap::kNone && (s == 0 ? b >= last : b <= last)) {
      for (std::uint32_t i = first_[s][static_cast<std::size_t>(b)]; i != kNil; i = rows_[i].next) {
        const std::int64_t price = rows_[i].price;
        if (s == 0 ? mark.ticks <= price : mark.ticks >= price) out.push_back({i});
      }
      b = s == 0 ? used_[0].at_or_below(b - 1) : used_[1].at_or_above(b + 1);
    }
    std::sort(out.begin() + begin, out.end(), [&](AccountId a, AccountId c) {
      const std::int64_t pa = rows_[a.value].price;
      const std::int64_t pc = rows_[c.value].price;
      if (pa != pc) return s == 0 ? pa > pc : pa < pc;
      return a < c;
    });
  }
}

void PriceIndex::full_check() const {
  std::uint32_t counted[2] = {0, 0};
  for (std::uint32_t i = 0; i < rows_.size(); ++i) {
    const Row& row = rows_[i];
    if (row.bucket == kNone) continue;
    ++counted[row.side];
    MEZZ_ASSERT(row.bucket == bucket_of(row.price));
    MEZZ_ASSERT(used_[row.side].contains(row.bucket));
    MEZZ_ASSERT(row.side == 0 ? row.price <= head_.nearest[0] : row.price >= head_.nearest[1]);
    if (row.next != kNil) MEZZ_ASSERT(rows_[row.next].prev == i);
  }
  MEZZ_ASSERT(counted[0] == head_.count[0]);
  MEZZ_ASSERT(counted[1] == head_.count[1]);
}

}  // namespace mezz::liquidation

#include "models/market/venue/clmm.h"

#include <algorithm>

#include "models/market/venue/cpmm.h"

namespace mezz::venue {
namespace {

using pool::Wide;
namespace rule = pool::clmm;

constexpr std::int64_t kPerLot = 1'000'000'000;  // token0
constexpr std::int32_t kSpacing = 1;

Wide sqrt_price(const Terms& terms, Int128 micros_per_unit) {
  return pool::sqrt_ratio_x96(Wide{micros_per_unit}, Wide{Int128{terms.lots_per_unit} * kPerLot});
}

Int128 part(const Wide& liquidity, std::int64_t shares, Shares all, Round round) {
  return pool::mul_div(liquidity, Wide{shares}, Wide{all.units}, round).to_128();
}

bool in_range(const rule::Amounts& amounts) {
  return amounts.token0 <= Int128{kAmountMax} * kPerLot && amounts.token1 <= kAmountMax;
}

Amounts covering(const rule::Amounts& amounts) {
  return {.quote = {narrow(amounts.token1)},
          .lots = {narrow(divide(amounts.token0, kPerLot, Round::Up))}};
}

}  // namespace

std::optional<Clmm> Clmm::start(const PoolParams& params, const Terms& terms, Price initial) {
  const Wide price = sqrt_price(terms, Int128{initial.ticks} * terms.tick.micros);
  Clmm venue(terms, rule::Pool(price, terms.fee.ppm(Round::Up), kSpacing));
  rule::Amounts most;  // when all ranges hold one side only
  for (const RangeParams& range : params.position) {
    if (!venue.place(range)) return {};
  }
  for (const Key& key : venue.ranges_) {
    const Wide lower = rule::sqrt_price_at(key.lower);
    const Wide upper = rule::sqrt_price_at(key.upper);
    const Wide liquidity = venue.pool_.liquidity_of(key);
    most.token0 += rule::amount0_between(lower, upper, liquidity, Round::Up).to_128();
    most.token1 += rule::amount1_between(lower, upper, liquidity, Round::Up).to_128();
    if (!in_range(most)) return {};
  }
  return venue;
}

bool Clmm::place(const RangeParams& range) {
  const Key key{.owner = 0,
                .lower = rule::tick_at(sqrt_price(terms_, range.lower.micros)),
                .upper = rule::tick_at(sqrt_price(terms_, range.upper.micros))};
  if (key.lower >= key.upper) return false;
  const Wide lower = rule::sqrt_price_at(key.lower);
  const Wide upper = rule::sqrt_price_at(key.upper);
  const Wide liquidity = pool::mul_div(Wide{range.liquidity.micros}, pool::power_of_two(96),
                                       upper - lower, Round::Down);
  if (liquidity == Wide{} || liquidity >= pool::power_of_two(112)) return false;
  pool_.mint(key, liquidity.to_128());
  if (std::find(ranges_.begin(), ranges_.end(), key) == ranges_.end()) ranges_.push_back(key);
  lowest_ = lowest_ == Wide{} ? lower : std::min(lowest_, lower);
  highest_ = std::max(highest_, upper);
  return true;
}

Amounts Clmm::needs() const { return covering(pool_.balances()); }

// Empty when the ranges end before the change is done.
std::optional<rule::SwapResult> Clmm::swap(rule::Pool& pool, Quantity change) const {
  const bool buys = change.lots > 0;
  if (buys ? pool.sqrt_price() >= highest_ : pool.sqrt_price() <= lowest_) return {};
  const Int128 amount = Int128{change.abs().lots} * kPerLot;
  const rule::SwapResult result =
      pool.swap({.side = buys ? rule::Side::OneForZero : rule::Side::ZeroForOne,
                 .exact = buys ? rule::Exact::Output : rule::Exact::Input,
                 .amount = amount,
                 .sqrt_limit = buys ? highest_ : lowest_});
  if ((buys ? result.taken : result.given) != amount) return {};
  return result;
}

std::optional<Trade> Clmm::quote(const Amounts&, Quantity change, Price) const {
  rule::Pool after = pool_;
  const auto done = swap(after, change);
  if (!done || !in_range(after.balances())) return {};
  const Int128 fee = done->fee.to_128();
  if (change.lots > 0) {
    if (!is_amount(done->given)) return {};
    return Trade{.quantity = change, .value = {narrow(fee - done->given)}, .fee = {narrow(fee)}};
  }
  const Int128 traded = done->given - fee;
  const Int128 stated = traded == 0 ? Int128{0} : mul_div_wide(done->taken, fee, traded, Round::Up);
  if (!is_amount(done->taken + stated)) return {};
  return Trade{
      .quantity = change, .value = {narrow(done->taken + stated)}, .fee = {narrow(stated)}};
}

void Clmm::apply(const Amounts& held, const Trade& trade, Price) {
  MEZZ_ASSERT(swap(pool_, trade.quantity).has_value());
  const Amounts now = after(held, trade);
  MEZZ_ASSERT(now.quote >= needs().quote);
  MEZZ_ASSERT(now.lots >= needs().lots);
}

Price Clmm::spot(const Amounts&, Price) const {
  const Wide one = pool::power_of_two(96);
  const Wide price = pool::mul_div(pool_.sqrt_price(), pool_.sqrt_price(), one, Round::Down);
  return nearest_tick(price * Wide{kPerLot}, one * Wide{terms_.money_per_lot_tick});
}

std::optional<Deposit> Clmm::add(const Amounts& held, Shares all, const Amounts& offered) const {
  std::optional<Deposit> deposit = shares_for(held, all, offered);
  if (!deposit) return {};
  Clmm copy = *this;
  copy.added(*deposit, all);
  if (!in_range(copy.pool_.balances())) return {};
  // Every range rounds up what it takes, the shares only once.
  const Amounts least = copy.needs();
  deposit->quote = std::max(deposit->quote, least.quote - held.quote);
  deposit->lots = std::max(deposit->lots, least.lots - held.lots);
  if (deposit->quote > offered.quote || deposit->lots > offered.lots) return {};
  return deposit;
}

void Clmm::added(const Deposit& deposit, Shares all) {
  for (const Key& key : ranges_) {
    const Int128 more = part(pool_.liquidity_of(key), deposit.shares.units, all, Round::Down);
    if (more > 0) pool_.mint(key, more);
  }
}

Amounts Clmm::remove(const Amounts& held, Shares all, Shares burned) const {
  Clmm copy = *this;
  copy.removed(burned, all);
  const Amounts least = copy.needs();
  const auto paid = [&](std::int64_t reserve, std::int64_t kept) {
    return std::min(mul_div(burned.units, reserve, all.units, Round::Down), reserve - kept);
  };
  return {.quote = {paid(held.quote.micros, least.quote.micros)},
          .lots = {paid(held.lots.lots, least.lots.lots)}};
}

void Clmm::removed(Shares burned, Shares all) {
  for (const Key& key : ranges_) {
    pool_.burn(key, part(pool_.liquidity_of(key), burned.units, all, Round::Up));
    pool_.collect(key);
  }
}

}  // namespace mezz::venue

#include "models/market/pool/clmm_pool.h"

#include <algorithm>

namespace mezz::pool::clmm {
namespace {

constexpr std::int32_t kWordTicks = 256;

std::int32_t floor_div(std::int32_t a, std::int32_t b) {
  return static_cast<std::int32_t>(divide(Int128{a}, Int128{b}, Round::Down));
}

Wide changed(const Wide& liquidity, Int128 delta) {
  return delta < 0 ? liquidity - Wide{-delta} : liquidity + Wide{delta};
}

Wide growth_of(const Wide& fee, const Wide& liquidity) {
  return mul_div(fee, power_of_two(128), liquidity, Round::Down);
}

}  // namespace

Pool::Pool(const Wide& sqrt_price, std::int64_t fee_ppm, std::int32_t tick_spacing)
    : sqrt_price_(sqrt_price),
      tick_(tick_at(sqrt_price)),
      fee_ppm_(fee_ppm),
      spacing_(tick_spacing) {
  MEZZ_ASSERT(tick_spacing > 0);
  MEZZ_ASSERT(fee_ppm >= 0 && fee_ppm < 1'000'000);
}

Wide Pool::fee_inside(const PositionKey& key, bool token0) const {
  const Wide& global = token0 ? fee_growth0_ : fee_growth1_;
  const auto outside = [&](std::int32_t tick) {
    const TickInfo& info = ticks_.at(tick);
    return token0 ? info.fee_outside0 : info.fee_outside1;
  };
  const Wide below =
      tick_ >= key.lower ? outside(key.lower) : wrapping_subtract(global, outside(key.lower));
  const Wide above =
      tick_ < key.upper ? outside(key.upper) : wrapping_subtract(global, outside(key.upper));
  return wrapping_subtract(wrapping_subtract(global, below), above);
}

void Pool::change_tick(std::int32_t tick, Int128 liquidity, bool upper) {
  MEZZ_ASSERT(tick >= kTickMin && tick <= kTickMax);
  MEZZ_ASSERT(tick % spacing_ == 0);
  const auto [at, fresh] = ticks_.try_emplace(tick);
  TickInfo& info = at->second;
  // By convention all growth before a tick exists happened below it.
  if (fresh && tick <= tick_) {
    info.fee_outside0 = fee_growth0_;
    info.fee_outside1 = fee_growth1_;
  }
  info.liquidity_gross = changed(info.liquidity_gross, liquidity);
  info.liquidity_net += upper ? -liquidity : liquidity;
}

void Pool::change_position(const PositionKey& key, Int128 liquidity) {
  MEZZ_ASSERT(key.lower < key.upper);
  if (liquidity != 0) {
    change_tick(key.lower, liquidity, false);
    change_tick(key.upper, liquidity, true);
  }
  const Wide inside0 = fee_inside(key, true);
  const Wide inside1 = fee_inside(key, false);
  Position& position = positions_[key];
  const Wide q128 = power_of_two(128);
  const auto earned = [&](const Wide& now, const Wide& then) {
    return mul_div(wrapping_subtract(now, then), position.liquidity, q128, Round::Down).to_128();
  };
  position.owed0 += earned(inside0, position.fee_inside0);
  position.owed1 += earned(inside1, position.fee_inside1);
  position.fee_inside0 = inside0;
  position.fee_inside1 = inside1;
  position.liquidity = changed(position.liquidity, liquidity);
  for (const std::int32_t tick : {key.lower, key.upper}) {
    if (ticks_.at(tick).liquidity_gross == Wide{}) ticks_.erase(tick);
  }
  if (tick_ >= key.lower && tick_ < key.upper) liquidity_ = changed(liquidity_, liquidity);
}

Amounts Pool::amounts_for(const PositionKey& key, const Wide& liquidity, Round round) const {
  const Wide lower = sqrt_price_at(key.lower);
  const Wide upper = sqrt_price_at(key.upper);
  const Wide inside = std::clamp(sqrt_price_, lower, upper);
  return {.token0 = amount0_between(inside, upper, liquidity, round).to_128(),
          .token1 = amount1_between(lower, inside, liquidity, round).to_128()};
}

Wide Pool::liquidity_of(const PositionKey& key) const {
  const auto found = positions_.find(key);
  return found == positions_.end() ? Wide{} : found->second.liquidity;
}

Amounts Pool::mint(const PositionKey& key, Int128 liquidity) {
  MEZZ_ASSERT(liquidity > 0);
  change_position(key, liquidity);
  const Amounts paid = amounts_for(key, liquidity, Round::Up);
  balances_.token0 += paid.token0;
  balances_.token1 += paid.token1;
  return paid;
}

Amounts Pool::burn(const PositionKey& key, Int128 liquidity) {
  const auto found = positions_.find(key);
  MEZZ_ASSERT(found != positions_.end() && liquidity >= 0);
  // Nothing grows for a position without liquidity, and its ticks may be gone.
  if (found->second.liquidity == Wide{}) return {};
  change_position(key, -liquidity);
  const Amounts freed = amounts_for(key, liquidity, Round::Down);
  found->second.owed0 += freed.token0;
  found->second.owed1 += freed.token1;
  return freed;
}

Amounts Pool::collect(const PositionKey& key) {
  Position& position = positions_.at(key);
  const Amounts paid = {position.owed0, position.owed1};
  MEZZ_ASSERT(paid.token0 <= balances_.token0 && paid.token1 <= balances_.token1);
  balances_.token0 -= paid.token0;
  balances_.token1 -= paid.token1;
  position.owed0 = 0;
  position.owed1 = 0;
  return paid;
}

// The nearest tick with liquidity in the direction, within the bitmap word of the current one.
Pool::Target Pool::next_target(Side side) const {
  const std::int32_t slot = floor_div(tick_, spacing_);
  if (side == Side::ZeroForOne) {
    const std::int32_t end = floor_div(slot, kWordTicks) * kWordTicks * spacing_;
    const auto above = ticks_.upper_bound(slot * spacing_);
    if (above != ticks_.begin() && std::prev(above)->first >= end) {
      return {std::prev(above)->first, true};
    }
    return {std::max(end, kTickMin), false};
  }
  const std::int32_t end =
      (floor_div(slot + 1, kWordTicks) * kWordTicks + kWordTicks - 1) * spacing_;
  const auto above = ticks_.lower_bound((slot + 1) * spacing_);
  if (above != ticks_.end() && above->first <= end) return {above->first, true};
  return {std::min(end, kTickMax), false};
}

void Pool::add_fee(Side side, const Wide& fee) {
  if (liquidity_ == Wide{}) return;
  Wide& growth = side == Side::ZeroForOne ? fee_growth0_ : fee_growth1_;
  growth = wrapping_add(growth, growth_of(fee, liquidity_));
}

void Pool::cross(std::int32_t tick, Side side) {
  TickInfo& info = ticks_.at(tick);
  info.fee_outside0 = wrapping_subtract(fee_growth0_, info.fee_outside0);
  info.fee_outside1 = wrapping_subtract(fee_growth1_, info.fee_outside1);
  liquidity_ =
      changed(liquidity_, side == Side::ZeroForOne ? -info.liquidity_net : info.liquidity_net);
}

SwapResult Pool::swap(const SwapRequest& request) {
  MEZZ_ASSERT(request.amount >= 0);
  const bool down = request.side == Side::ZeroForOne;
  const Wide end = down ? sqrt_price_at(kTickMin) + Wide{1} : sqrt_price_at(kTickMax) - Wide{1};
  const Wide limit = request.sqrt_limit == Wide{} ? end : request.sqrt_limit;
  MEZZ_ASSERT(down ? limit <= sqrt_price_ && limit >= end : limit >= sqrt_price_ && limit <= end);
  Wide remaining{request.amount};
  Wide given;
  SwapResult result;
  while (remaining != Wide{} && sqrt_price_ != limit) {
    const Target target = next_target(request.side);
    const Wide at_target = sqrt_price_at(target.tick);
    const Step step =
        swap_step({.sqrt_price = sqrt_price_,
                   .target = down ? std::max(at_target, limit) : std::min(at_target, limit),
                   .liquidity = liquidity_,
                   .remaining = remaining,
                   .exact = request.exact,
                   .fee_ppm = fee_ppm_});
    const Wide paid = step.amount_in + step.fee;
    remaining = remaining - (request.exact == Exact::Input ? paid : step.amount_out);
    given = given + paid;
    result.taken += step.amount_out.to_128();
    result.fee = result.fee + step.fee;
    add_fee(request.side, step.fee);
    const bool moved = step.sqrt_next != sqrt_price_;
    sqrt_price_ = step.sqrt_next;
    if (step.sqrt_next == at_target) {
      if (target.initialised) cross(target.tick, request.side);
      tick_ = down ? target.tick - 1 : target.tick;
    } else if (moved) {
      tick_ = tick_at(sqrt_price_);
    }
  }
  result.given = given.to_128();
  book(request.side, result);
  return result;
}

void Pool::book(Side side, const SwapResult& result) {
  Int128& in = side == Side::ZeroForOne ? balances_.token0 : balances_.token1;
  Int128& out = side == Side::ZeroForOne ? balances_.token1 : balances_.token0;
  MEZZ_ASSERT(result.taken <= out);
  in += result.given;
  out -= result.taken;
}

}  // namespace mezz::pool::clmm

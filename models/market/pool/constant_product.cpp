#include "models/market/pool/constant_product.h"

#include <algorithm>

#include "models/market/wad.h"

namespace mezz::pool {
namespace {

constexpr std::int64_t kMillion = 1'000'000;
constexpr Int128 kReserveEnd = Int128{1} << 112;

void check(const Reserves& reserves, std::int64_t fee_ppm) {
  MEZZ_ASSERT(reserves.in > 0 && reserves.out > 0);
  MEZZ_ASSERT(reserves.in < kReserveEnd && reserves.out < kReserveEnd);
  MEZZ_ASSERT(fee_ppm >= 0 && fee_ppm < kMillion);
}

}  // namespace

Int128 amount_out(Int128 amount_in, const Reserves& reserves, std::int64_t fee_ppm) {
  check(reserves, fee_ppm);
  MEZZ_ASSERT(amount_in >= 0 && amount_in < kReserveEnd);
  const Wide kept = Wide{amount_in} * Wide{kMillion - fee_ppm};
  const Wide denominator = Wide{reserves.in} * Wide{kMillion} + kept;
  return mul_div(kept, reserves.out, denominator, Round::Down).to_128();
}

std::optional<Wide> wide_amount_in(Int128 amount_out, const Reserves& reserves,
                                   std::int64_t fee_ppm) {
  check(reserves, fee_ppm);
  MEZZ_ASSERT(amount_out >= 0);
  if (amount_out >= reserves.out) return {};
  const Wide numerator = Wide{reserves.in} * Wide{kMillion};
  const Wide denominator = Wide{reserves.out - amount_out} * Wide{kMillion - fee_ppm};
  return mul_div(numerator, amount_out, denominator, Round::Down) + Wide{1};
}

std::optional<Int128> amount_in(Int128 amount_out, const Reserves& reserves, std::int64_t fee_ppm) {
  const std::optional<Wide> amount = wide_amount_in(amount_out, reserves, fee_ppm);
  if (!amount) return {};
  return amount->to_128();
}

bool keeps_product(const Reserves& before, Int128 amount_in, Int128 amount_out,
                   std::int64_t fee_ppm) {
  check(before, fee_ppm);
  MEZZ_ASSERT(amount_in >= 0);
  if (amount_out > before.out) return false;
  const Wide in = Wide{before.in} * Wide{kMillion} + Wide{amount_in} * Wide{kMillion - fee_ppm};
  const Wide out = Wide{before.out - amount_out};
  return in * out >= Wide{before.in} * Wide{kMillion} * Wide{before.out};
}

Int128 ConstantProductPool::swap(Token given, Int128 amount) {
  Int128& in = given == Token::A ? reserve_a : reserve_b;
  Int128& out = given == Token::A ? reserve_b : reserve_a;
  const Reserves before = {in, out};
  const Int128 paid = amount_out(amount, before, fee_ppm);
  MEZZ_ASSERT(keeps_product(before, amount, paid, fee_ppm));
  in += amount;
  out -= paid;
  MEZZ_ASSERT(in < kReserveEnd);
  return paid;
}

Int128 ConstantProductPool::deposit(Int128 a, Int128 b) {
  MEZZ_ASSERT(a >= 0 && b >= 0);
  MEZZ_ASSERT(reserve_a + a < kReserveEnd && reserve_b + b < kReserveEnd);
  const bool first = shares == 0;
  const Int128 minted = first ? integer_sqrt(Wide{a} * Wide{b}).to_128() - kLockedShares
                              : std::min(mul_div_wide(a, shares, reserve_a, Round::Down),
                                         mul_div_wide(b, shares, reserve_b, Round::Down));
  if (minted <= 0) return 0;
  reserve_a += a;
  reserve_b += b;
  shares += minted + (first ? kLockedShares : 0);
  return minted;
}

ConstantProductPool::Amounts ConstantProductPool::withdraw(Int128 burned) {
  MEZZ_ASSERT(burned >= 0);
  MEZZ_ASSERT(burned <= shares - kLockedShares);
  const Amounts paid = {mul_div_wide(burned, reserve_a, shares, Round::Down),
                        mul_div_wide(burned, reserve_b, shares, Round::Down)};
  reserve_a -= paid.a;
  reserve_b -= paid.b;
  shares -= burned;
  return paid;
}

}  // namespace mezz::pool

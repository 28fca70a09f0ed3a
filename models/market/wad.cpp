#include "models/market/wad.h"

#include <boost/multiprecision/cpp_int.hpp>

namespace mezz {
namespace {

__extension__ using UInt128 = unsigned __int128;

constexpr UInt128 magnitude(Int128 value) {
  return value < 0 ? -static_cast<UInt128>(value) : static_cast<UInt128>(value);
}

struct Product {  // 64-bit digits, the lowest first
  std::uint64_t digits[4];
};
Product product_of(UInt128 a, UInt128 b) {
  const std::uint64_t x[2] = {static_cast<std::uint64_t>(a), static_cast<std::uint64_t>(a >> 64)};
  const std::uint64_t y[2] = {static_cast<std::uint64_t>(b), static_cast<std::uint64_t>(b >> 64)};
  Product p{};
  for (std::size_t i = 0; i < 2; ++i) {
    UInt128 carry = 0;
    for (std::size_t j = 0; j < 2; ++j) {
      carry += UInt128{x[i]} * y[j] + p.digits[i + j];
      p.digits[i + j] = static_cast<std::uint64_t>(carry);
      carry >>= 64;
    }
    p.digits[i + 2] = static_cast<std::uint64_t>(carry);
  }
  return p;
}

struct Quotient {
  UInt128 whole;
  std::uint64_t rest;
};
Quotient divide_digits(const Product& product, std::uint64_t divisor) {
  std::uint64_t digits[4];
  UInt128 rest = 0;
  for (std::size_t i = 4; i-- > 0;) {
    rest = (rest << 64) | product.digits[i];
    digits[i] = static_cast<std::uint64_t>(rest / divisor);
    rest %= divisor;
  }
  MEZZ_ASSERT(digits[3] == 0 && digits[2] == 0);
  return {(UInt128{digits[1]} << 64) | digits[0], static_cast<std::uint64_t>(rest)};
}

bool rounds_away(const Quotient& q, std::uint64_t divisor, bool negative, Round round) {
  if (q.rest == 0 || round == Round::ToZero) return false;
  if (round != Round::HalfEven) return round == (negative ? Round::Down : Round::Up);
  const std::uint64_t missing = divisor - q.rest;
  return q.rest > missing || (q.rest == missing && q.whole % 2 == 1);
}

// The usual case: a product of 18 and 18 decimals over 10^18, without the library's division.
Int128 mul_div_small(Int128 a, Int128 b, std::uint64_t divisor, Round round) {
  const bool negative = (a < 0) != (b < 0);
  Quotient q = divide_digits(product_of(magnitude(a), magnitude(b)), divisor);
  if (rounds_away(q, divisor, negative, round)) ++q.whole;
  MEZZ_ASSERT(q.whole <= UInt128{INT64_MAX} << 64);
  return negative ? -static_cast<Int128>(q.whole) : static_cast<Int128>(q.whole);
}

}  // namespace

Int128 mul_div_wide(Int128 a, Int128 b, Int128 c, Round round) {
  using Wide = boost::multiprecision::int256_t;
  MEZZ_ASSERT(c != 0);
  Int128 product = 0;
  if (!__builtin_mul_overflow(a, b, &product)) return divide(product, c, round);
  if (c > 0 && c <= INT64_MAX) return mul_div_small(a, b, static_cast<std::uint64_t>(c), round);
  const Wide wide = (c < 0 ? -Wide{a} : Wide{a}) * Wide{b};
  const Wide quotient = detail::divide_positive(wide, c < 0 ? -Wide{c} : Wide{c}, round);
  const Wide most = Wide{INT64_MAX} << 64;
  MEZZ_ASSERT(quotient <= most && quotient >= -most);
  return quotient.convert_to<Int128>();
}

}  // namespace mezz

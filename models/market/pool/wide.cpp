#include "models/market/pool/wide.h"

#include <boost/multiprecision/cpp_int.hpp>

namespace mezz::pool {
namespace {

using Big = boost::multiprecision::uint512_t;

Big big(const Wide& value) {
  Big number = value.limbs[0];
  for (int i = 1; i < 4; ++i) {
    number <<= 64;
    number |= value.limbs[static_cast<std::size_t>(i)];
  }
  return number;
}

Wide low_bits(const Big& number) {
  const Big mask = UINT64_MAX;
  Wide value;
  for (int i = 0; i < 4; ++i) {
    const Big limb = (number >> (64 * (3 - i))) & mask;
    value.limbs[static_cast<std::size_t>(i)] = limb.convert_to<std::uint64_t>();
  }
  return value;
}

bool fits(const Big& number) { return (number >> 256) == 0; }

Wide wide(const Big& number) {
  MEZZ_ASSERT(fits(number));
  return low_bits(number);
}

}  // namespace

Int128 Wide::to_128() const {
  MEZZ_ASSERT(limbs[0] == 0 && limbs[1] == 0);
  MEZZ_ASSERT(limbs[2] <= INT64_MAX);
  return (static_cast<Int128>(limbs[2]) << 64) | static_cast<Int128>(limbs[3]);
}

Wide operator+(const Wide& a, const Wide& b) { return wide(big(a) + big(b)); }

Wide operator-(const Wide& a, const Wide& b) {
  MEZZ_ASSERT(a >= b);
  return wide(big(a) - big(b));
}

Wide operator*(const Wide& a, const Wide& b) { return wide(big(a) * big(b)); }

Wide operator/(const Wide& a, const Wide& b) { return divide(a, b, Round::Down); }

Wide wrapping_add(const Wide& a, const Wide& b) { return low_bits(big(a) + big(b)); }

Wide wrapping_subtract(const Wide& a, const Wide& b) {
  return low_bits(big(a) + (Big{1} << 256) - big(b));
}

Wide mul_div(const Wide& a, const Wide& b, const Wide& c, Round round) {
  MEZZ_ASSERT(c > Wide{});
  MEZZ_ASSERT(round == Round::Down || round == Round::Up);
  const Big product = big(a) * big(b);
  const Big denominator = big(c);
  Big quotient = product / denominator;
  if (round == Round::Up && product % denominator != 0) quotient += 1;
  return wide(quotient);
}

Wide divide(const Wide& a, const Wide& b, Round round) { return mul_div(a, Wide{1}, b, round); }

bool product_fits(const Wide& a, const Wide& b) { return fits(big(a) * big(b)); }

bool sum_fits(const Wide& a, const Wide& b) { return fits(big(a) + big(b)); }

Wide power_of_two(int exponent) {
  MEZZ_ASSERT(exponent >= 0 && exponent < 256);
  return wide(Big{1} << exponent);
}

Wide sqrt_ratio_x96(const Wide& numerator, const Wide& denominator) {
  MEZZ_ASSERT(denominator > Wide{});
  const Big scaled = (big(numerator) << 192) / big(denominator);
  return wide(boost::multiprecision::sqrt(scaled));
}

Wide integer_sqrt(const Wide& value) { return wide(boost::multiprecision::sqrt(big(value))); }

std::optional<Wide> wide_from(std::string_view digits) {
  if (digits.empty() || digits.size() > 78) return {};
  Big number = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return {};
    number = number * 10 + static_cast<unsigned>(c - '0');
  }
  if (!fits(number)) return {};
  return low_bits(number);
}

std::string text_of(const Wide& value) { return big(value).str(); }

}  // namespace mezz::pool

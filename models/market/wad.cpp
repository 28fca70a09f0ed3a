#include "models/market/wad.h"

#include <boost/multiprecision/cpp_int.hpp>

namespace mezz {

Int128 mul_div_wide(Int128 a, Int128 b, Int128 c, Round round) {
  using Wide = boost::multiprecision::int256_t;
  MEZZ_ASSERT(c != 0);
  Int128 product = 0;
  if (!__builtin_mul_overflow(a, b, &product)) return divide(product, c, round);
  const Wide wide = (c < 0 ? -Wide{a} : Wide{a}) * Wide{b};
  const Wide quotient = detail::divide_positive(wide, c < 0 ? -Wide{c} : Wide{c}, round);
  const Wide most = Wide{INT64_MAX} << 64;
  MEZZ_ASSERT(quotient <= most && quotient >= -most);
  return quotient.convert_to<Int128>();
}

}  // namespace mezz

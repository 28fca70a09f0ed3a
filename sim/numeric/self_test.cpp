// The stored patterns are results of this code whose distance from the exact value the accuracy
// tests bound. Another build that differs in one bit would replay another history.
#include <bit>
#include <cstdint>

#include "sim/numeric/elementary.h"

namespace mezz::numeric {
namespace {

struct Known {
  double (*function)(double);
  double argument;
  std::uint64_t bits;
};
constexpr Known kKnown[] = {
    {exp, 0x1p+0, 0x4005bf0a8b145769},
    {exp, -0x1.3333333333333p-2, 0x3fe7b4c869c37c05},
    {exp, -0x1.722p+9, 0x0000000000000042},
    {expm1, 0x1p-20, 0x3eb00000800002ab},
    {expm1, -0x1.999999999999ap-3, 0xbfc733d4a7a67a9b},
    {expm1, 0x1.d99999999999ap+1, 0x4043b94144eeec81},
    {log, 0x1.8p+1, 0x3ff193ea7aad030b},
    {log, 0x1.004p+0, 0x3f4ffc00aa8ab110},
    {log, 0x0.000000000001p-1022, 0xc0872d57016e7789},
    {log1p, 0x1.12e0be826d695p-30, 0x3e112e0be801f1d9},
    {log1p, -0x1.6666666666666p-1, 0xbff34378fcbda720},
    {log1p, 0x1.edd2f1a9fbe77p+6, 0x40134bba22cd5df5},
    {sin, 0x1p+0, 0x3feaed548f090cee},
    {sin, 0x1.63p+8, 0xbeff9bd0307d1de3},
    {sin, -0x1.81cd6e9e1b08ap+16, 0xbfa5a0fd0d209b99},
    {cos, 0x1p+0, 0x3fe14a280fb5068c},
    {cos, 0x1.6p+3, 0x3f7220ae41ee2fdf},
    {cos, 0x1.eadfb4bc6a7fp+14, 0x3fefffffffa771a1},
    {tanh, 0x1.999999999999ap-4, 0x3fb983d7795f413b},
    {tanh, -0x1.b333333333333p+0, 0xbfedeedf00d3e7f5},
    {tanh, 0x1.2p+3, 0x3fefffffefa59d78},
    {erf, 0x1.3333333333333p-2, 0x3fd50838881dea0f},
    {erf, -0x1.ccccccccccccdp-1, 0xbfe98045a6c8a2e6},
    {erf, 0x1.199999999999ap+1, 0x3feff0bd54025381},
    {erfc, -0x1.199999999999ap+0, 0x3ffe1551e9398160},
    {erfc, 0x1.ccccccccccccdp-2, 0x3fe0c8da8f756b20},
    {erfc, 0x1.d333333333333p+2, 0x3ae5497c2efea2ea},
    {normal_pdf, 0x1p-1, 0x3fd6883d022086ad},
    {normal_pdf, -0x1.a666666666666p+1, 0x3f5c38fa5088a899},
    {normal_pdf, 0x1.4p+4, 0x2dd1928c553065a4},
    {normal_cdf, 0x1p-2, 0x3fe3289a2b16ed6c},
    {normal_cdf, -0x1.4p+1, 0x3f796f4e57e49ce4},
    {normal_cdf, -0x1.18p+5, 0x084db6d661d5b3ee},
    {inverse_normal_cdf, 0x1.3333333333333p-2, 0xbfe0c7e39582c5fb},
    {inverse_normal_cdf, 0x1.0624dd2f1a9fcp-10, 0xc008b8cbb7204470},
    {inverse_normal_cdf, 0x1.87e92154ef7acp-665, 0xc03e34a1d1f58ae0},
};

struct KnownPower {
  double base;
  double exponent;
  std::uint64_t bits;
};
constexpr KnownPower kKnownPowers[] = {
    {0x1p+1, 0x1p-1, 0x3ff6a09e667f3bcd},
    {0x1.00068db8bac71p+0, -0x1.b584p+12, 0x3fdfc8228d5b97f1},
    {-0x1.8p+1, 0x1.4p+2, 0xc06e600000000000},
    {0x1.6666666666666p-1, 0x1.921fb54442d18p+1, 0x3fd4def31ad14013},
};

}  // namespace

bool self_test() {
  bool same = true;
  for (const Known& known : kKnown) {
    same = same && std::bit_cast<std::uint64_t>(known.function(known.argument)) == known.bits;
  }
  for (const KnownPower& known : kKnownPowers) {
    same = same && std::bit_cast<std::uint64_t>(pow(known.base, known.exponent)) == known.bits;
  }
  return same;
}

}  // namespace mezz::numeric

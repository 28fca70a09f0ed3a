#include "sim/config/units.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <clocale>
#include <ostream>

#include "tests/sim/config/sample.h"

namespace mezz::config {
namespace {

using config_test::error_of;
using ::testing::HasSubstr;

TEST(Units, TextGivesTheExactValue) {
  EXPECT_EQ(from_text<Duration>("250 ms"), 250_ms);
  EXPECT_EQ(from_text<Duration>("78 min"), 78_min);
  EXPECT_EQ(from_text<Duration>("7d"), 7_d);
  EXPECT_EQ(from_text<Duration>("  1.5 h "), 90_min);
  EXPECT_EQ(from_text<Duration>("-3 us"), Duration{-3'000});
  EXPECT_EQ(from_text<Duration>("1e3 s"), 1000_s);
  // 1.00000000005 min = 60.000000003 s: the last digit exists only through the factor 60.
  EXPECT_EQ(from_text<Duration>("1.00000000005 min"), Duration{60'000'000'003});
  EXPECT_EQ(from_text<Money>("1_000_000 USD"), 1'000'000_usd);
  EXPECT_EQ(from_text<Money>("0.000001 USD").micros, 1);
  EXPECT_EQ(from_text<Money>("20 kUSD"), 20'000_usd);
  EXPECT_EQ(from_text<Money>("5 MUSD"), 5'000'000_usd);
  EXPECT_EQ(from_text<Money>("-0.5 USD").micros, -500'000);
  EXPECT_EQ(from_text<Money>("0.10000000000000000000000000000000000000000 USD").micros, 100'000);
  EXPECT_EQ(from_text<Ratio>("20 bp"), 20_bp);
  EXPECT_EQ(from_text<Ratio>("5 %"), 5_percent);
  EXPECT_EQ(from_text<Ratio>("5%"), 5_percent);
  EXPECT_EQ(from_text<Ratio>("0.5"), 50_percent);
  EXPECT_EQ(from_text<Ratio>("1 ppm").ppb, 1'000);
  EXPECT_EQ(from_text<GasPrice>("30 gwei"), 30_gwei);
  EXPECT_EQ(from_text<GasPrice>("1 wei").wei_per_gas, 1);
  EXPECT_EQ(from_text<Wei>("0.08 ETH").value, Int128{80'000'000'000'000'000});
  EXPECT_EQ(from_text<Wei>("700 ETH"), 700_eth);
  EXPECT_EQ(from_text<Wei>("5 gwei").value, Int128{5'000'000'000});
  EXPECT_EQ(from_text<Gas>("60_000_000 gas").units, 60'000'000);
  EXPECT_EQ(from_text<Gas>("60 Mgas").units, 60'000'000);
  EXPECT_EQ(from_text<Quantity>("3 lots"), 3_lots);
  EXPECT_EQ(from_text<Quantity>("1 lot"), 1_lot);
  EXPECT_EQ(from_text<Price>("1600 ticks"), 1600_ticks);
  EXPECT_EQ(from_text<Time>("10 min").ns, (10_min).ns);
  EXPECT_EQ(from_text<Time>("never"), Time::never());
}

TEST(Units, CanonicalTextIsTheLargestWholeUnitOrElseTheShortest) {
  EXPECT_EQ(to_text(5400_s), "90 min");
  EXPECT_EQ(to_text(7_d), "7 d");
  EXPECT_EQ(to_text(Duration{0}), "0 s");
  EXPECT_EQ(to_text(250_ms), "250 ms");
  EXPECT_EQ(to_text(Duration{1'234'567'891}), "1.234567891 s");
  EXPECT_EQ(to_text(1'000'000_usd), "1_000_000 USD");
  EXPECT_EQ(to_text(Money{-500'000}), "-0.5 USD");
  EXPECT_EQ(to_text(20_bp), "20 bp");
  EXPECT_EQ(to_text(Ratio{1}), "0.001 ppm");
  EXPECT_EQ(to_text(GasPrice{1'500'000'000}), "1.5 gwei");
  EXPECT_EQ(to_text(from_text<Wei>("0.08 ETH")), "0.08 ETH");
  EXPECT_EQ(to_text(Gas{21'000}), "21_000 gas");
  EXPECT_EQ(to_text(Time::never()), "never");
  EXPECT_EQ(integer_text(Int128{INT64_MIN}), "-9223372036854775808");
}

// Values of every size: each bit length, both neighbours of powers of ten, and a fixed scatter.
template <class T>
void round_trips() {
  std::uint64_t scatter = 88172645463325252U;  // xorshift64 (Marsaglia 2003)
  const auto check = [](std::int64_t raw) {
    const T value = Strong<T>::make(raw);
    const std::string text = to_text(value);
    ASSERT_EQ(Strong<T>::raw(from_text<T>(text)), Strong<T>::raw(value)) << text;
    ASSERT_EQ(to_text(from_text<T>(text)), text);
  };
  for (int i = 0; i < 3000; ++i) {
    scatter ^= scatter << 13;
    scatter ^= scatter >> 7;
    scatter ^= scatter << 17;
    const auto magnitude = static_cast<std::int64_t>(scatter >> (1 + i % 63));
    check(magnitude);
    if (Strong<T>::dimension != Dimension::Time) check(-magnitude);
  }
  std::int64_t power = 1;
  for (int i = 0; i < 19; ++i) {
    check(power);
    check(power - 1);
    check(power + 1);
    if (i < 18) power *= 10;
  }
  check(INT64_MAX);
  if (Strong<T>::dimension != Dimension::Time) check(INT64_MIN);
}

TEST(Units, DurationRoundTrips) { round_trips<Duration>(); }
TEST(Units, TimeRoundTrips) { round_trips<Time>(); }
TEST(Units, MoneyRoundTrips) { round_trips<Money>(); }
TEST(Units, RatioRoundTrips) { round_trips<Ratio>(); }
TEST(Units, GasPriceRoundTrips) { round_trips<GasPrice>(); }
TEST(Units, GasRoundTrips) { round_trips<Gas>(); }
TEST(Units, QuantityRoundTrips) { round_trips<Quantity>(); }
TEST(Units, PriceRoundTrips) { round_trips<Price>(); }
TEST(Units, WeiRoundTrips) { round_trips<Wei>(); }
TEST(Units, WeiRoundTripsBeyond64Bits) {
  for (Int128 value = 1; value < kWeiMax / 7; value *= 7) {
    for (const Int128 signed_value : {value, -value, value + 1}) {
      const Wei wei{signed_value};
      ASSERT_EQ(from_text<Wei>(to_text(wei)), wei) << to_text(wei);
    }
  }
  EXPECT_EQ(from_text<Wei>(to_text(Wei{kWeiMax})).value, kWeiMax);
}

TEST(Units, TheEndOfTheRangeIsExact) {
  EXPECT_EQ(from_text<Duration>("9223372036854775807 ns"), Duration::max());
  EXPECT_THROW(from_text<Duration>("9223372036854775808 ns"), ScenarioError);
  EXPECT_EQ(from_text<Money>("-9223372036854.775808 USD").micros, INT64_MIN);
  EXPECT_THROW(from_text<Money>("-9223372036854.775809 USD"), ScenarioError);
}

TEST(Units, TheLocaleHasNoSay) {
  const std::string before = std::setlocale(LC_NUMERIC, nullptr);
  const bool german = std::setlocale(LC_NUMERIC, "de_DE.UTF-8") != nullptr;
  EXPECT_EQ(from_text<Money>("1.5 USD").micros, 1'500'000) << "German locale set: " << german;
  EXPECT_THAT(error_of([] { from_text<Money>("1,5 USD"); }), HasSubstr("unknown unit"));
  std::setlocale(LC_NUMERIC, before.c_str());
}

struct Wrong {
  Dimension dimension;
  std::string text;
  std::string fragment;
};
// Without it a failure would print the bytes of the struct.
void PrintTo(const Wrong& wrong, std::ostream* out) { *out << wrong.text.substr(0, 60); }

class WrongText : public ::testing::TestWithParam<Wrong> {};

TEST_P(WrongText, NamesTheProblem) {
  const Amount amount = parse_amount(GetParam().dimension, GetParam().text);
  EXPECT_THAT(amount.problem, HasSubstr(GetParam().fragment)) << GetParam().text;
}

using D = Dimension;
INSTANTIATE_TEST_SUITE_P(
    Units, WrongText,
    ::testing::Values(
        Wrong{D::Duration, "250", "has no unit; write a number and a unit (ns, us, ms, s, min, h"},
        Wrong{D::Duration, "2 hours", "did you mean 'h'?"},
        Wrong{D::Duration, "2 mn", "did you mean 'min'?"},
        Wrong{D::Duration, "1 week", "unknown unit 'week'; units: ns, us, ms, s, min, h, d"},
        Wrong{D::Duration, "0.5 ns", "the smallest step is 1 ns"},
        Wrong{D::Duration, "300 000 d", "unknown unit '000 d'"},
        Wrong{D::Duration, "106752 d", "is too large"},
        Wrong{D::Duration, "1e400 s", "is too large"},
        Wrong{D::Duration, "1e-400 s", "more digits"},
        Wrong{D::Duration, "1 h 30 min", "unknown unit"},
        Wrong{D::Duration, "", "does not start with a number"},
        Wrong{D::Duration, "nan s", "does not start with a number"},
        Wrong{D::Duration, "inf", "does not start with a number"},
        Wrong{D::Duration, "--1 s", "does not start with a number"},
        Wrong{D::Duration, "1__0 s", "number"},
        Wrong{D::Duration, "_1 s", "does not start with a number"},
        Wrong{D::Duration, "1. s", "no digits after the decimal point"},
        Wrong{D::Duration, "0x10 s", "unknown unit"}, Wrong{D::Time, "-1 ns", "cannot be negative"},
        Wrong{D::Money, "1 usd", "did you mean 'USD'?"},
        Wrong{D::Money, "5 $", "did you mean 'USD'?"},
        Wrong{D::Money, "0.0000001 USD", "the smallest step is 0.000001 USD"},
        Wrong{D::Money, "10_000_000_000_000 USD", "ends at 9_223_372_036_854.775807 USD"},
        Wrong{D::Money, "99999999999999999999999999999999999999999999 USD", "is too large"},
        Wrong{D::Money, "0.1234567890123456789012345678901234567890123 USD", "more digits"},
        Wrong{D::Money, "5 USD USD", "unknown unit"}, Wrong{D::Ratio, "0.0000000001", "0.001 ppm"},
        Wrong{D::Ratio, "20 bps", "did you mean 'bp'?"},
        Wrong{D::Ratio, "5 percent", "did you mean '%'?"},
        Wrong{D::GasPrice, "30 Gwei", "did you mean 'gwei'?"},
        Wrong{D::Wei, "1 eth", "did you mean 'ETH'?"},
        Wrong{D::Wei, "0.0000000000000000001 ETH", "the smallest step is 1 wei"},
        Wrong{D::Wei, "1e20 ETH", "is too large"}, Wrong{D::Gas, "1.5 gas", "more digits"},
        Wrong{D::Quantity, "3 contracts", "units: lots, lot"},
        Wrong{D::Price, "1600 USD", "units: ticks, tick"},
        Wrong{D::None, "5 s", "a plain integer is needed"}));

}  // namespace
}  // namespace mezz::config

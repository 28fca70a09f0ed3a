#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "models/market/listing.h"
#include "models/pricing/black.h"
#include "models/pricing/perpetual.h"
#include "tests/models/market/listing_samples.h"

namespace mezz {
namespace {

using Kind = ListingKind;
using pricing::OptionRight;

constexpr Money kFine = {10};  // a tick of 10^-5 USD, for one unit a lot
constexpr double kFineUsd = 1e-5;

ListingSpec fine(Kind kind) {
  ListingSpec spec = good_listing(kind);
  spec.tick = kFine;
  spec.lot_decimals = 0;
  return spec;
}
// An option of 30 days on the index at its expiry itself.
ListingSpec at_expiry(Kind kind, Money strike) {
  ListingSpec spec = fine(kind);
  spec.strike = strike;
  spec.settlement_window = {};
  return spec;
}
double usd(const ListingSpec& spec, const MarkState& state) {
  return static_cast<double>(mark(spec, state).ticks) * spec.tick.usd();
}
double root_years(Duration d) { return std::sqrt(d.seconds() / (365.0 * 86'400.0)); }
double black(OptionRight right, double forward, double strike, double deviation) {
  return pricing::black76({.right = right,
                           .forward = forward,
                           .strike = strike,
                           .time = 1.0,
                           .volatility = deviation})
      .price;
}

constexpr Time kWindowBegins = {(30_d - 30_min).ns};
constexpr Time kWindowHalf = {(30_d - 15_min).ns};
constexpr Time kEnd = {(30_d).ns};

// --- linear kinds ----------------------------------------------------------------------------

TEST(ListingMark, PerpetualsAndSpotStandAtTheIndexHalfToEven) {
  for (const Kind kind : {Kind::LinearPerp, Kind::InversePerp, Kind::Spot}) {
    ListingSpec spec = good_listing(kind);
    spec.tick = 1_usd;
    EXPECT_EQ(mark(spec, {.index = {50'000'400'000}}), 50'000_ticks);
    EXPECT_EQ(mark(spec, {.index = {50'000'500'000}}), 50'000_ticks);
    EXPECT_EQ(mark(spec, {.index = {50'001'500'000}}), 50'002_ticks);
    EXPECT_EQ(mark(spec, {.index = {1}}), 1_ticks);
  }
}

TEST(ListingMark, AFutureCarriesTheIndexToItsExpiry) {
  ListingSpec spec = at_expiry(Kind::Future, {});
  EXPECT_EQ(mark(spec, {.index = 50'000_usd}).ticks, 5'000'000'000);
  spec.carry = 5_percent;
  // 50 000 exp(0.05 x 30 / 365) = 50 205.902 44...
  EXPECT_NEAR(usd(spec, {.index = 50'000_usd}), 50'000.0 * std::exp(0.05 * 30 / 365), kFineUsd);
}

TEST(ListingMark, AnAveragedFutureCarriesToTheMiddleOfItsWindow) {
  // The mean of 50 000 e^(0.5 t) over a whole year: 50 000 (e^0.5 - 1) / 0.5 = 64 872.127 07 USD.
  ListingSpec spec = fine(Kind::Future);
  spec.expiry = spec.settlement_window = 365_d;
  spec.carry = 50_percent;
  EXPECT_EQ(mark(spec, {.index = 50'000_usd}).ticks, 6'487'212'707);
}

TEST(ListingMark, AFutureInItsWindowIsPartlySettled) {
  const ListingSpec spec = fine(Kind::Future);
  const MarkState state = {.now = kWindowHalf,
                           .index = 52'000_usd,
                           .average = 50'000_usd,
                           .averaged = window_passed(spec, kWindowHalf)};
  EXPECT_EQ(state.averaged, 50_percent);
  EXPECT_EQ(mark(spec, state).ticks, 5'100'000'000);
}

TEST(ListingMark, TheWindowPassesFromZeroToOne) {
  const ListingSpec call = fine(Kind::Call);
  EXPECT_EQ(window_passed(call, Time::zero()), Ratio::zero());
  EXPECT_EQ(window_passed(call, kWindowBegins), Ratio::zero());
  EXPECT_EQ(window_passed(call, kWindowBegins + 3_min), 10_percent);
  EXPECT_EQ(window_passed(call, kEnd), Ratio::one());
  EXPECT_EQ(window_passed(call, kEnd + 1_d), Ratio::one());
  EXPECT_EQ(window_passed(fine(Kind::LinearPerp), kEnd), Ratio::zero());
  EXPECT_EQ(window_passed(at_expiry(Kind::Call, 1_usd), {kEnd.ns - 1}), Ratio::zero());
  EXPECT_EQ(window_passed(at_expiry(Kind::Call, 1_usd), kEnd), Ratio::zero());
}

// --- options ---------------------------------------------------------------------------------

TEST(ListingMark, ACallIsBlacksPriceAtTheTick) {
  // Forward 50 000, strike 52 000, 60 %, 30 days: 2 585.742 50 USD (erfc of the C library); with a
  // carry of 5 %: 2 678.041 45 USD.
  ListingSpec spec = at_expiry(Kind::Call, 52'000_usd);
  EXPECT_EQ(mark(spec, {.index = 50'000_usd}).ticks, 258'574'250);
  spec.carry = 5_percent;
  EXPECT_EQ(mark(spec, {.index = 50'000_usd}).ticks, 267'804'145);
  spec.tick = 1_usd;
  EXPECT_EQ(mark(spec, {.index = 50'000_usd}), 2'678_ticks);
}

TEST(ListingMark, OptionsAgreeWithBlackOnAGrid) {
  for (const Kind kind : {Kind::Call, Kind::Put}) {
    const OptionRight right = kind == Kind::Call ? OptionRight::Call : OptionRight::Put;
    for (const std::int64_t strike : {30'000, 49'000, 50'000, 50'500, 80'000}) {
      for (const Duration left : {30_d, 1_d, 1_h}) {
        const ListingSpec spec = at_expiry(kind, Money{strike * Money::kScale});
        const MarkState state = {.now = kEnd + -left, .index = 50'250_usd};
        const double price =
            black(right, 50'250.0, static_cast<double>(strike), 0.6 * root_years(left));
        EXPECT_NEAR(usd(spec, state), price, 0.51 * kFineUsd) << strike << " " << left.seconds();
      }
    }
  }
}

TEST(ListingMark, StressMultipliesTheVolatility) {
  const ListingSpec spec = at_expiry(Kind::Call, 50'000_usd);
  ListingSpec twice = spec;
  twice.volatility = 120_percent;
  EXPECT_EQ(mark(spec, {.index = 50'000_usd, .volatility_factor = {2 * Ratio::kScale}}),
            mark(twice, {.index = 50'000_usd}));
}

TEST(ListingMark, AnAverageHasAThirdOfTheVarianceOfItsEnd) {
  // For small variance; at the beginning of the window nothing else is left.
  const ListingSpec spec = fine(Kind::Call);
  const double deviation = 0.6 * root_years(30_min) / std::sqrt(3.0);
  const MarkState state = {.now = kWindowBegins, .index = 50'000_usd};
  EXPECT_NEAR(usd(spec, state), black(OptionRight::Call, 50'000.0, 50'000.0, deviation), 1e-3);
}

TEST(ListingMark, ALongWindowHasTheExactSecondMoment) {
  // 200 % over a year averaged whole: v = 4, 2 (e^4 - 5) / 16 = 6.199 769, its log 1.824 512; an
  // option at the money with that variance is worth 25 028.043 007 USD.
  ListingSpec spec = fine(Kind::Call);
  spec.expiry = spec.settlement_window = 365_d;
  spec.volatility = 200_percent;
  EXPECT_NEAR(usd(spec, {.index = 50'000_usd}), 25'028.043'007, 2 * kFineUsd);
}

TEST(ListingMark, InTheWindowOnlyTheRestIsUncertain) {
  // Half is averaged at 50 000: call = 1/2 call on the rest, over 15 minutes averaged, strike 50
  // 000. Index 50 400: 200.000 08 USD; index 50 050: 33.595 87 USD (variance of a third, erfc).
  const ListingSpec spec = fine(Kind::Call);
  MarkState state = {
      .now = kWindowHalf, .index = 50'400_usd, .average = 50'000_usd, .averaged = 50_percent};
  EXPECT_NEAR(usd(spec, state), 200.000'08, 2e-4);
  state.index = 50'050_usd;
  EXPECT_NEAR(usd(spec, state), 33.595'87, 2e-4);
}

TEST(ListingMark, AnOptionDecidedByItsAverageIsWorthItsForward) {
  // 90 % averaged at 60 000: the settlement is at least 54 000, whatever the rest does.
  MarkState state = {
      .now = kEnd + -3_min, .index = 40'000_usd, .average = 60'000_usd, .averaged = 90_percent};
  EXPECT_EQ(mark(fine(Kind::Call), state).ticks, 800'000'000);  // 54 000 + 4 000 - 50 000
  EXPECT_EQ(mark(fine(Kind::Put), state), 0_ticks);
  EXPECT_EQ(mark(fine(Kind::DigitalCall), state).ticks, 100'000'000);
  EXPECT_EQ(mark(fine(Kind::DigitalPut), state), 0_ticks);
}

TEST(ListingMark, PutCallParityHoldsWithinATick) {
  ListingSpec call = fine(Kind::Call);
  ListingSpec put = fine(Kind::Put);
  ListingSpec future = fine(Kind::Future);
  call.carry = put.carry = future.carry = 7_percent;
  for (const std::int64_t index : {20'000, 45'000, 49'990, 50'000, 51'234, 90'000}) {
    for (const Duration left : {30_d, 2_d, 31_min, 30_min, 10_min, 1_s, 0_s}) {
      MarkState state = {.now = kEnd + -left, .index = Money{index * Money::kScale}};
      state.averaged = window_passed(call, state.now);
      state.average = 50'010_usd;
      const std::int64_t pair = mark(call, state).ticks - mark(put, state).ticks;
      const std::int64_t forward = mark(future, state).ticks - 50'000 * 100'000LL;
      EXPECT_NEAR(static_cast<double>(pair - forward), 0.0, 1.0) << index << " " << left.seconds();
    }
  }
}

// --- at expiry -------------------------------------------------------------------------------

TEST(ListingMark, AtExpiryMarksAreSettlementValues) {
  const Kind kinds[] = {Kind::Future, Kind::Call, Kind::Put, Kind::DigitalCall, Kind::DigitalPut};
  for (const Kind kind : kinds) {
    const ListingSpec spec = fine(kind);
    for (const Money average : {Money{49'999'999'990}, 50'000_usd, 51'234_usd}) {
      const MarkState state = {
          .now = kEnd, .index = 47'000_usd, .average = average, .averaged = Ratio::one()};
      EXPECT_EQ(lot_value(spec, mark(spec, state)), settlement_value(spec, average))
          << enum_name(kind) << " " << average.micros;
    }
  }
}

TEST(ListingMark, MarksConvergeToTheSettlement) {
  // The index stands 300 USD beyond the strike, 0.6 %: six deviations of the last hour's average.
  for (const Kind kind : {Kind::Call, Kind::Put, Kind::DigitalCall, Kind::DigitalPut}) {
    const ListingSpec spec = fine(kind);
    const double end = settlement_value(spec, 50'300_usd).usd();
    double last = 1e9;
    for (const Duration left : {10_d, 1_d, 2_h, 30_min, 20_min, 5_min, 0_s}) {
      MarkState state = {.now = kEnd + -left, .index = 50'300_usd, .average = 50'300_usd};
      state.averaged = window_passed(spec, state.now);
      const double gap = std::abs(usd(spec, state) - end);
      EXPECT_LE(gap, last) << enum_name(kind) << " " << left.seconds();
      last = gap;
    }
    EXPECT_NEAR(last, 0.0, 1e-9);
  }
}

TEST(ListingMark, WithoutAWindowTheIndexSettles) {
  const ListingSpec call = at_expiry(Kind::Call, 50'000_usd);
  EXPECT_EQ(mark(call, {.now = kEnd, .index = 50'300_usd}).ticks, 30'000'000);
  EXPECT_EQ(mark(call, {.now = kEnd + 1_d, .index = 50'300_usd}).ticks, 30'000'000);
}

// --- digitals --------------------------------------------------------------------------------

TEST(ListingMark, ADigitalIsItsProbability) {
  // 1000 USD x N(d2), d2 = log(50/52) / (0.6 sqrt(30/365)) - half of that: 376.754 708 USD.
  const ListingSpec call = at_expiry(Kind::DigitalCall, 52'000_usd);
  EXPECT_EQ(mark(call, {.index = 50'000_usd}).ticks, 37'675'471);
  const ListingSpec put = at_expiry(Kind::DigitalPut, 52'000_usd);
  EXPECT_EQ(mark(put, {.index = 50'000_usd}).ticks, 100'000'000 - 37'675'471);
}

ListingSpec smiling(Kind kind, Money strike) {
  ListingSpec spec = at_expiry(kind, strike);
  spec.volatility = {};
  spec.smile = ListingSmile{.a = 0.2, .b = 0.4, .rho = -0.5, .m = 0.05, .sigma = 0.3};
  spec.check("listing", kIndexContract);
  return spec;
}

TEST(ListingMark, AFlatSmileIsAVolatility) {
  for (const Kind kind : {Kind::Call, Kind::Put, Kind::DigitalCall}) {
    ListingSpec spec = at_expiry(kind, 52'000_usd);
    const Price flat = mark(spec, {.index = 50'000_usd});
    spec.volatility = {};
    spec.smile = ListingSmile{.a = 0.36};
    EXPECT_EQ(mark(spec, {.index = 50'000_usd}), flat);
  }
}

TEST(ListingMark, ASmileIsTheVarianceOfItsStrike) {
  // At log moneyness 0: w = 0.2 + 0.4 (0.025 + sqrt(0.0025 + 0.09)) = 0.331 655 a year.
  const double deviation = std::sqrt(0.2 + 0.4 * (0.025 + std::sqrt(0.0925))) * root_years(30_d);
  EXPECT_NEAR(usd(smiling(Kind::Call, 50'000_usd), {.index = 50'000_usd}),
              black(OptionRight::Call, 50'000.0, 50'000.0, deviation), kFineUsd);
}

// The call spread around the strike per USD of its width, and the digital call per USD of payout.
struct Slope {
  double spread;
  double digital;
};
Slope slope_at(std::int64_t strike, Duration left, Duration window) {
  const auto at = [&](Kind kind, std::int64_t k) {
    ListingSpec spec = smiling(kind, Money{k * Money::kScale});
    spec.settlement_window = window;
    const Money index = Money{(strike - 20) * Money::kScale};
    MarkState state = {.now = kEnd + -left, .index = index, .average = index};
    state.averaged = window_passed(spec, state.now);
    return usd(spec, state);
  };
  return {(at(Kind::Call, strike - 1) - at(Kind::Call, strike + 1)) / 2.0,
          at(Kind::DigitalCall, strike) / 1'000.0};
}

TEST(ListingMark, ADigitalIsTheSlopeOfTheCallsUnderASmile) {
  for (const std::int64_t strike : {40'000, 48'000, 50'000, 56'000}) {
    for (const Duration left : {30_d, 1_d, 20_min}) {
      const Slope slope = slope_at(strike, left, 30_min);
      EXPECT_NEAR(slope.digital, slope.spread, 2e-5) << strike << " " << left.seconds();
    }
  }
}

TEST(ListingMark, TheSlopeHoldsForLongWindowsAndHugeVariance) {
  // Variance over the window about 0.33 x 30 / 365 x factor^2: 0.03 to 1.3, on both branches of the
  // average's variance.
  for (const std::int64_t factor : {1, 2, 4, 7}) {
    const auto at = [&](Kind kind, std::int64_t k) {
      ListingSpec spec = smiling(kind, Money{k * Money::kScale});
      spec.settlement_window = 30_d;
      return usd(spec, {.index = 50'000_usd, .volatility_factor = Ratio::one() * factor});
    };
    const double spread = (at(Kind::Call, 54'990) - at(Kind::Call, 55'010)) / 20.0;
    EXPECT_NEAR(at(Kind::DigitalCall, 55'000) / 1'000.0, spread, 6e-7)
        << factor;  // the calls' ticks / 20
  }
}

// --- contracts without expiry ----------------------------------------------------------------

TEST(ListingMark, EverlastingOptionsFollowTheClosedForm) {
  // intrinsic + K/u (S/K)^((1 -+ u) / 2), u = sqrt(1 + 8 / (vol^2 tau)). S = 3000, K = 4000, 100 %,
  // 5 days: 4.416 520 433 USD.
  ListingSpec call = fine(Kind::EverlastingCall);
  call.funding_period = 5_d;
  call.strike = 4'000_usd;
  call.volatility = 100_percent;
  EXPECT_EQ(mark(call, {.index = 3'000_usd}).ticks, 441'652);
  // S = 60 000, K = 65 000, 55 %, 5 days, put: 5 244.727 953 76 USD.
  ListingSpec put = fine(Kind::EverlastingPut);
  put.funding_period = 5_d;
  put.strike = 65'000_usd;
  put.volatility = 55_percent;
  EXPECT_EQ(mark(put, {.index = 60'000_usd}).ticks, 524'472'795);
}

ListingSpec squeeth(ListingFunding funding) {
  ListingSpec spec = fine(Kind::PowerPerp);
  spec.power_scale = 100_usd;
  spec.volatility = 100_percent;
  spec.funding = funding;
  return spec;
}

TEST(ListingMark, SqueethStandsAtTheExponentialOfItsVariance) {
  // Opyn reads the volatility out of it as sqrt(log(mark / index) / f), f = 17.5 / 365 years:
  // 900 e^0.047 945 = 944.201 851 29 USD.
  const ListingSpec spec = squeeth(ListingFunding::InKind);
  EXPECT_EQ(mark(spec, {.index = 3'000_usd}).ticks, 94'420'185);
  const MarkState decayed = {.index = 3'000_usd, .normalisation_ppb = 500'000'000};
  EXPECT_EQ(mark(spec, decayed).ticks, 47'210'093);
}

TEST(ListingMark, AFairSqueethDecaysAsItsPayoffGrows) {
  // The payoff's expectation grows by vol^2 a year: 1 day is e^(1/365), the factor its inverse.
  const ListingSpec spec = squeeth(ListingFunding::InKind);
  const MarkState state = {.index = 3'000_usd};
  const std::int64_t factor = decay(spec, kNormalisationStart, mark(spec, state), state, 1_d);
  EXPECT_NEAR(static_cast<double>(factor), 1e9 * std::exp(-1.0 / 365), 2.0);
}

TEST(ListingMark, APowerInCashPaysItsGrowthInFunding) {
  // (mark - payoff) / f = vol^2 mark: 900 / (1 - 17.5 / 365) = 945.323 741 01 USD.
  const ListingSpec spec = squeeth(ListingFunding::Cash);
  const MarkState state = {.index = 3'000_usd};
  EXPECT_EQ(mark(spec, state).ticks, 94'532'374);
  const double paid = funding_per_lot(spec, mark(spec, state), state, 1_d).usd();
  EXPECT_NEAR(paid, 945.323'741 / 365, 2e-6);
}

TEST(ListingMark, APowerInCashMeetsTheDiscreteClosedForm) {
  // S^p / (2 exp(-f (p-1) p vol^2 / 2) - 1) holds just after a payment, before it the price is the
  // mean of that and the payoff. Accrued funding agrees to the square of growth x period, 3e-6.
  ListingSpec spec = squeeth(ListingFunding::Cash);
  spec.volatility = 80_percent;
  spec.funding_period = 1_d;
  const double after = pricing::power_perpetual(
      {.power = 2.0, .spot = 30.0, .volatility = 0.8, .period = 1.0 / 365});
  EXPECT_NEAR(usd(spec, {.index = 3'000_usd}) / ((after + 900.0) / 2), 1.0, 4e-6);
}

TEST(ListingMark, NoStressMakesAPriceThatDoesNotFit) {
  const Ratio storm = {100 * Ratio::kScale};
  for (const ListingFunding funding : {ListingFunding::Cash, ListingFunding::InKind}) {
    const ListingSpec spec = squeeth(funding);
    EXPECT_EQ(mark(spec, {.index = 3'000_usd, .volatility_factor = storm}).ticks, 900'000'000);
  }
  const ListingSpec spec = squeeth(ListingFunding::Cash);
  EXPECT_EQ(mark(spec, {.index = 900'000'000'000_usd}).ticks, kMarkTicksMax);
}

// --- Greeks ----------------------------------------------------------------------------------

void expect_close(double value, double expected, double relative) {
  EXPECT_NEAR(value, expected, std::abs(expected) * relative + 1e-12);
}

TEST(ListingGreeksPerLot, OptionsAgreeWithBlack) {
  for (const Kind kind : {Kind::Call, Kind::Put}) {
    ListingSpec spec = at_expiry(kind, 52'000_usd);
    spec.lot_decimals = 1;
    spec.carry = 5_percent;
    const double time = 30.0 / 365;
    const double growth = std::exp(0.05 * time);
    const auto black =
        pricing::black76({.right = kind == Kind::Call ? OptionRight::Call : OptionRight::Put,
                          .forward = 50'000.0 * growth,
                          .strike = 52'000.0,
                          .time = time,
                          .volatility = 0.6});
    const ListingGreeks g = greeks(spec, {.index = 50'000_usd});
    expect_close(g.value, black.price / 10, 1e-12);
    expect_close(g.delta, black.delta * growth / 10, 1e-6);
    expect_close(g.gamma, black.gamma * growth * growth / 10, 1e-6);
    expect_close(g.vega, black.vega / 10, 1e-6);
    expect_close(g.rho, black.delta * 50'000.0 * growth * time / 10, 1e-6);
    // The forward falls back to the index as time passes.
    const double theta = black.theta - black.delta * 50'000.0 * growth * 0.05;
    expect_close(g.theta, theta / 10, 1e-4);
  }
}

TEST(ListingGreeksPerLot, OnlyTheRestOfTheWindowHasADelta) {
  const ListingSpec future = fine(Kind::Future);
  const MarkState state = {.now = kWindowBegins + 27_min,
                           .index = 52'000_usd,
                           .average = 50'000_usd,
                           .averaged = 90_percent};
  EXPECT_NEAR(greeks(future, state).delta, 0.1, 1e-9);
  // Standing still the settlement is 50 200, as marked: no theta.
  EXPECT_NEAR(greeks(future, state).theta / (365 * 1'440), 0.0, 1e-6);  // USD a minute
  EXPECT_NEAR(greeks(fine(Kind::Call), state).delta, 0.1, 1e-6);
}

TEST(ListingGreeksPerLot, ADigitalHasTheDensityAsDelta) {
  const ListingSpec spec = at_expiry(Kind::DigitalCall, 52'000_usd);
  const double deviation = 0.6 * root_years(30_d);
  const double d2 = std::log(50.0 / 52.0) / deviation - deviation / 2;
  const double density = std::exp(-d2 * d2 / 2) / std::sqrt(2 * std::acos(-1.0));
  const ListingGreeks g = greeks(spec, {.index = 50'000_usd});
  expect_close(g.delta, 1'000.0 * density / (50'000.0 * deviation), 1e-6);
  expect_close(g.vega, -1'000.0 * density * (d2 + deviation) / 0.6, 1e-6);
}

TEST(ListingGreeksPerLot, EverlastingOptionsBendWithTheirPremium) {
  // V - payoff = tau vol^2 S^2 V'' / 2: what funding takes, gamma earns.
  for (const Kind kind : {Kind::EverlastingCall, Kind::EverlastingPut}) {
    const ListingSpec spec = fine(kind);
    for (const std::int64_t index : {47'000, 49'500, 51'000, 54'000}) {
      const Money at = Money{index * Money::kScale};
      const ListingGreeks g = greeks(spec, {.index = at});
      const double premium = g.value - listing_rules::payoff(spec, at).usd();
      const double spot = static_cast<double>(index);
      expect_close(0.5 / 365 * 0.36 * spot * spot * g.gamma, premium, 1e-5);
      EXPECT_EQ(g.theta, 0.0);
    }
  }
}

TEST(ListingGreeksPerLot, APowerHasThePowersOfItsValue) {
  const ListingSpec spec = squeeth(ListingFunding::InKind);
  const MarkState state = {.index = 3'000_usd, .normalisation_ppb = 500'000'000};
  const ListingGreeks g = greeks(spec, state);
  expect_close(g.value, 472.100'925'64, 1e-10);
  expect_close(g.delta, 2.0 * g.value / 3'000.0, 1e-9);
  expect_close(g.gamma, 2.0 * g.value / 9e6, 1e-6);
  expect_close(g.vega, 2.0 * 17.5 / 365 * g.value, 1e-6);
}

TEST(ListingGreeksPerLot, LinearKindsHaveADeltaOfTheirSize) {
  const ListingGreeks spot = greeks(good_listing(Kind::Spot), {.index = 50'000_usd});
  EXPECT_NEAR(spot.delta, 1e-3, 1e-12);
  EXPECT_EQ(spot.gamma, 0.0);
  EXPECT_EQ(spot.vega, 0.0);
  const ListingGreeks inverse = greeks(good_listing(Kind::InversePerp), {.index = 50'000_usd});
  EXPECT_DOUBLE_EQ(inverse.value, -0.1);
  EXPECT_EQ(inverse.delta, 0.0);
}

TEST(ListingGreeksPerLot, AreNumbersAtExpiryOnTheStrike) {
  const MarkState state = {
      .now = kEnd, .index = 50'000_usd, .average = 50'000_usd, .averaged = Ratio::one()};
  for (const Kind kind : {Kind::Call, Kind::Put, Kind::DigitalCall, Kind::DigitalPut}) {
    const ListingGreeks g = greeks(fine(kind), state);
    for (const double number : {g.value, g.delta, g.gamma, g.vega, g.theta, g.rho}) {
      EXPECT_TRUE(std::isfinite(number)) << enum_name(kind);
    }
    EXPECT_EQ(g.delta, 0.0);
  }
}

TEST(ListingMark, BrokenStatesAreOurBug) {
  const ListingSpec spec = fine(Kind::Call);
  EXPECT_THROW(static_cast<void>(mark(spec, {})), AssertionFailure);
  EXPECT_THROW(static_cast<void>(mark(spec, {.index = 1_usd, .averaged = 101_percent})),
               AssertionFailure);
}

}  // namespace
}  // namespace mezz

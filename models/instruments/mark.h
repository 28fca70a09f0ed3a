// What a listing is worth: the model's value (the mark that margin uses), the pay-off, the
// settlement value at expiry, funding, Greeks. Pure; doubles inside (sim/numeric only), quantised
// to the listing's tick before anything else sees them. Interest is zero: collateral earns none.
//   volatility   SSVI surface (models/pricing/ssvi.h), its level moving with the index:
//                volatility (index / reference)^-beta
//   future       index exp(carry time)
//   options      Black-76 on that forward. Averaging over a window W before expiry takes 2 W / 3
//                off the variance's time; inside the window a share u of the average is known: the
//                rest is an option on (1 - u) with strike (K - u average) / (1 - u), over a third
//                of the time left
//   everlasting  continuous funding, closed form (models/pricing/perpetual.h)
//   power        closed form, times the normalisation factor when funded in kind
// Left out: discounting, jumps in the price of options, uncertainty of the surface.
#pragma once

#include <cstdint>
#include <string>

#include "models/instruments/listing.h"
#include "sim/types/price.h"

namespace mezz {

struct SurfaceParams {
  Ratio volatility = 80_percent;
  double skew = 0.0;
  double smile = 0.0;
  double spot_beta = 0.0;
  Ratio carry = Ratio::zero();

  void visit(auto& v) {
    v("volatility", volatility,
      {.doc = "At the money, per sqrt(year)", .min = 1_percent, .max = 1'000_percent});
    v("skew", skew,
      {.doc = "SSVI rho: below 0, low strikes are dearer", .min = -0.99, .max = 0.99});
    v("smile", smile,
      {.doc = "SSVI eta: how much the wings rise; 0: flat", .min = 0.0, .max = 2.0});
    v("spot_beta", spot_beta,
      {.doc = "Per cent the volatility rises when the index falls one per cent",
       .min = 0.0,
       .max = 10.0});
    v("carry", carry,
      {.doc = "Growth of forwards per year", .min = -100_percent, .max = 100_percent});
  }
  // Throws ScenarioError(path.key).
  void check(const std::string& path, Duration longest) const;
};

// The index over the settlement window so far.
struct Fixing {
  double average = 0.0;  // USD per unit
  double share = 0.0;    // of the window that has passed, 0 to 1
};
struct MarkInputs {
  double index = 0.0;            // USD per unit, > 0
  double reference = 0.0;        // index at which the surface has its level
  Duration to_expiry = {};       // >= 0
  Fixing fixing = {};            // inside the window
  double volatility_factor = 1;  // shocks of a margin model
  double normalisation = 1;      // of a power perpetual funded in kind
};

// USD per unit, >= 0.
[[nodiscard]] double model_value(const ListingSpec& listing, const SurfaceParams& surface,
                                 const MarkInputs& inputs);
// In whole ticks, half to even, not negative.
[[nodiscard]] Price to_ticks(const ListingSpec& listing, double usd_per_unit);
// Pay-off at this index: what an expiring listing settles at, what funding compares with.
[[nodiscard]] double payoff(const ListingSpec& listing, double index, double normalisation = 1);

// What a long pays per lot, in micro-dollars, for `elapsed`: the price traded (at most funding_cap
// away from the model's) less the pay-off, once per funding period. Toward zero.
struct FundingTerms {
  Price traded;
  Price model;
  Price payoff;
  Duration elapsed;
};
[[nodiscard]] Money funding_per_lot(const ListingSpec& listing, const FundingTerms& terms);
// Squeeth: the factor times (pay-off / price traded)^(elapsed / period), the price clamped to 0.8
// to 1.4 times the pay-off. In billionths; floored, so that shorts never gain by rounding.
[[nodiscard]] std::int64_t decayed(const ListingSpec& listing, std::int64_t normalisation_ppb,
                                   const FundingTerms& terms);

// Per unit: delta and gamma in the index, vega per 1.00 of volatility, theta per year.
struct ListingGreeks {
  double delta = 0.0;
  double gamma = 0.0;
  double vega = 0.0;
  double theta = 0.0;
};
[[nodiscard]] ListingGreeks greeks(const ListingSpec& listing, const SurfaceParams& surface,
                                   const MarkInputs& inputs);

}  // namespace mezz

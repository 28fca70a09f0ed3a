// Random variates as free functions on a Stream, built on sim/numeric: the same bits on every
// compiler and CPU, and no state between draws (a snapshot needs only the stream's position). Where
// one draw suffices the inverse transform is used, one draw per variate, so that two runs under one
// seed stay in step (common random numbers) and a larger uniform gives a larger variate.
//   one draw           exponential normal lognormal pareto uniform_int geometric, poisson below
//   mean 10 `phases` draws     erlang several draws      gamma (Marsaglia, Tsang 2000), poisson
//   from mean 10 on (Hoermann 1993, PTRS)
// Uniforms have 52 bits: an exponential ends at 36.7 means, a normal at 8.2 standard deviations.
// Wrong parameters are our bug here and assert; the user's are checked in distribution_params.h.
#pragma once

#include <cstdint>

#include "sim/random/stream.h"
#include "sim/types/time.h"

namespace mezz {

// The longest duration a draw returns, 2^62 ns = 146 years: longer ones are cut to it, so that
// adding it to a simulated time cannot overflow.
inline constexpr Duration kLongestDraw{std::int64_t{1} << 62};

// Nearest nanosecond, cut to [0, kLongestDraw].
[[nodiscard]] Duration to_drawn_duration(double ns);

double exponential(Stream& stream);  // mean 1
Duration exponential(Stream& stream, Duration mean);
double normal(Stream& stream);  // mean 0, variance 1
// exp(mu + sigma Z).
double lognormal(Stream& stream, double mu, double sigma);
// Mean shape * scale.
double gamma(Stream& stream, double shape, double scale);
// Sum of `phases` exponentials of mean 1.
double erlang(Stream& stream, std::int64_t phases);
// P(X > x) = (minimum / x)^exponent for x >= minimum > 0.
double pareto(Stream& stream, double minimum, double exponent);

// Mean in [0, 1e15].
std::int64_t poisson(Stream& stream, double mean);
// Failures before the first success of probability p in (0, 1]; mean (1 - p) / p.
std::int64_t geometric(Stream& stream, double p);
// Every integer of [low, high] equally likely.
std::int64_t uniform_int(Stream& stream, std::int64_t low, std::int64_t high);

}  // namespace mezz

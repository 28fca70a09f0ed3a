// What heston.cpp and heston_chain.cpp share. The asserted ranges are those of heston.h.
#pragma once

#include "models/pricing/complex.h"
#include "models/pricing/heston.h"

namespace mezz::pricing::detail {

// E exp(i z X) at z = u - i/2, X = log(S_T / F).
[[nodiscard]] Complex characteristic(const Heston& model, double time, double u);
// Of the variance over the option's life: theta + (v0 - theta) (1 - exp(-kappa T)) / (kappa T).
[[nodiscard]] double mean_variance(const Heston& model, double time);

}  // namespace mezz::pricing::detail

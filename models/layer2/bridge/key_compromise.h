// How likely it is that a thief holds enough keys of an m-of-n bridge. Pure functions. Source:
// reference sheet "layer-two protocols" section 6 (keys are correlated: Ronin 2022 had four of nine
// with one operator and a fifth delegated to him; never independent draws). Three models, p = mean
// probability that one key is taken in the time considered:
//   independent     binomial
//   beta_binomial   p itself is drawn (one attacker of unknown skill): correlation rho between any
//                   two keys, alpha = p (1 - rho) / rho, beta = (1 - p) (1 - rho) / rho
//   common operator keys fall together with whoever keeps them: sizes of the groups
// Plain sums and products of doubles; error about n units in the last place.
#pragma once

#include <cstdint>
#include <span>

namespace mezz::keys {

// P(at least m of n keys).
double independent(std::int64_t m, std::int64_t n, double p);
double beta_binomial(std::int64_t m, std::int64_t n, double p, double correlation);
// Each operator is taken with probability p and then all keys of his are.
double by_operator(std::int64_t m, std::span<const std::int64_t> keys_of_operators, double p);

}  // namespace mezz::keys

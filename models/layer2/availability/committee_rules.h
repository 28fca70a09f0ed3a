// The arithmetic of a data-availability committee: pure rules. Sources: Arbitrum docs "AnyTrust"
// (N - 1 of N signatures, at least two honest members assumed), StarkEx Committee.sol (t of n);
// reference sheet "layer-two protocols" section 9.2: data is unavailable when every signer of some
// quorum is corrupt, P = P(Binomial(n, p) >= quorum) for independent members, and correlation
// dominates: with probability `common` all members share one fate.
// Left out: members of unequal weight, key rotation, proofs of custody.
#pragma once

#include <cstdint>

#include "models/market/ids.h"
#include "sim/random/stream.h"
#include "sim/types/ratio.h"

namespace mezz::committee {

inline constexpr std::uint32_t kMembersMax = 64;  // a set of members is one word

using MemberSet = std::uint64_t;

struct Size {
  std::uint32_t members = 6;
  std::uint32_t quorum = 5;
};

MemberSet all_members(std::uint32_t members);
std::uint32_t count(MemberSet set);

// P(at least a quorum of the members is corrupt), each with probability p.
double probability_unavailable(Size size, double p, double common = 0.0);

// How many members a share of the committee is: to the nearest, a half up.
std::uint32_t share_of(std::uint32_t members, Ratio share);
// An outage of that share: which members, by a draw; with probability `common` all of them.
MemberSet draw_outage(std::uint32_t members, Ratio share, Ratio common, Stream& stream);
// Each member with this probability, independently; with probability `common` all or none.
MemberSet draw_corrupt(std::uint32_t members, Ratio probability, Ratio common, Stream& stream);

// Volition: true for the share of accounts that chose layer one for their data; the same accounts
// for every seed, and more of them as the share grows.
bool chose_layer_one(Ratio share, AccountId account);

}  // namespace mezz::committee

#include "models/layer2/availability/committee_rules.h"

#include <bit>

#include "sim/check/assert.h"
#include "sim/check/fingerprint.h"
#include "sim/types/rounding.h"

namespace mezz::committee {

MemberSet all_members(std::uint32_t members) {
  MEZZ_ASSERT(members > 0 && members <= kMembersMax);
  return members == kMembersMax ? ~MemberSet{0} : (MemberSet{1} << members) - 1;
}

std::uint32_t count(MemberSet set) { return static_cast<std::uint32_t>(std::popcount(set)); }

double probability_unavailable(Size size, double p, double common) {
  MEZZ_ASSERT(size.quorum > 0 && size.quorum <= size.members);
  MEZZ_ASSERT(p >= 0.0 && p <= 1.0);
  double independent = 0.0;
  double choose = 1.0;  // of `corrupt` out of the members
  for (std::uint32_t corrupt = 0; corrupt <= size.members; ++corrupt) {
    if (corrupt >= size.quorum) {
      double term = choose;
      for (std::uint32_t i = 0; i < size.members; ++i) term *= i < corrupt ? p : 1.0 - p;
      independent += term;
    }
    choose = choose * (size.members - corrupt) / (corrupt + 1.0);
  }
  return common * p + (1.0 - common) * independent;
}

std::uint32_t share_of(std::uint32_t members, Ratio share) {
  MEZZ_ASSERT(share >= Ratio::zero() && share <= Ratio::one());
  const std::int64_t twice =
      mul_div(2 * std::int64_t{members}, share.ppb, Ratio::kScale, Round::Down);
  return static_cast<std::uint32_t>((twice + 1) / 2);
}

MemberSet draw_outage(std::uint32_t members, Ratio share, Ratio common, Stream& stream) {
  const bool all = stream.chance(common);
  const std::uint32_t wanted = share_of(members, share);
  // Selection sampling: one draw per member, whatever is wanted.
  MemberSet set = 0;
  for (std::uint32_t m = 0; m < members; ++m) {
    const std::uint64_t place = stream.below(members - m);
    if (place < wanted - count(set)) set |= MemberSet{1} << m;
  }
  MEZZ_ASSERT(count(set) == wanted);
  return all && wanted > 0 ? all_members(members) : set;
}

MemberSet draw_corrupt(std::uint32_t members, Ratio probability, Ratio common, Stream& stream) {
  const bool together = stream.chance(common);
  MemberSet set = 0;
  for (std::uint32_t m = 0; m < members; ++m) {
    if (stream.chance(probability)) set |= MemberSet{1} << m;
  }
  if (!together) return set;
  return (set & 1) != 0 ? all_members(members) : 0;  // the first member's fate is everybody's
}

bool chose_layer_one(Ratio share, AccountId account) {
  constexpr std::uint64_t kPurpose =
      0x766F6C6974696F6E;  // "volition": not the hash of anything else
  const std::uint64_t draw =
      mix(account.value, kPurpose) % static_cast<std::uint64_t>(Ratio::kScale);
  return static_cast<std::int64_t>(draw) < share.ppb;
}

}  // namespace mezz::committee

// Validators with stake: quorums, who is silent, who proposes. Pure values. Source: Tendermint
// (quorum: more than two thirds of the voting power); reference sheet "layer-two protocols"
// sections 6 and 8. Shares are measured in voting power, in exact integers; a share that does not
// fall between two validators is rounded up to the next whole one.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/types/ratio.h"

namespace mezz {

class ValidatorSet {
 public:
  // One stake per validator, all > 0.
  explicit ValidatorSet(std::vector<std::uint64_t> stakes);
  // `count` validators, the first of which may have another stake than the others.
  static ValidatorSet with_largest(std::uint64_t count, std::uint64_t largest, std::uint64_t stake);

  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(stakes_.size()); }
  [[nodiscard]] std::uint64_t stake(std::uint32_t validator) const { return stakes_[validator]; }
  [[nodiscard]] std::uint64_t total() const { return total_; }
  // More than 2/3; more than 1/3 (at least one honest, if a third at most is not).
  [[nodiscard]] bool quorum(std::uint64_t power) const { return 3 * power > 2 * total_; }
  [[nodiscard]] bool minority(std::uint64_t power) const { return 3 * power > total_; }

  // The last ones (of the list) that have at least this share of the voting power together.
  [[nodiscard]] bool among_last(std::uint32_t validator, Ratio share) const;
  // The first ones, likewise.
  [[nodiscard]] bool among_first(std::uint32_t validator, Ratio share) const;

  // Who proposes: drawn by stake from a beacon, or in turn.
  [[nodiscard]] std::uint32_t drawn_leader(std::uint64_t beacon, std::uint64_t height,
                                           std::uint32_t round) const;
  [[nodiscard]] std::uint32_t leader_in_turn(std::uint64_t height, std::uint32_t round) const {
    return static_cast<std::uint32_t>((height + round) % stakes_.size());
  }

 private:
  std::vector<std::uint64_t> stakes_;
  std::vector<std::uint64_t> below_;  // stake of those before
  std::uint64_t total_ = 0;
};

}  // namespace mezz

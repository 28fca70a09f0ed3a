// The constants of a BoLD deployment; defaults of Arbitrum One (docs.arbitrum.io, BoLD
// configuration; reference sheet "layer-two protocols" sections 0.3 and 2.4). Periods are BLOCKS
// OF LAYER ONE, not time: missed slots stretch them. Stakes in wei (WETH).
#pragma once

#include <cstdint>
#include <string_view>

#include "sim/config/visit.h"
#include "sim/types/wei.h"

namespace mezz::bold {

inline constexpr std::uint32_t kLevels = 3;

struct BoldRules {
  std::int64_t challenge_period = 45'818;
  std::int64_t grace_period = 14'400;
  std::int64_t assertion_period = 75;
  std::int64_t block_height = 26;
  std::int64_t big_step_height = 19;
  std::int64_t small_step_height = 23;
  Wei assertion_stake = 3'600_eth;
  Wei big_step_stake = 555_eth;
  Wei small_step_stake = 79_eth;

  void visit(auto& v) {
    v("challenge_period", challenge_period,
      {.doc = "Blocks of layer one without a rival that confirm (45 818: 6.36 d at 12 s)",
       .min = 1,
       .max = 10'000'000});
    v("grace_period", grace_period,
      {.doc = "Blocks of layer one between the end of a challenge and the confirmation (48 h)",
       .min = 0,
       .max = 10'000'000});
    v("assertion_period", assertion_period,
      {.doc = "Least number of blocks of layer one between an assertion and its child (15 min)",
       .min = 0,
       .max = 1'000'000});
    v("block_height", block_height,
      {.doc = "Halvings of the history of blocks; 2^26 blocks", .min = 1, .max = 30});
    v("big_step_height", big_step_height,
      {.doc = "Halvings of one block's big steps", .min = 1, .max = 30});
    v("small_step_height", small_step_height,
      {.doc = "Halvings of one big step's instructions", .min = 1, .max = 30});
    v("assertion_stake", assertion_stake,
      {.doc = "Posted once, moves along with each assertion of the party", .min = Wei::zero()});
    v("big_step_stake", big_step_stake,
      {.doc = "Mini-stake of a challenge about one block", .min = Wei::zero()});
    v("small_step_stake", small_step_stake,
      {.doc = "Mini-stake of a challenge about one big step", .min = Wei::zero()});
  }

  [[nodiscard]] std::uint64_t period() const {
    return static_cast<std::uint64_t>(challenge_period);
  }
  [[nodiscard]] std::uint32_t halvings(std::uint32_t level) const {
    const std::int64_t all[kLevels] = {block_height, big_step_height, small_step_height};
    return static_cast<std::uint32_t>(all[level]);
  }
  [[nodiscard]] std::uint64_t length(std::uint32_t level) const {
    return std::uint64_t{1} << halvings(level);
  }
  [[nodiscard]] Wei stake(std::uint32_t level) const {
    const Wei all[kLevels] = {Wei::zero(), big_step_stake, small_step_stake};
    return all[level];
  }
  // Bisections of all levels: the longest path of one party.
  [[nodiscard]] std::uint32_t path_bisections() const {
    return halvings(0) + halvings(1) + halvings(2);
  }
  // Rejects what makes a challenge undecidable; path is the prefix of the parameters' names.
  void check(std::string_view path) const;
};

}  // namespace mezz::bold

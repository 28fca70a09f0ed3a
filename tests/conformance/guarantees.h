// What each design promises, in one table: which rung of the finality ladder cannot come before
// which, and how long money takes at least. A design without a row of its own is held to the full
// ladder and to no window.
#pragma once

#include <utility>
#include <vector>

#include "tests/conformance/small_world.h"

namespace mezz::conformance {

struct Guarantees {
  // first <= second, where both have happened.
  std::vector<std::pair<Rung, Rung>> order;
  // second has not happened before first.
  std::vector<std::pair<Rung, Rung>> needs;
  // A block is Settled at the earliest so long after this rung.
  Rung window_from = Rung::Asserted;
  Duration window = {};
  Duration paid_after_sealed = {};  // at least, from the block of a withdrawal to its money
};

inline Guarantees guarantees_of(const SmallWorld& w) {
  constexpr Rung kPre = Rung::Preconfirmed;
  constexpr Rung kPub = Rung::Published;
  constexpr Rung kFin = Rung::OrderFinal;
  constexpr Rung kAss = Rung::Asserted;
  constexpr Rung kSet = Rung::Settled;
  switch (w.design) {
    // A claim is of the safe head, so it comes after publication; it need not wait for the
    // finality of layer one. Money: proof maturity, and beside it half a window of clocks and half
    // of air gap after the claim.
    case Design::OptimisticRollup:
    case Design::Optimium:
      return {.order = {{kPre, kPub}, {kPub, kFin}, {kPub, kAss}, {kAss, kSet}},
              .needs = {{kPub, kFin}, {kPub, kAss}, {kAss, kSet}},
              .window = w.challenge_window / 2,
              .paid_after_sealed = w.challenge_window};
    // A proof is of a batch that is on layer one; the delay counts from there, as in the timelock
    // of ZKsync Era.
    case Design::ZkRollup:
    case Design::Validium:
    case Design::Volition:
      return {.order = {{kPre, kPub}, {kPub, kFin}, {kPub, kAss}, {kAss, kSet}},
              .needs = {{kPub, kFin}, {kPub, kAss}, {kAss, kSet}},
              .window_from = kPub,
              .window = w.execution_delay,
              .paid_after_sealed = w.execution_delay};
    // One co-signature is everything from Published to Settled.
    case Design::StateChannel:
      return {.order = {{kPre, kPub},
                        {kPub, kFin},
                        {kFin, kPub},
                        {kFin, kAss},
                        {kAss, kFin},
                        {kAss, kSet},
                        {kSet, kAss}},
              .needs = {{kPub, kSet}, {kSet, kPub}, {kFin, kAss}, {kAss, kFin}, {kAss, kPub}}};
    // The root is asserted whether or not the data is served, so Published may come late or never.
    // Settled: a young output's exit waits for two exit periods.
    case Design::Plasma:
      return {.order = {{kPre, kAss}, {kAss, kPub}, {kAss, kFin}, {kFin, kSet}, {kAss, kSet}},
              .needs = {{kAss, kPub}, {kAss, kFin}, {kFin, kSet}},
              .window = w.min_exit_period * 2,
              .paid_after_sealed = w.min_exit_period};
    // Published among the validators as it is sealed; milestone, checkpoint, checkpoint final.
    case Design::Sidechain:
      return {.order = {{kPre, kPub}, {kPub, kPre}, {kPub, kFin}, {kFin, kAss}, {kAss, kSet}},
              .needs = {{kPub, kFin}, {kFin, kAss}, {kAss, kSet}}};
  }
  return {.order = {{kPre, kPub}, {kPub, kFin}, {kPub, kAss}, {kAss, kSet}}, .needs = {}};
}

}  // namespace mezz::conformance

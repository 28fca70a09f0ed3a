// What one party of a dispute believes: its output root at every L2 block after the anchor, and its
// VM state hash after every instruction of the execution of a disputed block. The party's claim at
// a position is a function of the position. The honest trace of a run is the market's real state
// roots; a liar's equals it before `diverges_block` and differs from there on. In an execution game
// on a block whose outcome they judge differently, the liar's VM states equal the honest ones
// before `diverges_instruction` and differ from there on, so that bisection ends on exactly that
// instruction. Hashes are 64-bit mixes, not cryptographic: nobody here searches for collisions. VM
// claims carry the status byte.
#pragma once

#include <cstdint>
#include <span>

#include "models/layer2/settlement/dispute_game.h"

namespace mezz::layer2 {

// The two output roots between which one execution game runs.
struct ExecutionContext {
  ClaimValue starting;
  std::uint64_t starting_count =
      0;  // blocks after the anchor that `starting` commits to; 0: it is the anchor
  ClaimValue disputed;
  std::uint64_t disputed_count = 1;
};

struct Trace {
  static constexpr std::uint64_t kNever = UINT64_MAX;

  std::uint64_t seed = 0;  // of the VM states, and of the output roots when none are given
  ClaimValue anchor;
  // Real state roots, [i] after block i + 1 since the anchor; not owned, must outlive the trace.
  // Beyond the end the last one repeats, as in the contract, where a trace ends at the claimed
  // block. Empty: roots are made from the seed.
  std::span<const std::uint64_t> output_roots = {};
  std::uint64_t program_instructions =
      1'000'000'000;  // then the VM has exited and its state stands still
  std::uint64_t diverges_block = kNever;
  std::uint64_t diverges_instruction = 0;
  std::uint64_t lie = 0;  // makes two liars differ

  [[nodiscard]] Trace honest() const;
  [[nodiscard]] bool is_honest() const { return diverges_block == kNever; }

  // Output root after block index + 1 since the anchor.
  [[nodiscard]] ClaimValue output(std::uint64_t index) const;
  // VM state after instruction + 1 instructions; `last` is the last index of the game's execution
  // trace.
  [[nodiscard]] ClaimValue vm_state(const ExecutionContext& context, std::uint64_t instruction,
                                    std::uint64_t last) const;
  // This party's claim at a position reached by moving on `parent` (none: the root's position).
  [[nodiscard]] ClaimValue commitment(const DisputeGame& game, ClaimIndex parent,
                                      Position position) const;

 private:
  [[nodiscard]] VmStatus outcome(const ExecutionContext& context) const;
};

// The output roots around the execution game that a claim at `position`, answering `parent`,
// belongs to.
ExecutionContext execution_context(const DisputeGame& game, ClaimIndex parent, Position position);

// What the on-chain VM says about a step, from the honest trace. A fabricated pre-state has no
// pre-image.
VmVerdict vm_verdict(const Trace& honest, const DisputeGame& game, const DisputeGame::Step& step);

}  // namespace mezz::layer2

#include "models/layer2/settlement/trace.h"

#include <algorithm>

#include "sim/check/assert.h"

namespace mezz::layer2 {

namespace {

// One round of SplitMix64 (Steele, Lea, Flood 2014) over the running hash and the next word.
constexpr std::uint64_t mix(std::uint64_t hash, std::uint64_t word) {
  std::uint64_t z = hash ^ (word + 0x9E37'79B9'7F4A'7C15U + (hash << 6) + (hash >> 2));
  z = (z ^ (z >> 30)) * 0xBF58'476D'1CE4'E5B9U;
  z = (z ^ (z >> 27)) * 0x94D0'49BB'1331'11EBU;
  return z ^ (z >> 31);
}

std::uint64_t hash_of(std::uint64_t seed, const ExecutionContext& context) {
  std::uint64_t hash = mix(seed, context.starting.bits);
  hash = mix(hash, context.starting_count);
  hash = mix(hash, context.disputed.bits);
  return mix(hash, context.disputed_count);
}

std::uint64_t output_count(Position position, std::uint32_t split_depth) {
  return static_cast<std::uint64_t>(position.trace_index(split_depth)) + 1;
}

}  // namespace

Trace Trace::honest() const {
  Trace trace = *this;
  trace.diverges_block = kNever;
  trace.lie = 0;
  return trace;
}

ClaimValue Trace::output(std::uint64_t index) const {
  MEZZ_ASSERT(index < (std::uint64_t{1} << 60));
  std::uint64_t bits = 0;
  if (output_roots.empty()) {
    bits = mix(seed, index);
  } else {
    bits = output_roots[std::min<std::uint64_t>(index, output_roots.size() - 1)];
  }
  if (index < diverges_block) return {bits};
  const std::uint64_t false_bits = mix(bits, lie + 1);
  MEZZ_ASSERT(false_bits != bits);
  return {false_bits};
}

VmStatus Trace::outcome(const ExecutionContext& context) const {
  MEZZ_ASSERT(context.disputed_count == context.starting_count + 1);
  const ClaimValue starting =
      context.starting_count == 0 ? anchor : output(context.starting_count - 1);
  const bool valid =
      context.starting == starting && context.disputed == output(context.disputed_count - 1);
  return valid ? VmStatus::Valid : VmStatus::Invalid;
}

ClaimValue Trace::vm_state(const ExecutionContext& context, std::uint64_t instruction,
                           std::uint64_t last) const {
  MEZZ_ASSERT(instruction <= last);
  MEZZ_ASSERT(program_instructions > 0);
  const std::uint64_t exit = std::min(program_instructions - 1, last);
  const std::uint64_t index = std::min(instruction, exit);
  const VmStatus mine = outcome(context);
  const VmStatus status = index == exit ? mine : VmStatus::Unfinished;
  std::uint64_t bits = mix(hash_of(seed, context), index);
  // A false outcome needs a false state somewhere: at the latest when the program exits.
  const bool lies = !is_honest() && mine != honest().outcome(context);
  if (lies && index >= std::min(diverges_instruction, exit)) {
    const std::uint64_t false_bits = mix(bits, lie + 1);
    // The low 56 bits must differ too, since the status byte replaces the others.
    bits = ((false_bits ^ bits) << 8) == 0 ? false_bits ^ 1 : false_bits;
  }
  return ClaimValue{bits}.with_status(status);
}

ExecutionContext execution_context(const DisputeGame& game, ClaimIndex parent, Position position) {
  const std::uint32_t split = game.params().split_depth;
  MEZZ_ASSERT(position.depth() > split);
  MEZZ_ASSERT(parent.exists());
  ClaimIndex leaf = parent;
  Position root = position;
  while (game.claim(leaf).position.depth() > split) {
    root = game.claim(leaf).position;
    leaf = game.claim(leaf).parent;
  }
  const Claim& output = game.claim(leaf);
  const std::uint64_t count = output_count(output.position, split);
  if (root.parent() == output.position) {  // attack: the leaf itself is disputed
    if (count == 1) return {game.anchor(), 0, output.value, 1};
    const Position before = output.position.left_neighbour().trace_ancestor();
    return {game.claim(game.ancestor_at(leaf, before)).value, count - 1, output.value, count};
  }
  const Position after = output.position.right_neighbour().trace_ancestor();
  return {output.value, count, game.claim(game.ancestor_at(leaf, after)).value, count + 1};
}

ClaimValue Trace::commitment(const DisputeGame& game, ClaimIndex parent, Position position) const {
  const DisputeGameParams& params = game.params();
  MEZZ_ASSERT(position.depth() <= params.max_game_depth);
  if (position.depth() <= params.split_depth) {
    return output(output_count(position, params.split_depth) - 1);
  }
  const Int128 leaves = Int128{1} << params.execution_levels();
  const auto instruction =
      static_cast<std::uint64_t>(position.trace_index(params.max_game_depth) % leaves);
  MEZZ_ASSERT(parent.exists());
  return vm_state(execution_context(game, parent, position), instruction,
                  static_cast<std::uint64_t>(leaves - 1));
}

VmVerdict vm_verdict(const Trace& honest, const DisputeGame& game, const DisputeGame::Step& step) {
  MEZZ_ASSERT(honest.is_honest());
  const Claim& leaf = game.claim(step.against);
  const auto last = (std::uint64_t{1} << game.params().execution_levels()) - 1;
  const ExecutionContext context = execution_context(game, leaf.parent, leaf.position);
  const DisputeGame::StepStates states = game.step_states(step);
  MEZZ_ASSERT(states.instruction <= last);
  const bool known = states.instruction == 0
                         ? states.before == game.absolute_prestate()
                         : states.before == honest.vm_state(context, states.instruction - 1, last);
  if (!known) return VmVerdict::PrestateUnknown;
  const bool matches = states.after == honest.vm_state(context, states.instruction, last);
  return matches ? VmVerdict::Matches : VmVerdict::Differs;
}

}  // namespace mezz::layer2

#include "models/layer2/settlement/dispute_messages.h"

#include "sim/check/assert.h"

namespace mezz {

namespace {
// game 20 bits | claim 20 bits | step 1 bit | defend 1 bit | answered 22 bits
constexpr std::uint64_t kIdMax = (std::uint64_t{1} << 20) - 1;
constexpr std::uint32_t kAnsweredMax = (std::uint32_t{1} << 22) - 1;
}  // namespace

std::uint32_t DisputeCall::fold(layer2::ClaimValue value) {
  const std::uint64_t folded = value.bits ^ (value.bits >> 22) ^ (value.bits >> 44);
  return static_cast<std::uint32_t>(folded) & kAnsweredMax;
}

DisputeCall::Words DisputeCall::packed() const {
  MEZZ_ASSERT(game.value <= kIdMax && against.value <= kIdMax);
  MEZZ_ASSERT(answered <= kAnsweredMax);
  const std::uint64_t step = action == layer2::PlannedMove::Action::Step ? 1 : 0;
  const std::uint64_t defend = kind == layer2::MoveKind::Defend ? 1 : 0;
  return {.a = (std::uint64_t{game.value} << 44) | (std::uint64_t{against.value} << 24) |
               (step << 23) | (defend << 22) | answered,
          .b = value.bits};
}

DisputeCall DisputeCall::from(Words words) {
  return {.game = {static_cast<std::uint32_t>(words.a >> 44)},
          .against = {static_cast<std::uint32_t>((words.a >> 24) & kIdMax)},
          .action = ((words.a >> 23) & 1) != 0 ? layer2::PlannedMove::Action::Step
                                               : layer2::PlannedMove::Action::Move,
          .kind = ((words.a >> 22) & 1) != 0 ? layer2::MoveKind::Defend : layer2::MoveKind::Attack,
          .answered = static_cast<std::uint32_t>(words.a) & kAnsweredMax,
          .value = {words.b}};
}

}  // namespace mezz

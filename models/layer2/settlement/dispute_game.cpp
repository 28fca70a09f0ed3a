#include "models/layer2/settlement/dispute_game.h"

#include <algorithm>
#include <string>
#include <utility>

#include "models/layer2/settlement/bond.h"
#include "sim/check/assert.h"
#include "sim/check/error.h"

namespace mezz::layer2 {

Wei DisputeGameParams::bond(std::uint32_t depth) const {
  return fee(assumed_base_fee,
             bond_gas({base_gas_charged, high_gas_charged, max_game_depth}, depth));
}

Duration DisputeGameParams::extension_at(std::uint32_t depth) const {
  if (depth == max_game_depth - 1) return clock_extension + challenge_period;
  if (depth == split_depth - 1) return clock_extension * 2;
  return clock_extension;
}

void DisputeGameParams::check(std::string_view path) const {
  const auto reject = [&](std::string_view name, std::string problem) {
    throw ScenarioError(std::string(path) + "." + std::string(name), std::move(problem));
  };
  // Trace indices of one part of the tree are kept in 64 bits.
  if (split_depth < 2 || split_depth > 60) {
    reject("split_depth", "must be from 2 to 60, got " + std::to_string(split_depth));
  }
  if (max_game_depth < split_depth + 2 || max_game_depth > split_depth + 61) {
    reject("max_game_depth",
           "must be 2 to 61 above split_depth, got " + std::to_string(max_game_depth));
  }
  const Duration longest =
      std::max(extension_at(split_depth - 1), extension_at(max_game_depth - 1));
  if (max_clock_duration < longest) {
    reject("max_clock_duration", "must be at least the longest clock extension");
  }
  if (high_gas_charged < base_gas_charged || base_gas_charged.units < 1 ||
      base_gas_charged.units >= (1 << 27)) {
    reject("high_gas_charged", "must be at least base_gas_charged, which must be from 1 to 2^27");
  }
}

DisputeGame::DisputeGame(const DisputeGameParams& params, const Root& root)
    : params_(params),
      anchor_(root.anchor),
      absolute_prestate_(root.absolute_prestate),
      latest_(root.at) {
  params_.check("dispute_game");
  MEZZ_ASSERT(root.proposer.exists());
  MEZZ_ASSERT(root.at.happened());
  claims_.push_back({.parent = {},
                     .claimant = root.proposer,
                     .countered_by = {},
                     .paid_to = {},
                     .value = root.value,
                     .position = Position::root(),
                     .bond = params_.bond(0),
                     .clock = {},
                     .made = root.at});
  children_.emplace_back();
}

const Claim& DisputeGame::claim(ClaimIndex index) const {
  MEZZ_ASSERT(index.value < claims_.size());
  return claims_[index.value];
}

void DisputeGame::advance(Time now) {
  MEZZ_ASSERT(now >= latest_);
  latest_ = now;
}

Duration DisputeGame::challenger_duration(ClaimIndex index, Time now) const {
  const Claim& countered = claim(index);
  MEZZ_ASSERT(now >= countered.made);
  // The would-be countering team's clock is where it stood when it made the claim's parent.
  const Duration before = countered.parent.exists() ? claim(countered.parent).clock : Duration{};
  return std::min(before + (now - countered.made), params_.max_clock_duration);
}

Time DisputeGame::clock_expires(ClaimIndex index) const {
  const Claim& countered = claim(index);
  const Duration before = countered.parent.exists() ? claim(countered.parent).clock : Duration{};
  MEZZ_ASSERT(before <= params_.max_clock_duration);
  return countered.made + (params_.max_clock_duration - before);
}

std::optional<ClaimIndex> DisputeGame::find(ClaimIndex parent, Position position,
                                            ClaimValue value) const {
  MEZZ_ASSERT(parent.value < claims_.size());
  for (const ClaimIndex child : children_[parent.value]) {
    if (claim(child).position == position && claim(child).value == value) return child;
  }
  return std::nullopt;
}

ClaimIndex DisputeGame::ancestor_at(ClaimIndex from, Position position) const {
  ClaimIndex index = from;
  while (!(claim(index).position == position)) {
    index = claim(index).parent;
    MEZZ_ASSERT(index.exists());  // the tree's shape guarantees that the ancestor is on the path
  }
  return index;
}

bool DisputeGame::allowed_execution_root(const Move& move, Position position) const {
  MEZZ_ASSERT(position.depth() == params_.split_depth + 1);
  // The status must say that the VM refutes an output of the other team and confirms one's own. The
  // root of the game is never the neighbour's ancestor on the right edge: no claim but the root
  // sits there.
  const Position neighbour = claim(move.against).position.right_neighbour();
  const bool attack = move.kind == MoveKind::Attack;
  bool refutes = attack;
  if (!attack) {
    const Claim& disputed = claim(ancestor_at(move.against, neighbour.trace_ancestor()));
    refutes = disputed.position.depth() % 2 == params_.split_depth % 2;
  }
  const std::uint8_t status = move.value.status_byte();
  if (!refutes) return status == static_cast<std::uint8_t>(VmStatus::Valid);
  return status == static_cast<std::uint8_t>(VmStatus::Invalid) ||
         status == static_cast<std::uint8_t>(VmStatus::Panic);
}

MoveOutcome DisputeGame::move(const Move& move, Time now) {
  advance(now);
  if (status_ != GameStatus::InProgress) return MoveOutcome::GameOver;
  MEZZ_ASSERT(move.by.exists());
  const Position position = claim(move.against).position.moved(move.kind);
  const std::uint32_t depth = position.depth();
  const bool against_root = move.against.value == 0 || depth == params_.split_depth + 2;
  if (against_root && move.kind == MoveKind::Defend) return MoveOutcome::CannotDefendRoot;
  if (depth > params_.max_game_depth) return MoveOutcome::DepthExceeded;
  if (depth == params_.split_depth + 1 && !allowed_execution_root(move, position)) {
    return MoveOutcome::UnexpectedVmStatus;
  }
  if (move.bond != required_bond(position)) return MoveOutcome::IncorrectBond;
  const Duration used = challenger_duration(move.against, now);
  if (used == params_.max_clock_duration) return MoveOutcome::ClockExpired;
  if (find(move.against, position, move.value)) return MoveOutcome::DuplicateClaim;

  const Duration most = params_.max_clock_duration - params_.extension_at(depth);
  MEZZ_ASSERT(most >= Duration::zero());
  const ClaimIndex index{claim_count()};
  claims_.push_back({.parent = move.against,
                     .claimant = move.by,
                     .countered_by = {},
                     .paid_to = {},
                     .value = move.value,
                     .position = position,
                     .bond = move.bond,
                     .clock = std::min(used, most),
                     .made = now});
  children_.emplace_back();
  children_[move.against.value].push_back(index);
  MEZZ_ASSERT(children_.size() == claims_.size());
  return MoveOutcome::Accepted;
}

DisputeGame::StepStates DisputeGame::step_states(const Step& step) const {
  const Claim& leaf = claim(step.against);
  MEZZ_ASSERT(leaf.position.depth() == params_.max_game_depth);
  const Int128 leaves = Int128{1} << params_.execution_levels();
  const auto index = static_cast<std::uint64_t>(leaf.position.index_at_depth() % leaves);
  const auto neighbour_claim = [&](Position neighbour) {
    return ancestor_at(leaf.parent, neighbour.trace_ancestor_below(params_.split_depth));
  };
  if (step.kind == MoveKind::Defend) {
    const ClaimIndex after = neighbour_claim(leaf.position.right_neighbour());
    return {leaf.value, claim(after).value, index + 1, after};
  }
  if (index == 0) return {absolute_prestate_, leaf.value, 0, step.against};
  const ClaimIndex before = neighbour_claim(leaf.position.left_neighbour());
  return {claim(before).value, leaf.value, index, step.against};
}

StepOutcome DisputeGame::step(const Step& step, VmVerdict verdict, Time now) {
  advance(now);
  if (status_ != GameStatus::InProgress) return StepOutcome::GameOver;
  MEZZ_ASSERT(step.by.exists());
  Claim& leaf = claims_[step.against.value];
  if (leaf.position.depth() != params_.max_game_depth) return StepOutcome::NotAtMaxDepth;
  if (verdict == VmVerdict::PrestateUnknown) return StepOutcome::InvalidPrestate;
  // Claims at depths of one parity belong to one team. A post-state of the claim's own team must be
  // refuted, one of the other team must be confirmed.
  const Claim& after = claim(step_states(step).after_claim);
  const bool same_team = (leaf.position.depth() - after.position.depth()) % 2 == 0;
  if (same_team == (verdict == VmVerdict::Matches)) return StepOutcome::ClaimIsRight;
  if (leaf.countered_by.exists()) return StepOutcome::DuplicateStep;
  leaf.countered_by = step.by;
  return StepOutcome::Accepted;
}

void DisputeGame::pay(Claim& claim, PartyId recipient) {
  MEZZ_ASSERT(!claim.paid_to.exists());
  MEZZ_ASSERT(recipient.exists());
  claim.paid_to = recipient;
}

ResolveOutcome DisputeGame::resolve_claim(ClaimIndex index, Time now) {
  advance(now);
  if (status_ != GameStatus::InProgress) return ResolveOutcome::GameOver;
  MEZZ_ASSERT(index.value < claims_.size());
  if (challenger_duration(index, now) < params_.max_clock_duration) {
    return ResolveOutcome::ClockNotExpired;
  }
  Claim& subject = claims_[index.value];
  if (subject.paid_to.exists()) return ResolveOutcome::AlreadyResolved;
  PartyId winner = subject.countered_by;  // only a step has set it so far
  const Claim* leftmost = nullptr;
  for (const ClaimIndex child_index : children_[index.value]) {
    const Claim& child = claim(child_index);
    if (!child.paid_to.exists()) return ResolveOutcome::OutOfOrder;
    if (child.countered_by.exists()) continue;
    // Among equal positions the older claim wins.
    if (leftmost == nullptr || child.position.gindex < leftmost->position.gindex) leftmost = &child;
  }
  if (leftmost != nullptr) winner = leftmost->claimant;
  pay(subject, winner.exists() ? winner : subject.claimant);
  subject.countered_by = winner;
  return ResolveOutcome::Resolved;
}

ResolveOutcome DisputeGame::resolve(Time now) {
  advance(now);
  if (status_ != GameStatus::InProgress) return ResolveOutcome::GameOver;
  const Claim& root = claims_.front();
  if (!root.paid_to.exists()) return ResolveOutcome::OutOfOrder;
  status_ = root.countered_by.exists() ? GameStatus::ChallengerWins : GameStatus::DefenderWins;
  resolved_at_ = now;
  MEZZ_ASSERT(resolved_at_ >= created_at() + params_.max_clock_duration);
  return ResolveOutcome::Resolved;
}

GameStatus DisputeGame::resolve_all(Time now) {
  // Children have higher indices than their parents: downwards is bottom-up.
  for (std::uint32_t i = claim_count(); i-- > 0;) {
    if (!claims_[i].paid_to.exists()) resolve_claim({i}, now);
  }
  resolve(now);
  return status_;
}

Wei DisputeGame::deposited() const {
  Wei sum;
  for (const Claim& c : claims_) sum += c.bond;
  MEZZ_ASSERT(sum >= params_.bond(0));
  return sum;
}

Wei DisputeGame::deposited_by(PartyId party) const {
  Wei sum;
  for (const Claim& c : claims_) {
    if (c.claimant == party) sum += c.bond;
  }
  MEZZ_ASSERT(sum <= deposited());
  return sum;
}

Wei DisputeGame::credit(PartyId party, BondMode mode) const {
  if (mode == BondMode::Refund) return deposited_by(party);
  Wei sum;
  for (const Claim& c : claims_) {
    if (c.paid_to == party) sum += c.bond;
  }
  MEZZ_ASSERT(sum <= deposited());
  return sum;
}

}  // namespace mezz::layer2

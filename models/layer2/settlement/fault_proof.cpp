#include "models/layer2/settlement/fault_proof.h"

#include <algorithm>

#include "sim/check/assert.h"
#include "sim/engine/context.h"

namespace mezz {

using layer2::ClaimIndex;
using layer2::DisputeGame;
using layer2::GameStatus;
using layer2::PartyId;

namespace {
// The program's hashes: the same for everybody who runs it.
constexpr std::uint64_t kProgram = 0x4F50'2D56'4D31;
constexpr layer2::ClaimValue kAbsolutePrestate{0x0370'7265'7374'6174};

void erase(std::vector<GameId>& ids, GameId id) {
  ids.erase(std::remove(ids.begin(), ids.end(), id), ids.end());
}
void insert_sorted(std::vector<GameId>& ids, GameId id) {
  ids.insert(std::lower_bound(ids.begin(), ids.end(), id), id);
}
}  // namespace

FaultProof::FaultProof(const Site& site, const FaultProofParams& p, Layer2Chain& chain)
    : EntityOf(site, p), chain_(&chain), node_(chain) {
  p.game.check("settlement.game");
  if (site.recording == nullptr) return;
  claims_.declare(*site.recording, "claims", "State claims on layer one");
  disputes_.declare(*site.recording, "disputes", "Moves of dispute games");
}

PartyId FaultProof::join(Ref<L1Sender> sender, Ref<DisputeWatcher> watcher) {
  MEZZ_ASSERT(sender.exists());
  MEZZ_ASSERT(!party_of(sender).exists());
  parties_.push_back(sender);
  accounts_.emplace_back();
  if (watcher.exists()) watch(watcher);
  return {static_cast<std::uint32_t>(parties_.size() - 1)};
}

void FaultProof::watch(Ref<DisputeWatcher> watcher) {
  MEZZ_ASSERT(watcher.exists());
  MEZZ_ASSERT(std::find(watchers_.begin(), watchers_.end(), watcher) == watchers_.end());
  watchers_.push_back(watcher);
}

PartyId FaultProof::party_of(Ref<L1Sender> sender) const {
  const auto found = std::find(parties_.begin(), parties_.end(), sender);
  if (found == parties_.end()) return {};
  return {static_cast<std::uint32_t>(found - parties_.begin())};
}

void FaultProof::tell(Context& ctx, const GameChanged& changed) {
  for (const Ref<DisputeWatcher> watcher : watchers_) ctx.send(watcher, changed);
}

// ---- calls

void FaultProof::on(Context& ctx, const L1Execute& call) {
  Change change{.tag = call.tag,
                .block = call.block,
                .height = call.height,
                .totals = totals_,
                .game = {},
                .party = party_of(call.from),
                .bond = {},
                .locked_peak = {},
                .before = {}};
  if (change.party.exists() || call.kind == L1CallKind::ResolveGame) {
    switch (call.kind) {
      case L1CallKind::StateClaim:
        open_game(ctx, call, change);
        break;
      case L1CallKind::DisputeMove:
        play(ctx, DisputeCall::from({call.a, call.b}), change);
        break;
      case L1CallKind::ResolveGame:
        if (call.a < games_.size()) resolve(ctx, {static_cast<std::uint32_t>(call.a)}, change);
        break;
      default:
        break;
    }
  }
  if (!change.game.exists()) ++totals_.refused;
  undo_.add(std::move(change));
  update_rungs(ctx.now());
}

void FaultProof::open_game(Context& ctx, const L1Execute& call, Change& change) {
  MEZZ_ASSERT(change.party.exists());
  const BlockId block{call.a};
  if (anchor_block_.value == 0) anchor_root_ = {chain_->root(BlockId{0})};
  const BlockId published = chain_->reached(Rung::Published);
  if (block <= anchor_block_ || published <= anchor_block_) return;
  // The factory knows a game by its block and its root, and makes each once.
  for (const ClaimedGame& other : games_) {
    if (other.block == block && other.root() == call.b) return;
  }
  const GameId id{games()};
  games_.push_back({.game = DisputeGame(params().game, {.proposer = change.party,
                                                        .value = {call.b},
                                                        .anchor = anchor_root_,
                                                        .absolute_prestate = kAbsolutePrestate,
                                                        .at = ctx.now()}),
                    .block = block,
                    .anchor_block = anchor_block_,
                    .published = published,
                    .proposer = change.party});
  open_.push_back(id);
  change.game = id;
  change.bond = params().game.bond(0);
  post(change);
  ++totals_.claims;
  record_claim(ctx.now(), id, ClaimEvent::Created);
  tell(ctx, {.game = id, .claim = {0}, .change = GameChange::Created, .status = {}});
}

void FaultProof::play(Context& ctx, const DisputeCall& call, Change& change) {
  MEZZ_ASSERT(change.party.exists());
  if (call.game.value >= games_.size()) return;
  ClaimedGame& target = games_[call.game.value];
  if (call.against.value >= target.game.claim_count()) return;
  if (DisputeCall::fold(target.game.claim(call.against).value) != call.answered) return;
  const bool is_step = call.action == layer2::PlannedMove::Action::Step;
  DisputeGame before = target.game;
  const bool accepted =
      is_step ? step(target, call, change, ctx.now()) : move(target, call, change, ctx.now());
  if (!accepted) return;
  change.game = call.game;
  change.before = std::move(before);
  ++(is_step ? totals_.steps : totals_.moves);
  const ClaimIndex made = is_step ? call.against : ClaimIndex{target.game.claim_count() - 1};
  const layer2::Claim& claim = target.game.claim(made);
  disputes_.append(
      {.time = ctx.now(),
       .game = call.game,
       .move = made,
       .depth = claim.position.depth(),
       .party = change.party,
       .step = is_step,
       .bond = change.bond,
       .clock = is_step ? target.game.challenger_duration(made, ctx.now()) : claim.clock});
  tell(ctx, {.game = call.game,
             .claim = made,
             .change = is_step ? GameChange::Stepped : GameChange::Moved,
             .status = {}});
}

bool FaultProof::move(ClaimedGame& target, const DisputeCall& call, Change& change, Time now) {
  const layer2::Position position = target.game.claim(call.against).position.moved(call.kind);
  if (position.depth() > params().game.max_game_depth) return false;
  const Wei bond = target.game.required_bond(position);
  const layer2::MoveOutcome outcome = target.game.move({.against = call.against,
                                                        .kind = call.kind,
                                                        .value = call.value,
                                                        .by = change.party,
                                                        .bond = bond},
                                                       now);
  MEZZ_ASSERT(outcome != layer2::MoveOutcome::IncorrectBond);
  if (outcome != layer2::MoveOutcome::Accepted) return false;
  change.bond = bond;
  post(change);
  return true;
}

bool FaultProof::step(ClaimedGame& target, const DisputeCall& call, Change& change, Time now) {
  const layer2::Claim& leaf = target.game.claim(call.against);
  if (leaf.position.depth() != params().game.max_game_depth) return false;
  const DisputeGame::Step step{.against = call.against, .kind = call.kind, .by = change.party};
  // Layer one runs the real program on the pre-state it is shown.
  const auto truth = honest_trace(call.game, node_);
  const layer2::VmVerdict verdict =
      truth ? layer2::vm_verdict(*truth, target.game, step) : layer2::VmVerdict::PrestateUnknown;
  return target.game.step(step, verdict, now) == layer2::StepOutcome::Accepted;
}

void FaultProof::resolve(Context& ctx, GameId id, Change& change) {
  ClaimedGame& target = games_[id.value];
  if (target.game.status() != GameStatus::InProgress) return;
  DisputeGame before = target.game;
  const GameStatus status = target.game.resolve_all(ctx.now());
  if (status == GameStatus::InProgress) {
    // Part of the game may have been resolved; the outcome is the same if it is done again later.
    target.game = std::move(before);
    return;
  }
  change.game = id;
  change.before = std::move(before);
  settle_bonds(target.game, 1);
  erase(open_, id);
  const bool correct = is_correct(id);
  if (status == GameStatus::DefenderWins) {
    ++totals_.defender_wins;
    insert_sorted(won_, id);
    after(ctx, params().air_gap, Settle{.game = id, .resolved_at = target.game.resolved_at()});
    record_claim(ctx.now(), id, ClaimEvent::DefenderWins);
  } else {
    ++totals_.challenger_wins;
    if (correct) ++totals_.honest_claims_rejected;
    record_claim(ctx.now(), id, ClaimEvent::ChallengerWins);
  }
  tell(ctx, {.game = id, .claim = {0}, .change = GameChange::Resolved, .status = status});
}

void FaultProof::on(Context& ctx, const Settle& settle) {
  // The resolution may have been orphaned, and the game even replaced, since the timer was set.
  if (settle.game.value >= games_.size()) return;
  ClaimedGame& target = games_[settle.game.value];
  if (target.game.status() != GameStatus::DefenderWins || target.air_gap_over) return;
  if (target.game.resolved_at() != settle.resolved_at) return;
  MEZZ_ASSERT(ctx.now() == settle.resolved_at + params().air_gap);
  target.air_gap_over = true;
  erase(won_, settle.game);
  if (!is_correct(settle.game)) ++totals_.false_claims_settled;
  if (target.block > anchor_block_) {
    anchor_block_ = target.block;
    anchor_root_ = {target.root()};
  }
  record_claim(ctx.now(), settle.game, ClaimEvent::Settled);
  tell(ctx, {.game = settle.game,
             .claim = {0},
             .change = GameChange::AirGapOver,
             .status = GameStatus::DefenderWins});
  update_rungs(ctx.now());
}

// ---- layer one goes back

void FaultProof::on(Context& ctx, const L1Undo& call) {
  const Change change = undo_.take(call);
  const std::uint64_t settled = totals_.false_claims_settled;
  totals_ = change.totals;
  totals_.false_claims_settled = settled;  // not a call's doing
  if (!change.game.exists()) return;
  const GameId id = change.game;
  GameStatus status = GameStatus::InProgress;
  if (!change.before) {
    MEZZ_ASSERT(id.value + 1 == games_.size());
    MEZZ_ASSERT(games_.back().game.claim_count() == 1);
    record_claim(ctx.now(), id, ClaimEvent::Undone);
    erase(open_, id);
    games_.pop_back();
    unpost(change);
  } else {
    if (games_[id.value].game.status() != GameStatus::InProgress) {
      unresolve(id);
      record_claim(ctx.now(), id, ClaimEvent::Undone);
    } else if (change.bond > Wei::zero()) {
      unpost(change);
    }
    games_[id.value].game = *change.before;
    status = games_[id.value].game.status();
  }
  tell(ctx, {.game = id, .claim = {}, .change = GameChange::Undone, .status = status});
  update_rungs(ctx.now());
}

void FaultProof::unresolve(GameId id) {
  ClaimedGame& target = games_[id.value];
  MEZZ_ASSERT(target.game.status() != GameStatus::InProgress);
  settle_bonds(target.game, -1);
  insert_sorted(open_, id);
  erase(won_, id);
  // An air gap shorter than layer one's finality: what it closed stays closed.
  target.air_gap_over = false;
}

void FaultProof::on(Context&, const L1Finalised& finalised) { undo_.finalised(finalised.height); }

// ---- bonds

void FaultProof::post(Change& change) {
  MEZZ_ASSERT(change.party.value < accounts_.size());
  MEZZ_ASSERT(change.bond > Wei::zero());
  BondAccount& account = accounts_[change.party.value];
  change.locked_peak = account.locked_peak;
  account.posted += change.bond;
  account.locked += change.bond;
  account.locked_peak = std::max(account.locked_peak, account.locked);
  held_ += change.bond;
}

void FaultProof::unpost(const Change& change) {
  MEZZ_ASSERT(change.party.value < accounts_.size());
  BondAccount& account = accounts_[change.party.value];
  account.posted -= change.bond;
  account.locked -= change.bond;
  account.locked_peak = change.locked_peak;
  held_ -= change.bond;
  MEZZ_ASSERT(account.locked >= Wei::zero());
  MEZZ_ASSERT(held_ >= Wei::zero());
}

void FaultProof::settle_bonds(const DisputeGame& game, std::int64_t sign) {
  MEZZ_ASSERT(game.status() != GameStatus::InProgress);
  Wei paid;
  for (std::uint32_t i = 0; i < accounts_.size(); ++i) {
    accounts_[i].locked -= game.deposited_by({i}) * sign;
    accounts_[i].credited += game.credit({i}) * sign;
    paid += game.credit({i});
    MEZZ_ASSERT(accounts_[i].locked >= Wei::zero());
  }
  MEZZ_ASSERT(paid == game.deposited());
  held_ -= paid * sign;
  MEZZ_ASSERT(held_ >= Wei::zero());
}

const BondAccount& FaultProof::bonds(PartyId party) const {
  MEZZ_ASSERT(party.value < accounts_.size());
  return accounts_[party.value];
}

void FaultProof::check_bonds() const {
  Wei posted;
  Wei credited;
  Wei locked;
  for (const BondAccount& account : accounts_) {
    posted += account.posted;
    credited += account.credited;
    locked += account.locked;
  }
  MEZZ_ASSERT(posted == credited + held_);
  MEZZ_ASSERT(locked == held_);
  Wei in_games;
  for (const GameId id : open_) in_games += games_[id.value].game.deposited();
  MEZZ_ASSERT(in_games == held_);
}

// ---- the finality ladder

void FaultProof::on(Context& ctx, const L1Head&) { update_rungs(ctx.now()); }

void FaultProof::update_rungs(Time now) {
  BlockId covered = anchor_block_;
  for (const GameId id : open_) covered = std::max(covered, games_[id.value].block);
  for (const GameId id : won_) covered = std::max(covered, games_[id.value].block);
  // A claim may speak of blocks that are not published (any more): they are not asserted yet.
  const BlockId published = chain_->reached(Rung::Published);
  covered = std::min(covered, published);
  const BlockId asserted = chain_->reached(Rung::Asserted);
  if (covered < asserted) chain_->clear(Rung::Asserted, BlockId{covered.value + 1}, asserted);
  const auto reach = [&](Rung rung, BlockId target) {
    const BlockId from = chain_->reached(rung);
    if (target > from) chain_->reach(rung, BlockId{from.value + 1}, target, now);
  };
  reach(Rung::Asserted, covered);
  reach(Rung::Settled, std::min(anchor_block_, published));
  // Days after its claim was final on layer one, unless layer one finalises nothing or the window
  // is short: rows of transactions are written when all rungs are there.
  chain_->fix(std::min(chain_->reached(Rung::Settled), chain_->reached(Rung::OrderFinal)));
  MEZZ_ASSERT(chain_->reached(Rung::Asserted) == covered);
}

void FaultProof::report(MetricList& out) const {
  out.count("disputes.claims", totals_.claims);
  out.count("disputes.moves", totals_.moves);
  out.count("disputes.steps", totals_.steps);
  out.count("disputes.challenger_wins", totals_.challenger_wins);
  out.count("disputes.defender_wins", totals_.defender_wins);
  out.count("disputes.false_claims_settled", totals_.false_claims_settled);
  std::vector<Duration> lost;  // from the claim to the end of the game, of claims that lost
  for (const ClaimedGame& claimed : games_) {
    const layer2::DisputeGame& game = claimed.game;
    if (game.status() != layer2::GameStatus::ChallengerWins) continue;
    lost.push_back(game.resolved_at() - game.created_at());
  }
  out.delays("disputes.duration", std::move(lost));
}

// ---- looking

const ClaimedGame& FaultProof::game(GameId id) const {
  MEZZ_ASSERT(id.value < games_.size());
  return games_[id.value];
}

layer2::GameView FaultProof::view(GameId id) const {
  const ClaimedGame& target = game(id);
  return {.l2_block = target.block.value,
          .created_at = target.game.created_at(),
          .status = target.game.status(),
          .resolved_at = target.game.resolved_at()};
}

Time FaultProof::resolvable_at(GameId id) const {
  const DisputeGame& subject = game(id).game;
  Time latest = Time::zero();
  for (std::uint32_t i = 0; i < subject.claim_count(); ++i) {
    latest = std::max(latest, subject.clock_expires({i}));
  }
  MEZZ_ASSERT(latest >= subject.created_at());
  return latest;
}

std::optional<GameId> FaultProof::game_covering(BlockId block) const {
  for (std::uint32_t i = 0; i < games_.size(); ++i) {
    if (games_[i].block < block) continue;
    if (games_[i].game.status() != GameStatus::ChallengerWins) return GameId{i};
  }
  return std::nullopt;
}

std::optional<layer2::Trace> FaultProof::honest_trace(GameId id, NodeRoots& node) const {
  const ClaimedGame& subject = game(id);
  const BlockId last = std::min(subject.block, subject.published);
  MEZZ_ASSERT(last > subject.anchor_block);
  if (last > chain_->head()) return std::nullopt;
  const std::span<const std::uint64_t> roots = node.between(subject.anchor_block, last);
  MEZZ_ASSERT(roots.size() == last.value - subject.anchor_block.value);
  return layer2::Trace{
      .seed = kProgram,
      .anchor = subject.game.anchor(),
      .output_roots = roots,
      .program_instructions = static_cast<std::uint64_t>(params().program_instructions)};
}

bool FaultProof::is_correct(GameId id) const {
  const ClaimedGame& subject = game(id);
  if (subject.block > subject.published) return false;
  return subject.block <= chain_->head() && chain_->root(subject.block) == subject.root();
}

void FaultProof::record_claim(Time now, GameId id, ClaimEvent event) {
  if (!claims_.enabled()) return;
  const ClaimedGame& subject = game(id);
  claims_.append({.time = now,
                  .game = id,
                  .block = subject.block,
                  .proposer = subject.proposer,
                  .correct = is_correct(id),
                  .status = event});
}

}  // namespace mezz

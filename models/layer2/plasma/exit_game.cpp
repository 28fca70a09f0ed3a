#include "models/layer2/plasma/exit_game.h"

#include <algorithm>

#include "sim/check/assert.h"
#include "sim/check/error.h"
#include "sim/engine/context.h"

namespace mezz {

using plasma::BlockCommit;
using plasma::ExitPriority;
using plasma::InFlightSide;
using plasma::OutputOrigin;
using plasma::PlasmaBlock;

static_assert(Flat<PlasmaExit> && Flat<PlasmaWithdrawal> && Flat<PlasmaDeposit>);
static_assert(Flat<ExitTotals> && Flat<ExitPriority> && Flat<PlasmaBlock>);

ExitGame::ExitGame(const Site& site, const PlasmaParams& p, ExecutionNode& node,
                   Derivation& derivation)
    : EntityOf(site, p), node_(&node), derivation_(&derivation), chain_(&node.chain()) {
  static_assert(Flat<Change>);
  if (p.bonds.bounty > p.bonds.standard) {
    throw ScenarioError("plasma.bonds.bounty",
                        "must not be more than plasma.bonds.standard, which it is paid from");
  }
  if (p.bonds.bounty < Wei::zero() || p.bonds.standard < Wei::zero()) {
    throw ScenarioError("plasma.bonds.standard", "bond and bounty must not be negative");
  }
  if (p.bonds.in_flight < p.bonds.bounty || p.bonds.piggyback < Wei::zero()) {
    throw ScenarioError("plasma.bonds.in_flight",
                        "must be at least plasma.bonds.bounty, which is paid from it");
  }
  if (site.recording == nullptr) return;
  queue_probe_.bind(*site.recording, path());
  delay_.bind(*site.recording, path());
  rows_.declare(*site.recording, "exits", "Exits from the plasma chain");
  challenges_.declare(*site.recording, "exit_challenges", "Exits deleted by a spend proof");
}

void ExitGame::on(Context&, const Start&) {
  outputs_.start(node_->exchange());
  account_exit_.assign(outputs_.accounts(), kNoExit);
  spent_exit_.assign(outputs_.accounts(), kNoExit);
  taken_by_.assign(outputs_.accounts(), kNoExit);
  MEZZ_ASSERT(commits_ != nullptr);
}

// ---- calls on layer one

void ExitGame::on(Context& ctx, const L1Execute& call) {
  scan();
  Change change{.tag = call.tag, .block = call.block, .height = call.height};
  bool accepted = false;
  switch (call.kind) {
    case L1CallKind::Checkpoint:
      accepted = accept_root(call.a, call.height, ctx.now(), change);
      break;
    case L1CallKind::StartExit:
      accepted = call.b == kPiggyback ? piggyback(ExitClaim::unpack(call.a), ctx.now(), change)
                                      : start(ctx, ExitClaim::unpack(call.a), change);
      break;
    case L1CallKind::ChallengeExit:
      accepted = challenge(ExitClaim::unpack(call.a), ctx.now(), change);
      break;
    case L1CallKind::ProcessExits:
      accepted = process(call.a, ctx.now(), change);
      break;
    default:
      break;  // not of this contract
  }
  if (!accepted) {
    MEZZ_ASSERT(change.step == Step::Refused);
    escrow_.refuse();
  }
  undo_.add(change);
  sums_.queue_max = std::max<std::uint64_t>(sums_.queue_max, queue_.size());
  escrow_.check();
}

// ---- block roots

bool ExitGame::accept_root(std::uint64_t number, std::uint64_t height, Time now, Change& change) {
  if (!commits_->holds(number)) return false;
  const BlockCommit& commit = commits_->at(number);
  if (commit.base != outputs_.newest().number || invalid_since_.happened()) return false;
  change.subject = number;
  change.unserved_before = unserved_since_;
  change.invalid_before = invalid_since_;
  if (commit.invalid != 0) {
    change.step = Step::Root;
    invalid_since_ = now;
    invalid_commit_ = number;
    return true;
  }
  // The root of a block that is gone: an orphaned origin took it away.
  if (commit.last > chain_->head() || commit.last <= outputs_.newest().last) return false;
  if (chain_->root(commit.last) != commit.root) return false;
  change.step = Step::Root;
  change.asserted_first = BlockId{chain_->reached(Rung::Asserted).value + 1};
  change.asserted_last = commit.last;
  if (change.asserted_first <= change.asserted_last) {
    chain_->reach(Rung::Asserted, change.asserted_first, change.asserted_last, now);
  }
  if (commit.withheld != 0) {
    if (!unserved_since_.happened()) unserved_since_ = now;
  } else {
    serve(number, height, now, change);
  }
  return true;
}

void ExitGame::serve(std::uint64_t number, std::uint64_t height, Time now, Change& change) {
  const BlockCommit& commit = commits_->at(number);
  const BlockId first{outputs_.newest().last.value + 1};
  change.published_first = first;
  change.published_last = commit.last;
  MEZZ_ASSERT(first <= commit.last);
  chain_->reach(Rung::Published, first, commit.last, now);
  outputs_.apply({.first = first,
                  .last = commit.last,
                  .mark = commit.mark,
                  .time = now,
                  .height = height,
                  .commit = number},
                 commit.changes);
  unserved_since_ = Time::never();
}

// ---- starting an exit

void ExitGame::place(PlasmaExit& exit, OutputOrigin origin, Time output, Time now) const {
  exit.started = now;
  exit.priority.exitable = plasma::exitable_time(
      params().variant, origin, {.output = output, .started = now}, params().min_exit_period);
  MEZZ_ASSERT(exit.priority.exitable >= now + params().min_exit_period);
}

bool ExitGame::describe_withdrawal(ExitClaim claim, Time now, PlasmaExit& exit) const {
  if (claim.number >= withdrawals_.size()) return false;
  const PlasmaWithdrawal& subject = withdrawals_[claim.number];
  // The exit carries a proof of inclusion: there must be data to make it from.
  if (subject.gone != 0 || subject.exit != kNoExit || subject.block > outputs_.newest().last) {
    return false;
  }
  const PlasmaBlock& block = outputs_.holding(subject.block);
  exit.account = subject.account;
  exit.amount = subject.amount;
  // Burnt outputs stand behind the accounts' in a block, in order of the chain.
  exit.priority = {.exitable = {}, .block = block.number, .index = (1ULL << 32) + claim.number};
  place(exit, OutputOrigin::Transaction, block.time, now);
  return true;
}

bool ExitGame::describe_account(ExitClaim claim, Time now, PlasmaExit& exit) const {
  if (claim.number >= outputs_.accounts()) return false;
  exit.account = AccountId{static_cast<std::uint32_t>(claim.number)};
  const bool spent = claim.kind == ExitKind::Spent;
  if (exit_of(claim) != kNoExit) return false;
  if (claim.kind == ExitKind::InFlight && params().variant != PlasmaVariant::MoreVp) return false;
  const plasma::Output& output =
      spent ? outputs_.spent(exit.account) : outputs_.output(exit.account);
  // An output that was never spent is no exit of this kind.
  if (spent && output.block == outputs_.output(exit.account).block) return false;
  exit.amount = outputs_.value(output, node_->exchange().params().contract);
  if (exit.amount <= Money::zero()) return false;
  exit.priority = {.exitable = {}, .block = output.block, .index = claim.number};
  place(exit, OutputOrigin::Transaction, outputs_.block(output.block).time, now);
  if (claim.kind == ExitKind::InFlight) {
    exit.in_flight = plasma::InFlightExit(now, params().min_exit_period);
  }
  return true;
}

bool ExitGame::stranded(const PlasmaDeposit& deposit) const {
  return halted() && deposit.undone == 0 && deposit.height > chain_->head_block().l1_origin;
}

bool ExitGame::describe_deposit(ExitClaim claim, Time now, PlasmaExit& exit) const {
  if (claim.number >= deposits_.size()) return false;
  const PlasmaDeposit& deposit = deposits_[claim.number];
  if (!stranded(deposit) || deposit.exit != kNoExit) return false;
  exit.account = deposit.account;
  exit.amount = deposit.amount;
  exit.priority = {
      .exitable = {}, .block = outputs_.newest().number, .index = (1ULL << 33) + claim.number};
  place(exit, OutputOrigin::Deposit, now, now);
  return true;
}

bool ExitGame::describe_invented(ExitClaim claim, Time now, PlasmaExit& exit) const {
  const auto& inventions = commits_->inventions();
  if (claim.number >= inventions.size() || !invalid_since_.happened()) return false;
  const plasma::Invention& invention = inventions[claim.number];
  if (invention.commit != invalid_commit_) return false;
  if (exit_of(claim) != kNoExit) return false;
  exit.account = invention.victim;
  exit.amount = invention.amount;
  exit.priority = {.exitable = {}, .block = outputs_.newest().number + 1, .index = claim.number};
  place(exit, OutputOrigin::Transaction, invalid_since_, now);
  return true;
}

bool ExitGame::describe(ExitClaim claim, Time now, PlasmaExit& exit) const {
  exit.kind = claim.kind;
  exit.number = claim.number;
  switch (claim.kind) {
    case ExitKind::Withdrawal:
      return describe_withdrawal(claim, now, exit);
    case ExitKind::Account:
    case ExitKind::InFlight:
    case ExitKind::Spent:
      return describe_account(claim, now, exit);
    case ExitKind::Deposit:
      return describe_deposit(claim, now, exit);
    case ExitKind::Invented:
      return describe_invented(claim, now, exit);
  }
  return false;  // no such kind: a call with other data
}

std::uint64_t& ExitGame::slot_of(const PlasmaExit& exit) {
  switch (exit.kind) {
    case ExitKind::Withdrawal:
      return withdrawals_[exit.number].exit;
    case ExitKind::Deposit:
      return deposits_[exit.number].exit;
    case ExitKind::Spent:
      return spent_exit_[exit.number];
    case ExitKind::Invented:
      if (invented_exit_.size() <= exit.number) invented_exit_.resize(exit.number + 1, kNoExit);
      return invented_exit_[exit.number];
    case ExitKind::Account:
    case ExitKind::InFlight:
      break;
  }
  return account_exit_[exit.number];
}

bool ExitGame::start(Context& ctx, ExitClaim claim, Change& change) {
  PlasmaExit exit;
  if (!describe(claim, ctx.now(), exit)) return false;
  const std::uint64_t number = exits_.size();
  exit.priority.exit = number;
  MEZZ_ASSERT(slot_of(exit) == kNoExit);
  slot_of(exit) = number;
  exits_.push_back(exit);
  queue_.push(exit.priority);
  if (can_be_challenged(exit)) list_challengeable(number, true);
  ++sums_.started;
  if (exit.kind == ExitKind::InFlight) ++sums_.in_flight;
  sums_.bonds_locked += bonds_of(exit);
  change.step = Step::Started;
  change.subject = number;
  record(ctx.now(), number);
  if (exit.kind == ExitKind::Account || exit.kind == ExitKind::InFlight) halt(ctx);
  return true;
}

// The market ends in the state that everybody can prove.
void ExitGame::halt(Context& ctx) {
  if (halted()) return;
  const BlockId kept = std::min(outputs_.newest().last, chain_->head());
  MEZZ_ASSERT(kept >= chain_->fixed());
  derivation_->drop_above(ctx, kept, Layer2ReorgCause::SequencerReorg);
  derivation_->freeze();
}

bool ExitGame::piggyback(ExitClaim claim, Time now, Change& change) {
  const std::uint64_t number = exit_of(claim);
  if (number == kNoExit) return false;
  PlasmaExit& exit = exits_[number];
  if (exit.kind != ExitKind::InFlight || exit.stage != ExitStage::Started) return false;
  change.in_flight = exit.in_flight;
  if (!exit.in_flight.piggyback(InFlightSide::Outputs, now)) return false;
  sums_.bonds_locked += params().bonds.piggyback;
  ++sums_.piggybacked;
  change.step = Step::Piggybacked;
  change.subject = number;
  return true;
}

// ---- challenges

bool ExitGame::can_be_challenged(const PlasmaExit& exit) const {
  if (exit.stage != ExitStage::Started) return false;
  if (exit.kind == ExitKind::Spent) return true;
  // The owner of a coin shows its history, which the invented spend is not part of.
  return exit.kind == ExitKind::Invented && params().variant == PlasmaVariant::Cash;
}

void ExitGame::list_challengeable(std::uint64_t number, bool open) {
  const auto at = std::lower_bound(challengeable_.begin(), challengeable_.end(), number);
  const bool listed = at != challengeable_.end() && *at == number;
  if (open && !listed) challengeable_.insert(at, number);
  if (!open && listed) challengeable_.erase(at);
}

bool ExitGame::challenge(ExitClaim claim, Time now, Change& change) {
  const std::uint64_t number = exit_of(claim);
  if (number == kNoExit || !can_be_challenged(exits_[number])) return false;
  PlasmaExit& exit = exits_[number];
  MEZZ_ASSERT(queue_.holds(number));
  queue_.erase(number);
  list_challengeable(number, false);
  exit.stage = ExitStage::Challenged;
  const Wei bond = bonds_of(exit);
  sums_.bonds_locked -= bond;
  sums_.bonds_lost += bond;
  ++sums_.challenged;
  MEZZ_ASSERT(sums_.bonds_locked >= Wei::zero());
  change.step = Step::Challenged;
  change.subject = number;
  record(now, number);
  challenges_.append({.time = now,
                      .exit = number,
                      .kind = exit.kind,
                      .account = exit.account,
                      .amount = exit.amount,
                      .bond = bond});
  return true;
}

Wei ExitGame::bond(ExitKind kind) const {
  return kind == ExitKind::InFlight ? params().bonds.in_flight : params().bonds.standard;
}

Wei ExitGame::bonds_of(const PlasmaExit& exit) const {
  const bool piggybacked =
      exit.kind == ExitKind::InFlight && exit.in_flight.piggybacked(InFlightSide::Outputs);
  return bond(exit.kind) + (piggybacked ? params().bonds.piggyback : Wei::zero());
}

// ---- processing

bool ExitGame::process(std::uint64_t most, Time now, Change& change) {
  if (paused_.on()) return false;
  std::uint64_t count = 0;
  while (count < most && !queue_.empty() && queue_.front().exitable <= now) {
    const std::uint64_t number = queue_.front().exit;
    queue_.pop();
    pay(exits_[number], now);
    list_challengeable(number, false);
    done_.push_back(number);
    record(now, number);
    ++count;
  }
  if (count == 0) return false;
  change.step = Step::Processed;
  change.subject = count;
  return true;
}

Money ExitGame::due(const PlasmaExit& exit) const {
  if (exit.kind == ExitKind::Deposit && deposits_[exit.number].undone != 0) return Money::zero();
  if (exit.kind == ExitKind::InFlight && !exit.in_flight.pays(InFlightSide::Outputs)) {
    return Money::zero();
  }
  const bool coin = exit.kind != ExitKind::Withdrawal && exit.kind != ExitKind::Deposit;
  if (coin && exit.account.exists()) {
    const std::uint64_t taker = taken_by_[exit.account.value];
    if (taker != kNoExit && taker != exit.priority.exit) return Money::zero();
  }
  return exit.amount;
}

// A coin leaves once (Cash); where all share the escrow, a thief takes from all.
void ExitGame::take_coin(const PlasmaExit& exit) {
  const bool coin = exit.kind != ExitKind::Withdrawal && exit.kind != ExitKind::Deposit;
  if (params().variant != PlasmaVariant::Cash || !coin || exit.paid <= Money::zero()) return;
  MEZZ_ASSERT(exit.account.exists() && taken_by_[exit.account.value] == kNoExit);
  taken_by_[exit.account.value] = exit.priority.exit;
}

void ExitGame::return_coin(const PlasmaExit& exit) {
  if (!exit.account.exists()) return;
  std::uint64_t& taker = taken_by_[exit.account.value];
  if (taker == exit.priority.exit) taker = kNoExit;
}

void ExitGame::pay(PlasmaExit& exit, Time now) {
  MEZZ_ASSERT(exit.stage == ExitStage::Started && exit.priority.exitable <= now);
  const Money owed = due(exit);
  exit.paid = std::min(owed, escrow_.totals().escrow);
  exit.stage = ExitStage::Processed;
  exit.processed = now;
  sums_.unpaid += owed - exit.paid;
  ++sums_.processed;
  sums_.bonds_locked -= bonds_of(exit);
  sums_.bounties += params().bonds.bounty;
  MEZZ_ASSERT(sums_.bonds_locked >= Wei::zero() && exit.paid >= Money::zero());
  switch (exit.kind) {
    case ExitKind::Withdrawal:
      if (exit.paid > Money::zero()) escrow_.pay(exit.paid);
      break;
    case ExitKind::Account:
    case ExitKind::InFlight:
    case ExitKind::Deposit:
      escrow_.escape(exit.paid);
      break;
    case ExitKind::Spent:
    case ExitKind::Invented:
      escrow_.steal(exit.paid);
      break;
  }
  take_coin(exit);
  delay_.record(now, now - exit.started);
}

void ExitGame::take_back(PlasmaExit& exit) {
  MEZZ_ASSERT(exit.stage == ExitStage::Processed || exit.stage == ExitStage::Void);
  const bool is_void = exit.stage == ExitStage::Void;
  switch (exit.kind) {
    case ExitKind::Withdrawal:
      if (is_void) escrow_.unlose(exit.paid);
      if (exit.paid > Money::zero()) escrow_.unpay(exit.paid);
      break;
    case ExitKind::Account:
    case ExitKind::InFlight:
    case ExitKind::Deposit:
      escrow_.unescape(exit.paid);
      break;
    case ExitKind::Spent:
    case ExitKind::Invented:
      escrow_.unsteal(exit.paid);
      break;
  }
  return_coin(exit);
  exit.paid = Money::zero();
  exit.processed = Time::never();
  if (!is_void) exit.stage = ExitStage::Started;
}

}  // namespace mezz

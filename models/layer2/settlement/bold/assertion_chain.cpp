#include "models/layer2/settlement/bold/assertion_chain.h"

#include <algorithm>

#include "sim/check/assert.h"
#include "sim/engine/context.h"

namespace mezz {

using bold::AssertionIndex;
using bold::EdgeAction;
using bold::EdgeIndex;
using bold::EdgeMoveCall;
using bold::EdgeOutcome;
using bold::kNeverHeight;
using bold::PartyId;

namespace {
constexpr std::uint64_t raw(AssertionStatus status) { return static_cast<std::uint64_t>(status); }
}  // namespace

AssertionChain::AssertionChain(const Site& site, const bold::BoldRules& p, Layer2Chain& chain)
    : EntityOf(site, p), chain_(&chain), edges_(p) {
  p.check("bold");
  list_.push_back({.parent = {},
                   .first_child = {},
                   .second_child = {},
                   .staker = {},
                   .block = BlockId{0},
                   .next_block = BlockId{1},
                   .created_at = Time::zero(),
                   .closed_at = Time::zero(),
                   .status = raw(AssertionStatus::Confirmed)});
  if (site.recording == nullptr) return;
  rows_.declare(*site.recording, "assertions",
                "Assertions about the state and what became of them");
  moves_.declare(*site.recording, "edge_moves", "Moves of all-against-all challenges");
}

PartyId AssertionChain::join(Ref<L1Sender> sender, Ref<AssertionWatcher> watcher) {
  MEZZ_ASSERT(sender.exists() && watcher.exists());
  MEZZ_ASSERT(!party_of(sender).exists());
  parties_.push_back(sender);
  watchers_.push_back(watcher);
  accounts_.emplace_back();
  return {static_cast<std::uint32_t>(parties_.size() - 1)};
}

PartyId AssertionChain::party_of(Ref<L1Sender> sender) const {
  const auto found = std::find(parties_.begin(), parties_.end(), sender);
  if (found == parties_.end()) return {};
  return {static_cast<std::uint32_t>(found - parties_.begin())};
}

void AssertionChain::tell(Context& ctx, AssertionChange change, AssertionIndex assertion,
                          EdgeIndex edge) {
  const AssertionNews news{
      .assertion = assertion, .edge = edge, .change = static_cast<std::uint32_t>(change)};
  for (const Ref<AssertionWatcher> watcher : watchers_) ctx.send(watcher, news);
}

// ---- calls

void AssertionChain::on(Context& ctx, const L1Execute& call) {
  Change change{.tag = call.tag,
                .block = call.block,
                .height = call.height,
                .totals = totals_,
                .assertions = list_.size(),
                .confirmed = confirmed_,
                .held = held_,
                .list = {},
                .accounts = {},
                .edges = {}};
  (void)edges_.take_journal();  // starts a new one
  tip_ = {};
  change.accepted = execute(ctx, call, party_of(call.from), change);
  change.edges = edges_.take_journal();
  if (!change.accepted) {
    MEZZ_ASSERT(change.list.empty() && change.accounts.empty() && change.edges.before.empty());
    ++totals_.refused;
  }
  undo_.add(std::move(change));
  update_rungs(ctx.now());
}

bool AssertionChain::execute(Context& ctx, const L1Execute& call, PartyId party, Change& change) {
  if (!party.exists()) return false;
  switch (call.kind) {
    case L1CallKind::StateClaim:
      return make_assertion(ctx, call, party, change);
    case L1CallKind::EdgeMove:
      return play(ctx, call, party, change);
    case L1CallKind::ResolveGame:
      return call.a < list_.size() &&
             confirm(ctx, {static_cast<std::uint32_t>(call.a)}, call.height, change);
    case L1CallKind::ReleaseFunds:
      return release(party, change);
    default:
      return false;
  }
}

std::optional<BlockId> AssertionChain::claimable(AssertionIndex parent) const {
  const BoldAssertion& above = assertion(parent);
  MEZZ_ASSERT(above.next_block > above.block);
  if (above.next_block > chain_->reached(Rung::Published)) return std::nullopt;
  return above.next_block;
}

bool AssertionChain::can_assert(PartyId party, AssertionIndex parent) const {
  const AssertionIndex latest = account(party).latest;
  // The stake moves on from where it stands, or from an assertion that others have continued.
  return !latest.exists() || latest == parent || assertion(latest).first_child.exists();
}

bool AssertionChain::make_assertion(Context& ctx, const L1Execute& call, PartyId party,
                                    Change& change) {
  const BlockId block{call.a & 0xFF'FFFF'FFFFU};
  const AssertionIndex parent{static_cast<std::uint32_t>(call.a >> 40)};
  if (parent.value >= list_.size() || call.b == 0) return false;
  const BoldAssertion above = list_[parent.value];
  if (above.state() == AssertionStatus::Rejected || claimable(parent) != block) return false;
  // Below the last confirmed assertion nothing can be won any more.
  if (above.block < list_[confirmed_.value].block) return false;
  if (call.height < above.created + static_cast<std::uint64_t>(params().assertion_period)) {
    return false;
  }
  for (std::uint32_t i = parent.value + 1; i < list_.size(); ++i) {
    if (list_[i].parent == parent && list_[i].root == call.b) return false;  // there already
  }
  if (!can_assert(party, parent)) return false;
  const bool new_staker = !account(party).latest.exists();
  const AssertionIndex index{size()};
  const BlockId published = chain_->reached(Rung::Published);
  const std::uint64_t longest = block.value + edges_.rules().length(0);
  const BlockId next{std::clamp(published.value, block.value + 1, longest)};
  list_.push_back({.parent = parent,
                   .first_child = {},
                   .second_child = {},
                   .staker = party,
                   .block = block,
                   .next_block = next,
                   .root = call.b,
                   .created = call.height,
                   .created_at = ctx.now()});
  BoldAssertion& changed = touch(parent, change);
  if (!changed.first_child.exists()) {
    changed.first_child = index;
  } else if (!changed.second_child.exists()) {
    changed.second_child = index;
    ++totals_.challenges;
  }
  if (new_staker) post(party, params().assertion_stake, change);
  touch(party, change).latest = index;
  ++totals_.assertions;
  record(ctx.now(), index, false);
  tell(ctx, AssertionChange::Asserted, index, {});
  return true;
}

bool AssertionChain::play(Context& ctx, const L1Execute& call, PartyId party, Change& change) {
  const EdgeMoveCall move = EdgeMoveCall::from({call.a, call.b});
  const EdgeIndex edge{move.subject};
  bool accepted = false;
  if (move.action == EdgeAction::Claim) {
    accepted = claim_edge(move, party, call.height);
  } else if (edges_.knows(edge) && edges_.fold(edge) == move.fold) {
    switch (move.action) {
      case EdgeAction::Bisect:
        accepted = edges_.bisect(edge, call.height) == EdgeOutcome::Accepted;
        break;
      case EdgeAction::Refine:
        accepted = edges_.refine(edge, move.history, party, call.height) == EdgeOutcome::Accepted;
        if (accepted) post(party, edges_.edge({edges_.size() - 1}).stake, change);
        break;
      case EdgeAction::Prove:
        accepted = edges_.prove_step(edge, call.height) == EdgeOutcome::Accepted;
        break;
      case EdgeAction::Update:
        accepted = edges_.update(edge, move.range, call.height) == EdgeOutcome::Accepted;
        break;
      case EdgeAction::Confirm:
        accepted = confirm_edge(edge, call.height, change);
        break;
      default:
        break;
    }
  }
  if (accepted) count_move(ctx, move, party, call.height);
  return accepted;
}

bool AssertionChain::claim_edge(const EdgeMoveCall& move, PartyId party, std::uint64_t height) {
  const AssertionIndex index{move.subject};
  if (move.subject == 0 || move.subject >= list_.size()) return false;
  const BoldAssertion& claimed = list_[index.value];
  if (claimed.state() != AssertionStatus::Pending) return false;
  // Only where there is something to decide.
  if (!list_[claimed.parent.value].second_child.exists()) return false;
  return edges_.claim_assertion({.parent = claimed.parent,
                                 .assertion = index,
                                 .false_end = is_correct(index) ? 0 : claimed.root,
                                 .history = move.history,
                                 .by = party},
                                height) == EdgeOutcome::Accepted;
}

bool AssertionChain::confirm_edge(EdgeIndex edge, std::uint64_t height, Change& change) {
  const AssertionIndex claimed = edges_.edge(edge).assertion;
  const std::uint64_t blocks = claimed.exists() ? alone(claimed) : 0;
  if (edges_.confirm(edge, blocks, height) != EdgeOutcome::Accepted) return false;
  for (const bold::StakePayout& payout : edges_.payouts(edge)) pay(payout, change);
  return true;
}

void AssertionChain::count_move(Context& ctx, const EdgeMoveCall& move, PartyId party,
                                std::uint64_t height) {
  const bool makes = move.action == EdgeAction::Claim || move.action == EdgeAction::Refine;
  const EdgeIndex subject = makes ? EdgeIndex{edges_.size() - 1} : EdgeIndex{move.subject};
  ++(move.action == EdgeAction::Update ? totals_.updates : totals_.moves);
  if (move.action == EdgeAction::Prove) ++totals_.steps;
  const bold::Edge& edge = edges_.edge(subject);
  moves_.append({.time = ctx.now(),
                 .edge = subject,
                 .action = move.action,
                 .party = party,
                 .level = edge.level,
                 .start = edge.start,
                 .end = edge.end,
                 .is_true = edge.is_true(),
                 .timer = edges_.written_timer(subject, height)});
  tell(ctx, AssertionChange::Moved, {}, subject);
}

std::uint64_t AssertionChain::alone(AssertionIndex index) const {
  const BoldAssertion& subject = assertion(index);
  if (!subject.parent.exists()) return 0;
  const BoldAssertion& parent = assertion(subject.parent);
  if (parent.first_child != index || !parent.second_child.exists()) return 0;
  return assertion(parent.second_child).created - subject.created;
}

std::uint64_t AssertionChain::confirmable_at(AssertionIndex index) const {
  const BoldAssertion& subject = assertion(index);
  if (subject.state() != AssertionStatus::Pending || subject.parent != confirmed_) {
    return kNeverHeight;
  }
  const std::uint64_t aged = subject.created + params().period();
  if (!assertion(subject.parent).second_child.exists()) return aged;
  const EdgeIndex top = edges_.top_of(index);
  if (!top.exists() || !edges_.edge(top).is_confirmed()) return kNeverHeight;
  return std::max(aged,
                  edges_.edge(top).confirmed + static_cast<std::uint64_t>(params().grace_period));
}

bool AssertionChain::confirm(Context& ctx, AssertionIndex index, std::uint64_t height,
                             Change& change) {
  if (height < confirmable_at(index)) return false;
  const bool correct = is_correct(index);
  BoldAssertion& winner = touch(index, change);
  winner.status = raw(AssertionStatus::Confirmed);
  winner.closed_at = ctx.now();
  ++totals_.confirmed;
  if (!correct) ++totals_.false_assertions_settled;
  reject_rivals(ctx, index, change);
  confirmed_ = index;
  settled_.push_back({.height = height, .block = winner.block});
  record(ctx.now(), index, false);
  tell(ctx, AssertionChange::Confirmed, index, {});
  return true;
}

void AssertionChain::reject_rivals(Context& ctx, AssertionIndex winner, Change& change) {
  const AssertionIndex parent = assertion(winner).parent;
  for (std::uint32_t i = parent.value + 1; i < list_.size(); ++i) {
    const BoldAssertion& other = list_[i];
    if (i == winner.value || other.state() != AssertionStatus::Pending) continue;
    const bool lost =
        other.parent == parent || assertion(other.parent).state() == AssertionStatus::Rejected;
    if (!lost) continue;
    if (is_correct({i})) ++totals_.honest_assertions_rejected;
    BoldAssertion& loser = touch(AssertionIndex{i}, change);
    loser.status = raw(AssertionStatus::Rejected);
    loser.closed_at = ctx.now();
    ++totals_.rejected;
    record(ctx.now(), {i}, false);
  }
  for (std::uint32_t p = 0; p < accounts_.size(); ++p) {
    const AssertionIndex latest = accounts_[p].latest;
    if (!latest.exists() || assertion(latest).state() != AssertionStatus::Rejected) continue;
    pay({.party = {p}, .amount = params().assertion_stake, .returned = false}, change);
    touch(PartyId{p}, change).latest = {};
  }
}

bool AssertionChain::release(PartyId party, Change& change) {
  const AssertionIndex latest = account(party).latest;
  if (!latest.exists()) return false;
  const BoldAssertion& last = assertion(latest);
  const bool active = last.state() != AssertionStatus::Confirmed && !last.first_child.exists();
  if (active) return false;
  pay({.party = party, .amount = params().assertion_stake, .returned = true}, change);
  touch(party, change).latest = {};
  return true;
}

// ---- layer one goes back

void AssertionChain::on(Context& ctx, const L1Undo& call) {
  const Change change = undo_.take(call);
  totals_ = change.totals;
  tip_ = {};
  if (!change.accepted) return;
  edges_.undo(change.edges);
  for (std::size_t i = change.assertions; i < list_.size(); ++i) {
    record(ctx.now(), {static_cast<std::uint32_t>(i)}, true);
  }
  list_.resize(change.assertions);
  for (std::size_t i = change.list.size(); i-- > 0;) {
    list_[change.list[i].first] = change.list[i].second;
  }
  for (std::size_t i = change.accounts.size(); i-- > 0;) {
    accounts_[change.accounts[i].first] = change.accounts[i].second;
  }
  held_ = change.held;
  if (confirmed_ != change.confirmed) {
    MEZZ_ASSERT(!settled_.empty() && settled_.back().height == call.height);
    settled_.pop_back();
    confirmed_ = change.confirmed;
  }
  tell(ctx, AssertionChange::Undone, {}, {});
  update_rungs(ctx.now());
}

void AssertionChain::on(Context& ctx, const L1Finalised& finalised) {
  undo_.finalised(finalised.height);
  update_rungs(ctx.now());
  std::size_t done = 0;
  while (done < settled_.size() && settled_[done].height <= finalised.height) ++done;
  if (done > 0) final_ = settled_[done - 1].block;
  settled_.erase(settled_.begin(), settled_.begin() + static_cast<std::ptrdiff_t>(done));
  // Nodes hear of finality on their own wires: OrderFinal may come a moment later.
  chain_->fix(
      std::min({final_, chain_->reached(Rung::Settled), chain_->reached(Rung::OrderFinal)}));
}

// ---- stakes

BoldAssertion& AssertionChain::touch(AssertionIndex index, Change& change) {
  MEZZ_ASSERT(index.value < list_.size());
  if (index.value < change.assertions) {
    change.list.emplace_back(index.value, list_[index.value]);
  }
  return list_[index.value];
}

BoldAccount& AssertionChain::touch(PartyId party, Change& change) {
  MEZZ_ASSERT(party.value < accounts_.size());
  change.accounts.emplace_back(party.value, accounts_[party.value]);
  return accounts_[party.value];
}

void AssertionChain::post(PartyId party, Wei stake, Change& change) {
  MEZZ_ASSERT(stake >= Wei::zero());
  BoldAccount& account = touch(party, change);
  account.posted += stake;
  account.held += stake;
  account.held_peak = std::max(account.held_peak, account.held);
  held_ += stake;
}

void AssertionChain::pay(const bold::StakePayout& payout, Change& change) {
  BoldAccount& account = touch(payout.party, change);
  account.held -= payout.amount;
  (payout.returned ? account.returned : account.confiscated) += payout.amount;
  held_ -= payout.amount;
  MEZZ_ASSERT(account.held >= Wei::zero());
  MEZZ_ASSERT(held_ >= Wei::zero());
}

const BoldAccount& AssertionChain::account(PartyId party) const {
  MEZZ_ASSERT(party.value < accounts_.size());
  return accounts_[party.value];
}

void AssertionChain::check_stakes() const {
  Wei held;
  for (const BoldAccount& account : accounts_) {
    MEZZ_ASSERT(account.posted == account.held + account.returned + account.confiscated);
    held += account.held;
  }
  MEZZ_ASSERT(held == held_);
  Wei standing;
  for (const BoldAccount& account : accounts_) {
    if (account.latest.exists()) standing += params().assertion_stake;
  }
  for (std::uint32_t i = 0; i < edges_.size(); ++i) {
    const bold::Edge& edge = edges_.edge({i});
    if (edge.stake == Wei::zero() || edge.is_confirmed()) continue;
    if (!edges_.rival_confirmed({i})) standing += edge.stake;
  }
  MEZZ_ASSERT(standing == held_);
}

// ---- the finality ladder

void AssertionChain::on(Context& ctx, const L1Head&) { update_rungs(ctx.now()); }

void AssertionChain::update_rungs(Time now) {
  const BlockId published = chain_->reached(Rung::Published);
  BlockId covered = list_[confirmed_.value].block;
  for (std::uint32_t i = confirmed_.value; i < list_.size(); ++i) {
    if (list_[i].state() == AssertionStatus::Rejected) continue;
    covered = std::max(covered, list_[i].block);
  }
  covered = std::min(covered, published);
  const BlockId settled = std::min(list_[confirmed_.value].block, published);
  const auto set = [&](Rung rung, BlockId target) {
    const BlockId from = chain_->reached(rung);
    if (target < from) chain_->clear(rung, BlockId{target.value + 1}, from);
    if (target > from) chain_->reach(rung, BlockId{from.value + 1}, target, now);
    MEZZ_ASSERT(chain_->reached(rung) == target);
  };
  set(Rung::Asserted, covered);
  set(Rung::Settled, settled);
}

// ---- looking

const BoldAssertion& AssertionChain::assertion(AssertionIndex index) const {
  MEZZ_ASSERT(index.value < list_.size());
  return list_[index.value];
}

bool AssertionChain::matches(AssertionIndex index) const {
  const BoldAssertion& subject = assertion(index);
  return subject.block <= chain_->head() && chain_->root(subject.block) == subject.root;
}

bool AssertionChain::is_correct(AssertionIndex index) const {
  // What was confirmed is where everybody starts from, right or wrong.
  for (AssertionIndex at = index; assertion(at).state() != AssertionStatus::Confirmed;
       at = assertion(at).parent) {
    if (!matches(at)) return false;
    MEZZ_ASSERT(assertion(at).parent < at);
  }
  return true;
}

AssertionIndex AssertionChain::correct_child(AssertionIndex parent) const {
  if (!assertion(parent).first_child.exists()) return {};
  for (std::uint32_t i = assertion(parent).first_child.value; i < list_.size(); ++i) {
    const BoldAssertion& child = list_[i];
    if (child.parent != parent || child.state() == AssertionStatus::Rejected) continue;
    if (matches({i})) return {i};
  }
  return {};
}

AssertionIndex AssertionChain::correct_tip() const {
  // A chain rolled back shows it in its head: by number, or by incarnation once it goes on.
  const Layer2Block& head = chain_->head_block();
  const bool current =
      tip_.exists() && tip_incarnation_ == head.incarnation && assertion(tip_).block <= head.number;
  if (current) return tip_;
  AssertionIndex tip = confirmed_;
  for (AssertionIndex next = correct_child(tip); next.exists(); next = correct_child(tip)) {
    MEZZ_ASSERT(next > tip);
    tip = next;
  }
  tip_ = tip;
  tip_incarnation_ = head.incarnation;
  return tip;
}

void AssertionChain::report(MetricList& out) const {
  out.count("disputes.claims", totals_.assertions);
  out.count("bold.honest_assertions_rejected", totals_.honest_assertions_rejected);
  out.count("bold.refused", totals_.refused);
  out.count("bold.challenges", totals_.challenges);
  out.count("disputes.moves", totals_.moves);
  out.count("bold.updates", totals_.updates);
  out.count("disputes.steps", totals_.steps);
  out.count("disputes.challenger_wins", totals_.rejected);
  out.count("disputes.defender_wins", totals_.confirmed);
  out.count("disputes.false_claims_settled", totals_.false_assertions_settled);
  Wei confiscated;
  for (const BoldAccount& account : accounts_) confiscated += account.confiscated;
  out.count("bold.edges", edges_.size());
  out.add("bold.stakes_held", held_.ether(), "ETH");
  out.add("bold.stakes_confiscated", confiscated.ether(), "ETH");
  std::vector<Duration> lost;  // from the assertion to its rejection
  for (const BoldAssertion& subject : list_) {
    if (subject.state() == AssertionStatus::Rejected) {
      lost.push_back(subject.closed_at - subject.created_at);
    }
  }
  out.delays("disputes.duration", std::move(lost));
}

void AssertionChain::record(Time now, AssertionIndex index, bool undone) {
  if (!rows_.enabled()) return;
  const BoldAssertion& subject = assertion(index);
  rows_.append({.time = now,
                .assertion = index,
                .parent = subject.parent,
                .block = subject.block,
                .staker = subject.staker,
                .correct = matches(index),
                .undone = undone,
                .status = subject.state()});
}

}  // namespace mezz

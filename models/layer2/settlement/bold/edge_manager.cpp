#include "models/layer2/settlement/bold/edge_manager.h"

#include <algorithm>

#include "sim/check/assert.h"

namespace mezz::bold {

namespace {

// One round of SplitMix64 (Steele, Lea, Flood 2014) over the running hash and the next word.
constexpr std::uint64_t mix(std::uint64_t hash, std::uint64_t word) {
  std::uint64_t z = hash ^ (word + 0x9E37'79B9'7F4A'7C15U + (hash << 6) + (hash >> 2));
  z = (z ^ (z >> 30)) * 0xBF58'476D'1CE4'E5B9U;
  z = (z ^ (z >> 27)) * 0x94D0'49BB'1331'11EBU;
  return z ^ (z >> 31);
}

std::uint64_t sum(std::uint64_t a, std::uint64_t b) { return std::min(a + b, kForeverBlocks); }

bool same_group(const Edge& a, const Edge& b) {
  return a.level == b.level && a.origin == b.origin && a.start == b.start && a.end == b.end &&
         a.start_label == b.start_label;
}

// The history of one level against the state it must end in.
bool fits(const History& history, std::uint64_t false_end, std::uint64_t length) {
  if (false_end == 0) return history == History{};
  return history.diverges >= 1 && history.diverges <= length &&
         history.name == lie_name(false_end, history.diverges);
}

}  // namespace

std::uint32_t lie_name(std::uint64_t false_end, std::uint32_t diverges) {
  const auto name = static_cast<std::uint32_t>(mix(mix(0xB01D, false_end), diverges) >> 32);
  return name == kTruth ? 1 : name;
}

// ---- journal

Edge& EdgeManager::change(EdgeIndex index) {
  MEZZ_ASSERT(knows(index));
  if (index.value < journal_.edges) journal_.before.emplace_back(index.value, edges_[index.value]);
  return edges_[index.value];
}

EdgeJournal EdgeManager::take_journal() {
  EdgeJournal taken = std::move(journal_);
  MEZZ_ASSERT(taken.edges <= edges_.size());
  journal_ = {};
  journal_.edges = edges_.size();
  return taken;
}

void EdgeManager::undo(const EdgeJournal& journal) {
  MEZZ_ASSERT(journal_.before.empty());  // between two calls
  MEZZ_ASSERT(journal.edges <= edges_.size());
  edges_.resize(journal.edges);
  for (std::size_t i = journal.before.size(); i-- > 0;) {
    edges_[journal.before[i].first] = journal.before[i].second;
  }
  journal_.edges = edges_.size();
}

// ---- moves

std::pair<EdgeIndex, bool> EdgeManager::add(Edge edge, std::uint64_t height) {
  MEZZ_ASSERT(edge.end > edge.start && edge.level < kLevels);
  const EdgeIndex index{size()};
  edge.created = height;
  edge.group = index.value;
  for (std::uint32_t i = 0; i < edges_.size(); ++i) {
    if (!same_group(edges_[i], edge)) continue;
    if (edges_[i].end_label == edge.end_label) return {EdgeIndex{i}, false};
    edge.group = std::min(edge.group, i);
    if (!edges_[i].is_rivalled()) change(EdgeIndex{i}).rivalled = height;
    edge.rivalled = height;
  }
  edges_.push_back(edge);
  return {index, true};
}

EdgeOutcome EdgeManager::claim_assertion(const BlockClaim& claim, std::uint64_t height) {
  MEZZ_ASSERT(claim.parent.exists() && claim.assertion.exists());
  if (!fits(claim.history, claim.false_end, rules_.length(0))) return EdgeOutcome::HistoryMismatch;
  if (top_of(claim.assertion).exists()) return EdgeOutcome::AlreadyExists;
  Edge top;
  top.origin = claim.parent.value;
  top.end = rules_.length(0);
  top.end_label = claim.history.label(top.end);
  top.assertion = claim.assertion;
  top.history = claim.history;
  top.staker = claim.by;
  const auto [index, added] = add(top, height);
  return added ? EdgeOutcome::Accepted : EdgeOutcome::AlreadyExists;
}

EdgeOutcome EdgeManager::movable(EdgeIndex index) const {
  if (!knows(index)) return EdgeOutcome::UnknownEdge;
  const Edge& edge = edges_[index.value];
  if (edge.is_confirmed()) return EdgeOutcome::AlreadyConfirmed;
  if (edge.has_moved()) return EdgeOutcome::AlreadyExists;
  if (!edge.is_rivalled()) return EdgeOutcome::NotRivalled;
  return rival_confirmed(index) ? EdgeOutcome::RivalConfirmed : EdgeOutcome::Accepted;
}

EdgeOutcome EdgeManager::bisect(EdgeIndex index, std::uint64_t height) {
  const EdgeOutcome allowed = movable(index);
  if (allowed != EdgeOutcome::Accepted) return allowed;
  const Edge whole = edges_[index.value];
  if (whole.length() < 2) return EdgeOutcome::WrongLength;
  const std::uint64_t middle = whole.start + whole.length() / 2;
  Edge lower;
  lower.level = whole.level;
  lower.origin = whole.origin;
  lower.start = whole.start;
  lower.end = middle;
  lower.start_label = whole.start_label;
  lower.end_label = whole.history.label(middle);
  lower.history = whole.history;
  Edge upper = lower;
  upper.start = middle;
  upper.end = whole.end;
  upper.start_label = lower.end_label;
  upper.end_label = whole.end_label;
  const EdgeIndex lower_index = add(lower, height).first;  // may be there: shared with a rival
  const auto [upper_index, added] = add(upper, height);
  MEZZ_ASSERT(added);  // it ends like its parent, which was not bisected before
  Edge& parent = change(index);
  parent.lower = lower_index;
  parent.upper = upper_index;
  return EdgeOutcome::Accepted;
}

EdgeOutcome EdgeManager::refine(EdgeIndex index, const History& history, PartyId by,
                                std::uint64_t height) {
  const EdgeOutcome allowed = movable(index);
  if (allowed != EdgeOutcome::Accepted) return allowed;
  const Edge claimed = edges_[index.value];
  if (claimed.length() != 1 || claimed.level + 1 >= kLevels) return EdgeOutcome::WrongLength;
  Edge top;
  top.level = claimed.level + 1;
  if (!fits(history, claimed.end_label, rules_.length(top.level))) {
    return EdgeOutcome::HistoryMismatch;
  }
  top.origin = claimed.group;
  top.end = rules_.length(top.level);
  top.end_label = history.label(top.end);
  top.claim = index;
  top.history = history;
  top.staker = by;
  top.stake = rules_.stake(top.level);
  const auto [made, added] = add(top, height);
  MEZZ_ASSERT(added);  // its name holds the end of the claimed edge, which nobody has claimed
  change(index).claimed_by = made;
  return EdgeOutcome::Accepted;
}

EdgeOutcome EdgeManager::prove_step(EdgeIndex index, std::uint64_t height) {
  const EdgeOutcome allowed = movable(index);
  if (allowed != EdgeOutcome::Accepted) return allowed;
  const Edge& step = edges_[index.value];
  if (step.length() != 1 || step.level + 1 != kLevels) return EdgeOutcome::WrongLength;
  // Layer one runs the instruction on the agreed state: only the truth comes out.
  if (!step.is_true()) return EdgeOutcome::StepFails;
  Edge& proven = change(index);
  proven.cache = kForeverBlocks;
  proven.confirmed = height;
  return EdgeOutcome::Accepted;
}

EdgeOutcome EdgeManager::update(EdgeIndex index, Range range, std::uint64_t height) {
  if (!knows(index)) return EdgeOutcome::UnknownEdge;
  const std::vector<EdgeIndex> order = post_order(index);
  MEZZ_ASSERT(!order.empty() && order.back() == index);
  const std::size_t first = std::min<std::size_t>(range.first, order.size());
  const std::size_t last = std::min<std::size_t>(first + range.count, order.size());
  for (std::size_t i = first; i < last; ++i) {
    const std::uint64_t timer = written_timer(order[i], height);
    if (timer > edges_[order[i].value].cache) change(order[i]).cache = timer;
  }
  return EdgeOutcome::Accepted;
}

EdgeOutcome EdgeManager::confirm(EdgeIndex index, std::uint64_t assertion_blocks,
                                 std::uint64_t height) {
  if (!knows(index)) return EdgeOutcome::UnknownEdge;
  const Edge& top = edges_[index.value];
  if (!top.is_top()) return EdgeOutcome::NotTop;
  if (top.is_confirmed()) return EdgeOutcome::AlreadyConfirmed;
  if (rival_confirmed(index)) return EdgeOutcome::RivalConfirmed;
  const std::uint64_t timer = sum(written_timer(index, height), assertion_blocks);
  if (timer < rules_.period()) return EdgeOutcome::TimerTooShort;
  change(index).confirmed = height;
  return EdgeOutcome::Accepted;
}

// ---- looking

const Edge& EdgeManager::edge(EdgeIndex index) const {
  MEZZ_ASSERT(knows(index));
  return edges_[index.value];
}

EdgeIndex EdgeManager::top_of(AssertionIndex assertion) const {
  for (std::uint32_t i = 0; i < edges_.size(); ++i) {
    if (edges_[i].assertion == assertion && assertion.exists()) return {i};
  }
  return {};
}

bool EdgeManager::rival_confirmed(EdgeIndex index) const {
  const Edge& mine = edge(index);
  for (std::uint32_t i = mine.group; i < edges_.size(); ++i) {
    if (i != index.value && edges_[i].group == mine.group && edges_[i].is_confirmed()) return true;
  }
  return false;
}

std::uint64_t EdgeManager::written_timer(EdgeIndex index, std::uint64_t height) const {
  const Edge& mine = edge(index);
  std::uint64_t below = 0;
  if (mine.lower.exists()) {
    below = std::min(edge(mine.lower).cache, edge(mine.upper).cache);
  } else if (mine.claimed_by.exists()) {
    below = edge(mine.claimed_by).cache;
  }
  return std::max(mine.cache, sum(mine.unrivalled(height), below));
}

std::uint64_t EdgeManager::inherited_timer(EdgeIndex index, std::uint64_t height) const {
  const Edge& mine = edge(index);
  std::uint64_t below = 0;
  if (mine.lower.exists()) {
    below = std::min(inherited_timer(mine.lower, height), inherited_timer(mine.upper, height));
  } else if (mine.claimed_by.exists()) {
    below = inherited_timer(mine.claimed_by, height);
  }
  return std::max(mine.cache, sum(mine.unrivalled(height), below));
}

std::uint64_t EdgeManager::ready_at(EdgeIndex index, std::uint64_t inherited) const {
  const Edge& mine = edge(index);
  const std::uint64_t period = rules_.period();
  if (sum(inherited, mine.cache) >= period) return 0;
  if (!mine.is_rivalled()) return mine.created + (period - inherited);
  inherited += mine.unrivalled(mine.rivalled);
  if (inherited >= period) return 0;
  if (mine.lower.exists()) {
    return std::max(ready_at(mine.lower, inherited), ready_at(mine.upper, inherited));
  }
  return mine.claimed_by.exists() ? ready_at(mine.claimed_by, inherited) : kNeverHeight;
}

std::uint64_t EdgeManager::confirmable_at(EdgeIndex index, std::uint64_t assertion_blocks) const {
  MEZZ_ASSERT(edge(index).is_top());
  return ready_at(index, assertion_blocks);
}

void EdgeManager::walk(EdgeIndex index, std::vector<EdgeIndex>& out) const {
  const Edge& mine = edge(index);
  if (mine.lower.exists()) {
    walk(mine.lower, out);
    walk(mine.upper, out);
  }
  if (mine.claimed_by.exists()) walk(mine.claimed_by, out);
  out.push_back(index);
}

std::vector<EdgeIndex> EdgeManager::post_order(EdgeIndex index) const {
  std::vector<EdgeIndex> out;
  walk(index, out);
  MEZZ_ASSERT(out.size() <= edges_.size());  // a tree: nothing is reached twice
  return out;
}

std::vector<StakePayout> EdgeManager::payouts(EdgeIndex index) const {
  const Edge& winner = edge(index);
  MEZZ_ASSERT(winner.is_confirmed());
  std::vector<StakePayout> out;
  for (std::uint32_t i = winner.group; i < edges_.size(); ++i) {
    const Edge& rival = edges_[i];
    if (rival.group != winner.group || rival.stake == Wei::zero()) continue;
    out.push_back({.party = rival.staker, .amount = rival.stake, .returned = i == index.value});
  }
  return out;
}

std::uint32_t EdgeManager::fold(EdgeIndex index) const {
  const Edge& mine = edge(index);
  std::uint64_t hash = mix(mine.level, mine.origin);
  hash = mix(hash, mine.start);
  hash = mix(hash, mine.end);
  hash = mix(hash, (std::uint64_t{mine.start_label} << 32) | mine.end_label);
  return static_cast<std::uint32_t>(hash >> 36);  // 28 bits
}

}  // namespace mezz::bold

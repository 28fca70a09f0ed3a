#include "models/layer2/channel/channel_book.h"

#include <algorithm>

#include "sim/check/assert.h"
#include "sim/engine/archive.h"

namespace mezz {

static_assert(Flat<ChannelBook::Signed> && Flat<ChannelBook::Waiting>);

void ChannelBook::open(const channel::Holding& funded) {
  rows_.push_back({.last = {.turn = 0, .holding = funded, .block = BlockId{0}}});
  MEZZ_ASSERT(rows_.size() < UINT32_MAX);
}

const ChannelBook::Row& ChannelBook::row(AccountId account) const {
  MEZZ_ASSERT(account.value < rows_.size());
  return rows_[account.value];
}

ChannelBook::Row& ChannelBook::row(AccountId account) {
  MEZZ_ASSERT(account.value < rows_.size());
  return rows_[account.value];
}

bool ChannelBook::waits(AccountId account) const { return newest_waiting(account) != nullptr; }

const ChannelBook::Waiting* ChannelBook::newest_waiting(AccountId account) const {
  const auto found = waiting_.find({account.value, row(account).newest});
  return found == waiting_.end() ? nullptr : &found->second;
}

std::uint64_t ChannelBook::add(AccountId account, const Waiting& state) {
  Row& r = row(account);
  MEZZ_ASSERT(r.closed == 0);
  MEZZ_ASSERT(r.newest >= r.last.turn);
  const std::uint64_t turn = ++r.newest;
  waiting_[{account.value, turn}] = state;
  ++blocks_[state.block.value];
  return turn;
}

bool ChannelBook::complete(BlockId block) const { return !blocks_.contains(block.value); }

void ChannelBook::release(BlockId block, std::vector<BlockId>& done) {
  const auto found = blocks_.find(block.value);
  MEZZ_ASSERT(found != blocks_.end() && found->second > 0);
  if (--found->second > 0) return;
  blocks_.erase(found);
  done.push_back(block);
}

bool ChannelBook::sign(AccountId account, std::uint64_t turn, Time now, std::vector<BlockId>& done,
                       std::vector<Duration>& round_trips) {
  Row& r = row(account);
  // A turn that was never asked for, or was numbered anew since: not a state of this channel.
  if (r.closed != 0 || turn <= r.last.turn || !waiting_.contains({account.value, turn})) {
    return false;
  }
  auto next = waiting_.lower_bound({account.value, 0});
  while (next != waiting_.end() && next->first.first == account.value &&
         next->first.second <= turn) {
    MEZZ_ASSERT(now >= next->second.sent);
    round_trips.push_back(now - next->second.sent);
    r.last = {
        .turn = next->first.second, .holding = next->second.holding, .block = next->second.block};
    release(next->second.block, done);
    next = waiting_.erase(next);
  }
  MEZZ_ASSERT(r.last.turn == turn && r.newest >= turn);
  return true;
}

void ChannelBook::close(AccountId account, std::vector<BlockId>& done) {
  Row& r = row(account);
  MEZZ_ASSERT(r.closed == 0);
  auto next = waiting_.lower_bound({account.value, 0});
  while (next != waiting_.end() && next->first.first == account.value) {
    release(next->second.block, done);
    next = waiting_.erase(next);
  }
  r.closed = 1;
  r.newest = r.last.turn;
}

void ChannelBook::supersede(AccountId account, std::uint64_t turn,
                            const channel::Holding& holding) {
  Row& r = row(account);
  if (r.closed != 0 || turn <= r.last.turn) return;
  std::vector<Waiting> again;
  auto next = waiting_.lower_bound({account.value, 0});
  while (next != waiting_.end() && next->first.first == account.value) {
    again.push_back(next->second);
    next = waiting_.erase(next);
  }
  r.last.turn = turn;
  r.last.holding = holding;
  r.newest = std::max(r.newest, turn);  // no number is used for two states
  const std::uint64_t above = r.newest;
  for (const Waiting& state : again) waiting_[{account.value, ++r.newest}] = state;
  MEZZ_ASSERT(r.newest == above + again.size());
}

}  // namespace mezz

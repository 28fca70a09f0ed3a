// The hub's copy of every channel: the latest state both have signed, the states that wait for the
// account's signature, the blocks that wait for states. A value without clock or engine; rows in
// arrays, one per account. A signature acknowledges all earlier turns of its channel (the latest
// state supersedes them), so a lost signature is healed by the next.
//
// A block is complete when every account it touched has signed a state that holds it, or has no
// channel any more: the hub has then taken the account over and nobody else can contradict. Blocks
// complete in any order; each party's claim stands on its own channel. Source: reference sheet
// "layer-two protocols" section 4 (sign and exchange, one round trip).
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "models/layer2/channel/channel_rules.h"
#include "models/layer2/messages.h"

namespace mezz {

class ChannelBook {
 public:
  struct Signed {
    std::uint64_t turn = 0;
    channel::Holding holding = {};
    BlockId block = BlockId{0};
  };
  struct Waiting {
    channel::Holding holding;
    BlockId block;
    Time sent;
  };

  void open(const channel::Holding& funded);  // the next account, at turn 0
  [[nodiscard]] std::uint64_t channels() const { return rows_.size(); }
  [[nodiscard]] const Signed& latest(AccountId account) const { return row(account).last; }
  [[nodiscard]] bool closed(AccountId account) const { return row(account).closed != 0; }
  [[nodiscard]] std::uint64_t newest_turn(AccountId account) const { return row(account).newest; }
  [[nodiscard]] bool waits(AccountId account) const;
  // Newest state that waits, nullptr if none.
  [[nodiscard]] const Waiting* newest_waiting(AccountId account) const;
  [[nodiscard]] std::uint64_t waiting() const { return waiting_.size(); }
  [[nodiscard]] std::uint64_t open_blocks() const { return blocks_.size(); }

  // A new state of the account, made by this block; returns its turn.
  std::uint64_t add(AccountId account, const Waiting& state);
  // All states of the block have been added; true when none waits.
  [[nodiscard]] bool complete(BlockId block) const;
  // The account signed this turn. Appends the blocks that are complete now and how long each of the
  // states took; false when the turn is no news.
  bool sign(AccountId account, std::uint64_t turn, Time now, std::vector<BlockId>& done,
            std::vector<Duration>& round_trips);
  // The channel is final on layer one.
  void close(AccountId account, std::vector<BlockId>& done);
  // Layer one has recorded this turn (a forced move); states that wait get later numbers.
  void supersede(AccountId account, std::uint64_t turn, const channel::Holding& holding);

  void visit_state(auto& v) {
    v("rows", rows_);
    v("waiting", waiting_);
    v("blocks", blocks_);
  }

 private:
  struct Row {
    Signed last = {};
    std::uint64_t newest = 0;  // turn of the newest state, signed or not
    std::uint64_t closed = 0;
  };
  using Key = std::pair<std::uint64_t, std::uint64_t>;  // account, turn

  [[nodiscard]] const Row& row(AccountId account) const;
  [[nodiscard]] Row& row(AccountId account);
  void release(BlockId block, std::vector<BlockId>& done);

  std::vector<Row> rows_;
  std::map<Key, Waiting> waiting_;
  std::map<std::uint64_t, std::uint64_t> blocks_;  // states that wait, by block
};

}  // namespace mezz

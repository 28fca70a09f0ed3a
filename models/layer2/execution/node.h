// The node that executes: it owns the chain and the state, builds blocks from what the sequencer
// ordered, and goes back when blocks are dropped (copies of the state every few blocks, then
// execution again: the root must come out as recorded). Sequencer, derivation and settlement run on
// the same machine and call it directly; others read it by const pointer. The hourly funding
// transaction is added here, as the protocol's own, at the head of the first block that is due.
//
// Size model of a block: header + sum over transactions of (signature + body x compression). Bodies
// and ratio are assumptions of ours, in the order of what rollups publish for small calls; deposits
// and funding ticks are derived from layer one and the clock and are not published.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "models/layer2/chain.h"
#include "models/layer2/execution/exchange.h"
#include "models/layer2/execution/execution_tables.h"
#include "sim/engine/entity.h"

namespace mezz {

struct TransactionSizes {
  std::int64_t header = 24;  // per block
  std::int64_t signature = 65;
  std::int64_t place_order = 48;
  std::int64_t cancel = 24;
  std::int64_t withdraw = 40;
  std::int64_t oracle_update = 32;
  std::int64_t liquidate = 32;
  Ratio compression = 50_percent;  // of the bodies; signatures do not compress

  void visit(auto& v) {
    v("header", header, {.doc = "Bytes per block", .min = 0});
    v("signature", signature, {.doc = "Bytes per signed transaction", .min = 0});
    v("place_order", place_order, {.doc = "Bytes of the body", .min = 0});
    v("cancel", cancel, {.doc = "Bytes of the body", .min = 0});
    v("withdraw", withdraw, {.doc = "Bytes of the body", .min = 0});
    v("oracle_update", oracle_update, {.doc = "Bytes of the body", .min = 0});
    v("liquidate", liquidate, {.doc = "Bytes of the body; also of deleveraging", .min = 0});
    v("compression", compression,
      {.doc = "Compressed size of the bodies", .min = Ratio{0}, .max = Ratio::one()});
  }
  [[nodiscard]] std::uint64_t published(const Transaction& tx) const;
};

struct ExecutionParams {
  ExchangeParams exchange;
  TransactionSizes sizes;
  std::int64_t checkpoint_every = 256;
  std::int64_t checkpoints_max = 16;
  std::int64_t full_check_every = 256;

  void visit(auto& v) {
    v("exchange", exchange, {.doc = "The market"});
    v("sizes", sizes, {.doc = "What a transaction takes on layer one"});
    v("checkpoint_every", checkpoint_every, {.doc = "Blocks between two kept states", .min = 1});
    v("checkpoints_max", checkpoints_max, {.doc = "States kept at once", .min = 3, .max = 10'000});
    v("full_check_every", full_check_every,
      {.doc = "Blocks between two checks of every invariant; 0: never", .min = 0});
  }
};

// Latency from submission to a rung, over the transactions of the chain; exact nearest ranks.
struct RungLatency {
  std::uint64_t reached = 0;
  std::uint64_t never = 0;
  Duration p50 = {};
  Duration p99 = {};
  Duration p999 = {};
};
RungLatency summarise(std::vector<Duration> latencies, std::uint64_t never);

// Time from liquidatable to closed, one per account and block.
struct LiquidationDelay {
  BlockId block;
  AccountId account;
  std::uint32_t reserved = 0;
  Duration delay;
};

class ExecutionNode final : public EntityOf<ExecutionNode, ExecutionParams> {
 public:
  ExecutionNode(const Site& site, const ExecutionParams& params);

  // ---- while building: open accounts and positions, then end_genesis()
  [[nodiscard]] Exchange& genesis();
  void end_genesis();
  void on(Context& ctx, const Start& start);

  // ---- for the sequencer and the derivation, on this node
  // Executes, seals, records. The output is valid until the next block.
  BlockOutput& build_block(Context& ctx, Time now, std::uint64_t l1_origin,
                           std::span<const Transaction> transactions, std::uint64_t bytes);
  // Drops the blocks above `kept`; returns what users and layer one had put into them.
  std::vector<ChainTransaction> rollback(Context& ctx, BlockId kept);
  [[nodiscard]] std::uint64_t block_bytes(std::span<const Transaction> transactions) const;
  [[nodiscard]] std::uint64_t transaction_bytes(const Transaction& transaction) const {
    return params().sizes.published(transaction);
  }

  [[nodiscard]] const Layer2Chain& chain() const { return chain_; }
  [[nodiscard]] Layer2Chain& chain() { return chain_; }
  [[nodiscard]] const Exchange& exchange() const { return state_; }
  // The state as it was after this block, by running again from a kept one: as dear as the blocks
  // between. For those who need the last settled state (escape hatches), not for every block.
  [[nodiscard]] Exchange state_at(BlockId block) const;

  // ---- at the end of the run
  // Rows of /tx are written when their block is fixed; this writes the others.
  void flush_transactions();
  [[nodiscard]] RungLatency latency(Rung rung) const;
  [[nodiscard]] const std::vector<LiquidationDelay>& liquidation_delays() const { return delays_; }
  [[nodiscard]] std::size_t checkpoints() const { return checkpoints_.size(); }

  void visit_state(auto& v) {
    v("chain", chain_);
    v("state", state_);
    v("written", written_);
    v("delays", delays_);
    std::uint64_t count = checkpoints_.size();
    v("checkpoints", count);
    if constexpr (requires { v.failed(); }) {
      if (count > v.left()) {  // damaged bytes
        v.fail();
        return;
      }
      checkpoints_.assign(count, Exchange(params().exchange));
    }
    for (Exchange& checkpoint : checkpoints_) v("checkpoint", checkpoint);
  }

 private:
  void run(const Transaction& transaction);
  void keep_checkpoint();
  void note_delays(Time now);
  void replay(Exchange& state, BlockId to) const;
  void write_settled();

  Layer2Chain chain_;
  Exchange state_;
  BlockOutput output_;
  std::vector<Exchange> checkpoints_;  // ascending; the first is genesis
  std::vector<LiquidationDelay> delays_;
  BlockId written_ = BlockId{0};  // last block whose transactions are in the file
  ExecutionTables tables_;
};

}  // namespace mezz

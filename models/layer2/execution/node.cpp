#include "models/layer2/execution/node.h"

#include <algorithm>

#include "sim/check/fingerprint.h"

namespace mezz {

static_assert(std::has_unique_object_representations_v<LiquidationDelay>);

std::uint64_t TransactionSizes::published(const Transaction& tx) const {
  const auto signed_body = [this](std::int64_t body) {
    return static_cast<std::uint64_t>(signature +
                                      mul_div(body, compression.ppb, Ratio::kScale, Round::Up));
  };
  switch (tx.kind) {
    case TxKind::PlaceOrder:
    case TxKind::AddLiquidity:
    case TxKind::RemoveLiquidity:
      return signed_body(place_order);
    case TxKind::CancelOrder:
    case TxKind::CancelAll:
    case TxKind::MoveMargin:
      return signed_body(cancel);
    case TxKind::Withdraw:
      // A forced one is derived from the layer-one call that forced it.
      return (tx.flags & Transaction::kForced) != 0 ? 0 : signed_body(withdraw);
    case TxKind::OracleUpdate:
      return signed_body(oracle_update);
    case TxKind::Liquidate:
    case TxKind::Deleverage:
      return signed_body(liquidate);
    case TxKind::Deposit:
    case TxKind::SettleFunding:
      return 0;
  }
  MEZZ_ASSERT(false);
  return 0;
}

RungLatency summarise(std::vector<Duration> latencies, std::uint64_t never) {
  RungLatency summary{.reached = latencies.size(), .never = never};
  if (latencies.empty()) return summary;
  std::sort(latencies.begin(), latencies.end());
  const auto rank = [&](std::uint64_t per_mille) {  // nearest rank: ceil(p n), from 1
    const std::uint64_t nth = (per_mille * latencies.size() + 999) / 1'000;
    return latencies[nth - 1];
  };
  summary.p50 = rank(500);
  summary.p99 = rank(990);
  summary.p999 = rank(999);
  return summary;
}

namespace {
const ExchangeParams& checked(const ExchangeParams& params) {
  params.check("market");
  return params;
}
}  // namespace

ExecutionNode::ExecutionNode(const Site& site, const ExecutionParams& params)
    : EntityOf(site, params), state_(checked(params.exchange)) {
  if (site.recording != nullptr) tables_.declare(*site.recording, params.exchange);
}

Exchange& ExecutionNode::genesis() {
  MEZZ_ASSERT(!state_.genesis_ended());
  return state_;
}

void ExecutionNode::end_genesis() {
  MEZZ_ASSERT(checkpoints_.empty());
  chain_.set_genesis_root(state_.end_genesis());
  checkpoints_.push_back(state_);
  MEZZ_ASSERT(chain_.root(BlockId{0}) != 0);
}

void ExecutionNode::on(Context& ctx, const Start&) {
  if (!state_.genesis_ended()) end_genesis();
  ctx.add_to_fingerprint(chain_.root(BlockId{0}));
}

// ---- blocks ------------------------------------------------------------------------------------

void ExecutionNode::run(const Transaction& transaction) {
  const TxStatus status = state_.execute(transaction, TxId{chain_.transactions()}, output_);
  chain_.append(transaction, status);
}

BlockOutput& ExecutionNode::build_block(Context& ctx, Time now, std::uint64_t l1_origin,
                                        std::span<const Transaction> transactions,
                                        std::uint64_t bytes) {
  MEZZ_ASSERT(state_.genesis_ended());
  MEZZ_ASSERT(now <= ctx.now());
  const BlockId number{chain_.head().value + 1};
  output_.clear();
  state_.begin_block(number, now);
  if (state_.funding_due(now)) {
    run({.account = AccountId::none(), .kind = TxKind::SettleFunding, .submitted = now});
  }
  for (const Transaction& transaction : transactions) run(transaction);
  const std::uint64_t root = state_.end_block(output_);
  for (const Receipt& receipt : output_.receipts) chain_.amend(receipt.transaction, receipt.status);
  chain_.seal(now, l1_origin, bytes, root);
  chain_.reach(Rung::Preconfirmed, number, number, ctx.now());
  ctx.add_to_fingerprint(root);
  tables_.record_block(ctx.now(), chain_, state_, output_);
  note_delays(now);
  write_settled();
  const auto every = [&](std::int64_t blocks) {
    return blocks > 0 && number.value % static_cast<std::uint64_t>(blocks) == 0;
  };
  if (every(params().full_check_every)) state_.full_check();
  if (every(params().checkpoint_every)) keep_checkpoint();
  return output_;
}

void ExecutionNode::note_delays(Time now) {
  for (const LiquidationEvent& event : output_.liquidations) {
    if (event.quantity == Quantity::zero()) continue;
    if (!event.liquidatable_since.happened()) continue;  // winners of a pool never were
    const BlockId block = chain_.head();
    if (!delays_.empty() && delays_.back().block == block &&
        delays_.back().account == event.account) {
      continue;
    }
    MEZZ_ASSERT(event.liquidatable_since <= now);
    delays_.push_back(
        {.block = block, .account = event.account, .delay = now - event.liquidatable_since});
  }
}

// Of the states below the final order only the newest is needed, and genesis for what the protocol
// does not foresee. Where nothing becomes final, older states are thinned out.
void ExecutionNode::keep_checkpoint() {
  checkpoints_.push_back(state_);
  const BlockId final = chain_.reached(Rung::OrderFinal);
  std::size_t newest_final = 0;
  while (newest_final + 1 < checkpoints_.size() &&
         checkpoints_[newest_final + 1].block() <= final) {
    ++newest_final;
  }
  if (newest_final > 1) {
    checkpoints_.erase(checkpoints_.begin() + 1,
                       checkpoints_.begin() + static_cast<std::ptrdiff_t>(newest_final));
  }
  if (checkpoints_.size() <= static_cast<std::size_t>(params().checkpoints_max)) return;
  std::vector<Exchange> thinned;
  for (std::size_t i = 0; i < checkpoints_.size(); ++i) {
    if (i % 2 == 0 || i + 1 == checkpoints_.size()) thinned.push_back(std::move(checkpoints_[i]));
  }
  checkpoints_ = std::move(thinned);
  MEZZ_ASSERT(checkpoints_.front().block() == BlockId{0});
}

// ---- going back
// ----------------------------------------------------------------------------------

std::vector<ChainTransaction> ExecutionNode::rollback(Context& ctx, BlockId kept) {
  MEZZ_ASSERT(kept <= chain_.head());
  MEZZ_ASSERT(kept >= written_);  // what settled cannot be undone
  if (kept == chain_.head()) return {};
  while (checkpoints_.back().block() > kept) checkpoints_.pop_back();
  state_ = checkpoints_.back();
  output_.clear();
  replay(state_, kept);
  std::vector<ChainTransaction> dropped = chain_.rollback(kept);
  std::erase_if(dropped, [](const ChainTransaction& tx) {
    return tx.transaction.kind == TxKind::SettleFunding;  // the next block adds its own
  });
  while (!delays_.empty() && delays_.back().block > kept) delays_.pop_back();
  ctx.add_to_fingerprint(mix(kept.value, state_.root()));
  return dropped;
}

Exchange ExecutionNode::state_at(BlockId block) const {
  MEZZ_ASSERT(!checkpoints_.empty() && block <= chain_.head());
  std::size_t from = checkpoints_.size() - 1;
  while (checkpoints_[from].block() > block) --from;  // the first is genesis
  Exchange state = checkpoints_[from];
  replay(state, block);
  return state;
}

void ExecutionNode::replay(Exchange& state, BlockId to) const {
  MEZZ_ASSERT(state.block() <= to);
  BlockOutput ignored;
  while (state.block() < to) {
    const Layer2Block& block = chain_.block(BlockId{state.block().value + 1});
    ignored.clear();
    state.begin_block(block.number, block.sealed);
    for (std::uint64_t i = block.first; i < block.first + block.count; ++i) {
      state.execute(chain_.transaction(i).transaction, TxId{i}, ignored);
    }
    const std::uint64_t root = state.end_block(ignored);
    MEZZ_ASSERT(root == block.root);
    for (const Receipt& receipt : ignored.receipts) {
      MEZZ_ASSERT(receipt.status == chain_.transaction(receipt.transaction.value).status);
    }
  }
  MEZZ_ASSERT(state.root() == chain_.root(to));
}

std::uint64_t ExecutionNode::block_bytes(std::span<const Transaction> transactions) const {
  auto bytes = static_cast<std::uint64_t>(params().sizes.header);
  for (const Transaction& transaction : transactions) bytes += transaction_bytes(transaction);
  return bytes;
}

// ---- the finality of transactions
// ----------------------------------------------------------------

void ExecutionNode::write_settled() {
  while (written_ < chain_.fixed()) {
    ++written_.value;
    tables_.record_transactions(chain_, written_);
  }
}

void ExecutionNode::flush_transactions() {
  while (written_ < chain_.head()) {
    ++written_.value;
    tables_.record_transactions(chain_, written_);
  }
}

RungLatency ExecutionNode::latency(Rung rung) const {
  std::vector<Duration> latencies;
  latencies.reserve(chain_.transactions());
  std::uint64_t never = 0;
  for (std::uint64_t b = 1; b <= chain_.head().value; ++b) {
    const Layer2Block& block = chain_.block(BlockId{b});
    for (std::uint64_t i = block.first; i < block.first + block.count; ++i) {
      const Transaction& tx = chain_.transaction(i).transaction;
      if (tx.kind == TxKind::SettleFunding) continue;  // nobody waits for it
      const Time at = rung == Rung::Submitted ? tx.submitted : block.ladder[rung];
      if (at.happened()) {
        latencies.push_back(at - tx.submitted);
      } else {
        ++never;
      }
    }
  }
  return summarise(std::move(latencies), never);
}

}  // namespace mezz

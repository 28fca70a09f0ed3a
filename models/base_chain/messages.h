// What entities say to layer one and hear from it.
//
// A layer-one transaction is a call to a contract entity (role L1Contract). The sender chooses a
// tip and a cap; the chain raises the tip by 1/8 for every block that passed the transaction over,
// up to the cap, as wallets and batchers do. The contract's code runs when the transaction is
// included (L1Execute) and is undone when its block is orphaned (L1Undo); the transaction then
// waits in the mempool again and the sender hears L1Reverted. Arguments are two words; larger data
// stays with the sender and is named by an id.
#pragma once

#include <cstdint>

#include "sim/engine/message.h"
#include "sim/engine/ref.h"
#include "sim/types/enum_names.h"
#include "sim/types/id.h"
#include "sim/types/time.h"
#include "sim/types/wei.h"

namespace mezz {

class Context;

// Unique per produced block, also of orphaned ones. The height counts canonical blocks.
using L1BlockId = Id<struct L1BlockTag, std::uint64_t>;

enum class L1CallKind : std::uint16_t {
  BatchData,           // a = first BatchId word, blobs or calldata
  StateClaim,          // a = claimed layer-two block, b = claimed root
  DisputeMove,         // a = move id in the sender's store
  ResolveGame,         // a = game
  Deposit,             // a = account, b = amount in millionths of a dollar
  ForcedTransaction,   // a = id in the inbox's store
  ProveWithdrawal,     // a = withdrawal, b = game
  FinaliseWithdrawal,  // a = withdrawal
  OracleUpdate,        // a = price in ticks, b = time of observation
  Other,
  ValidityProof,  // a = batch: the proof of its execution
  ExecuteBatch,   // a = batch: its withdrawals open
  EdgeMove,       // a move in an all-against-all challenge (BoLD)
  Checkpoint,     // a = block, b = root: signed by a quorum
  StartExit,      // of an exit game
  ChallengeExit,
  ProcessExits,
  ForcedRequest,  // of an escape hatch (served, or the chain freezes); of an old delayed message
  FreezeRequest,
  Escape,  // out of the last proven state of a frozen chain
  OpenChannel,
  ChallengeChannel,  // registers a state, starts the window
  AnswerChannel,     // a newer state, or the move that was asked for
  CloseChannel,      // signed by all
  ReleaseFunds,      // by a quorum, or out of a channel whose window is over
  FillExit,          // a liquidity provider pays a withdrawal in advance
};
template <>
struct EnumNames<L1CallKind> {
  static constexpr std::string_view names[] = {"batch_data",       "state_claim",
                                               "dispute_move",     "resolve_game",
                                               "deposit",          "forced_transaction",
                                               "prove_withdrawal", "finalise_withdrawal",
                                               "oracle_update",    "other",
                                               "validity_proof",   "execute_batch",
                                               "edge_move",        "checkpoint",
                                               "start_exit",       "challenge_exit",
                                               "process_exits",    "forced_request",
                                               "freeze_request",   "escape",
                                               "open_channel",     "challenge_channel",
                                               "answer_channel",   "close_channel",
                                               "release_funds",    "fill_exit"};
};

struct L1Execute;
struct L1Undo;
struct L1Included;
struct L1Reverted;
struct L1Head;
struct L1Reorg;
struct L1Finalised;

// Code on layer one.
class L1Contract {
 public:
  virtual ~L1Contract() = default;
  virtual void on(Context& ctx, const L1Execute& call) = 0;
  virtual void on(Context& ctx, const L1Undo& call) = 0;
};

// Hears what became of its own transactions.
class L1Sender {
 public:
  virtual ~L1Sender() = default;
  virtual void on(Context& ctx, const L1Included& included) = 0;
  virtual void on(Context& ctx, const L1Reverted& reverted) = 0;
};

// Follows the head of the chain.
class L1Observer {
 public:
  virtual ~L1Observer() = default;
  virtual void on(Context& ctx, const L1Head& head) = 0;
  virtual void on(Context& ctx, const L1Reorg& reorg) = 0;
  virtual void on(Context& ctx, const L1Finalised& finalised) = 0;
};

// Fee figures of senders travel in thousandths of a gwei (4 bytes reach 4.2 million gwei).
struct MilliGwei {
  std::uint32_t value = 0;
  static constexpr MilliGwei from(GasPrice p) {
    const std::int64_t v = p.wei_per_gas / 1'000'000;
    return {v > 0xFFFFFFFFLL ? 0xFFFFFFFFU : static_cast<std::uint32_t>(v)};
  }
  [[nodiscard]] constexpr GasPrice price() const { return {std::int64_t{value} * 1'000'000}; }
};

struct SubmitL1Transaction {
  Ref<L1Contract> to = {};  // may be none: only gas is used
  Ref<L1Sender> from = {};  // may be none
  std::uint64_t tag = 0;    // the sender's own number, returned in every answer
  std::uint64_t a = 0;
  std::uint64_t b = 0;
  std::uint32_t gas = 21'000;
  std::uint16_t blobs = 0;
  L1CallKind kind = L1CallKind::Other;
  MilliGwei tip = {};  // priority fee offered at first
  MilliGwei cap = {};  // most that base fee + tip may reach; not included above it
};

struct L1Included {
  std::uint64_t tag;
  L1BlockId block;
  std::uint64_t height;
  std::uint64_t execution_fee_gwei;  // rounded up
  std::uint64_t blob_fee_gwei;       // rounded up
};
struct L1Reverted {
  std::uint64_t tag;
  L1BlockId block;
};
struct L1Execute {
  Ref<L1Sender> from;
  L1CallKind kind;
  std::uint16_t blobs;
  std::uint64_t tag;
  std::uint64_t a;
  std::uint64_t b;
  L1BlockId block;
  std::uint64_t height;
};
struct L1Undo {  // of exactly that call; calls of a block are undone last first
  Ref<L1Sender> from;
  L1CallKind kind;
  std::uint16_t blobs;
  std::uint64_t tag;
  std::uint64_t a;
  std::uint64_t b;
  L1BlockId block;
  std::uint64_t height;
};
struct L1Head {
  std::uint64_t height;
  L1BlockId block;
  GasPrice base_fee;  // that the next block will charge
  GasPrice blob_fee;
};
struct L1Reorg {  // heights above `kept` were orphaned; new heads follow as L1Head
  std::uint64_t kept;
  std::uint64_t depth;
};
struct L1Finalised {
  std::uint64_t height;
};
struct SubscribeL1 {
  Ref<L1Observer> observer;
};

static_assert(Message<SubmitL1Transaction> && Message<L1Included> && Message<L1Execute> &&
              Message<L1Undo> && Message<L1Head> && Message<SubscribeL1>);

}  // namespace mezz

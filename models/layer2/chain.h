// The layer-two chain as data: sealed blocks, the transactions in them, the finality ladder of each
// block. One Chain belongs to the execution entity; sequencer, batch poster, proposer, challengers
// and bridge read it (they run nodes of their own). All transactions of a block share its rungs
// from Published on, so the ladder is kept per block; Submitted and Preconfirmed are per
// transaction. rollback() forgets the blocks above one that is kept; block numbers are then used
// again, under a new incarnation, as on a real chain.
#pragma once

#include <cstdint>
#include <vector>

#include "models/layer2/finality.h"
#include "models/layer2/messages.h"

namespace mezz {

struct Layer2Block {
  BlockId number;
  Time sealed;
  std::uint64_t l1_origin = 0;  // height of the layer-one block it builds on
  std::uint64_t first = 0;      // index of its first transaction in the chain's list
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;        // compressed, as published
  std::uint64_t root = 0;         // state root after the block
  std::uint64_t incarnation = 0;  // how many rollbacks came before
  FinalityLadder ladder;          // from Preconfirmed on
};

struct ChainTransaction {
  Transaction transaction;
  TxStatus status = TxStatus::Executed;
  std::uint8_t reserved[7] = {};
};

class Layer2Chain {
 public:
  Layer2Chain();  // with the genesis block, number 0

  [[nodiscard]] BlockId head() const { return blocks_.back().number; }
  [[nodiscard]] const Layer2Block& block(BlockId number) const;
  [[nodiscard]] const Layer2Block& head_block() const { return blocks_.back(); }
  [[nodiscard]] const ChainTransaction& transaction(std::uint64_t index) const;
  [[nodiscard]] std::uint64_t transactions() const { return transactions_.size(); }
  [[nodiscard]] std::uint64_t root(BlockId number) const { return block(number).root; }
  // Last block whose rung has been reached, counted without gaps from genesis.
  [[nodiscard]] BlockId reached(Rung rung) const;

  // Appends to the open block, corrects what it said of one of its transactions, then seals it.
  void append(const Transaction& transaction, TxStatus status);
  void amend(TxId transaction, TxStatus status);
  const Layer2Block& seal(Time now, std::uint64_t l1_origin, std::uint64_t bytes,
                          std::uint64_t root);
  void set_genesis_root(std::uint64_t root);

  // Marks blocks first..last (a rung is set once; a re-organisation below clears it again).
  void reach(Rung rung, BlockId first, BlockId last, Time at);
  void clear(Rung rung, BlockId first, BlockId last);
  // The rungs of blocks up to here will not change any more, whatever layer one does.
  void fix(BlockId last);
  [[nodiscard]] BlockId fixed() const { return fixed_; }
  // Forgets all blocks above `kept`; returns their transactions, oldest first.
  std::vector<ChainTransaction> rollback(BlockId kept);

  void visit_state(auto& v) {
    v("blocks", blocks_);
    v("transactions", transactions_);
    v("reached", reached_);
    v("incarnation", incarnation_);
    v("open", open_);
    v("fixed", fixed_);
  }

 private:
  std::vector<Layer2Block> blocks_;
  std::vector<ChainTransaction> transactions_;
  std::array<BlockId, kRungs> reached_;
  std::uint64_t incarnation_ = 0;
  std::uint64_t open_ = 0;  // transactions in the block being built
  BlockId fixed_{0};
};

}  // namespace mezz

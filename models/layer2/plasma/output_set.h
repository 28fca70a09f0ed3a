// The outputs that the blocks of a plasma chain commit to: one per account, changed by the last
// plasma block in which quote balance or position changed. Value of an output = quote + position x
// mark of the newest block: positions sum to zero, so the values sum to the money of all accounts
// whatever the mark. Only blocks whose data was served are here: nobody can prove another output.
// A value with an undo list, because layer one may orphan a root.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/layer2/chain.h"
#include "models/layer2/execution/exchange.h"

namespace mezz::plasma {

struct Output {
  Money quote = {};
  Quantity size = {};
  std::uint64_t block = 0;  // plasma block that holds it
};
struct OutputChange {
  AccountId account = {};
  std::uint32_t reserved = 0;
  Money quote = {};
  Quantity size = {};
};

struct PlasmaBlock {
  std::uint64_t number = 0;  // 0 = genesis
  BlockId first = {};        // blocks of layer two it covers
  BlockId last = {};
  Price mark = {};
  Time time = {};            // its root came to layer one
  std::uint64_t height = 0;  // of layer one
  std::uint64_t commit = UINT64_MAX;
  std::uint64_t changes = 0;  // entries of the undo list
};

class OutputSet {
 public:
  // Genesis: what the exchange holds now, in plasma block 0.
  void start(const Exchange& exchange);
  [[nodiscard]] bool started() const { return !blocks_.empty(); }

  // The next plasma block; `block.number` and `block.changes` are filled in.
  void apply(PlasmaBlock block, std::span<const OutputChange> changes);
  void undo_last();
  // Nothing up to this plasma block will be undone.
  void forget_undo(std::uint64_t number);

  [[nodiscard]] const PlasmaBlock& newest() const;
  [[nodiscard]] const PlasmaBlock& block(std::uint64_t number) const;
  [[nodiscard]] std::uint64_t blocks() const { return blocks_.size(); }
  // The plasma block that holds this block of layer two, which must not be above the newest.
  [[nodiscard]] const PlasmaBlock& holding(BlockId block) const;

  [[nodiscard]] std::uint32_t accounts() const {
    return static_cast<std::uint32_t>(outputs_.size());
  }
  [[nodiscard]] const Output& output(AccountId account) const;
  // The output that the account's present one has spent; equal to it when there was none.
  [[nodiscard]] const Output& spent(AccountId account) const;
  [[nodiscard]] Money value(const Output& output, const ContractSpec& contract) const;

  void visit_state(auto& v) {
    v("blocks", blocks_);
    v("outputs", outputs_);
    v("spent", spent_);
    v("undo", undo_);
    v("kept", kept_);
  }

 private:
  struct Before {
    AccountId account;
    std::uint32_t reserved = 0;
    Output output;
    Output spent;
  };

  std::vector<PlasmaBlock> blocks_;
  std::vector<Output> outputs_;  // by account
  std::vector<Output> spent_;
  std::vector<Before> undo_;  // of the blocks above kept_, oldest first
  std::uint64_t kept_ = 0;
};

}  // namespace mezz::plasma

// When a run of blocks becomes a proof batch: pure rules. Source: ZKsync Era's state keeper
// ("seal criteria": transaction slots, gas, pubdata, circuits, age; each closes the batch at 95 %
// of its limit), reference sheet "layer-two protocols" section 3.1. Every transaction has two
// prices, gas and proof units (circuits to prove), because gas is not proving cost (section 3.2).
// Published bytes are those of the state difference, bytes_per_account for every account touched
// plus bytes_per_batch, or those of the transactions. Units: gas as on layer two; one proof unit is
// one base circuit. Gas and units per kind of transaction are modelling defaults of ours: 3
// circuits per order make a batch of 8192 orders come out just below the limit of 27 000. Left out:
// accounts touched as makers of a trade, limits below a block (the sequencer's blocks are taken
// whole; one above a limit is a batch of its own).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/layer2/chain.h"
#include "models/layer2/messages.h"
#include "sim/config/visit.h"
#include "sim/types/enum_names.h"
#include "sim/types/ratio.h"
#include "sim/types/time.h"

namespace mezz {

// What one transaction of each kind takes of a resource.
struct WorkTable {
  std::int64_t place_order = 0;
  std::int64_t cancel = 0;  // of one order or all
  std::int64_t deposit = 0;
  std::int64_t withdraw = 0;
  std::int64_t oracle_update = 0;
  std::int64_t liquidate = 0;  // also auto-deleveraging
  std::int64_t funding = 0;    // the protocol's hourly tick

  void visit(auto& v) {
    v("place_order", place_order, {.doc = "Of an order", .min = 0, .max = kMax});
    v("cancel", cancel, {.doc = "Of a cancellation", .min = 0, .max = kMax});
    v("deposit", deposit, {.doc = "Of a deposit", .min = 0, .max = kMax});
    v("withdraw", withdraw, {.doc = "Of a withdrawal", .min = 0, .max = kMax});
    v("oracle_update", oracle_update, {.doc = "Of a price report", .min = 0, .max = kMax});
    v("liquidate", liquidate, {.doc = "Of a liquidation", .min = 0, .max = kMax});
    v("funding", funding, {.doc = "Of the hourly funding tick", .min = 0, .max = kMax});
  }
  [[nodiscard]] std::uint64_t of(TxKind kind) const;
  [[nodiscard]] std::int64_t heaviest() const;

  static constexpr std::int64_t kMax = 1'000'000'000;
};

enum class PubdataModel : std::uint8_t { StateDiff, Transactions };
template <>
struct EnumNames<PubdataModel> {
  static constexpr std::string_view names[] = {"state_diff", "transactions"};
};

enum class SealReason : std::uint8_t { None, Transactions, Gas, Pubdata, Units, Age };
template <>
struct EnumNames<SealReason> {
  static constexpr std::string_view names[] = {"none",    "transactions", "gas",
                                               "pubdata", "units",        "age"};
};

struct BatchFill {
  std::uint64_t transactions = 0;
  std::uint64_t bytes = 0;     // of the transactions
  std::uint64_t accounts = 0;  // touched, each once
  std::uint64_t gas = 0;
  std::uint64_t units = 0;
};

struct SealingRules {
  std::int64_t transactions_max = 8'192;
  std::int64_t gas_max = 200'000'000;
  std::int64_t pubdata_max = 500'000;
  std::int64_t units_max = 27'000;
  Duration max_age = 28'000_s;
  Ratio close_at = 95_percent;
  PubdataModel pubdata_model = PubdataModel::StateDiff;
  std::int64_t bytes_per_account = 60;
  std::int64_t bytes_per_batch = 500;
  WorkTable gas{.place_order = 20'000,
                .cancel = 8'000,
                .deposit = 30'000,
                .withdraw = 40'000,
                .oracle_update = 15'000,
                .liquidate = 60'000,
                .funding = 100'000};
  WorkTable units{.place_order = 3,
                  .cancel = 1,
                  .deposit = 4,
                  .withdraw = 5,
                  .oracle_update = 2,
                  .liquidate = 8,
                  .funding = 20};

  void visit(auto& v) {
    v("transactions_max", transactions_max, {.doc = "Slots of a batch (Era: 8192)", .min = 1});
    v("gas_max", gas_max, {.doc = "Gas of a batch (Era: 200 million)", .min = 1});
    v("pubdata_max", pubdata_max, {.doc = "Bytes of a batch (Era: 500 000)", .min = 1});
    v("units_max", units_max, {.doc = "Circuits of a batch (Era: 27 000)", .min = 1});
    v("max_age", max_age,
      {.doc = "Age at which a batch is sealed whatever it holds (Era: 28 000 s)", .min = 1_ms});
    v("close_at", close_at,
      {.doc = "Share of a limit at which the batch closes (Era: 95 %)",
       .min = 1_percent,
       .max = Ratio::one()});
    v("pubdata_model", pubdata_model, {.doc = "What the limit on bytes counts"});
    v("bytes_per_account", bytes_per_account,
      {.doc = "state_diff: bytes per account touched", .min = 0, .max = WorkTable::kMax});
    v("bytes_per_batch", bytes_per_batch,
      {.doc = "state_diff: bytes whatever is touched", .min = 0, .max = WorkTable::kMax});
    v("gas", gas, {.doc = "Gas per transaction"});
    v("units", units, {.doc = "Circuits per transaction"});
  }

  [[nodiscard]] std::uint64_t pubdata(const BatchFill& fill) const;
  // The first limit that is exceeded.
  [[nodiscard]] SealReason over(const BatchFill& fill) const;
  // The first limit of which close_at is reached, in the order of SealReason; never Age.
  [[nodiscard]] SealReason full(const BatchFill& fill) const;
  // Throws ScenarioError naming path.field.
  void check(const std::string& path) const;
};

// Accounts by number, each once.
class AccountSet {
 public:
  [[nodiscard]] bool holds(AccountId account) const;
  void insert(AccountId account);
  void clear() { words_.clear(); }
  void visit_state(auto& v) { v("words", words_); }

 private:
  std::vector<std::uint64_t> words_;
};

// The batch being filled.
class OpenBatch {
 public:
  struct Addition {
    BatchFill fill;  // of the batch with the block
    std::vector<AccountId> accounts;
  };
  [[nodiscard]] const BatchFill& fill() const { return fill_; }
  // What the batch would be with this block; `load` multiplies the proof units.
  [[nodiscard]] Addition with(const Layer2Chain& chain, BlockId block, const SealingRules& rules,
                              Ratio load) const;
  void take(const Addition& addition);
  void clear();

  void visit_state(auto& v) {
    v("fill", fill_);
    v("accounts", accounts_);
  }

 private:
  BatchFill fill_;
  AccountSet accounts_;
};

}  // namespace mezz

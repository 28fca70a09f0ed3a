#include "models/layer2/proving/sealing.h"

#include <algorithm>
#include <string>

#include "sim/check/assert.h"
#include "sim/check/error.h"
#include "sim/engine/archive.h"

namespace mezz {

static_assert(Flat<BatchFill>);

std::uint64_t WorkTable::of(TxKind kind) const {
  const auto amount = [](std::int64_t value) {
    MEZZ_ASSERT(value >= 0);
    return static_cast<std::uint64_t>(value);
  };
  switch (kind) {
    case TxKind::PlaceOrder:
    case TxKind::AddLiquidity:
    case TxKind::RemoveLiquidity:
      return amount(place_order);
    case TxKind::CancelOrder:
    case TxKind::CancelAll:
    case TxKind::MoveMargin:
      return amount(cancel);
    case TxKind::Deposit:
      return amount(deposit);
    case TxKind::Withdraw:
      return amount(withdraw);
    case TxKind::OracleUpdate:
      return amount(oracle_update);
    case TxKind::Liquidate:
    case TxKind::Deleverage:
      return amount(liquidate);
    case TxKind::SettleFunding:
      return amount(funding);
  }
  MEZZ_ASSERT(false);
  return 0;
}

std::int64_t WorkTable::heaviest() const {
  return std::max({place_order, cancel, deposit, withdraw, oracle_update, liquidate, funding});
}

std::uint64_t SealingRules::pubdata(const BatchFill& fill) const {
  if (pubdata_model == PubdataModel::Transactions) return fill.bytes;
  MEZZ_ASSERT(bytes_per_account >= 0 && bytes_per_batch >= 0);
  return static_cast<std::uint64_t>(bytes_per_account) * fill.accounts +
         static_cast<std::uint64_t>(bytes_per_batch);
}

namespace {

struct Usage {
  SealReason reason;
  std::uint64_t used;
  std::int64_t limit;
};

template <class Test>
SealReason first_of(const SealingRules& rules, const BatchFill& fill, Test test) {
  const Usage usages[] = {
      {SealReason::Transactions, fill.transactions, rules.transactions_max},
      {SealReason::Gas, fill.gas, rules.gas_max},
      {SealReason::Pubdata, rules.pubdata(fill), rules.pubdata_max},
      {SealReason::Units, fill.units, rules.units_max},
  };
  for (const Usage& usage : usages) {
    MEZZ_ASSERT(usage.limit > 0);
    if (test(usage)) return usage.reason;
  }
  return SealReason::None;
}

}  // namespace

SealReason SealingRules::over(const BatchFill& fill) const {
  return first_of(*this, fill,
                  [](const Usage& u) { return u.used > static_cast<std::uint64_t>(u.limit); });
}

SealReason SealingRules::full(const BatchFill& fill) const {
  return first_of(*this, fill, [this](const Usage& u) {
    const Int128 line = Int128{u.limit} * close_at.ppb;
    return static_cast<Int128>(u.used) * Ratio::kScale >= line;
  });
}

void SealingRules::check(const std::string& path) const {
  if (gas.heaviest() > gas_max) {
    throw ScenarioError(path + ".gas_max", "one transaction takes " +
                                               std::to_string(gas.heaviest()) +
                                               " gas, more than a batch may hold");
  }
  if (units.heaviest() > units_max) {
    throw ScenarioError(path + ".units_max", "one transaction takes " +
                                                 std::to_string(units.heaviest()) +
                                                 " circuits, more than a batch may hold");
  }
  if (pubdata_model == PubdataModel::StateDiff &&
      bytes_per_batch + bytes_per_account > pubdata_max) {
    throw ScenarioError(path + ".pubdata_max",
                        "a batch that touches one account takes bytes_per_batch + "
                        "bytes_per_account = " +
                            std::to_string(bytes_per_batch + bytes_per_account) +
                            " bytes, more than it may hold");
  }
}

bool AccountSet::holds(AccountId account) const {
  const std::size_t word = account.value / 64;
  return word < words_.size() && ((words_[word] >> (account.value % 64)) & 1U) != 0;
}

void AccountSet::insert(AccountId account) {
  MEZZ_ASSERT(account.exists());
  const std::size_t word = account.value / 64;
  if (word >= words_.size()) words_.resize(word + 1);
  words_[word] |= std::uint64_t{1} << (account.value % 64);
}

OpenBatch::Addition OpenBatch::with(const Layer2Chain& chain, BlockId block,
                                    const SealingRules& rules, Ratio load) const {
  MEZZ_ASSERT(load.ppb >= 0);
  Addition out{.fill = fill_, .accounts = {}};
  const auto touch = [&](AccountId account) {
    if (account.exists() && !accounts_.holds(account)) out.accounts.push_back(account);
  };
  const Layer2Block& added = chain.block(block);
  std::uint64_t units = 0;
  for (std::uint64_t i = added.first; i < added.first + added.count; ++i) {
    const ChainTransaction& entry = chain.transaction(i);
    const Transaction& tx = entry.transaction;
    out.fill.gas += rules.gas.of(tx.kind);
    units += rules.units.of(tx.kind);
    // What is refused costs gas and a proof of its refusal, and changes no account.
    if (entry.status != TxStatus::Executed && entry.status != TxStatus::PartlyFilled) continue;
    touch(tx.account);
    if (tx.kind == TxKind::Liquidate || tx.kind == TxKind::Deleverage) {
      touch(AccountId{static_cast<std::uint32_t>(tx.reference)});
    }
  }
  std::sort(out.accounts.begin(), out.accounts.end());
  out.accounts.erase(std::unique(out.accounts.begin(), out.accounts.end()), out.accounts.end());
  out.fill.transactions += added.count;
  out.fill.bytes += added.bytes;
  out.fill.accounts += out.accounts.size();
  out.fill.units += static_cast<std::uint64_t>(
      mul_div(static_cast<std::int64_t>(units), load.ppb, Ratio::kScale, Round::Up));
  return out;
}

void OpenBatch::take(const Addition& addition) {
  MEZZ_ASSERT(addition.fill.transactions >= fill_.transactions);
  MEZZ_ASSERT(addition.fill.accounts == fill_.accounts + addition.accounts.size());
  fill_ = addition.fill;
  for (const AccountId account : addition.accounts) accounts_.insert(account);
}

void OpenBatch::clear() {
  fill_ = {};
  accounts_.clear();
}

}  // namespace mezz

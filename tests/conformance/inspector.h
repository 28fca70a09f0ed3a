// Looks at a running world from outside and writes down what breaks a promise. Problems are texts,
// so that a test, a property and a person read the same; the list is kept short.
#pragma once

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "models/layer2/availability/derivation.h"
#include "models/layer2/bridge/bridge.h"
#include "models/layer2/channel/channel_contract.h"
#include "models/layer2/execution/node.h"
#include "scenarios/study.h"
#include "sim/check/error.h"
#include "tests/conformance/guarantees.h"

namespace mezz::conformance {

// By what only layer one, the clock or the protocol puts into a block.
inline bool from_user(const Transaction& tx) {
  return tx.kind != TxKind::Deposit && tx.kind != TxKind::SettleFunding &&
         (tx.flags & Transaction::kForced) == 0;
}

class Inspector {
 public:
  Inspector(const SmallWorld& world, Study& study)
      : world_(world), guarantees_(guarantees_of(world)), study_(&study) {
    for (Entity* entity : study.world().entities()) {
      if (auto* node = dynamic_cast<ExecutionNode*>(entity)) node_ = node;
      if (auto* bridge = dynamic_cast<Bridge*>(entity)) bridge_ = bridge;
      if (auto* derivation = dynamic_cast<Derivation*>(entity)) derivation_ = derivation;
      if (auto* l1 = dynamic_cast<BaseChain*>(entity)) l1_ = l1;
    }
    channels_ = dynamic_cast<ChannelContract*>(bridge_);
    MEZZ_ASSERT(node_ != nullptr && bridge_ != nullptr && derivation_ != nullptr);
    MEZZ_ASSERT(l1_ != nullptr);
  }

  // Between two events, as often as one likes.
  void look() {
    study_->check_conservation();
    look_at_blocks();
    look_at_rungs();
    look_at_money();
  }
  // No user's transaction in blocks sealed from `from` on, before `to`.
  void expect_no_user_blocks(Time from, Time to) {
    for (std::uint64_t n = 1; n <= chain().head().value; ++n) {
      const Layer2Block& block = chain().block(BlockId{n});
      if (block.sealed < from || block.sealed >= to) continue;
      for (std::uint64_t i = block.first; i < block.first + block.count; ++i) {
        const Transaction& tx = chain().transaction(i).transaction;
        if (from_user(tx)) {
          problem(fmt::format("block {} of {} s takes a {} during the halt", n, seconds_of(block),
                              enum_name(tx.kind)));
        }
      }
    }
  }
  // Whatever was withdrawn before has been paid, unless the market has ended or was robbed.
  void expect_paid(Time asked_before) {
    if (ended()) return;
    if (channels_ != nullptr) return expect_paid_by_channels(asked_before);
    Money asked;
    std::uint64_t count = 0;
    for_withdrawals([&](const Layer2Block& block, const Transaction& tx) {
      if (block.sealed >= asked_before) return;
      asked += Money{tx.amount};
      ++count;
    });
    const BridgeTotals& totals = bridge_->totals();
    const auto paid = bridge_->withdrawal_summary().paid.size();
    if (paid < count || totals.paid - totals.lost < asked) {
      problem(fmt::format("{} of {} old withdrawals are paid, {:.2f} of {:.2f} USD", paid, count,
                          (totals.paid - totals.lost).usd(), asked.usd()));
    }
  }
  void expect_alive(Time since) {
    if (ended()) return;
    if (chain().head_block().sealed < since) {
      problem(fmt::format("no block since {} s", seconds_of(chain().head_block())));
    }
  }

  // The chain stopped for ever, or money was taken: promises to users are void.
  [[nodiscard]] bool ended() const {
    return derivation_->frozen() || bridge_->totals().stolen > Money::zero() ||
           bridge_->totals().lost > Money::zero();
  }
  [[nodiscard]] const Layer2Chain& chain() const { return node_->chain(); }
  [[nodiscard]] const Bridge& bridge() const { return *bridge_; }
  [[nodiscard]] const std::vector<std::string>& problems() const { return problems_; }
  void problem(std::string text) {
    constexpr std::size_t kEnough = 5;
    if (problems_.size() < kEnough) problems_.push_back(std::move(text));
  }

 private:
  // One by one. A withdrawal that its account never co-signed has not left the channel: it is
  // superseded, and only when the channel has ended without it, so that its money went out with the
  // balance.
  void expect_paid_by_channels(Time asked_before) {
    for (std::uint64_t i = 0; i < channels_->withdrawals(); ++i) {
      const ChannelWithdrawal& w = channels_->withdrawal(i);
      if (w.initiated >= asked_before || w.stage == ChannelWithdrawalStage::Paid) continue;
      const OnChainChannel& channel = channels_->channel(w.account);
      const bool over = channel.machine.stored == channel::Mode::Defunded;
      if (w.stage == ChannelWithdrawalStage::Superseded && over && channel.block < w.block)
        continue;
      problem(fmt::format("withdrawal {} of account {} in block {} is not paid, {:.2f} USD", i,
                          w.account.value, w.block.value, w.amount.usd()));
    }
  }
  static double seconds_of(const Layer2Block& block) {
    return (block.sealed - Time::zero()).seconds();
  }
  void for_withdrawals(auto use) const {
    for (std::uint64_t n = 1; n <= chain().head().value; ++n) {
      const Layer2Block& block = chain().block(BlockId{n});
      for (std::uint64_t i = block.first; i < block.first + block.count; ++i) {
        const ChainTransaction& entry = chain().transaction(i);
        if (entry.transaction.kind != TxKind::Withdraw || entry.status != TxStatus::Executed) {
          continue;
        }
        use(block, entry.transaction);
      }
    }
  }

  // Causes come before their effects: a transaction is sent before it is sealed, a block builds on
  // a block of layer one that exists, time and origins do not run backwards.
  void look_at_blocks() {
    const Time now = study_->world().engine().now();
    for (std::uint64_t n = 1; n <= chain().head().value; ++n) {
      const Layer2Block& before = chain().block(BlockId{n - 1});
      const Layer2Block& block = chain().block(BlockId{n});
      if (block.sealed < before.sealed || block.sealed > now) problem(at(block, "sealed"));
      if (block.l1_origin < before.l1_origin || block.l1_origin > l1_->height()) {
        problem(at(block, "builds on a block of layer one that is not there"));
      }
      if (block.first != before.first + before.count) problem(at(block, "leaves a gap"));
      for (std::uint64_t i = block.first; i < block.first + block.count; ++i) {
        const Transaction& tx = chain().transaction(i).transaction;
        if (tx.submitted > block.sealed) problem(at(block, "holds what nobody has sent yet"));
      }
      if (block.ladder[Rung::Preconfirmed] < block.sealed) problem(at(block, "promised unsealed"));
    }
  }

  void look_at_rungs() {
    const Time now = study_->world().engine().now();
    for (std::uint64_t n = 1; n <= chain().head().value; ++n) {
      const Layer2Block& block = chain().block(BlockId{n});
      const FinalityLadder& ladder = block.ladder;
      for (std::size_t r = 1; r < kRungs; ++r) {
        if (ladder.at[r].happened() && (ladder.at[r] < block.sealed || ladder.at[r] > now)) {
          problem(at(block, "reaches a rung before it exists or in the future"));
        }
      }
      for (const auto& [first, second] : guarantees_.order) {
        if (!ladder[first].happened() || !ladder[second].happened()) continue;
        if (ladder[first] > ladder[second]) problem(out_of_order(block, first, second));
      }
      for (const auto& [first, second] : guarantees_.needs) {
        if (ladder[second].happened() && !ladder[first].happened()) {
          problem(out_of_order(block, first, second));
        }
      }
      const Time from = ladder[guarantees_.window_from];
      if (ladder[Rung::Settled].happened() && from.happened() &&
          ladder[Rung::Settled] - from < guarantees_.window) {
        problem(out_of_order(block, guarantees_.window_from, Rung::Settled) + " within the window");
      }
      look_at_fixed(block);
    }
    look_for_gaps();
  }
  void look_at_fixed(const Layer2Block& block) {
    if (block.number > chain().fixed()) return;
    const auto [known, is_new] = fixed_.try_emplace(block.number.value, block);
    if (is_new) return;
    if (known->second.ladder.at != block.ladder.at || known->second.root != block.root) {
      problem(at(block, "changed after it was fixed"));
    }
  }
  void look_for_gaps() {
    if (!fixed_.empty() && fixed_.rbegin()->first > chain().head().value) {
      problem("a fixed block is gone");
    }
    for (std::size_t r = 1; r < kRungs; ++r) {
      const auto rung = static_cast<Rung>(r);
      std::uint64_t last = 0;
      while (last < chain().head().value &&
             chain().block(BlockId{last + 1}).ladder[rung].happened()) {
        ++last;
      }
      if (chain().reached(rung).value != last) {
        problem(fmt::format("{} is counted to {} and reached without gaps to {}", enum_name(rung),
                            chain().reached(rung).value, last));
      }
    }
  }

  void look_at_money() {
    const BridgeTotals& t = bridge_->totals();
    const WithdrawalSummary w = bridge_->withdrawal_summary();
    if (t.escrow < Money::zero()) problem("the escrow is negative");
    if (node_->exchange().totals().residual != Money::zero()) problem("the ledger has a residual");
    if (t.unpaid() < Money::zero()) problem("more is paid than asked for");
    if (w.paid.size() > w.count) problem("more withdrawals are paid than asked for");
    for (const Duration delay : w.paid) {
      if (delay < guarantees_.paid_after_sealed) {
        problem(fmt::format("a withdrawal is paid after {} s, before its window of {} s",
                            delay.seconds(), guarantees_.paid_after_sealed.seconds()));
      }
    }
  }

  static std::string at(const Layer2Block& block, const char* what) {
    return fmt::format("block {} of {} s {}", block.number.value, seconds_of(block), what);
  }
  static std::string out_of_order(const Layer2Block& block, Rung first, Rung second) {
    const auto text = [&](Rung rung) {
      const Time time = block.ladder[rung];
      return time.happened() ? fmt::format("{} s", (time - Time::zero()).seconds()) : "never";
    };
    return fmt::format("block {} of {} s: {} {}, {} {}", block.number.value, seconds_of(block),
                       enum_name(second), text(second), enum_name(first), text(first));
  }

  SmallWorld world_;
  Guarantees guarantees_;
  Study* study_;
  ExecutionNode* node_ = nullptr;
  Bridge* bridge_ = nullptr;
  ChannelContract* channels_ = nullptr;
  Derivation* derivation_ = nullptr;
  BaseChain* l1_ = nullptr;
  std::map<std::uint64_t, Layer2Block> fixed_;
  std::vector<std::string> problems_;
};

// Runs a world from beginning to end with a look every five minutes. A broken assertion of ours is
// a problem like any other.
struct Inspection {
  std::vector<std::string> problems;
  std::uint64_t fingerprint = 0;
  std::uint64_t events = 0;
};

// Stops `cut` into the run, saves, and goes on in a world built anew.
inline std::uint64_t fingerprint_by_snapshot(const SmallWorld& world, Duration cut) {
  const Scenario scenario = scenario_of(world);
  std::vector<std::byte> snapshot;
  {
    Study first(scenario, nullptr);
    first.world().run(Time::zero() + cut);
    snapshot = first.world().save();
  }
  Study second(scenario, nullptr);
  second.world().restore(snapshot);
  if (second.world().save() != snapshot) return 0;  // something is not restored
  second.world().run(Time::zero() + world.length);
  return second.world().engine().fingerprint();
}

template <class AtTheEnd>
Inspection inspect(const SmallWorld& world, AtTheEnd at_the_end) {
  Inspection out;
  Study study(scenario_of(world), nullptr);
  Inspector inspector(world, study);
  try {
    for (Duration t = 5_min; t <= world.length; t = t + 5_min) {
      study.world().run(Time::zero() + t);
      inspector.look();
    }
    study.world().run(Time::zero() + world.length);
    inspector.look();
    at_the_end(inspector);
    study.finish();
    (void)study.metrics();
  } catch (const AssertionFailure& failure) {
    inspector.problem(std::string(failure.what()) + " in " +
                      study.world().describe_current_event());
  }
  out.problems = inspector.problems();
  out.fingerprint = study.world().engine().fingerprint();
  out.events = study.world().engine().dispatched();
  return out;
}

}  // namespace mezz::conformance

// What defenders and adversaries of BoLD have in common: an account with a capital for stakes, a
// wallet for layer-one transactions, and the calls of assertion_chain.h. Every move is one
// transaction and counts from its inclusion; only timer updates are put together, as far as one
// transaction may use gas. Gas of the calls are modelling defaults in the order of mainnet
// receipts. A stake that the capital does not cover waits.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "models/layer2/settlement/bold/assertion_chain.h"
#include "models/layer2/settlement/l1_outbox.h"
#include "sim/config/visit.h"

namespace mezz {

struct BoldPlayerParams {
  Wei stake_capital = 20'000_eth;
  L1FeePolicy fees;
  Gas assertion_gas{500'000};
  Gas top_edge_gas{700'000};
  Gas bisect_gas{300'000};
  Gas step_gas{1'500'000};
  Gas update_gas{40'000};
  Gas confirm_gas{250'000};

  void visit(auto& v) {
    v("stake_capital", stake_capital, {.doc = "Most that may be staked at one time"});
    v("fees", fees, {.doc = "What it offers for inclusion on layer one"});
    v("assertion_gas", assertion_gas, {.doc = "Gas of an assertion", .min = Gas{21'000}});
    v("top_edge_gas", top_edge_gas, {.doc = "Gas of a top edge", .min = Gas{21'000}});
    v("bisect_gas", bisect_gas, {.doc = "Gas of a bisection", .min = Gas{21'000}});
    v("step_gas", step_gas, {.doc = "Gas of a one-step proof", .min = Gas{21'000}});
    v("update_gas", update_gas, {.doc = "Gas per timer updated", .min = Gas{5'000}});
    v("confirm_gas", confirm_gas, {.doc = "Gas of a confirmation", .min = Gas{21'000}});
  }
};

// To oneself, after the reply delay.
struct ThinkAgain {};

class BoldPlayer {
 public:
  struct Wiring {
    Ref<BaseChain> l1;
    Ref<L1Sender> sender;
    Ref<AssertionWatcher> watcher;
  };
  // Joins the contract as a party.
  BoldPlayer(const BoldPlayerParams& params, const Wiring& wiring, AssertionChain& contract);

  void assert_state(Context& ctx, bold::AssertionIndex parent, BlockId block, std::uint64_t root);
  void claim(Context& ctx, bold::AssertionIndex assertion, const bold::History& history);
  struct Plan {
    bold::EdgeIndex top;
    bold::Belief belief = bold::Belief::Truth;
    std::array<std::uint32_t, bold::kLevels> diverges{};  // of a lie, by level
  };
  // Sends all moves that are due below the top edge.
  void play(Context& ctx, const Plan& plan);
  // Updates and confirms what a block of this height could confirm, of the tree below the top edge;
  // returns the next height at which there may be something, kNeverHeight if only moves can help.
  std::uint64_t settle(Context& ctx, bold::EdgeIndex top, std::uint64_t height);
  // Confirms the assertion if a block of this height could.
  void confirm(Context& ctx, bold::AssertionIndex assertion, std::uint64_t height);

  void on(const L1Included& included) { outbox_.included(included); }
  void on(const L1Reverted& reverted) { outbox_.reverted(reverted); }
  void on(const L1Finalised& finalised) { outbox_.finalised(finalised.height); }

  [[nodiscard]] bold::PartyId party() const { return party_; }
  [[nodiscard]] const AssertionChain& contract() const { return *contract_; }
  [[nodiscard]] const BoldAccount& account() const { return contract_->account(party_); }
  [[nodiscard]] Wei available() const;
  [[nodiscard]] const L1Outbox& outbox() const { return outbox_; }
  [[nodiscard]] std::uint64_t short_of_capital() const { return short_of_capital_; }
  // Gas of everything it has sent.
  [[nodiscard]] Gas gas_sent() const { return gas_sent_; }

  void visit_state(auto& v) {
    v("outbox", outbox_);
    v("short_of_capital", short_of_capital_);
    v("gas_sent", gas_sent_);
  }

 private:
  void send(Context& ctx, const L1Outbox::Call& call);
  void move(Context& ctx, const bold::EdgeMoveCall& call, Gas gas, Wei stake);
  void send_updates(Context& ctx, bold::EdgeIndex top);

  BoldPlayerParams params_;
  L1Outbox::Address address_;
  const AssertionChain* contract_;
  bold::PartyId party_;
  L1Outbox outbox_;
  std::uint64_t short_of_capital_ = 0;
  Gas gas_sent_;
};

}  // namespace mezz

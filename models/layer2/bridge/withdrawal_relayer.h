// Proves and finalises withdrawals for their owners, each by a layer-one transaction of its own, as
// soon as its node says it can (where the bridge has one step, it only finalises). It trusts claims
// like a front end does: it proves against the oldest game that covers the block and is not lost,
// and proves again when that game is lost. A refused call (paused bridge, reorganisation) is tried
// again after a delay. Where data is not on layer one (see_data), a withdrawal whose witness cannot
// be built waits. Gas of the calls is a modelling default. Left out: batching of several
// withdrawals in one transaction, users who pay more for their own.
#pragma once

#include <cstdint>
#include <set>
#include <utility>

#include "models/layer2/bridge/canonical_bridge.h"
#include "models/layer2/data_access.h"
#include "models/layer2/settlement/l1_outbox.h"
#include "sim/engine/entity.h"

namespace mezz {

struct WithdrawalRelayerParams {
  std::int64_t batch_max = 200;
  Duration retry_delay = 10_min;
  Gas prove_gas{250'000};
  Gas finalise_gas{250'000};
  L1FeePolicy fees;

  void visit(auto& v) {
    v("batch_max", batch_max, {.doc = "Transactions it sends per layer-one block", .min = 1});
    v("retry_delay", retry_delay, {.doc = "After a refused call", .min = 1_s});
    v("prove_gas", prove_gas, {.doc = "Gas of a proof", .min = Gas{21'000}});
    v("finalise_gas", finalise_gas, {.doc = "Gas of a payment", .min = Gas{21'000}});
    v("fees", fees, {.doc = "What it offers for inclusion on layer one"});
  }
};

class WithdrawalRelayer final : public EntityOf<WithdrawalRelayer, WithdrawalRelayerParams,
                                                L1Sender, L1Observer, DisputeWatcher> {
 public:
  // The builder subscribes it to layer one.
  WithdrawalRelayer(const Site& site, const WithdrawalRelayerParams& params, Ref<BaseChain> l1,
                    Ref<CanonicalBridge> contract, const CanonicalBridge& bridge);

  void on(Context& ctx, const L1Head& head) override;
  void on(Context&, const L1Reorg&) override {}
  void on(Context& ctx, const L1Finalised& finalised) override;
  void on(Context& ctx, const L1Included& included) override;
  void on(Context& ctx, const L1Reverted& reverted) override;
  void on(Context& ctx, const GameChanged& changed) override;

  // While building; without it all data is on layer one.
  void see_data(const DataAccess& data) { data_ = &data; }
  [[nodiscard]] const L1Outbox& outbox() const { return outbox_; }

  void visit_state(auto& v) {
    v("outbox", outbox_);
    v("known", known_);
    v("unproven", unproven_);
    v("proven", proven_);
    v("due", due_);
  }

 private:
  using Due = std::pair<Time, std::uint64_t>;

  void prove_some(Context& ctx, std::int64_t& left);
  void pay_settled(Context& ctx, std::int64_t& left);
  void finalise_some(Context& ctx, std::int64_t& left);
  void submit(Context& ctx, L1CallKind kind, std::uint64_t withdrawal, std::uint64_t game);
  // Puts the withdrawal where its stage says; to be looked at from `at` on.
  void file(std::uint64_t withdrawal, Time at);
  void forget(std::uint64_t withdrawal);

  // A proof of the withdrawal against the state after this block can be made.
  [[nodiscard]] bool has_witness(const BridgeWithdrawal& subject, BlockId block) const {
    return data_ == nullptr || data_->part_of(subject.account, block);
  }

  const CanonicalBridge* bridge_;
  const DataAccess* data_ = nullptr;
  L1Outbox::Address address_;
  L1Outbox outbox_;
  std::uint64_t known_ = 0;           // withdrawals of the bridge that are filed
  std::set<std::uint64_t> unproven_;  // by number, that is in order of the chain
  std::set<std::uint64_t> proven_;
  std::set<Due> due_;  // proven ones that may be payable from then on
};

}  // namespace mezz

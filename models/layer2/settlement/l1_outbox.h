// A sender's own list of its layer-one transactions: what waits in the mempool, what is in a block
// that may still be orphaned, what it has cost. The chain raises the tip of a waiting transaction
// block by block up to the cap, so nothing is replaced here. Answers may overtake each other on the
// wire: the news that a block was orphaned can come after that of the next inclusion. Fees as
// receipts name them: gwei, rounded up.
#pragma once

#include <cstdint>
#include <vector>

#include "models/base_chain/base_chain.h"
#include "models/base_chain/messages.h"
#include "sim/config/visit.h"
#include "sim/types/wei.h"

namespace mezz {

struct L1FeePolicy {
  GasPrice tip = 2_gwei;
  GasPrice cap = 1'000_gwei;

  void visit(auto& v) {
    v("tip", tip, {.doc = "Priority fee offered at first; rises by 1/8 per block passed over"});
    v("cap", cap, {.doc = "Most that base fee and tip may reach"});
  }
};

class L1Outbox {
 public:
  struct Address {
    Ref<BaseChain> l1;
    Ref<L1Contract> contract;
    Ref<L1Sender> sender;
  };
  struct Call {
    L1CallKind kind = L1CallKind::Other;
    std::uint64_t a = 0;
    std::uint64_t b = 0;
    Gas gas = {};
    Wei bond = {};  // sent along, taken if the call is accepted
  };
  struct Sent {
    Call call;
    std::uint64_t tag = 0;
    std::uint64_t height = 0;  // 0: waits in the mempool
    L1BlockId block;           // that it is in
    std::uint64_t fee_gwei = 0;

    void visit_state(auto& v) {
      v("kind", call.kind);
      v("a", call.a);
      v("b", call.b);
      v("gas", call.gas);
      v("bond", call.bond);
      v("tag", tag);
      v("height", height);
      v("block", block);
      v("fee_gwei", fee_gwei);
    }
  };

  std::uint64_t submit(Context& ctx, const Address& address, const L1FeePolicy& fees,
                       const Call& call);
  // The calls that these answers are about.
  const Sent& included(const L1Included& answer);
  const Sent& reverted(const L1Reverted& answer);
  void finalised(std::uint64_t height);

  [[nodiscard]] bool waits(L1CallKind kind, std::uint64_t a, std::uint64_t b) const;
  [[nodiscard]] Wei bonds_waiting() const;
  [[nodiscard]] std::uint64_t spent_gwei() const { return spent_gwei_; }
  [[nodiscard]] std::uint64_t submitted() const { return next_tag_; }

  void visit_state(auto& v) {
    v("sent", sent_);
    v("next_tag", next_tag_);
    v("spent_gwei", spent_gwei_);
  }

 private:
  [[nodiscard]] Sent& find(std::uint64_t tag);

  void take_out(Sent& sent);

  std::vector<Sent> sent_;  // ascending tags; not final yet
  std::uint64_t next_tag_ = 0;
  std::uint64_t spent_gwei_ = 0;
};

}  // namespace mezz

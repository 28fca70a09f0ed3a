#include "models/layer2/settlement/l1_outbox.h"

#include <algorithm>

#include "sim/check/assert.h"
#include "sim/engine/context.h"

namespace mezz {

std::uint64_t L1Outbox::submit(Context& ctx, const Address& address, const L1FeePolicy& fees,
                               const Call& call) {
  MEZZ_ASSERT(address.l1.exists() && address.sender.exists());
  MEZZ_ASSERT(call.gas.units > 0 && call.gas <= base_chain::kTransactionGasMax);
  const std::uint64_t tag = next_tag_++;
  sent_.push_back({.call = call, .tag = tag, .block = {}});
  ctx.send(address.l1, SubmitL1Transaction{.to = address.contract,
                                           .from = address.sender,
                                           .tag = tag,
                                           .a = call.a,
                                           .b = call.b,
                                           .gas = static_cast<std::uint32_t>(call.gas.units),
                                           .blobs = 0,
                                           .kind = call.kind,
                                           .tip = MilliGwei::from(fees.tip),
                                           .cap = MilliGwei::from(fees.cap)});
  return tag;
}

L1Outbox::Sent& L1Outbox::find(std::uint64_t tag) {
  const auto found =
      std::lower_bound(sent_.begin(), sent_.end(), tag,
                       [](const Sent& sent, std::uint64_t wanted) { return sent.tag < wanted; });
  MEZZ_ASSERT(found != sent_.end() && found->tag == tag);
  return *found;
}

void L1Outbox::take_out(Sent& sent) {
  MEZZ_ASSERT(sent.height > 0 && spent_gwei_ >= sent.fee_gwei);
  spent_gwei_ -= sent.fee_gwei;
  sent.height = 0;
  sent.block = {};
  sent.fee_gwei = 0;
}

const L1Outbox::Sent& L1Outbox::included(const L1Included& answer) {
  Sent& sent = find(answer.tag);
  MEZZ_ASSERT(answer.height > 0 && answer.block.exists());
  if (sent.height > 0) {
    // Block ids grow: an older block was orphaned, whatever has been heard of it.
    if (answer.block < sent.block) return sent;
    take_out(sent);
  }
  sent.height = answer.height;
  sent.block = answer.block;
  sent.fee_gwei = answer.execution_fee_gwei + answer.blob_fee_gwei;
  spent_gwei_ += sent.fee_gwei;
  return sent;
}

const L1Outbox::Sent& L1Outbox::reverted(const L1Reverted& answer) {
  Sent& sent = find(answer.tag);
  if (sent.height > 0 && sent.block == answer.block) take_out(sent);
  return sent;
}

void L1Outbox::finalised(std::uint64_t height) {
  const auto done = [height](const Sent& sent) { return sent.height > 0 && sent.height <= height; };
  sent_.erase(std::remove_if(sent_.begin(), sent_.end(), done), sent_.end());
}

bool L1Outbox::waits(L1CallKind kind, std::uint64_t a, std::uint64_t b) const {
  return std::any_of(sent_.begin(), sent_.end(), [&](const Sent& sent) {
    return sent.height == 0 && sent.call.kind == kind && sent.call.a == a && sent.call.b == b;
  });
}

Wei L1Outbox::bonds_waiting() const {
  Wei sum;
  for (const Sent& sent : sent_) {
    if (sent.height == 0) sum += sent.call.bond;
  }
  MEZZ_ASSERT(sum >= Wei::zero());
  return sum;
}

}  // namespace mezz

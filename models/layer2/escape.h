// What users of an escape hatch see of it: where to write a forced request, whether its time is
// over, what an account can take out of the last settled state. The contract itself is
// bridge/escape_hatch.h; designs without one hand out a null pointer.
//
//   ForcedRequest  a = number given by write_request(), b = 1: pays the premium
//   FreezeRequest  a = number of the accepted request that was not served, b = 1: ends the freeze
//   Escape         a = account, b = the price outside in ticks, for the record only (0: unknown)
#pragma once

#include <cstdint>

#include "models/layer2/messages.h"

namespace mezz {

// A forced withdrawal has no counterparty; a forced trade is an order of the account and, put
// before it, the order that its counterparty has signed.
struct ForcedRequestData {
  Transaction own;
  Transaction counterparty = {};
  std::uint64_t trade = 0;  // 1: with counterparty

  void visit_state(auto& v) {
    v("own", own);
    v("counterparty", counterparty);
    v("trade", trade);
  }
};

class EscapeDoor {
 public:
  static constexpr std::uint64_t kNoRequest = UINT64_MAX;

  virtual ~EscapeDoor() = default;
  // Keeps the data of a request until it is included; its number goes into the layer-one call.
  virtual std::uint64_t write_request(const ForcedRequestData& data) = 0;
  // The oldest accepted request that nobody has served, or kNoRequest; and when its grace is over.
  [[nodiscard]] virtual std::uint64_t unserved() const = 0;
  [[nodiscard]] virtual Time freezable_at() const = 0;
  [[nodiscard]] virtual bool frozen() const = 0;
  // Of the last settled state of a frozen chain; zero while it runs and after the escape.
  [[nodiscard]] virtual Money claim(AccountId account) const = 0;
  // The witness for that state can be built.
  [[nodiscard]] virtual bool has_witness(AccountId account) const = 0;
  [[nodiscard]] virtual std::uint32_t accounts() const = 0;
};

}  // namespace mezz

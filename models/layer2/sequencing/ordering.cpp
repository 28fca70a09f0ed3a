#include "models/layer2/sequencing/ordering.h"

#include "sim/check/assert.h"

namespace mezz::ordering {

GasPrice tip_of(std::uint8_t level, GasPrice floor) {
  MEZZ_ASSERT(floor.wei_per_gas >= 0);
  if (level == 0) return {0};
  const int step = level - 1;
  const int doublings = step / 8;
  const Int128 eighths = 8 + step % 8;
  const Int128 tip = Int128{floor.wei_per_gas} * eighths * (Int128{1} << doublings) / 8;
  MEZZ_ASSERT(tip <= INT64_MAX);
  return {static_cast<std::int64_t>(tip)};
}

Wei tip_paid(const Transaction& tx, GasPrice floor, Gas gas) {
  MEZZ_ASSERT(gas.units >= 0);
  return fee(tip_of(tx.priority, floor), gas);
}

bool is_batched(TxKind kind) {
  return kind == TxKind::PlaceOrder || kind == TxKind::CancelOrder || kind == TxKind::CancelAll;
}

bool batch_ends(Duration interval, Time before, Time now) {
  MEZZ_ASSERT(interval >= Duration::zero() && before <= now);
  if (interval == Duration::zero()) return true;
  const auto number = [&](Time at) { return (at - Time::zero()).ns / interval.ns; };
  return number(before) < number(now);
}

}  // namespace mezz::ordering

#include "models/liquidation/drift_cascade.h"

#include <algorithm>

#include "sim/check/assert.h"

namespace mezz::liquidation {
namespace {

constexpr auto kLater = [](const auto& a, const auto& b) { return a.until > b.until; };

// A clock that has hardly run says little about its pace: as if it had run for a dollar.
double pace_of(Int128 clock) { return static_cast<double>(clock) + 1e6; }

constexpr double kRoundedDown = 1.0 - 1e-9;
constexpr double kLongest = 1e30;  // of a part, so that it fits

}  // namespace

void DriftCascade::advance(std::uint32_t price, Int128 moved) {
  MEZZ_ASSERT(price < clocks_.size());
  MEZZ_ASSERT(moved >= 0);
  clocks_[price].now += moved;
}

void DriftCascade::push(Clock& clock, const Entry& entry) {
  if (clock.heap.size() >= clock.full) {
    std::erase_if(clock.heap, [&](const Entry& e) { return !is_live(e); });
    std::make_heap(clock.heap.begin(), clock.heap.end(), kLater);
    clock.full = 2 * clock.heap.size() + 64;
  }
  clock.heap.push_back(entry);
  std::push_heap(clock.heap.begin(), clock.heap.end(), kLater);
}

void DriftCascade::erase(AccountId account) {
  if (!contains(account)) return;
  Row& row = rows_[account.value];
  row.filed = false;
  ++row.stamp;
}

void DriftCascade::file(AccountId account, Money budget, std::span<const DriftExposure> exposures) {
  if (account.value >= rows_.size()) rows_.resize(account.value + 1U);
  Row& row = rows_[account.value];
  ++row.stamp;
  row.filed = true;
  double lost = 0.0;  // if every clock ran for its pace once more
  for (const DriftExposure& e : exposures) {
    MEZZ_ASSERT(e.price < clocks_.size());
    MEZZ_ASSERT(e.loss >= 0.0);
    lost += e.loss * pace_of(clocks_[e.price].now);
  }
  if (budget <= Money::zero() || lost <= 0.0) {
    push(clocks_.front(), {clocks_.front().now, account, row.stamp});
    return;
  }
  const double times = static_cast<double>(budget.micros) / lost * kRoundedDown;
  for (const DriftExposure& e : exposures) {
    if (e.loss == 0.0) continue;
    Clock& clock = clocks_[e.price];
    const double part = std::min(times * pace_of(clock.now), kLongest);
    push(clock, {clock.now + static_cast<Int128>(part), account, row.stamp});
  }
}

void DriftCascade::take_due(std::vector<AccountId>& out) {
  const auto begin = static_cast<std::ptrdiff_t>(out.size());
  for (Clock& clock : clocks_) {
    while (!clock.heap.empty() && clock.heap.front().until <= clock.now) {
      const Entry first = clock.heap.front();
      std::pop_heap(clock.heap.begin(), clock.heap.end(), kLater);
      clock.heap.pop_back();
      if (!is_live(first)) continue;
      out.push_back(first.account);
      erase(first.account);
    }
  }
  std::sort(out.begin() + begin, out.end());
}

void DriftCascade::collect_due(std::span<const Int128> moves, std::vector<AccountId>& out) const {
  MEZZ_ASSERT(moves.size() == clocks_.size());
  const auto begin = static_cast<std::ptrdiff_t>(out.size());
  std::vector<std::size_t> open;  // below an entry that is not due nobody is
  for (std::size_t i = 0; i < clocks_.size(); ++i) {
    const std::vector<Entry>& heap = clocks_[i].heap;
    const Int128 then = clocks_[i].now + moves[i];
    open.assign(heap.empty() ? 0 : 1, 0);
    while (!open.empty()) {
      const std::size_t at = open.back();
      open.pop_back();
      if (heap[at].until > then) continue;
      if (is_live(heap[at])) out.push_back(heap[at].account);
      for (const std::size_t child : {2 * at + 1, 2 * at + 2}) {
        if (child < heap.size()) open.push_back(child);
      }
    }
  }
  std::sort(out.begin() + begin, out.end());
  out.erase(std::unique(out.begin() + begin, out.end()), out.end());
}

void DriftCascade::clear() {
  for (Clock& clock : clocks_) clock.heap.clear();
  for (Row& row : rows_) {
    row.filed = false;
    ++row.stamp;
  }
}

}  // namespace mezz::liquidation

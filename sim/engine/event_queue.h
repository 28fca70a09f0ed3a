// The pending events, as a radix ladder on the integer time.
//
// Level k holds the events whose time differs from `base_` first in byte k, in 256 buckets of
// linked chunks; no width has to be guessed. To advance, the first bucket of the lowest level is
// taken: a short one is sorted into `bottom_` (descending, popped from its back); a long one is
// spread over lower levels first. Events that arrive for the stretch of time already in the bottom
// are inserted there while it is short, else they go to `late_`, a small 4-ary heap: without it,
// slot-quantised times with zero-delay cascades cost O(n) per insert (3 000 ns measured in the
// reference of this design). Cancelled events are remembered by order number in a small hash set,
// skipped when popped, and swept out when they outnumber the living.
//
// A plain binary heap is kept as second back-end, so that tests can demand the same order of both.
// Nothing is allocated per event once the pools have grown to their working size.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/check/assert.h"
#include "sim/engine/event.h"

namespace mezz {

// Open-addressing set of 64-bit numbers != 0. Order of iteration never matters: there is none.
class OrderSet {
 public:
  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] std::size_t size() const { return count_; }
  bool insert(std::uint64_t order);
  bool erase(std::uint64_t order);
  [[nodiscard]] bool contains(std::uint64_t order) const;
  void clear();

 private:
  [[nodiscard]] std::size_t home(std::uint64_t order) const;
  void grow();
  std::vector<std::uint64_t> table_;
  std::size_t count_ = 0;
};

enum class QueueKind : std::uint8_t { Ladder, Heap };

class EventQueue {
 public:
  explicit EventQueue(QueueKind kind = QueueKind::Ladder);

  // `event.time_ns` must not lie before the last popped event.
  void push(const Event& event);
  // The earliest living event, or nullptr. The pointer holds until the next call.
  [[nodiscard]] const Event* peek();
  // Removes what peek() returned.
  void pop();
  // A guess at the event `places` after the one peek() returned (late arrivals may come between):
  // nullptr when it is not sorted yet. Its payload slot may be stale once it is cancelled.
  [[nodiscard]] const Event* ahead(std::size_t places) const {
    return places < bottom_.size() ? &bottom_[bottom_.size() - 1 - places] : nullptr;
  }
  // How often a new stretch of time was sorted: then everything ahead() is new.
  [[nodiscard]] std::uint64_t stretches() const { return stretches_; }

  // False when the event has fired before. Disarms the handle; a copy of a handle must not be used
  // to cancel again.
  bool cancel(Timer& handle);
  [[nodiscard]] bool is_cancelled(std::uint64_t order) const { return cancelled_.contains(order); }

  [[nodiscard]] std::size_t size() const { return size_ - cancelled_.size(); }
  [[nodiscard]] std::size_t cancelled() const { return cancelled_.size(); }
  [[nodiscard]] std::size_t bytes() const;

  // All living events in firing order (for snapshots); the queue is unchanged.
  [[nodiscard]] std::vector<Event> sorted_events() const;
  // Cancelled events that were dropped since the last call: their payload slots can be reused.
  std::vector<std::uint32_t>& freed_slots() { return freed_slots_; }
  void clear(std::int64_t base);

 private:
  static constexpr int kLevels = 8;
  static constexpr std::uint32_t kNone = 0xFFFFFFFFU;
  static constexpr std::size_t kShort = 48;
  static constexpr std::uint32_t kPerChunk = 7;
  struct Chunk {
    std::uint32_t next = kNone;
    std::uint32_t count = 0;
    std::array<Event, kPerChunk> events;
  };
  struct Bucket {
    std::uint32_t head = kNone;
    std::uint32_t tail = kNone;
    std::uint32_t count = 0;
    // First and last time in it, kept at every push: finding them later would be one more pass.
    std::int64_t minimum = INT64_MAX;
    std::int64_t maximum = INT64_MIN;
  };
  struct Level {
    std::array<Bucket, 256> buckets;
    std::array<std::uint64_t, 4> occupied{};
  };

  void push_ladder(const Event& event);
  void push_bottom(const Event& event);
  void push_late(const Event& event);
  void pop_late();
  void push_bucket(const Event& event, std::uint64_t difference);
  bool advance();
  bool take_first_bucket();
  void spread(const Bucket& bucket);
  void prefetch(std::uint32_t chunk) const;
  void fill_bottom(const Bucket& bucket);
  std::uint32_t new_chunk();
  void free_chunk(std::uint32_t chunk);
  void drop(const Event& event);
  void sweep();
  void collect(std::vector<Event>& out) const;

  QueueKind kind_;
  std::int64_t base_ = 0;        // lower bound of every event in the levels
  std::int64_t bottom_end_ = 0;  // events before this time belong to bottom_ / late_
  std::vector<Level> levels_;
  std::uint32_t occupied_levels_ = 0;
  std::vector<Chunk> chunks_;
  std::uint32_t free_chunks_ = kNone;
  std::vector<Event> bottom_;  // descending
  std::vector<Event> late_;    // 4-ary heap; in the heap back-end, all events
  bool next_is_late_ = false;
  std::uint64_t stretches_ = 0;
  std::size_t size_ = 0;  // with cancelled ones
  OrderSet cancelled_;
  std::int64_t last_time_ =
      0;  // key of the last popped event: tells fired timers from pending ones
  std::uint64_t last_order_ = 0;
  std::vector<std::uint32_t> freed_slots_;
};

// ---- The path of every event, here so that the run loop and the senders inline it.

inline void EventQueue::push(const Event& event) {
  MEZZ_ASSERT(event.time_ns >= last_time_);
  ++size_;
  if (kind_ == QueueKind::Heap) {
    push_late(event);
  } else {
    push_ladder(event);
  }
}

inline void EventQueue::push_ladder(const Event& event) {
  if (event.time_ns < bottom_end_) {
    push_bottom(event);
    return;
  }
  push_bucket(event, static_cast<std::uint64_t>(event.time_ns) ^ static_cast<std::uint64_t>(base_));
}

inline void EventQueue::push_bucket(const Event& event, std::uint64_t difference) {
  const auto level_index =
      difference == 0 ? 0U : static_cast<unsigned>(63 - __builtin_clzll(difference)) / 8U;
  Level& level = levels_[level_index];
  const auto digit =
      static_cast<unsigned>(static_cast<std::uint64_t>(event.time_ns) >> (8 * level_index)) & 0xFFU;
  Bucket& bucket = level.buckets[digit];
  if (bucket.tail == kNone || chunks_[bucket.tail].count == kPerChunk) {
    const std::uint32_t chunk = new_chunk();
    if (bucket.tail == kNone) {
      bucket.head = chunk;
      level.occupied[digit / 64] |= 1ULL << (digit % 64);
      occupied_levels_ |= 1U << level_index;
    } else {
      chunks_[bucket.tail].next = chunk;
    }
    bucket.tail = chunk;
  }
  Chunk& chunk = chunks_[bucket.tail];
  chunk.events[chunk.count++] = event;
  ++bucket.count;
  if (event.time_ns < bucket.minimum) bucket.minimum = event.time_ns;
  if (event.time_ns > bucket.maximum) bucket.maximum = event.time_ns;
}

inline const Event* EventQueue::peek() {
  for (;;) {
    const Event* next = nullptr;
    if (kind_ == QueueKind::Ladder && bottom_.empty() && late_.empty() && !advance())
      return nullptr;
    next_is_late_ = bottom_.empty() || (!late_.empty() && before(late_.front(), bottom_.back()));
    if (next_is_late_) {
      if (late_.empty()) return nullptr;
      next = &late_.front();
    } else {
      next = &bottom_.back();
    }
    if (cancelled_.empty() || !cancelled_.erase(next->order)) return next;
    drop(*next);
    pop();
  }
}

inline void EventQueue::pop() {
  MEZZ_ASSERT(size_ > 0);
  const Event& event = next_is_late_ ? late_.front() : bottom_.back();
  last_time_ = event.time_ns;
  last_order_ = event.order;
  --size_;
  if (next_is_late_) {
    pop_late();
  } else {
    bottom_.pop_back();
  }
}

inline std::uint32_t EventQueue::new_chunk() {
  if (free_chunks_ == kNone) {
    chunks_.emplace_back();
    return static_cast<std::uint32_t>(chunks_.size() - 1);
  }
  const std::uint32_t index = free_chunks_;
  free_chunks_ = chunks_[index].next;
  chunks_[index].next = kNone;
  chunks_[index].count = 0;
  return index;
}

}  // namespace mezz

#include "sim/engine/event_queue.h"

#include <algorithm>
#include <bit>

#include "sim/check/assert.h"

namespace mezz {

// ---------------------------------------------------------------- OrderSet

std::size_t OrderSet::home(std::uint64_t order) const {
  const std::uint64_t spread = order * 0x9E3779B97F4A7C15ULL;
  return static_cast<std::size_t>(spread >> 32) & (table_.size() - 1);
}

bool OrderSet::contains(std::uint64_t order) const {
  if (count_ == 0) return false;
  for (std::size_t i = home(order); table_[i] != 0; i = (i + 1) & (table_.size() - 1)) {
    if (table_[i] == order) return true;
  }
  return false;
}

bool OrderSet::insert(std::uint64_t order) {
  MEZZ_ASSERT(order != 0);
  if ((count_ + 1) * 2 > table_.size()) grow();
  std::size_t i = home(order);
  for (; table_[i] != 0; i = (i + 1) & (table_.size() - 1)) {
    if (table_[i] == order) return false;
  }
  table_[i] = order;
  ++count_;
  return true;
}

bool OrderSet::erase(std::uint64_t order) {
  if (count_ == 0) return false;
  const std::size_t mask = table_.size() - 1;
  std::size_t i = home(order);
  while (table_[i] != order) {
    if (table_[i] == 0) return false;
    i = (i + 1) & mask;
  }
  // Backward-shift deletion keeps probe chains unbroken without tombstones.
  for (std::size_t j = (i + 1) & mask; table_[j] != 0; j = (j + 1) & mask) {
    const std::size_t wanted = home(table_[j]);
    if (((j - wanted) & mask) >= ((j - i) & mask)) {
      table_[i] = table_[j];
      i = j;
    }
  }
  table_[i] = 0;
  --count_;
  return true;
}

void OrderSet::clear() {
  std::fill(table_.begin(), table_.end(), 0);
  count_ = 0;
}

void OrderSet::grow() {
  std::vector<std::uint64_t> old(table_.empty() ? 64 : table_.size() * 2, 0);
  old.swap(table_);
  count_ = 0;
  for (const std::uint64_t order : old) {
    if (order != 0) insert(order);
  }
}

// ---------------------------------------------------------------- 4-ary heap on a vector

namespace {
void heap_push(std::vector<Event>& heap, const Event& event) {
  heap.push_back(event);
  std::size_t hole = heap.size() - 1;
  while (hole > 0) {
    const std::size_t parent = (hole - 1) / 4;
    if (!before(event, heap[parent])) break;
    heap[hole] = heap[parent];
    hole = parent;
  }
  heap[hole] = event;
}

void heap_pop(std::vector<Event>& heap) {
  const Event last = heap.back();
  heap.pop_back();
  if (heap.empty()) return;
  std::size_t hole = 0;
  for (;;) {
    const std::size_t first = hole * 4 + 1;
    if (first >= heap.size()) break;
    const std::size_t end = std::min(first + 4, heap.size());
    std::size_t least = first;
    for (std::size_t i = first + 1; i < end; ++i) {
      if (before(heap[i], heap[least])) least = i;
    }
    if (!before(heap[least], last)) break;
    heap[hole] = heap[least];
    hole = least;
  }
  heap[hole] = last;
}

bool later(const Event& a, const Event& b) { return before(b, a); }

// Short, nearly ordered runs are the normal case: insertion sort beats std::sort there.
void sort_descending(std::vector<Event>& events) {
  if (events.size() > 64) {
    if (std::is_sorted(events.begin(), events.end(), before)) {
      std::reverse(events.begin(), events.end());
    } else {
      std::sort(events.begin(), events.end(), later);
    }
    return;
  }
  std::reverse(events.begin(), events.end());
  for (std::size_t i = 1; i < events.size(); ++i) {
    if (!before(events[i - 1], events[i])) continue;
    const Event moving = events[i];
    std::size_t j = i;
    for (; j > 0 && before(events[j - 1], moving); --j) events[j] = events[j - 1];
    events[j] = moving;
  }
}
}  // namespace

// ---------------------------------------------------------------- EventQueue

EventQueue::EventQueue(QueueKind kind) : kind_(kind) {
  if (kind_ == QueueKind::Ladder) levels_.resize(kLevels);
}

void EventQueue::push_bottom(const Event& event) {
  if (bottom_.size() > kShort) {
    push_late(event);
    return;
  }
  bottom_.push_back(event);
  std::size_t i = bottom_.size() - 1;
  for (; i > 0 && before(bottom_[i - 1], event); --i) bottom_[i] = bottom_[i - 1];
  bottom_[i] = event;
}

void EventQueue::push_late(const Event& event) { heap_push(late_, event); }
void EventQueue::pop_late() { heap_pop(late_); }

// Moves the ladder forward until the bottom holds the next events. False when nothing is left.
bool EventQueue::advance() {
  while (bottom_.empty()) {
    if (!take_first_bucket()) return false;
  }
  return true;
}

bool EventQueue::take_first_bucket() {
  if (occupied_levels_ == 0) return false;
  const auto level_index = static_cast<unsigned>(std::countr_zero(occupied_levels_));
  Level& level = levels_[level_index];
  unsigned word = 0;
  while (level.occupied[word] == 0) ++word;
  const unsigned digit = word * 64 + static_cast<unsigned>(std::countr_zero(level.occupied[word]));
  level.occupied[word] &= level.occupied[word] - 1;
  if ((level.occupied[0] | level.occupied[1] | level.occupied[2] | level.occupied[3]) == 0) {
    occupied_levels_ &= ~(1U << level_index);
  }
  const Bucket bucket = level.buckets[digit];
  level.buckets[digit] = Bucket{};
  const unsigned shift = 8 * level_index;
  const std::uint64_t upper =
      level_index == 7 ? 0 : (static_cast<std::uint64_t>(base_) >> (shift + 8)) << (shift + 8);
  const std::uint64_t start = upper | (static_cast<std::uint64_t>(digit) << shift);
  const auto width = static_cast<std::int64_t>(1ULL << shift);
  if (bucket.count > kShort && bucket.minimum < bucket.maximum) {
    spread(bucket);
    return true;
  }
  base_ = static_cast<std::int64_t>(start);
  fill_bottom(bucket);
  // One bucket of the top level may end beyond the largest time: saturate.
  // The base stays inside the bucket: moved past its end it could carry into a byte above, and the
  // events waiting in that level would be overtaken.
  bottom_end_ = base_ > INT64_MAX - width ? INT64_MAX : base_ + width;
  return true;
}

// A long bucket with different times: its events move to the levels below. The base becomes its
// first time, so that one step goes straight to the byte in which the events really differ.
void EventQueue::spread(const Bucket& bucket) {
  base_ = bucket.minimum;
  bottom_end_ = bucket.minimum;
  prefetch(bucket.head);
  for (std::uint32_t index = bucket.head; index != kNone;) {
    const Chunk chunk = chunks_[index];
    prefetch(chunk.next);
    free_chunk(index);
    for (std::uint32_t i = 0; i < chunk.count; ++i) {
      const Event& event = chunk.events[i];
      push_bucket(event,
                  static_cast<std::uint64_t>(event.time_ns) ^ static_cast<std::uint64_t>(base_));
    }
    index = chunk.next;
  }
}

void EventQueue::fill_bottom(const Bucket& bucket) {
  for (std::uint32_t index = bucket.head; index != kNone;) {
    const Chunk& chunk = chunks_[index];
    bottom_.insert(bottom_.end(), chunk.events.begin(), chunk.events.begin() + chunk.count);
    const std::uint32_t next = chunk.next;
    free_chunk(index);
    index = next;
  }
  sort_descending(bottom_);
  ++stretches_;
}

// A chunk is reached through a list, which no hardware foresees: its lines are asked for one chunk
// ahead.
void EventQueue::prefetch(std::uint32_t chunk) const {
  if (chunk == kNone) return;
  const auto* lines = reinterpret_cast<const char*>(&chunks_[chunk]);
  for (std::size_t offset = 0; offset < sizeof(Chunk); offset += 64) {
    __builtin_prefetch(lines + offset);
  }
}

void EventQueue::free_chunk(std::uint32_t chunk) {
  chunks_[chunk].next = free_chunks_;
  free_chunks_ = chunk;
}

bool EventQueue::cancel(Timer& handle) {
  const Timer timer = handle;
  handle = Timer{};  // a second cancel of the same handle must find nothing
  if (!timer.armed()) return false;
  const bool fired =
      timer.time_ns < last_time_ || (timer.time_ns == last_time_ && timer.order <= last_order_);
  if (fired || !cancelled_.insert(timer.order)) return false;
  if (cancelled_.size() > 1024 && cancelled_.size() * 2 > size_) sweep();
  return true;
}

void EventQueue::drop(const Event& event) {
  if (event.slot != Event::kInline) freed_slots_.push_back(event.slot);
}

void EventQueue::collect(std::vector<Event>& out) const {
  out.insert(out.end(), bottom_.begin(), bottom_.end());
  out.insert(out.end(), late_.begin(), late_.end());
  for (const Level& level : levels_) {
    for (const Bucket& bucket : level.buckets) {
      for (std::uint32_t index = bucket.head; index != kNone; index = chunks_[index].next) {
        const Chunk& chunk = chunks_[index];
        out.insert(out.end(), chunk.events.begin(), chunk.events.begin() + chunk.count);
      }
    }
  }
}

std::vector<Event> EventQueue::sorted_events() const {
  std::vector<Event> events;
  events.reserve(size_);
  collect(events);
  std::erase_if(events, [this](const Event& e) { return cancelled_.contains(e.order); });
  std::sort(events.begin(), events.end(), before);
  return events;
}

// Rebuilds the queue without the cancelled events, so that dead timers never outnumber living ones.
void EventQueue::sweep() {
  std::vector<Event> events;
  events.reserve(size_);
  collect(events);
  const std::int64_t last_time = last_time_;
  const std::uint64_t last_order = last_order_;
  OrderSet cancelled;
  std::swap(cancelled, cancelled_);
  std::vector<std::uint32_t> freed;
  std::swap(freed, freed_slots_);
  clear(last_time);
  last_order_ = last_order;
  std::swap(freed, freed_slots_);
  for (const Event& event : events) {
    if (cancelled.contains(event.order)) {
      drop(event);
    } else {
      push(event);
    }
  }
}

void EventQueue::clear(std::int64_t base) {
  for (Level& level : levels_) {
    level.buckets.fill(Bucket{});
    level.occupied.fill(0);
  }
  occupied_levels_ = 0;
  chunks_.clear();
  free_chunks_ = kNone;
  bottom_.clear();
  late_.clear();
  cancelled_.clear();
  freed_slots_.clear();
  size_ = 0;
  base_ = base;
  bottom_end_ = base;
  last_time_ = base;
  last_order_ = 0;
}

std::size_t EventQueue::bytes() const {
  return levels_.capacity() * sizeof(Level) + chunks_.capacity() * sizeof(Chunk) +
         (bottom_.capacity() + late_.capacity()) * sizeof(Event);
}

}  // namespace mezz

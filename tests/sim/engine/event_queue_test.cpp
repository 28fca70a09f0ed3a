#include "sim/engine/event_queue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "sim/check/error.h"

namespace mezz {
namespace {

Event event_at(std::int64_t time, std::uint64_t sequence) {
  Event event;
  event.time_ns = time;
  event.order = sequence << 16;
  return event;
}

// A small generator for test inputs: splitmix64, public domain arithmetic.
struct SplitMix {
  std::uint64_t state;
  std::uint64_t next() {
    std::uint64_t z = (state += 0x9E3779B97F4A7C15ULL);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
  }
  std::int64_t below(std::int64_t n) {
    return static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(n));
  }
};

// The delays that break naive queues: none at all, slots, far horizons, milliseconds.
std::int64_t mixed_delay(SplitMix& random) {
  switch (random.below(6)) {
    case 0:
      return 0;
    case 1:
      return 2'000'000'000 - random.below(3);
    case 2:
      return random.below(604'800) * 1'000'000'000;
    case 3:
      return random.below(1'000'000);
    case 4:
      return 1;
    default:
      return random.below(50) * 12'000'000'000;
  }
}

std::vector<std::uint64_t> run_mixed(QueueKind kind, std::uint64_t seed, std::size_t pending,
                                     std::size_t events, bool cancel) {
  EventQueue queue(kind);
  SplitMix random{seed};
  std::uint64_t sequence = 0;
  std::vector<Timer> timers;
  for (std::size_t i = 0; i < pending; ++i) {
    const Event event = event_at(mixed_delay(random), ++sequence);
    queue.push(event);
    timers.push_back({event.time_ns, event.order});
  }
  std::vector<std::uint64_t> fired;
  while (fired.size() < events) {
    const Event* next = queue.peek();
    if (next == nullptr) break;
    const Event current = *next;
    queue.pop();
    fired.push_back(current.order);
    const std::int64_t children = random.below(8) == 0 ? 0 : 1 + random.below(2) / 1;
    for (std::int64_t c = 0; c < children && queue.size() < 2 * pending; ++c) {
      const Event event = event_at(current.time_ns + mixed_delay(random), ++sequence);
      queue.push(event);
      timers.push_back({event.time_ns, event.order});
    }
    if (cancel && random.below(2) == 0) {
      const auto pick =
          static_cast<std::size_t>(random.below(static_cast<std::int64_t>(timers.size())));
      queue.cancel(timers[pick]);
      timers[pick] = timers.back();
      timers.pop_back();
    }
  }
  return fired;
}

TEST(EventQueue, EqualTimesLeaveFirstInFirstOut) {
  EventQueue queue;
  for (std::uint64_t i = 1; i <= 1000; ++i) queue.push(event_at(12'000'000'000, i));
  for (std::uint64_t i = 1; i <= 1000; ++i) {
    ASSERT_NE(queue.peek(), nullptr);
    EXPECT_EQ(queue.peek()->sequence(), i);
    queue.pop();
  }
  EXPECT_EQ(queue.peek(), nullptr);
}

TEST(EventQueue, LadderAndHeapFireInTheSameOrder) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto ladder = run_mixed(QueueKind::Ladder, seed, 3'000, 20'000, false);
    const auto heap = run_mixed(QueueKind::Heap, seed, 3'000, 20'000, false);
    ASSERT_EQ(ladder, heap) << "seed " << seed;
    ASSERT_GT(ladder.size(), 3'000U);
  }
}

TEST(EventQueue, LadderAndHeapAgreeWhenTimersAreCancelled) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    ASSERT_EQ(run_mixed(QueueKind::Ladder, seed, 5'000, 20'000, true),
              run_mixed(QueueKind::Heap, seed, 5'000, 20'000, true))
        << "seed " << seed;
  }
}

TEST(EventQueue, OrderIsTotalWhateverTheInsertionOrder) {
  SplitMix random{7};
  std::vector<Event> events;
  for (std::uint64_t i = 1; i <= 5'000; ++i) events.push_back(event_at(mixed_delay(random), i));
  std::vector<Event> shuffled = events;
  for (std::size_t i = shuffled.size() - 1; i > 0; --i) {
    std::swap(shuffled[i],
              shuffled[static_cast<std::size_t>(random.below(static_cast<std::int64_t>(i + 1)))]);
  }
  std::sort(events.begin(), events.end(), before);
  EventQueue queue;
  for (const Event& event : shuffled) queue.push(event);
  for (const Event& expected : events) {
    ASSERT_EQ(queue.peek()->order, expected.order);
    queue.pop();
  }
}

TEST(EventQueue, CancelledEventNeverFires) {
  EventQueue queue;
  queue.push(event_at(10, 1));
  queue.push(event_at(20, 2));
  Timer timer{10, 1ULL << 16};
  EXPECT_TRUE(queue.cancel(timer));
  EXPECT_FALSE(timer.armed());
  EXPECT_EQ(queue.size(), 1U);
  EXPECT_EQ(queue.peek()->sequence(), 2U);
}

TEST(EventQueue, CancellingAFiredEventDoesNothing) {
  EventQueue queue;
  queue.push(event_at(10, 1));
  queue.push(event_at(10, 2));
  ASSERT_NE(queue.peek(), nullptr);
  queue.pop();
  Timer fired{10, 1ULL << 16};
  EXPECT_FALSE(queue.cancel(fired));
  Timer none;
  EXPECT_FALSE(queue.cancel(none));
  EXPECT_EQ(queue.size(), 1U);
}

TEST(EventQueue, DeadTimersAreSweptOut) {
  EventQueue queue;
  for (std::uint64_t i = 1; i <= 100'000; ++i) {
    queue.push(event_at(static_cast<std::int64_t>(i) * 1'000, i));
    Timer timer{static_cast<std::int64_t>(i) * 1'000, i << 16};
    if (i % 10 != 0) {
      ASSERT_TRUE(queue.cancel(timer));
    }
  }
  EXPECT_EQ(queue.size(), 10'000U);
  EXPECT_LT(queue.cancelled(), 12'000U);  // at most about as many dead as living
  std::uint64_t expected = 10;
  for (const Event* next = queue.peek(); next != nullptr; next = queue.peek(), expected += 10) {
    ASSERT_EQ(next->sequence(), expected);
    queue.pop();
  }
  EXPECT_EQ(expected, 100'010U);
}

TEST(EventQueue, SortedEventsListsWhatWillFire) {
  EventQueue queue;
  SplitMix random{3};
  for (std::uint64_t i = 1; i <= 2'000; ++i) queue.push(event_at(mixed_delay(random), i));
  for (int i = 0; i < 500; ++i) {
    ASSERT_NE(queue.peek(), nullptr);
    queue.pop();
  }
  const std::vector<Event> listed = queue.sorted_events();
  ASSERT_EQ(listed.size(), 1'500U);
  for (const Event& event : listed) {
    ASSERT_EQ(queue.peek()->order, event.order);
    queue.pop();
  }
}

TEST(EventQueue, PushIntoThePastIsOurBug) {
  EventQueue queue;
  queue.push(event_at(10, 1));
  ASSERT_NE(queue.peek(), nullptr);
  queue.pop();
  EXPECT_THROW(queue.push(event_at(9, 2)), AssertionFailure);
}

TEST(EventQueue, LargestTimesAreAccepted) {
  EventQueue queue;
  queue.push(event_at(INT64_MAX, 2));
  queue.push(event_at(INT64_MAX - 1, 1));
  queue.push(event_at(INT64_MAX, 3));
  for (std::uint64_t expected = 1; expected <= 3; ++expected) {
    ASSERT_NE(queue.peek(), nullptr);
    EXPECT_EQ(queue.peek()->sequence(), expected);
    queue.pop();
  }
}

}  // namespace
}  // namespace mezz

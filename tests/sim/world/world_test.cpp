#include "sim/world/world.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <new>
#include <thread>

#include "sim/check/error.h"
#include "sim/random/distribution.h"

namespace {
std::size_t allocations = 0;
}
void* operator new(std::size_t bytes) {
  ++allocations;
  if (void* memory = std::malloc(bytes)) return memory;
  throw std::bad_alloc();
}
// Not inlined: gcc would see new paired with free().
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace mezz {
namespace {

struct Wake {
  std::uint32_t row;
};
struct Parcel {  // larger than the inline payload
  std::uint64_t words[5];
};

class Sink {
 public:
  virtual ~Sink() = default;
  virtual void on(Context& ctx, const Parcel& parcel) = 0;
};

struct CrowdParams {
  std::uint32_t rows = 100;
  Duration mean = 10_ms;
  void visit(auto& v) {
    v("rows", rows);
    v("mean", mean);
  }
};

// Wakes rows at random, sends parcels, re-arms and cancels timers: a little of everything.
class Crowd final : public EntityOf<Crowd, CrowdParams, Sink> {
 public:
  using EntityOf::EntityOf;
  void meet(Ref<Sink> other) { other_ = other; }
  void on(Context& ctx, const Start&) {
    timers_.resize(params().rows);
    for (std::uint32_t row = 0; row < params().rows; ++row) arm(ctx, row);
  }
  void on(Context& ctx, const Wake& wake) {
    ++wakes_;
    if (rng().chance(20_percent)) ctx.send(other_, Parcel{{wake.row, wakes_, 3, 4, 5}});
    arm(ctx, wake.row);
    const auto victim = static_cast<std::uint32_t>(rng().below(params().rows));
    if (rng().chance(30_percent) && ctx.cancel(timers_[victim])) arm(ctx, victim);
  }
  void on(Context& ctx, const Parcel& parcel) override {
    sum_ += parcel.words[1];
    ctx.add_to_fingerprint(sum_);
  }
  void visit_state(auto& v) {
    v("timers", timers_);
    v("wakes", wakes_);
    v("sum", sum_);
  }

 private:
  void arm(Context& ctx, std::uint32_t row) {
    const Duration delay = exponential(rng(), params().mean);
    timers_[row] = after(ctx, delay, Wake{row});
  }
  Ref<Sink> other_;
  std::vector<Timer> timers_;
  std::uint64_t wakes_ = 0;
  std::uint64_t sum_ = 0;
};

struct TwoCrowds {
  World world;
  Ref<Crowd> a;
  Ref<Crowd> b;
  explicit TwoCrowds(std::uint64_t seed, QueueKind queue = QueueKind::Ladder)
      : world({.seed = seed, .queue = queue}) {
    world.place("here");
    a = world.add<Crowd>("a", {.rows = 200});
    world.place("there");
    b = world.add<Crowd>("b", {.rows = 50, .mean = 1_ms});
    world.get(a).meet(b);
    world.get(b).meet(a);
    world.link("here", "there",
               {.delay = {.kind = DelayKind::Exponential, .mean = 5_ms}, .loss = 1_percent});
    world.start();
  }
};

TEST(World, SameSeedSameFingerprint) {
  TwoCrowds one(7);
  TwoCrowds two(7);
  TwoCrowds other(8);
  one.world.run(Time::zero() + 5_s);
  two.world.run(Time::zero() + 5_s);
  other.world.run(Time::zero() + 5_s);
  EXPECT_GT(one.world.engine().dispatched(), 100'000U);
  EXPECT_EQ(one.world.engine().fingerprint(), two.world.engine().fingerprint());
  EXPECT_NE(one.world.engine().fingerprint(), other.world.engine().fingerprint());
}

TEST(World, QueueBackEndsGiveTheSameRun) {
  TwoCrowds ladder(7, QueueKind::Ladder);
  TwoCrowds heap(7, QueueKind::Heap);
  ladder.world.run(Time::zero() + 5_s);
  heap.world.run(Time::zero() + 5_s);
  EXPECT_EQ(ladder.world.engine().fingerprint(), heap.world.engine().fingerprint());
}

TEST(World, RunningInSlicesIsRunningAtOnce) {
  TwoCrowds whole(7);
  TwoCrowds sliced(7);
  whole.world.run(Time::zero() + 2_s);
  while (sliced.world.run(Time::zero() + 2_s, 1'000) == StopReason::SliceDone) {
  }
  EXPECT_EQ(whole.world.engine().fingerprint(), sliced.world.engine().fingerprint());
  EXPECT_EQ(sliced.world.engine().now(), Time::zero() + 2_s);
}

TEST(World, RestoredRunIsTheUninterruptedRun) {
  TwoCrowds whole(11);
  whole.world.run(Time::zero() + 4_s);
  TwoCrowds first(11);
  first.world.run(Time::zero() + 2_s);
  const std::vector<std::byte> snapshot = first.world.save();
  TwoCrowds second(11);
  second.world.restore(snapshot);
  EXPECT_EQ(second.world.save(), snapshot);  // save(load(x)) == x, byte for byte
  second.world.run(Time::zero() + 4_s);
  EXPECT_EQ(second.world.engine().fingerprint(), whole.world.engine().fingerprint());
  EXPECT_EQ(second.world.engine().dispatched(), whole.world.engine().dispatched());
  EXPECT_EQ(second.world.save(), whole.world.save());
}

TEST(World, DamagedSnapshotIsRefused) {
  TwoCrowds source(3);
  source.world.run(Time::zero() + 100_ms);
  std::vector<std::byte> snapshot = source.world.save();
  for (const std::size_t length :
       {std::size_t{0}, std::size_t{7}, snapshot.size() / 2, snapshot.size() - 1}) {
    TwoCrowds target(3);
    const std::vector<std::byte> cut(snapshot.begin(),
                                     snapshot.begin() + static_cast<std::ptrdiff_t>(length));
    EXPECT_THROW(target.world.restore(cut), ScenarioError) << "cut to " << length;
  }
  snapshot.push_back(std::byte{0});
  TwoCrowds target(3);
  EXPECT_THROW(target.world.restore(snapshot), ScenarioError);
}

TEST(World, SteadyStateDoesNotAllocate) {
  TwoCrowds crowds(5);
  crowds.world.run(Time::zero() + 3_s);  // pools reach their working size
  const std::size_t before_run = allocations;
  const std::uint64_t events = crowds.world.engine().dispatched();
  crowds.world.run(Time::zero() + 6_s);
  EXPECT_GT(crowds.world.engine().dispatched() - events, 100'000U);
  EXPECT_LE(allocations - before_run, 8U);  // now and then a vector doubles
}

TEST(World, AddingAnEntityDoesNotShiftTheOthersDraws) {
  World small({.seed = 4});
  const Ref<Crowd> alone = small.add<Crowd>("a", {.rows = 1});
  World large({.seed = 4});
  large.add<Crowd>("newcomer", {.rows = 5});
  const Ref<Crowd> among = large.add<Crowd>("a", {.rows = 1});
  (void)alone;
  (void)among;
  Stream one = Site{.path = "a", .seed = 4}.stream("main");
  Stream two = Site{.id = EntityId{1}, .path = "a", .seed = 4}.stream("main");
  EXPECT_EQ(one.bits64(), two.bits64());
}

TEST(World, TwoWorldsOnTwoThreadsDoNotTouch) {
  TwoCrowds reference(21);
  reference.world.run(Time::zero() + 2_s);
  std::uint64_t prints[2] = {0, 1};
  const auto work = [](std::uint64_t* out) {
    TwoCrowds crowds(21);
    crowds.world.run(Time::zero() + 2_s);
    *out = crowds.world.engine().fingerprint();
  };
  std::thread first(work, &prints[0]);
  std::thread second(work, &prints[1]);
  first.join();
  second.join();
  EXPECT_EQ(prints[0], reference.world.engine().fingerprint());
  EXPECT_EQ(prints[1], reference.world.engine().fingerprint());
}

TEST(World, LossyLinkLosesItsShare) {
  class Counter final : public EntityOf<Counter, NoParams, Sink> {
   public:
    using EntityOf::EntityOf;
    void on(Context&, const Parcel&) override { ++count; }
    int count = 0;
  };
  class Sender final : public EntityOf<Sender, NoParams> {
   public:
    Sender(const Site& site, const NoParams& p, Ref<Sink> to) : EntityOf(site, p), to_(to) {}
    void on(Context& ctx, const Start&) {
      for (int i = 0; i < 10'000; ++i) ctx.send(to_, Parcel{});
    }

   private:
    Ref<Sink> to_;
  };
  World world({.seed = 1});
  world.place("a");
  const Ref<Counter> counter = world.add<Counter>("counter", {});
  world.place("b");
  world.add<Sender>("sender", {}, counter);
  world.link("b", "a", {.loss = 25_percent});
  world.start();
  world.run(Time::zero() + 1_s);
  EXPECT_NEAR(world.get(counter).count, 7'500,
              173);  // 4 standard deviations of Binomial(10^4, 3/4)
}

TEST(World, DescribesTheEventThatRuns) {
  TwoCrowds crowds(2);
  crowds.world.run(Time::zero() + 1_s, 300);
  const std::string text = crowds.world.describe_current_event();
  EXPECT_NE(text.find("event 299 at"), std::string::npos) << text;
  EXPECT_NE(text.find("to "), std::string::npos) << text;
}

}  // namespace
}  // namespace mezz

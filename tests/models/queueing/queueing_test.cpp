#include <gtest/gtest.h>

#include "models/queueing/batcher.h"
#include "models/queueing/server.h"
#include "models/queueing/source.h"
#include "sim/check/error.h"
#include "sim/world/world.h"

namespace mezz::queueing {
namespace {

class Log final : public EntityOf<Log, NoParams, ServiceObserver> {
 public:
  using EntityOf::EntityOf;
  void on(Context&, const Served& served) override { served_.push_back(served); }
  void on(Context&, const BatchPosted& posted) override { batches_.push_back(posted); }
  std::vector<Served> served_;
  std::vector<BatchPosted> batches_;
  void visit_state(auto& v) {
    v("served", served_);
    v("batches", batches_);
  }
};

constexpr Time at(Duration d) { return Time::zero() + d; }

struct Queue {
  World world{{.seed = 3}};
  Ref<Log> log = world.add<Log>("log", NoParams{});
  Ref<Server> server;
  explicit Queue(const ServerParams& p) { server = world.add<Server>("server", p, log); }
  void source(const std::string& name, const SourceParams& p) {
    world.add<Source>(name, p, server);
  }
  const std::vector<Served>& run(Duration until) {
    world.start();
    world.run(at(until));
    return world.get(log).served_;
  }
};

DelayDistribution every(Duration d) { return DelayDistribution::constant(d); }

// Arrivals at 1, 2, 3 s, service 1.5 s: served 1-2.5, 2.5-4, 4-5.5.
TEST(Server, ServesOneAfterTheOther) {
  Queue q({.service = every(1'500_ms)});
  q.source("s", {.interval = every(1_s), .count = 3});
  const auto& served = q.run(10_s);
  ASSERT_EQ(served.size(), 3U);
  EXPECT_EQ(served[1].begun, at(2'500_ms));
  EXPECT_EQ(served[2].begun - served[2].arrived, 1_s);
  EXPECT_EQ(served[2].finished, at(5'500_ms));
}

TEST(Server, TwoServersWorkAtOnce) {
  Queue q({.servers = 2, .service = every(1'500_ms)});
  q.source("s", {.interval = every(1_s), .count = 3});
  for (const Served& s : q.run(10_s)) EXPECT_EQ(s.begun, s.arrived);
}

// Both arrive while the first is served; the urgent one overtakes only under Priority.
TEST(Server, PriorityOvertakesTheQueueButNotTheService) {
  for (const bool priority : {false, true}) {
    Queue q(
        {.discipline = priority ? Discipline::Priority : Discipline::Fifo, .service = every(4_s)});
    q.source("patient", {.interval = every(1_s), .count = 2, .priority = 1});
    q.source("urgent", {.interval = every(2'500_ms), .count = 1});
    const auto& served = q.run(60_s);
    ASSERT_EQ(served.size(), 3U);
    EXPECT_EQ(served[0].item.priority, 1U);
    EXPECT_EQ(served[1].item.priority, priority ? 0U : 1U);
  }
}

// Vacations of 3 s from time 0: the item of 1 s waits until 3; empty at 3.5 s, away until 6.5 s.
TEST(Server, VacationEndsBeforeServiceBegins) {
  Queue q({.service = every(500_ms), .vacation = every(3_s)});
  q.source("s", {.interval = every(1_s), .count = 4});
  const auto& served = q.run(60_s);
  ASSERT_EQ(served.size(), 4U);
  EXPECT_EQ(served[0].begun, at(3_s));
  EXPECT_EQ(served[1].begun, at(3'500_ms));
  EXPECT_EQ(served[2].begun, at(4_s));       // arrived at 3 s
  EXPECT_EQ(served[3].begun, at(4'500_ms));  // arrived at 4 s, before the queue was empty
}

TEST(Server, ManyServersCannotGoOnVacation) {
  World world({});
  const Ref<Log> log = world.add<Log>("log", NoParams{});
  EXPECT_THROW(world.add<Server>("s", {.servers = 2, .vacation = every(1_s)}, log), ScenarioError);
}

TEST(BatchTrigger, HybridIsDueByAgeOfTheFirst) {
  BatchTrigger trigger({.kind = TriggerKind::Hybrid, .size = 3, .interval = 10_s});
  EXPECT_FALSE(trigger.deadline().happened());
  EXPECT_FALSE(trigger.add(at(4_s)));
  EXPECT_FALSE(trigger.add(at(5_s)));
  EXPECT_EQ(trigger.deadline(), at(14_s));
  EXPECT_TRUE(trigger.add(at(6_s)));
  trigger.clear();
  EXPECT_FALSE(trigger.deadline().happened());
}

TEST(BatchTrigger, TimeIsDueAtTheNextMultiple) {
  BatchTrigger trigger({.kind = TriggerKind::Time, .interval = 12_s});
  EXPECT_FALSE(trigger.add(at(12_s)));  // exactly at a posting: the next one
  EXPECT_EQ(trigger.deadline(), at(24_s));
}

struct Batches {
  World world{{.seed = 3}};
  Ref<Log> log = world.add<Log>("log", NoParams{});
  Ref<Batcher> batcher;
  explicit Batches(const BatchTriggerParams& p, Duration interval, std::int64_t count) {
    batcher = world.add<Batcher>("batcher", p, log);
    world.add<Source>("s", {.interval = every(interval), .count = count}, batcher);
    world.start();
  }
};

// Items at 4, 8, 12, ... s: two fill a batch; the fifth alone is posted 10 s after it came.
TEST(Batcher, PostsFullBatchesAndOldOnes) {
  Batches b({.kind = TriggerKind::Hybrid, .size = 2, .interval = 10_s}, 4_s, 5);
  b.world.run(at(60_s));
  const auto& batches = b.world.get(b.log).batches_;
  ASSERT_EQ(batches.size(), 3U);
  EXPECT_EQ(batches[0].posted, at(8_s));
  EXPECT_EQ(batches[1].posted, at(16_s));
  EXPECT_EQ(batches[2].posted, at(30_s));
  EXPECT_EQ(batches[2].count, 1);
}

TEST(Queueing, RestoredRunIsTheUninterruptedRun) {
  const auto build = [](World& world) {
    const Ref<Log> log = world.add<Log>("log", NoParams{});
    const Ref<Server> server = world.add<Server>(
        "server", {.servers = 1, .vacation = DelayDistribution::exponential(2_s)}, log);
    const Ref<Batcher> batcher = world.add<Batcher>("batcher", {.size = 7}, log);
    world.add<Source>("a", {.interval = DelayDistribution::exponential(1'200_ms)}, server);
    world.add<Source>("b", {.interval = DelayDistribution::exponential(1_s)}, batcher);
    world.start();
  };
  World whole({.seed = 5});
  build(whole);
  whole.run(at(200_s));
  World first({.seed = 5});
  build(first);
  first.run(at(90_s));
  World second({.seed = 5});
  build(second);
  second.restore(first.save());
  second.run(at(200_s));
  EXPECT_EQ(second.engine().fingerprint(), whole.engine().fingerprint());
}

}  // namespace
}  // namespace mezz::queueing

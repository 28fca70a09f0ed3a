// clang-format off: the comment holds code
// Mezzanine's laboratory: include this to write a model. This comment is the tutorial; its code is
// compiled and run by tests/sim/world/tutorial_test.cpp.
//
// 1. A message is a small struct, at most 48 bytes, without padding, pointers or doubles:
//
//      struct Ping { std::uint64_t number; };
//      struct Pong { std::uint64_t number; };
//
// 2. A role says what can be sent to whom. It is an abstract class with one on() per message:
//
//      class Answering {
//       public:
//        virtual ~Answering() = default;
//        virtual void on(Context& ctx, const Pong& pong) = 0;
//      };
//
// 3. Parameters are described once; scenario file, command line and schema follow from it:
//
//      struct EchoParams {
//        Duration thinking = 3_ms;
//        void visit(auto& v) { v("thinking", thinking, {.doc = "Time before the answer"}); }
//      };
//
// 4. An entity is parameters, state and on() functions. It only decides and sends:
//
//      class Echo final : public EntityOf<Echo, EchoParams> {
//       public:
//        Echo(const Site& site, const EchoParams& p) : EntityOf(site, p) {}
//        void answer_to(Ref<Answering> caller) { caller_ = caller; }   // wiring, while building
//        void on(Context& ctx, const Ping& ping) {
//          ++heard_;
//          ctx.send_after(params().thinking, caller_, Pong{ping.number});
//        }
//        std::uint64_t heard() const { return heard_; }
//        void visit_state(auto& v) { v("heard", heard_); }   // state, for snapshots
//       private:
//        Ref<Answering> caller_;
//        std::uint64_t heard_ = 0;
//      };
//
//      class Caller final : public EntityOf<Caller, NoParams, Answering> {
//       public:
//        Caller(const Site& site, const NoParams& p, Ref<Echo> echo)
//            : EntityOf(site, p), echo_(echo) {}
//        void on(Context& ctx, const Start&) { ctx.send(echo_, Ping{1}); }
//        void on(Context& ctx, const Pong& pong) override {
//          if (pong.number < 10) ctx.send(echo_, Ping{pong.number + 1});
//        }
//       private:
//        Ref<Echo> echo_;
//      };
//
// 5. A world is built, started and run. Latency belongs to the wire between two places:
//
//      World world({.seed = 42});
//      world.place("server");
//      const Ref<Echo> echo = world.add<Echo>("echo", EchoParams{});
//      world.place("client");
//      const Ref<Caller> caller = world.add<Caller>("caller", NoParams{}, echo);
//      world.get(echo).answer_to(caller);
//      world.link("client", "server", {.delay = {.kind = DelayKind::Constant, .mean = 10_ms}});
//      world.start();
//      world.run(Time::zero() + 1_s);    // the tenth pong arrived at 130 ms
//
// Rules that keep the promise "same scenario and seed, same fingerprint": all randomness through
// rng() or a named stream; all time through ctx.now(); ties broken by id, in code; elementary
// functions from sim/numeric; integers for money, time and books.
// clang-format on
#pragma once

#include "sim/check/assert.h"
#include "sim/engine/context.h"
#include "sim/engine/entity.h"
#include "sim/engine/link.h"
#include "sim/engine/ref.h"
#include "sim/random/distribution.h"
#include "sim/random/stream.h"
#include "sim/types/id.h"
#include "sim/types/money.h"
#include "sim/types/price.h"
#include "sim/types/quantity.h"
#include "sim/types/ratio.h"
#include "sim/types/time.h"
#include "sim/types/wei.h"
#include "sim/world/world.h"

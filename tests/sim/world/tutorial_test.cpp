// The program in the head comment of sim/sim.h, word for word, run as a test.
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "sim/sim.h"

namespace mezz {
namespace {

struct Ping {
  std::uint64_t number;
};
struct Pong {
  std::uint64_t number;
};

class Answering {
 public:
  virtual ~Answering() = default;
  virtual void on(Context& ctx, const Pong& pong) = 0;
};

struct EchoParams {
  Duration thinking = 3_ms;
  void visit(auto& v) { v("thinking", thinking, {.doc = "Time before the answer"}); }
};

class Echo final : public EntityOf<Echo, EchoParams> {
 public:
  Echo(const Site& site, const EchoParams& p) : EntityOf(site, p) {}
  void answer_to(Ref<Answering> caller) { caller_ = caller; }
  void on(Context& ctx, const Ping& ping) {
    ++heard_;
    ctx.send_after(params().thinking, caller_, Pong{ping.number});
  }
  std::uint64_t heard() const { return heard_; }
  void visit_state(auto& v) { v("heard", heard_); }

 private:
  Ref<Answering> caller_;
  std::uint64_t heard_ = 0;
};

class Caller final : public EntityOf<Caller, NoParams, Answering> {
 public:
  Caller(const Site& site, const NoParams& p, Ref<Echo> echo) : EntityOf(site, p), echo_(echo) {}
  void on(Context& ctx, const Start&) { ctx.send(echo_, Ping{1}); }
  void on(Context& ctx, const Pong& pong) override {
    if (pong.number < 10) ctx.send(echo_, Ping{pong.number + 1});
    last_ = ctx.now();
  }
  Time last_;

 private:
  Ref<Echo> echo_;
};

TEST(Tutorial, TenPingsTakeTenTripsAndTenThoughts) {
  World world({.seed = 42});
  world.place("server");
  const Ref<Echo> echo = world.add<Echo>("echo", EchoParams{});
  world.place("client");
  const Ref<Caller> caller = world.add<Caller>("caller", NoParams{}, echo);
  world.get(echo).answer_to(caller);
  world.link("client", "server", {.delay = {.kind = DelayKind::Constant, .mean = 10_ms}});
  world.start();
  world.run(Time::zero() + 1_s);
  EXPECT_EQ(world.get(echo).heard(), 10U);
  EXPECT_EQ(world.get(caller).last_, Time::zero() + 130_ms);  // 10 x (10 ms wire + 3 ms thinking)
}

// The comment may not drift from the code above: its lines are searched in this very file.
TEST(Tutorial, CommentIsThisProgram) {
  std::ifstream header(MEZZ_SOURCE_DIR "/sim/sim.h");
  std::ifstream source(MEZZ_SOURCE_DIR "/tests/sim/world/tutorial_test.cpp");
  const auto squeezed = [](std::istream& in) {
    std::string text;
    for (std::string line; std::getline(in, line);) {
      const auto comment = line.find("  // ");
      if (comment != std::string::npos && comment > 4) line.erase(comment);
      for (const char c : line) {
        if (c != ' ' && c != '\t') text += c;
      }
    }
    return text;
  };
  const std::string program = squeezed(source);
  int checked = 0;
  for (std::string line; std::getline(header, line) && line.starts_with("//");) {
    if (!line.starts_with("//      ")) continue;
    std::string code = line.substr(8);
    if (const auto comment = code.find("  //"); comment != std::string::npos) code.erase(comment);
    std::erase(code, ' ');
    ASSERT_NE(program.find(code), std::string::npos)
        << "sim.h shows a line the test lacks: " << line;
    ++checked;
  }
  EXPECT_GT(checked, 40);
}

}  // namespace
}  // namespace mezz

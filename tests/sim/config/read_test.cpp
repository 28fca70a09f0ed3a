#include "sim/config/read.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>

#include "tests/sim/config/sample.h"

namespace mezz::config {
namespace {

using config_test::error_of;
using config_test::read_sample;
using config_test::Sample;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Read, FillsEveryKindOfField) {
  const Sample s = read_sample(R"(
title = "mine"
design = "state_channel"
open = false
seed = 5
offset = -9
small = 255
accounts = 10_000_000
volatility = 1
window = "12 h"
until = "2 d"
equity = "20 kUSD"
clip = "-4 lots"
tick = "7 ticks"
delay = "3 s"
cap = "none"
note = "none"
steps = ["1 s", "0.5 h"]
flags = []
designs = ["zk_rollup", "optimistic_rollup"]
fees = {base = "1 wei", bond = "999 ETH", block = "1 Mgas", taker = -0.0002}
[extra]
taker = 0
[[shock]]
at = "5 min"
levels = ["50 %", 0.25, 1]
[[shock]]
kind = "reorg"
)");
  EXPECT_EQ(s.title, "mine");
  EXPECT_EQ(s.design, Design::StateChannel);
  EXPECT_FALSE(s.open);
  EXPECT_EQ(s.seed, 5U);
  EXPECT_EQ(s.offset, -9);
  EXPECT_EQ(s.small, 255);
  EXPECT_EQ(s.accounts, 10'000'000U);
  EXPECT_EQ(s.volatility, 1.0);
  EXPECT_EQ(s.window, 12_h);
  EXPECT_EQ(s.until, Time::zero() + 2_d);
  EXPECT_EQ(s.equity, 20'000_usd);
  EXPECT_EQ(s.clip, Quantity{-4});
  EXPECT_EQ(s.tick, 7_ticks);
  EXPECT_EQ(s.delay, 3_s);
  EXPECT_EQ(s.cap, std::nullopt);
  EXPECT_EQ(s.note, "none");
  EXPECT_THAT(s.steps, ElementsAre(1_s, 30_min));
  EXPECT_TRUE(s.flags.empty());
  EXPECT_THAT(s.designs, ElementsAre(Design::ZkRollup, Design::OptimisticRollup));
  EXPECT_EQ(s.fees.base.wei_per_gas, 1);
  EXPECT_EQ(s.fees.bond, 999_eth);
  EXPECT_EQ(s.fees.taker, Ratio{-200'000});
  ASSERT_TRUE(s.extra.has_value());
  EXPECT_EQ(s.extra->taker, Ratio::zero());
  ASSERT_EQ(s.shock.size(), 2U);
  EXPECT_EQ(s.shock[0].at, 5_min);
  EXPECT_THAT(s.shock[0].levels, ElementsAre(50_percent, 25_percent, 100_percent));
  EXPECT_EQ(s.shock[1].at, 10_min);
  EXPECT_EQ(s.shock[1].kind, "reorg");
}

TEST(Read, WhatIsNotSetKeepsItsDefault) {
  const Sample s = read_sample("title = \"only\"\n");
  EXPECT_EQ(s.window, 7_d);
  EXPECT_EQ(s.seed, UINT64_MAX);
  EXPECT_EQ(s.cap, 5_usd);
}

TEST(Read, RecordsOriginsByPath) {
  Origins origins;
  read_sample("seed = 1\n[fees]\nbase = \"1 wei\"\n[[shock]]\nat = \"1 s\"\n", &origins);
  EXPECT_EQ(to_text(origins.at("seed")), "s.toml:1");
  EXPECT_EQ(to_text(origins.at("fees.base")), "s.toml:3");
  EXPECT_EQ(to_text(origins.at("shock[0].at")), "s.toml:5");
  EXPECT_EQ(origins.count("window"), 0U);
}

TEST(Read, KeysReadElsewhereAreAllowedOnlyWhenListed) {
  const Document document = load_text("title = \"t\"\nsweep = {x = 1}\n", "s.toml");
  Sample s;
  EXPECT_THAT(error_of([&] { read(document.root, s, ""); }), HasSubstr("sweep: unknown key"));
  read(document.root, s, "", {.elsewhere = {"sweep"}});
  EXPECT_EQ(s.title, "t");
}

TEST(Read, AnErrorLeavesTheParametersAlone) {
  Sample s;
  const Document document = load_text("title = \"changed\"\nwindow = 5\n", "s.toml");
  EXPECT_THROW(read(document.root, s), ScenarioError);
  EXPECT_EQ(s.title, Sample{}.title);
}

TEST(Read, TheUpperHalfOf64BitsIsWrittenAsAString) {
  EXPECT_EQ(read_sample("seed = \"18446744073709551615\"\n").seed, UINT64_MAX);
  EXPECT_THAT(error_of([] { read_sample("seed = \"18446744073709551616\"\n"); }),
              HasSubstr("is too large"));
  EXPECT_THAT(error_of([] { read_sample("offset = \"9223372036854775808\"\n"); }),
              HasSubstr("must be at most 9223372036854775807"));
  EXPECT_THAT(error_of([] { read_sample("seed = \"5\"\n"); }), HasSubstr("expected an integer"));
}

struct Twice {
  int a = 0;
  int b = 0;
  void visit(auto& v) {
    v("same", a);
    v("same", b);
  }
};

TEST(Read, TwoParametersOfOneNameAreOurBug) {
  Twice twice;
  EXPECT_THROW(read(Node{}, twice), AssertionFailure);
}

struct Wrong {
  std::string text;
  std::string path;
  std::string fragment;
};
// Without it a failure would print the bytes of the struct.
void PrintTo(const Wrong& wrong, std::ostream* out) { *out << wrong.text.substr(0, 60); }
class WrongValue : public ::testing::TestWithParam<Wrong> {};

TEST_P(WrongValue, NamesPathPlaceProblemAndRemedy) {
  const Wrong& wrong = GetParam();
  try {
    read_sample(wrong.text);
    FAIL() << "accepted: " << wrong.text;
  } catch (const ScenarioError& error) {
    EXPECT_EQ(error.path(), wrong.path);
    EXPECT_THAT(error.problem(), HasSubstr(wrong.fragment));
    EXPECT_THAT(error.where(), HasSubstr("s.toml:")) << "a place is missing";
  }
}

INSTANTIATE_TEST_SUITE_P(
    Read, WrongValue,
    ::testing::Values(
        Wrong{"window = 250", "window", "expected a duration such as \"250 ms\" (units: ns, us"},
        Wrong{"window = 2.5", "window", "got the number 2.5, which has no unit"},
        Wrong{"window = true", "window", "got the boolean true"},
        Wrong{"window = [\"1 s\"]", "window", "got an array"},
        Wrong{"window = {a = 1}", "window", "got a table"},
        Wrong{"window = \"7 dd\"", "window", "unknown unit 'dd'"},
        Wrong{"window = \"31 d\"", "window", "must be between 1 s and 30 d, got 31 d"},
        Wrong{"window = \"999 ms\"", "window", "must be between 1 s and 30 d, got 999 ms"},
        Wrong{"delay = \"-1 s\"", "delay", "must be between 0 s and 1 h, got -1 s"},
        Wrong{"until = \"-1 ns\"", "until", "cannot be negative"},
        Wrong{"equity = 1000000", "equity", "units: USD, kUSD, MUSD"},
        Wrong{"equity = \"1e400 USD\"", "equity", "is too large"},
        Wrong{"equity = \"-1 USD\"", "equity", "must be at least 0 USD, got -1 USD"},
        Wrong{"equity = \"0.0000001 USD\"", "equity", "the smallest step is 0.000001 USD"},
        Wrong{"clip = 3", "clip", "expected a quantity such as \"3 lots\""},
        Wrong{"tick = \"0 ticks\"", "tick", "must be at least 1 ticks"},
        Wrong{"accounts = 1_000_000_000_000", "accounts",
              "must be between 1 and 10000000, got 1000000000000"},
        Wrong{"accounts = 0", "accounts", "must be between 1 and 10000000, got 0"},
        Wrong{"accounts = 1e6", "accounts", "expected an integer, got the number 1000000.0"},
        Wrong{"accounts = \"many\"", "accounts", "got the string \"many\""},
        Wrong{"small = 256", "small", "must be between 0 and 255, got 256"},
        Wrong{"small = -1", "small", "must be between 0 and 255, got -1"},
        Wrong{"seed = -1", "seed", "must be at least 0, got -1"},
        Wrong{"volatility = nan", "volatility", "must be finite, got the number nan"},
        Wrong{"volatility = inf", "volatility", "must be finite"},
        Wrong{"volatility = 5.5", "volatility", "must be between 0.0 and 5.0, got 5.5"},
        Wrong{"volatility = \"high\"", "volatility", "expected a number"},
        Wrong{"volatility = 9_007_199_254_740_993", "volatility", "2^53"},
        Wrong{"open = 1", "open", "expected true or false, got the integer 1"},
        Wrong{"open = \"true\"", "open", "expected true or false, got the string \"true\""},
        Wrong{"title = 5", "title", "expected a string, got the integer 5"},
        Wrong{
            "design = \"zk_rolup\"", "design",
            "is not one of optimistic_rollup, zk_rollup, state_channel; did you mean 'zk_rollup'?"},
        Wrong{"design = 1", "design", "expected one of optimistic_rollup"},
        Wrong{"windw = \"1 s\"", "windw", "unknown key; did you mean 'window'?"},
        Wrong{"zzzzzz = 1", "zzzzzz", "known here: title, design"},
        Wrong{"[fees]\nbas = 1", "fees.bas", "did you mean 'base'?"},
        Wrong{"fees = 5", "fees", "expected a table, got an integer"},
        Wrong{"[[fees]]\nbase = \"1 wei\"", "fees", "write [fees], not [[fees]]"},
        Wrong{"[fees]\nbase = \"-1 wei\"", "fees.base", "must be at least 0 gwei"},
        Wrong{"[fees]\nbond = \"1001 ETH\"", "fees.bond", "must be between 0 ETH and 1000 ETH"},
        Wrong{"[fees]\ntaker = inf", "fees.taker", "must be finite"},
        Wrong{"[fees]\ntaker = 1e300", "fees.taker", "is too large"},
        Wrong{"[fees]\ntaker = 1e-12", "fees.taker", "0.001 ppm"},
        Wrong{"[fees]\ntaker = 9223372036854775807", "fees.taker", "is too large"},
        Wrong{"[fees]\ntaker = true", "fees.taker", "units: ppm, bp, %, or none"},
        Wrong{"[shock]\nat = \"1 s\"", "shock", "write [[shock]] before each element"},
        Wrong{"shock = [1]", "shock[0]", "expected a table, got an integer"},
        Wrong{"[[shock]]\n[[shock]]\nlevels = [2]", "shock[1].levels[0]",
              "must be between 0 % and 100 %, got 200 %"},
        Wrong{"[[shock]]\natt = 1", "shock[0].att", "did you mean 'at'?"},
        Wrong{"steps = \"1 s\"", "steps", "expected an array, got a string; write [a, b, ...]"},
        Wrong{"steps = [\"1 s\", 5]", "steps[1]", "expected a duration"},
        Wrong{"steps = [\"1 s\", \"11 d\"]", "steps[1]", "must be between 0 s and 10 d"},
        Wrong{"steps = [1,2,3,4,5,6,7,8,9]", "steps", "must have at most 8 elements, got 9"},
        Wrong{"designs = [\"none\"]", "designs[0]", "is not one of"},
        Wrong{"window = \"none\"", "window", "does not start with a number"},
        Wrong{"\"odd key\" = 1", "\"odd key\"", "unknown key"}));

TEST(Read, AFloatBeyondDoubleIsRefused) {
  EXPECT_THAT(error_of([] { read_sample("volatility = 1e400\n"); }), HasSubstr("s.toml:1:"));
}

}  // namespace
}  // namespace mezz::config

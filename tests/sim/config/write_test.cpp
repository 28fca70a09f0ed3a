#include "sim/config/write.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/sim/config/sample.h"

namespace mezz::config {
namespace {

using config_test::canonical;
using config_test::Fees;
using config_test::read_sample;
using config_test::Sample;
using config_test::Shock;
using ::testing::HasSubstr;
using ::testing::Not;

Sample rich() {
  Sample s;
  s.title = "tab\t \"quotes\" \\ back\x01slash\nσ # no comment";
  s.design = Design::StateChannel;
  s.volatility = 0.1 + 0.2;
  s.until = Time{123'456'789};
  s.delay = 1_ns;
  s.cap.reset();
  s.note = "none";
  s.extra = Fees{.base = {1}, .bond = 123_eth, .block = {7}, .taker = Ratio{-1}};
  s.shock = {Shock{.at = 1_s, .kind = "a", .levels = {Ratio{1}, 50_percent}},
             Shock{.at = 2_s, .kind = "", .levels = {}}};
  return s;
}

TEST(Resolve, OutputReadsBackToTheSameValues) {
  for (const Sample& sample : {Sample{}, rich()}) {
    const std::string text = canonical(sample);
    const Sample again = read_sample(text);
    EXPECT_EQ(canonical(again), text);
    EXPECT_EQ(hash(describe(again)), hash(describe(sample)));
    EXPECT_EQ(again.title, sample.title);
    EXPECT_EQ(again.volatility, sample.volatility);
    EXPECT_EQ(again.seed, sample.seed);
    EXPECT_EQ(again.cap, sample.cap);
    EXPECT_EQ(again.delay, sample.delay);
    EXPECT_EQ(again.note, sample.note);
    EXPECT_EQ(again.extra.has_value(), sample.extra.has_value());
    EXPECT_EQ(again.shock.size(), sample.shock.size());
  }
}

TEST(Resolve, NamesTheOriginAndDocOfEveryValue) {
  Origins origins;
  Document document = load_text("window = \"120 s\"\n[[shock]]\nat = \"60 min\"\n", "s.toml");
  apply_override(document, "fees.base=5 gwei");
  Sample sample;
  read(document.root, sample, "", {.origins = &origins});
  const std::string text = resolved_text(describe(sample), origins);
  EXPECT_THAT(text, HasSubstr("window = \"2 min\"  # s.toml:1  Challenge window\n"));
  EXPECT_THAT(text, HasSubstr("\n[fees]  # command line  Fees\n"));
  EXPECT_THAT(text, HasSubstr("\nbase = \"5 gwei\"  # command line  Base fee\n"));
  EXPECT_THAT(text, HasSubstr("\n[[shock]]  # s.toml:2  Faults\nat = \"1 h\"  # s.toml:3"));
  EXPECT_THAT(text, HasSubstr("accounts = 1000  # default  Number of accounts\n"));
  EXPECT_THAT(text, HasSubstr("seed = \"18446744073709551615\"  # default"));
  EXPECT_THAT(text, HasSubstr("delay = \"none\"  # default"));
  EXPECT_THAT(text, HasSubstr("# note is not set  # default"));
}

TEST(Resolve, NestedSectionsAndPartsMadeByHandReadBack) {
  const Field root = make_table("", {describe(Sample{}, "a"), describe(rich(), "b")});
  const Document document = load_text(resolved_text(root), "s.toml");
  Sample a;
  Sample b;
  read(*document.root.find("a"), a, "a");
  read(*document.root.find("b"), b, "b");
  EXPECT_EQ(canonical(a), canonical(Sample{}));
  EXPECT_EQ(canonical(b), canonical(rich()));
  EXPECT_THAT(resolved_text(describe(rich(), "b")), HasSubstr("[[b.shock]]"));
}

TEST(Resolve, AHostileFileNameCannotLeaveItsComment) {
  Origins origins;
  origins["offset"] = {
      .kind = Origin::Kind::File, .line = 1, .column = 1, .file = "x\nseed = 1\xff"};
  const Sample again = read_sample(resolved_text(describe(Sample{}), origins));
  EXPECT_EQ(again.seed, UINT64_MAX);
}

TEST(Parameters, ListPathValueUnitRangeAndDoc) {
  const std::vector<Parameter> list = parameters(describe(rich(), "market"));
  const auto find = [&](const std::string& path) {
    for (const Parameter& p : list) {
      if (p.path == path) return p;
    }
    ADD_FAILURE() << path;
    return Parameter{};
  };
  const Parameter window = find("market.window");
  EXPECT_EQ(window.value, "7 d");
  EXPECT_EQ(window.unit, "ns, us, ms, s, min, h, d");
  EXPECT_EQ(window.range, "1 s .. 30 d");
  EXPECT_EQ(window.doc, "Challenge window");
  EXPECT_EQ(find("market.equity").range, ">= 0 USD");
  EXPECT_EQ(find("market.shock[0].levels").value, "[0.001 ppm, 50 %]");
  EXPECT_EQ(find("market.shock[1].at").value, "2 s");
  EXPECT_EQ(find("market.cap").value, "none");
  EXPECT_EQ(find("market.accounts").unit, "");
  EXPECT_EQ(find("market.extra.bond").value, "123 ETH");
}

TEST(Hash, ChangesWithEveryValueAndOnlyWithValues) {
  const std::uint64_t base = hash(describe(Sample{}));
  EXPECT_EQ(hash(describe(read_sample("window = \"168 h\"\n"))), base);
  for (const char* change : {"title = \"t\"",      "design = \"zk_rollup\"",
                             "open = false",       "seed = 1",
                             "offset = 1",         "small = 1",
                             "accounts = 1",       "volatility = 0.1",
                             "window = \"1 h\"",   "until = \"1 s\"",
                             "equity = \"0 USD\"", "clip = \"1 lot\"",
                             "tick = \"1 tick\"",  "delay = \"0 s\"",
                             "cap = \"none\"",     "note = \"\"",
                             "extra = {}",         "steps = []",
                             "flags = []",         "designs = []",
                             "fees.taker = 0",     "shock = [{}]"}) {
    EXPECT_NE(hash(describe(read_sample(change))), base) << change;
  }
}

TEST(Hash, IsTheSameOnEveryMachine) {
  // FNV-1a of "" NUL "4" NUL ("base" NUL "1" NUL "30 gwei" NUL ...), finished by SplitMix64,
  // computed separately in Python.
  EXPECT_EQ(hash(describe(Fees{})), 5813352818149655097U);
}

TEST(Schema, IsJsonWithTypesPatternsRangesAndDefaults) {
  const auto schema = nlohmann::json::parse(json_schema(describe(Sample{}), "Mezzanine"));
  EXPECT_EQ(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
  EXPECT_EQ(schema["type"], "object");
  EXPECT_EQ(schema["additionalProperties"], false);
  const auto& p = schema["properties"];
  EXPECT_EQ(p["window"]["type"], "string");
  EXPECT_THAT(p["window"]["pattern"], HasSubstr("(ns|us|ms|s|min|h|d)"));
  EXPECT_EQ(p["window"]["default"], "7 d");
  EXPECT_EQ(p["window"]["description"],
            "Challenge window Range: 1 s .. 30 d. Units: ns, us, ms, s, min, h, d.");
  EXPECT_EQ(p["accounts"]["minimum"], 1);
  EXPECT_EQ(p["accounts"]["maximum"], 10'000'000);
  EXPECT_EQ(p["design"]["enum"].size(), 3U);
  EXPECT_EQ(p["design"]["default"], "optimistic_rollup");
  EXPECT_EQ(p["open"]["type"], "boolean");
  EXPECT_EQ(p["delay"]["anyOf"][0]["const"], "none");
  EXPECT_EQ(p["note"]["type"], "string");
  EXPECT_EQ(p["steps"]["type"], "array");
  EXPECT_EQ(p["steps"]["maxItems"], 8);
  EXPECT_EQ(p["steps"]["default"][1], "90 min");
  EXPECT_EQ(p["fees"]["properties"]["taker"]["type"][1], "number");
  EXPECT_EQ(p["shock"]["items"]["properties"]["at"]["default"], "10 min");
  EXPECT_EQ(p["extra"]["anyOf"][1]["properties"]["base"]["default"], "30 gwei");
  EXPECT_EQ(p["extends"]["type"], "array");
}

}  // namespace
}  // namespace mezz::config

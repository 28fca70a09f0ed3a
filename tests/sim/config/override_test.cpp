#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>

#include "sim/config/document.h"
#include "tests/sim/config/sample.h"

namespace mezz::config {
namespace {

using config_test::error_of;
using ::testing::HasSubstr;

Document sample() {
  return load_text(
      "[run]\nseed = 1\n[layer2]\ndesign = \"plasma\"\n[[shock]]\nat = \"1 s\"\n[[shock]]\n", "s");
}

Node after(const std::string& assignment, std::string_view table, std::string_view key) {
  Document document = sample();
  apply_override(document, assignment);
  return *document.root.find(table)->find(key);
}

TEST(Override, ABareWordIsAString) {
  const Node node = after("layer2.design=zk_rollup", "layer2", "design");
  EXPECT_EQ(node.type, Node::Type::String);
  EXPECT_EQ(node.text, "zk_rollup");
  EXPECT_EQ(to_text(node.origin), "command line");
}

TEST(Override, UnquotedUnitsAreStrings) {
  EXPECT_EQ(after("run.duration=2 h", "run", "duration").text, "2 h");
  EXPECT_EQ(after("run.duration = \"2 h\" ", "run", "duration").text, "2 h");
  EXPECT_EQ(after("run.fee=5 %", "run", "fee").text, "5 %");
  EXPECT_EQ(after("run.money=1_000 USD", "run", "money").text, "1_000 USD");
  EXPECT_EQ(after("run.date=2020-01-01", "run", "date").text, "2020-01-01");
  EXPECT_EQ(after("run.text=a # b", "run", "text").text, "a # b");
  EXPECT_EQ(after("run.text=a=b", "run", "text").text, "a=b");
  EXPECT_EQ(after("run.text=1\nseed=2", "run", "text").text, "1\nseed=2");
}

TEST(Override, TomlValuesKeepTheirType) {
  EXPECT_EQ(after("run.seed=42", "run", "seed").integer, 42);
  EXPECT_EQ(after("run.x=0.5", "run", "x").real, 0.5);
  EXPECT_EQ(after("run.x=true", "run", "x").type, Node::Type::Boolean);
  EXPECT_EQ(after("run.x=[1, 2]", "run", "x").items.size(), 2U);
  EXPECT_EQ(after("run.x={a = 1}", "run", "x").find("a")->integer, 1);
  EXPECT_EQ(after("run.x=\"\"", "run", "x").text, "");
  EXPECT_EQ(after("run.\"odd.key\"=1", "run", "odd.key").integer, 1);
  EXPECT_EQ(after("new.table=1", "new", "table").integer, 1);
}

TEST(Override, ATableMergesIntoATable) {
  Document document = sample();
  apply_override(document, "run={duration = \"1 h\"}");
  EXPECT_EQ(document.root.find("run")->find("seed")->integer, 1);
  EXPECT_EQ(document.root.find("run")->find("duration")->text, "1 h");
}

TEST(Override, ReachesIntoArraysOfTables) {
  Document document = sample();
  apply_override(document, "shock[0].at=\"10 min\"");
  apply_override(document, "shock[1].at=20 min");
  EXPECT_EQ(document.root.find("shock")->items[0].find("at")->text, "10 min");
  EXPECT_EQ(document.root.find("shock")->items[1].find("at")->text, "20 min");
}

struct Wrong {
  std::string assignment;
  std::string fragment;
};
// Without it a failure would print the bytes of the struct.
void PrintTo(const Wrong& wrong, std::ostream* out) { *out << wrong.assignment.substr(0, 60); }
class WrongOverride : public ::testing::TestWithParam<Wrong> {};

TEST_P(WrongOverride, IsRefusedAndChangesNothing) {
  Document document = sample();
  const std::string error = error_of([&] { apply_override(document, GetParam().assignment); });
  EXPECT_THAT(error, HasSubstr("command line"));
  EXPECT_THAT(error, HasSubstr(GetParam().fragment));
  EXPECT_EQ(document.root.keys, sample().root.keys);
}

std::string many(const std::string& part, int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += part;
  return out;
}

INSTANTIATE_TEST_SUITE_P(
    Override, WrongOverride,
    ::testing::Values(
        Wrong{"run.seed", "write key=value"}, Wrong{"=5", "no key"}, Wrong{"run.seed=", "no value"},
        Wrong{"run..seed=1", "a key is missing"}, Wrong{".seed=1", "a key is missing"},
        Wrong{"shock[2].at=1", "2 elements"}, Wrong{"shock[x].at=1", "is written [0]"},
        Wrong{"shock[99999999999999999999].at=1", "too large"},
        Wrong{"shock.at=1", "write [0] for its first element"}, Wrong{"run[0]=1", "not an array"},
        Wrong{"new[0]=1", "not an array"}, Wrong{"layer2.design.x=1", "inside a string"},
        Wrong{"run.x=[1, 2", "not valid TOML"}, Wrong{"run.x=\"open", "not valid TOML"},
        Wrong{"run.x=[1]\ny = 2", "more than one value"},
        Wrong{"run.x=\xff\xfe", "not valid UTF-8"},
        Wrong{"extends=[\"a\"]", "only be written in a file"},
        Wrong{"run seed=1", "keys joined by dots"},
        Wrong{"a" + many(".a", 40) + "=1", "nested deeper"},
        Wrong{"a" + many(".a", 20) + "=" + many("[", 20) + many("]", 20), "nested deeper"},
        Wrong{"a=" + std::string(70'000, 'x'), "longer than 64 KiB"}));

}  // namespace
}  // namespace mezz::config

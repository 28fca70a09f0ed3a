#include "analysis/info.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "tests/analysis/result_fixture.h"

namespace mezz::analysis {
namespace {

using ::testing::HasSubstr;

MarketFile rollup_market() {
  MarketFile market{.rows = 12'345};
  market.metadata.parameters.push_back({"layer2.design", "\"zk_rollup\""});
  return market;
}

TEST(Info, JsonIsTheDocumentedObjectAndNothingElse) {
  const ScratchFolder folder;
  const std::string path = folder.file("a.h5");
  write_market(path, rollup_market());
  const std::string text = info_json(RunFile(path));
  EXPECT_EQ(text.find('\n'), std::string::npos);
  const auto expected = nlohmann::json::parse(R"({
    "scenario": "A market of functions", "design": "zk_rollup", "seed": 42,
    "fingerprint": "0123456789abcdef", "status": "complete",
    "metrics": {"finality.settled.p50": {"value": 604800.0, "unit": "s"},
                "bad_debt.usd": {"value": 1234.5, "unit": "USD"},
                "trades": {"value": 1000000.0, "unit": "1"}}})");
  auto found = nlohmann::json::parse(text);
  EXPECT_EQ(found["result"], path);
  found.erase("result");
  EXPECT_EQ(found, expected);
}

TEST(Info, JsonStaysValidForNaNLargeSeedsAndBrokenText) {
  const RunSummary summary{.scenario = "broken \xff \"text\"\n",
                           .seed = 18'446'744'073'709'551'615U,
                           .metrics = {{"a", std::nan(""), "s"}, {"b", INFINITY, "1"}}};
  const auto found = nlohmann::json::parse(to_json(summary));
  EXPECT_EQ(found["seed"].get<std::uint64_t>(), 18'446'744'073'709'551'615U);
  EXPECT_TRUE(found["design"].is_null());
  EXPECT_TRUE(found["metrics"]["a"]["value"].is_null());
  EXPECT_TRUE(found["metrics"]["b"]["value"].is_null());
}

TEST(Info, TextNamesTheRunItsNumbersAndItsTables) {
  const ScratchFolder folder;
  write_market(folder.file("a.h5"), rollup_market());
  const std::string text = info_text(RunFile(folder.file("a.h5")));
  EXPECT_THAT(text, HasSubstr("scenario      A market of functions\n"
                              "design        zk_rollup\n"
                              "seed          42\n"
                              "status        complete\n"
                              "fingerprint   0123456789abcdef\n"));
  EXPECT_THAT(text, HasSubstr("finality   p50  p99  p99.9  never\n"
                              "  settled  7 d    -      -      -\n"));
  EXPECT_THAT(text, HasSubstr("bad debt  1,234.50 USD\n"));
  EXPECT_THAT(text, HasSubstr("table                    rows  columns\n"
                              "  tables/liquidations  12,345       12\n"
                              "  series/l2_block          10        3\n"));
}

}  // namespace
}  // namespace mezz::analysis

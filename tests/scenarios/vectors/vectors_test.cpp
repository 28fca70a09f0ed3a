#include "scenarios/vectors/vectors.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "scenarios/vectors/fields.h"
#include "sim/check/error.h"
#include "tests/scratch_folder.h"

namespace mezz::vectors {
namespace {

const std::string kFolder = MEZZ_SOURCE_DIR "/../shared/vectors/";

class PublishedVectors : public testing::TestWithParam<const char*> {};

// Every row of every family must give the published number.
TEST_P(PublishedVectors, AllPass) {
  const std::string path = kFolder + GetParam();
  if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is not here";
  const VectorReport report = evaluate_vectors(path);
  EXPECT_FALSE(report.families.empty());
  for (const auto& [name, result] : report.families) {
    EXPECT_GT(result.passed, 0) << name;
    EXPECT_EQ(result.failed, 0) << name;
    EXPECT_EQ(result.not_implemented, 0) << name;
  }
  EXPECT_TRUE(report.ok()) << to_text(report);
}
INSTANTIATE_TEST_SUITE_P(Files, PublishedVectors,
                         testing::Values("margin.csv", "liquidation.csv", "funding.csv",
                                         "microstructure.csv", "pricing.csv", "derive_pmrm2.json"),
                         [](const auto& p) {
                           const std::string name = p.param;
                           return name.substr(0, name.find('.'));
                         });

TEST(Csv, QuotedFieldsKeepCommasQuotesAndLineEnds) {
  const auto rows = parse_csv("a,\"b, c\",\"say \"\"x\"\"\"\r\n\"two\nlines\",,z\n");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0], (std::vector<std::string>{"a", "b, c", "say \"x\""}));
  EXPECT_EQ(rows[1], (std::vector<std::string>{"two\nlines", "", "z"}));
}

TEST(Inputs, ValueMayContainTheSeparator) {
  const auto inputs = parse_inputs("book=asks 1@2; bids 1@1;side=ask");
  EXPECT_EQ(inputs.at("book"), "asks 1@2; bids 1@1");
  EXPECT_EQ(inputs.at("side"), "ask");
}

TEST(Tolerance, EachKindAcceptsAndRefuses) {
  EXPECT_TRUE(matches("10", "10", "0"));
  EXPECT_FALSE(matches("10", "11", "0"));
  EXPECT_TRUE(matches("10", "10.4", "0.5"));
  EXPECT_FALSE(matches("10", "10.6", "0.5"));
  EXPECT_TRUE(matches("1000", "1000.9", "1e-3rel"));
  EXPECT_FALSE(matches("1000", "1002", "1e-3rel"));
  EXPECT_TRUE(matches("1/2", "50/100", "exact rational"));
  EXPECT_FALSE(matches("1/2", "51/100", "exact rational"));
  EXPECT_TRUE(matches("-7", "-7.9", "trunc-to-int"));
  EXPECT_FALSE(matches("-7", "-8", "trunc-to-int"));
  EXPECT_FALSE(matches("insufficient", "3", "1e-6rel"));
}

TEST(Vectors, WrongExpectationIsReportedAndUnknownFamilyIsNotImplemented) {
  const ScratchFolder folder;
  const std::string path =
      folder.write("vectors.csv",
                   "name,topic,family,quantity,inputs,expected,tolerance\n"
                   "a,m,dydx_v4_liquidatable,is_liquidatable,NC=99;MMR=100,1,0\n"
                   "b,m,dydx_v4_liquidatable,is_liquidatable,NC=99;MMR=100,0,0\n"
                   "c,m,dydx_v4_liquidatable,is_liquidatable,NC=99,1,0\n"
                   "d,m,martian_margin,x,NC=99,1,0\n");
  const VectorReport report = evaluate_vectors(path);
  EXPECT_EQ(to_text(report),
            "FAILED b (dydx_v4_liquidatable): expected 0, got 1\n"
            "FAILED c (dydx_v4_liquidatable): expected 1, got cannot read the row: no input MMR\n"
            "dydx_v4_liquidatable passed 1 failed 2 not implemented 0\n"
            "martian_margin passed 0 failed 0 not implemented 1\n");
}

TEST(Vectors, MissingFileIsAScenarioError) {
  EXPECT_THROW(evaluate_vectors("/nowhere/none.csv"), ScenarioError);
}

TEST(Decimals, AreReadExactly) {
  EXPECT_EQ(text_of(decimal("9999.9").at(2)), "999990");
  EXPECT_EQ(text_of(whole("20000000.0")), "20000000");
  EXPECT_EQ(text_of(whole("-18446744073709551610")), "-18446744073709551610");
  EXPECT_THROW(whole("1.5"), InputError);
  EXPECT_THROW(whole("abc"), InputError);
}

}  // namespace
}  // namespace mezz::vectors

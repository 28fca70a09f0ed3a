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
  EXPECT_EQ(rows[0].fields, (std::vector<std::string>{"a", "b, c", "say \"x\""}));
  EXPECT_EQ(rows[1].fields, (std::vector<std::string>{"two\nlines", "", "z"}));
}

// An empty line and a line end in quotes count as lines of the file.
TEST(Csv, RowsKnowTheLineTheyBeginOn) {
  const auto rows = parse_csv("a\n\n\"two\nlines\"\nd");
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[1].line, 3u);
  EXPECT_EQ(rows[2].line, 5u);
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
  EXPECT_TRUE(matches("1000.0", "1000", "0"));
  EXPECT_FALSE(matches("1000.000000000000000001", "1000", "0"));
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
            "FAILED c (dydx_v4_liquidatable): expected 1, got cannot read the row: no input MMR; "
            "the row has NC\n"
            "dydx_v4_liquidatable passed 1 failed 2 not implemented 0\n"
            "martian_margin passed 0 failed 0 not implemented 1\n");
}

// Each names the line, the row and what is wrong with which input; one bad row hides no other.
TEST(Vectors, RowsThatCannotBeEvaluatedAreNamedWithTheirLine) {
  const ScratchFolder folder;
  const std::string path =
      folder.write("vectors.csv",
                   "name,topic,family,quantity,inputs,expected,tolerance\n"
                   "a,m,dydx_v4_liquidatable,is_liquidatable,NC=99;MRR=100,1,0\n"
                   "b,m,dydx_v4_liquidatable,is_liquidatable,NC=many;MMR=100,1,0\n"
                   "c,m,bsm_prise,price,S=1,1,0\n"
                   "d,m,bsm_price,price,type=C;S=100;K=1e;T=1;r=0;vol=0.2,1,1e-9\n"
                   "e,m,bsm_price,colour,type=C;S=100;K=100;T=1;r=0;vol=0.2,1,1e-9\n"
                   "f,m,hyperliquid_liq_price,liquidation_price,"
                   "price=1;side=1;size=x;margin_available=1;maintenance_leverage=20,1,0\n"
                   "g,m,dydx_v4_liquidatable,is_liquidatable,NC=99;MMR=100,1,wide\n"
                   "h,m,dydx_v4_premium,premium_ppm,impact_bid=1;impact_ask=2;index=0,0,0\n"
                   "i,m,dydx_v4_liquidatable,is_liquidatable,NC=99;MMR=100,1,0\n");
  const VectorReport report = evaluate_vectors(path);
  EXPECT_EQ(errors_text(report, "v.csv"),
            "mezz: v.csv:2: row a (dydx_v4_liquidatable): no input MMR; did you mean 'MRR'?; the "
            "row has MRR, NC\n"
            "mezz: v.csv:3: row b (dydx_v4_liquidatable): NC: not a number of 128 bit: 'many'\n"
            "mezz: v.csv:4: row c: unknown family \"bsm_prise\"; did you mean 'bsm_price'?\n"
            "mezz: v.csv:5: row d (bsm_price): K: not a number: '1e'\n"
            "mezz: v.csv:6: row e (bsm_price): unknown quantity colour\n"
            "mezz: v.csv:7: row f (hyperliquid_liq_price): size: not a number of 128 bit: 'x'\n"
            "mezz: v.csv:8: row g (dydx_v4_liquidatable): tolerance: must be a number, a number "
            "followed by rel, exact rational or trunc-to-int; got \"wide\"\n"
            "mezz: v.csv:9: row h (dydx_v4_premium): outside of what the rule is for: "
            "index.ticks > 0\n");
  EXPECT_EQ(report.families.at("dydx_v4_liquidatable").passed, 1);
  EXPECT_FALSE(report.ok());
}

TEST(Vectors, RowsOfAnotherWidthThanTheHeaderAreRefusedByLine) {
  const ScratchFolder folder;
  const std::string path = folder.write("vectors.csv",
                                        "name,family,quantity,inputs,expected,tolerance\n"
                                        "a,dydx_v4_liquidatable,is_liquidatable,NC=9;MMR=1,0,0\n"
                                        "b,dydx_v4_liquidatable,is_liquidatable,NC=9\n");
  try {
    (void)evaluate_vectors(path);
    ADD_FAILURE() << "a short row was accepted";
  } catch (const ScenarioError& error) {
    EXPECT_EQ(error.where(), path + ":3");
    EXPECT_EQ(error.problem(), "the row has 4 fields, the header 6");
  }
}

// dss, clip.t.sol: a bid on 18 of 40 at 5 would leave 110 - 90 = 20 of debt, less than chost = 22.
// It is cut to 110 - 22 = 88, which are 88 / 5 = 17.6 of the lot.
TEST(Vectors, AMakerBidIsCutToAFractionOfALot) {
  const ScratchFolder folder;
  std::string rows = "name,family,quantity,inputs,expected,tolerance\n";
  const std::pair<const char*, const char*> expected[] = {
      {"slice", "17.6"}, {"owe", "88"}, {"tab_after", "22"}, {"lot_after", "22.4"}};
  for (const auto& [quantity, value] : expected) {
    rows += std::string("x,maker_clip_take,") + quantity +
            ",amt=18;price=5;tab=110;lot=40;chost=22," + value + ",0\n";
  }
  // Of 37 digits 27 are the price's and 3 those of 40 at 3: seven are left for the lot.
  rows +=
      "y,maker_clip_take,slice,amt=1;price=3.000000000000000000000000001;tab=1;lot=40,"
      "0.3333333,0\n";
  const VectorReport report = evaluate_vectors(folder.write("vectors.csv", rows));
  EXPECT_TRUE(report.ok()) << to_text(report);
}

// Nothing to buy within the impact notional: only the bid counts, (101 - 100) / 100.
TEST(Vectors, ASideWithoutDepthGivesNoPremium) {
  const ScratchFolder folder;
  const VectorReport report = evaluate_vectors(
      folder.write("vectors.csv",
                   "name,family,quantity,inputs,expected,tolerance\n"
                   "a,dydx_v4_premium,premium_ppm,impact_bid=101;impact_ask=inf;index=100,10000,0\n"
                   "b,dydx_v4_premium,premium_ppm,impact_bid=none;impact_ask=inf;index=100,0,0\n"));
  EXPECT_TRUE(report.ok()) << to_text(report);
}

TEST(Vectors, MissingFileIsAScenarioError) {
  EXPECT_THROW(evaluate_vectors("/nowhere/none.csv"), ScenarioError);
  EXPECT_THROW(evaluate_vectors("/"), ScenarioError);
}

TEST(Decimals, AreReadExactly) {
  EXPECT_EQ(text_of(decimal("9999.9").at(2)), "999990");
  EXPECT_EQ(text_of(whole("20000000.0")), "20000000");
  EXPECT_EQ(text_of(whole("1.5e3")), "1500");
  EXPECT_EQ(text_of(decimal("-4.12e-05").at(7)), "-412");
  EXPECT_THROW(whole("1e"), InputError);
  EXPECT_THROW(whole("1e5x"), InputError);
  EXPECT_THROW(whole("1e99"), InputError);
  EXPECT_EQ(text_of(whole("-18446744073709551610")), "-18446744073709551610");
  EXPECT_THROW(whole("1.5"), InputError);
  EXPECT_THROW(whole("abc"), InputError);
}

}  // namespace
}  // namespace mezz::vectors

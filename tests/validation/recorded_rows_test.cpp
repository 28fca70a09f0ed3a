// Rows that compare recorded files with published figures; skipped where the files are not.
#include <gtest/gtest.h>

#include "scenarios/validation/registry.h"
#include "scenarios/validation/validate.h"
#include "tests/scratch_folder.h"

namespace mezz::validation {
namespace {

TEST(RecordedRows, CrisesFundingGasAndTheStablecoinAgreeWithWhatWasPublished) {
  for (const char* id :
       {"B-CR-1", "B-CR-2", "B-CR-3", "B-CR-4", "B-FUND-1", "B-GAS-1", "B-USDC-1", "B-LOB-1"}) {
    ValidateOutput output;
    const int code = validate({.names = {id}}, output);
    if (output.out.find("skipped: ") != std::string::npos) GTEST_SKIP() << "no shared data";
    EXPECT_EQ(code, 0) << output.out << output.err;
  }
}

struct Written {
  ScratchFolder folder;
  std::string path;
  explicit Written(const char* text) : path(folder.write("rows.csv", text)) {}
};

int run(const char* name, std::vector<std::string> overrides) {
  ValidateOutput output;
  return validate({.names = {name}, .overrides = std::move(overrides)}, output);
}

// From the close of 00:01, 100, the low of two minutes later is 70: -30 %; within one minute it is
// 90: -10 %, but from 90 to 70 that is -22.2 %. From 00:03 on the only fall is 75 to 74.
TEST(RecordedRows, TheDeepestFallIsFromACloseToALaterLowInTime) {
  const Written file(
      "time,open,high,low,close\n2020-01-01T00:00:00Z,95,96,94,95\n"
      "2020-01-01T00:01:00Z,95,101,95,100\n2020-01-01T00:02:00Z,100,100,90,90\n"
      "2020-01-01T00:03:00Z,90,90,70,75\n2020-01-01T00:04:00Z,75,80,74,80\n");
  const std::string at = "file=\"" + file.path + "\"";
  EXPECT_EQ(run("fall_eth_march_2020",
                {at, "published=[{within=\"2 min\",fall=-0.3},{within=\"1 min\",fall=-0.2222}]",
                 "low=70.0"}),
            0);
  EXPECT_EQ(
      run("fall_eth_march_2020", {at, "published=[{within=\"2 min\",fall=-0.29}]", "low=70.0"}), 1);
  EXPECT_EQ(run("fall_eth_march_2020", {at, "from=\"2020-01-01T00:03:00Z\"",
                                        "published=[{within=\"1 min\",fall=-0.0133}]", "low=70.0"}),
            0);
}

// 1, 1, 4, -2: mean 1, median 1, deviation sqrt((0 + 0 + 9 + 9) / 4), autocorrelation -9 / 18.
TEST(RecordedRows, AColumnsStatisticsAreThoseByHand) {
  const Written file("t,x\na,1\nb,1\nc,4\nd,-2\n");
  const auto check = [&](const std::string& more) {
    return run("funding_eth_recorded",
               {"file=\"" + file.path + "\"", "column=x", "labels=t", "mean=1.0",
                "deviation=2.1213", "positive=0.75", "exact_value=1.0", "exact=0.5", "memory=-0.5",
                "min=-2.0", "max=4.0", "min_at=d", more});
  };
  EXPECT_EQ(check("max_at=c"), 0);
  EXPECT_EQ(check("max_at=a"), 1);
  EXPECT_EQ(check("median=2.0"), 1);
  EXPECT_EQ(check("column=y"), 2);
}

// Rows with t >= 2: x - y = 2, 5, 1 in halves 1, 2.5, 0.5, mean 4/3: autocorrelation
// (-7/18 - 35/36) / (78/36) = -49/78. Their steps are 1.5 and -2: -0.5.
TEST(RecordedRows, AColumnMayBeADifferenceItsStepsAndAPartOfTheRows) {
  const Written file("t,x,y\n1,9,0\n2,3,1\n3,6,1\n4,2,1\n");
  const auto check = [&](std::vector<std::string> set) {
    set.insert(set.end(), {"file=\"" + file.path + "\"", "column=x", "minus=y", "scale=0.5",
                           "where=t", "from=2.0"});
    return run("quotes_amzn_signs", std::move(set));
  };
  EXPECT_EQ(check({"rows=3.0", "mean=1.3333", "memory=-0.6282"}), 0);
  EXPECT_EQ(check({"steps=true", "rows=2.0", "memory=-0.5", "mean=-0.25"}), 0);
  EXPECT_EQ(check({"rows=4.0", "memory=-0.5"}), 1);
  EXPECT_EQ(check({"rows=3.0", "memory=-0.5", "min_at=4"}), 2);
}

}  // namespace
}  // namespace mezz::validation

#include "analysis/export_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <sstream>

#include "tests/analysis/result_fixture.h"

namespace mezz::analysis {
namespace {

using ::testing::HasSubstr;

std::string csv(const RunFile& run, std::string_view table, CsvOptions options = {}) {
  char* text = nullptr;
  std::size_t size = 0;
  std::FILE* out = ::open_memstream(&text, &size);
  try {
    export_csv(run, table, out, options);
  } catch (...) {
    std::fclose(out);
    std::free(text);
    throw;
  }
  std::fclose(out);
  const std::string result(text, size);
  std::free(text);
  return result;
}

TEST(ExactDecimal, HoldsEveryDigitOfTheInteger) {
  EXPECT_EQ(exact_decimal(9'007'199'254'740'993, 6), "9007199254.740993");  // 2^53 + 1
  EXPECT_EQ(exact_decimal(-5, 9), "-0.000000005");
  EXPECT_EQ(exact_decimal(0, 6), "0.000000");
  EXPECT_EQ(exact_decimal(-1'500'000, 6), "-1.500000");
  EXPECT_EQ(exact_decimal(INT64_MIN, 6), "-9223372036854.775808");
  EXPECT_EQ(exact_decimal(INT64_MAX, 18), "9.223372036854775807");
  EXPECT_EQ(exact_decimal(-7, 0), "-7");
}

TEST(IsoTime, CountsFromTheEpochThroughLeapDays) {
  EXPECT_EQ(iso_time("2026-01-01 00:00:00", {1'500'000'000}), "2026-01-01T00:00:01.500000000Z");
  EXPECT_EQ(iso_time("2024-02-28 23:59:59", {1'000'000'000}), "2024-02-29T00:00:00.000000000Z");
  EXPECT_EQ(iso_time("2100-02-28 23:59:59", {1'000'000'000}), "2100-03-01T00:00:00.000000000Z");
  EXPECT_EQ(iso_time("1969-12-31 23:59:59", {0}), "1969-12-31T23:59:59.000000000Z");
  // The last second of 64 bits, from `date -u -d @9223372036`.
  EXPECT_EQ(iso_time("1970-01-01 00:00:00", Time::max()), "2262-04-11T23:47:16.854775807Z");
  EXPECT_EQ(iso_time("2026-01-01 00:00:00", Time::never()), "");
  EXPECT_EQ(iso_time("some day", {0}), "");
}

TEST(ExportTable, WritesExactValuesAndNames) {
  const ScratchFolder folder;
  write_market(folder.file("a.h5"), {.rows = 3});
  // Row i of tests/sim/record/fixture.h by hand: money 2^53 + 1 + i millionths, fee 31 i - 5
  // billionths, sequence i * 2^40.
  EXPECT_EQ(csv(RunFile(folder.file("a.h5")), "liquidations"),
            "time,account,notional,fee,price,size,settled,delay,reason,maker,volatility,sequence\n"
            "1,0,9007199254.740993,-0.000000005,1550,0,-1,1,margin,false,0,0\n"
            "1000000008,1,9007199254.740994,0.000000026,1551,-1,1000000019,4,expiry,true,0.25,"
            "1099511627776\n"
            "2000000015,2,9007199254.740995,0.000000057,1552,2,2000000026,7,delisting,false,0.5,"
            "2199023255552\n");
}

TEST(ExportTable, AddsIsoColumnsWhenAsked) {
  const ScratchFolder folder;
  write_market(folder.file("a.h5"), {.rows = 1});
  EXPECT_EQ(csv(RunFile(folder.file("a.h5")), "/series/l2_block", {.iso_time = true}).substr(0, 99),
            "time,time_iso,mid,open_interest\n"
            "0,2026-01-01T00:00:00.000000000Z,1000,0.000000\n"
            "2000000000,2026-01-0");
}

TEST(ExportTable, EveryRowOfSeveralBlocksReadsBackExactly) {
  const ScratchFolder folder;
  constexpr std::int64_t kRows = 140'000;
  write_market(folder.file("a.h5"), {.rows = kRows});
  std::istringstream lines(csv(RunFile(folder.file("a.h5")), "tables/liquidations"));
  std::string line;
  std::getline(lines, line);
  std::int64_t row = 0;
  for (; std::getline(lines, line); ++row) {
    const CloseRow expected = close_row(row);
    ASSERT_TRUE(line.starts_with(std::to_string(expected.time.ns) + "," +
                                 std::to_string(expected.account.value) + "," +
                                 exact_decimal(expected.notional.micros, 6) + ","))
        << line;
    ASSERT_TRUE(line.ends_with("," + std::to_string(expected.sequence))) << line;
  }
  EXPECT_EQ(row, kRows);
}

TEST(ExportTable, AnUnknownTableNamesTheNearestAndAll) {
  const ScratchFolder folder;
  write_market(folder.file("a.h5"), {.rows = 1});
  const RunFile run(folder.file("a.h5"));
  try {
    csv(run, "liquidation");
    FAIL();
  } catch (const UnknownTable& error) {
    EXPECT_EQ(error.reason(),
              "no table 'liquidation'; did you mean 'tables/liquidations'? "
              "Tables: tables/liquidations, series/l2_block");
  }
  try {
    csv(run, "weather\033[2J");
    FAIL();
  } catch (const UnknownTable& error) {
    EXPECT_EQ(error.reason(),
              "no table 'weather?[2J' Tables: tables/liquidations, series/l2_block");
  }
}

TEST(ExportTable, AFullDiskIsAnError) {
  std::FILE* full = std::fopen("/dev/full", "w");
  if (full == nullptr) GTEST_SKIP() << "there is no /dev/full here";
  const ScratchFolder folder;
  write_market(folder.file("a.h5"), {.rows = 3});
  const RunFile run(folder.file("a.h5"));
  try {
    export_csv(run, "liquidations", full);
    ADD_FAILURE() << "wrote to a full disk";
  } catch (const RunFileError& error) {
    EXPECT_THAT(error.reason(), HasSubstr("No space left"));
  }
  std::fclose(full);
}

}  // namespace
}  // namespace mezz::analysis

#include "models/market/price/replay_csv.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "models/market/price/csv_scalar.h"
#include "sim/check/error.h"

namespace mezz {
namespace {

PriceSeries parse(std::string_view text, const CsvOptions& options = {}) {
  return parse_price_csv(text, "prices.csv", options, "market.price.file");
}

std::string error_of(std::string_view text, const CsvOptions& options = {}) {
  try {
    (void)parse(text, options);
  } catch (const ScenarioError& error) {
    return error.where() + ": " + error.problem();
  }
  return "no error";
}

TEST(PriceText, MoneyIsReadExactlyAndRoundedHalfToEven) {
  EXPECT_EQ(csv::parse_money("56670.02"), Money{56'670'020'000});
  EXPECT_EQ(csv::parse_money("3323.852012359787"), Money{3'323'852'012});
  EXPECT_EQ(csv::parse_money("1.0000005"), Money{1'000'000});
  EXPECT_EQ(csv::parse_money("1.0000015"), Money{1'000'002});
  EXPECT_EQ(csv::parse_money("1.5e-4"), Money{150});
  EXPECT_EQ(csv::parse_money("2E3"), Money{2'000'000'000});
  for (const char* bad : {"", ".", "1,5", "0x10", "nan", "1e", "1.2.3", "99999999999999"}) {
    EXPECT_FALSE(csv::parse_money(bad).has_value()) << bad;
  }
}

// 2021-05-12 00:00:00 UTC is 1 620 777 600 s (date -u -d 2021-05-12 +%s).
TEST(PriceText, EveryTimeFormatMeansTheSameInstant) {
  constexpr std::int64_t kExpected = 1'620'777'600LL * 1'000'000'000;
  for (const char* text : {"2021-05-12T00:00:00Z", "2021-05-12 00:00:00", "2021-05-12",
                           "2021-05-12T00:00:00+00:00", "2021-05-12T00:00:00.000Z", "1620777600",
                           "1620777600.0", "1620777600000", "1620777600000000"}) {
    EXPECT_EQ(csv::parse_time(text, TimeFormat::Auto), kExpected) << text;
  }
  EXPECT_EQ(to_iso8601(kExpected), "2021-05-12T00:00:00Z");
  EXPECT_EQ(csv::parse_time("2024-02-29T23:59:59Z", TimeFormat::Auto), 1'709'251'199'000'000'000);
  for (const char* bad : {"2023-02-29", "2021-13-01", "2021-05-12T24:00:00Z", "2021-05-12x",
                          "12/05/2021", "-5", ""}) {
    EXPECT_FALSE(csv::parse_time(bad, TimeFormat::Auto).has_value()) << bad;
  }
}

TEST(ReplayCsv, GapsAreCountedAgainstTheCommonestStep) {
  const PriceSeries series =
      parse("time,price\r\n0,1\r\n60,1\r\n120,1\r\n300,1\r\n360,1\r\n1000,1\r\n1060,1\r\n\r\n");
  EXPECT_FALSE(series.ohlc);
  EXPECT_EQ(series.step, 1_min);
  EXPECT_EQ(series.gaps.count, 2);
  EXPECT_EQ(series.gaps.longest, 640_s);
  EXPECT_EQ(series.gaps.longest_from, "1970-01-01T00:06:00Z");
  EXPECT_EQ(series.gaps.missing, 2 + 10);
}

TEST(ReplayCsv, ColumnsCanBeNamed) {
  CsvOptions options;
  options.columns.time = "when";
  options.columns.price = "index, USD";
  const PriceSeries series = parse("\"index, USD\",volume,when\n10.5,7,1000\n11,7,2000\n", options);
  ASSERT_EQ(series.bars.size(), 2U);
  EXPECT_EQ(series.bars[0].close, Money{10'500'000});
  EXPECT_EQ(series.bars[1].time, Time{1'000'000'000'000});
}

TEST(ReplayCsv, ErrorsNameFileLineAndCause) {
  EXPECT_EQ(error_of("time,price\n1,5\n1,5\n"), "prices.csv:3: time does not increase: \"1\"");
  EXPECT_EQ(error_of("time,price\n1,x\n"),
            "prices.csv:2: cannot read the price \"x\" in column price");
  EXPECT_EQ(error_of("time,price\n1,0\n"),
            "prices.csv:2: the price in column price must be at least 0.000001, got \"0\"");
  EXPECT_EQ(error_of("time,price\n1,5,6\n"), "prices.csv:2: has 3 fields, the header 2");
  EXPECT_EQ(error_of("time,price\n\n\nmay,5\n"), "prices.csv:4: cannot read the time \"may\"");
  EXPECT_EQ(error_of("time,value\n1,5\n").substr(0, 21), "prices.csv:1: neither");
  EXPECT_EQ(error_of("a,price\n1,5\n"), "prices.csv:1: no time column; the file has: a, price");
  EXPECT_EQ(error_of("time,open,high,low,close\n1,5,4,3,5\n"),
            "prices.csv:2: open and close must lie between low and high");
  EXPECT_EQ(error_of("time,price\n"), "prices.csv:1: holds no rows");
  EXPECT_EQ(error_of("time,price\n1,\"5\n"), "prices.csv:2: quotation mark without its other half");
  EXPECT_EQ(error_of("time,price\n" + std::string(9'000, '1') + "\n"),
            "prices.csv:2: line longer than 8192");
  EXPECT_THROW((void)read_price_csv("/no/such/file.csv", {}, "p"), ScenarioError);
}

// ---- the recorded series shared with the project (facts: their README and validation.md B-CR)
// ----

const std::string kData = MEZZ_SOURCE_DIR "/../shared/data/";

bool have_data() { return std::filesystem::exists(kData + "README.md"); }

// Largest fall from a close to a low within the `bars` bars after it.
double worst_fall(const PriceSeries& series, std::size_t bars) {
  double worst = 0.0;
  for (std::size_t i = 0; i < series.bars.size(); ++i) {
    const std::size_t last = std::min(i + bars, series.bars.size() - 1);
    for (std::size_t j = i + 1; j <= last; ++j) {
      worst = std::min(worst, series.bars[j].low.usd() / series.bars[i].close.usd() - 1.0);
    }
  }
  return worst;
}

struct Fact {
  const char* file;
  std::size_t rows;
  Duration step;
  double low;
  double high;
  std::int64_t gaps;
};

TEST(RecordedSeries, RowsStepRangeAndGapsAreAsDocumented) {
  if (!have_data()) GTEST_SKIP() << "no recorded series at " << kData;
  const Fact facts[] = {
      {"eth_usdt_spot_1m_2021-05-12_2021-05-20.csv", 12'759, 1_min, 1'888.0, 4'372.72, 0},
      {"btc_usdt_spot_1m_2021-05-12_2021-05-20.csv", 12'761, 1_min, 30'000.0, 58'000.01, 0},
      {"eth_usdt_spot_5m_2020-03-01_2020-03-31.csv", 8'833, 5_min, 86.0, 251.93, 1},
      {"btc_usdt_spot_5m_2024-08-01_2024-08-09.csv", 2'592, 5_min, 49'000.0, 65'659.78, 0},
      {"eth_usdt_perp_15m_2025-10-01_2025-10-20.csv", 1'920, 15_min, 3'400.0, 4'754.0, 0},
      {"eth_usdt_perp_1h_2023-01-01_2025-12-05.csv", 25'680, 1_h, 1'190.8, 4'957.67, 0}};
  for (const Fact& fact : facts) {
    const PriceSeries series = read_price_csv(kData + fact.file, {}, "p");
    Money low = series.bars[0].low;
    Money high = series.bars[0].high;
    for (const Bar& bar : series.bars) {
      low = std::min(low, bar.low);
      high = std::max(high, bar.high);
    }
    EXPECT_TRUE(series.ohlc) << fact.file;
    EXPECT_EQ(series.bars.size(), fact.rows) << fact.file;
    EXPECT_EQ(series.step, fact.step) << fact.file;
    EXPECT_EQ(series.gaps.count, fact.gaps) << fact.file;
    EXPECT_NEAR(low.usd(), fact.low, 1e-6) << fact.file;
    EXPECT_NEAR(high.usd(), fact.high, 1.0) << fact.file;
  }
}

TEST(RecordedSeries, GapOfMarch2020IsFound) {
  if (!have_data()) GTEST_SKIP() << "no recorded series at " << kData;
  const PriceSeries series =
      read_price_csv(kData + "eth_usdt_spot_5m_2020-03-01_2020-03-31.csv", {}, "p");
  EXPECT_EQ(series.gaps.longest, 130_min);
  EXPECT_EQ(series.gaps.longest_from, "2020-03-04T09:20:00Z");
  EXPECT_EQ(series.gaps.missing, 25);
}

// validation.md B-CR-1 to B-CR-3.
TEST(RecordedSeries, CrashesAreAsDeepAsPublished) {
  if (!have_data()) GTEST_SKIP() << "no recorded series at " << kData;
  const auto load = [](const char* name) { return read_price_csv(kData + name, {}, "p"); };
  const PriceSeries eth2020 = load("eth_usdt_spot_5m_2020-03-01_2020-03-31.csv");
  EXPECT_NEAR(worst_fall(eth2020, 3), -0.2286, 5e-5);
  EXPECT_NEAR(worst_fall(eth2020, 12), -0.2676, 5e-5);
  EXPECT_NEAR(worst_fall(eth2020, 48), -0.3473, 5e-5);
  EXPECT_NEAR(worst_fall(eth2020, 288), -0.5402, 5e-5);
  const PriceSeries eth2021 = load("eth_usdt_spot_1m_2021-05-12_2021-05-20.csv");
  EXPECT_NEAR(worst_fall(eth2021, 5), -0.1677, 5e-5);
  EXPECT_NEAR(worst_fall(eth2021, 60), -0.3075, 5e-5);
  EXPECT_NEAR(worst_fall(eth2021, 1'440), -0.4544, 5e-5);
  const PriceSeries btc2021 = load("btc_usdt_spot_1m_2021-05-12_2021-05-20.csv");
  EXPECT_NEAR(worst_fall(btc2021, 60), -0.2260, 5e-5);
  const PriceSeries eth2025 = load("eth_usdt_perp_15m_2025-10-01_2025-10-20.csv");
  EXPECT_NEAR(worst_fall(eth2025, 1), -0.0868, 5e-5);
  EXPECT_NEAR(worst_fall(eth2025, 4), -0.1545, 5e-5);
  EXPECT_NEAR(worst_fall(eth2025, 96), -0.2256, 5e-5);
}

TEST(RecordedSeries, OtherPriceColumnsAreReadable) {
  if (!have_data()) GTEST_SKIP() << "no recorded series at " << kData;
  const struct {
    const char* file;
    const char* price;
    std::size_t rows;
  } cases[] = {{"uniswap_v3_polygon_usdc_weth_5bps_1m_2023-08-16_2023-08-17.csv",
                "close_usdc_per_eth", 2'880},
               {"gmx_v2_arbitrum_eth_market_1m_2025-11-11.csv", "indexPrice", 1'440},
               {"gmx_v2_arbitrum_eth_market_1m_2025-12-11.csv", "indexPrice", 1'440},
               {"squeeth_power_perp_1m_2023-08-16_2023-08-17.csv", "eth_usd", 2'880},
               {"btc_usdt_usdc_binanceus_1m_2023-03-10_2023-03-13.csv", "btcusdt_close", 5'760},
               {"eth_usdt_perp_funding_8h_2023-01-01_2025-12-06.csv", "mark_open", 3'212}};
  for (const auto& each : cases) {
    CsvOptions options;
    options.columns.price = each.price;
    const PriceSeries series = read_price_csv(kData + each.file, options, "p");
    EXPECT_EQ(series.bars.size(), each.rows) << each.file;
    EXPECT_EQ(series.gaps.count, 0) << each.file;
  }
}

}  // namespace
}  // namespace mezz

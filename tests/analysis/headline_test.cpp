#include "analysis/headline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace mezz::analysis {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Human, DurationsUseTheUnitThatReadsBest) {
  EXPECT_EQ(human(0.0, "s"), "0 s");
  EXPECT_EQ(human(25e-9, "s"), "25 ns");
  EXPECT_EQ(human(0.25, "s"), "250 ms");
  EXPECT_EQ(human(2.0, "s"), "2 s");
  EXPECT_EQ(human(804.0, "s"), "13.4 min");
  EXPECT_EQ(human(4'680.0, "s"), "1.3 h");
  EXPECT_EQ(human(596'160.0, "s"), "6.9 d");
  EXPECT_EQ(human(604'800.0, "s"), "7 d");
  EXPECT_EQ(human(-0.25, "s"), "-250 ms");
}

TEST(Human, DurationsNeverReadSixtySecondsOrAThousandMilliseconds) {
  EXPECT_EQ(human(59.94, "s"), "59.9 s");
  EXPECT_EQ(human(59.96, "s"), "1 min");
  EXPECT_EQ(human(0.9996, "s"), "1 s");
  EXPECT_EQ(human(86'399.0, "s"), "1 d");
}

TEST(Human, MoneyHasSeparatorsAndATinyResidualIsNotZero) {
  EXPECT_EQ(human(0.0, "USD"), "0.00 USD");
  EXPECT_EQ(human(1'234'567.891, "USD"), "1,234,567.89 USD");
  EXPECT_EQ(human(-123'456.0, "USD"), "-123,456.00 USD");
  EXPECT_EQ(human(-123.0, "USD"), "-123.00 USD");
  EXPECT_EQ(human(1e-6, "USD"), "0.000001 USD");
}

TEST(Human, NumbersBytesRatesAndTheUnknown) {
  EXPECT_EQ(human(1'234'567.0, "1"), "1,234,567");
  EXPECT_EQ(human(13'530.4, "1"), "13,530");
  EXPECT_EQ(human(-1'072.6, "1"), "-1,073");
  EXPECT_EQ(human(0.001234, "1"), "0.001234");
  EXPECT_EQ(human(6'543'210.4, "1/s"), "6,543,210 /s");
  EXPECT_EQ(human(1'572'864.0, "B"), "1.5 MiB");
  EXPECT_EQ(human(12.5, "gwei"), "12.5 gwei");
  EXPECT_EQ(human(std::nan(""), "s"), "n/a");
  EXPECT_EQ(human(std::numeric_limits<double>::infinity(), "s"), "infinite");
}

std::vector<Metric> sample() {
  return {{"finality.preconfirmed.p50", 0.25, "s"}, {"finality.preconfirmed.p99", 1.5, "s"},
          {"finality.preconfirmed.p999", 2.0, "s"}, {"finality.preconfirmed.never", 0.0, "1"},
          {"finality.settled.p50", 604'800.0, "s"}, {"finality.settled.never", 12.0, "1"},
          {"withdrawal.delay.p50", 604'800.0, "s"}, {"withdrawal.delay.p99", 691'200.0, "s"},
          {"liquidations.count", 1'234.0, "1"},     {"insurance_fund.end", 5e6, "USD"},
          {"bad_debt.usd", 1'234.5, "USD"},         {"events", 9'876'543.0, "1"},
          {"events_per_second", 6.5e6, "1/s"},      {"ledger.residual", 0.0, "USD"}};
}

TEST(Headline, IsAnAlignedTable) {
  EXPECT_EQ(headline(sample(), false),
            "finality           p50    p99  p99.9  never\n"
            "  preconfirmed  250 ms  1.5 s    2 s      0\n"
            "  settled          7 d      -      -     12\n"
            "\n"
            "delay       p50  p99\n"
            "withdrawal  7 d  8 d\n"
            "\n"
            "liquidations                1,234\n"
            "  end            5,000,000.00 USD\n"
            "bad debt             1,234.50 USD\n"
            "events                  9,876,543\n"
            "  per second         6,500,000 /s\n"
            "ledger residual          0.00 USD\n");
}

TEST(Headline, ColoursOnlyLossesAndHeadingsAndOnlyWhenAsked) {
  EXPECT_THAT(headline(sample(), false), Not(HasSubstr("\033")));
  const std::string text = headline(sample(), true);
  EXPECT_THAT(text, HasSubstr("\033[31mbad debt             1,234.50 USD\033[0m\n"));
  EXPECT_THAT(text, HasSubstr("\nledger residual          0.00 USD\n"));
  EXPECT_THAT(text, HasSubstr("\033[1mfinality"));
}

// A pool that owes more than it has is a loss.
TEST(Headline, NamesThePoolsWithTheMarket) {
  const std::vector<Metric> metrics{{"bad_debt.usd", 0.0, "USD"},
                                    {"events", 5.0, "1"},
                                    {"pools.COIN.equity", 2'500.0, "USD"},
                                    {"pools.COIN.fees", 7.0, "USD"},
                                    {"pools.V.equity", -1.0, "USD"}};
  EXPECT_EQ(headline(metrics, false),
            "bad debt                 0.00 USD\n"
            "equity of pool COIN  2,500.00 USD\n"
            "equity of pool V        -1.00 USD\n"
            "events                          5\n");
  EXPECT_THAT(headline(metrics, true), HasSubstr("\033[31mequity of pool V "));
}

TEST(Headline, LeavesOutWhatWasNotMeasured) {
  EXPECT_EQ(headline({}, true), "");
  EXPECT_EQ(headline({{"trades", 3.0, "1"}, {"my.own.metric", 1.0, "1"}}, false), "trades  3\n");
}

TEST(Printable, ControlCharactersCannotReachTheTerminal) {
  EXPECT_EQ(printable("a\033[2Jb\nc"), "a?[2Jb?c");
  EXPECT_EQ(printable("Ünïcode"), "Ünïcode");
}

}  // namespace
}  // namespace mezz::analysis

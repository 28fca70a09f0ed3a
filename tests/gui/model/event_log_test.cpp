#include "gui/model/event_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/gui/model/small_run.h"

namespace mezz::gui {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> found(const std::string& filter) {
  const EventLog log(small_run());
  std::vector<std::string> rows;
  const auto events = log.matching(EventFilter(filter, *log.run()));
  for (const std::uint32_t event : events.value())
    rows.push_back(log.table(event).name + std::to_string(log.row(event)));
  return rows;
}

std::string complaint(const std::string& filter) {
  try {
    const EventFilter parsed(filter, *small_run());
  } catch (const FilterError& error) {
    return std::to_string(error.place()) + ": " + error.what();
  }
  return "none";
}

TEST(EventLog, AllTablesAreMergedInTheOrderOfTime) {
  // At 2 s: liquidations before trades before tx, the order of the tables; the rows of tx, which
  // are not sorted, are taken in the order of their submission.
  EXPECT_THAT(found(""), ElementsAre("tx1", "trades0", "tx2", "liquidations0", "liquidations1",
                                     "trades1", "tx3", "trades2", "tx0", "liquidations2"));
}

TEST(EventFilter, TermsMustAllHold) {
  EXPECT_THAT(found("kind=liquidation account=42"), ElementsAre("liquidations0", "liquidations2"));
  EXPECT_THAT(found("kind=liquidation account=42 fund_paid>0"), ElementsAre("liquidations2"));
}

TEST(EventFilter, AccountMeansEverybodyInvolved) {
  EXPECT_THAT(found("kind=trades account=42"), ElementsAre("trades0", "trades2"));
}

TEST(EventFilter, NumbersHaveUnits) {
  EXPECT_THAT(found("t>=3s kind!=tx"), ElementsAre("trades2", "liquidations2"));
  EXPECT_THAT(found("t>3000ms"), ElementsAre("liquidations2"));
  EXPECT_THAT(found("fund_paid=1.5"), ElementsAre("liquidations1"));
  EXPECT_THAT(found("price>0.1k"), ElementsAre("trades1", "trades2"));
}

TEST(EventFilter, OrBindsLooserThanAnd) {
  EXPECT_THAT(found("step=bad_debt or step=book fee>0"),
              ElementsAre("liquidations0", "liquidations2"));
  EXPECT_THAT(found("kind=liquidation and (step=bad_debt or step=book) fee>0"),
              ElementsAre("liquidations0"));
}

TEST(EventFilter, NotAndContains) {
  EXPECT_THAT(found("kind=liquidation not step=book"),
              ElementsAre("liquidations1", "liquidations2"));
  EXPECT_THAT(found("step~debt"), ElementsAre("liquidations2"));
}

TEST(EventFilter, ATableWithoutTheColumnDoesNotMatch) {
  EXPECT_THAT(found("price>0"), ElementsAre("trades0", "trades1", "trades2"));
}

TEST(EventFilter, NeverIsNotComparable) {
  EXPECT_THAT(found("published<=1h kind=tx"), ElementsAre("tx1", "tx2", "tx3"));
}

// Accounts are row % 1000, so account 7 is in 300 of trades and 100 of liquidations.
std::shared_ptr<const RunData> long_run() {
  auto run = std::make_shared<RunData>();
  for (const auto& [name, rows] :
       {std::pair{"trades", 300'000}, std::pair{"liquidations", 100'000}}) {
    std::vector<std::int64_t> times;
    std::vector<std::int64_t> accounts;
    for (std::int64_t i = 0; i < rows; ++i) {
      times.push_back(i);
      accounts.push_back(i % 1'000);
    }
    run->tables.push_back({std::string("tables/") + name,
                           name,
                           times.size(),
                           {whole("time", std::move(times), "nanoseconds since 2026-01-01"),
                            whole("account", std::move(accounts))}});
  }
  return run;
}

TEST(EventLog, ALongPassFindsEveryRowAndTellsHowFarItIs) {
  const EventLog log(long_run());
  const EventFilter filter("account=7", *log.run());
  std::vector<double> shares;
  const auto found = log.matching(filter, {.progress = [&](double s) { shares.push_back(s); }});
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->size(), 400U);
  for (const std::uint32_t event : *found) EXPECT_EQ(log.row(event) % 1'000, 7U);
  EXPECT_TRUE(std::is_sorted(found->begin(), found->end()));
  ASSERT_FALSE(shares.empty());
  EXPECT_TRUE(std::is_sorted(shares.begin(), shares.end()));
  EXPECT_LT(shares.back(), 1.0);
}

TEST(EventLog, APassEndsWhenItIsStopped) {
  const EventLog log(long_run());
  const EventFilter filter("account=7", *log.run());
  std::stop_source stop;
  int calls = 0;
  const auto found = log.matching(filter, {.stop = stop.get_token(), .progress = [&](double) {
                                             ++calls;
                                             stop.request_stop();
                                           }});
  EXPECT_FALSE(found.has_value());
  EXPECT_EQ(calls, 1);
}

TEST(EventFilter, ErrorsNameThePlaceAndTheNearestName) {
  EXPECT_THAT(complaint("acount=42"), HasSubstr("0: no table has 'acount'; did you mean"));
  EXPECT_THAT(complaint("kind=liquidatons"), HasSubstr("did you mean"));
  EXPECT_THAT(complaint("t>1s step=boook"), HasSubstr("5: 'boook' is no value of step"));
  EXPECT_THAT(complaint("account"), HasSubstr("7: after 'account' one of"));
  EXPECT_THAT(complaint("account="), HasSubstr("8: a value for 'account' is missing"));
  EXPECT_THAT(complaint("(kind=tx"), HasSubstr("a closing bracket is missing"));
  EXPECT_THAT(complaint("kind=tx)"), HasSubstr("without an opening one"));
  EXPECT_THAT(complaint("t>soon"), HasSubstr("'soon' is no number"));
  EXPECT_THAT(complaint("kind=tx or"), HasSubstr("missing at the end"));
  EXPECT_THAT(complaint("step~\"book"), HasSubstr("closing quote"));
  EXPECT_THAT(complaint(std::string(500, '(')), HasSubstr("too many brackets"));
}

}  // namespace
}  // namespace mezz::gui

// What the pictures are made of: network, messages, sequence chart, inspectors, comparisons.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "gui/model/laboratory/baseline.h"
#include "gui/model/laboratory/causes.h"
#include "gui/model/laboratory/inspector.h"
#include "gui/model/laboratory/network.h"
#include "sim/check/error.h"
#include "tests/gui/model/laboratory/fixture.h"

namespace mezz::lab {
namespace {

TEST(StopCondition, ReadsBackWhatItWrites) {
  for (const char* text : {"time 90 min", "event 12000", "message Receipt", "entity l2/sequencer",
                           "bad_debt.usd > 0", "insurance_fund.end <= 1000"}) {
    EXPECT_EQ(to_text(parse_stop(text)), text);
    EXPECT_EQ(parse_stop(to_text(parse_stop(text))), parse_stop(text));
  }
  EXPECT_EQ(to_text(parse_stop("first insolvency")), "bad_debt.usd > 0");
  EXPECT_TRUE(holds(parse_stop("x >= 2"), 2));
  EXPECT_FALSE(holds(parse_stop("x > 2"), 2));
  for (const char* text : {"", "sometime", "time soon", "event x", "a > b", "> 3"}) {
    EXPECT_THROW(static_cast<void>(parse_stop(text)), ScenarioError) << text;
  }
}

TEST(Network, GroupsEveryPartByItsPlaceInsideItsBox) {
  const LabSession session(small_scenario());
  const Network network = network_of(session.study().world());
  EXPECT_EQ(network.nodes.size(), session.study().world().entities().size());
  std::set<std::string> places;
  for (const NetworkGroup& group : network.groups) places.insert(group.place);
  EXPECT_TRUE(places.contains("l1") && places.contains("l2") && places.contains("agents"));
  for (const NetworkNode& node : network.nodes) {
    const auto group = std::find_if(network.groups.begin(), network.groups.end(),
                                    [&](const NetworkGroup& g) { return g.place == node.place; });
    ASSERT_NE(group, network.groups.end());
    EXPECT_GE(node.x, group->left) << node.path;
    EXPECT_LE(node.x, group->left + group->width) << node.path;
    EXPECT_GE(node.y, group->top) << node.path;
    EXPECT_LE(node.y, group->top + group->height) << node.path;
  }
  EXPECT_EQ(network.node(EntityId::none()), nullptr);
}

TEST(Messages, ComeInOrderOfArrivalAndCanBeHidden) {
  LabSession session(small_scenario());
  session.seek(Time::zero() + 2_min);
  const Network network = network_of(session.study().world());
  const std::vector<Message> all = messages(session, 500, 100);
  ASSERT_GT(all.size(), 200U);
  EXPECT_TRUE(std::is_sorted(all.begin(), all.end(), [](const Message& a, const Message& b) {
    return a.arrives < b.arrives;
  }));
  MessageFilter filter;
  const std::vector<Message> shown = filter.apply(all, network);
  for (const Message& message : shown) EXPECT_FALSE(message.timer());
  const auto update = std::find_if(shown.begin(), shown.end(), [](const Message& message) {
    return message.kind == "MarketUpdate";
  });
  ASSERT_NE(update, shown.end());
  const HiddenRule rule{.kind = "MarketUpdate", .from = {}, .to = network.node(update->to)->path};
  filter.hide(rule);
  filter.hide(rule);
  EXPECT_EQ(filter.rules().size(), 1U);
  EXPECT_FALSE(filter.shows(*update, network));
  filter.show(rule);
  EXPECT_TRUE(filter.shows(*update, network));
  EXPECT_EQ(to_text(HiddenRule{.kind = "Wake", .from = "a", .to = "b"}), "Wake from a to b");
}

TEST(SequenceChart, HasALanePerPartAndArrowsOfTheRange) {
  LabSession session(small_scenario());
  session.seek(Time::zero() + 2_min);
  const Network network = network_of(session.study().world());
  MessageFilter filter;
  const std::vector<Message> all = filter.apply(messages(session, 2000, 0), network);
  const Time from = Time::zero() + 110_s;
  const SequenceChart chart = sequence_chart(all, network, from, Time::zero() + 2_min, 50);
  ASSERT_FALSE(chart.arrows.empty());
  EXPECT_LE(chart.arrows.size(), 50U);
  for (const SequenceArrow& arrow : chart.arrows) {
    EXPECT_LT(arrow.from, chart.lanes.size());
    EXPECT_LT(arrow.to, chart.lanes.size());
    EXPECT_NE(arrow.from, arrow.to);
    EXPECT_GE(arrow.arrives, from);
    EXPECT_LE(arrow.sent, arrow.arrives);
  }
  EXPECT_TRUE(sequence_chart({}, network, from, from).lanes.empty());
}

TEST(Inspector, ShowsEveryDesignWithoutMissingParts) {
  for (const std::string_view design : EnumNames<Design>::names) {
    const Scenario scenario = load_scenario(small_file(), {"layer2.design=" + std::string(design)});
    LabSession session(scenario);
    session.run_for({.events = 3'000});
    const std::vector<InspectorName> names = inspectors(session.study());
    EXPECT_GE(names.size(), 8U) << design;
    for (const InspectorName& name : names) {
      const Inspector inspector = inspect(session.study(), name.id);
      EXPECT_FALSE(inspector.title.empty());
      EXPECT_FALSE(inspector.rows.empty()) << design << ": " << name.id;
      for (const InspectorTable& table : inspector.tables) {
        for (const std::vector<std::string>& row : table.rows) {
          EXPECT_EQ(row.size(), table.columns.size()) << name.id;
        }
      }
    }
  }
}

TEST(Inspector, AnAccountSaysWhatTheExchangeSays) {
  LabSession session(small_scenario());
  session.seek(Time::zero() + 3_min);
  const Exchange& market = session.study().layer2().node->exchange();
  const Inspector account = inspect(session.study(), "account 5");
  const auto value = [&](const std::string& name) {
    for (const InspectorRow& row : account.rows) {
      if (row.name == name) return row.value;
    }
    return std::string("missing");
  };
  EXPECT_EQ(value("equity"),
            number_text(market.equity(AccountId{5}, market.oracle()).usd()) + " USD");
  EXPECT_EQ(value("position"),
            number_text(static_cast<double>(market.position(AccountId{5}).lots)) + " lots");
  EXPECT_TRUE(inspect(session.study(), "account 999999").rows.front().alarm);
  EXPECT_TRUE(inspect(session.study(), "no/such").rows.front().alarm);
}

TEST(Inspector, TheLedgerHasNoResidual) {
  LabSession session(small_scenario());
  session.run_for({});
  for (const InspectorRow& row : inspect(session.study(), "ledger").rows) {
    if (row.name == "residual (must be 0)") {
      EXPECT_EQ(row.value, "0 USD");
      EXPECT_FALSE(row.alarm);
    }
  }
}

TEST(Numbers, AreWrittenAsAPersonWould) {
  EXPECT_EQ(number_text(0), "0");
  EXPECT_EQ(number_text(-1234567), "-1\u202f234\u202f567");
  EXPECT_EQ(number_text(1234.5), "1\u202f234.5");
  EXPECT_EQ(number_text(0.25), "0.25");
  EXPECT_EQ(time_text(Time::zero() + 90_min), "01:30:00");
  EXPECT_EQ(time_text(Time::zero() + 3_d + 5_ms), "3 d 00:00:00.005");
  EXPECT_EQ(time_text(Time::never()), "never");
}

TEST(Baseline, TellsTheMostTellingChangeInOneSentence) {
  const std::vector<Metric> base = {
      {"blocks", 10, "1"}, {"withdrawal.delay.p50", 604'800, "s"}, {"bad_debt.usd", 0, "USD"}};
  const std::vector<Metric> changed = {
      {"blocks", 10, "1"}, {"withdrawal.delay.p50", 86'400, "s"}, {"bad_debt.usd", 0, "USD"}};
  const std::vector<MetricChange> all = changes(base, changed);
  EXPECT_EQ(all.front().name, "withdrawal.delay.p50");
  // (86 400 - 604 800) / 604 800 = -85.7 %
  EXPECT_EQ(summary({"settlement.challenge_window 1 d instead of 7 d"}, all),
            "With settlement.challenge_window 1 d instead of 7 d, a withdrawal takes "
            "1 d 00:00:00 instead of 7 d 00:00:00 (−86 %); bad debt stays 0 USD.");
  EXPECT_EQ(summary({}, changes(base, base)), "Without a change, no number of the run differs.");
}

TEST(Causes, AReceiptGoesBackToWhoSentTheTransaction) {
  LabSession session(small_scenario());
  session.seek(Time::zero() + 3_min);
  session.set_stop(parse_stop("message Receipt"));
  ASSERT_EQ(session.run_for({}), RunEnd::Reached);
  const LoggedEvent& receipt = session.events().back();
  const auto causes = causes_of(session, receipt.number);
  ASSERT_GE(causes.size(), 2U);
  EXPECT_EQ(causes[0]->number, receipt.number);
  for (std::size_t i = 1; i < causes.size(); ++i) {
    EXPECT_EQ(causes[i]->to, causes[i - 1]->from);
    EXPECT_EQ(causes[i]->time, causes[i - 1]->sent);
    EXPECT_LT(causes[i]->number, causes[i - 1]->number);
  }
  const auto transaction = transaction_of(receipt);
  ASSERT_TRUE(transaction.has_value());
  const Inspector way = inspect(session, "transaction " + std::to_string(*transaction));
  ASSERT_EQ(way.tables.size(), 1U);
  ASSERT_EQ(way.tables[0].rows.size(), kRungs);
  EXPECT_EQ(way.tables[0].rows[0][3], "0 s");
  EXPECT_EQ(way.tables[0].rows[1][0], "preconfirmed");
  EXPECT_EQ(way.tables[0].rows[5][1], "not yet");  // seven days
  EXPECT_TRUE(inspect(session, "transaction 999999").rows[0].alarm);
  EXPECT_TRUE(inspect(session, "event 999999999").rows[0].alarm);
  EXPECT_TRUE(causes_of(session, 999'999'999).empty());
}

}  // namespace
}  // namespace mezz::lab

#include "gui/model/greeks/greeks_ladder.h"

#include <gtest/gtest.h>

#include "tests/gui/model/small_run.h"

namespace mezz::gui {
namespace {

// A future to 30 d, a call at 100 to 365 d without a settlement window at 50 %, an everlasting
// put and a squeeth; one block a day, the index at 100, then 110 USD.
std::shared_ptr<const RunData> listings() {
  constexpr std::int64_t kDay = 86'400;
  auto run = std::make_shared<RunData>();
  run->summary.parameters = {{"market.contract.underlying", "ETH"},
                             {"market.contract.tick", "1 USD"},
                             {"market.contract.lot_decimals", "3"},
                             {"market.listing[0].name", "C"},
                             {"market.listing[0].kind", "call"},
                             {"market.listing[0].tick", "1 USD"},
                             {"market.listing[0].strike", "100 USD"},
                             {"market.listing[0].expiry", "365 d"},
                             {"market.listing[0].settlement_window", "0 s"},
                             {"market.listing[0].volatility", "50 %"},
                             {"market.listing[0].smile", "none"},
                             {"market.listing[1].name", "F"},
                             {"market.listing[1].kind", "future"},
                             {"market.listing[1].tick", "1 USD"},
                             {"market.listing[1].expiry", "30 d"},
                             {"market.listing[2].name", "S"},
                             {"market.listing[2].kind", "power_perp"},
                             {"market.listing[2].power_scale", "10 USD"},
                             {"market.listing[2].funding", "in_kind"},
                             {"market.listing[2].volatility", "50 %"}};
  run->tables.push_back({"tables/blocks",
                         "blocks",
                         2,
                         {time_column("time", {0, kDay}), whole("block", {1, 2}),
                          whole("incarnation", {0, 0}), whole("oracle", {100, 110}, "tick")}});
  run->tables.push_back({"tables/listing_marks",
                         "listing_marks",
                         4,
                         {time_column("time", {0, 0, 0, kDay}), whole("block", {1, 1, 1, 2}),
                          whole("incarnation", {0, 0, 0, 0}), whole("instrument", {1, 2, 3, 1}),
                          whole("mark", {20, 100, 100, 26}, "tick"),
                          whole("open_interest", {4'000, 500, 1, 5'000}, "lot")}});
  return run;
}

TEST(GreeksLadder, AtTheMoneyCallOfAYear) {
  const Greeks greeks = GreeksLadder(listings()).at(Time{0});
  EXPECT_DOUBLE_EQ(greeks.index, 100.0);
  ASSERT_EQ(greeks.rows.size(), 3U);
  const GreeksRow& call = greeks.rows[1];  // after the future, which ends first
  EXPECT_EQ(call.name, "C");
  EXPECT_DOUBLE_EQ(call.mark, 20.0);
  EXPECT_DOUBLE_EQ(call.open_interest, 4.0);  // 4000 lots of a thousandth
  // Black with F = K = 100, 50 %, one year: d1 = 0.25, N(d1) = 0.598706, n(d1) = 0.386668.
  ASSERT_TRUE(call.greeks.has_value());
  EXPECT_NEAR(call.greeks->delta, 0.598706, 1e-6);
  EXPECT_NEAR(call.greeks->gamma, 0.386668 / 50.0, 1e-7);  // n(d1) / (S s sqrt(T))
  EXPECT_NEAR(call.greeks->vega, 0.386668, 1e-6);          // S n(d1) sqrt(T) / 100
  EXPECT_NEAR(call.greeks->theta, -9.6667 / 365.0, 1e-6);  // -S n(d1) s / (2 sqrt(T))
}

TEST(GreeksLadder, AFutureMovesWithTheIndex) {
  const Greeks greeks = GreeksLadder(listings()).at(Time{0});
  const GreeksRow& future = greeks.rows[0];
  EXPECT_EQ(future.kind, "future");
  ASSERT_TRUE(future.greeks.has_value());
  EXPECT_NEAR(future.greeks->delta, 1.0, 1e-12);
  EXPECT_NEAR(future.greeks->vega, 0.0, 1e-12);
}

TEST(GreeksLadder, TheLastMarkBeforeTheMomentCountsAndExpiredListingsAreGone) {
  const GreeksLadder ladder(listings());
  const Greeks later = ladder.at(Time{40LL * 86'400 * kSecond});
  EXPECT_DOUBLE_EQ(later.index, 110.0);
  ASSERT_EQ(later.rows.size(), 2U);
  EXPECT_EQ(later.rows[0].name, "C");
  EXPECT_DOUBLE_EQ(later.rows[0].mark, 26.0);
  EXPECT_EQ(later.rows[0].left, Duration{325LL * 86'400 * kSecond});
}

TEST(GreeksLadder, AFactorThatIsNotRecordedMeansNoGreeks) {
  const Greeks greeks = GreeksLadder(listings()).at(Time{0});
  EXPECT_EQ(greeks.rows[2].kind, "power_perp");
  EXPECT_FALSE(greeks.rows[2].greeks.has_value());
  EXPECT_FALSE(greeks.rows[2].left.has_value());
}

TEST(GreeksLadder, SaysWhatIsMissing) {
  EXPECT_NE(GreeksLadder(small_run()).reason().find("no listings"), std::string::npos);
  auto run = std::make_shared<RunData>(*listings());
  std::erase_if(run->tables, [](const TableData& t) { return t.name == "listing_marks"; });
  EXPECT_NE(GreeksLadder(run).reason().find("listing_marks"), std::string::npos);
  EXPECT_TRUE(GreeksLadder(listings()).reason().empty());
}

TEST(GreeksLadder, TermsNoExchangeWouldTakeHaveNoGreeks) {
  auto run = std::make_shared<RunData>(*listings());
  for (analysis::ParameterText& p : run->summary.parameters) {
    if (p.name == "market.listing[0].strike") p.value = "-100 USD";
  }
  const Greeks greeks = GreeksLadder(run).at(Time{0});
  EXPECT_FALSE(greeks.rows[1].greeks.has_value());
}

}  // namespace
}  // namespace mezz::gui

#include "gui/model/risk_cards.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace mezz::gui {
namespace {

using ::testing::HasSubstr;

std::vector<double> one_to(int n) {
  std::vector<double> values;
  for (int i = n; i >= 1; --i) values.push_back(i);
  return values;
}

TEST(RiskCards, OneToAHundred) {
  const auto cards = risk_cards(one_to(100), "ETH", {});
  ASSERT_EQ(cards.size(), 3U);
  EXPECT_EQ(cards[0].name, "VaR 95 %");
  EXPECT_EQ(cards[0].value, "95 ETH");
  // Binomial(100, 0.95): P(X <= 89) = 0.0115, P(X <= 90) = 0.0282 > 0.025, so the lower end is the
  // 90th; P(X >= 99) = 0.0371, P(X >= 100) = 0.0059, so the upper one is the 100th.
  EXPECT_EQ(cards[0].note, "95 %: 90 ETH to 100 ETH, n = 100");
  EXPECT_EQ(cards[1].value, "98 ETH");  // mean of 96 to 100
  EXPECT_EQ(cards[2].value, "50.5 ETH");
  EXPECT_THAT(cards[2].note, HasSubstr("n = 100"));
}

TEST(RiskCards, LiquidationsAtRiskAreDollars) {
  const auto cards = risk_cards({1.0, 2.0, 3.0}, "1", one_to(100));
  ASSERT_EQ(cards.size(), 4U);
  EXPECT_EQ(cards[2].name, "LaR 95 %");
  EXPECT_EQ(cards[2].value, "95.00 USD");
}

TEST(RiskCards, TooFewRunsHaveNoIntervalAndMissingNumbersDoNotCount) {
  const auto cards = risk_cards({1.0, NAN, 2.0}, "1", {});
  // Both below the quantile: 0.95^2, too likely for an upper end. None below: 0.05^2, so the
  // smallest is the lower end.
  EXPECT_EQ(cards[0].note, "95 %: at least 1, n = 2");
  EXPECT_EQ(cards[1].note, "too few runs for an interval, n = 2");
  EXPECT_TRUE(risk_cards({NAN}, "1", {}).empty());
  EXPECT_TRUE(risk_cards({}, "1", {1.0}).empty());
}

}  // namespace
}  // namespace mezz::gui

#include "sim/config/nearest.h"

#include <gtest/gtest.h>

namespace mezz::config {
namespace {

TEST(Nearest, DistanceCountsEditsAndSwaps) {
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);  // Levenshtein's own example
  EXPECT_EQ(edit_distance("duratoin", "duration"), 1U);
  EXPECT_EQ(edit_distance("ETH", "eth"), 0U);
}

TEST(Nearest, SuggestsTheClosestAndNothingWhenAllAreFar) {
  EXPECT_EQ(nearest("chalenge_window", {"window", "challenge_window"}), "challenge_window");
  EXPECT_EQ(nearest("zk_rolup", {"optimistic_rollup", "zk_rollup"}), "zk_rollup");
  EXPECT_EQ(nearest("banana", {"window", "design"}), "");
  EXPECT_EQ(nearest("", {"window"}), "");
  EXPECT_EQ(nearest("x", {"y"}), "");
}

TEST(Nearest, EquallyNearNamesGoToTheFirst) { EXPECT_EQ(nearest("cat", {"car", "cap"}), "car"); }

TEST(Nearest, HugeNamesCostNothing) {
  EXPECT_EQ(nearest(std::string(1'000'000, 'a'), {"aaaa"}), "");
}

TEST(Nearest, QuotesAreSafeForATerminal) {
  EXPECT_EQ(quote("a\x1b[31m"), "\"a\\x1b[31m\"");
  EXPECT_EQ(quote(std::string(1000, 'a')).size(), 65U);
}

}  // namespace
}  // namespace mezz::config

#include "tests/conformance/random_worlds.h"

#include <gtest/gtest.h>

namespace mezz::conformance {
namespace {

TEST(RandomWorlds, KeepTheirPromises) {
  expect_promises_in_random_worlds("seed=20261124 max_success=100");
}

}  // namespace
}  // namespace mezz::conformance

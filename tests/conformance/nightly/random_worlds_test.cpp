#include "tests/conformance/random_worlds.h"

#include <gtest/gtest.h>

namespace mezz::conformance {
namespace {

// Twenty times as many as the default suite, and other ones.
TEST(RandomWorldsNightly, KeepTheirPromises) {
  expect_promises_in_random_worlds("seed=2000 max_success=2000");
}

}  // namespace
}  // namespace mezz::conformance

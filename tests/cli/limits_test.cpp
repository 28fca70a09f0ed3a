// A limit may name the designs that it speaks of; run with another one it is not asked.
#include <gmock/gmock.h>

#include "tests/cli/program.h"

namespace mezz {
namespace {

using ::testing::HasSubstr;

TEST(Limits, SpeakOfTheDesignsTheyName) {
  const Program mezz;
  mezz.write("s.toml",
             "[[limit]]\nmetric = \"l1.blocks\"\nmin = 1000.0\ndesigns = [\"zk_rollup\", "
             "\"validium\"]\n");
  const Program::Words run{"run",   "s.toml", "--set",  "run.duration=\"1 min\"",
                           "--out", "none",   "--quiet"};
  EXPECT_EQ(mezz.run(run).code, 0);
  const Finished broken = mezz.run(run + Program::Words{"--set", "layer2.design=\"validium\""});
  EXPECT_EQ(broken.code, 1);
  EXPECT_THAT(broken.err, HasSubstr("limit broken: l1.blocks"));
}

}  // namespace
}  // namespace mezz

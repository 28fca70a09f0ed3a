// Running 0..T equals running 0..t, saving, and continuing in a new process to T: for every
// scenario of the catalogue, with t and T around what the scenario is about.
#include <gmock/gmock.h>

#include "tests/cli/program.h"

namespace mezz {
namespace {

using ::testing::HasSubstr;
using Words = Program::Words;

struct Cut {
  std::string scenario;
  const char* middle;
  const char* end;
  Words set = {};
};
void PrintTo(const Cut& cut, std::ostream* out) { *out << cut.scenario; }

const Words kSmall{"--set", "agent[0].accounts=2000"};

// Where to cut; a scenario that is not listed is cut at one and two minutes.
const Cut kCuts[] = {
    {"black_thursday", "150 s", "5 min", kSmall + Words{"--set", "shock[0].at=\"2 min\""}},
    {"calm_market", "1 min", "2 min"},  // with all its 100 000 accounts
    {"censored_withdrawal", "15 h", "30 h"},
    {"crash_during_outage", "31 min", "33 min", kSmall},
    {"flash_crash", "36 min", "40 min", kSmall},
    {"invalid_claim", "40 h", "6 d"},  // in the middle of the dispute
    {"l1_congestion", "22 min", "24 min", kSmall},
    {"pool_funding", "16 h", "18 h"},  // funding is paid
    {"reorg", "10 min", "12 min", kSmall},
};

std::vector<Cut> cuts() {
  std::vector<Cut> all;
  for (const std::string& name : catalogue_names()) {
    if (name == "designs_compared") continue;  // many runs, no snapshot
    Cut cut{name, "1 min", "2 min"};
    for (const Cut& known : kCuts) {
      if (known.scenario == name) cut = known;
    }
    all.push_back(cut);
  }
  return all;
}

class Snapshot : public ::testing::TestWithParam<Cut> {};

TEST_P(Snapshot, ContinuedInAnotherProcessEqualsTheWholeRun) {
  const Cut& cut = GetParam();
  const Program mezz;
  const Words run = Words{"run", cut.scenario, "--out", "none"} + cut.set;
  const auto whole = mezz.run_json(run + Words{"--until", cut.end});
  const auto first = mezz.run_json(run + Words{"--until", cut.middle, "--snapshot", "s.snap"});
  const auto rest = mezz.run_json(run + Words{"--until", cut.end, "--restore", "s.snap"});
  EXPECT_NE(first["fingerprint"], whole["fingerprint"]);
  EXPECT_EQ(rest["fingerprint"], whole["fingerprint"]);
  for (const auto& [name, metric] : whole["metrics"].items()) {
    if (name == "wall" || name == "events_per_second" || name == "memory.peak") continue;
    EXPECT_EQ(rest["metrics"][name], metric) << name;
  }
}
INSTANTIATE_TEST_SUITE_P(Catalogue, Snapshot, ::testing::ValuesIn(cuts()),
                         [](const auto& info) { return info.param.scenario; });

TEST(SnapshotFile, OfAnotherScenarioOrSeedOrCutShortIsRefused) {
  const Program mezz;
  const Words run = small("calm_market") + Words{"--out", "none", "--quiet"};
  ASSERT_EQ(mezz.run(run + Words{"--until", "10 s", "--snapshot", "s.snap"}).code, 0);
  const std::string whole = mezz.read("s.snap");
  const auto refused = [&](const Words& words, const char* why) {
    const Finished again = mezz.run(words + Words{"--until", "20 s", "--restore", "s.snap"});
    EXPECT_EQ(again.code, 2) << why;
    EXPECT_THAT(again.err, HasSubstr("s.snap"));
    EXPECT_THAT(again.err, HasSubstr(why));
    EXPECT_EQ(again.out, "");
  };
  refused(run + Words{"--seed", "7"}, "another scenario");
  refused(small("flash_crash") + Words{"--out", "none"}, "another scenario");
  refused(run + Words{"--set", "market.insurance_fund=5 USD"}, "another scenario");
  Words early = run + Words{"--until", "5 s", "--restore", "s.snap"};
  EXPECT_THAT(mezz.run(early).err, HasSubstr("before the time of the snapshot"));
  for (const std::size_t bytes : {std::size_t{0}, std::size_t{20}, whole.size() / 2}) {
    mezz.write("s.snap", whole.substr(0, bytes));
    refused(run, "s.snap");
  }
  std::string flipped = whole;
  flipped[flipped.size() / 2] ^= 1;
  mezz.write("s.snap", flipped);
  refused(run, "damaged");
}

TEST(SnapshotFile, MayBeContinuedBeyondTheOldEndOfTheRun) {
  const Program mezz;
  const Words run = small("calm_market") + Words{"--set", "limit=[]", "--out", "none"};
  const auto whole = mezz.run_json(run + Words{"--set", "run.duration=40 s"});
  mezz.run_json(run + Words{"--set", "run.duration=20 s", "--snapshot", "s.snap"});
  const auto rest = mezz.run_json(run + Words{"--set", "run.duration=40 s", "--restore", "s.snap"});
  EXPECT_EQ(rest["fingerprint"], whole["fingerprint"]);
}

}  // namespace
}  // namespace mezz

// What [sweep] and its command line refuse: exit code 2, nothing on standard output, no file, and a
// message with the place, the key, the value and what would do.
#include <gmock/gmock.h>

#include "tests/cli/program.h"

namespace mezz {
namespace {

using ::testing::HasSubstr;
using Words = Program::Words;

struct BadSweep {
  const char* name;
  std::string text;  // after [run] duration
  Words said;
};

void PrintTo(const BadSweep& bad, std::ostream* out) { *out << bad.name; }

class BadSweepTest : public ::testing::TestWithParam<BadSweep> {};

TEST_P(BadSweepTest, IsRefusedWithPlaceKeyValueAndRemedy) {
  const Program mezz;
  mezz.write("s.toml", "[run]\nduration = \"1 s\"\n" + GetParam().text);
  for (const Words& more : {Words{}, Words{"--dry-run"}}) {
    Words words{"sweep", "s.toml", "--out", "d"};
    words.insert(words.end(), more.begin(), more.end());
    const Finished run = mezz.run(words);
    EXPECT_EQ(run.code, 2) << run.err;
    EXPECT_EQ(run.out, "");
    EXPECT_THAT(run.err, HasSubstr("s.toml"));
    for (const std::string& text : GetParam().said) EXPECT_THAT(run.err, HasSubstr(text));
  }
  EXPECT_FALSE(mezz.exists("d"));
}

std::string named(const ::testing::TestParamInfo<BadSweep>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(
    Sweep, BadSweepTest,
    ::testing::Values(
        BadSweep{"Missing", "", {"sweep", "is missing"}},
        BadSweep{"Empty", "[sweep]\n", {"s.toml:3:", "is empty"}},
        BadSweep{"NoTable", "[[sweep]]\n\"run.seed\" = [1]\n", {"must be a table"}},
        BadSweep{"KeyMisspelt",
                 "[sweep]\n\"layer2.desing\" = [\"zk_rollup\"]\n",
                 {"s.toml:4:", "layer2.desing", "did you mean 'design'?"}},
        BadSweep{"SectionMisspelt",
                 "[sweep]\n\"layr2.design\" = [\"zk_rollup\"]\n",
                 {"s.toml:4:", "layr2", "did you mean 'layer2'?"}},
        BadSweep{"ValueMisspelt",
                 "[sweep]\n\"layer2.design\" = [\"plasma\", \"zk_rolup\"]\n",
                 {"s.toml:4:", "layer2.design", "zk_rolup", "did you mean 'zk_rollup'?"}},
        BadSweep{"KeyWithoutQuotes",
                 "[sweep]\nlayer2.design = [\"plasma\"]\n",
                 {"s.toml:4:", "sweep.layer2", "in quotes"}},
        BadSweep{"WordMisspelt",
                 "[sweep]\n\"run.seed\" = [1]\n[[sweep.skp]]\n\"run.seed\" = 1\n",
                 {"s.toml:5:", "sweep.skp", "did you mean 'skip'?"}},
        BadSweep{"SingleValue",
                 "[sweep]\n\"run.seed\" = 7\n",
                 {"s.toml:4:", "run.seed", "an integer", "[7, ...]"}},
        BadSweep{"NoValues", "[sweep]\n\"run.seed\" = []\n", {"s.toml:4:", "has no values"}},
        BadSweep{"ValueTwice", "[sweep]\n\"run.seed\" = [1, 2, 1]\n", {"1 stands there twice"}},
        BadSweep{"RangeBackwards",
                 "[sweep]\n\"run.seed\" = { from = 5, to = 1 }\n",
                 {"s.toml:4:", "ends before it begins", "from 5 to 1"}},
        BadSweep{"RangeWithoutEnd",
                 "[sweep]\n\"run.seed\" = { from = 5 }\n",
                 {"s.toml:4:", "\"run.seed\".to", "is missing"}},
        BadSweep{"RangeWordMisspelt",
                 "[sweep]\n\"run.seed\" = { from = 1, to = 5, stp = 2 }\n",
                 {"s.toml:4:", "stp", "did you mean 'step'?"}},
        BadSweep{"StepZero",
                 "[sweep]\n\"run.seed\" = { from = 1, to = 5, step = 0 }\n",
                 {"\"run.seed\".step", "must be above 0, got 0"}},
        BadSweep{"RangeTooLong",
                 "[sweep]\n\"run.seed\" = { from = 1, to = 1_000_000 }\n",
                 {"1000000 values", "at most 100000"}},
        BadSweep{"AmountsOfTwoKinds",
                 "[sweep]\n\"run.duration\" = { from = \"1 s\", to = \"2 USD\", step = \"1 s\" }\n",
                 {"s.toml:4:", "not amounts of one kind", "2 USD"}},
        BadSweep{"AmountsWithoutStep",
                 "[sweep]\n\"run.duration\" = { from = \"1 s\", to = \"2 s\" }\n",
                 {"run.duration", "step", "no natural step"}},
        BadSweep{"MixedEnds",
                 "[sweep]\n\"run.duration\" = { from = 1, to = \"2 s\" }\n",
                 {"all must be numbers, or all amounts"}},
        BadSweep{"BareNumberForAnAmount",
                 "[sweep]\n\"run.duration\" = [1, 2]\n",
                 {"s.toml:4:", "run.duration", "ns, us, ms, s, min, h, d"}},
        BadSweep{"NegativeSeed", "[sweep]\n\"run.seed\" = [1, -4]\n", {"run.seed", "-4"}},
        BadSweep{"TooManyRuns",
                 "[sweep]\n\"run.seed\" = { from = 1, to = 1000 }\n"
                 "\"run.replication\" = { from = 1, to = 1000 }\n",
                 {"1000000 runs", "at most 100000"}},
        BadSweep{"AThousandMillionRuns",
                 "[sweep]\n\"run.seed\" = { from = 1, to = 100_000 }\n"
                 "\"run.replication\" = { from = 1, to = 100_000 }\n"
                 "\"layer2.design\" = [\"plasma\", \"sidechain\"]\n",
                 {"20000000000 runs", "100000 of \"run.seed\"", "take fewer values"}},
        BadSweep{"ZipOfOne",
                 "[sweep]\n[[sweep.zip]]\n\"run.seed\" = [1, 2]\n",
                 {"sweep.zip[0]", "needs two keys"}},
        BadSweep{"ZipOfTwoLengths",
                 "[sweep]\n[[sweep.zip]]\n\"run.replication\" = [1, 2]\n\"run.seed\" = [1]\n",
                 {"sweep.zip[0].\"run.seed\"", "has 1 values", "has 2"}},
        BadSweep{"KeyTwice",
                 "[sweep]\n\"run.seed\" = [1, 2]\n[[sweep.zip]]\n\"run.replication\" = [1, 2]\n"
                 "\"run.seed\" = [3, 4]\n",
                 {"run.seed", "is swept twice"}},
        BadSweep{"SkipOfAnotherKey",
                 "[sweep]\n\"run.seed\" = [1, 2]\n[[sweep.skip]]\n\"run.sed\" = 1\n",
                 {"s.toml:6:", "run.sed", "did you mean 'run.seed'?"}},
        BadSweep{"SkipOfAnotherValue",
                 "[sweep]\n\"run.seed\" = [1, 2]\n[[sweep.skip]]\n\"run.seed\" = 3\n",
                 {"s.toml:6:", "3 is no value", "1, 2"}},
        BadSweep{"SkipOfEverything",
                 "[sweep]\n\"run.seed\" = [1, 2]\n[[sweep.skip]]\n\"run.seed\" = [1, 2]\n",
                 {"leaves out every run"}},
        BadSweep{"UntilWithoutMetric", "[sweep.until]\nrelative = 0.1\n", {"metric", "is missing"}},
        BadSweep{"UntilMetricMisspelt",
                 "[sweep.until]\nmetric = \"bad_debt.usdd\"\nrelative = 0.1\n",
                 {"sweep.until.metric", "did you mean 'bad_debt.usd'?"}},
        BadSweep{"UntilOfWallTime",
                 "[sweep.until]\nmetric = \"wall\"\nrelative = 0.1\n",
                 {"a number of this machine"}},
        BadSweep{"UntilWithBothWidths",
                 "[sweep.until]\nmetric = \"orders\"\nrelative = 0.1\nhalf_width = 1.0\n",
                 {"both half_width and relative"}},
        BadSweep{"UntilMaxBelowMin",
                 "[sweep.until]\nmetric = \"orders\"\nrelative = 0.1\nmin = 9\nmax = 8\n",
                 {"sweep.until.max", "8 is below min = 9"}},
        BadSweep{"UntilWithSeeds",
                 "[sweep]\n\"run.seed\" = [1, 2]\n[sweep.until]\nmetric = \"orders\"\n"
                 "relative = 0.1\n",
                 {"counts the seeds itself"}},
        BadSweep{"Comparison",
                 "[sweep]\n\"run.seed\" = [1, 2]\n[[compare.design]]\nname = \"a\"\nset = \"\"\n",
                 {"compare", "remove one of them"}}),
    named);

struct BadWords {
  const char* name;
  Words words;
  Words said;
};

TEST(SweepCommand, BadWordsAreRefusedAndNothingIsWritten) {
  const BadWords cases[] = {
      {"no jobs", {"sweep", "s.toml", "--jobs", "0"}, {"--jobs", "from 1 to 1024, got 0"}},
      {"many jobs", {"sweep", "s.toml", "--jobs", "9999"}, {"--jobs", "got 9999"}},
      {"jobs no number", {"sweep", "s.toml", "--jobs", "two"}, {"--jobs"}},
      {"misspelt", {"sweep", "s.toml", "--job", "2"}, {"did you mean '--jobs'?"}},
      {"two plans", {"sweep", "s.toml", "--dry-run", "--prepare"}, {"--prepare"}},
      {"index of a file", {"sweep", "s.toml", "--index", "0"}, {"no sweep in s.toml"}},
      {"resume of nothing", {"resume", "nowhere"}, {"no sweep in nowhere", "mezz sweep FILE"}},
      {"file in the way", {"sweep", "s.toml", "--out", "s.toml"}, {"is a file, not a folder"}}};
  const Program mezz;
  mezz.write("s.toml", "[run]\nduration = \"1 s\"\n[sweep]\n\"run.seed\" = [1, 2]\n");
  for (const BadWords& bad : cases) {
    const Finished run = mezz.run(bad.words);
    EXPECT_EQ(run.code, 2) << bad.name << run.err;
    EXPECT_EQ(run.out, "") << bad.name;
    for (const std::string& text : bad.said) EXPECT_THAT(run.err, HasSubstr(text)) << bad.name;
    EXPECT_FALSE(mezz.exists("runs")) << bad.name;
  }
}

}  // namespace
}  // namespace mezz

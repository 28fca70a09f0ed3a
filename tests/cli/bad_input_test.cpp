// Whatever is wrong with the input: exit code 2, one message that names the place, the key and what
// is allowed, nothing on standard output, and no file left behind.
#include <gmock/gmock.h>

#include "tests/cli/program.h"

namespace mezz {
namespace {

using ::testing::HasSubstr;
using Words = Program::Words;

struct BadInput {
  const char* name;
  std::string scenario;  // text of s.toml
  Words said;            // what the message must contain
  Words words = {};      // command line; default: run s.toml
  std::string csv = {};  // text of p.csv, when not empty
};

void PrintTo(const BadInput& input, std::ostream* out) { *out << input.name; }

class BadInputTest : public ::testing::TestWithParam<BadInput> {};

TEST_P(BadInputTest, IsRefusedWithPlaceKeyAndRemedy) {
  const BadInput& bad = GetParam();
  const Program mezz;
  mezz.write("s.toml", bad.scenario);
  if (!bad.csv.empty()) mezz.write("p.csv", bad.csv);
  const Words words = bad.words.empty() ? Words{"run", "s.toml"} : bad.words;
  const bool runs = words.front() == "run";
  const Finished run = mezz.run(runs ? words + Words{"--out", "r.h5"} : words);
  EXPECT_EQ(run.code, 2) << run.err;
  EXPECT_EQ(run.out, "");
  for (const std::string& text : bad.said) EXPECT_THAT(run.err, HasSubstr(text));
  for (const char* left : {"r.h5", "r.h5.part", "r.h5.lock", "runs"}) {
    EXPECT_FALSE(mezz.exists(left)) << left;
  }
}

std::string named(const ::testing::TestParamInfo<BadInput>& info) { return info.param.name; }

const std::string kPopulation = "[[agent]]\nkind = \"leveraged_population\"\n";
const std::string kShock = "[[shock]]\nat = \"1 s\"\n";
const std::string kReplay = "[price]\nkind = \"replay\"\nfile = \"p.csv\"\n";
const std::string kFine = "[run]\nduration = \"1 min\"\n";

// Types, units, ranges, names.
INSTANTIATE_TEST_SUITE_P(
    Values, BadInputTest,
    ::testing::Values(
        BadInput{"UnknownUnit",
                 "[run]\nduration = \"5 parsecs\"\n",
                 {"s.toml:2:", "run.duration", "5 parsecs", "ns, us, ms, s, min, h, d"}},
        BadInput{"NoUnit", "[run]\nduration = 5\n", {"s.toml:2:", "run.duration", "no unit"}},
        BadInput{"UnitOfAnotherDimension",
                 "[market]\ninsurance_fund = \"5 s\"\n",
                 {"s.toml:2:", "market.insurance_fund", "USD"}},
        BadInput{"TextForInteger", "[run]\nseed = \"x\"\n", {"s.toml:2:", "run.seed", "integer"}},
        BadInput{"FractionForInteger",
                 "[market.contract]\nlot_decimals = 3.5\n",
                 {"s.toml:2:", "market.contract.lot_decimals", "3.5"}},
        BadInput{"TableForValue", "[run.seed]\na = 1\n", {"s.toml:1:", "run.seed", "integer"}},
        BadInput{"DateForDuration", "[run]\nduration = 2020-01-01\n", {"run.duration", "dates"}},
        BadInput{"BelowRange", "[run]\nseed = -1\n", {"run.seed", "at least 0", "-1"}},
        BadInput{"TickOfZero",
                 "[market.contract]\ntick = \"0 USD\"\n",
                 {"market.contract.tick", "at least 0.000001 USD"}},
        BadInput{"TickTooFine",
                 "[market.contract]\ntick = \"0.0000001 USD\"\n",
                 {"market.contract.tick", "smallest step"}},
        BadInput{
            "LotTooFine", "[market.contract]\nlot_decimals = 99\n", {"between 0 and 12", "99"}},
        BadInput{"ProbabilityAboveOne",
                 "[[link]]\nfrom = \"l1\"\nto = \"l2\"\nloss = 2.0\n",
                 {"s.toml:4:", "link[0].loss", "100 %"}},
        BadInput{"NegativeDelay",
                 "[[link]]\nfrom = \"l1\"\nto = \"l2\"\ndelay = { mean = \"-1 ms\" }\n",
                 {"s.toml:4:", "link[0].delay.mean", "at least 0 s"}},
        BadInput{
            "NotANumber", "[price]\nvolatility = nan\n", {"price.volatility", "finite", "nan"}},
        BadInput{"Infinite", "[price]\nvolatility = inf\n", {"price.volatility", "finite", "inf"}},
        BadInput{"UnknownSection", "[runn]\nseed = 1\n", {"s.toml:1:", "runn", "'run'"}},
        BadInput{"UnknownKey", "[run]\nsede = 1\n", {"s.toml:2:", "run.sede", "'seed'"}},
        BadInput{
            "UnknownDesign", "[layer2]\ndesign = \"zk\"\n", {"layer2.design", "optimistic_rollup"}},
        BadInput{"UnknownAgent",
                 "[[agent]]\nkind = \"market_makr\"\n",
                 {"s.toml:2:", "agent[0].kind", "'market_maker'"}},
        BadInput{"AgentKindIsNoText", "[[agent]]\nkind = 5\n", {"agent[0].kind", "market_maker"}},
        BadInput{"AgentWithoutKind", "[[agent]]\ncount = 2\n", {"s.toml:1:", "agent[0]", "kind"}},
        BadInput{"AgentIsNoArray", "[agent]\nkind = \"x\"\n", {"agent", "[[agent]]"}},
        BadInput{"UnknownAgentKey",
                 "[[agent]]\nkind = \"market_maker\"\nlevls = 2\n",
                 {"s.toml:3:", "agent[0].levls", "'levels'"}},
        BadInput{"AgentNameWithSlash",
                 "[[agent]]\nkind = \"market_maker\"\nname = \"a/b\"\n",
                 {"s.toml:3:", "agent[0].name", "a/b"}},
        BadInput{"UnknownShock",
                 kShock + "kind = \"sequencer_dwn\"\nduration = \"1 s\"\n",
                 {"s.toml:3:", "shock[0].kind", "sequencer_down"}},
        BadInput{"ShockWithoutKind", kShock, {"s.toml:1:", "shock[0].kind", "missing"}},
        BadInput{"ShockBeforeTheStart",
                 "[[shock]]\nat = \"-1 s\"\nkind = \"price_jump\"\n",
                 {"s.toml:2:", "shock[0].at", "at least 0 s"}},
        BadInput{"UnknownPlace",
                 "[[link]]\nfrom = \"agent\"\nto = \"l2\"\n",
                 {"s.toml:2:", "link[0].from", "'agents'", "settlement"}},
        BadInput{"UnknownMetric",
                 "[[limit]]\nmetric = \"bad_dept.usd\"\nmax = 0.0\n",
                 {"s.toml:2:", "limit[0].metric", "'bad_debt.usd'"}},
        BadInput{"UnknownRecorder",
                 "[[record]]\nmatch = \"tables/trades\"\nwith = \"vektor\"\n",
                 {"s.toml:3:", "record[0].with", "vektor", "vector"}},
        BadInput{
            "EpochIsNoDate", "[run]\nepoch = \"tomorrow\"\n", {"s.toml:2:", "run.epoch", "2026"}}),
    named);

// What contradicts itself, and what is too large for any machine.
INSTANTIATE_TEST_SUITE_P(
    Sense, BadInputTest,
    ::testing::Values(
        BadInput{"LeverageRange",
                 kPopulation + "leverage_min = 10\nleverage_max = 5\n",
                 {"s.toml", "leverage_max", "leverage_min"}},
        BadInput{"LimitRange",
                 "[[limit]]\nmetric = \"trades\"\nmin = 2.0\nmax = 1.0\n",
                 {"s.toml:3:", "limit[0].min", "max, 1"}},
        BadInput{
            "LimitWithoutNumber", "[[limit]]\nmetric = \"trades\"\n", {"limit[0]", "min, max"}},
        BadInput{"ShareAboveOne",
                 kShock + "kind = \"censorship\"\nduration = \"1 s\"\nmagnitude = 5\n",
                 {"s.toml:5:", "shock[0].magnitude", "0 to 1", "5"}},
        BadInput{"PriceJumpToZero",
                 kShock + "kind = \"price_jump\"\nmagnitude = 0\n",
                 {"s.toml:4:", "shock[0].magnitude", "above 0"}},
        BadInput{"HalfABlock",
                 kShock + "kind = \"l1_reorg\"\nmagnitude = 0.5\n",
                 {"s.toml:4:", "shock[0].magnitude", "whole number of blocks"}},
        BadInput{"OutageOfNoLength",
                 kShock + "kind = \"sequencer_down\"\n",
                 {"s.toml:1:", "shock[0].duration", "above 0"}},
        BadInput{"TickAboveThePrice",
                 "[market.contract]\ntick = \"1_000_000 USD\"\n",
                 {"s.toml", "price.initial_price", "one tick", "1_000_000 USD"}},
        BadInput{"TwoAgentsOfOneName",
                 "[[agent]]\nkind = \"market_maker\"\n[[agent]]\nkind = \"market_maker\"\n",
                 {"s.toml:4:", "agent[1].kind", "market_maker", "another name"}},
        BadInput{"TrillionAccounts",
                 kPopulation + "accounts = 1_000_000_000_000\n",
                 {"s.toml:3:", "agent[0].accounts", "20000000", "1000000000000"}},
        BadInput{"MoreMemoryThanTheMachine",
                 kPopulation + "accounts = 20_000_000\ncount = 1_000\n",
                 {"s.toml", "GB of memory", "agent.accounts"}},
        BadInput{"ThirtyYears",
                 "[run]\nduration = \"1_000_000_000 s\"\n",
                 {"s.toml:2:", "run.duration", "3650 d"}},
        BadInput{"DurationBeyondTheClock",
                 "[run]\nduration = \"1e300 s\"\n",
                 {"s.toml:2:", "run.duration", "too large"}}),
    named);

// Files.
INSTANTIATE_TEST_SUITE_P(
    Files, BadInputTest,
    ::testing::Values(
        BadInput{"ExtendsItself", "extends = [\"s.toml\"]\n", {"s.toml:1:", "extends", "cycle"}},
        BadInput{
            "UnknownBase", "extends = [\"perp_markt\"]\n", {"s.toml:1:", "extends", "perp_markt"}},
        BadInput{
            "MissingBase", "extends = [\"./no.toml\"]\n", {"s.toml:1:", "no.toml", "no such file"}},
        BadInput{"Binary", std::string("\0\xff\x01junk", 7), {"s.toml", "not a text file"}},
        BadInput{"InvalidUtf8", "title = \"\xff\xfe\"\n", {"s.toml:1:", "utf-8"}},
        BadInput{"Empty", "", {"s.toml", "empty"}},
        BadInput{"BrokenSyntax", "[run\nseed = 1\n", {"s.toml:1:", "']'"}},
        BadInput{"KeyTwice", "[run]\nseed = 1\nseed = 2\n", {"s.toml:3:", "seed"}},
        BadInput{"Folder", "", {".: ", "directory"}, {"run", "."}},
        BadInput{"NoSuchFile", "", {"nope.toml", "no such file"}, {"run", "nope.toml"}},
        BadInput{"NoSuchName", "", {"calm_markt", "'calm_market'"}, {"run", "calm_markt"}},
        BadInput{"ReplayWithoutFile", "[price]\nkind = \"replay\"\n", {"price.file", "CSV"}},
        BadInput{"ReplayOfNothing", kReplay, {"s.toml:3:", "price.file", "p.csv"}},
        BadInput{"CsvWithoutTime",
                 kReplay,
                 {"p.csv:1", "price.file", "hello"},
                 {},
                 "hello,world\n1,2\n"},
        BadInput{"CsvWithText",
                 kReplay,
                 {"p.csv:2", "price.file", "abc"},
                 {},
                 "timestamp,price\n1,abc\n"},
        BadInput{
            "CsvWithoutRows", kReplay, {"p.csv", "price.file", "rows"}, {}, "timestamp,price\n"}),
    named);

// The command line.
INSTANTIATE_TEST_SUITE_P(
    Words, BadInputTest,
    ::testing::Values(
        BadInput{"SetWithoutEquals",
                 kFine,
                 {"command line", "run.seed", "key=value"},
                 {"run", "s.toml", "--set", "run.seed"}},
        BadInput{"SetWithoutKey", kFine, {"command line", "=1"}, {"run", "s.toml", "--set", "=1"}},
        BadInput{"SetUnknownKey",
                 kFine,
                 {"command line", "run.sed", "'seed'"},
                 {"run", "s.toml", "--set", "run.sed=1"}},
        BadInput{"SetOfNoItem",
                 kFine,
                 {"command line", "shock[7].at"},
                 {"run", "s.toml", "--set", "shock[7].at=\"1 s\""}},
        BadInput{"SetOfBrokenToml",
                 kFine,
                 {"command line", "run.seed"},
                 {"run", "s.toml", "--set", "run.seed={"}},
        BadInput{"SeedIsText",
                 kFine,
                 {"command line", "run.seed", "x"},
                 {"run", "s.toml", "--seed", "x"}},
        BadInput{"SeedTooLarge",
                 kFine,
                 {"command line", "run.seed", "too large"},
                 {"run", "s.toml", "--seed", "99999999999999999999"}},
        BadInput{"UntilGarbage",
                 kFine,
                 {"command line", "--until", "soon", "250 ms"},
                 {"run", "s.toml", "--until", "soon"}},
        BadInput{"UntilWithoutUnit",
                 kFine,
                 {"command line", "--until", "no unit"},
                 {"run", "s.toml", "--until", "5"}},
        BadInput{"UntilNegative",
                 kFine,
                 {"command line", "--until", "above 0"},
                 {"run", "s.toml", "--until", "-1 s"}},
        BadInput{"UntilAfterTheEnd",
                 kFine,
                 {"command line", "--until", "1 min"},
                 {"run", "s.toml", "--until", "2 min"}},
        BadInput{"UnknownCommand", kFine, {"command line", "rum", "'run'"}, {"rum", "s.toml"}},
        BadInput{"NoCommand", kFine, {"command line", "--help"}, {"--"}},
        BadInput{"UnknownOption",
                 kFine,
                 {"command line", "--outt", "'--out'"},
                 {"run", "s.toml", "--outt", "x"}},
        BadInput{"TwoScenarios", kFine, {"command line", "t.toml"}, {"run", "s.toml", "t.toml"}},
        BadInput{"NoScenario", kFine, {"command line", "scenario"}, {"run"}},
        BadInput{"RestoreOfNothing",
                 kFine,
                 {"command line", "--restore", "no.snap"},
                 {"run", "s.toml", "--restore", "no.snap"}},
        BadInput{"RestoreOfJunk",
                 kFine,
                 {"command line", "--restore", "s.toml"},
                 {"run", "s.toml", "--restore", "s.toml"}},
        BadInput{"UnknownShell",
                 kFine,
                 {"command line", "tcsh", "bash, zsh, fish"},
                 {"completion", "tcsh"}},
        BadInput{"RecoverWithoutTarget",
                 kFine,
                 {"command line", "--out", "s.toml"},
                 {"recover", "s.toml"}},
        BadInput{"CheckFindsIt", "[runn]\n", {"s.toml:1:", "runn"}, {"check", "s.toml"}},
        BadInput{"CheckFindsUnknownMetric",
                 "[[limit]]\nmetric = \"x\"\nmax = 0.0\n",
                 {"s.toml:2:", "limit[0].metric"},
                 {"check", "s.toml"}},
        BadInput{"ResolveFindsIt", "[runn]\n", {"s.toml:1:", "runn"}, {"resolve", "s.toml"}}),
    named);

}  // namespace
}  // namespace mezz

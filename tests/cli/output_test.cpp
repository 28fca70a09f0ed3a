// What mezz prints: for machines (JSON, CSV, schema, completion) and for people (help, version).
#include <gmock/gmock.h>

#include <algorithm>
#include <sstream>

#include "tests/cli/program.h"

namespace mezz {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Words = Program::Words;

// DESIGN section 6, word for word.
std::vector<std::string> contract_names() {
  std::vector<std::string> names{"withdrawal.delay.p50",
                                 "withdrawal.delay.p99",
                                 "orders",
                                 "trades",
                                 "funding.paid",
                                 "liquidations.count",
                                 "liquidations.notional",
                                 "liquidations.delay.p50",
                                 "liquidations.delay.p99",
                                 "insurance_fund.start",
                                 "insurance_fund.end",
                                 "insurance_fund.min",
                                 "adl.notional",
                                 "bad_debt.usd",
                                 "bad_debt.accounts",
                                 "bad_debt.share_of_oi",
                                 "l1.gas_cost",
                                 "l1.blob_cost",
                                 "transaction.cost.mean",
                                 "events",
                                 "events_per_second",
                                 "memory.peak",
                                 "ledger.residual"};
  for (const char* rung : {"preconfirmed", "published", "order_final", "asserted", "settled"}) {
    for (const char* of : {"p50", "p99", "p999", "never"}) {
      names.push_back(std::string("finality.") + rung + "." + of);
    }
  }
  return names;
}

void expect_contract(const nlohmann::json& object) {
  for (const char* key : {"scenario", "design", "seed", "fingerprint", "status", "result"}) {
    EXPECT_TRUE(object.contains(key)) << key;
  }
  EXPECT_EQ(object.size(), 7U);
  for (const std::string& name : contract_names()) {
    ASSERT_TRUE(object["metrics"].contains(name)) << name;
    const auto& metric = object["metrics"][name];
    EXPECT_TRUE(metric["unit"].is_string()) << name;
    // Only a percentile can be without a value: nothing got that far.
    const bool percentile = name.find(".p") != std::string::npos;
    EXPECT_TRUE(metric["value"].is_number() || (percentile && metric["value"].is_null())) << name;
  }
}

TEST(Json, RunAndInfoPrintTheSameObjectAndNothingElse) {
  const Program mezz;
  const Words words = small("calm_market") + Words{"--until", "1 min", "--out", "r.h5", "--json"};
  const Finished run = mezz.run(words);
  ASSERT_EQ(run.code, 0) << run.err;
  EXPECT_EQ(run.err, "");
  EXPECT_EQ(std::count(run.out.begin(), run.out.end(), '\n'), 1);
  const auto printed = nlohmann::json::parse(run.out);
  expect_contract(printed);
  EXPECT_EQ(printed["scenario"], "calm_market");
  EXPECT_EQ(printed["design"], "optimistic_rollup");
  EXPECT_EQ(printed["seed"], 1);
  EXPECT_EQ(printed["status"], "complete");
  EXPECT_EQ(printed["result"], "r.h5");
  EXPECT_GT(printed["metrics"]["trades"]["value"], 0);
  // Nothing settles within a minute.
  EXPECT_TRUE(printed["metrics"]["finality.settled.p50"]["value"].is_null());

  const auto stored = mezz.run_json({"info", "r.h5"});
  expect_contract(stored);
  for (const char* key : {"scenario", "design", "seed", "fingerprint", "status", "result"}) {
    EXPECT_EQ(stored[key], printed[key]) << key;
  }
  for (const auto& [name, metric] : printed["metrics"].items()) {
    EXPECT_EQ(stored["metrics"][name], metric) << name;
  }
}

TEST(Json, NumberWithoutAValueBreaksItsLimit) {
  const Program mezz;
  mezz.write(
      "s.toml",
      "extends = [\"calm_market\"]\nlimit = [{ metric = \"finality.settled.p99\", max = 1e9 }]\n"
      "[run]\nduration = \"10 s\"\n");
  const Finished run =
      mezz.run({"run", "s.toml", "--set", "agent[0].accounts=2000", "--out", "none", "--quiet"});
  EXPECT_EQ(run.code, 1);
  EXPECT_THAT(run.err, HasSubstr("finality.settled.p99 has no value"));
}

TEST(Json, ListAndSchemaAreJson) {
  const Program mezz;
  const auto list = nlohmann::json::parse(mezz.run({"list", "--json"}).out);
  const auto scenarios = std::count_if(
      list.begin(), list.end(), [](const auto& entry) { return entry["section"] == "scenarios"; });
  EXPECT_EQ(static_cast<std::size_t>(scenarios), catalogue_names().size());
  for (const auto& entry : list) {
    EXPECT_NE(entry["title"], "");
    EXPECT_NE(entry["question"], "");
    EXPECT_TRUE(std::filesystem::exists(entry["path"].get<std::string>()));
  }
  const auto schema = nlohmann::json::parse(mezz.run({"schema"}).out);
  EXPECT_TRUE(schema["properties"].contains("layer1"));
  EXPECT_TRUE(schema["properties"].contains("agent"));
}

TEST(List, QuestionsHaveASectionAndAreRefusedWhileAPartIsMissing) {
  const Program mezz;
  const std::string out = mezz.run({"list"}).out;
  EXPECT_THAT(out, HasSubstr("\n\n questions (mezz sweep NAME)\n01_"));
  for (const char* command : {"run", "sweep", "check"}) {
    const Finished refused = mezz.run({command, "17_fragmented_liquidity"});
    EXPECT_EQ(refused.code, 2) << command;
    EXPECT_EQ(refused.out, "");
    EXPECT_THAT(refused.err, HasSubstr("requires: does not exist yet: several_layer2 ("));
  }
}

// Four shares, and both clients ask for all: the hole of 2 x 2 takes them all.
TEST(Export, SampledBlocksAreATable) {
  const Program mezz;
  mezz.write("s.toml",
             "[run]\nduration = \"10 s\"\n"
             "[data_sampling]\nclients = 2\nsamples = 4\nk = 1\n"
             "interval = \"2 s\"\ntimeout = \"1 s\"\n"
             "[[shock]]\nat = \"5 s\"\nkind = \"data_withheld\"\nduration = \"1 min\"\n");
  const Finished run = mezz.run({"run", "s.toml", "--out", "r.h5", "--quiet"});
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_EQ(run.err, "");
  EXPECT_EQ(mezz.run({"export", "r.h5", "--table", "data_sampling"}).out,
            "time,block,accepted,shares,withheld,rebuilt\n"
            "3000000000,1,2,4,0,1\n"
            "5000000000,2,2,4,0,1\n"
            "7000000000,3,0,0,1,0\n"
            "9000000000,4,0,0,1,0\n");
}

TEST(Export, TablesAreCsvWithAHeading) {
  const Program mezz;
  const auto run = mezz.run_json(small("calm_market") + Words{"--until", "1 min", "--out", "r.h5"});
  const auto lines = [](const std::string& text) {
    return std::count(text.begin(), text.end(), '\n');
  };
  const Finished trades = mezz.run({"export", "r.h5", "--table", "trades"});
  EXPECT_EQ(trades.code, 0) << trades.err;
  EXPECT_EQ(trades.out.substr(0, trades.out.find(',')), "time");
  EXPECT_EQ(lines(trades.out), 1 + run["metrics"]["trades"]["value"].get<std::int64_t>());
  const Finished transactions = mezz.run({"export", "r.h5", "--table", "tx"});
  EXPECT_THAT(transactions.out, HasSubstr("submitted,preconfirmed,published"));
  EXPECT_GT(lines(transactions.out), 100);
  const Finished unknown = mezz.run({"export", "r.h5", "--table", "trade"});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("trades"));
  EXPECT_EQ(unknown.out, "");
}

std::vector<std::string> commands_in_help(const Program& mezz) {
  std::istringstream help(mezz.run({"--help"}).out);
  std::vector<std::string> commands;
  std::string line;
  while (std::getline(help, line) && line != "Subcommands:") {
  }
  while (std::getline(help, line) && line.starts_with("  ") && line[2] != ' ') {
    commands.push_back(line.substr(2, line.find(' ', 2) - 2));
  }
  return commands;
}

TEST(Help, NamesExitCodesAndEveryCommandHasHelp) {
  const Program mezz;
  const Finished help = mezz.run({"--help"});
  EXPECT_EQ(help.code, 0);
  for (const char* text : {"0 fine", "1 limit", "2 bad usage", "3 I/O", "130 interrupted"}) {
    EXPECT_THAT(help.out, HasSubstr(text));
  }
  const std::vector<std::string> commands = commands_in_help(mezz);
  ASSERT_GE(commands.size(), 13U);
  for (const std::string& command : commands) {
    const Finished own = mezz.run({command, "--help"});
    EXPECT_EQ(own.code, 0) << command;
    EXPECT_THAT(own.out, HasSubstr("Usage: mezz " + command));
  }
}

TEST(Help, VersionNamesCommitAndCompiler) {
  const Program mezz;
  const Finished version = mezz.run({"--version"});
  EXPECT_EQ(version.code, 0);
  EXPECT_THAT(version.out, ::testing::MatchesRegex("[0-9]+\\.[0-9]+\\.[0-9]+ \\(.*, .*\\)\n"));
}

// The rest of the pipe wants no more: that is no error.
TEST(Pipe, ReaderThatStopsEarlyEndsTheProgramQuietly) {
  const Program mezz;
  mezz.run_json(small("calm_market") + Words{"--until", "1 min", "--out", "r.h5"});
  const Finished piped = mezz.shell({"bash"}, R"(
for words in 'export r.h5 --table tx' 'resolve calm_market' 'schema'; do
  mezz $words | head -n 1 > first.txt
  echo "${PIPESTATUS[0]}"
  mezz $words | true
  echo "${PIPESTATUS[0]}"
done
trap '' PIPE  # started by a program that ignores the signal
mezz export r.h5 --table tx | head -n 1 > heading.txt
echo "${PIPESTATUS[0]}"
)");
  EXPECT_EQ(piped.err, "");
  std::istringstream codes(piped.out);
  int count = 0;
  for (int code = 0; codes >> code; ++count) EXPECT_TRUE(code == 0 || code == 141) << code;
  EXPECT_EQ(count, 7);
  EXPECT_THAT(mezz.read("heading.txt"), HasSubstr("submitted,preconfirmed,published"));
}

TEST(Pipe, RunWhoseOutputNobodyReadsStillWritesItsResult) {
  const Program mezz;
  const Finished piped = mezz.shell({"bash"}, R"(
mezz run calm_market --set 'agent[0].accounts=2000' --until '20 s' --out r.h5 2>&1 | true
echo "${PIPESTATUS[0]}"
)");
  EXPECT_EQ(piped.out, "0\n") << piped.err;
  EXPECT_EQ(mezz.run_json({"info", "r.h5"})["status"], "complete");
}

TEST(Pipe, FullDiskUnderTheOutputIsAnIoError) {
  const Program mezz;
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "no /dev/full here";
  for (const Words& words : {Words{"resolve", "calm_market"}, Words{"list"}}) {
    const Finished run = mezz.wait(mezz.start(words, "/dev/full"));
    EXPECT_EQ(run.code, 3) << words.front();
    EXPECT_THAT(run.err, HasSubstr("No space left"));
  }
}

// The next file to be opened gets the number of a closed stream, and with it what is printed.
TEST(Streams, WhatIsPrintedToAClosedOneReachesNoResult) {
  const Program mezz;
  const Finished run = mezz.shell({"bash"}, R"(
run="mezz run calm_market --set agent[0].accounts=2000 --until 20s --out"
$run a.h5 2>&-
echo "$?" >> codes
$run b.h5 >&-
echo "$?" >> codes
$run c.h5 >&- 2>&-
echo "$?" >> codes
$run d.h5 <&- >&- 2>&-
echo "$?" >> codes
)");
  EXPECT_EQ(mezz.read("codes"), "0\n3\n3\n3\n");
  EXPECT_THAT(run.err, HasSubstr("mezz: writing to standard output: Bad file descriptor"));
  for (const char* file : {"a.h5", "b.h5", "c.h5", "d.h5"}) {
    EXPECT_EQ(mezz.run_json({"info", file})["status"], "complete") << file;
  }
}

TEST(Streams, ThatNobodyCanBeToldWhatIsWrongChangesNoExitCode) {
  const Program mezz;
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "no /dev/full here";
  mezz.write("limit.toml",
             "[run]\nduration = \"20 s\"\n[[limit]]\nmetric = \"blocks\"\nmax = 0.0\n");
  const Finished run = mezz.shell({"bash"}, R"(
mezz run no_such_scenario 2> /dev/full
echo "$?"
mezz frobnicate 2>&-
echo "$?"
mezz info none.h5 2> /dev/full
echo "$?"
mezz run limit.toml --out r.h5 2> /dev/full > table
echo "$?"
)");
  EXPECT_EQ(run.out, "2\n2\n3\n1\n");
}

TEST(Completion, OffersEveryCommandInEveryShell) {
  const Program mezz;
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const Finished script = mezz.run({"completion", shell});
    EXPECT_EQ(script.code, 0) << shell;
    for (const std::string& command : commands_in_help(mezz)) {
      EXPECT_THAT(script.out, HasSubstr(command)) << shell;
    }
  }
}

// What bash would offer for a line, one a line, sorted.
std::string offered(const Program& mezz, const std::string& words) {
  const Finished run = mezz.shell({"bash", "--norc"}, R"(
source <(mezz completion bash) || exit 90
COMP_WORDS=()" + words + R"()
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_mezz mezz
printf '%s\n' "${COMPREPLY[@]}" | sort
)");
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_EQ(run.err, "");
  return run.out;
}

TEST(Completion, InBashCompletesCommandsScenariosOptionsAndFiles) {
  const Program mezz;
  mezz.write("my scenario.toml", "");
  mezz.write("calm.h5", "");
  std::string commands;
  std::vector<std::string> all = commands_in_help(mezz);
  std::sort(all.begin(), all.end());
  for (const std::string& command : all) commands += command + "\n";
  EXPECT_EQ(offered(mezz, "mezz ''"), commands);
  EXPECT_THAT(offered(mezz, "mezz re"), HasSubstr("reproduce\nresolve\n"));
  for (const char* command : {"run", "check", "resolve"}) {
    const std::string words = offered(mezz, std::string("mezz ") + command + " ''");
    for (const std::string& name : catalogue_names()) EXPECT_THAT(words, HasSubstr(name + "\n"));
    EXPECT_THAT(words, HasSubstr("my scenario.toml\n"));
    EXPECT_EQ(offered(mezz, std::string("mezz ") + command + " calm"), "calm.h5\ncalm_market\n");
  }
  EXPECT_EQ(offered(mezz, "mezz info calm"), "calm.h5\n");
  EXPECT_EQ(offered(mezz, "mezz run --un"), "--until\n");
  EXPECT_EQ(offered(mezz, "mezz export --ta"), "--table\n");
  EXPECT_EQ(offered(mezz, "mezz completion z"), "zsh\n");
}

// Without a terminal zsh completes nothing: the function is called with the builtin replaced.
TEST(Completion, InZshCompletesCommandsScenariosAndOptions) {
  const Program mezz;
  if (mezz.shell({"zsh", "-f"}, "true").code != 0) GTEST_SKIP() << "zsh is not installed";
  const auto offers = [&](const std::string& words, const std::string& prefix) {
    const Finished run = mezz.shell({"zsh", "-f"}, R"(
compdef() { }
source <(mezz completion zsh)
compadd() { shift; print -l -- "$@"; }
_files() { print files; }
words=(mezz )" + words + ")\nCURRENT=${#words}\nPREFIX=" +
                                                       prefix + "\n_mezz\n");
    EXPECT_EQ(run.code, 0) << run.err;
    EXPECT_EQ(run.err, "");
    return run.out;
  };
  const std::string commands = offers("''", "");
  for (const std::string& command : commands_in_help(mezz)) {
    EXPECT_THAT(commands, HasSubstr(command + "\n"));
  }
  const std::string scenarios = offers("run ''", "");
  for (const std::string& name : catalogue_names()) EXPECT_THAT(scenarios, HasSubstr(name + "\n"));
  EXPECT_THAT(scenarios, HasSubstr("files\n"));
  EXPECT_THAT(offers("run -", "-"), HasSubstr("--until\n"));
  EXPECT_EQ(offers("info ''", ""), "files\n");
}

TEST(Completion, InFishIsAScriptThatFishReads) {
  const Program mezz;
  if (mezz.shell({"fish", "--no-config"}, "true").code != 0) {
    GTEST_SKIP() << "fish is not installed";
  }
  const Finished run = mezz.shell({"fish", "--no-config"},
                                  "mezz completion fish | source\n"
                                  "complete -C 'mezz re'; complete -C 'mezz run calm_m'; "
                                  "complete -C 'mezz run --unt'\n");
  EXPECT_EQ(run.err, "");
  EXPECT_THAT(run.out, HasSubstr("reproduce\t"));
  EXPECT_THAT(run.out, HasSubstr("calm_market\n"));
  EXPECT_THAT(run.out, HasSubstr("--until"));
}

TEST(Colour, OnATerminalUnlessNoColorIsSet) {
  if (const int terminal = ::posix_openpt(O_RDWR | O_NOCTTY); terminal < 0) {
    GTEST_SKIP() << "this system gives out no pseudo-terminals";
  } else {
    ::close(terminal);
  }
  Program mezz;
  const Words words = small("calm_market") + Words{"--until", "10 s", "--out", "none", "--quiet"};
  EXPECT_THAT(mezz.run_on_terminal(words), HasSubstr("\x1b["));
  EXPECT_THAT(mezz.run(words).out, Not(HasSubstr("\x1b")));
  mezz.set_environment("NO_COLOR", "1");
  const std::string plain = mezz.run_on_terminal(words);
  EXPECT_THAT(plain, HasSubstr("fingerprint"));
  EXPECT_THAT(plain, Not(HasSubstr("\x1b")));
}

class Resolve : public ::testing::TestWithParam<std::string> {};

// What resolve prints is a scenario: read again it resolves to the same and runs to the same.
TEST_P(Resolve, ReadAgainIsTheSameScenario) {
  const Program mezz;
  const Finished once = mezz.run({"resolve", GetParam()});
  ASSERT_EQ(once.code, 0) << once.err;
  mezz.write("again.toml", once.out);
  const Finished twice = mezz.run({"resolve", "again.toml"});
  ASSERT_EQ(twice.code, 0) << twice.err;
  const auto values = [](const std::string& text) {  // without the comments: the origins moved
    std::istringstream lines(text);
    std::string out;
    for (std::string line; std::getline(lines, line);)
      out += line.substr(0, line.find("  #")) + "\n";
    return out;
  };
  EXPECT_EQ(values(once.out), values(twice.out));
  const Words run{"--until", "20 s", "--out", "none"};
  EXPECT_EQ(mezz.run_json(Words{"run", GetParam()} + run)["fingerprint"],
            mezz.run_json(Words{"run", "again.toml"} + run)["fingerprint"]);
}
INSTANTIATE_TEST_SUITE_P(Catalogue, Resolve, ::testing::ValuesIn(catalogue_names()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace mezz

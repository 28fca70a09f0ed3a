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
  EXPECT_EQ(list.size(), catalogue_names().size());
  for (const auto& entry : list) {
    EXPECT_NE(entry["title"], "");
    EXPECT_NE(entry["question"], "");
    EXPECT_TRUE(std::filesystem::exists(entry["path"].get<std::string>()));
  }
  const auto schema = nlohmann::json::parse(mezz.run({"schema"}).out);
  EXPECT_TRUE(schema["properties"].contains("layer1"));
  EXPECT_TRUE(schema["properties"].contains("agent"));
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

TEST(Colour, OnATerminalUnlessNoColorIsSet) {
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

// Keys that another key makes useless: which are named, with which words, and which are left alone.
#include "scenarios/unread_keys.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <optional>

#include "scenarios/key_readers.h"
#include "sim/check/error.h"
#include "tests/scratch_folder.h"

namespace mezz {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Assignments = std::map<std::string, std::string>;  // --set, a value for each key

// One of everything that a row with a '*' can stand for.
constexpr const char* kOneOfEach = R"(
[[agent]]
kind = "listing_maker"
[[agent]]
kind = "liquidator"
[[shock]]
at = "1 s"
kind = "sequencer_down"
duration = "1 s"
[[market.listing]]
name = "COIN"
kind = "spot"
[[market.pool]]
instrument = "COIN"
)";

Scenario scenario_of(const std::string& text, const Assignments& set) {
  config::Document document = config::load_text(text, "s.toml");
  for (const auto& [key, value] : set) config::apply_override(document, key + "=" + value);
  return scenario_from_document(document, "s", "s.toml");
}

std::vector<std::string> lines_of(const Scenario& scenario) {
  std::vector<std::string> out;
  for (const UnreadKey& key : unread_keys(scenario)) out.push_back(key.path + ": " + key.problem);
  return out;
}

std::string problem_with(const Scenario& scenario, const std::string& path) {
  for (const UnreadKey& key : unread_keys(scenario)) {
    if (key.path == path) return key.problem;
  }
  return {};
}

// ---- every row of the table, both ways

std::string in_place(std::string text, const std::string& star) {
  const std::size_t at = text.find('*');
  return at == std::string::npos ? text : text.replace(at, 1, star);
}

// A row, and a key that it speaks of.
struct Case {
  const ReadRule* rule = nullptr;
  std::string key;
  std::string star;
};

class Table : public ::testing::Test {
 protected:
  Table() {
    for (const Parameter& p : flat_parameters(scenario_of(kOneOfEach, {}))) {
      const std::size_t array = p.name.starts_with("market.venue_margin.leverage[")
                                    ? p.name.find('[')
                                    : std::string::npos;
      parameters_.emplace(p.name.substr(0, array), p.value);
    }
    parameters_["market.venue_margin.leverage"] = "[{ leverage_max = 10 }]";
    constexpr std::string_view kOfDelays = ".phases";
    for (const auto& [key, value] : parameters_) {
      if (key.ends_with(kOfDelays)) delays_.push_back(key.substr(0, key.size() - kOfDelays.size()));
    }
    prices_ = scratch_.write("prices.csv", "time,price\n0,100\n");
  }

  // What stands for '*' in its path: every delay there is, the first element that has such a key.
  [[nodiscard]] std::vector<std::string> stars_of(const ReadRule& rule) const {
    if (rule.path.find('*') == std::string::npos) return {""};
    if (rule.path.starts_with("*")) return delays_;
    return {parameters_.contains(in_place(rule.path, "0")) ? "0" : "1"};
  }

  // Of a section the first key and the last.
  [[nodiscard]] std::vector<Case> cases() const {
    std::vector<Case> out;
    for (const ReadRule& rule : read_rules()) {
      for (const std::string& star : stars_of(rule)) {
        const std::string path = in_place(rule.path, star);
        std::vector<Case> found;
        for (const auto& [key, value] : parameters_) {
          if (key == path || key.starts_with(path + ".")) found.push_back({&rule, key, star});
        }
        out.push_back(found.front());
        if (found.size() > 1) out.push_back(found.back());
      }
    }
    return out;
  }
  // The rows that speak of a key.
  [[nodiscard]] std::vector<Case> cases_of(const std::string& key) const {
    std::vector<Case> out;
    for (const ReadRule& rule : read_rules()) {
      for (const std::string& star : stars_of(rule)) {
        const std::string path = in_place(rule.path, star);
        if (key == path || key.starts_with(path + ".")) out.push_back({&rule, key, star});
      }
    }
    return out;
  }

  // A value that may be written: the default where there is one.
  [[nodiscard]] std::string value_of(const std::string& key) const {
    static const Assignments kOthers{{"market.initial_margin", "\"5 %\""},
                                     {"market.maintenance_fraction", "\"50 %\""},
                                     {"market.open_interest_lower", "\"1 MUSD\""},
                                     {"market.open_interest_upper", "\"2 MUSD\""},
                                     {"settlement.protocol", "bold"}};
    const auto other = kOthers.find(key);
    if (other != kOthers.end()) return other->second;
    const std::string& usual = parameters_.at(key);
    return usual.empty() ? "\"\"" : usual;
  }

  [[nodiscard]] bool accepts(const Case& c, const std::string& choice, std::string_view v) const {
    for (const Case& other : cases_of(c.key)) {
      if (other.rule == c.rule) continue;
      const auto& readers = other.rule->readers;
      const bool asks = std::any_of(readers.begin(), readers.end(), [&](const KeyReader& r) {
        return in_place(r.choice, other.star) == choice && !r.reads(v);
      });
      if (asks && readers.size() == 1) return false;
    }
    return true;
  }

  // Everything but this row lets the key be read.
  [[nodiscard]] Assignments others_read(const Case& c) const {
    Assignments set;
    for (const Case& other : cases_of(c.key)) {
      if (other.rule == c.rule || other.rule->readers.empty()) continue;
      const KeyReader& reader = other.rule->readers.front();
      const std::string choice = in_place(reader.choice, other.star);
      if (choice != c.key) set.emplace(choice, reading(reader, choice, c));
    }
    return set;
  }
  [[nodiscard]] std::string reading(const KeyReader& reader, const std::string& choice,
                                    const Case& c) const {
    if (!reader.off.empty()) return kOn.at(choice);
    for (const std::string_view value : reader.values) {
      if (accepts(c, choice, value)) return std::string(value);
    }
    return std::string(reader.values.front());
  }

  [[nodiscard]] Scenario written(Assignments set, const Case& c) const {
    set.emplace(c.key, value_of(c.key));
    if (set.contains("price.kind") && set.at("price.kind") == "replay") {
      set["price.file"] = "\"" + prices_ + "\"";
    }
    return scenario_of(set.contains("market.listing") ? "" : kOneOfEach, set);
  }

  // Nothing where the program refuses such a scenario altogether.
  [[nodiscard]] std::optional<Scenario> allowed(const Assignments& set, const Case& c) const {
    try {
      return written(set, c);
    } catch (const ScenarioError&) {
      return {};
    }
  }

  // As after --set: all with which it does not read.
  static std::vector<std::string> values_against(const KeyReader& reader) {
    if (reader.off == "0" || reader.off == "[]") return {std::string(reader.off)};
    if (!reader.off.empty()) return {"\"" + std::string(reader.off) + "\""};
    if (reader.names.empty()) return {"false"};
    std::vector<std::string> out;
    for (const std::string_view name : reader.names) {
      if (!reader.reads(name)) out.emplace_back(name);
    }
    return out;
  }
  // Readers beside the first must not read either.
  void choose_against_the_rest(const Case& c, Assignments& set) const {
    for (std::size_t i = 1; i < c.rule->readers.size(); ++i) {
      const KeyReader& beside = c.rule->readers[i];
      if (set.contains(beside.choice) && !beside.reads(set.at(beside.choice))) continue;
      for (const std::string& name : values_against(beside)) {
        if (!accepts(c, beside.choice, name)) continue;
        set[beside.choice] = beside.names.empty() ? "\"6 s\"" : name;
        break;
      }
    }
  }

  // Choices that are switched on by a number or a list.
  const Assignments kOn{{"challenger.count", "1"},
                        {"bold.defender.count", "1"},
                        {"bold.adversary.count", "1"},
                        {"plasma.holders", "10"},
                        {"fast_exit.inventory", "\"1 MUSD\""},
                        {"data_sampling.clients", "10"},
                        {"market.listing", "[{ name = \"COIN\", kind = \"spot\" }]"},
                        {"price.impact.depth", "\"1 MUSD\""}};
  ScratchFolder scratch_;
  std::string prices_;
  Assignments parameters_;
  std::vector<std::string> delays_;
};

TEST_F(Table, SpeaksOfKeysThatThereAreAndOfValuesThatTheyTake) {
  for (const ReadRule& rule : read_rules()) {
    const std::string path = in_place(rule.path, stars_of(rule).front());
    const bool known = std::any_of(parameters_.begin(), parameters_.end(), [&](const auto& p) {
      return p.first == path || p.first.starts_with(path + ".");
    });
    EXPECT_TRUE(known) << path;
    EXPECT_EQ(rule.readers.empty(), !rule.instead.empty()) << path;
    for (const KeyReader& reader : rule.readers) {
      const std::string choice = in_place(reader.choice, stars_of(rule).front());
      EXPECT_TRUE(parameters_.contains(choice) || choice == "market.listing") << choice;
      EXPECT_EQ(reader.values.empty(), !reader.off.empty()) << path;
      for (const std::string_view value : reader.values) {
        EXPECT_TRUE(reader.names.empty() || std::find(reader.names.begin(), reader.names.end(),
                                                      value) != reader.names.end())
            << path << " " << value;
      }
    }
  }
}

TEST_F(Table, IsSilentWhereOneReads) {
  for (const Case& c : cases()) {
    for (const KeyReader& reader : c.rule->readers) {
      const std::string choice = in_place(reader.choice, c.star);
      if (choice == c.key) continue;
      std::vector<std::string> values(reader.values.begin(), reader.values.end());
      if (!reader.off.empty()) values = {kOn.at(choice)};
      for (const std::string& value : values) {
        if (!accepts(c, choice, value)) continue;
        Assignments set = others_read(c);
        set[choice] = value;
        const Scenario scenario = written(set, c);
        EXPECT_EQ(problem_with(scenario, c.key), "") << c.key << " with " << choice << "=" << value;
        EXPECT_EQ(problem_with(scenario, c.rule->path), "") << c.key;
      }
    }
  }
}

TEST_F(Table, NamesTheKeyTheChoiceAndTheReadersWhereNobodyReads) {
  std::size_t pairs = 0;
  for (const Case& c : cases()) {
    if (c.rule->readers.empty()) continue;
    const KeyReader& reader = c.rule->readers.front();
    const std::string choice = in_place(reader.choice, c.star);
    if (choice == c.key) continue;
    for (const std::string& value : values_against(reader)) {
      if (!accepts(c, choice, value)) continue;
      Assignments set = others_read(c);
      set[choice] = value;
      choose_against_the_rest(c, set);
      const std::optional<Scenario> scenario = allowed(set, c);
      if (!scenario) continue;
      const std::string problem = problem_with(*scenario, c.rule->whole ? c.rule->path : c.key);
      EXPECT_THAT(problem, HasSubstr("has no effect"))
          << c.key << " with " << choice << "=" << value;
      EXPECT_THAT(problem, HasSubstr(reader.off.empty() ? value : std::string(reader.off)));
      for (const std::string_view name : reader.values) EXPECT_THAT(problem, HasSubstr(name));
      ++pairs;
    }
  }
  EXPECT_GT(pairs, 800U);
}

// ---- the words

std::string market_warning(const std::string& key, const std::string& value,
                           const Assignments& choice) {
  Assignments set = choice;
  set.emplace(key, value);
  return problem_with(scenario_of("", set), key);
}

TEST(UnreadKeys, LiquidationRulesAreToldWhoseNumbersTheyDoNotRead) {
  struct Row {
    const char* key;
    const char* value;
    const char* rule;
    const char* readers;
  };
  // What each rule is parametrised by: models/layer2/execution/liquidation_presets.h.
  const Row rows[] = {
      {"market.ramp.fee", "\"2 %\"", "dydx_v4", "drift"},
      {"market.window.window", "\"1 min\"", "drift", "synthetix_v3"},
      {"market.clip.tip", "\"5 USD\"", "full", "maker_clip"},
      {"market.fixed_bonus.bonus", "\"4 %\"", "maker_clip", "fixed_bonus"},
      {"market.liquidation.fee_max_ppm", "10_000", "full", "dydx_v4"},
      {"market.backstop.partial_above", "\"5 kUSD\"", "gmx_v2", "hyperliquid"},
      {"market.backstop.unwind_share", "\"5 %\"", "synthetix_v3", "hyperliquid, gmx_v2"},
      {"market.backstop.unwind_slippage", "\"2 %\"", "fixed_bonus",
       "hyperliquid, gmx_v2, synthetix_v3"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(market_warning(row.key, row.value, {{"market.liquidation_rule", row.rule}}),
              "has no effect where market.liquidation_rule = " + std::string(row.rule) +
                  "; it is read by: " + row.readers);
  }
}

TEST(UnreadKeys, ANumberThatTwoRulesReadIsNamedWithBoth) {
  const std::string key = "market.venue_margin.gmx_v2.closing_fee";
  EXPECT_EQ(market_warning(key, "\"7 bp\"", {{"market.margin", "drift"}}),
            "has no effect where market.margin = drift and market.liquidation_rule = dydx_v4; it "
            "is read by: market.margin = gmx_v2, market.liquidation_rule = gmx_v2");
  EXPECT_EQ(market_warning(key, "\"7 bp\"", {{"market.margin", "gmx_v2"}}), "");
  EXPECT_EQ(market_warning(key, "\"7 bp\"", {{"market.liquidation_rule", "gmx_v2"}}), "");
}

TEST(UnreadKeys, MarginRulesFundingRulesAndDeleveragingLikewise) {
  EXPECT_EQ(market_warning("market.derive_pmrm.discount", "\"90 %\"", {}),
            "has no effect where market.margin = dydx_v4; it is read by: derive_pmrm");
  EXPECT_EQ(market_warning("market.initial_margin", "\"5 %\"", {{"market.margin", "span16"}}),
            "has no effect where market.margin = span16; it is read by: dydx_v4");
  EXPECT_EQ(market_warning("market.auction.fee", "\"5 %\"", {{"market.margin", "derive_srm"}}),
            "has no effect while market.listing = []");
  EXPECT_EQ(market_warning("market.venue_funding.hyperliquid.cap", "\"1 %\"",
                           {{"market.funding_rule", "deribit"}}),
            "has no effect where market.funding_rule = deribit; it is read by: hyperliquid");
  EXPECT_EQ(market_warning("market.deleverage_at_once", "false",
                           {{"market.fund_shortfall", "book_bad_debt"}}),
            "has no effect where market.fund_shortfall = book_bad_debt; it is read by: deleverage");
}

TEST(UnreadKeys, WhatNobodyEverReadsIsToldWithWhatCounts) {
  EXPECT_THAT(market_warning("market.initial_price", "\"40_000 USD\"", {}),
              HasSubstr("has no effect: the exchange starts where the price does"));
  EXPECT_THAT(market_warning("market.funding.votes_min", "3", {}),
              HasSubstr("the book is sampled every market.funding_sample"));
}

TEST(UnreadKeys, AValueThatSaysWhatHappensAnywayIsFine) {
  const Assignments books{{"market.fund_shortfall", "book_bad_debt"}};
  EXPECT_EQ(market_warning("market.deleveraging", "none", books), "");
  EXPECT_THAT(market_warning("market.deleveraging", "dydx_v4", books),
              HasSubstr("has no effect where market.fund_shortfall = book_bad_debt"));
  EXPECT_EQ(problem_with(scenario_of("", {{"layer2.design", "plasma"},
                                          {"derivation.forced_inclusion", "queue_only"}}),
                         "derivation"),
            "");
}

TEST(UnreadKeys, ADelayOfOneKindIsToldOfTheNumbersOfOthers) {
  EXPECT_THAT(lines_of(scenario_of("", {{"push_oracle.report_delay.cv", "0.3"}})),
              ElementsAre("push_oracle.report_delay.cv: has no effect where "
                          "push_oracle.report_delay.kind = constant; it is read by: lognormal"));
}

// ---- where a key was written

TEST(UnreadKeys, NobodyAsksADefault) { EXPECT_THAT(lines_of(scenario_of("", {})), IsEmpty()); }

TEST(UnreadKeys, WhatAFileExtendsIsNotAsked) {
  const ScratchFolder folder;
  folder.write("base.toml", "[market.ramp]\nfee = \"2 %\"\n");
  const std::string own =
      folder.write("own.toml", "extends = [\"base.toml\"]\n[market.clip]\ntip = \"5 USD\"\n");
  EXPECT_THAT(lines_of(load_scenario(own, {})),
              ElementsAre(HasSubstr("market.clip.tip: has no effect")));
  const Scenario set = load_scenario(own, {"market.ramp.fee_max=\"4 %\""});
  EXPECT_EQ(problem_with(set, "market.ramp.fee_max"),
            "has no effect where market.liquidation_rule = dydx_v4; it is read by: drift");
}

TEST(UnreadKeys, WhatTheChallengeWindowScalesWasNotWritten) {
  const std::string window = "[settlement]\nprotocol = \"bold\"\nchallenge_window = \"1 d\"\n";
  EXPECT_THAT(lines_of(scenario_of(window, {})), IsEmpty());
  EXPECT_THAT(lines_of(scenario_of(window, {{"settlement.air_gap", "\"1 h\""}})),
              ElementsAre(HasSubstr("settlement.air_gap: has no effect where settlement.protocol = "
                                    "bold and layer2.design = optimistic_rollup")));
}

TEST(UnreadKeys, WhatAnyRunOfASweepReadsIsFineInTheFile) {
  const std::string file =
      "[market.ramp]\nfee = \"2 %\"\n[market.clip]\ntip = \"5 USD\"\n[data_sampling]\nk = 8\n"
      "[sweep]\n\"market.liquidation_rule\" = [\"full\", \"drift\"]\n"
      "\"data_sampling.clients\" = { from = 0, to = 10, step = 5 }\n";
  EXPECT_THAT(lines_of(scenario_of(file, {})),
              ElementsAre("market.clip.tip: has no effect where market.liquidation_rule = dydx_v4; "
                          "it is read by: maker_clip"));
  EXPECT_EQ(
      problem_with(scenario_of(file, {{"market.ramp.buffer", "\"1 %\""}}), "market.ramp.buffer"),
      "has no effect where market.liquidation_rule = dydx_v4; it is read by: drift; runs of "
      "[sweep] do read it");
}

TEST(UnreadKeys, AValueThatGoesWithTheRuleInAZipIsFineAndAnAxisThatNobodyReadsIsNot) {
  EXPECT_THAT(lines_of(scenario_of("[[sweep.zip]]\n\"market.margin\" = [\"drift\", \"gmx_v2\"]\n"
                                   "\"market.venue_margin.drift.initial\" = [\"5 %\", \"6 %\"]\n",
                                   {})),
              IsEmpty());
  EXPECT_THAT(lines_of(scenario_of("[sweep]\n\"market.ramp.fee\" = [\"1 %\", \"2 %\"]\n", {})),
              ElementsAre(HasSubstr("market.ramp.fee: has no effect")));
}

std::string place_of(const std::string& text, const Assignments& set) {
  const std::vector<UnreadKey> keys = unread_keys(scenario_of(text, set));
  return keys.size() == 1 ? keys.front().place : "";
}

TEST(UnreadKeys, TheirPlaceIsWhereTheKeyWasWrittenNotWhereItsSectionBegins) {
  EXPECT_EQ(place_of("[market.ramp]\nfee = \"2 %\"\n", {}), "s.toml:2:7");
  EXPECT_EQ(place_of("[sweep]\n\"market.ramp.fee\" = [\"1 %\", \"2 %\"]\n", {}), "s.toml:2:21");
  EXPECT_EQ(place_of("[plasma]\n", {{"plasma.holders", "5"}}), "command line");
}

// `mezz resolve` writes all that there is: only what was decided otherwise is worth a word.
TEST(UnreadKeys, APrintOutOfEveryParameterIsAskedForItsDecisionsOnly) {
  const std::string plain = resolved_text(scenario_of("", {}));
  EXPECT_THAT(lines_of(scenario_of(plain, {})), IsEmpty());
  EXPECT_THAT(lines_of(scenario_of(plain, {{"market.ramp.fee", "\"1 %\""}})),
              ElementsAre(HasSubstr("market.ramp.fee: has no effect")));
  const std::string decided = resolved_text(scenario_of("", {{"market.ramp.fee", "\"2 %\""}}));
  EXPECT_THAT(lines_of(scenario_of(decided, {})),
              ElementsAre(HasSubstr("market.ramp.fee: has no effect")));
}

TEST(UnreadKeys, EveryDesignIsToldOnceOfASectionThatItHasNot) {
  for (const std::string_view design : EnumNames<Design>::names) {
    const Scenario scenario = scenario_of("[plasma]\ndata_timeout = \"2 h\"\nholders = 5\n",
                                          {{"layer2.design", std::string(design)}});
    if (design == "plasma") {
      EXPECT_THAT(lines_of(scenario), IsEmpty());
    } else {
      EXPECT_THAT(lines_of(scenario), ElementsAre("plasma: has no effect " + in_design(design) +
                                                  "; it is read by: plasma"));
    }
  }
}

}  // namespace
}  // namespace mezz

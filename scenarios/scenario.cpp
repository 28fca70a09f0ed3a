#include "scenarios/scenario.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string_view>

#include "scenarios/catalogue.h"
#include "scenarios/limits.h"
#include "scenarios/requirements.h"
#include "scenarios/scenario_checks.h"
#include "scenarios/unread_keys.h"
#include "sim/check/error.h"
#include "sim/config/nearest.h"
#include "sim/config/read.h"
#include "sim/config/write.h"

namespace mezz {

namespace {

// The whole file except [[agent]], whose parameters depend on the kind of agent
// (models/registry.h).
struct Sections {
  Scenario* s;

  void visit(auto& v) {
    v("title", s->title, {.doc = "One line"});
    v("question", s->question, {.doc = "What the scenario is for"});
    v("run", s->run, {.doc = "Length and seed"});
    v("layer1", s->layer1, {.doc = "The base chain"});
    Layer2Params& l2 = s->layer2;
    DesignSection layer2{&l2};
    v("layer2", layer2, {.doc = "Which design"});
    v("market", l2.execution.exchange,
      {.doc = "The exchange: contract, margin, fees, liquidation"});
    ExecutionSection execution{&l2.execution};
    v("execution", execution, {.doc = "The node that executes"});
    v("sequencing", l2.sequencing, {.doc = "Who orders transactions"});
    v("availability", l2.availability, {.doc = "How batches reach layer one"});
    v("derivation", l2.derivation, {.doc = "What every node derives from layer one"});
    SettlementSection settlement{&l2};
    v("settlement", settlement, {.doc = "How claims become final"});
    v("proposer", l2.proposer, {.doc = "Who claims state roots"});
    ChallengerSection challenger{&l2};
    v("challenger", challenger, {.doc = "Honest parties that check claims"});
    v("attacker", l2.attacker, {.doc = "Posts false claims on the shock invalid_claim"});
    v("bridge", l2.bridge, {.doc = "Deposits and withdrawals"});
    v("relayer", l2.relayer, {.doc = "Who proves and finalises withdrawals for users"});
    v("fast_exit", l2.fast_exit, {.doc = "A provider who pays withdrawals in advance, for a fee"});
    v("committee", l2.committee, {.doc = "Who keeps batch data off layer one"});
    v("data_sampling", s->data_sampling,
      {.doc = "Light clients that sample blocks of a data layer"});
    v("escape_hatch", l2.escape_hatch, {.doc = "Forced requests, freeze and escape"});
    v("forged_withdrawal", l2.forged_withdrawal, {.doc = "What false claims that settle take"});
    v("validity", l2.validity, {.doc = "The contract that checks validity proofs"});
    v("prover", l2.prover, {.doc = "Who seals batches and proves them"});
    v("plasma", l2.plasma, {.doc = "Operator, exit game and users of a plasma chain"});
    v("checkpoint", l2.checkpoint, {.doc = "Milestones and checkpoints of a sidechain"});
    v("quorum_bridge", l2.quorum_bridge, {.doc = "A bridge that m of n keys release"});
    v("channel", l2.channel, {.doc = "State channels: contract, hub, accounts, watchtower"});
    v("bold", l2.bold, {.doc = "Assertions and challenges of settlement.protocol = \"bold\""});
    v("force_relayer", l2.force_relayer, {.doc = "Who pays for forced inclusion (delay buffer)"});
    v("price", s->price, {.doc = "The price in the outside world"});
    v("push_oracle", s->push_oracle, {.doc = "A feed that reports by deviation and heartbeat"});
    v("pull_oracle", s->pull_oracle, {.doc = "Signed prices that users attach"});
    v("gas_coupling", s->gas_coupling, {.doc = "How price moves raise the demand for gas"});
    v("link", s->link, {.doc = "Wires between places", .count_max = 1'000});
    v("shock", s->shock, {.doc = "What breaks, and when", .count_max = 10'000});
    v("change", s->change, {.doc = "What is decided differently, and when", .count_max = 10'000});
    v("record", s->record, {.doc = "What is recorded", .count_max = 1'000});
    v("limit", s->limit, {.doc = "Headline numbers that must hold", .count_max = 1'000});
    v("compare", s->compare, {.doc = "Several designs under several conditions, in one table"});
  }

  struct DesignSection {
    Layer2Params* params = nullptr;
    void visit(auto& v) { v("design", params->design, {.doc = "Composition of the layer two"}); }
  };
  struct ExecutionSection {
    ExecutionParams* params = nullptr;
    void visit(auto& v) {
      v("sizes", params->sizes, {.doc = "Bytes a transaction takes on layer one"});
      v("checkpoint_every", params->checkpoint_every,
        {.doc = "Blocks between two kept states", .min = 1});
      v("checkpoints_max", params->checkpoints_max,
        {.doc = "States kept at once", .min = 3, .max = 10'000});
      v("full_check_every", params->full_check_every,
        {.doc = "Blocks between two checks of every invariant; 0: never", .min = 0});
    }
  };
  struct SettlementSection {
    Layer2Params* params = nullptr;
    void visit(auto& v) {
      v("challenge_window", params->challenge_window,
        {.doc =
             "Time until an undisputed withdrawal can be paid. Another value than 7 d scales "
             "clocks, "
             "extensions, air gap and proof maturity in proportion, unless they are set themselves",
         .min = 1_min,
         .max = 365_d});
      v("protocol", params->protocol,
        {.doc = "How an optimistic rollup decides between claims: section settlement or bold"});
      params->settlement.visit(v);
    }
  };
  struct ChallengerSection {
    Layer2Params* params = nullptr;
    void visit(auto& v) {
      v("count", params->challengers, {.doc = "How many", .min = 0, .max = 1'000});
      params->challenger.visit(v);
    }
  };
};

const config::Node* agent_list(const config::Node& root) {
  const config::Node* list = root.find("agent");
  if (list != nullptr && list->type != config::Node::Type::Array) {
    throw ScenarioError("agent", "must be an array of tables: [[agent]]", place(list->origin));
  }
  return list;
}

void read_agents(const config::Node& root, Scenario& scenario) {
  const config::Node* list = agent_list(root);
  if (list == nullptr) return;
  if (list->items.size() > 1'000) {
    throw ScenarioError("agent", "at most 1000 entries", place(list->origin));
  }
  for (std::size_t i = 0; i < list->items.size(); ++i) {
    const std::string path = config::item_path("agent", i);
    scenario.agents.push_back(read_agent(list->items[i], path, scenario.origins));
  }
}

// A relative file name in a scenario file is meant from there; on the command line, from here. The
// result is absolute, so that the resolved text in a result file means the same from everywhere.
std::string beside_its_file(const std::string& file, const config::Origins& origins) {
  namespace fs = std::filesystem;
  const auto origin = origins.find("price.file");
  if (file.empty() || origin == origins.end()) return file;
  fs::path path(file);
  if (origin->second.kind == config::Origin::Kind::File) {
    path = fs::path(origin->second.file).parent_path() / path;
  }
  std::error_code error;
  const fs::path absolute = fs::absolute(path, error).lexically_normal();
  return error ? path.string() : absolute.string();
}

void scale_challenge_window(Scenario& scenario) {
  Layer2Params& l2 = scenario.layer2;
  const auto window = scenario.origins.find("settlement.challenge_window");
  if (window == scenario.origins.end()) return;
  const auto scale = [&](const char* path, Duration& field) {
    // A value that is written wins over the proportion.
    if (!scenario.origins.emplace(path, window->second).second) return;
    scenario.scaled.emplace_back(path);
    field.ns =
        mul_div(field.ns, l2.challenge_window.ns, kStandardChallengeWindow.ns, Round::HalfEven);
  };
  scale("settlement.game.max_clock_duration", l2.settlement.game.max_clock_duration);
  scale("settlement.game.clock_extension", l2.settlement.game.clock_extension);
  scale("settlement.game.challenge_period", l2.settlement.game.challenge_period);
  scale("settlement.air_gap", l2.settlement.air_gap);
  scale("bridge.proof_maturity_delay", l2.bridge.proof_maturity_delay);
  const auto scale_blocks = [&](const char* path, std::int64_t& field) {
    if (!scenario.origins.emplace(path, window->second).second) return;
    scenario.scaled.emplace_back(path);
    field = mul_div(field, l2.challenge_window.ns, kStandardChallengeWindow.ns, Round::HalfEven);
  };
  if (l2.protocol != SettlementProtocol::Bold) return;
  scale_blocks("bold.challenge_period", l2.bold.rules.challenge_period);
  scale_blocks("bold.grace_period", l2.bold.rules.grace_period);
}

// Where validity proofs settle, nobody must serve what users force over layer one (ZKsync's
// priority queue, Starknet), unless the file says otherwise.
void default_forced_inclusion(Scenario& scenario) {
  const Design design = scenario.layer2.design;
  const bool proven =
      design == Design::ZkRollup || design == Design::Validium || design == Design::Volition;
  if (!proven || scenario.origins.count("derivation.forced_inclusion") > 0) return;
  scenario.layer2.derivation.forced_inclusion = ForcedInclusion::QueueOnly;
}

}  // namespace

Scenario scenario_from_document(const config::Document& document, const std::string& name,
                                const std::string& file) {
  Scenario scenario;
  scenario.name = name;
  scenario.file = file;
  if (!document.sources.empty()) scenario.source = document.sources.front().text;
  Sections sections{&scenario};
  // read() works on a copy of Sections, which points at the same scenario; nobody sees a half-read
  // one, because the exception leaves with it.
  config::read(document.root, sections, "",
               {.origins = &scenario.origins,
                .elsewhere = {"agent", "extends", "requires", "sweep", "limits"}});
  scenario.varied = varied_keys(document.root);
  read_limits_table(document.root, scenario);
  read_agents(document.root, scenario);
  scale_challenge_window(scenario);
  default_forced_inclusion(scenario);
  scenario.price.file = beside_its_file(scenario.price.file, scenario.origins);
  check_scenario(scenario);
  return scenario;
}

config::Document load_document(const std::string& path_or_name,
                               const std::vector<std::string>& assignments) {
  const config::Catalogue catalogue = catalogue_folders();
  config::Document document =
      config::load_file(config::find_scenario(path_or_name, catalogue), catalogue);
  check_requirements(document.root);
  for (const std::string& assignment : assignments) config::apply_override(document, assignment);
  return document;
}

Scenario load_scenario(const std::string& path_or_name,
                       const std::vector<std::string>& assignments) {
  const std::string path = config::find_scenario(path_or_name, catalogue_folders());
  Scenario scenario = scenario_from_document(load_document(path, assignments),
                                             std::filesystem::path(path).stem().string(), path);
  scenario.assignments = assignments;
  return scenario;
}

Scenario scenario_from_text(const std::string& text, const std::string& name) {
  return scenario_from_document(config::load_text(text, name), name, name);
}

std::span<const std::string_view> known_places() {
  static constexpr std::string_view kPlaces[] = {"world",  "l1",     "l2",       "settlement",
                                                 "oracle", "agents", "producer", "light_clients"};
  return kPlaces;
}

config::Field describe_scenario(const Scenario& scenario) {
  Scenario copy = scenario;
  config::Field root = config::describe(Sections{&copy});
  config::Field agents{.name = "agent", .doc = "Who trades, in order of building"};
  agents.shape = config::Field::Shape::TableArray;
  for (const AgentEntry& agent : copy.agents) {
    config::Field table = agent.describe();
    table.name.clear();
    agents.fields.push_back(std::move(table));
  }
  root.fields.push_back(std::move(agents));
  return root;
}

std::string resolved_text(const Scenario& scenario) {
  return config::resolved_text(describe_scenario(scenario), scenario.origins);
}

std::vector<Parameter> flat_parameters(const Scenario& scenario) {
  std::vector<Parameter> flat;
  for (const config::Parameter& p :
       config::parameters(describe_scenario(scenario), scenario.origins)) {
    flat.push_back({p.path, p.value});
  }
  return flat;
}

namespace {

// A table with one entry per metric, each an entry of [[limit]] without the name, whose bounds may
// be texts with a unit.
nlohmann::ordered_json limits_table_schema(const nlohmann::ordered_json& limit) {
  nlohmann::ordered_json entry = limit["items"];
  entry["properties"].erase("metric");
  for (const char* bound : {"min", "max"}) {
    entry["properties"][bound] = {
        {"type", {"number", "string"}},
        {"description", limit["items"]["properties"][bound]["description"]},
        {"examples", {0, "8 d", "500 USD"}}};
  }
  return {{"type", "object"},
          {"additionalProperties", entry},
          {"description", "Headline numbers that must hold, by name"}};
}

}  // namespace

std::string scenario_schema() {
  config::Field root = describe_scenario({});
  for (config::Field& field : root.fields) {
    if (field.name == "agent") field.element = agent_schema_fields();
  }
  auto schema = nlohmann::ordered_json::parse(config::json_schema(root, "Mezzanine scenario"));
  schema["properties"]["limits"] = limits_table_schema(schema["properties"]["limit"]);
  return schema.dump(2) + "\n";
}

}  // namespace mezz

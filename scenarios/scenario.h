// A scenario: everything a run depends on, as plain data, read from TOML (sim/config), printed by
// `mezz resolve`, hashed, and built into a world by study.h. Same scenario and seed, same
// fingerprint.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/agents/gas_demand_coupling.h"
#include "models/base_chain/base_chain_params.h"
#include "models/layer2/designs/params.h"
#include "models/layer2/sampling/data_sampling.h"
#include "models/market/oracle/pull_oracle.h"
#include "models/market/oracle/push_oracle.h"
#include "models/market/price/price_process.h"
#include "models/registry.h"
#include "scenarios/run_params.h"
#include "sim/config/document.h"
#include "sim/config/field.h"
#include "sim/record/sink.h"

namespace mezz {

// A parameter that [sweep] varies: where, and the values as text; none where they are a range.
struct VariedKey {
  config::Origin origin;
  std::vector<std::string> values;
};

struct Scenario {
  std::string name;  // file name without ".toml", or the catalogue name
  std::string file;  // where it was read from, for messages
  std::string title;
  std::string question;
  RunParams run;
  BaseChainParams layer1;
  Layer2Params layer2;
  DataSamplingParams data_sampling;
  PriceProcessParams price;
  PushOracleParams push_oracle;
  PullOracleParams pull_oracle;
  GasDemandCouplingParams gas_coupling;
  std::vector<AgentEntry> agents;
  std::vector<LinkParams> link;
  std::vector<ShockParams> shock;
  std::vector<ChangeParams> change;
  std::vector<RecordParams> record;
  std::vector<LimitParams> limit;
  CompareParams compare;

  std::string source;                    // text of the file, as typed
  std::vector<std::string> assignments;  // --set, in order
  config::Origins origins;
  std::vector<std::string> scaled;          // keys that settlement.challenge_window has set
  std::map<std::string, VariedKey> varied;  // what [sweep] varies, by path
};

// Reads a file or a catalogue name, applies --set assignments in order, checks every value.
// Throws ScenarioError.
Scenario load_scenario(const std::string& path_or_name,
                       const std::vector<std::string>& assignments);
// The two halves of load_scenario: the tree, [sweep] included, with the assignments applied; and
// the scenario made of a tree.
config::Document load_document(const std::string& path_or_name,
                               const std::vector<std::string>& assignments);
Scenario scenario_from_document(const config::Document& document, const std::string& name,
                                const std::string& file);
// From text that is no file (a result file's resolved scenario).
Scenario scenario_from_text(const std::string& text, const std::string& name);

// Where entities stand; what [[link]] can name.
std::span<const std::string_view> known_places();

config::Field describe_scenario(const Scenario& scenario);
std::string resolved_text(const Scenario& scenario);
std::vector<Parameter> flat_parameters(const Scenario& scenario);
std::string scenario_schema();

}  // namespace mezz

// The list of agents that a scenario can name: [[agent]] kind = "market_maker". One line per agent
// in registry.cpp, in fixed order; no self-registration. An agent type T offers Params (visited), a
// static genesis() that opens its accounts, and a constructor (Site, Params, MarketAccess,
// AccountRange); everything else (who hears market data, outside prices, shocks) follows from its
// declared roles.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/agents/market_view.h"
#include "models/layer2/availability/block_feed.h"
#include "models/layer2/execution/node.h"
#include "models/layer2/reporter.h"
#include "models/market/oracle/pull_oracle.h"
#include "models/market/price/price_process.h"
#include "sim/config/document.h"
#include "sim/config/field.h"
#include "sim/world/world.h"

namespace mezz {

// What an agent may be connected to while building.
struct AgentWiring {
  World* world = nullptr;
  ExecutionNode* node = nullptr;
  BlockFeed* feed = nullptr;
  PriceProcess* price = nullptr;
  PullOracle* pull_oracle = nullptr;  // null when the exchange takes pushed prices
  BaseChain* l1 = nullptr;
  MarketAccess access;
  Stream genesis_stream;
  std::vector<Ref<Shockable>>* shockables = nullptr;
  std::vector<Reporter*>* reporters = nullptr;  // of those that add headline numbers
};

// One kind of agent with its parameters, without the type.
class AgentModel {
 public:
  virtual ~AgentModel() = default;
  [[nodiscard]] virtual std::unique_ptr<AgentModel> clone() const = 0;
  virtual void read(const config::Node& table, const std::string& path,
                    const config::ReadOptions& options) = 0;
  [[nodiscard]] virtual config::Field describe() const = 0;
  // Parameters that may change while a world runs (models/shock/live.h).
  [[nodiscard]] virtual std::span<const std::string_view> live() const = 0;
  virtual void build(const AgentWiring& wiring, const std::string& path) const = 0;
  // For the estimate of memory and file size before a run.
  [[nodiscard]] virtual std::uint64_t accounts() const = 0;
  [[nodiscard]] virtual double transactions_per_second() const = 0;
};

// One [[agent]] of a scenario.
struct AgentEntry {
  std::string kind;
  std::string name;  // path of its entities: "agents/NAME", with "/0", "/1", ... when count > 1
  std::int64_t count = 1;
  std::unique_ptr<AgentModel> model;

  AgentEntry() = default;
  AgentEntry(const AgentEntry& other);
  AgentEntry& operator=(const AgentEntry& other);
  AgentEntry(AgentEntry&&) noexcept = default;
  AgentEntry& operator=(AgentEntry&&) noexcept = default;
  ~AgentEntry() = default;

  [[nodiscard]] config::Field describe() const;
  // Paths of what build() adds.
  [[nodiscard]] std::vector<std::string> entities() const;
  void build(const AgentWiring& wiring) const;
};

struct AgentKind {
  std::string_view name;
  std::string_view doc;
  std::unique_ptr<AgentModel> (*make)();
};
const std::vector<AgentKind>& agent_kinds();

// Throws ScenarioError: unknown kind, unknown or wrong parameters.
AgentEntry read_agent(const config::Node& table, const std::string& path, config::Origins& origins);
// For the JSON schema: the keys of every kind.
std::vector<config::Field> agent_schema_fields();

}  // namespace mezz

#include "models/registry.h"

#include <utility>

#include "models/agent_model.h"
#include "models/agents/basis_trader.h"
#include "models/agents/escape_user.h"
#include "models/agents/funding_trader.h"
#include "models/agents/index_arbitrageur.h"
#include "models/agents/leveraged_population.h"
#include "models/agents/liquidator.h"
#include "models/agents/liquidity_provider.h"
#include "models/agents/listing_maker.h"
#include "models/agents/listing_trader.h"
#include "models/agents/manipulator.h"
#include "models/agents/market_maker.h"
#include "models/agents/momentum_trader.h"
#include "models/agents/noise_trader.h"
#include "models/agents/panic_seller.h"
#include "models/agents/pool_arbitrageur.h"
#include "models/agents/pull_arbitrageur.h"
#include "models/agents/withdrawal_user.h"
#include "sim/check/error.h"
#include "sim/config/nearest.h"
#include "sim/config/read.h"

namespace mezz {

namespace {

template <class T>
std::unique_ptr<AgentModel> make() {
  return std::make_unique<ModelOf<T>>();
}

// The keys every kind shares.
struct EntryKeys {
  std::string kind;
  std::string name;
  std::int64_t count = 1;

  void visit(auto& v) {
    v("kind", kind, {.doc = "Which agent"});
    v("name", name, {.doc = "Path of its entities below agents/; default: the kind"});
    v("count", count, {.doc = "How many equal ones", .min = 1, .max = 10'000});
  }
};

}  // namespace

// The registry. Order decides nothing but the order of this list in messages and in the schema.
const std::vector<AgentKind>& agent_kinds() {
  static const std::vector<AgentKind> kinds = {
      {"noise_trader", "A crowd of uninformed traders", make<NoiseTrader>},
      {"market_maker", "Avellaneda-Stoikov quotes on several levels", make<MarketMaker>},
      {"index_arbitrageur", "Trades the book against the outside price", make<IndexArbitrageur>},
      {"basis_trader", "Cash and carry between the underlying and a future or perpetual",
       make<BasisTrader>},
      {"funding_trader", "Takes the side of a perpetual that receives funding",
       make<FundingTrader>},
      {"leveraged_population", "Leveraged accounts, 100 000 or more", make<LeveragedPopulation>},
      {"momentum_trader", "A crowd that follows moves", make<MomentumTrader>},
      {"panic_seller", "Holders with stop-losses who sell in a fall", make<PanicSeller>},
      {"liquidator", "A keeper with capital, latency and a gas budget", make<Liquidator>},
      {"listing_maker", "Quotes the listings and hedges with the perpetual", make<ListingMaker>},
      {"listing_trader", "A crowd that buys and writes the listings", make<ListingTrader>},
      {"pool_arbitrageur", "Trades pools toward the mark", make<PoolArbitrageur>},
      {"liquidity_provider", "Joins a pool and leaves it again", make<LiquidityProvider>},
      {"pull_arbitrageur", "Liquidates at the most favourable signed price still accepted",
       make<PullArbitrageur>},
      {"manipulator", "Moves the index of a thin underlying and lets the venue pay",
       make<Manipulator>},
      {"withdrawal_user", "Deposits and withdraws over the bridge", make<WithdrawalUser>},
      {"escape_user", "Forces withdrawals and leaves by the escape hatch", make<EscapeUser>},
  };
  return kinds;
}

AgentEntry::AgentEntry(const AgentEntry& other)
    : kind(other.kind),
      name(other.name),
      count(other.count),
      model(other.model ? other.model->clone() : nullptr) {}

AgentEntry& AgentEntry::operator=(const AgentEntry& other) {
  AgentEntry copy(other);
  *this = std::move(copy);
  return *this;
}

config::Field AgentEntry::describe() const {
  config::Field table = config::describe(EntryKeys{kind, name, count});
  for (config::Field& field : model->describe().fields) table.fields.push_back(std::move(field));
  return table;
}

std::vector<std::string> AgentEntry::entities() const {
  const std::string path = "agents/" + name;
  if (count == 1) return {path};
  std::vector<std::string> paths;
  for (std::int64_t i = 0; i < count; ++i) paths.push_back(path + "/" + std::to_string(i));
  return paths;
}

void AgentEntry::build(const AgentWiring& wiring) const {
  const std::string path = "agents/" + name;
  if (wiring.world->find(path) != nullptr || wiring.world->find(path + "/0") != nullptr) {
    throw ScenarioError("agent", "two entries are called '" + name + "'; give one a name");
  }
  for (const std::string& entity : entities()) model->build(wiring, entity);
}

AgentEntry read_agent(const config::Node& table, const std::string& path,
                      config::Origins& origins) {
  if (table.type != config::Node::Type::Table) {
    throw ScenarioError(path, "must be a table", place(table.origin));
  }
  const config::Node* kind = table.find("kind");
  if (kind == nullptr) {
    throw ScenarioError(path, "needs kind = \"...\"", place(table.origin));
  }
  AgentEntry entry;
  std::vector<std::string_view> names;
  for (const AgentKind& known : agent_kinds()) {
    names.push_back(known.name);
    if (known.name == kind->text) entry.model = known.make();
  }
  if (!entry.model) {
    throw ScenarioError(path + ".kind",
                        "no agent is called " + config::quote(kind->text) +
                            config::did_you_mean(kind->text, names) + "; kinds are " +
                            config::joined(names),
                        place(kind->origin));
  }
  entry.model->read(table, path, {.origins = &origins, .elsewhere = {"kind", "name", "count"}});
  config::Node common;
  common.origin = table.origin;
  for (const std::string_view key : {"kind", "name", "count"}) {
    if (const config::Node* value = table.find(key)) common.set(std::string(key), *value);
  }
  EntryKeys keys;
  config::read(common, keys, path, {.origins = &origins});
  entry.kind = keys.kind;
  entry.name = keys.name.empty() ? keys.kind : keys.name;
  entry.count = keys.count;
  return entry;
}

std::vector<config::Field> agent_schema_fields() {
  std::vector<config::Field> fields = config::describe(EntryKeys{}).fields;
  for (const AgentKind& kind : agent_kinds()) {
    for (config::Field& field : kind.make()->describe().fields) {
      bool known = false;
      for (const config::Field& seen : fields) known = known || seen.name == field.name;
      if (!known) fields.push_back(std::move(field));
    }
  }
  return fields;
}

}  // namespace mezz

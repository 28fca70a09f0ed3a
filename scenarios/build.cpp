// Names become objects here, and nowhere else: a Scenario in, a wired World out.
#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "models/agents/gas_demand_coupling.h"
#include "models/layer2/designs/layer2.h"
#include "models/market/oracle/push_oracle.h"
#include "models/shock/shock_schedule.h"
#include "scenarios/headline_metrics.h"
#include "scenarios/live_parameters.h"
#include "scenarios/study.h"
#include "sim/check/error.h"

namespace mezz {

struct Study::Parts {
  Headline headline;
};

namespace {

WorldOptions world_options(const Scenario& scenario, Recording* recording) {
  return {.seed = static_cast<std::uint64_t>(scenario.run.seed),
          .replication = static_cast<std::uint64_t>(scenario.run.replication),
          .recording = recording};
}

Layer2Builder builder_of(Design design) {
  switch (design) {
    case Design::OptimisticRollup:
      return build_optimistic_rollup;
    case Design::ZkRollup:
      return build_zk_rollup;
    case Design::Validium:
      return build_validium;
    case Design::Optimium:
      return build_optimium;
    case Design::Volition:
      return build_volition;
    case Design::StateChannel:
      return build_state_channel;
    case Design::Plasma:
      return build_plasma;
    case Design::Sidechain:
      return build_sidechain;
  }
  MEZZ_ASSERT(false);
}

// The price path, the oracle and everything that hears them.
struct Outside {
  PriceProcess* price = nullptr;
  Ref<OutsideMarket> market = {};
  PullOracle* pull = nullptr;
};
Outside build_outside(World& world, const Scenario& s, Ref<PriceProcess> price,
                      const Layer2& layer2, Ref<BaseChain> l1,
                      std::vector<Ref<Shockable>>& shockables) {
  Outside out;
  out.price = &world.get(price);
  out.market = price;
  shockables.push_back(price);
  world.place("world");
  const auto coupling = world.add<GasDemandCoupling>("gas_demand", s.gas_coupling, l1);
  out.price->subscribe(coupling);
  world.place("oracle");
  if (s.layer2.execution.exchange.oracle.policy == OraclePolicy::Push) {
    const auto oracle =
        world.add<PushOracle>("oracle", s.push_oracle, PushOracleWiring{layer2.inbox, l1});
    out.price->subscribe(oracle);
    layer2.feed->observe_market(oracle);
    world.get(oracle).start_with(layer2.node->exchange().oracle());
    shockables.push_back(oracle);
  } else {
    const auto oracle = world.add<PullOracle>("oracle", s.pull_oracle);
    out.price->subscribe(oracle);
    out.pull = &world.get(oracle);
    shockables.push_back(oracle);
  }
  return out;
}

void build_agents(World& world, const Scenario& s, Layer2& layer2, Ref<BaseChain> l1,
                  const Outside& outside, std::vector<Ref<Shockable>>& shockables) {
  world.place("agents");
  const Site genesis{.path = "genesis",
                     .seed = static_cast<std::uint64_t>(s.run.seed),
                     .replication = static_cast<std::uint64_t>(s.run.replication)};
  for (const AgentEntry& agent : s.agents) {
    const AgentWiring wiring{.world = &world,
                             .node = layer2.node,
                             .feed = layer2.feed,
                             .price = outside.price,
                             .pull_oracle = outside.pull,
                             .l1 = &world.get(l1),
                             .access = {.inbox = layer2.inbox,
                                        .node = &layer2.node->exchange(),
                                        .chain = &layer2.node->chain(),
                                        .l1 = l1,
                                        .bridge = layer2.deposits,
                                        .forced = layer2.forced,
                                        .escape = layer2.escape,
                                        .escape_contract = layer2.escape_contract,
                                        .outside = outside.market},
                             .genesis_stream = genesis.stream(agent.name),
                             .shockables = &shockables,
                             .reporters = &layer2.reporters};
    agent.build(wiring);
  }
}

// A data layer of its own, beside the layer two.
void build_sampling(World& world, const DataSamplingParams& params, Layer2& layer2,
                    std::vector<Ref<Shockable>>& shockables) {
  params.check("data_sampling");
  if (params.clients == 0) return;
  world.place("producer");
  const auto producer = world.add<ShareProducer>("sampling/producer", params);
  world.place("light_clients");
  const auto clients =
      world.add<LightClients>("sampling/clients", params, producer, world.get(producer));
  world.get(producer).serve(clients);
  shockables.push_back(producer);
  layer2.reporters.push_back(&world.get(clients));
}

// The scenario's price path starts where the exchange starts.
Layer2Params with_initial_price(const Scenario& s, const PriceProcess& price) {
  Layer2Params params = s.layer2;
  const Money tick = params.execution.exchange.contract.tick;
  params.execution.exchange.initial_price = tick * price.initial_price().ticks;
  return params;
}

}  // namespace

Study::Study(const Scenario& scenario, Recording* recording, Layer2Builder design)
    : world_(world_options(scenario, recording)), parts_(std::make_unique<Parts>()) {
  world_.place("l1");
  const auto l1 = world_.add<BaseChain>("l1/chain", scenario.layer1);
  world_.place("world");
  const ContractSpec& contract = scenario.layer2.execution.exchange.contract;
  contract.check("market.contract");
  const auto price = world_.add<PriceProcess>("price", scenario.price, contract);
  if (design == nullptr) design = builder_of(scenario.layer2.design);
  Layer2 layer2 = design(world_, with_initial_price(scenario, world_.get(price)), l1);
  std::vector<Ref<Shockable>> shockables = layer2.shockables;
  shockables.push_back(l1);
  const Outside outside = build_outside(world_, scenario, price, layer2, l1, shockables);
  build_agents(world_, scenario, layer2, l1, outside, shockables);
  build_sampling(world_, scenario.data_sampling, layer2, shockables);
  layer2.node->end_genesis();
  layer2.bridge->lock_genesis(layer2.node->exchange().totals());
  world_.place("world");
  ShockScheduleParams schedule;
  for (const ShockParams& shock : scenario.shock) {
    schedule.shocks.push_back({shock.kind, shock.at, shock.duration, shock.magnitude});
  }
  world_.add<ShockSchedule>("shocks", schedule, shockables);
  for (const LinkParams& link : scenario.link) world_.link(link.from, link.to, link.link);
  parts_->headline = Headline{layer2, &world_.get(l1), &world_.engine()};
  world_.start();
  schedule_changes(world_, scenario);
}

Study::~Study() = default;

void Study::check_conservation() {
  const Headline& h = parts_->headline;
  h.layer2.node->exchange().full_check();
  h.layer2.bridge->check_conservation(h.layer2.node->exchange().totals());
  for (const Reporter* part : h.layer2.reporters) part->check();
}

void Study::finish() { parts_->headline.layer2.node->flush_transactions(); }

const Layer2& Study::layer2() const { return parts_->headline.layer2; }
const BaseChain& Study::layer1() const { return *parts_->headline.l1; }

std::vector<Metric> Study::metrics() const { return headline_metrics(parts_->headline); }

std::vector<EntityGroup> Study::entity_groups() const {
  std::map<std::string, EntityGroup> groups;
  for (const Entity* entity : world_.entities()) {
    EntityGroup& group = groups[std::string(entity->kind())];
    group.kind = entity->kind();
    group.ids.push_back(entity->id().value);
    group.names.push_back(entity->path());
  }
  std::vector<EntityGroup> out;
  for (auto& [kind, group] : groups) out.push_back(std::move(group));
  return out;
}

// Sizes measured on the shipped scenarios, rounded up: an account is a ledger row, an index entry
// and an agent's row; every block of layer two may keep copies of the exchange (checkpoints).
ResourceEstimate estimate(const Scenario& scenario) {
  constexpr std::uint64_t kBytesPerAccount = 600;
  constexpr std::uint64_t kBytesPerTransaction = 140;
  constexpr std::uint64_t kBytesPerShareRequest = 170;  // an event
  std::uint64_t accounts = 1'000;
  for (const AgentEntry& agent : scenario.agents) {
    accounts += static_cast<std::uint64_t>(agent.count) * agent.model->accounts();
  }
  const auto copies = static_cast<std::uint64_t>(
      std::min<std::int64_t>(scenario.layer2.execution.checkpoints_max, 16));
  double rate = 1.0;
  for (const AgentEntry& agent : scenario.agents) {
    rate += static_cast<double>(agent.count) * agent.model->transactions_per_second();
  }
  const auto transactions = static_cast<std::uint64_t>(scenario.run.duration.seconds() * rate);
  const DataSamplingParams& sampling = scenario.data_sampling;
  const auto requests = static_cast<std::uint64_t>(sampling.clients * sampling.samples);
  return {.memory_bytes = 100'000'000 + accounts * kBytesPerAccount * (1 + copies / 4) +
                          transactions * kBytesPerTransaction + requests * kBytesPerShareRequest,
          .file_bytes = 20'000'000 + transactions * 40};
}

}  // namespace mezz

// From an agent's type to something a scenario can hold: its parameters, how its accounts are
// opened, and which wires its roles ask for. registry.cpp uses it for the shipped agents; an agent
// of one's own needs no registry line to be run from a program:
//   scenario.agents.push_back(agent_entry<MeanReverter>("mean_reverter", {.clip = 5_lots}));
#pragma once

#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "models/agents/genesis.h"
#include "models/registry.h"
#include "sim/config/read.h"

namespace mezz {

template <class T>
class ModelOf final : public AgentModel {
  using Params = typename T::Params;

 public:
  ModelOf() = default;
  explicit ModelOf(Params params) : params_(std::move(params)) {}

  [[nodiscard]] std::unique_ptr<AgentModel> clone() const override {
    return std::make_unique<ModelOf>(*this);
  }
  void read(const config::Node& table, const std::string& path,
            const config::ReadOptions& options) override {
    config::read(table, params_, path, options);
  }
  [[nodiscard]] config::Field describe() const override { return config::describe(params_); }
  [[nodiscard]] std::span<const std::string_view> live() const override {
    if constexpr (requires { Params::kLive; }) return Params::kLive;
    return {};
  }
  [[nodiscard]] std::uint64_t accounts() const override {
    if constexpr (requires { params_.accounts; }) {
      return static_cast<std::uint64_t>(params_.accounts);
    } else if constexpr (requires { params_.traders; }) {
      return static_cast<std::uint64_t>(params_.traders);
    } else {
      return 1;
    }
  }
  [[nodiscard]] double transactions_per_second() const override {
    if constexpr (requires { params_.orders_per_second; }) {
      return params_.orders_per_second * 1.5;
    } else if constexpr (requires { params_.levels, params_.refresh; }) {
      return 2.0 * static_cast<double>(params_.levels) / params_.refresh.seconds();
    } else {
      return 0.1;
    }
  }
  void build(const AgentWiring& wiring, const std::string& path) const override {
    const AccountRange accounts = open(wiring, path);
    const Ref<T> agent = wiring.world->add<T>(path, params_, wiring.access, accounts);
    wiring.feed->register_owner(accounts.first, accounts.count, agent);
    wiring.feed->observe_market(agent);
    if constexpr (plays<PriceObserver>()) wiring.price->subscribe(agent);
    if constexpr (plays<L1Observer>()) wiring.l1->subscribe(agent);
    if constexpr (plays<Shockable>()) wiring.shockables->push_back(agent);
    if constexpr (std::is_base_of_v<Reporter, T>) {
      if (wiring.reporters != nullptr) wiring.reporters->push_back(&wiring.world->get(agent));
    }
    if constexpr (plays<SignedPriceObserver>()) {
      if (wiring.pull_oracle != nullptr) wiring.pull_oracle->subscribe(agent);
    }
  }

 private:
  template <class Role>
  static constexpr bool plays() {
    return T::DeclaredRoles::template offset<Role>() > 0;
  }
  // A crowd whose genesis() draws positions has a net position: an account nobody trades takes the
  // other side, backed in full.
  AccountRange open(const AgentWiring& wiring, const std::string& path) const {
    Exchange& exchange = wiring.node->genesis();
    if constexpr (requires { T::genesis(exchange, params_, wiring.genesis_stream, path); }) {
      const auto made = T::genesis(exchange, params_, wiring.genesis_stream, path);
      const AccountRange hedger = open_accounts(exchange, 1, Money::zero());
      take_other_side(exchange, hedger.first, made.net, Ratio::one() * 2);
      return made.accounts;
    } else {
      return T::genesis(exchange, params_);
    }
  }

  Params params_;
};

// One [[agent]] without a scenario file.
template <class T>
AgentEntry agent_entry(std::string name, typename T::Params params = {}, std::int64_t count = 1) {
  AgentEntry entry;
  entry.kind = name;
  entry.name = std::move(name);
  entry.count = count;
  entry.model = std::make_unique<ModelOf<T>>(std::move(params));
  return entry;
}

}  // namespace mezz

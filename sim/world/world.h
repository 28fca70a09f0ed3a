// A World is a set of entities on one engine: built from a scenario, then run. No globals: several
// worlds can run on several threads. While building, add() creates entities in a fixed order (which
// gives them their ids), place() says where the following ones stand, link() sets latencies between
// places. start() closes the building phase.
//
// Snapshot: everything that changes while running (clock, events, streams, entities' state) as
// bytes. It is restored into a world built from the same scenario: the wiring comes from the
// scenario, the state from the bytes. Running 0..T equals running 0..t, saving, restoring
// elsewhere, running t..T.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/engine/engine.h"
#include "sim/engine/entity.h"

namespace mezz {

struct WorldOptions {
  std::uint64_t seed = 1;
  std::uint64_t replication = 0;
  QueueKind queue = QueueKind::Ladder;
  Recording* recording = nullptr;
};

class World {
 public:
  explicit World(const WorldOptions& options);
  World(const World&) = delete;
  World& operator=(const World&) = delete;
  ~World();

  // ---- building
  // Entities added from now on stand at this place ("l1", "sequencer", "trader", ...).
  void place(std::string_view name);
  void link(std::string_view from, std::string_view to, const Link& link);

  template <class T, class... Wiring>
  Ref<T> add(std::string_view path, const typename T::Params& params, Wiring&&... wiring) {
    T* entity = new T(site(path), params, std::forward<Wiring>(wiring)...);
    adopt(entity);
    return entity->self();
  }
  // For references that can only be handed over after both ends exist, and for tests and readers.
  template <class T>
  [[nodiscard]] T& get(Ref<T> ref) {
    return static_cast<T&>(*entities_[ref.entity().value]);
  }
  void start();

  // ---- running
  StopReason run(Time until, std::uint64_t slice = UINT64_MAX) { return engine_.run(until, slice); }

  [[nodiscard]] Engine& engine() { return engine_; }
  [[nodiscard]] const Engine& engine() const { return engine_; }
  [[nodiscard]] const std::vector<Entity*>& entities() const { return entities_; }
  [[nodiscard]] Entity* find(std::string_view path) const;
  // The name given to place() before this entity was added.
  [[nodiscard]] const std::string& place_of(EntityId entity) const;
  // "event 12345 at 3.2 s: Wake to traders/noise", for messages about what went wrong.
  [[nodiscard]] std::string describe_current_event() const;

  // ---- snapshots
  [[nodiscard]] std::vector<std::byte> save();
  // Throws ScenarioError when the bytes are damaged or belong to another scenario.
  void restore(const std::vector<std::byte>& snapshot);

 private:
  [[nodiscard]] Site site(std::string_view path) const;
  void adopt(Entity* entity);
  [[nodiscard]] std::uint16_t place_number(std::string_view name);

  WorldOptions options_;
  Engine engine_;
  // Owned; deleted by the destructor. Not unique_ptr: <memory> would be half of what sim.h costs.
  std::vector<Entity*> entities_;
  std::vector<std::string> places_;
  std::uint16_t current_place_ = 0;
  bool started_ = false;
};

}  // namespace mezz

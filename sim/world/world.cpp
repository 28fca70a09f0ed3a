#include "sim/world/world.h"

#include <fmt/core.h>

#include "sim/check/error.h"

namespace mezz {

namespace {
constexpr std::uint64_t kSnapshotMagic = 0x31304E535A5A454DULL;  // "MEZZSN01"
}

World::World(const WorldOptions& options) : options_(options), engine_(options.queue) {
  place("here");
}

World::~World() {
  for (Entity* entity : entities_) delete entity;
}

void World::place(std::string_view name) { current_place_ = place_number(name); }

std::uint16_t World::place_number(std::string_view name) {
  for (std::size_t i = 0; i < places_.size(); ++i) {
    if (places_[i] == name) return static_cast<std::uint16_t>(i);
  }
  places_.emplace_back(name);
  return static_cast<std::uint16_t>(places_.size() - 1);
}

void World::link(std::string_view from, std::string_view to, const Link& link) {
  MEZZ_ASSERT(!started_);
  engine_.set_link(place_number(from), place_number(to), link);
}

Site World::site(std::string_view path) const {
  MEZZ_ASSERT(!started_);
  MEZZ_ASSERT(find(path) == nullptr);
  return {EntityId{static_cast<std::uint32_t>(entities_.size())}, std::string(path), options_.seed,
          options_.replication, options_.recording};
}

void World::adopt(Entity* entity) {
  entities_.push_back(entity);
  const Stream link_stream(options_.seed, options_.replication, entity->path(), "link");
  const std::uint32_t first =
      engine_.add_endpoints(entity->endpoints(), current_place_, link_stream);
  MEZZ_ASSERT(first == entity->id().value * kEndpointsPerEntity);
}

void World::start() {
  MEZZ_ASSERT(!started_);
  started_ = true;
  for (Entity* entity : entities_) entity->schedule_start(engine_);
}

Entity* World::find(std::string_view path) const {
  for (Entity* entity : entities_) {
    if (entity->path() == path) return entity;
  }
  return nullptr;
}

const std::string& World::place_of(EntityId entity) const {
  return places_[engine_.place_of(entity)];
}

std::string World::describe_current_event() const {
  const Engine::Current current = engine_.current();
  if (!current.entity.exists() || current.entity.value >= entities_.size())
    return "before the first event";
  return fmt::format("event {} at {:.9f} s: {} to {}", current.number, current.time.seconds(),
                     current.message, entities_[current.entity.value]->path());
}

std::vector<std::byte> World::save() {
  MEZZ_ASSERT(started_);
  std::vector<std::byte> bytes;
  Saver out(bytes);
  std::uint64_t magic = kSnapshotMagic;
  std::uint64_t count = entities_.size();
  out.value(magic);
  out.value(count);
  engine_.save(out);
  for (Entity* entity : entities_) {
    std::string path = entity->path();
    out.value(path);
    entity->save(out);
  }
  return bytes;
}

void World::restore(const std::vector<std::byte>& snapshot) {
  MEZZ_ASSERT(started_);
  Loader in(snapshot.data(), snapshot.size());
  std::uint64_t magic = 0;
  std::uint64_t count = 0;
  in.value(magic);
  in.value(count);
  if (magic != kSnapshotMagic) throw ScenarioError("snapshot", "is not a Mezzanine snapshot");
  if (count != entities_.size()) {
    throw ScenarioError("snapshot", fmt::format("holds {} entities, this scenario builds {}", count,
                                                entities_.size()));
  }
  engine_.load(in);
  for (Entity* entity : entities_) {
    std::string path;
    in.value(path);
    if (in.failed() || path != entity->path()) {
      throw ScenarioError("snapshot", "does not fit this scenario at entity " + entity->path());
    }
    entity->load(in);
  }
  if (in.failed() || in.left() != 0) throw ScenarioError("snapshot", "is damaged");
}

}  // namespace mezz

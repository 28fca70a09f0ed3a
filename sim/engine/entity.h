// An entity = constant Params + State (a value) + wiring (references handed over while building).
// It acts only in on(Context&, const M&), one overload per message it handles.
//
//   class Sequencer final : public EntityOf<Sequencer, SequencerParams, Inbox, Shockable> {
//    public:
//     Sequencer(const Site& site, const SequencerParams& params, Ref<BaseChain> l1);
//     void on(Context& ctx, const Start&);
//     void on(Context& ctx, const SubmitTransaction&) override;   // from role Inbox
//     void visit_state(auto& v) { v("queue", queue_); }
//   };
//
// Roles are abstract classes with pure virtual on() functions and no data. rng() is the entity's
// own random stream; stream("purpose") makes further independent ones while building.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "sim/engine/archive.h"
#include "sim/engine/context.h"
#include "sim/engine/engine.h"
#include "sim/random/stream.h"

namespace mezz {

class Recording;

// Sent once to every entity that handles it, at time 0, in the order of building.
struct Start {};

// Where an entity is built: identity, randomness, recording. Handed through to the base class.
struct Site {
  EntityId id = {};
  std::string path = {};  // "l2/sequencer": unique, names the entity in files and messages
  std::uint64_t seed = 0;
  std::uint64_t replication = 0;
  Recording* recording = nullptr;  // may be null: nothing is recorded

  [[nodiscard]] Stream stream(std::string_view purpose) const {
    return Stream(seed, replication, path, purpose);
  }
};

class Entity {
 public:
  explicit Entity(const Site& site) : id_(site.id), path_(site.path) {}
  Entity(const Entity&) = delete;
  Entity& operator=(const Entity&) = delete;
  virtual ~Entity() = default;

  [[nodiscard]] EntityId id() const { return id_; }
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] virtual std::string_view kind() const = 0;

  virtual void save(Saver& out) = 0;
  virtual void load(Loader& in) = 0;
  virtual void schedule_start(Engine& engine) = 0;
  [[nodiscard]] virtual std::array<void*, kEndpointsPerEntity> endpoints() = 0;

 private:
  EntityId id_;
  std::string path_;
};

struct NoParams {
  void visit(auto&) {}
};

template <class T, class P, class... Roles>
class EntityOf : public Entity, public Roles... {
 public:
  using Params = P;
  using DeclaredRoles = RoleList<Roles...>;
  static_assert(sizeof...(Roles) < kEndpointsPerEntity, "an entity has at most 7 roles");

  EntityOf(const Site& site, const P& params)
      : Entity(site), params_(params), rng_(site.stream("main")) {}

  [[nodiscard]] const P& params() const { return params_; }
  [[nodiscard]] Ref<T> self() const { return Ref<T>(id().value * kEndpointsPerEntity); }
  [[nodiscard]] std::string_view kind() const final { return type_name<T>(); }

  void save(Saver& out) final { archive(out); }
  void load(Loader& in) final { archive(in); }
  void schedule_start(Engine& engine) final {
    if constexpr (Handles<T, Start>) engine.schedule(Time::zero(), self(), Start{});
  }
  [[nodiscard]] std::array<void*, kEndpointsPerEntity> endpoints() final {
    std::array<void*, kEndpointsPerEntity> targets{};
    T* concrete = static_cast<T*>(this);
    targets[0] = concrete;
    std::size_t next = 1;
    ((targets[next++] = static_cast<Roles*>(concrete)), ...);
    return targets;
  }

 protected:
  [[nodiscard]] Stream& rng() { return rng_; }
  // A message to myself after a delay; the returned timer can cancel it.
  template <Message M>
  Timer after(Context& ctx, Duration delay, const M& message) const {
    return ctx.send_after(delay, self(), message);
  }

 private:
  template <class Archive>
  void archive(Archive& v) {
    v("rng", rng_);
    if constexpr (requires(T & t) { t.visit_state(v); }) static_cast<T*>(this)->visit_state(v);
  }

  P params_;
  Stream rng_;
};

}  // namespace mezz

// The engine: a clock, the pending events, and the run loop. It knows endpoints (an entity in one
// of its roles) as numbers with an address, and handlers as numbers with a function; what they mean
// is the world's business.
//
// What happens at time t: the engine takes the event with the smallest (time, sequence), sets the
// clock to its time, folds (time, endpoint, message name, payload) into the fingerprint and calls
// the handler. Everything the handler sends is queued, also at zero delay: it runs later, after all
// events that were queued before for the same time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "sim/check/fingerprint.h"
#include "sim/engine/archive.h"
#include "sim/engine/event_queue.h"
#include "sim/engine/link.h"
#include "sim/engine/message.h"
#include "sim/engine/ref.h"
#include "sim/random/stream.h"

namespace mezz {

// One dispatched event as a tracer sees it; pointers hold during the call only.
struct EventView {
  Time time;
  std::uint64_t sequence;
  std::uint64_t number;  // 0 for the first dispatched event of the run
  EntityId entity;
  const HandlerInfo* handler;
  const void* payload;
};

// The fingerprint after so many events: written to the result file, bisected by `mezz diff`.
struct SubHash {
  std::uint64_t events = 0;
  Time time;
  std::uint64_t fingerprint = 0;
};

// One event that has not happened yet, for those who show the future.
struct PendingEvent {
  Time time;
  std::uint64_t sequence = 0;
  EntityId entity;
  const HandlerInfo* handler = nullptr;
  std::array<std::uint64_t, 6> payload{};
};

enum class StopReason : std::uint8_t { HorizonReached, NothingLeft, SliceDone, Stopped };

class Engine {
 public:
  static constexpr std::uint64_t kSubHashEvery = 1ULL << 16;

  explicit Engine(QueueKind kind = QueueKind::Ladder);

  // ---- building (the world does this)
  std::uint32_t add_endpoints(const std::array<void*, kEndpointsPerEntity>& targets,
                              std::uint16_t place, Stream link_stream);
  void set_link(std::uint16_t from, std::uint16_t to, const Link& link);

  // ---- running
  // Dispatches events up to and including time `until`, at most `slice` of them. At HorizonReached
  // and NothingLeft the clock stands at `until`.
  StopReason run(Time until, std::uint64_t slice = UINT64_MAX);
  void stop() { stop_ = true; }

  [[nodiscard]] Time now() const { return now_; }
  [[nodiscard]] std::uint64_t dispatched() const { return dispatched_; }
  [[nodiscard]] std::uint16_t place_of(EntityId entity) const {
    MEZZ_ASSERT(entity.value < places_.size());
    return places_[entity.value];
  }
  [[nodiscard]] std::size_t pending() const { return queue_.size(); }
  [[nodiscard]] std::size_t queue_bytes() const { return queue_.bytes(); }
  [[nodiscard]] std::uint64_t fingerprint() const { return fingerprint_.value(); }
  [[nodiscard]] const std::vector<SubHash>& sub_hashes() const { return sub_hashes_; }
  // Folds a state root into the fingerprint, so that a wrong balance shows even if no time moved.
  void add_to_fingerprint(std::uint64_t value) { fingerprint_.add(value); }
  // The event being handled, or the last one, for messages: number, time, entity, message.
  struct Current {
    std::uint64_t number = 0;
    Time time;
    EntityId entity;
    std::string_view message;
  };
  [[nodiscard]] Current current() const;

  // What the next scheduled event will be numbered: whatever an event sends is numbered from what
  // this says before it is handled.
  [[nodiscard]] std::uint64_t next_sequence() const { return next_sequence_; }
  // All pending events in firing order; a copy, as dear as sorting them.
  [[nodiscard]] std::vector<PendingEvent> pending_events() const;

  using Tracer = void (*)(void* self, const EventView& event);
  void set_tracer(Tracer tracer, void* self);

  // ---- scheduling (Context and entities do this)
  template <class R, Message M>
  requires Handles<R, M> Timer schedule(Time time, Ref<R> to, const M& message) {
    constexpr std::size_t kBytes = detail::payload_bytes<M>();
    const std::uint16_t handler = detail::HandlerOf<R, M>::number;
    if constexpr (kBytes > sizeof(Event::payload)) {
      return push_large(time, to.endpoint, handler, &message, kBytes);
    } else {
      std::uint64_t word = 0;
      if constexpr (kBytes > 0) std::memcpy(&word, &message, kBytes);
      return push(time, to.endpoint, handler, word);
    }
  }
  bool cancel(Timer& timer);
  [[nodiscard]] EntityId current_entity() const {
    return {current_.endpoint / kEndpointsPerEntity};
  }
  // Arrival time of a message sent now from the current entity, or Time::never() when it is lost.
  [[nodiscard]] Time arrival(std::uint32_t endpoint);

  // ---- snapshots: clock, events, fingerprint, link streams
  void save(Saver& out) const;
  void load(Loader& in);

 private:
  struct Payload {
    std::array<std::uint64_t, 6> words;
  };
  Timer push(Time time, std::uint32_t endpoint, std::uint16_t handler, std::uint64_t payload,
             std::uint32_t slot = Event::kInline);
  Timer push_large(Time time, std::uint32_t endpoint, std::uint16_t handler, const void* payload,
                   std::size_t bytes);
  void foresee();
  void dispatch();
  void hash_event(const HandlerInfo& info, const std::uint64_t* words);
  void trace(const HandlerInfo& info, const std::uint64_t* words) const;
  void load_event(Loader& in);
  [[nodiscard]] std::uint32_t new_slot();
  [[nodiscard]] Time arrival_over_link(std::uint32_t endpoint);

  EventQueue queue_;
  std::vector<void*> targets_;
  std::vector<Payload> payloads_;
  std::vector<std::uint32_t> free_payloads_;
  Time now_;
  Event current_;
  const HandlerInfo* handlers_ = nullptr;  // handler_table(), while running
  std::uint64_t next_sequence_ = 1;
  std::uint64_t dispatched_ = 0;
  std::uint64_t foreseen_stretch_ = 0;
  Fingerprint fingerprint_;
  std::vector<SubHash> sub_hashes_;
  bool stop_ = false;
  Tracer tracer_ = nullptr;
  void* tracer_self_ = nullptr;

  std::vector<std::uint16_t> places_;  // per entity
  std::vector<Stream> link_streams_;   // per entity
  std::vector<Link> links_;
  std::vector<std::uint16_t> link_of_;  // [from * kMaxPlaces + to] -> 1 + index into links_
  static constexpr std::uint16_t kMaxPlaces = 64;
};

}  // namespace mezz

#include "sim/engine/engine.h"

#include <algorithm>

#include "sim/engine/context.h"

namespace mezz {

Engine::Engine(QueueKind kind) : queue_(kind), link_of_(kMaxPlaces * kMaxPlaces, 0) {}

std::uint32_t Engine::add_endpoints(const std::array<void*, kEndpointsPerEntity>& targets,
                                    std::uint16_t place, Stream link_stream) {
  MEZZ_ASSERT(dispatched_ == 0);
  MEZZ_ASSERT(place < kMaxPlaces);
  const auto first = static_cast<std::uint32_t>(targets_.size());
  targets_.insert(targets_.end(), targets.begin(), targets.end());
  places_.push_back(place);
  link_streams_.push_back(link_stream);
  return first;
}

void Engine::set_link(std::uint16_t from, std::uint16_t to, const Link& link) {
  MEZZ_ASSERT(from < kMaxPlaces && to < kMaxPlaces);
  links_.push_back(link);
  link_of_[static_cast<std::size_t>(from) * kMaxPlaces + to] =
      static_cast<std::uint16_t>(links_.size());
}

std::uint32_t Engine::new_slot() {
  auto& freed = queue_.freed_slots();
  if (!freed.empty()) {
    free_payloads_.insert(free_payloads_.end(), freed.begin(), freed.end());
    freed.clear();
  }
  if (free_payloads_.empty()) {
    payloads_.emplace_back();
    return static_cast<std::uint32_t>(payloads_.size() - 1);
  }
  const std::uint32_t slot = free_payloads_.back();
  free_payloads_.pop_back();
  return slot;
}

Timer Engine::push(Time time, std::uint32_t endpoint, std::uint16_t handler, std::uint64_t payload,
                   std::uint32_t slot) {
  MEZZ_ASSERT(time >= now_);
  MEZZ_ASSERT(endpoint < targets_.size() && targets_[endpoint] != nullptr);
  const Event event{time.ns, next_sequence_++ << 16 | handler, endpoint, slot, payload};
  queue_.push(event);
  return {event.time_ns, event.order};
}

Timer Engine::push_large(Time time, std::uint32_t endpoint, std::uint16_t handler,
                         const void* payload, std::size_t bytes) {
  const std::uint32_t slot = new_slot();
  Payload& stored = payloads_[slot];
  stored.words.fill(0);
  std::memcpy(stored.words.data(), payload, bytes);
  return push(time, endpoint, handler, 0, slot);
}

bool Engine::cancel(Timer& timer) { return queue_.cancel(timer); }

Time Engine::arrival(std::uint32_t endpoint) {
  return links_.empty() ? now_ : arrival_over_link(endpoint);
}

Time Engine::arrival_over_link(std::uint32_t endpoint) {
  const std::size_t sender = current_.endpoint / kEndpointsPerEntity;
  const std::size_t from = places_[sender];
  const std::size_t to = places_[endpoint / kEndpointsPerEntity];
  const std::uint16_t number = link_of_[from * kMaxPlaces + to];
  if (number == 0) return now_;
  const Link& link = links_[number - 1U];
  Stream& stream = link_streams_[sender];
  if (link.loss > Ratio::zero() && stream.chance(link.loss)) return Time::never();
  return now_ + draw(link.delay, stream);
}

StopReason Engine::run(Time until, std::uint64_t slice) {
  MEZZ_ASSERT(until >= now_);
  stop_ = false;
  handlers_ = handler_table();
  const bool foresees = any_handler_foresees();
  for (; slice > 0; --slice) {
    const Event* next = queue_.peek();
    if (next == nullptr || next->time_ns > until.ns) {
      now_ = until;
      return next == nullptr ? StopReason::NothingLeft : StopReason::HorizonReached;
    }
    if (foresees) foresee();
    current_ = *next;
    queue_.pop();
    dispatch();
    if (stop_) return StopReason::Stopped;
  }
  return StopReason::SliceDone;
}

// Tells receivers that asked for it which messages come next, so that their cache misses overlap:
// the first ones of a new stretch together, then one more with every event.
void Engine::foresee() {
  constexpr std::size_t kAhead = 8;
  const bool fresh = queue_.stretches() != foreseen_stretch_;
  foreseen_stretch_ = queue_.stretches();
  for (std::size_t places = fresh ? 0 : kAhead; places <= kAhead; ++places) {
    const Event* event = queue_.ahead(places);
    if (event == nullptr) return;
    const HandlerInfo& info = handlers_[event->handler()];
    if (info.foresee == nullptr) continue;
    const bool inside = event->slot == Event::kInline;
    MEZZ_ASSERT(inside || event->slot < payloads_.size());
    info.foresee(targets_[event->endpoint],
                 inside ? &event->payload : payloads_[event->slot].words.data());
  }
}

void Engine::dispatch() {
  MEZZ_ASSERT(current_.time_ns >= now_.ns);
  now_ = current_.time();
  const HandlerInfo& info = handlers_[current_.handler()];
  Payload payload;
  const std::uint64_t* words = &current_.payload;
  if (current_.slot != Event::kInline) {
    payload = payloads_[current_.slot];
    free_payloads_.push_back(current_.slot);
    words = payload.words.data();
  }
  hash_event(info, words);
  if (tracer_ != nullptr) [[unlikely]]
    trace(info, words);
  ++dispatched_;
  Context ctx(*this);
  info.call(targets_[current_.endpoint], ctx, words);
  if (dispatched_ % kSubHashEvery == 0) {
    sub_hashes_.push_back({dispatched_, now_, fingerprint_.value()});
  }
}

void Engine::hash_event(const HandlerInfo& info, const std::uint64_t* words) {
  fingerprint_.add(static_cast<std::uint64_t>(current_.time_ns),
                   info.name_hash + current_.endpoint / kEndpointsPerEntity);
  const std::uint32_t count = (info.payload_bytes + 7U) / 8U;
  for (std::uint32_t i = 0; i < count; i += 2) {
    fingerprint_.add(words[i], i + 1 < count ? words[i + 1] : 0);
  }
}

void Engine::trace(const HandlerInfo& info, const std::uint64_t* words) const {
  tracer_(tracer_self_, {now_, current_.sequence(), dispatched_, current_entity(), &info, words});
}

void Engine::set_tracer(Tracer tracer, void* self) {
  tracer_ = tracer;
  tracer_self_ = self;
}

Engine::Current Engine::current() const {
  if (dispatched_ == 0) return {};
  return {dispatched_ - 1, now_, current_entity(), handler_table()[current_.handler()].message};
}

std::vector<PendingEvent> Engine::pending_events() const {
  std::vector<PendingEvent> pending;
  for (const Event& event : queue_.sorted_events()) {
    PendingEvent& out = pending.emplace_back();
    out.time = event.time();
    out.sequence = event.sequence();
    out.entity = {event.endpoint / kEndpointsPerEntity};
    out.handler = &handler_table()[event.handler()];
    out.payload[0] = event.payload;
    if (event.slot != Event::kInline) out.payload = payloads_[event.slot].words;
  }
  return pending;
}

// Handler numbers belong to one build of the program: events are saved with the names.
void Engine::save(Saver& out) const {
  const std::vector<Event> events = queue_.sorted_events();
  std::int64_t now = now_.ns;
  std::uint64_t sequence = next_sequence_;
  std::uint64_t dispatched = dispatched_;
  std::uint64_t fingerprint = fingerprint_.value();
  out.value(now);
  out.value(sequence);
  out.value(dispatched);
  out.value(fingerprint);
  std::uint64_t count = events.size();
  out.value(count);
  for (const Event& event : events) {
    const HandlerInfo& info = handler_table()[event.handler()];
    std::string role(info.role);
    std::string message(info.message);
    std::int64_t time = event.time_ns;
    std::uint64_t number = event.sequence();
    std::uint32_t endpoint = event.endpoint;
    out.value(time);
    out.value(number);
    out.value(endpoint);
    out.value(role);
    out.value(message);
    Payload payload{};
    payload.words[0] = event.payload;
    if (event.slot != Event::kInline) payload = payloads_[event.slot];
    out.value(payload.words);
  }
  for (const Stream& stream : link_streams_) {
    Stream copy = stream;
    out.value(copy);
  }
}

void Engine::load(Loader& in) {
  std::int64_t now = 0;
  std::uint64_t fingerprint = 0;
  std::uint64_t count = 0;
  in.value(now);
  in.value(next_sequence_);
  in.value(dispatched_);
  in.value(fingerprint);
  in.value(count);
  now_ = {now};
  queue_.clear(now);
  payloads_.clear();
  free_payloads_.clear();
  fingerprint_.restore(fingerprint);
  for (; count > 0 && !in.failed(); --count) load_event(in);
  for (Stream& stream : link_streams_) in.value(stream);
}

void Engine::load_event(Loader& in) {
  std::int64_t time = 0;
  std::uint64_t sequence = 0;
  std::uint32_t endpoint = 0;
  std::string role;
  std::string message;
  Payload payload{};
  in.value(time);
  in.value(sequence);
  in.value(endpoint);
  in.value(role);
  in.value(message);
  in.value(payload.words);
  const std::size_t handler = find_handler(role, message);
  if (handler == handler_count() || endpoint >= targets_.size() || time < now_.ns) {
    in.fail();
    return;
  }
  Event event;
  event.time_ns = time;
  event.order = sequence << 16 | handler;
  event.endpoint = endpoint;
  event.payload = payload.words[0];
  if (handler_table()[handler].payload_bytes > sizeof(event.payload)) {
    event.payload = 0;
    event.slot = new_slot();
    payloads_[event.slot] = payload;
  }
  queue_.push(event);
}

}  // namespace mezz

// What a handler may do to the world: read the clock, send, cancel, stop. A Context lives for one
// call.
#pragma once

#include "sim/engine/engine.h"

namespace mezz {

class Context {
 public:
  explicit Context(Engine& engine) : engine_(&engine) {}

  [[nodiscard]] Time now() const { return engine_->now(); }

  // Over the wire: arrives after the delay of the link between the two places, or never (loss).
  template <class R, Message M>
  requires Handles<R, M>
  void send(Ref<R> to, const M& message) {
    const Time arrival = engine_->arrival(to.endpoint);
    if (arrival.happened()) engine_->schedule(arrival, to, message);
  }

  // At a given delay from now, not over a link: processing time and timers of the sender's own
  // place.
  template <class R, Message M>
  requires Handles<R, M> Timer send_after(Duration delay, Ref<R> to, const M& message) {
    return engine_->schedule(now() + delay, to, message);
  }

  // True when the event was still pending. Disarms the timer either way.
  bool cancel(Timer& timer) { return engine_->cancel(timer); }

  // Ends the run after this event.
  void stop() { engine_->stop(); }

  void add_to_fingerprint(std::uint64_t value) { engine_->add_to_fingerprint(value); }

 private:
  Engine* engine_;
};

}  // namespace mezz

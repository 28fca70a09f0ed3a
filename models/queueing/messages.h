// What flows through a queueing network: items. A transaction waiting for the sequencer, a batch
// waiting for a layer-one slot, a claim waiting for a prover are all items. Wait = begun - arrived,
// sojourn = finished - arrived. Units: nanoseconds; numbers count from 0 per source.
#pragma once

#include <cstdint>

#include "sim/engine/message.h"
#include "sim/types/time.h"

namespace mezz {

class Context;

namespace queueing {

struct Item {
  std::uint64_t number = 0;    // of its source, from 0
  std::uint64_t priority = 0;  // 0 is served first where that matters
};

struct Served {
  Item item;
  Time arrived;
  Time begun;     // service began, or the batch was posted
  Time finished;  // service ended; of a batch the same as begun
};

struct BatchPosted {
  std::uint64_t number = 0;  // from 0
  std::int64_t count = 0;    // items in it, >= 1
  Time opened;               // its first item arrived
  Time posted;
};

class ItemSink {
 public:
  virtual ~ItemSink() = default;
  virtual void on(Context& ctx, const Item& item) = 0;
};

class ServiceObserver {
 public:
  virtual ~ServiceObserver() = default;
  virtual void on(Context& ctx, const Served& served) = 0;
  virtual void on(Context& ctx, const BatchPosted& posted) = 0;
};

static_assert(Message<Item> && Message<Served> && Message<BatchPosted>);

}  // namespace queueing
}  // namespace mezz

// Collects items into batches and posts them: the shape of every batch poster.
//   time    at whole multiples of `interval` since time 0, if anything waits
//   size    when `size` items wait
//   hybrid  when `size` items wait, or `interval` after the first item of the batch, whichever is
//           first
// BatchTrigger is the rule alone (a value: when was the batch opened, how many are in it); Batcher
// is the entity that applies it. Posting itself takes no time here.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "models/queueing/messages.h"
#include "sim/config/visit.h"
#include "sim/engine/entity.h"
#include "sim/types/enum_names.h"

namespace mezz::queueing {

enum class TriggerKind : std::uint8_t { Time, Size, Hybrid };

struct BatchTriggerParams {
  TriggerKind kind = TriggerKind::Hybrid;
  std::int64_t size = 100;
  Duration interval = 12_s;

  void visit(auto& v) {
    v("kind", kind, {.doc = "What closes a batch"});
    v("size", size, {.doc = "Items that close it (size, hybrid)", .min = 1});
    v("interval", interval,
      {.doc = "time: between two postings; hybrid: longest age of the first item",
       .min = Duration{1}});
  }
};

class BatchTrigger {
 public:
  BatchTrigger() = default;
  explicit BatchTrigger(const BatchTriggerParams& params) : params_(params) {}

  // True: the item fills the batch, which is to be posted now.
  [[nodiscard]] bool add(Time now);
  // When the batch is due by the clock; never() when only its size closes it or it is empty.
  [[nodiscard]] Time deadline() const;
  void clear() { count_ = 0; }  // after posting

  [[nodiscard]] std::int64_t count() const { return count_; }
  [[nodiscard]] Time opened() const { return opened_; }  // of a batch that is not empty

  void visit_state(auto& v) {
    v("count", count_);
    v("opened", opened_);
  }

 private:
  BatchTriggerParams params_;
  std::int64_t count_ = 0;
  Time opened_;
};

}  // namespace mezz::queueing

namespace mezz {
template <>
struct EnumNames<queueing::TriggerKind> {
  static constexpr std::string_view names[] = {"time", "size", "hybrid"};
};
}  // namespace mezz

namespace mezz::queueing {

class Batcher final : public EntityOf<Batcher, BatchTriggerParams, ItemSink> {
 public:
  struct Due {};

  Batcher(const Site& site, const BatchTriggerParams& params, Ref<ServiceObserver> observer);
  void on(Context& ctx, const Item& item) override;
  void on(Context& ctx, const Due&);

  void visit_state(auto& v) {
    v("trigger", trigger_);
    v("items", items_);
    v("due", due_);
    v("posted", posted_);
  }

 private:
  struct Waiting {
    Item item;
    Time arrived;
  };
  void post(Context& ctx);

  Ref<ServiceObserver> observer_;
  BatchTrigger trigger_;
  std::vector<Waiting> items_;
  Timer due_;
  std::uint64_t posted_ = 0;
};

}  // namespace mezz::queueing

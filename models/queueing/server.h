// A queue with one or more identical servers. Discipline: first come first served, or
// non-preemptive priority (class 0 first, first come first served within a class). Optional
// vacations (one server only): when the queue is found empty the server goes away for a drawn time,
// again and again until it finds work, and then serves until the queue is empty ("exhaustive
// service, multiple vacations", Levy and Yechiali 1975): a poster that looks at its queue only at
// layer-one slots. Each served item is reported to the observer. Left out: finite room, balking,
// preemption.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>
#include <vector>

#include "models/queueing/messages.h"
#include "sim/config/visit.h"
#include "sim/engine/entity.h"
#include "sim/random/distribution_params.h"
#include "sim/types/enum_names.h"

namespace mezz::queueing {

enum class Discipline : std::uint8_t { Fifo, Priority };

inline constexpr std::size_t kPriorities = 4;

}  // namespace mezz::queueing

namespace mezz {
template <>
struct EnumNames<queueing::Discipline> {
  static constexpr std::string_view names[] = {"fifo", "priority"};
};
}  // namespace mezz

namespace mezz::queueing {

struct ServerParams {
  std::int64_t servers = 1;
  Discipline discipline = Discipline::Fifo;
  DelayDistribution service = DelayDistribution::exponential(1_s);
  std::vector<DelayDistribution> service_by_priority = {};
  std::optional<DelayDistribution> vacation = {};

  void visit(auto& v) {
    v("servers", servers, {.doc = "Servers in parallel", .min = 1, .max = 1'000'000});
    v("discipline", discipline, {.doc = "Who is served next"});
    v("service", service, {.doc = "Service time of an item"});
    v("service_by_priority", service_by_priority,
      {.doc = "Service times by class, instead of `service`", .count_max = kPriorities});
    v("vacation", vacation, {.doc = "How long the server leaves when it finds no work"});
  }
};

class Server final : public EntityOf<Server, ServerParams, ItemSink> {
 public:
  // A service ends; the item travels with its timer.
  struct Done {
    Served served;
  };
  struct VacationOver {};

  Server(const Site& site, const ServerParams& params, Ref<ServiceObserver> observer);
  void on(Context& ctx, const Start&);
  void on(Context& ctx, const Item& item) override;
  void on(Context& ctx, const Done& done);
  void on(Context& ctx, const VacationOver&);

  [[nodiscard]] std::size_t waiting() const;
  [[nodiscard]] std::int64_t busy() const { return busy_; }

  void visit_state(auto& v) {
    v("queues", queues_);
    v("busy", busy_);
    v("away", away_);
  }

 private:
  struct Waiting {
    Item item;
    Time arrived;
  };
  void begin(Context& ctx, const Waiting& next);
  [[nodiscard]] std::optional<Waiting> take();
  void leave(Context& ctx);

  Ref<ServiceObserver> observer_;
  std::array<std::deque<Waiting>, kPriorities> queues_;
  std::int64_t busy_ = 0;
  bool away_ = false;
};

}  // namespace mezz::queueing

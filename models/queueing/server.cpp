#include "models/queueing/server.h"

#include <string>

#include "sim/check/assert.h"
#include "sim/check/error.h"

namespace mezz::queueing {

Server::Server(const Site& site, const ServerParams& params, Ref<ServiceObserver> observer)
    : EntityOf(site, params), observer_(observer) {
  check(params.service, "service");
  for (std::size_t i = 0; i < params.service_by_priority.size(); ++i) {
    check(params.service_by_priority[i], "service_by_priority[" + std::to_string(i) + "]");
  }
  if (!params.vacation.has_value()) return;
  check(*params.vacation, "vacation");
  if (params.servers != 1) throw ScenarioError("servers", "must be 1 when there are vacations");
  // A vacation of no length is repeated for ever at one instant.
  if (params.vacation->mean <= Duration::zero()) {
    throw ScenarioError("vacation.mean", "must be > 0");
  }
}

void Server::on(Context& ctx, const Start&) {
  if (params().vacation.has_value()) leave(ctx);
}

void Server::on(Context& ctx, const Item& item) {
  MEZZ_ASSERT(item.priority < kPriorities);
  MEZZ_ASSERT(busy_ <= params().servers);
  const Waiting arrival{item, ctx.now()};
  if (!away_ && busy_ < params().servers) {
    MEZZ_ASSERT(waiting() == 0);  // a free server and a queue never coexist
    begin(ctx, arrival);
    return;
  }
  const bool by_priority = params().discipline == Discipline::Priority;
  queues_[by_priority ? item.priority : 0].push_back(arrival);
}

void Server::on(Context& ctx, const Done& done) {
  MEZZ_ASSERT(busy_ > 0);
  MEZZ_ASSERT(done.served.finished == ctx.now());
  --busy_;
  if (observer_.exists()) ctx.send(observer_, done.served);
  if (const std::optional<Waiting> next = take()) {
    begin(ctx, *next);
  } else if (params().vacation.has_value()) {
    leave(ctx);
  }
}

void Server::on(Context& ctx, const VacationOver&) {
  MEZZ_ASSERT(away_ && busy_ == 0);
  away_ = false;
  if (const std::optional<Waiting> next = take()) {
    begin(ctx, *next);
  } else {
    leave(ctx);
  }
}

void Server::begin(Context& ctx, const Waiting& next) {
  MEZZ_ASSERT(!away_ && next.arrived <= ctx.now());
  ++busy_;
  const auto& by_priority = params().service_by_priority;
  const DelayDistribution& law =
      next.item.priority < by_priority.size() ? by_priority[next.item.priority] : params().service;
  const Duration service = draw(law, rng());
  after(ctx, service, Done{{next.item, next.arrived, ctx.now(), ctx.now() + service}});
}

std::optional<Server::Waiting> Server::take() {
  for (std::deque<Waiting>& queue : queues_) {
    if (queue.empty()) continue;
    const Waiting next = queue.front();
    queue.pop_front();
    return next;
  }
  return std::nullopt;
}

void Server::leave(Context& ctx) {
  MEZZ_ASSERT(!away_ && params().vacation.has_value());
  away_ = true;
  const Duration vacation = draw(*params().vacation, rng());
  after(ctx, vacation, VacationOver{});
}

std::size_t Server::waiting() const {
  std::size_t sum = 0;
  for (const std::deque<Waiting>& queue : queues_) sum += queue.size();
  return sum;
}

}  // namespace mezz::queueing

#include "gui/model/laboratory/lab_session.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <utility>

#include "models/base_chain/base_chain.h"
#include "models/shock/shock_schedule.h"
#include "scenarios/headline_names.h"
#include "scenarios/live_parameters.h"
#include "scenarios/scenario_checks.h"
#include "sim/check/error.h"
#include "sim/config/nearest.h"

namespace mezz::lab {

namespace {

constexpr std::uint64_t kSlice = 1024;
constexpr std::size_t kSendersMax = 1 << 18;
// A number of the headline that takes a walk over the run is looked at this seldom.
constexpr std::uint64_t kDearEvery = 1024;

using Clock = std::chrono::steady_clock;

bool is_live(std::string_view name) {
  const auto& known = live_metrics();
  return std::any_of(known.begin(), known.end(),
                     [&](const LiveMetric& metric) { return metric.name == name; });
}

[[noreturn]] void unknown(std::string_view what, std::string_view name,
                          const std::vector<std::string_view>& names) {
  throw ScenarioError("run until",
                      fmt::format("no {} of this run is called {}{}", what, config::quote(name),
                                  config::did_you_mean(name, names)));
}

void check_message(const std::string& name) {
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < handler_count(); ++i) names.push_back(handler_table()[i].message);
  if (std::find(names.begin(), names.end(), name) == names.end()) unknown("message", name, names);
}

EntityId check_entity(const World& world, const std::string& name) {
  if (const Entity* entity = world.find(name); entity != nullptr) return entity->id();
  std::vector<std::string_view> names;
  for (const Entity* entity : world.entities()) names.push_back(entity->path());
  unknown("part", name, names);
}

void check_metric(const Study& study, const std::string& name) {
  std::vector<Metric> known = study.metrics();
  complete_headline(known);
  std::vector<std::string_view> names;
  for (const LiveMetric& metric : live_metrics()) names.push_back(metric.name);
  for (const Metric& metric : known) names.push_back(metric.name);
  if (std::find(names.begin(), names.end(), name) == names.end()) unknown("number", name, names);
}

}  // namespace

LabSession::LabSession(Scenario scenario, std::size_t snapshot_budget)
    : scenario_(std::move(scenario)), snapshots_(snapshot_budget) {
  check_resources(scenario_);
  sample_every_ =
      std::max(Duration{scenario_.run.duration.ns / std::int64_t{kSamples}}, Duration{1});
  for (const LiveMetric& metric : sampled_metrics()) {
    series_.push_back({std::string(metric.name), std::string(metric.unit), {}, {}});
  }
  build();
  save_state();
}

LabSession::~LabSession() = default;

void LabSession::build() {
  study_.reset();  // two worlds at once would be twice the memory
  study_ = build_study(scenario_, nullptr);
  study_->world().engine().set_tracer(&LabSession::observe, this);
  over_ = false;
}

void LabSession::observe(void* self, const EventView& event) {
  static_cast<LabSession*>(self)->note(event);
}

void LabSession::note(const EventView& event) {
  while (event.time >= next_sample_) sample(next_sample_);
  LoggedEvent& logged = log_.emplace_back();
  const Sender sender = senders_.find(event.sequence);
  logged = {.number = event.number,
            .sequence = event.sequence,
            .first_sent = study_->world().engine().next_sequence(),
            .time = event.time,
            .sent = sender.sent,
            .from = sender.entity,
            .to = event.entity,
            .handler = event.handler};
  std::memcpy(logged.payload.data(), event.payload, event.handler->payload_bytes);
  if (log_.size() > kEventsKept) log_.pop_front();
  senders_.note(study_->world().engine().next_sequence(), event.entity, event.time);
  if (!watching_) return;
  const bool here =
      (stop_.kind == StopCondition::Kind::AtMessage && event.handler->message == stop_.name) ||
      (stop_.kind == StopCondition::Kind::AtEntity && event.entity == stop_entity_);
  if (!here) return;
  stop_seen_ = true;
  study_->world().engine().stop();
}

void LabSession::sample(Time time) {
  for (std::size_t i = 0; i < series_.size(); ++i) {
    series_[i].times.push_back(time);
    series_[i].values.push_back(sampled_metrics()[i].read(*study_));
  }
  next_sample_ = time + sample_every_;
}

// ---- running

std::uint64_t LabSession::slice(std::uint64_t left) const {
  const std::uint64_t now = study_->world().engine().dispatched();
  std::uint64_t most = std::min(left, kSlice);
  if (watching_ && stop_.kind == StopCondition::Kind::AtMetric) most = 1;
  if (watching_ && stop_.kind == StopCondition::Kind::AtEvent && stop_.event > now) {
    most = std::min(most, stop_.event - now);
  }
  if (const auto next = known_.upper_bound(now); next != known_.end()) {
    most = std::min(most, next->first - now);
  }
  if (sent_ < interventions_.size() && interventions_[sent_].after_events > now) {
    most = std::min(most, interventions_[sent_].after_events - now);
  }
  return most;
}

StopReason LabSession::advance(Time until, std::uint64_t events) {
  World& world = study_->world();
  send_due_interventions();
  if (snapshots_.due(world.engine().dispatched())) save_state();
  const StopReason reason = world.run(until, slice(events));
  events_max_ = std::max(events_max_, world.engine().dispatched());
  compare_fingerprint();
  send_due_interventions();
  if (senders_.size() > kSendersMax) thin_senders();
  const bool all = reason == StopReason::HorizonReached || reason == StopReason::NothingLeft;
  if (all && until >= Time::zero() + scenario_.run.duration) over_ = true;
  return reason;
}

RunEnd LabSession::guarded(const auto& work) {
  if (!problem_.empty()) return RunEnd::Failed;
  cancelled_ = false;
  try {
    return work();
  } catch (const AssertionFailure& failure) {
    problem_ =
        fmt::format("{} during {}", failure.what(), study_->world().describe_current_event());
    return RunEnd::Failed;
  }
}

bool LabSession::metric_reached() {
  const std::uint64_t now = study_->world().engine().dispatched();
  const BlockMark mark = block_mark(*study_);
  if (mark == looked_at_) return false;
  if (!is_live(stop_.name) && now < looked_event_ + kDearEvery) return false;
  looked_at_ = mark;
  looked_event_ = now;
  const std::optional<double> value = metric_value(*study_, stop_.name);
  return value.has_value() && holds(stop_, *value);
}

std::optional<RunEnd> LabSession::ended(StopReason reason, Time until) {
  using Kind = StopCondition::Kind;
  const bool horizon = reason == StopReason::HorizonReached || reason == StopReason::NothingLeft;
  const bool reached =
      stop_seen_ || (stop_.kind == Kind::AtTime && horizon && until == stop_.time) ||
      (stop_.kind == Kind::AtEvent && study_->world().engine().dispatched() == stop_.event) ||
      (stop_.kind == Kind::AtMetric && metric_reached());
  if (reached) {
    stop_ = {};
    return RunEnd::Reached;
  }
  if (over_) return RunEnd::Finished;
  return std::nullopt;
}

RunEnd LabSession::run_for(const RunBudget& budget) {
  return guarded([&] {
    if (over_) return RunEnd::Finished;
    const auto start = Clock::now();
    const Engine& engine = study_->world().engine();
    const std::uint64_t first = engine.dispatched();
    stop_seen_ = false;
    watching_ = true;
    RunEnd end = RunEnd::Budget;
    while (engine.dispatched() - first < budget.events) {
      Time until = Time::zero() + scenario_.run.duration;
      const bool timed = stop_.kind == StopCondition::Kind::AtTime && stop_.time >= engine.now();
      if (timed) until = std::min(until, stop_.time);
      const StopReason reason = advance(until, budget.events - (engine.dispatched() - first));
      if (const std::optional<RunEnd> why = ended(reason, until)) {
        end = *why;
        break;
      }
      if (cancelled_) {
        end = RunEnd::Cancelled;
        break;
      }
      const std::chrono::duration<double> wall = Clock::now() - start;
      if (budget.wall_seconds > 0 && wall.count() >= budget.wall_seconds) break;
    }
    watching_ = false;
    return end;
  });
}

void LabSession::set_stop(const StopCondition& condition) {
  stop_entity_ = EntityId::none();
  if (condition.kind == StopCondition::Kind::AtMessage) check_message(condition.name);
  if (condition.kind == StopCondition::Kind::AtEntity) {
    stop_entity_ = check_entity(study_->world(), condition.name);
  }
  if (condition.kind == StopCondition::Kind::AtMetric) check_metric(*study_, condition.name);
  stop_ = condition;
  looked_at_ = {};
  looked_event_ = 0;
}

// ---- back and forth

void LabSession::save_state() {
  World& world = study_->world();
  SenderLog senders = senders_;
  std::vector<std::uint64_t> pending;
  for (const PendingEvent& event : world.engine().pending_events()) {
    pending.push_back(event.sequence);
  }
  std::sort(pending.begin(), pending.end());
  senders.thin(pending);
  snapshots_.add({.events = world.engine().dispatched(),
                  .time = world.engine().now(),
                  .fingerprint = world.engine().fingerprint(),
                  .bytes = world.save(),
                  .senders = std::move(senders),
                  .interventions = sent_});
  remember_fingerprint();
}

void LabSession::thin_senders() {
  std::vector<std::uint64_t> pending;
  for (const PendingEvent& event : study_->world().engine().pending_events()) {
    pending.push_back(event.sequence);
  }
  std::sort(pending.begin(), pending.end());
  senders_.thin(pending);
}

void LabSession::remember_fingerprint() {
  const Engine& engine = study_->world().engine();
  known_.emplace(engine.dispatched(), engine.fingerprint());
}

void LabSession::compare_fingerprint() const {
  const Engine& engine = study_->world().engine();
  const auto known = known_.find(engine.dispatched());
  if (known == known_.end() || known->second == engine.fingerprint()) return;
  throw AssertionFailure(fmt::format("the replay differs: {:016x} instead of {:016x}",
                                     engine.fingerprint(), known->second));
}

void LabSession::restore(const SavedState& state) {
  const SavedState copy = state;
  build();
  if (copy.events > 0) study_->world().restore(copy.bytes);
  senders_ = copy.senders;
  sent_ = copy.interventions;
  log_.clear();
  next_sample_ = Time::zero();
  for (LabSeries& series : series_) {
    while (!series.times.empty() && series.times.back() > copy.time) {
      series.times.pop_back();
      series.values.pop_back();
    }
    if (!series.times.empty()) next_sample_ = series.times.back() + sample_every_;
  }
  compare_fingerprint();
}

RunEnd LabSession::go_to(const SavedState* from, Time time, std::uint64_t events) {
  return guarded([&] {
    const Engine* engine = &study_->world().engine();
    remember_fingerprint();
    const bool back = time < engine->now() || events < engine->dispatched();
    MEZZ_ASSERT(from != nullptr);
    if (back || from->events > engine->dispatched()) {
      restore(*from);
      engine = &study_->world().engine();
    }
    while (engine->dispatched() < events) {
      const StopReason reason = advance(time, events - engine->dispatched());
      if (cancelled_) return RunEnd::Cancelled;
      if (reason == StopReason::HorizonReached || reason == StopReason::NothingLeft) break;
    }
    return RunEnd::Reached;
  });
}

RunEnd LabSession::seek(Time time) {
  problem_.clear();
  const Time end = Time::zero() + scenario_.run.duration;
  time = std::clamp(time, Time::zero(), end);
  return go_to(snapshots_.before_time(time), time, UINT64_MAX);
}

RunEnd LabSession::seek_event(std::uint64_t events) {
  problem_.clear();
  return go_to(snapshots_.before_event(events), Time::zero() + scenario_.run.duration, events);
}

RunEnd LabSession::step_back() {
  const std::uint64_t events = study_->world().engine().dispatched();
  return events == 0 ? RunEnd::Reached : seek_event(events - 1);
}

void LabSession::restart() {
  problem_.clear();
  if (!interventions_.empty()) {
    snapshots_.drop_after(0);
    known_.clear();
    interventions_.clear();
    events_max_ = 0;
  }
  restore(*snapshots_.before_event(0));
}

// ---- interventions

void LabSession::send_due_interventions() {
  while (sent_ < interventions_.size() &&
         interventions_[sent_].after_events == study_->world().engine().dispatched()) {
    send(interventions_[sent_++]);
  }
}

void LabSession::send(const Intervention& done) {
  World& world = study_->world();
  if (const ChangeParams* change = done.change()) {
    senders_.note(world.engine().next_sequence(), EntityId::none(), world.engine().now());
    schedule_change(world, scenario_, *change);
    return;
  }
  const auto* schedule = dynamic_cast<const ShockSchedule*>(world.find("shocks"));
  MEZZ_ASSERT(schedule != nullptr);
  senders_.note(world.engine().next_sequence(), schedule->id(), world.engine().now());
  const ShockParams& params = *done.shock();
  const Intervention* first = interventions_.data();
  const auto before = std::count_if(
      first, &done, [](const Intervention& other) { return other.shock() != nullptr; });
  const auto number =
      static_cast<std::uint32_t>(scenario_.shock.size() + static_cast<std::size_t>(before));
  Shock shock{params.kind, ShockEdge::Begins, 0, number, params.magnitude};
  const Time begin = Time::zero() + params.at;
  for (const Ref<Shockable> target : schedule->targets()) {
    world.engine().schedule(begin, target, shock);
  }
  shock.edge = ShockEdge::Ends;
  for (const Ref<Shockable> target : schedule->targets()) {
    world.engine().schedule(begin + params.duration, target, shock);
  }
}

void LabSession::intervene(Intervention wanted) {
  World& world = study_->world();
  wanted.set_at(world.engine().now() - Time::zero());
  std::vector<Intervention> with(interventions_.begin(),
                                 interventions_.begin() + static_cast<std::ptrdiff_t>(sent_));
  with.push_back(wanted);
  check_scenario(with_interventions(scenario_, with));
  if (over_) throw ScenarioError("intervention", "the run is over");
  interventions_.resize(sent_);
  guarded([&] {
    while (advance(world.engine().now(), UINT64_MAX) == StopReason::SliceDone) {
    }
    return RunEnd::Reached;
  });
  const std::uint64_t events = world.engine().dispatched();
  snapshots_.drop_after(events);
  known_.erase(known_.upper_bound(events), known_.end());
  events_max_ = events;
  Time at = world.engine().now() + Duration{1};
  for (const PendingEvent& event : world.engine().pending_events()) {
    if (event.time == at) at = at + Duration{1};
  }
  wanted.set_at(at - Time::zero());
  wanted.after_events = events;
  interventions_.push_back(std::move(wanted));
  send_due_interventions();
}

Scenario LabSession::reproduced() const { return with_interventions(scenario_, interventions_); }

std::uint64_t LabSession::verify() const {
  const std::unique_ptr<Study> other = build_study(reproduced(), nullptr);
  const std::uint64_t events = study_->world().engine().dispatched();
  if (events > 0) other->world().run(Time::zero() + scenario_.run.duration, events);
  return other->world().engine().fingerprint();
}

ExecuteOutcome LabSession::save_run(const std::string& path) const {
  const Time now = study_->world().engine().now();
  ExecuteOptions options;
  options.out = path;
  options.until = now - Time::zero();
  return execute(reproduced(), options);
}

// ---- looking

LabStatus LabSession::status() const {
  const Engine& engine = study_->world().engine();
  return {.time = engine.now(),
          .end = Time::zero() + scenario_.run.duration,
          .events = engine.dispatched(),
          .events_max = events_max_,
          .pending = engine.pending(),
          .fingerprint = engine.fingerprint(),
          .snapshots = snapshots_.count(),
          .snapshot_bytes = snapshots_.bytes(),
          .last = study_->world().describe_current_event(),
          .problem = problem_};
}

std::vector<FutureEvent> LabSession::future(std::size_t count_max) const {
  std::vector<FutureEvent> out;
  for (const PendingEvent& event : study_->world().engine().pending_events()) {
    if (out.size() == count_max) break;
    const Sender sender = senders_.find(event.sequence);
    out.push_back(
        {event.time, sender.sent, sender.entity, event.entity, event.handler, event.payload});
  }
  return out;
}

std::vector<LabSeries> LabSession::series_until_now() const {
  std::vector<LabSeries> out = series_;
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i].times.push_back(study_->world().engine().now());
    out[i].values.push_back(sampled_metrics()[i].read(*study_));
  }
  return out;
}

std::vector<Metric> LabSession::metrics() const {
  std::vector<Metric> out = study_->metrics();
  complete_headline(out);
  return out;
}

std::string LabSession::path_of(EntityId entity) const {
  const auto& entities = study_->world().entities();
  return entity.value < entities.size() ? entities[entity.value]->path() : "-";
}

}  // namespace mezz::lab

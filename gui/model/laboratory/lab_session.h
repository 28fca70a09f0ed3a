// One scenario as a running world that can be stepped, stopped, asked and taken back in time. A
// session belongs to one thread; only cancel() may be called from another.
//
// Going back builds the world again, restores the nearest saved state and runs on from there; where
// the fingerprint at an event is known, it must come out the same (LabStatus::problem else). An
// intervention is sent alone at its nanosecond, so the scenario with that [[shock]] or [[change]]
// gives the same fingerprint; only an event that falls on the very nanosecond at which a shock ends
// could come out in another order: verify() runs the scenario from its text and compares.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gui/model/laboratory/intervention.h"
#include "gui/model/laboratory/live_metrics.h"
#include "gui/model/laboratory/message_text.h"
#include "gui/model/laboratory/snapshot_store.h"
#include "gui/model/laboratory/stop_condition.h"
#include "scenarios/execute.h"
#include "scenarios/study.h"

namespace mezz::lab {

enum class RunEnd : std::uint8_t { Budget, Reached, Finished, Cancelled, Failed };

struct LabStatus {
  Time time;
  Time end;                      // run.duration
  std::uint64_t events = 0;      // dispatched
  std::uint64_t events_max = 0;  // the farthest this run has been
  std::size_t pending = 0;
  std::uint64_t fingerprint = 0;
  std::size_t snapshots = 0;
  std::size_t snapshot_bytes = 0;
  std::string last;     // "event 12 at 3.2 s: Wake to agents/noise"
  std::string problem;  // an invariant failed or a replay differed; then the session only goes back
};

struct LoggedEvent {
  std::uint64_t number = 0;
  std::uint64_t sequence = 0;
  std::uint64_t first_sent = 0;  // what it sends is numbered from here on
  Time time;
  Time sent;
  EntityId from;  // none: scheduled while the world was built
  EntityId to;
  const HandlerInfo* handler = nullptr;
  Words payload{};
};

struct FutureEvent {
  Time time;
  Time sent;
  EntityId from;
  EntityId to;
  const HandlerInfo* handler = nullptr;
  Words payload{};
};

struct LabSeries {
  std::string name;
  std::string unit;
  std::vector<Time> times;
  std::vector<double> values;
};

struct RunBudget {
  std::uint64_t events = UINT64_MAX;
  double wall_seconds = 0;  // 0: no bound
};

class LabSession {
 public:
  static constexpr std::size_t kEventsKept = 8192;
  static constexpr std::size_t kSamples = 2000;  // of each series over the whole run

  // Builds and starts the world; nothing has happened yet. Throws ScenarioError.
  explicit LabSession(Scenario scenario, std::size_t snapshot_budget = 256U << 20);
  ~LabSession();
  LabSession(const LabSession&) = delete;
  LabSession& operator=(const LabSession&) = delete;

  // ---- running
  RunEnd step() { return run_for({.events = 1}); }
  // Until the budget is used, the condition holds, the run is over or cancel().
  RunEnd run_for(const RunBudget& budget);
  // It is used up when it is reached: the next run goes on. Throws ScenarioError when the world has
  // no such message, entity or number.
  void set_stop(const StopCondition& condition);
  [[nodiscard]] const StopCondition& stop() const { return stop_; }
  void cancel() { cancelled_ = true; }  // from any thread: ends the call that runs now

  // ---- back and forth
  RunEnd seek(Time time);
  RunEnd seek_event(std::uint64_t events);  // so many dispatched
  RunEnd step_back();
  void restart();  // to before the first event; interventions are forgotten

  // ---- interventions
  // Sends the shock, or sets a live parameter (scenarios/live_parameters.h), as soon as the present
  // instant is complete; what lay ahead is forgotten. `at` is filled in. Throws ScenarioError for
  // what a scenario could not have.
  void intervene(ShockParams shock) { intervene(Intervention{.what = shock}); }
  void intervene(ChangeParams change) { intervene(Intervention{.what = std::move(change)}); }
  [[nodiscard]] const std::vector<Intervention>& interventions() const { return interventions_; }
  // The scenario with the interventions written into it: what to save, run elsewhere, compare.
  [[nodiscard]] Scenario reproduced() const;
  // The fingerprint of that scenario run from its start to the present event.
  [[nodiscard]] std::uint64_t verify() const;
  // Runs it from its start to the present moment into a result file (scenarios/execute.h).
  ExecuteOutcome save_run(const std::string& path) const;

  // ---- looking
  [[nodiscard]] const Scenario& scenario() const { return scenario_; }
  [[nodiscard]] const Study& study() const { return *study_; }
  [[nodiscard]] LabStatus status() const;
  [[nodiscard]] bool finished() const { return over_; }
  [[nodiscard]] const std::deque<LoggedEvent>& events() const { return log_; }  // newest last
  [[nodiscard]] std::vector<FutureEvent> future(std::size_t count_max) const;
  [[nodiscard]] const std::vector<LabSeries>& series() const { return series_; }
  // And as it is now, between two samples.
  [[nodiscard]] std::vector<LabSeries> series_until_now() const;
  [[nodiscard]] std::vector<Metric> metrics() const;
  [[nodiscard]] std::string path_of(EntityId entity) const;  // "-" for none

 private:
  static void observe(void* self, const EventView& event);
  void note(const EventView& event);
  void sample(Time time);
  void build();
  void save_state();
  void thin_senders();
  void restore(const SavedState& state);
  void remember_fingerprint();
  void compare_fingerprint() const;
  RunEnd go_to(const SavedState* from, Time time, std::uint64_t events);
  // Runs at most so many events, up to and including this time; keeps snapshots, interventions and
  // fingerprints on the way.
  StopReason advance(Time until, std::uint64_t events);
  [[nodiscard]] std::uint64_t slice(std::uint64_t left) const;
  [[nodiscard]] std::optional<RunEnd> ended(StopReason reason, Time until);
  void intervene(Intervention wanted);
  void send_due_interventions();
  void send(const Intervention& done);
  [[nodiscard]] bool metric_reached();
  RunEnd guarded(const auto& work);

  Scenario scenario_;
  std::unique_ptr<Study> study_;
  SnapshotStore snapshots_;
  SenderLog senders_;
  std::map<std::uint64_t, std::uint64_t> known_;  // events -> fingerprint
  std::vector<Intervention> interventions_;
  std::size_t sent_ = 0;  // of them
  std::deque<LoggedEvent> log_;
  std::vector<LabSeries> series_;
  Duration sample_every_;
  Time next_sample_;
  StopCondition stop_;
  EntityId stop_entity_;
  BlockMark looked_at_;
  std::uint64_t looked_event_ = 0;
  bool stop_seen_ = false;
  bool watching_ = false;  // the message or entity to stop at; not while replaying
  bool over_ = false;      // every event up to the end has been dispatched
  std::uint64_t events_max_ = 0;
  std::string problem_;
  std::atomic<bool> cancelled_ = false;
};

}  // namespace mezz::lab

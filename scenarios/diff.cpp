// mezz diff and mezz reproduce: both run a result's scenario again, from the resolved text inside
// the file. diff first narrows the difference down by the stored sub-hashes, then runs both
// scenarios through that window side by side and shows the first event that differs.
#include <fmt/core.h>

#include <algorithm>

#include "analysis/compare_fingerprints.h"
#include "analysis/reader/reader_process.h"
#include "scenarios/commands.h"
#include "scenarios/execute.h"
#include "scenarios/study.h"

namespace mezz::commands {

namespace {

struct TracedEvent {
  Time time;
  std::uint32_t entity = 0;
  std::string_view message;
  std::vector<std::byte> payload;

  bool operator==(const TracedEvent& o) const = default;
};

Scenario scenario_of(const analysis::RunFile& file) {
  Scenario scenario = scenario_from_text(file.scenario().resolved, file.path());
  check_resources(scenario);  // the file may be anybody's
  return scenario;
}

// Where the stored run ended; it may have been cut short by --until or a signal.
std::uint64_t events_of(const analysis::RunFile& file) {
  const auto samples = file.fingerprints();
  const bool known = !samples.empty() && samples.back().events > 0;  // not in a recovered file
  return known ? samples.back().events : UINT64_MAX;
}

// Runs to event `from`, then keeps what is dispatched up to event `to` or the end of the stored
// run.
struct Replay {
  Scenario scenario;
  Study study;
  std::vector<TracedEvent> events;

  Replay(const analysis::RunFile& file, std::uint64_t from, std::uint64_t to)
      : scenario(scenario_of(file)), study(scenario, nullptr) {
    const Time end = Time::zero() + scenario.run.duration;
    study.world().run(end, from);
    study.world().engine().set_tracer(&Replay::keep, this);
    to = std::min(to, events_of(file));
    if (to > from) study.world().run(end, to - from);
  }
  static void keep(void* self, const EventView& view) {
    TracedEvent event{view.time, view.entity.value, view.handler->message, {}};
    const auto* bytes = static_cast<const std::byte*>(view.payload);
    event.payload.assign(bytes, bytes + view.handler->payload_bytes);
    static_cast<Replay*>(self)->events.push_back(std::move(event));
  }
  [[nodiscard]] std::string describe(std::size_t index) {
    if (index >= events.size()) return "(no more events)";
    const TracedEvent& event = events[index];
    std::string bytes;
    for (const std::byte byte : event.payload)
      bytes += fmt::format("{:02x}", static_cast<unsigned>(byte));
    return fmt::format("{:.9f} s  {} to {}  {}", event.time.seconds(), event.message,
                       study.world().entities()[event.entity]->path(), bytes);
  }
};

}  // namespace

int diff(const std::string& first, const std::string& second) {
  const analysis::RunFile a = analysis::open_in_reader(first);
  const analysis::RunFile b = analysis::open_in_reader(second);
  const analysis::FingerprintComparison found = analysis::compare_fingerprints(a, b);
  if (found.equal) {
    fmt::print("equal: {} events, fingerprint {}\n", found.events_to, a.header().fingerprint);
    return 0;
  }
  fmt::print("different between event {} and {}: {}\n", found.events_from, found.events_to,
             found.reason);
  Replay one(a, found.events_from, found.events_to);
  Replay two(b, found.events_from, found.events_to);
  const std::size_t common = std::min(one.events.size(), two.events.size());
  std::size_t index = 0;
  while (index < common && one.events[index] == two.events[index]) ++index;
  if (index == one.events.size() && index == two.events.size()) {
    fmt::print(
        "run again, both scenarios give the same events here: a file was made by another version "
        "of "
        "the program, or state roots differ that no event shows (commits {} and {})\n",
        a.header().git_commit, b.header().git_commit);
    return 1;
  }
  fmt::print("first difference: event {}\n  {}: {}\n  {}: {}\n", found.events_from + index, first,
             one.describe(index), second, two.describe(index));
  return 1;
}

int reproduce(const std::string& path) {
  const analysis::RunFile file = analysis::open_in_reader(path);
  const Scenario scenario = scenario_of(file);
  Study study(scenario, nullptr);
  const auto samples = file.fingerprints();
  const Time end = samples.empty() ? Time::zero() + scenario.run.duration : samples.back().time;
  const std::string& stored = file.header().fingerprint;
  const auto fingerprint = [&] {
    return fmt::format("{:016x}", study.world().engine().fingerprint());
  };
  if (file.header().status != "complete" && end > Time::zero()) {
    // It stopped between two events of one instant: look for the one after which it was the same.
    study.world().run(Time{end.ns - 1});
    while (fingerprint() != stored && study.world().run(end, 1) == StopReason::SliceDone) {
    }
  } else {
    study.world().run(end);
  }
  const std::string again = fingerprint();
  const bool same = again == stored;
  fmt::print("{}: stored {}, again {}, {} events\n", same ? "reproduced" : "NOT reproduced", stored,
             again, study.world().engine().dispatched());
  if (!same) {
    fmt::print("the file was written by commit {}, {}\n", file.header().git_commit,
               file.header().compiler);
  }
  return same ? 0 : 1;
}

}  // namespace mezz::commands

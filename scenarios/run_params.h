// The parts of a scenario that are not models: how long, which seed, what breaks and what is
// decided anew when, which wires are slow, what is recorded, and which headline numbers are
// expected.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/layer2/designs/params.h"
#include "models/shock/shock.h"
#include "sim/config/visit.h"
#include "sim/engine/link.h"
#include "sim/types/time.h"

namespace mezz {

struct RunParams {
  std::int64_t seed = 1;
  std::int64_t replication = 0;
  Duration duration = 1_h;
  std::string epoch = "2026-01-01 00:00:00";

  void visit(auto& v) {
    v("seed", seed, {.doc = "Key of every random stream", .min = 0});
    v("replication", replication, {.doc = "Further key: 0, 1, 2, ... under one seed", .min = 0});
    v("duration", duration, {.doc = "Simulated time", .min = 1_ms, .max = 3'650_d});
    v("epoch", epoch, {.doc = "Calendar date of time 0, written to the result file (UTC)"});
  }
};

// One thing that breaks: [[shock]] at = "30 min", kind = "sequencer_down", duration = "78 min".
struct ShockParams {
  Duration at;
  ShockKind kind = ShockKind::SequencerDown;
  Duration duration;
  Ratio magnitude = Ratio::one();

  void visit(auto& v) {
    v("at", at, {.doc = "When it begins"});
    v("kind", kind, {.doc = "What breaks"});
    v("duration", duration,
      {.doc = "How long; 0 = a moment (l1_reorg, price_jump, invalid_claim)"});
    v("magnitude", magnitude,
      {.doc = "Factor, share or depth, as the kind says (models/shock/shock.h)",
       .min = Ratio::zero(),
       .max = Ratio{INT64_MAX}});
  }
};

// One decision while the world runs: [[change]] at = "30 min", parameter = "push_oracle.deviation",
// value = "1 %".
struct ChangeParams {
  Duration at;
  std::string parameter;
  std::string value;

  void visit(auto& v) {
    v("at", at, {.doc = "When"});
    v("parameter", parameter,
      {.doc = "Which, by its path as after --set; what can change while a world runs: of the "
              "oracle, the batch poster and some agents (scenarios/README.md, Changes)"});
    v("value", value, {.doc = "From then on, as a text: \"50 bp\", \"20\""});
  }
};

// One wire: [[link]] from = "trader", to = "sequencer", delay = { mean = "40 ms" }.
struct LinkParams {
  std::string from;
  std::string to;
  Link link;

  void visit(auto& v) {
    v("from", from, {.doc = "Place of the sender"});
    v("to", to, {.doc = "Place of the receiver"});
    link.visit(v);
  }
};

// What is recorded: [[record]] match = "tables/trades", with = "off".
struct RecordParams {
  std::string match;
  std::string with = "vector";

  void visit(auto& v) {
    v("match", match, {.doc = "Probe or table by path; '*' matches any text; the last match wins"});
    v("with", with, {.doc = "vector last mean timeavg quantiles histogram, several, or off"});
  }
};

// A headline number that must lie in a range, else the exit code is 1:
// [[limit]] metric = "bad_debt.usd", max = 0.0; or in the table [limits] (limits.h).
struct LimitParams {
  std::string metric;
  std::optional<double> min;
  std::optional<double> max;
  std::vector<Design> designs;  // all of them when empty

  // Of an entry of [limits]: where it stands, and the unit a bound was written in. They serve the
  // messages and are no parameters.
  std::string path = {};
  std::string unit = {};

  [[nodiscard]] bool holds_for(Design design) const;

  void visit(auto& v) {
    v("metric", metric, {.doc = "Name of a headline metric"});
    v("min", min, {.doc = "Smallest value accepted, in the metric's unit"});
    v("max", max, {.doc = "Largest value accepted, in the metric's unit"});
    v("designs", designs,
      {.doc = "The limit speaks of these designs only; of every design when empty",
       .count_max = 100});
  }
};

// One way to run the scenario: [[compare.design]] name = "zk_rollup", set = 'layer2.design =
// "zk_rollup"'. Each line of `set` is an assignment as on the command line.
struct VariantParams {
  std::string name;
  std::string set;

  void visit(auto& v) {
    v("name", name, {.doc = "Word in the table and in the names of the numbers"});
    v("set", set, {.doc = "Assignments, one a line, as after --set"});
  }
};

// Runs every design under every condition; the result is a table of headline numbers instead of one
// run's (comparison.h).
struct CompareParams {
  std::vector<VariantParams> design;
  std::vector<VariantParams> condition;

  void visit(auto& v) {
    v("design", design, {.doc = "Rows of the table", .count_max = 100});
    v("condition", condition, {.doc = "What happens to each of them", .count_max = 100});
  }
};

}  // namespace mezz

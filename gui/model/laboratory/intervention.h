// What a user does to a running world: one more shock, or a parameter set anew, now. They are a
// [[shock]] and a [[change]] like those of the scenario, so the text of toml_text() in the
// scenario's file gives the same run.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "scenarios/scenario.h"

namespace mezz::lab {

struct Intervention {
  std::variant<ShockParams, ChangeParams> what;  // `at` is when it began
  std::uint64_t after_events = 0;                // dispatched before it was sent

  [[nodiscard]] const ShockParams* shock() const { return std::get_if<ShockParams>(&what); }
  [[nodiscard]] const ChangeParams* change() const { return std::get_if<ChangeParams>(&what); }
  [[nodiscard]] Duration at() const;
  void set_at(Duration at);
  // "the shock sequencer_down", "push_oracle.deviation 1 %"
  [[nodiscard]] std::string text() const;
};

// Why this scenario's run cannot take the change; empty when it can.
std::string problem_of(const ChangeParams& change, const Scenario& scenario);
// The scenario with them, as if they had been written.
Scenario with_interventions(const Scenario& scenario,
                            const std::vector<Intervention>& interventions);
// [[shock]] and [[change]] tables to be added to the scenario.
std::string toml_text(const std::vector<Intervention>& interventions);
// For --set: whole lists of shocks and changes, those of the scenario first. Empty when nothing was
// done.
std::vector<std::string> assignments(const Scenario& scenario,
                                     const std::vector<Intervention>& interventions);

struct ShockHelp {
  ShockKind kind;
  std::string_view what;       // "no layer-two blocks"
  std::string_view magnitude;  // "share of the block capacity that is left"; empty: takes none
  Ratio usual;                 // magnitude to begin with
};
// What each kind does, in the order of ShockKind.
const std::vector<ShockHelp>& shock_help();

}  // namespace mezz::lab

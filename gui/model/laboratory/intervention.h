// What a user does to a running world: one more shock, now. It is a [[shock]] like those of the
// scenario, so the text of toml_text() in the scenario's file gives the same run.
#pragma once

#include <string>
#include <vector>

#include "scenarios/run_params.h"

namespace mezz::lab {

struct Intervention {
  ShockParams shock;               // `at` is when it began
  std::uint64_t after_events = 0;  // dispatched before it was sent
};

// [[shock]] tables to be added to the scenario.
std::string toml_text(const std::vector<Intervention>& interventions);
// For --set: the whole list of shocks, those of the scenario first. Empty when nothing was done.
std::string shock_assignment(const std::vector<ShockParams>& scenario,
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

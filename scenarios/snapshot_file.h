// A saved state on disk: magic, hash of the scenario it belongs to, hash and length of the content,
// content (sim/world/world.h). Checked before a byte of it reaches the world, so a truncated file
// or another scenario's is an error of the user, not of ours. What does not change the world
// (title, length of the run, what is recorded, limits) may differ.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "scenarios/scenario.h"

namespace mezz {

// Under a temporary name first; an older file stays until the new one is whole. False: not written.
bool write_snapshot(const std::string& path, const Scenario& scenario,
                    const std::vector<std::byte>& state);
// Throws ScenarioError naming --restore and the file.
std::vector<std::byte> read_snapshot(const std::string& path, const Scenario& scenario);

}  // namespace mezz

// TOML text -> Node; the only place that knows toml++. Internal to sim/config.
#pragma once

#include <string>
#include <string_view>

#include "sim/config/document.h"

namespace mezz::config {

// Throws ScenarioError with `name`:line:column.
Node parse_toml(std::string_view text, const std::string& name);

}  // namespace mezz::config

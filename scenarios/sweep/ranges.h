// Ranges of [sweep]: { from = 1, to = 50 }, { from = "1 h", to = "4 h", step = "30 min" },
// { from = 0.5, to = 2.0, step = 0.5 }. Both ends belong to the range when the steps meet `to`.
// Integers and amounts with units are exact; reals are rounded to 12 digits. The step of integers
// is 1 unless it is written; amounts and reals need one. Errors: ScenarioError with
// file:line:column.
#pragma once

#include <string>
#include <vector>

#include "sim/config/document.h"

namespace mezz::sweep {

// Has the shape of a range, however wrong its values.
[[nodiscard]] bool is_range(const config::Node& node);
std::vector<config::Node> expand_range(const std::string& path, const config::Node& node);

}  // namespace mezz::sweep

// The nearest valid name, for messages about unknown keys, units and choices: "did you mean ...?".
// Distance: Damerau-Levenshtein (insert, delete, replace, swap neighbours), letters compared
// without case; ties go to the earlier candidate. A name further than a third of its length is no
// suggestion at all.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mezz::config {

std::size_t edit_distance(std::string_view a, std::string_view b);

// Empty when nothing is near.
std::string_view nearest(std::string_view name, const std::vector<std::string_view>& candidates);

// "; did you mean 'x'?" or "".
std::string did_you_mean(std::string_view name, const std::vector<std::string_view>& candidates);

// Quoted for a message: control characters escaped, long text cut, so that a binary or huge value
// cannot spoil the terminal.
std::string quote(std::string_view text);

// "a, b, c"
std::string joined(const std::vector<std::string_view>& names);

}  // namespace mezz::config

// Times and prices as text, for replay_csv.h. Everything returns empty on text it cannot read.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "models/market/price/replay_csv.h"
#include "sim/types/money.h"

namespace mezz::csv {

// ISO 8601 when there is a '-' after the first character; else by size: below 10^11 seconds, below
// 10^14 milliseconds, else microseconds (years 1973 to 5138).
TimeFormat guess_time_format(std::string_view field);
// Nanoseconds since 1970 UTC; years 1970 to 2200.
std::optional<std::int64_t> parse_time(std::string_view field, TimeFormat format);
// Micro-dollars, half to even; at most 9 * 10^12 USD.
std::optional<Money> parse_money(std::string_view field);
// A decimal number times 10^digits, rounded half to even; empty when it does not fit.
std::optional<std::int64_t> parse_scaled(std::string_view field, int digits);

}  // namespace mezz::csv

// What a message says, in words, for the event list: the common messages field by field, any other
// as its raw numbers. Messages are plain bytes (sim/engine/message.h) without names of their
// fields.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "sim/engine/message.h"
#include "sim/types/time.h"

namespace mezz::lab {

using Words = std::array<std::uint64_t, 6>;

std::string message_text(const HandlerInfo& handler, const Words& payload);

// 1 234 567.25 USD as a person writes it: at most six digits behind the point, none that are zero.
std::string number_text(double value);
// 3 d 04:05:06.789, without leading parts that are zero.
std::string time_text(Time time);

}  // namespace mezz::lab

// Who and what trades: an account is a row of the clearing ledger, an instrument a row of the
// market's list, an order a handle given out by its book (models/market/order_book.h).
#pragma once

#include <cstdint>

#include "sim/types/id.h"

namespace mezz {

using AccountId = Id<struct AccountTag, std::uint32_t>;
using InstrumentId = Id<struct InstrumentTag, std::uint16_t>;
using OrderId = Id<struct OrderTag, std::uint64_t>;

// The perpetual every exchange has; its price is the index.
inline constexpr InstrumentId kMainInstrument{0};

}  // namespace mezz

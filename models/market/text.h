// Order books as text, for tests and messages. One order a line, bids first, the best first:
//   4 @ 1550 |
//            | 1600 @ 7
// Left of the bar `quantity @ price` of a bid, right of it `price @ quantity` of an ask. Orders
// read from text belong to nobody, so self-trade prevention never meets them.
#pragma once

#include <string>
#include <string_view>

#include "models/market/order_book.h"

namespace mezz {

OrderBook book_from(std::string_view text);  // asserts on text it cannot read
std::string to_text(const OrderBook& book);

}  // namespace mezz

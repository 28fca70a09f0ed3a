#include "models/market/text.h"

#include <algorithm>
#include <charconv>
#include <vector>

namespace mezz {
namespace {

// Reads "A @ B" from one side of the bar; false when that side is blank.
bool read_pair(std::string_view text, std::int64_t& first, std::int64_t& second) {
  const std::size_t at = text.find('@');
  if (text.find_first_not_of(" \r") == std::string_view::npos) return false;
  MEZZ_ASSERT(at != std::string_view::npos);
  const auto number = [](std::string_view part, std::int64_t& value) {
    const std::size_t begin = part.find_first_not_of(' ');
    MEZZ_ASSERT(begin != std::string_view::npos);
    const auto result = std::from_chars(part.data() + begin, part.data() + part.size(), value);
    MEZZ_ASSERT(result.ec == std::errc{});
  };
  number(text.substr(0, at), first);
  number(text.substr(at + 1), second);
  return true;
}

}  // namespace

OrderBook book_from(std::string_view text) {
  OrderBook book;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t bar = line.find('|');
    if (bar == std::string_view::npos) continue;
    NewOrder order;
    if (read_pair(line.substr(0, bar), order.quantity.lots, order.price.ticks)) {
      order.side = Side::Buy;
      book.rest(order);
    }
    if (read_pair(line.substr(bar + 1), order.price.ticks, order.quantity.lots)) {
      order.side = Side::Sell;
      book.rest(order);
    }
  }
  return book;
}

std::string to_text(const OrderBook& book) {
  std::vector<std::string> cells[2];
  std::size_t width = 0;
  for (const RestingOrder& o : book.orders(Side::Buy)) {
    cells[0].push_back(std::to_string(o.quantity.lots) + " @ " + std::to_string(o.price.ticks));
    width = std::max(width, cells[0].back().size());
  }
  for (const RestingOrder& o : book.orders(Side::Sell)) {
    cells[1].push_back(std::to_string(o.price.ticks) + " @ " + std::to_string(o.quantity.lots));
    width = std::max(width, cells[1].back().size());
  }
  std::string text;
  for (const std::string& cell : cells[0]) {
    text += cell + std::string(width - cell.size(), ' ') + " |" + std::string(width, ' ') + "\n";
  }
  for (const std::string& cell : cells[1]) text += std::string(width, ' ') + " | " + cell + "\n";
  return text;
}

}  // namespace mezz

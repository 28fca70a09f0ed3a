#include "gui/model/laboratory/message_text.h"

#include <fmt/core.h>

#include <cmath>
#include <cstring>

#include "models/layer2/messages.h"
#include "models/market/price/price_tick.h"
#include "models/shock/shock.h"
#include "sim/config/units.h"

namespace mezz::lab {

namespace {

template <class M>
M as(const Words& payload) {
  M message;
  static_assert(sizeof(M) <= sizeof(Words));
  std::memcpy(static_cast<void*>(&message), payload.data(), sizeof(M));
  return message;
}

std::string text_of(const Transaction& tx) {
  std::string out = fmt::format("{} of account {}", enum_name(tx.kind), tx.account.value);
  switch (tx.kind) {
    case TxKind::PlaceOrder:
      return out + fmt::format(": {} {} lots at {} ticks", tx.amount < 0 ? "sells" : "buys",
                               tx.amount < 0 ? -tx.amount : tx.amount, tx.price);
    case TxKind::Deposit:
    case TxKind::Withdraw:
      return out + ": " + config::to_text(Money{tx.amount});
    case TxKind::OracleUpdate:
      return out + fmt::format(": {} ticks", tx.price);
    case TxKind::Liquidate:
    case TxKind::Deleverage:
      return out + fmt::format(": account {}", tx.reference);
    default:
      return out;
  }
}

std::string text_of(const Receipt& receipt) {
  std::string out =
      fmt::format("{} of account {} {} in block {}", enum_name(receipt.kind), receipt.account.value,
                  enum_name(receipt.status), receipt.block.value);
  if (receipt.filled.lots != 0) {
    out += fmt::format(", {} lots at {} ticks", receipt.filled.lots, receipt.average.ticks);
  }
  return out;
}

std::string text_of(const Shock& shock) {
  return fmt::format("{} {}, magnitude {}", enum_name(shock.kind),
                     shock.edge == ShockEdge::Begins ? "begins" : "ends",
                     config::to_text(shock.magnitude));
}

std::string raw(const HandlerInfo& handler, const Words& payload) {
  std::string out;
  for (std::uint32_t i = 0; i < (handler.payload_bytes + 7U) / 8U; ++i) {
    if (!out.empty()) out += ' ';
    const auto value = static_cast<std::int64_t>(payload[i]);
    // Small numbers are counts and amounts; others are hashes or several fields in one word.
    out += value > -1'000'000'000'000'000'000 && value < 1'000'000'000'000'000'000
               ? fmt::format("{}", value)
               : fmt::format("{:#x}", payload[i]);
  }
  return out;
}

}  // namespace

std::string message_text(const HandlerInfo& handler, const Words& payload) {
  const std::string_view kind = handler.message;
  if (kind == "SubmitTransaction") return text_of(as<SubmitTransaction>(payload).transaction);
  if (kind == "Receipt") return text_of(as<Receipt>(payload));
  if (kind == "Shock") return text_of(as<Shock>(payload));
  if (kind == "BlockSealed") return fmt::format("block {}", payload[0]);
  if (kind == "Layer2Reorg") return fmt::format("back to block {}", payload[0]);
  if (kind == "MakerFill") {
    const auto fill = as<MakerFill>(payload);
    return fmt::format("account {}: {} lots at {} ticks, {} left", fill.account.value,
                       fill.filled.lots, fill.price.ticks, fill.left.lots);
  }
  if (kind == "MarketUpdate") {
    const auto update = as<MarketUpdate>(payload);
    return fmt::format("block {}: oracle {}, bid {}, ask {}, last {} ticks", update.block.value,
                       update.oracle.ticks, update.best_bid.ticks, update.best_ask.ticks,
                       update.last_trade.ticks);
  }
  return raw(handler, payload);
}

std::string number_text(double value) {
  if (!std::isfinite(value)) return "n/a";
  const bool whole = std::abs(value) >= 1e6 || value == std::floor(value);
  std::string digits = fmt::format("{:.{}f}", value, whole ? 0 : (std::abs(value) >= 100 ? 2 : 6));
  if (digits.find('.') != std::string::npos) {
    digits.erase(digits.find_last_not_of('0') + 1);
    if (digits.back() == '.') digits.pop_back();
  }
  const std::size_t first = digits.front() == '-' ? 1 : 0;
  const std::size_t point = std::min(digits.find('.'), digits.size());
  for (std::size_t at = point; at > first + 3; at -= 3) digits.insert(at - 3, "\u202f");
  return digits;
}

std::string time_text(Time time) {
  if (!time.happened()) return "never";
  const std::int64_t ms = time.ns / 1'000'000;
  const std::int64_t s = ms / 1000;
  std::string out;
  if (s >= 86'400) out = fmt::format("{} d ", s / 86'400);
  out += fmt::format("{:02}:{:02}:{:02}", s / 3600 % 24, s / 60 % 60, s % 60);
  if (ms % 1000 != 0) out += fmt::format(".{:03}", ms % 1000);
  return out;
}

}  // namespace mezz::lab

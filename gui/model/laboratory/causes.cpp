#include "gui/model/laboratory/causes.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "models/layer2/chain.h"
#include "models/layer2/execution/node.h"

namespace mezz::lab {

namespace {

// Sequence numbers are given out in order, so the sender of an event is the last one that was
// handled before its number was due. What was scheduled from outside has no sender.
const LoggedEvent* cause_of(const std::deque<LoggedEvent>& log, const LoggedEvent& event) {
  if (event.from == EntityId::none()) return nullptr;
  const auto after = std::upper_bound(
      log.begin(), log.end(), event.sequence,
      [](std::uint64_t sequence, const LoggedEvent& other) { return sequence < other.first_sent; });
  if (after == log.begin()) return nullptr;
  const LoggedEvent& sender = *(after - 1);
  return sender.to == event.from && sender.time == event.sent ? &sender : nullptr;
}

const Layer2Block& block_of(const Layer2Chain& chain, std::uint64_t transaction) {
  std::uint64_t low = 0;
  std::uint64_t high = chain.head().value;
  while (low < high) {  // the first block that ends behind it
    const std::uint64_t middle = low + (high - low) / 2;
    const Layer2Block& block = chain.block(BlockId{middle});
    if (block.first + block.count > transaction) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return chain.block(BlockId{low});
}

std::string span_text(Duration span) {
  if (span >= 1_min) return time_text(Time::zero() + span);
  if (span >= 1_s || span == Duration::zero()) return fmt::format("{:.6g} s", span.seconds());
  return fmt::format("{:.6g} ms", span.seconds() * 1e3);
}

std::string what_text(const LabSession& session, const LoggedEvent& event) {
  return std::string(event.handler->message) + " to " + session.path_of(event.to);
}

std::optional<std::uint64_t> number_after(std::string_view word, const std::string& id) {
  if (!id.starts_with(word)) return std::nullopt;
  std::uint64_t number = 0;
  const char* end = id.data() + id.size();
  const auto [at, error] = std::from_chars(id.data() + word.size(), end, number);
  return error == std::errc() && at == end ? std::optional(number) : std::nullopt;
}

Inspector inspect_event(const LabSession& session, std::uint64_t number) {
  Inspector out{.id = "event " + std::to_string(number), .title = {}, .rows = {}, .tables = {}};
  out.title = "Event " + std::to_string(number);
  const std::vector<const LoggedEvent*> causes = causes_of(session, number);
  if (causes.empty()) {
    out.rows.push_back({"is not among the last events kept", "", true});
    return out;
  }
  const LoggedEvent& event = *causes[0];
  out.tables.push_back({.title = what_text(session, event) + " at " + time_text(event.time),
                        .columns = {},
                        .rows = {{message_text(*event.handler, event.payload)}}});
  InspectorTable why{.title = "Why it happened, step by step back",
                     .columns = {"took", "at", "what", "event"},
                     .rows = {}};
  const LoggedEvent* later = nullptr;
  for (const LoggedEvent* cause : causes) {
    if (later != nullptr && cause->to == later->to && cause->handler == later->handler) {
      why.rows.push_back({"and so on: it sets itself again"});
      break;
    }
    why.rows.push_back({span_text(cause->time - cause->sent), time_text(cause->time),
                        what_text(session, *cause), std::to_string(cause->number)});
    later = cause;
  }
  out.tables.push_back(std::move(why));
  if (const auto transaction = transaction_of(event)) {
    Inspector way = inspect_transaction(session.study(), *transaction);
    for (InspectorTable& table : way.tables) out.tables.push_back(std::move(table));
  }
  return out;
}

}  // namespace

std::vector<const LoggedEvent*> causes_of(const LabSession& session, std::uint64_t number) {
  constexpr std::size_t kStepsMax = 64;  // a timer that sets itself again goes back for ever
  const std::deque<LoggedEvent>& log = session.events();
  const auto found = std::lower_bound(
      log.begin(), log.end(), number,
      [](const LoggedEvent& event, std::uint64_t wanted) { return event.number < wanted; });
  std::vector<const LoggedEvent*> chain;
  if (found == log.end() || found->number != number) return chain;
  for (const LoggedEvent* at = &*found; at != nullptr && chain.size() < kStepsMax;
       at = cause_of(log, *at)) {
    chain.push_back(at);
  }
  return chain;
}

std::optional<std::uint64_t> transaction_of(const LoggedEvent& event) {
  if (event.handler->message != type_name<Receipt>()) return std::nullopt;
  Receipt receipt;
  static_assert(sizeof receipt <= sizeof event.payload);
  std::memcpy(static_cast<void*>(&receipt), event.payload.data(), sizeof receipt);
  if (!receipt.transaction.exists()) return std::nullopt;  // dropped before it had a number
  return receipt.transaction.value;
}

Inspector inspect_transaction(const Study& study, std::uint64_t number) {
  const Layer2Chain& chain = study.layer2().node->chain();
  const std::string title = "Transaction " + std::to_string(number);
  Inspector out{
      .id = "transaction " + std::to_string(number), .title = title, .rows = {}, .tables = {}};
  if (number >= chain.transactions()) {
    out.rows.push_back({"is not in a block", "", true});
    return out;
  }
  const ChainTransaction& entry = chain.transaction(number);
  const Layer2Block& block = block_of(chain, number);
  const Transaction& tx = entry.transaction;
  out.rows = {{"kind", std::string(enum_name(tx.kind)), false},
              {"status", std::string(enum_name(entry.status)), false},
              {"account", tx.account.exists() ? std::to_string(tx.account.value) : "-", false},
              {"block", std::to_string(block.number.value), false}};
  InspectorTable table{.title = title + ", its way to finality",
                       .columns = {"rung", "at", "leg", "since submitted"},
                       .rows = {}};
  Time before = tx.submitted;
  for (std::size_t i = 0; i < kRungs; ++i) {
    const auto rung = static_cast<Rung>(i);
    const Time at = rung == Rung::Submitted ? tx.submitted : block.ladder[rung];
    const std::string name(enum_name(rung));
    if (!at.happened()) {
      table.rows.push_back({name, "not yet", "-", "-"});
      continue;
    }
    table.rows.push_back(
        {name, time_text(at), span_text(at - before), span_text(at - tx.submitted)});
    before = at;
  }
  out.tables.push_back(std::move(table));
  return out;
}

Inspector inspect(const LabSession& session, const std::string& id) {
  if (const auto number = number_after("event ", id)) return inspect_event(session, *number);
  return inspect(session.study(), id);
}

}  // namespace mezz::lab

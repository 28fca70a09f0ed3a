#include "sim/engine/message.h"

#include <vector>

#include "sim/check/assert.h"
#include "sim/check/fingerprint.h"

namespace mezz {

namespace {
// Filled by static initialisation, read-only afterwards: one table for all worlds and threads.
std::vector<HandlerInfo>& handlers() {
  static std::vector<HandlerInfo> table;
  return table;
}
}  // namespace

namespace detail {
std::uint16_t add_handler(const HandlerInfo& info) {
  MEZZ_ASSERT(handlers().size() < 0xFFFF);
  handlers().push_back(info);
  return static_cast<std::uint16_t>(handlers().size() - 1);
}

std::uint64_t message_hash(std::string_view name) { return hash_name(name); }
}  // namespace detail

const HandlerInfo* handler_table() { return handlers().data(); }
std::size_t handler_count() { return handlers().size(); }

bool any_handler_foresees() {
  for (const HandlerInfo& info : handlers()) {
    if (info.foresee != nullptr) return true;
  }
  return false;
}

std::size_t find_handler(std::string_view role, std::string_view message) {
  std::size_t number = 0;
  for (const HandlerInfo& info : handlers()) {
    if (info.role == role && info.message == message) break;
    ++number;
  }
  return number;
}

}  // namespace mezz

#include "sim/engine/archive.h"

namespace mezz {

void Saver::bytes(const void* from, std::size_t count) {
  if (count == 0) return;
  const auto* first = static_cast<const std::byte*>(from);
  out_->insert(out_->end(), first, first + count);
}

void Saver::size(std::size_t n) {
  const std::uint64_t count = n;
  bytes(&count, sizeof count);
}

void Loader::bytes(void* to, std::size_t count) {
  if (count == 0) return;
  if (failed_ || count > left_) {
    failed_ = true;
    return;
  }
  std::memcpy(to, next_, count);
  next_ += count;
  left_ -= count;
}

std::size_t Loader::size(std::size_t bytes_each) {
  std::uint64_t count = 0;
  bytes(&count, sizeof count);
  if (failed_ || count > left_ / bytes_each) {
    failed_ = true;
    return 0;
  }
  return static_cast<std::size_t>(count);
}

}  // namespace mezz

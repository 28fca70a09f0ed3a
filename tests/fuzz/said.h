// How an input of fuzz_reader_frames holds several frames: a length of four bytes before each.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace mezz::analysis::fuzz {

// Takes the next one off; whatever is left when its length says more.
inline std::string_view said(std::string_view& rest) {
  std::uint32_t length = 0;
  const std::size_t head = std::min(rest.size(), sizeof length);
  if (head > 0) std::memcpy(&length, rest.data(), head);
  rest.remove_prefix(head);
  const std::string_view frame = rest.substr(0, length);
  rest.remove_prefix(frame.size());
  return frame;
}

inline void say(std::string& all, const std::string& frame) {
  const auto length = static_cast<std::uint32_t>(frame.size());
  all.append(reinterpret_cast<const char*>(&length), sizeof length);
  all += frame;
}

}  // namespace mezz::analysis::fuzz

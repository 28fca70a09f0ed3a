#include "analysis/reader/frames.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace mezz::analysis::reader {
namespace {

struct FrameHeader {
  std::uint32_t kind;
  std::uint32_t bytes;
};

// A program in the middle of its work must not be killed by SIGPIPE because a reader crashed. The
// reader itself may write to an ordinary pipe.
ssize_t put(int descriptor, const char* from, std::size_t size) {
  const ssize_t sent = ::send(descriptor, from, size, MSG_NOSIGNAL);
  return sent < 0 && errno == ENOTSOCK ? ::write(descriptor, from, size) : sent;
}

bool put_all(int descriptor, const char* from, std::size_t size) {
  while (size > 0) {
    const ssize_t sent = put(descriptor, from, size);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    from += sent;
    size -= static_cast<std::size_t>(sent);
  }
  return true;
}

// Bytes read; fewer than `size` only at the end of the input.
std::size_t get_all(int descriptor, char* to, std::size_t size) {
  std::size_t done = 0;
  while (done < size) {
    const ssize_t got = ::read(descriptor, to + done, size - done);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

}  // namespace

bool send_frame(int descriptor, FrameKind kind, std::string_view content) {
  if (content.size() > kFrameBytesMax) throw BadFrame("too much for one frame");
  const FrameHeader header{static_cast<std::uint32_t>(kind),
                           static_cast<std::uint32_t>(content.size())};
  return put_all(descriptor, reinterpret_cast<const char*>(&header), sizeof header) &&
         put_all(descriptor, content.data(), content.size());
}

bool receive_frame(int descriptor, Frame& frame, std::uint32_t bytes_max) {
  FrameHeader header{};
  const std::size_t got = get_all(descriptor, reinterpret_cast<char*>(&header), sizeof header);
  if (got == 0) return false;
  if (got < sizeof header) throw BadFrame("cut short");
  if (header.bytes > bytes_max) throw BadFrame("larger than any frame");
  frame.kind = static_cast<FrameKind>(header.kind);
  frame.content.resize(header.bytes);
  if (get_all(descriptor, frame.content.data(), header.bytes) < header.bytes) {
    throw BadFrame("cut short");
  }
  return true;
}

}  // namespace mezz::analysis::reader

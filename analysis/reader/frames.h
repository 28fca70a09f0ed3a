// What passes between a program and mezz-h5read: frames of a kind, a length and a content, both
// ways, on the reader's standard input and output. Numbers are in the byte order of the machine,
// which both processes share. Neither side trusts the other: kinds, lengths and counts are checked
// before anything is allocated, and whatever does not fit is a BadFrame.
//   reader, unasked   Opened (RunContents) or Refused (path, reason)
//   program           ReadScenario ReadParameters ReadMetrics ReadProfile ReadFingerprints (empty),
//                     ReadIntegers ReadDoubles (RowsRequest)
//   reader            Answer (as asked) or Refused
// The reader ends when its input ends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace mezz::analysis::reader {

enum class FrameKind : std::uint32_t {
  Opened = 0x31354d5a,  // also says: this is mezz-h5read, version 1
  Refused = 1,
  Answer = 2,
  ReadScenario = 16,
  ReadParameters = 17,
  ReadMetrics = 18,
  ReadProfile = 19,
  ReadFingerprints = 20,
  ReadIntegers = 21,
  ReadDoubles = 22,
};

inline constexpr std::uint32_t kFrameBytesMax = 64U << 20;
inline constexpr std::uint64_t kRowsPerFrame = 1U << 18;  // 2 MiB of values

struct RowsRequest {
  std::uint32_t table = 0;
  std::uint32_t column = 0;
  std::uint64_t first = 0;
  std::uint64_t count = 0;
};

class BadFrame : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct Frame {
  FrameKind kind = FrameKind::Answer;
  std::string content;
};

// Writes a whole frame. False: the other side is gone.
bool send_frame(int descriptor, FrameKind kind, std::string_view content);
// False: the input ended between two frames. Throws BadFrame when it ends inside one or announces
// more than `bytes_max`.
bool receive_frame(int descriptor, Frame& frame, std::uint32_t bytes_max = kFrameBytesMax);

// One description per structure (contents.h) serves both: Encoder appends, Decoder fills in.
class Encoder {
 public:
  template <class T>
  requires std::is_arithmetic_v<T> || std::is_enum_v<T>
  void operator()(const T& value) {
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void operator()(const std::string& text) {
    (*this)(std::uint64_t{text.size()});
    bytes_ += text;
  }
  // As many values as the other side expects, without a count.
  template <class T>
  void raw(const std::vector<T>& values) {
    static_assert(std::is_arithmetic_v<T>);
    bytes_.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
  }
  [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

class Decoder {
 public:
  explicit Decoder(std::string_view bytes) : bytes_(bytes) {}

  // Any byte but 0 is true: another one stored in a bool would be undefined behaviour.
  void operator()(bool& value) {
    std::uint8_t byte = 0;
    (*this)(byte);
    value = byte != 0;
  }
  template <class T>
  requires std::is_arithmetic_v<T> || std::is_enum_v<T>
  void operator()(T& value) {
    const std::string_view from = take(sizeof value);
    std::memcpy(&value, from.data(), sizeof value);
  }
  void operator()(std::string& text) {
    std::uint64_t size = 0;
    (*this)(size);
    text = take(size);
  }
  // Appends `count` values.
  template <class T>
  void raw(std::vector<T>& values, std::uint64_t count) {
    static_assert(std::is_arithmetic_v<T>);
    if (count > bytes_.size() / sizeof(T)) throw BadFrame("too few values");
    const std::string_view from = take(count * sizeof(T));
    const std::size_t before = values.size();
    values.resize(before + count);
    if (count > 0) std::memcpy(values.data() + before, from.data(), from.size());
  }
  // How many items follow, each of at least `bytes_min`.
  std::uint64_t count(std::size_t bytes_min) {
    std::uint64_t items = 0;
    (*this)(items);
    if (items > bytes_.size() / bytes_min) throw BadFrame("a count larger than its frame");
    return items;
  }
  void finish() const {
    if (!bytes_.empty()) throw BadFrame("a frame longer than its content");
  }

 private:
  std::string_view take(std::uint64_t size) {
    if (size > bytes_.size()) throw BadFrame("a frame shorter than its content");
    const std::string_view taken = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return taken;
  }
  std::string_view bytes_;
};

}  // namespace mezz::analysis::reader

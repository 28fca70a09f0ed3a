#include "sim/record/chunk_filter.h"

#include <libdeflate.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "sim/check/assert.h"
#include "sim/record/column.h"

namespace mezz {
namespace {

// Byte b of every value, one after the other: slowly changing integers become long runs.
template <std::size_t Width>
void shuffle(const std::byte* values, std::size_t rows, std::byte* to) {
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t b = 0; b < Width; ++b) to[b * kChunkRows + row] = values[row * Width + b];
  }
}

// Deflate by runs only (RFC 1951, one block of the fixed code, matches of distance 1). After the
// shuffle most planes of most columns are a few long runs; a general compressor enters every byte
// of them into its hash table, which is three quarters of its time. put() of bits is lowest first.
class RunDeflate {
 public:
  RunDeflate(std::byte* to, std::size_t room) : to_(to), room_(room) {}

  // Bytes of the zlib stream, or 0 when it would be longer than `room`.
  std::size_t encode(std::span<const std::byte> bytes) {
    MEZZ_ASSERT(!bytes.empty());
    put(0x0178, 16);  // zlib: deflate, 32 KiB window, fastest
    put(0b011, 3);    // the last block, fixed code
    for (std::size_t at = 0; at < bytes.size() && fits();) {
      const std::size_t length = run_length(bytes.subspan(at));
      put_run(std::to_integer<std::uint32_t>(bytes[at]), length);
      at += length;
    }
    put(0, 7);                        // end of block
    put(0, (8 - (bits_ & 7U)) & 7U);  // to a whole byte
    if (!fits()) return 0;
    const std::uint32_t sum = libdeflate_adler32(1, bytes.data(), bytes.size());
    for (int shift = 24; shift >= 0; shift -= 8) put(sum >> shift & 0xFFU, 8);
    MEZZ_ASSERT(bits_ == 0);
    return size_;
  }

 private:
  [[nodiscard]] bool fits() const { return size_ + kRun <= room_; }

  static std::size_t run_length(std::span<const std::byte> bytes) {
    const std::uint64_t same = std::to_integer<std::uint64_t>(bytes[0]) * 0x0101010101010101U;
    std::size_t length = 1;
    for (; length + 8 <= bytes.size(); length += 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, &bytes[length], 8);
      static_assert(std::endian::native == std::endian::little);
      if (word != same) return length + static_cast<std::size_t>(std::countr_zero(word ^ same)) / 8;
    }
    while (length < bytes.size() && bytes[length] == bytes[0]) ++length;
    return length;
  }

  void put(std::uint32_t value, std::uint32_t count) {
    pending_ |= std::uint64_t{value} << bits_;
    for (bits_ += count; bits_ >= 8; bits_ -= 8) {
      to_[size_++] = static_cast<std::byte>(pending_ & 0xFFU);
      pending_ >>= 8;
    }
  }
  // Huffman codes are sent highest bit first.
  void put_code(std::uint32_t code, std::uint32_t count) {
    std::uint32_t reversed = 0;
    for (std::uint32_t i = 0; i < count; ++i) reversed |= (code >> i & 1U) << (count - 1 - i);
    put(reversed, count);
  }
  void put_literal(std::uint32_t byte) {
    if (byte < 144) {
      put_code(0x30 + byte, 8);
    } else {
      put_code(0x190 + byte - 144, 9);
    }
  }
  void put_symbol(std::uint32_t length_code) {  // 257 to 285
    if (length_code < 280) {
      put_code(length_code - 256, 7);
    } else {
      put_code(0xC0 + length_code - 280, 8);
    }
  }
  void put_match(std::size_t length) {  // 3 to 258 times the byte before
    const auto over = static_cast<std::uint32_t>(length - 3);
    if (length == 258) {
      put_symbol(285);
    } else if (over < 8) {
      put_symbol(257 + over);
    } else {
      const auto extra = static_cast<std::uint32_t>(std::bit_width(over)) - 3;
      put_symbol(265 + 4 * (extra - 1) + (over >> extra & 3U));
      put(over & ((1U << extra) - 1), extra);
    }
    put(0, 5);  // distance 1
  }
  void put_run(std::uint32_t byte, std::size_t length) {
    put_literal(byte);
    for (--length; length >= 3 && fits();) {
      const std::size_t part = std::min<std::size_t>(length, 258);
      put_match(part);
      length -= part;
    }
    for (; length > 0 && fits(); --length) put_literal(byte);
  }

  static constexpr std::size_t kRun = 16;  // more than any step between two looks at fits() adds
  std::byte* to_;
  std::size_t room_;
  std::size_t size_ = 0;
  std::uint64_t pending_ = 0;
  std::uint32_t bits_ = 0;  // in pending_
};

}  // namespace

std::uint32_t fletcher32(std::span<const std::byte> bytes) {
  std::uint32_t sum1 = 0;
  std::uint32_t sum2 = 0;
  const auto fold = [&] {
    sum1 = (sum1 & 0xffffU) + (sum1 >> 16);
    sum2 = (sum2 & 0xffffU) + (sum2 >> 16);
  };
  std::size_t at = 0;
  const std::size_t even = bytes.size() / 2 * 2;
  while (at < even) {
    // 360 is the largest number of words before sum2 overflows.
    for (const std::size_t end = std::min(even, at + 720); at < end; at += 2) {
      sum1 += std::to_integer<std::uint32_t>(bytes[at]) << 8 |
              std::to_integer<std::uint32_t>(bytes[at + 1]);
      sum2 += sum1;
    }
    fold();
  }
  if (even < bytes.size()) {
    sum1 += std::to_integer<std::uint32_t>(bytes[even]) << 8;
    sum2 += sum1;
    fold();
  }
  fold();
  return sum2 << 16 | sum1;
}

ChunkFilter::ChunkFilter() : compressor_(libdeflate_alloc_compressor(1)) {
  MEZZ_ASSERT(compressor_ != nullptr);
  shuffled_.resize(std::size_t{kChunkRows} * 8);
  packed_.resize(libdeflate_zlib_compress_bound(compressor_, shuffled_.size()) + 4);
}

ChunkFilter::~ChunkFilter() { libdeflate_free_compressor(compressor_); }

std::span<const std::byte> ChunkFilter::encode(const std::byte* values, std::size_t rows,
                                               std::size_t width) {
  MEZZ_ASSERT(rows <= kChunkRows);
  const std::size_t size = width * kChunkRows;
  if (rows < kChunkRows) {
    for (std::size_t b = 0; b < width; ++b) {
      std::fill(shuffled_.begin() + static_cast<std::ptrdiff_t>(b * kChunkRows + rows),
                shuffled_.begin() + static_cast<std::ptrdiff_t>((b + 1) * kChunkRows),
                std::byte{0});
    }
  }
  switch (width) {
    case 1:
      shuffle<1>(values, rows, shuffled_.data());
      break;
    case 2:
      shuffle<2>(values, rows, shuffled_.data());
      break;
    case 4:
      shuffle<4>(values, rows, shuffled_.data());
      break;
    default:
      MEZZ_ASSERT(width == 8);
      shuffle<8>(values, rows, shuffled_.data());
  }
  std::size_t packed = RunDeflate(packed_.data(), size / 64).encode({shuffled_.data(), size});
  if (packed == 0) {
    packed = libdeflate_zlib_compress(compressor_, shuffled_.data(), size, packed_.data(),
                                      packed_.size() - 4);
  }
  MEZZ_ASSERT(packed > 0);
  const std::uint32_t sum = fletcher32({packed_.data(), packed});
  for (std::size_t i = 0; i < 4; ++i) {
    packed_[packed + i] = static_cast<std::byte>(sum >> (8 * i) & 0xffU);
  }
  return {packed_.data(), packed + 4};
}

}  // namespace mezz

#include "sim/record/chunk_filter.h"

#include <libdeflate.h>

#include <algorithm>

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
  const std::size_t packed = libdeflate_zlib_compress(compressor_, shuffled_.data(), size,
                                                      packed_.data(), packed_.size() - 4);
  MEZZ_ASSERT(packed > 0);
  const std::uint32_t sum = fletcher32({packed_.data(), packed});
  for (std::size_t i = 0; i < 4; ++i) {
    packed_[packed + i] = static_cast<std::byte>(sum >> (8 * i) & 0xffU);
  }
  return {packed_.data(), packed + 4};
}

}  // namespace mezz

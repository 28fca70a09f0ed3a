#include "sim/record/chunk_filter.h"

#include <gtest/gtest.h>
#include <libdeflate.h>

#include <cstring>

#include "sim/record/column.h"

namespace mezz {
namespace {

// Undoes Fletcher32, deflate and shuffle as a reader does. Empty when the chunk is damaged.
std::vector<std::byte> decode(std::span<const std::byte> chunk, std::size_t width) {
  const std::size_t packed = chunk.size() - 4;
  std::uint32_t sum = 0;
  std::memcpy(&sum, &chunk[packed], 4);
  if (sum != fletcher32(chunk.first(packed))) return {};
  std::vector<std::byte> planes(width * kChunkRows);
  std::size_t size = 0;
  libdeflate_decompressor* const inflate = libdeflate_alloc_decompressor();
  const libdeflate_result result = libdeflate_zlib_decompress(inflate, chunk.data(), packed,
                                                              planes.data(), planes.size(), &size);
  libdeflate_free_decompressor(inflate);
  if (result != LIBDEFLATE_SUCCESS || size != planes.size()) return {};
  std::vector<std::byte> values(planes.size());
  for (std::size_t row = 0; row < kChunkRows; ++row) {
    for (std::size_t b = 0; b < width; ++b) values[row * width + b] = planes[b * kChunkRows + row];
  }
  return values;
}

template <class T>
std::size_t expect_kept(ChunkFilter& filter, const std::vector<T>& column) {
  std::vector<std::byte> padded(sizeof(T) * kChunkRows);
  std::memcpy(padded.data(), column.data(), column.size() * sizeof(T));
  const auto chunk =
      filter.encode(reinterpret_cast<const std::byte*>(column.data()), column.size(), sizeof(T));
  EXPECT_TRUE(decode(chunk, sizeof(T)) == padded) << column.size() << " rows";
  return chunk.size();
}

// Bytes 0x00 to 0xFF have codes of both lengths, runs of 1 to 258 and more every length code.
TEST(ChunkFilter, RunsOfEveryLengthAndByteComeBack) {
  ChunkFilter filter;
  for (std::size_t length = 1; length <= 800; ++length) {
    for (const std::size_t step : {std::size_t{1}, std::size_t{97}}) {
      std::vector<std::uint8_t> column(kChunkRows, std::uint8_t{0});
      const std::size_t first = length * step % 2'000;
      for (std::size_t i = first; i < first + length; ++i) {
        column[i] = static_cast<std::uint8_t>(length * 41);
      }
      expect_kept(filter, column);
    }
  }
}

// RFC 1951: 4096 equal bytes are a literal (8 bits) and ceil(4095 / 258) = 16 matches (13 bits),
// with head, end, Adler-32 and Fletcher32 less than 48 bytes; an eight-byte constant needs a
// literal only where a plane differs from the one before.
TEST(ChunkFilter, AConstantColumnTakesFewBytes) {
  ChunkFilter filter;
  EXPECT_LT(expect_kept(filter, std::vector<std::uint8_t>(kChunkRows, 7)), 48U);
  EXPECT_LT(expect_kept(filter, std::vector<std::int64_t>(kChunkRows, -1)), 240U);
}

TEST(ChunkFilter, EveryWidthAndFillAndRoughnessComesBack) {
  ChunkFilter filter;
  for (const std::size_t rows : {std::size_t{1}, std::size_t{63}, std::size_t{kChunkRows}}) {
    for (const std::uint64_t changes : {1U, 20U, 60U, 500U, 4'096U}) {  // in a whole chunk
      std::vector<std::uint64_t> wide(rows);
      std::vector<std::uint32_t> middle(rows);
      std::vector<std::uint16_t> narrow(rows);
      for (std::size_t i = 0; i < rows; ++i) {
        wide[i] = (i * changes / kChunkRows + 1) * 0x9E3779B97F4A7C15U;
        middle[i] = static_cast<std::uint32_t>(wide[i] >> 7);
        narrow[i] = static_cast<std::uint16_t>(wide[i] >> 11);
      }
      expect_kept(filter, wide);
      expect_kept(filter, middle);
      expect_kept(filter, narrow);
    }
  }
}

}  // namespace
}  // namespace mezz

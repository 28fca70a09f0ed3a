// One chunk of a column as HDF5's filter pipeline shuffle -> deflate 1 -> Fletcher32 would store
// it, so that H5Dwrite_chunk can write it and any stock reader can read it. Chunks of few long runs
// are packed by an encoder of our own, the others by libdeflate. Done here because libdeflate is
// about twice as fast as zlib and because H5Dwrite compresses inside the library's global lock.
// Fletcher32 as in HDF5's H5checksum.c (16-bit big-endian words), appended little-endian.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

struct libdeflate_compressor;

namespace mezz {

std::uint32_t fletcher32(std::span<const std::byte> bytes);

class ChunkFilter {
 public:
  ChunkFilter();
  ~ChunkFilter();
  ChunkFilter(const ChunkFilter&) = delete;
  ChunkFilter& operator=(const ChunkFilter&) = delete;

  // `rows` values of `width` bytes, padded with zeros to a whole chunk. The result lives until the
  // next call.
  std::span<const std::byte> encode(const std::byte* values, std::size_t rows, std::size_t width);

 private:
  libdeflate_compressor* compressor_;
  std::vector<std::byte> shuffled_;
  std::vector<std::byte> packed_;
};

}  // namespace mezz

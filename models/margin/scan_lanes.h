// The scan in vectors of W doubles. For the kernels' .cpp files only: each is compiled for one
// instruction set, so all of this has internal linkage, and nothing of the standard library is
// instantiated here (see models/pricing/lanes.h).
#pragma once

#include <immintrin.h>

#include <cstddef>
#include <cstring>

#include "models/margin/scan_isas.h"

namespace mezz::margin::detail {
namespace {

template <int W>
struct LaneTypes {
  typedef double Real __attribute__((vector_size(8 * W)));
};
template <int W>
using Lanes = typename LaneTypes<W>::Real;

// Columns whose sums stay in registers while an account's positions are walked.
template <int W>
constexpr std::size_t kChunk = W == 2 ? 16 : 40;

template <int W>
[[gnu::always_inline]] inline Lanes<W> load(const double* from) {
  Lanes<W> value;
  std::memcpy(&value, from, sizeof value);
  return value;
}
// One instruction; g++ 12 makes four of __builtin_convertvector.
#ifdef __AVX512F__
template <int W>
[[gnu::always_inline]] inline Lanes<W> load(const std::int32_t* from) {
  static_assert(W == 8);
  return _mm512_maskz_cvtepi32_pd(0xff, _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from)));
}
#elif defined(__AVX2__)
template <int W>
[[gnu::always_inline]] inline Lanes<W> load(const std::int32_t* from) {
  static_assert(W == 4);
  return _mm256_cvtepi32_pd(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from)));
}
#endif
template <int W>
[[gnu::always_inline]] inline Lanes<W> smaller(Lanes<W> a, Lanes<W> b) {
  return a < b ? a : b;
}

template <int W, int N, class Cell>
[[gnu::always_inline]] inline void add_row(Lanes<W> (&sums)[N], const Cell* row, double lots) {
#pragma GCC unroll 16
  for (int i = 0; i < N; ++i) sums[i] += load<W>(row + i * W) * lots;
}

// The least of zero and the sums of `Columns` columns from `rows` on.
template <int W, std::size_t Columns, class Cell>
[[gnu::always_inline]] inline double least_of(const Cell* rows, std::size_t stride,
                                              const ScanPosition* p, const ScanPosition* end) {
  constexpr int N = static_cast<int>(Columns) / W;
  // Two sets of sums where registers allow it: half as long a chain of dependent additions.
  constexpr int kSets = W == 8 ? 2 : 1;
  Lanes<W> sums[kSets][N] = {};
  for (; end - p >= kSets; p += kSets) {
#pragma GCC unroll 2
    for (int s = 0; s < kSets; ++s) add_row<W>(sums[s], rows + p[s].instrument * stride, p[s].lots);
  }
  if (p != end) add_row<W>(sums[0], rows + p->instrument * stride, p->lots);
  Lanes<W> least = {};
#pragma GCC unroll 16
  for (int i = 0; i < N; ++i) {
    Lanes<W> sum = sums[0][i];
    if constexpr (kSets == 2) sum += sums[1][i];
    least = smaller<W>(least, sum);
  }
  double result = least[0];
  for (int i = 1; i < W; ++i) result = least[i] < result ? least[i] : result;
  return result;
}

// Columns are walked by whole vectors, of eight in AVX-512, else by fours.
template <int W>
constexpr std::size_t kStep = W == 8 ? 8 : 4;

// What is left of a row after its chunks.
template <int W, std::size_t Columns = kChunk<W> - kStep<W>, class Cell>
[[gnu::always_inline]] inline double least_of_rest(std::size_t columns, const Cell* rows,
                                                   std::size_t stride, const ScanPosition* p,
                                                   const ScanPosition* end) {
  if constexpr (Columns > 0) {
    if (columns == Columns) return least_of<W, Columns>(rows, stride, p, end);
    return least_of_rest<W, Columns - kStep<W>>(columns, rows, stride, p, end);
  }
  return 0.0;
}

template <int W, class Cell>
inline void scan_rows(const ScanJob& job, const Cell* rows) {
  const std::size_t columns = (job.scenarios + kStep<W> - 1) / kStep<W> * kStep<W>;
  for (std::size_t a = 0; a < job.accounts; ++a) {
    const ScanPosition* begin = job.positions + job.begins[a];
    const ScanPosition* end = job.positions + job.begins[a + 1];
    std::size_t column = 0;
    double least = 0.0;
    for (; column + kChunk<W> <= columns; column += kChunk<W>) {
      const double of_chunk = least_of<W, kChunk<W>>(rows + column, job.stride, begin, end);
      least = of_chunk < least ? of_chunk : least;
    }
    const double of_rest =
        least_of_rest<W>(columns - column, rows + column, job.stride, begin, end);
    job.least[a] = of_rest < least ? of_rest : least;
  }
}

template <int W>
inline void scan_in_lanes(const ScanJob& job) {
  // Half the bytes for one conversion per load: faster but in SSE2.
  if constexpr (W > 2) {
    if (job.narrow_rows != nullptr) return scan_rows<W>(job, job.narrow_rows);
  }
  scan_rows<W>(job, job.rows);
}

}  // namespace
}  // namespace mezz::margin::detail

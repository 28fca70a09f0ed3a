// One function per instruction set; cmake/layers.cmake gives each file its flags. To be called only
// where the processor has that set (portfolio_scan.cpp asks it).
#pragma once

#include "models/margin/portfolio_scan.h"

namespace mezz::margin::detail {

// Of accounts first, first + 1, ...: the least of zero and their sums, in whole micro-dollars.
struct ScanJob {
  const double* rows;
  const std::int32_t* narrow_rows;  // the same, or null
  std::size_t stride;
  std::size_t scenarios;
  const ScanPosition* positions;
  const std::uint64_t* begins;  // of the first account
  std::size_t accounts;
  double* least;
};
void scan_sse2(const ScanJob& job);
void scan_avx2(const ScanJob& job);
void scan_avx512(const ScanJob& job);

}  // namespace mezz::margin::detail

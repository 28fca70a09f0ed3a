// The peer of scan_bench: the same portfolios as a product of a sparse matrix (accounts x
// instruments) and a dense one (instruments x scenarios). Compiled alone, for this machine's
// instruction set, so that no Eigen code of that kind reaches another file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace mezz {

struct EigenEntry {
  std::uint32_t account;
  std::uint32_t instrument;
  double lots;
};

class EigenScan {
 public:
  // `changes` is row-major, one row per instrument.
  EigenScan(std::size_t accounts, std::size_t instruments, std::size_t scenarios,
            const std::vector<EigenEntry>& entries, const std::vector<double>& changes);
  ~EigenScan();
  // Least of zero and the sums of each account; `block` accounts per product, 0: all in one.
  void run(std::size_t block, double* least);

 private:
  struct Matrices;
  std::unique_ptr<Matrices> matrices_;
};

}  // namespace mezz

#include "tests/performance/eigen_scan.h"

#include <Eigen/Core>
#include <Eigen/SparseCore>
#include <algorithm>

namespace mezz {

using Sparse = Eigen::SparseMatrix<double, Eigen::RowMajor>;
using Dense = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

struct EigenScan::Matrices {
  Sparse held;
  Dense changes;
  Dense sums;
};

EigenScan::EigenScan(std::size_t accounts, std::size_t instruments, std::size_t scenarios,
                     const std::vector<EigenEntry>& entries, const std::vector<double>& changes)
    : matrices_(std::make_unique<Matrices>()) {
  const auto rows = static_cast<Eigen::Index>(accounts);
  const auto columns = static_cast<Eigen::Index>(instruments);
  const auto width = static_cast<Eigen::Index>(scenarios);
  std::vector<Eigen::Triplet<double, std::int32_t>> triplets;
  for (const EigenEntry& e : entries) {
    triplets.emplace_back(static_cast<std::int32_t>(e.account),
                          static_cast<std::int32_t>(e.instrument), e.lots);
  }
  matrices_->held.resize(rows, columns);
  matrices_->held.setFromTriplets(triplets.begin(), triplets.end());
  matrices_->changes = Eigen::Map<const Dense>(changes.data(), columns, width);
  matrices_->sums.resize(rows, width);
}
EigenScan::~EigenScan() = default;

void EigenScan::run(std::size_t block, double* least) {
  Matrices& m = *matrices_;
  const Eigen::Index rows = m.held.rows();
  if (block == 0) {
    m.sums.noalias() = m.held * m.changes;
    Eigen::Map<Eigen::VectorXd>(least, rows) = m.sums.rowwise().minCoeff().cwiseMin(0.0);
    return;
  }
  for (Eigen::Index at = 0; at < rows; at += static_cast<Eigen::Index>(block)) {
    const Eigen::Index n = std::min(static_cast<Eigen::Index>(block), rows - at);
    auto sums = m.sums.topRows(n);
    sums.noalias() = m.held.middleRows(at, n) * m.changes;
    Eigen::Map<Eigen::VectorXd>(least + at, n) = sums.rowwise().minCoeff().cwiseMin(0.0);
  }
}

}  // namespace mezz

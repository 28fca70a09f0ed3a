#include "models/margin/drift.h"

#include <algorithm>

#include "models/margin/common.h"
#include "models/market/quote_price.h"

namespace mezz::margin::drift {

namespace {

constexpr std::int64_t kRatioOne = 10'000;
constexpr std::int64_t kFactorOne = 1'000'000;
constexpr std::int64_t kRootOne = 100'000;
constexpr std::int64_t kBaseOne = 1'000'000'000;

}  // namespace

Int128 size_root(Int128 size) {
  MEZZ_ASSERT(size >= 0);
  const Int128 square = multiply(size, 10) + 1;
  Int128 root = 0;
  for (int bit = 63; bit >= 0; --bit) {
    const Int128 candidate = root + (Int128{1} << bit);
    if (candidate <= square / candidate) root = candidate;
  }
  MEZZ_ASSERT(root == 0 || root <= square / root);
  return root;
}

std::int64_t size_premium(Int128 size, std::int64_t factor, std::int64_t ratio) {
  MEZZ_ASSERT(factor >= 0);
  MEZZ_ASSERT(ratio >= 0);
  if (factor == 0) return ratio;
  const Int128 premium = multiply(size_root(size), factor) / (kRootOne * (kFactorOne / kRatioOne));
  return std::max(ratio, narrow(premium + ratio - ratio / 5));
}

std::int64_t size_discount(Int128 size, std::int64_t factor, std::int64_t weight) {
  MEZZ_ASSERT(factor >= 0);
  MEZZ_ASSERT(weight >= 0);
  if (factor == 0) return weight;
  const Int128 growth = multiply(size_root(size), factor) / kRootOne;
  const Int128 numerator = Int128{kFactorOne + kFactorOne / 10} * kRatioOne;
  return std::min(weight, narrow(numerator / (kFactorOne + growth)));
}

std::int64_t margin_ratio(const Market& m, std::int64_t base, Requirement requirement) {
  std::int64_t ratio = m.ratio_initial;
  if (requirement == Requirement::Fill) ratio = (m.ratio_initial + m.ratio_maintenance) / 2;
  if (requirement == Requirement::Maintenance) ratio = m.ratio_maintenance;
  const Int128 size = base < 0 ? -Int128{base} : Int128{base};
  return size_premium(size, m.size_factor, ratio);
}

std::int64_t profit_weight(const Market& m, std::int64_t profit, Requirement requirement) {
  if (profit <= 0) return kRatioOne;
  if (requirement == Requirement::Maintenance) return m.profit_weight_maintenance;
  if (m.profit_weight_initial == 0) return 0;
  return size_discount(Int128{profit} * 1'000, m.profit_size_factor, m.profit_weight_initial);
}

PositionMargin position_margin(const Market& m, const Position& p, Requirement requirement) {
  MEZZ_ASSERT(p.price >= 0);
  MEZZ_ASSERT(p.ratio_custom >= 0);
  const Int128 value = Int128{p.base} * p.price / kBaseOne;
  const std::int64_t profit = narrow(value + p.quote);
  std::int64_t ratio = margin_ratio(m, p.base, requirement);
  if (requirement == Requirement::Initial) ratio = std::max(ratio, p.ratio_custom);
  const Int128 notional = value < 0 ? -value : value;
  return {.requirement = multiply(notional, ratio) / kRatioOne,
          .counted_profit = multiply(profit, profit_weight(m, profit, requirement)) / kRatioOne};
}

void Market::check(const char* path) const {
  const auto is_weight = [](std::int64_t w) { return w >= 0 && w <= kRatioOne; };
  require(ratio_maintenance > 0, path, "ratio_maintenance", "must be above 0");
  require(ratio_initial >= ratio_maintenance, path, "ratio_initial",
          "must not be below ratio_maintenance");
  require(ratio_initial <= kRatioOne, path, "ratio_initial", "must be at most 10000");
  require(size_factor >= 0, path, "size_factor", "must not be negative");
  require(is_weight(profit_weight_maintenance), path, "profit_weight_maintenance",
          "must be between 0 and 10000");
  require(is_weight(profit_weight_initial) && profit_weight_initial <= profit_weight_maintenance,
          path, "profit_weight_initial",
          "must be at least 0 and not above profit_weight_maintenance");
  require(profit_size_factor >= 0, path, "profit_size_factor", "must not be negative");
}

}  // namespace mezz::margin::drift

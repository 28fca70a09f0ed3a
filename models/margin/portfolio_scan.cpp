#include "models/margin/portfolio_scan.h"

#include <algorithm>

#include "models/margin/scan_isas.h"
#include "sim/check/assert.h"
#include "sim/types/rounding.h"

namespace mezz::margin {
namespace {

constexpr std::int64_t kExactBelow = std::int64_t{1} << 53;
constexpr std::size_t kBlock = 512;  // accounts

std::int64_t magnitude(std::int64_t value) { return value < 0 ? -value : value; }

bool is_exact(const ScanTable& table, std::span<const ScanPosition> positions) {
  Int128 bound = 0;
  for (const ScanPosition& p : positions) {
    bound += Int128{magnitude(p.lots)} * table.greatest(p.instrument);
  }
  return bound < kExactBelow;
}

void run(const detail::ScanJob& job, Isa isa) {
  switch (isa) {
    case Isa::Sse2:
      return detail::scan_sse2(job);
    case Isa::Avx2:
      return detail::scan_avx2(job);
    case Isa::Avx512:
      return detail::scan_avx512(job);
  }
}

}  // namespace

ScanTable::ScanTable(std::uint32_t instruments, std::uint32_t scenarios)
    : instruments_(instruments), scenarios_(scenarios), stride_((scenarios + 7) / 8 * 8) {
  MEZZ_ASSERT(instruments > 0);
  MEZZ_ASSERT(scenarios > 0);
  lines_.resize(std::size_t{instruments} * stride_ / 8);
  narrow_lines_.resize(lines_.size());
  greatest_.resize(instruments);
}

void ScanTable::set(std::uint32_t instrument, std::span<const Money> changes) {
  MEZZ_ASSERT(instrument < instruments_);
  MEZZ_ASSERT(changes.size() == scenarios_);
  const std::size_t first = std::size_t{instrument} * stride_ / 8;
  std::int64_t greatest = 0;
  for (std::size_t s = 0; s < changes.size(); ++s) {
    const std::int64_t micros = changes[s].micros;
    MEZZ_ASSERT(micros > -kExactBelow);
    MEZZ_ASSERT(micros < kExactBelow);
    lines_[first + s / 8].values[s % 8] = static_cast<double>(micros);
    narrow_lines_[first + s / 8].values[s % 8] = static_cast<std::int32_t>(micros);
    greatest = std::max(greatest, magnitude(micros));
  }
  const auto is_wide = [](std::int64_t micros) { return micros > INT32_MAX ? 1u : 0u; };
  wide_ = wide_ - is_wide(greatest_[instrument]) + is_wide(greatest);
  greatest_[instrument] = greatest;
}

Money ScanTable::change(std::uint32_t instrument, std::uint32_t scenario) const {
  MEZZ_ASSERT(instrument < instruments_);
  MEZZ_ASSERT(scenario < scenarios_);
  const std::size_t at = std::size_t{instrument} * stride_ + scenario;
  return {static_cast<std::int64_t>(lines_[at / 8].values[at % 8])};
}

std::int64_t ScanTable::greatest() const {
  return *std::max_element(greatest_.begin(), greatest_.end());
}

void ScanBook::add(std::span<const ScanPosition> positions) {
  std::int64_t lots = 0;
  for (const ScanPosition& p : positions) {
    lots += magnitude(p.lots);
    instruments_ = std::max(instruments_, p.instrument + 1);
  }
  positions_.insert(positions_.end(), positions.begin(), positions.end());
  begin_.push_back(positions_.size());
  lots_.push_back(lots);
}

Money worst_loss(const ScanTable& table, std::span<const ScanPosition> positions) {
  Int128 least = 0;
  for (std::uint32_t s = 0; s < table.scenarios(); ++s) {
    Int128 sum = 0;
    for (const ScanPosition& p : positions) {
      sum += Int128{p.lots} * table.change(p.instrument, s).micros;
    }
    least = std::min(least, sum);
  }
  return {narrow(-least)};
}

void scan(const ScanTable& table, const ScanBook& book, std::span<Money> losses, Isa isa) {
  MEZZ_ASSERT(isa <= widest_isa());
  MEZZ_ASSERT(losses.size() == book.size());
  MEZZ_ASSERT(book.instruments() <= table.instruments());
  const Int128 greatest = table.greatest();
  double least[kBlock];
  for (std::size_t first = 0; first < book.size(); first += kBlock) {
    const std::size_t accounts = std::min(kBlock, book.size() - first);
    run({.rows = table.rows(),
         .narrow_rows = table.narrow_rows(),
         .stride = table.stride(),
         .scenarios = table.scenarios(),
         .positions = book.all(),
         .begins = book.begins() + first,
         .accounts = accounts,
         .least = least},
        isa);
    for (std::size_t i = 0; i < accounts; ++i) {
      const std::size_t account = first + i;
      const bool exact =
          greatest * book.lots(account) < kExactBelow || is_exact(table, book.positions(account));
      losses[account] = exact ? Money{static_cast<std::int64_t>(-least[i])}
                              : worst_loss(table, book.positions(account));
    }
  }
}

}  // namespace mezz::margin

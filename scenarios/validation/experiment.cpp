#include "scenarios/validation/experiment.h"

#include <algorithm>
#include <cmath>

#include "sim/check/assert.h"

namespace mezz::validation {

namespace {

constexpr int kRoundsMax = 4;
constexpr double kConfirmation = 4.0;  // how much longer a deciding round is
constexpr double kReserve = 1.3;       // on the length computed from the first interval
// A distance of so small a share of the tolerance is none, even if no replication differed from
// another (an interval of no width).
constexpr double kNothing = 1e-3;

using Values = std::vector<std::vector<double>>;  // by quantity, then by replication

bool is_sampled(Comparison c) {
  return c == Comparison::Mean || c == Comparison::Rare || c == Comparison::Asymptote;
}

Values simulate(const ValidationCase& validation, const Round& round, std::size_t quantities) {
  Values values(quantities);
  const auto seed = static_cast<std::uint64_t>(validation.effort().seed);
  for (std::int64_t r = 0; r < round.replications; ++r) {
    // Rounds are blocks of replication numbers, far apart.
    const std::uint64_t number = round.number * 1'000'000 + static_cast<std::uint64_t>(r);
    const std::vector<double> one = validation.replicate({seed, number, round.size});
    MEZZ_ASSERT(one.size() == quantities);
    for (std::size_t i = 0; i < quantities; ++i) values[i].push_back(one[i]);
  }
  return values;
}

// The factor on the work after which the row could pass: 1 when it passes now.
double work_wanted(const Row& row, const Round& round) {
  if (row.pass || row.quantity.comparison == Comparison::Exact) return 1.0;
  const double reach = row.quantity.reach();
  const bool too_wide = is_sampled(row.quantity.comparison) && row.ci99.half_width() > reach;
  // A miss that was asked again and missed again is believed.
  if (!too_wide) return round.number == 0 ? kConfirmation : 1.0;
  if (reach <= 0) return 1.0;
  const double ratio = row.ci99.half_width() / reach;
  return std::max(1.5, kReserve * ratio * ratio);
}

void judge_all(const std::vector<LawRow>& quantities, const Values& values, const Round& round,
               std::vector<Row>& rows) {
  const auto trials = static_cast<double>(round.replications) * static_cast<double>(round.size);
  for (std::size_t i = 0; i < quantities.size(); ++i) {
    const bool decided = round.number > 0 && rows[i].pass;
    if (decided) continue;  // a passed row is not asked again
    const Row row = judge(quantities[i], values[i], trials);
    if (round.number == 0) {
      rows.push_back(row);
    } else {
      rows[i] = row;
    }
  }
}

}  // namespace

Row judge(const LawRow& quantity, const std::vector<double>& values, double trials) {
  MEZZ_ASSERT(!values.empty() && trials > 0);
  Row row{.quantity = quantity};
  const double reach = quantity.reach();
  if (!is_sampled(quantity.comparison)) {
    row.simulated = values.front();
    row.ci95 = row.ci99 = {row.simulated, row.simulated};
    row.pass = quantity.comparison == Comparison::AtLeast
                   ? row.simulated >= quantity.law
                   : std::fabs(row.simulated - quantity.law) <= reach;
    if (!row.pass) row.why = "differs by more than the tolerance";
    return row;
  }
  row.simulated = mean(values);
  if (quantity.comparison == Comparison::Rare) {
    const double count = row.simulated * trials;
    const Interval wide = poisson_interval(count, 0.99);
    const Interval narrow = poisson_interval(count, 0.95);
    row.ci99 = {wide.low / trials, wide.high / trials};
    row.ci95 = {narrow.low / trials, narrow.high / trials};
  } else {
    row.ci99 = t_interval(values, 0.99).interval;
    row.ci95 = t_interval(values, 0.95).interval;
  }
  const double distance = std::fabs(row.simulated - quantity.law);
  const bool narrow_enough = row.ci99.half_width() <= reach;
  const bool agrees = quantity.comparison == Comparison::Asymptote
                          ? distance <= reach
                          : row.ci99.contains(quantity.law) || distance <= kNothing * reach;
  row.pass = narrow_enough && agrees;
  if (!agrees) {
    row.why = "the law is not where the simulation is";
  } else if (!narrow_enough) {
    row.why = "the interval is wider than the tolerance";
  }
  return row;
}

Outcome run_case(const ValidationCase& validation) {
  const std::vector<LawRow> quantities = validation.law();
  MEZZ_ASSERT(!quantities.empty());
  const Effort effort = validation.effort();
  bool sampled = false;
  for (const LawRow& q : quantities) sampled = sampled || is_sampled(q.comparison);
  Outcome outcome;
  Round round{0, sampled ? effort.replications : 1, effort.size};
  while (true) {
    const Values values = simulate(validation, round, quantities.size());
    judge_all(quantities, values, round, outcome.rows);
    outcome.rounds.push_back(round);
    double factor = 1.0;
    for (const Row& row : outcome.rows) factor = std::max(factor, work_wanted(row, round));
    if (factor <= 1.0 || static_cast<int>(outcome.rounds.size()) >= kRoundsMax) break;
    const double size = std::ceil(static_cast<double>(round.size) * factor);
    const auto largest = static_cast<double>(std::max(effort.size, effort.size_max));
    if (static_cast<double>(round.size) >= largest && round.number > 0) break;
    round = {round.number + 1, effort.replications,
             static_cast<std::int64_t>(std::min(size, largest))};
  }
  return outcome;
}

}  // namespace mezz::validation

// A log-linear crash: ln S falls from 0 to ln(1 - fall) within `duration` and stays. Liquidatable
// at t = duration ln H / ln(1 - fall), bankrupt at the same with B, so the grace between them is
// duration ln(1 - m) / ln(1 - fall) whatever the leverage. A position closed at time c leaves a bad
// debt of max(0, B - S(c)) per unit of entry notional.
#include <algorithm>
#include <cmath>
#include <string>

#include "models/market/price/price_process.h"
#include "scenarios/validation/barrier_laws.h"
#include "scenarios/validation/cases.h"
#include "scenarios/validation/crash_venue.h"
#include "sim/check/error.h"
#include "sim/world/world.h"

namespace mezz::validation {

namespace {

struct CrashParams {
  CrashVenueParams venue = {};
  Ratio fall = 40_percent;
  Duration duration = 1_h;
  Duration step = 100_ms;

  void visit(auto& v) {
    venue.visit(v);
    v("fall", fall, {.doc = "Of the price, in all", .min = 1_percent, .max = 99_percent});
    v("duration", duration, {.doc = "Of the fall", .min = 1_s, .max = 30 * 1_d});
    v("step", step, {.doc = "Between two blocks", .min = 1_ms, .max = 1_min});
  }
};

class Crash final : public CaseOf<CrashParams> {
 public:
  [[nodiscard]] std::vector<LawRow> law() const override {
    const double m = params().venue.maintenance.value();
    const double step = params().step.seconds();
    std::vector<LawRow> rows;
    for (const std::int64_t leverage : params().venue.leverages) {
      const std::string name = std::to_string(leverage) + "x: ";
      const double bankrupt = 1 - 1 / static_cast<double>(leverage);
      const double hit = when(liquidation_price(static_cast<double>(leverage), m));
      rows.push_back({name + "liquidatable, s", hit, Comparison::Exact, step + 0.01});
      if (watched_to_the_end()) {
        rows.push_back({name + "bankrupt, s", when(bankrupt), Comparison::Exact, step + 0.01});
        rows.push_back({name + "grace, s", when(1 - m), Comparison::Exact, step + 0.01});
      }
      const double close = close_time(hit);
      const bool at_the_end = close >= params().duration.seconds();
      // Up to two steps late, the price falls by this much.
      const double slope = -std::log(1 - params().fall.value()) / params().duration.seconds();
      const double tolerance = at_the_end ? 1e-9 : 2 * step * slope + 1e-6;
      rows.push_back({name + "bad debt / entry notional", std::max(0.0, bankrupt - price_at(close)),
                      Comparison::Exact, tolerance});
    }
    return rows;
  }

  [[nodiscard]] std::vector<double> replicate(const Replication&) const override {
    World world({.seed = 1});
    PriceProcessParams p;
    p.kind = PricePathKind::Scripted;
    p.step = params().step;
    p.segments = {{.duration = params().duration, .change = -params().fall}};
    const ExchangeParams exchange = crash_exchange(params().venue.maintenance);
    p.initial_price = exchange.initial_price;
    const Ref<PriceProcess> price = world.add<PriceProcess>("price", p, exchange.contract);
    const Ref<CrashVenue> venue = world.add<CrashVenue>("venue", params().venue);
    world.get(price).subscribe(venue);
    world.start();
    const Time up_again = params().venue.down_at + params().venue.down_for;
    const Time over = std::max(Time::zero() + params().duration, up_again);
    world.run(over + params().venue.delay + 10 * params().step);
    std::vector<double> values;
    const CrashVenue& crashed = world.get(venue);
    crashed.exchange().full_check();
    for (std::size_t i = 0; i < crashed.positions().size(); ++i) {
      const CrashVenue::Position& position = crashed.positions()[i];
      values.push_back(position.liquidatable.seconds());
      if (watched_to_the_end()) {
        values.push_back(position.bankrupt.seconds());
        values.push_back((position.bankrupt - position.liquidatable).seconds());
      }
      const Money debt = position.bad_debt + crashed.unrealised(i);
      values.push_back(debt.usd() / position.entry.usd());
    }
    return values;
  }

 private:
  // ln S(t) = t / duration * ln(1 - fall)
  [[nodiscard]] double when(double price) const {
    return params().duration.seconds() * std::log(price) / std::log(1 - params().fall.value());
  }
  [[nodiscard]] double price_at(double t) const {
    const double share = std::min(1.0, t / params().duration.seconds());
    return std::pow(1 - params().fall.value(), share);
  }
  [[nodiscard]] double close_time(double hit) const {
    const double sent = hit + params().venue.delay.seconds();
    const double down = params().venue.down_at.seconds();
    const double up = down + params().venue.down_for.seconds();
    return sent >= down && sent < up ? up : sent;
  }
  // Positions that are never closed before the end are also seen to go bankrupt.
  [[nodiscard]] bool watched_to_the_end() const {
    return std::all_of(
        params().venue.leverages.begin(), params().venue.leverages.end(),
        [this](std::int64_t leverage) {
          const double m = params().venue.maintenance.value();
          const double hit = when(liquidation_price(static_cast<double>(leverage), m));
          const double bankrupt = 1 - 1 / static_cast<double>(leverage);
          return close_time(hit) > when(bankrupt) && bankrupt > 1 - params().fall.value();
        });
  }
  void check() const override {
    const double m = params().venue.maintenance.value();
    if (params().venue.maintenance.ppb % 1'000 != 0 || m < 0.001 || m > 0.5) {
      throw ScenarioError("maintenance", "must be 0.1 % to 50 %, in whole millionths");
    }
    if (params().venue.leverages.empty()) throw ScenarioError("leverages", "must not be empty");
    for (const std::int64_t leverage : params().venue.leverages) {
      const double barrier = liquidation_price(static_cast<double>(leverage), m);
      if (barrier >= 1) throw ScenarioError("leverages", "too high: liquidatable from the start");
      if (barrier <= 1 - params().fall.value()) {
        throw ScenarioError("leverages", "too low: this fall does not reach its liquidation price");
      }
    }
    if (params().duration % params().step != Duration::zero()) {
      throw ScenarioError("step", "must divide the duration");
    }
  }
};

}  // namespace

std::unique_ptr<ValidationCase> crash() { return make_case<Crash>(); }

}  // namespace mezz::validation

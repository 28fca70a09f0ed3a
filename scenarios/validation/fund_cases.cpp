// Ruin of an insurance fund.
//   coin flips  the gambler's ruin: with r = lose / win, (r^i - r^n) / (1 - r^n) from i to n
//   stakes,
//               1 - i / n at even odds, r^i without a target (Feller, volume 1, chapter 14)
//   claims      Cramer-Lundberg with exponential claims of mean 1 and loading theta:
//               e^(-theta u / (1 + theta)) / (1 + theta); the deficit at ruin is exponential again
//   diffusion   e^(-2 drift u / deviation^2)
// Where a fund has no target it is followed until its ruin is less likely than one in a million.
#include <algorithm>
#include <cmath>
#include <string>

#include "scenarios/validation/cases.h"
#include "scenarios/validation/fund_crowd.h"
#include "sim/check/error.h"
#include "sim/world/world.h"

namespace mezz::validation {

namespace {

constexpr double kLogSafe = 13.8155;  // -ln 10^-6
constexpr double kUsdMax = 1e4;       // half a million funds must fit the ledger

Money to_money(double usd) { return {static_cast<std::int64_t>(std::llround(usd * 1e6))}; }

struct Ruin {
  double share = 0;
  double deficit = 0;  // mean at ruin, USD
};

Ruin run_funds(const Replication& r, FundCrowdParams params) {
  params.funds = r.size;
  World world({.seed = r.seed, .replication = r.number});
  const Ref<FundCrowd> ref = world.add<FundCrowd>("funds", params);
  world.start();
  world.run(Time::max());
  const FundCrowd& crowd = world.get(ref);
  crowd.full_check();
  const auto ruined = static_cast<double>(crowd.ruined());
  return {ruined / static_cast<double>(r.size), crowd.bad_debt().usd() / std::max(1.0, ruined)};
}

LawRow ruin_row(double probability, double tolerance, bool relative) {
  const Comparison comparison = probability < 0.02 ? Comparison::Rare : Comparison::Mean;
  return {"P(ruin)", probability, comparison, tolerance, relative};
}

// ---- coin flips -----------------------------------------------------------------------------

struct GamblerParams {
  Ratio win = 52_percent;
  std::int64_t start = 10;
  std::int64_t target = 0;
  double tolerance = 0.01;
  Effort effort{.size = 1'000, .size_max = 100'000};

  void visit(auto& v) {
    v("win", win, {.doc = "Probability", .min = 1_percent, .max = 99_percent});
    v("start", start, {.doc = "Stakes at the start", .min = 1, .max = 500});
    v("target", target, {.doc = "Stakes at which to stop; 0: never", .min = 0, .max = 500});
    v("tolerance", tolerance, {.doc = "Absolute", .min = 1e-5, .max = 0.5});
    v("effort", effort, {.doc = "size: funds of one replication"});
  }
};

class GamblersRuin final : public CaseOf<GamblerParams> {
 public:
  [[nodiscard]] std::vector<LawRow> law() const override {
    const GamblerParams& p = params();
    const auto start = static_cast<double>(p.start);
    const auto target = static_cast<double>(p.target);
    double ruin = 1 - start / target;
    if (p.target == 0) {
      ruin = std::pow(odds(), start);
    } else if (p.win != 50_percent) {
      const double end = std::pow(odds(), target);
      ruin = (std::pow(odds(), start) - end) / (1 - end);
    }
    return {ruin_row(ruin, p.tolerance, false)};
  }
  [[nodiscard]] std::vector<double> replicate(const Replication& r) const override {
    const GamblerParams& p = params();
    std::int64_t end = p.target;
    if (end == 0) {  // far enough above the start that ruin is as good as excluded
      const auto safe = static_cast<std::int64_t>(std::ceil(-kLogSafe / std::log(odds())));
      end = p.start + std::max<std::int64_t>(1, safe);
    }
    return {run_funds(r, {.risk = FundRisk::CoinFlips,
                          .balance = 1_usd * p.start,
                          .success = 1_usd * end,
                          .win = p.win})
                .share};
  }

 private:
  [[nodiscard]] double odds() const { return (1 - params().win.value()) / params().win.value(); }
  void check() const override {
    const GamblerParams& p = params();
    if (p.target != 0 && p.target <= p.start) throw ScenarioError("target", "must be above start");
    if (p.target == 0 && p.win < 51_percent) {
      throw ScenarioError("win",
                          "must be at least 51 % without a target: else ruin is certain, or "
                          "takes too long to exclude");
    }
  }
};

// ---- claims ---------------------------------------------------------------------------------

struct ClaimsParams {
  double loading = 0.2;
  double fund = 5;
  double claim = 1;
  double tolerance = 0.03;
  Effort effort{.size = 1'000, .size_max = 500'000};

  void visit(auto& v) {
    v("loading", loading, {.doc = "Income over mean claims, less one", .min = 0.02, .max = 10.0});
    v("fund", fund, {.doc = "At the start, USD", .min = 0.001, .max = kUsdMax});
    v("claim", claim, {.doc = "Mean, USD", .min = 0.01, .max = kUsdMax});
    v("tolerance", tolerance, {.doc = "Relative", .min = 1e-3, .max = 0.9});
    v("effort", effort, {.doc = "size: funds of one replication"});
  }
};

class ClaimsRuin final : public CaseOf<ClaimsParams> {
 public:
  [[nodiscard]] std::vector<LawRow> law() const override {
    std::vector<LawRow> rows{ruin_row(ruin(), params().tolerance, true)};
    if (counts_deficits()) {
      rows.push_back({"mean deficit at ruin, USD", params().claim, Comparison::Mean,
                      2 * params().tolerance, true});
    }
    return rows;
  }
  [[nodiscard]] std::vector<double> replicate(const Replication& r) const override {
    const ClaimsParams& p = params();
    const double safe = p.claim * kLogSafe * (1 + p.loading) / p.loading;
    const Ruin ruin = run_funds(r, {.risk = FundRisk::Claims,
                                    .balance = to_money(p.fund),
                                    .success = to_money(p.fund + safe),
                                    .claim = to_money(p.claim),
                                    .premium = 1 + p.loading});
    if (!counts_deficits()) return {ruin.share};
    return {ruin.share, ruin.deficit};
  }

 private:
  [[nodiscard]] double ruin() const {
    const double loading = params().loading;
    const double claims = params().fund / params().claim;
    return std::exp(-loading * claims / (1 + loading)) / (1 + loading);
  }
  // A replication without a ruin has no mean deficit.
  [[nodiscard]] bool counts_deficits() const {
    return ruin() * static_cast<double>(params().effort.size) >= 25;
  }
  void check() const override {
    if (ruin() < 1e-4) {
      throw ScenarioError("fund", "must be smaller: ruin would be rarer than one in 10 000");
    }
  }
};

// ---- diffusion ------------------------------------------------------------------------------

struct DiffusionParams {
  double drift = 1;
  double deviation = 5;
  double fund = 20;
  double step = 5;
  double tolerance = 0.03;
  Effort effort{.size = 1'000, .size_max = 500'000};

  void visit(auto& v) {
    v("drift", drift, {.doc = "USD in a unit of time", .min = 1e-3, .max = kUsdMax});
    v("deviation", deviation,
      {.doc = "USD per square root of a unit of time", .min = 1e-3, .max = kUsdMax});
    v("fund", fund, {.doc = "At the start, USD", .min = 0.001, .max = kUsdMax});
    v("step", step, {.doc = "Units of time between two looks", .min = 1e-6, .max = 1e6});
    v("tolerance", tolerance, {.doc = "Relative", .min = 1e-3, .max = 0.9});
    v("effort", effort, {.doc = "size: funds of one replication"});
  }
};

class DiffusionRuin final : public CaseOf<DiffusionParams> {
 public:
  [[nodiscard]] std::vector<LawRow> law() const override {
    return {ruin_row(ruin(), params().tolerance, true)};
  }
  [[nodiscard]] std::vector<double> replicate(const Replication& r) const override {
    const DiffusionParams& p = params();
    return {run_funds(r, {.risk = FundRisk::Diffusion,
                          .balance = to_money(p.fund),
                          .success = to_money(p.fund + safe()),
                          .drift = p.drift,
                          .deviation = p.deviation,
                          .step = p.step})
                .share};
  }

 private:
  [[nodiscard]] double ruin() const {
    const DiffusionParams& p = params();
    return std::exp(-2 * p.drift * p.fund / (p.deviation * p.deviation));
  }
  [[nodiscard]] double safe() const {
    return kLogSafe * params().deviation * params().deviation / (2 * params().drift);
  }
  void check() const override {
    const DiffusionParams& p = params();
    if (ruin() < 1e-4) {
      throw ScenarioError("fund", "must be smaller: ruin would be rarer than one in 10 000");
    }
    if (safe() > 1e6) throw ScenarioError("drift", "must be larger: funds would run for too long");
    if (safe() / (p.drift * p.step) > 5'000) {
      throw ScenarioError("step", "must be longer: funds would take too many steps");
    }
  }
};

}  // namespace

std::unique_ptr<ValidationCase> gamblers_ruin() { return make_case<GamblersRuin>(); }
std::unique_ptr<ValidationCase> claims_ruin() { return make_case<ClaimsRuin>(); }
std::unique_ptr<ValidationCase> diffusion_ruin() { return make_case<DiffusionRuin>(); }

}  // namespace mezz::validation

// Leveraged long positions, one per independent price path, under the venue's own rules
// (models/margin, models/liquidation): entry at 1, leverage L, maintenance m of current notional.
// A position is hit when the margin rule says so; it is closed at the outside price after a delay,
// and a negative equity then is bad debt. All paths of a crowd are rows of one entity.
//   continuous  the price is watched all the time: between two steps the path is a Brownian bridge,
//               which crosses the barrier with probability e^(-2 (x0-b)(x1-b) / (sigma^2 dt)). A
//               hit is at the liquidation price exactly
//   polled      the price is seen at the steps only (an oracle)
// When within a step a bridge hits does not matter: what comes after is independent of it. So the
// delay runs from the end of that step. Left out: fees, depth, partial closes.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "models/margin/dydx_v4.h"
#include "models/market/price/price_path.h"
#include "sim/config/visit.h"
#include "sim/engine/entity.h"
#include "sim/random/distribution_params.h"
#include "sim/types/enum_names.h"

namespace mezz::validation {

enum class Watching : std::uint8_t { Continuous, Polled };
enum class Begin : std::uint8_t { AtEntry, AtLiquidationPrice };

}  // namespace mezz::validation

namespace mezz {
template <>
struct EnumNames<validation::Begin> {
  static constexpr std::string_view names[] = {"at_entry", "at_liquidation_price"};
};
}  // namespace mezz

namespace mezz::validation {

// Where the margin rules put a long position: quote balance, size and liquidation price.
inline constexpr Price kEntry{10'000'000};
inline constexpr Quantity kSize{100'000};  // notional 1 million USD at a micro-dollar per lot tick
struct LeveragedLong {
  margin::LiquidityTier tier;
  Money quote;
  Price liquidation;

  // Equity at a price.
  [[nodiscard]] Money equity(Price price) const;
  [[nodiscard]] bool is_liquidatable(Price price) const;
};
LeveragedLong leveraged_long(double leverage, Ratio maintenance);

struct CrowdParams {
  std::int64_t paths = 10'000;
  double leverage = 10;
  Ratio maintenance = 5_percent;
  MertonLaw price = {};  // jumps only after the hit
  Begin begin = Begin::AtEntry;
  Watching watching = Watching::Continuous;
  Duration horizon = 1_d;
  Duration step = 1_d;
  bool close = true;  // else hits are only counted
  DelayDistribution delay = {};

  void visit(auto& v) {
    v("paths", paths, {.doc = "Positions, each with a price path of its own", .min = 1});
    v("leverage", leverage, {.doc = "Notional / collateral at entry", .min = 1.0, .max = 1000.0});
    v("maintenance", maintenance, {.doc = "Of current notional"});
    v("horizon", horizon, {.doc = "Positions not hit by then are forgotten", .min = 1_ms});
    v("step", step, {.doc = "Between two looks at the price", .min = 1_ms});
    v("close", close, {.doc = "Close after the delay"});
    v("delay", delay, {.doc = "From hit to close"});
  }
};

class LiquidationCrowd final : public EntityOf<LiquidationCrowd, CrowdParams> {
 public:
  struct Look {};
  struct Close {
    std::uint64_t row;
  };

  LiquidationCrowd(const Site& site, const CrowdParams& params);
  void on(Context& ctx, const Start&);
  void on(Context& ctx, const Look&);
  void on(Context& ctx, const Close& close);

  [[nodiscard]] const LeveragedLong& position() const { return position_; }
  [[nodiscard]] std::int64_t hits() const { return hits_; }
  [[nodiscard]] std::int64_t insolvent() const { return insolvent_; }
  [[nodiscard]] Money bad_debt() const { return bad_debt_; }

  void visit_state(auto& v) {
    v("log_returns", log_returns_);
    v("live", live_);
    v("now", elapsed_);
    v("hits", hits_);
    v("closed", closed_);
    v("insolvent", insolvent_);
    v("bad_debt", bad_debt_);
  }

 private:
  void hit(Context& ctx, std::uint64_t row);
  [[nodiscard]] bool crosses(double before, double after);
  [[nodiscard]] double move_over(Duration time);

  LeveragedLong position_;
  double log_barrier_;
  Stream delay_stream_;
  std::vector<double> log_returns_;  // per row
  std::vector<std::uint64_t> live_;  // rows not hit yet, ascending
  Duration elapsed_;
  std::int64_t hits_ = 0;
  std::int64_t closed_ = 0;
  std::int64_t insolvent_ = 0;
  Money bad_debt_;
};

}  // namespace mezz::validation

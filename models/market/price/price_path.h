// Price paths as values, without entity or clock: each says by which log return the price has moved
// since time 0. All are exact in law or to the rounding of a double; a year has 365 days.
//   GbmPath      exact Gaussian transition over any step: E[S_t] = S_0 e^(drift t); a factor on the
//                volatility makes it the diffusion of a stochastic one (volatility_factors.h)
//   MertonPath   GBM and compensated lognormal jumps at exact Poisson times (Merton 1976); `drift`
//                stays the growth rate of the mean
//   ScriptedPath log-linear segments: within one, ln S moves by ln(1 + change) * t / duration
//   ReplayPath   a recorded series (replay_csv.h), stepwise or linear between its points
// Elementary functions from sim/numeric. Left out: GARCH, rough volatility.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/market/instrument.h"
#include "models/market/price/replay_csv.h"
#include "sim/config/visit.h"
#include "sim/random/stream.h"
#include "sim/types/enum_names.h"
#include "sim/types/price.h"
#include "sim/types/ratio.h"
#include "sim/types/time.h"

namespace mezz {

inline constexpr double kSecondsPerYear = 365.0 * 86'400.0;
inline double years(Duration d) { return d.seconds() / kSecondsPerYear; }

// To the nearest tick, half to even; never below one tick nor above 10^15.
Price price_from_money(const ContractSpec& contract, double micros);

struct GbmLaw {
  double drift = 0.0;       // per year, of the mean
  double volatility = 0.8;  // per square root of a year
};

class GbmPath {
 public:
  explicit GbmPath(const GbmLaw& law = {}) : law_(law) {}
  // One normal draw, also at zero volatility: runs that differ in volatility stay in step.
  void advance(Duration step, Stream& stream, double volatility_factor = 1.0);
  [[nodiscard]] double log_return() const { return log_return_; }
  void visit_state(auto& v) { v("log_return", log_return_); }

 private:
  GbmLaw law_;
  double log_return_ = 0.0;
};

struct MertonLaw {
  GbmLaw diffusion;
  double jumps_per_year = 0.0;
  double jump_mean = 0.0;       // of the log of the jump factor
  double jump_deviation = 0.0;  // of the same
};

class MertonPath {
 public:
  explicit MertonPath(const MertonLaw& law = {});
  void advance(Duration step, Stream& stream, double volatility_factor = 1.0) {
    diffusion_.advance(step, stream, volatility_factor);
  }
  void jump(Stream& stream);
  // Time to the next jump; empty when the intensity is zero.
  [[nodiscard]] std::optional<Duration> draw_waiting_time(Stream& stream) const;
  [[nodiscard]] double log_return() const { return diffusion_.log_return() + jumped_; }
  void visit_state(auto& v) {
    v("diffusion", diffusion_);
    v("jumped", jumped_);
  }

 private:
  MertonLaw law_;
  GbmPath diffusion_;
  double jumped_ = 0.0;
};

struct PriceSegment {
  Duration duration = 1_h;
  Ratio change = Ratio::zero();
  void visit(auto& v) {
    v("duration", duration, {.doc = "Length of the segment", .min = Duration{1}});
    v("change", change,
      {.doc = "Relative move from its begin to its end, log-linear: -40 % in 1 h",
       .min = Ratio{-Ratio::kScale + 1},
       .max = Ratio{1'000'000 * Ratio::kScale}});
  }
};

class ScriptedPath {
 public:
  ScriptedPath() = default;
  explicit ScriptedPath(const std::vector<PriceSegment>& segments);
  // After the last segment the price stays.
  [[nodiscard]] double log_return(Duration since_start) const;

 private:
  struct Piece {
    Duration begin;
    Duration duration;
    double before = 0.0;  // log return at its begin
    double change = 0.0;
  };
  std::vector<Piece> pieces_;
};

enum class BarUse : std::uint8_t {
  Close,  // the first open, then each close at the end of its bar
  Ohlc,   // open, first extreme, second extreme, close, a quarter of a bar apart; a bar that rises
          // visits its low first, a bar that falls its high
};
template <>
struct EnumNames<BarUse> {
  static constexpr std::string_view names[] = {"close", "ohlc"};
};

enum class Interpolation : std::uint8_t {
  Previous,  // the last point holds until the next one, also through a gap
  Linear,
};
template <>
struct EnumNames<Interpolation> {
  static constexpr std::string_view names[] = {"previous", "linear"};
};

class ReplayPath {
 public:
  ReplayPath() = default;
  ReplayPath(const PriceSeries& series, BarUse use, Interpolation interpolation,
             Duration start_offset);
  // In micro-dollars; before the first point the first, after the last the last.
  [[nodiscard]] double micros(Duration since_start) const;
  [[nodiscard]] Duration length() const { return length_; }

 private:
  struct Point {
    Duration at;
    Money price;
  };
  std::vector<Point> points_;
  Interpolation interpolation_ = Interpolation::Previous;
  Duration offset_ = {};
  Duration length_ = {};
};

}  // namespace mezz

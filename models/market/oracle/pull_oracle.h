// A pull oracle: publishers sign a price with a confidence interval every 400 ms (Pyth); whoever
// needs a price attaches the newest one it has to a transaction of its own. Age and confidence
// limits are the market's (OracleParams of the exchange): this entity only publishes.
//   confidence = base + gain * mean absolute relative move per publication
// the mean exponentially weighted over about 16 publications, so that it widens in a crash. Kept in
// billionths, integer. Shocks: OracleDown (no publications), OracleWrongPrice (price times
// magnitude). Source: reference sheet "layer-two protocols", section 12. Left out: single
// publishers, the EMA price.
#pragma once

#include <cstdint>
#include <vector>

#include "models/market/price/price_tick.h"
#include "models/shock/live.h"
#include "models/shock/shock.h"
#include "sim/config/visit.h"
#include "sim/engine/entity.h"
#include "sim/types/ratio.h"

namespace mezz {

struct SignedPrice {
  Price price;
  Ratio confidence;  // half width over price, about one standard deviation
  Time time;         // of observation
};
static_assert(Message<SignedPrice>);

class SignedPriceObserver {
 public:
  virtual ~SignedPriceObserver() = default;
  virtual void on(Context& ctx, const SignedPrice& signed_price) = 0;
};

// The mean absolute move after one more; 1/16 of the way, rounded to nearest.
Ratio moved_average(Ratio average, Price before, Price now);

struct PullOracleParams {
  Duration interval = 400_ms;
  Ratio confidence_base = 2_bp;
  Ratio confidence_gain = Ratio::one() * 2;

  static constexpr std::string_view kLive[] = {"interval"};
  void visit(auto& v) {
    v("interval", interval, {.doc = "Time between two signed prices (Pyth: 400 ms)", .min = 1_ms});
    v("confidence_base", confidence_base,
      {.doc = "Confidence interval of a quiet market", .min = Ratio::zero(), .max = Ratio::one()});
    v("confidence_gain", confidence_gain,
      {.doc = "Times the mean absolute move per interval",
       .min = Ratio::zero(),
       .max = Ratio::one() * 1'000});
  }
};

class PullOracle final
    : public EntityOf<PullOracle, PullOracleParams, PriceObserver, Shockable, Tunable> {
 public:
  struct Publish {};

  PullOracle(const Site& site, const PullOracleParams& params) : EntityOf(site, params) {}
  void subscribe(Ref<SignedPriceObserver> observer);  // while building

  void on(Context& ctx, const Start&);
  void on(Context& ctx, const Publish&);
  void on(Context& ctx, const PriceTick& tick) override;
  void on(Context& ctx, const Shock& shock) override;
  // Heard after the next signed price.
  void on(Context&, const ParameterChange& change) override { live_.apply(change); }

  void visit_state(auto& v) {
    v("seen", seen_);
    v("published", published_);
    v("average_move", average_move_);
    v("down", down_);
    v("wrong", wrong_);
    v("live", live_);
  }

 private:
  std::vector<Ref<SignedPriceObserver>> observers_;
  PriceTick seen_{{}, Time::never()};
  Price published_;  // before any shock; 0 = nothing yet
  Ratio average_move_;
  Switch down_;
  Switch wrong_;
  Live<PullOracleParams> live_{params()};
};

}  // namespace mezz

// Quotes every listing of the exchange around the model's value and hedges what it holds with the
// perpetual.
//   quotes   mark x (1 -+ half_spread) -+ a tick, moved against the inventory by `skew` of the
//            mark per clip held; at `clips_max` the side that would add is withdrawn. With
//            quote_in = volatility what moves with the volatility is quoted as a surface: at the
//            volatility of its mark x (1 -+ volatility_spread), -+ a tick; the vega held in an
//            expiry moves all strikes of that expiry against it, by volatility_spread per
//            `vega_scale`
//   hedge    the delta of all listings held, from Greeks that its own node computes at the last
//            block (hedge_on = local), or only when a batch has reached a rung of finality, at the
//            index of that batch (published, settled): what a vault does that trusts nothing but
//            layer one. Market orders, when the gap is over `hedge_band`.
// Probes: `unhedged`, the delta left open in units, at every look; `hedge_error`, what that delta
// has gained or lost as the index moved, and `hedge_error_rms`, the root of the sum of its squares.
// Left out: quoting on several levels, vega hedges, an opinion of its own on volatility.
#pragma once

#include <vector>

#include "models/agents/agent.h"
#include "models/agents/genesis.h"
#include "models/layer2/finality.h"
#include "models/layer2/reporter.h"
#include "sim/config/visit.h"
#include "sim/record/probe.h"

namespace mezz {

enum class HedgeOn : std::uint8_t { Local, Published, Settled, Never };
template <>
struct EnumNames<HedgeOn> {
  static constexpr std::string_view names[] = {"local", "published", "settled", "never"};
};

enum class QuoteIn : std::uint8_t { Price, Volatility };
template <>
struct EnumNames<QuoteIn> {
  static constexpr std::string_view names[] = {"price", "volatility"};
};

struct ListingMakerParams {
  Duration refresh = 1_s;
  QuoteIn quote_in = QuoteIn::Price;
  Ratio half_spread = 2_percent;
  Ratio skew = 10_bp;
  Ratio volatility_spread = 3_percent;
  Money vega_scale = 100'000_usd;
  Quantity clip = 10_lots;
  std::int64_t clips_max = 50;
  HedgeOn hedge_on = HedgeOn::Local;
  Duration hedge_every = 10_s;
  Quantity hedge_band = 10_lots;
  Money capital = 20'000'000_usd;

  void visit(auto& v) {
    v("refresh", refresh, {.doc = "Time between two looks at the quotes", .min = 10_ms});
    v("quote_in", quote_in, {.doc = "How far from the mark options are quoted"});
    v("half_spread", half_spread,
      {.doc = "Of the mark, on each side", .min = Ratio::zero(), .max = Ratio::one()});
    v("skew", skew, {.doc = "Of the mark, per clip held", .min = Ratio::zero(), .max = 10_percent});
    v("volatility_spread", volatility_spread,
      {.doc = "quote_in = volatility: of the volatility, on each side",
       .min = Ratio::zero(),
       .max = 90_percent});
    v("vega_scale", vega_scale,
      {.doc = "quote_in = volatility: vega (per 1.00) in one expiry that moves its volatilities by "
              "volatility_spread",
       .min = 1_usd});
    v("clip", clip, {.doc = "Size of each quote", .min = Quantity{1}});
    v("clips_max", clips_max, {.doc = "Inventory at which one side is withdrawn", .min = 1});
    v("hedge_on", hedge_on, {.doc = "Whose news it hedges on"});
    v("hedge_every", hedge_every, {.doc = "Time between two looks at the hedge", .min = 100_ms});
    v("hedge_band", hedge_band,
      {.doc = "Gap, in lots of the perpetual, that it leaves open", .min = Quantity{1}});
    v("capital", capital, {.doc = "Deposit at the start", .min = Money{1}});
  }
};

class ListingMaker final : public Agent<ListingMaker, ListingMakerParams>, public Reporter {
 public:
  struct Refresh {};
  struct Hedge {};

  ListingMaker(const Site& site, const ListingMakerParams& params, const MarketAccess& access,
               AccountRange accounts);
  using Agent::on;
  static AccountRange genesis(Exchange& exchange, const ListingMakerParams& params) {
    return open_accounts(exchange, 1, params.capital);
  }

  void on(Context& ctx, const Start&);
  void on(Context& ctx, const MarkUpdate& update);
  void on(Context& ctx, const Refresh&);
  void on(Context& ctx, const Hedge&);
  void on(Context& ctx, const Receipt& receipt) override;
  void on(Context& ctx, const MakerFill& fill) override;
  void report(MetricList& out) const override;

  // Of what it holds in listings of this expiry (zero: those without one), USD per 1.00.
  [[nodiscard]] double vega(Duration expiry) const;
  // Of its listings, in units of the underlying, positive when it gains from a rise.
  [[nodiscard]] double delta(Price index) const;
  [[nodiscard]] std::uint64_t hedges() const { return hedges_; }

  void visit_state(auto& v) {
    Agent::visit_state(v);
    v("quoted", quoted_);
    v("seen", seen_);
    v("hedged_to", hedged_to_);
    v("measured", measured_);
    v("error", error_);
    v("error_squared", error_squared_);
    v("hedges", hedges_);
  }

 private:
  struct Quotes {
    Price bid;  // 0: none
    Price ask;
  };
  [[nodiscard]] Quotes around_mark(InstrumentId instrument) const;
  [[nodiscard]] Quotes on_surface(InstrumentId instrument) const;
  [[nodiscard]] Quotes quotes_of(InstrumentId instrument) const;
  void quote(Context& ctx, InstrumentId instrument, bool bid, Price price);
  struct Seen {  // the index of a block and of those after it
    BlockId block;
    Price index;
  };
  // The index it hedges at, or 0 when there is no news.
  [[nodiscard]] Price news();
  void measure(Context& ctx);

  std::vector<Price> quoted_;  // bid and ask of every listing, 0: none as far as known
  std::vector<Seen> seen_;     // from the block hedged to on
  BlockId hedged_to_ = BlockId{0};
  Price measured_;  // index of the last look
  double error_ = 0.0;
  double error_squared_ = 0.0;
  std::uint64_t hedges_ = 0;

  Probe<double> unhedged_{{.name = "unhedged",
                           .doc = "Delta of listings and perpetual together, at every look",
                           .recorders = "timeavg",
                           .unit = "1"}};
  Probe<double> error_probe_{{.name = "hedge_error",
                              .doc = "Gain of the delta left open, so far",
                              .recorders = "last",
                              .unit = "USD"}};
  Probe<double> rms_probe_{{.name = "hedge_error_rms",
                            .doc = "Root of the sum of squares of that gain, look by look",
                            .recorders = "last",
                            .unit = "USD"}};
};

}  // namespace mezz

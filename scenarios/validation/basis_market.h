// A perpetual future beside its spot, whose basis is moved by uninformed orders and brought back by
// an arbitrageur who acts by the rule of models/agents (IndexArbitrageur) around the frictionless
// price of models/pricing: above it by more than the cost of both legs it sells, below it buys,
// until nothing is left beyond the cost. The spot stands still: only the basis is modelled. Looks
// once a second, after the arbitrageur. Left out: capital, a limit of its position.
#pragma once

#include <cstdint>

#include "sim/config/visit.h"
#include "sim/engine/entity.h"
#include "sim/types/price.h"
#include "sim/types/ratio.h"

namespace mezz::validation {

inline constexpr Price kBasisSpot{10'000'000'000};

struct BasisMarketParams {
  Price fair = kBasisSpot;
  Ratio cost = 5_bp;
  Ratio noise = Ratio{10'000};
  std::int64_t looks = 100'000;

  void visit(auto& v) {
    v("fair", fair, {.doc = "Frictionless price, ticks; spot is at 10^10", .min = Price{1}});
    v("cost", cost, {.doc = "Of both legs of the arbitrage", .min = Ratio::zero()});
    v("noise", noise, {.doc = "Deviation of the move that orders make in a second"});
    v("looks", looks, {.doc = "One a second", .min = 1});
  }
};

class BasisMarket final : public EntityOf<BasisMarket, BasisMarketParams> {
 public:
  struct Second {};

  using EntityOf::EntityOf;
  void on(Context& ctx, const Start&);
  void on(Context& ctx, const Second&);

  // Of the basis over the looks, shares of spot.
  [[nodiscard]] double mean() const;
  [[nodiscard]] double deviation() const;
  [[nodiscard]] double share_inside() const;

  void visit_state(auto& v) {
    v("price", price_);
    v("looks", looks_);
    v("inside", inside_);
    v("sum", sum_);
    v("squares", squares_);
  }

 private:
  void arbitrage_away();

  Price price_;
  std::int64_t looks_ = 0;
  std::int64_t inside_ = 0;
  double sum_ = 0;  // of price - fair, shares of spot
  double squares_ = 0;
};

}  // namespace mezz::validation

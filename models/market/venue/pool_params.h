// What a scenario may say about a pool beside the order book. One struct for all kinds: a key that
// the chosen kind does not know must keep its default where setting it would mislead. Prices are
// dollars of one unit of the underlying, as in the exchange's parameters.
//   cpmm         constant product of its holdings (Uniswap v2)
//   clmm         concentrated liquidity in ranges (Uniswap v3)
//   vamm         constant product of virtual reserves (Perpetual Protocol v1)
//   oracle_pool  oracle price, price impact, spread (GMX v2)
//   skew_pool    oracle price and a premium linear in the skew (Synthetix v3)
// The impact factors are in dollars: d dollars of imbalance weigh factor * d^exponent dollars.
// Defaults are round numbers of a deep market, not those of a venue.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/market/instrument.h"
#include "sim/types/ratio.h"

namespace mezz::venue {

enum class Kind : std::uint8_t { Cpmm, Clmm, Vamm, OraclePool, SkewPool };

}  // namespace mezz::venue

namespace mezz {
template <>
struct EnumNames<venue::Kind> {
  static constexpr std::string_view names[] = {"cpmm", "clmm", "vamm", "oracle_pool", "skew_pool"};
};
}  // namespace mezz

namespace mezz::venue {

struct RangeParams {
  Money lower = 40'000_usd;
  Money upper = 60'000_usd;
  Money liquidity = 1'000'000_usd;

  void visit(auto& v) {
    v("lower", lower, {.doc = "Price below which the range holds only lots", .min = Money{1}});
    v("upper", upper, {.doc = "Price above which it holds only quote", .min = Money{1}});
    v("liquidity", liquidity, {.doc = "Quote it holds above its upper price", .min = Money{1}});
  }
};

struct PoolParams {
  Kind kind = Kind::Cpmm;
  Ratio fee = 30_bp;
  Money quote = 10'000'000_usd;
  Quantity lots = Quantity{0};
  Quantity virtual_lots = Quantity{1'000'000};
  Money virtual_quote = Money{0};
  std::vector<RangeParams> position = {};
  Ratio oracle_spread = Ratio{0};
  double impact_positive = 5e-11;
  double impact_negative = 1e-10;
  double impact_exponent = 2;
  Ratio impact_positive_max = 50_bp;
  Ratio impact_negative_max = 50_bp;
  Quantity skew_scale = Quantity{1'000'000};
  Quantity open_interest_max = Quantity{0};
  Ratio open_interest_ratio_max = Ratio{0};
  Ratio deleverage_above = Ratio{0};
  Ratio deleverage_until = Ratio{0};

  void visit(auto& v) {
    v("kind", kind, {.doc = "Rule that makes the price"});
    v("fee", fee, {.doc = "Of the value of a trade; stays in the pool", .min = Ratio{0}});
    v("quote", quote, {.doc = "Cash at the start (clmm: see position)", .min = Money{0}});
    v("lots", lots,
      {.doc = "cpmm: lots at the start; 0 is as many as quote buys at the initial price",
       .min = Quantity{0}});
    v("virtual_lots", virtual_lots, {.doc = "vamm: virtual reserve", .min = Quantity{1}});
    v("virtual_quote", virtual_quote,
      {.doc = "vamm: virtual reserve; 0 follows from the initial price", .min = Money{0}});
    v("position", position, {.doc = "clmm: ranges of liquidity", .count_max = 64});
    v("oracle_spread", oracle_spread,
      {.doc = "oracle_pool: distance of its highest and lowest price from the index",
       .min = Ratio{0}});
    v("impact_positive", impact_positive,
      {.doc = "oracle_pool: factor of trades that balance the pool", .min = 0.0});
    v("impact_negative", impact_negative,
      {.doc = "oracle_pool: factor of trades that unbalance it", .min = 0.0});
    v("impact_exponent", impact_exponent, {.doc = "oracle_pool", .min = 1.0, .max = 4.0});
    v("impact_positive_max", impact_positive_max,
      {.doc = "oracle_pool: largest positive impact, of the size", .min = Ratio{0}});
    v("impact_negative_max", impact_negative_max,
      {.doc = "oracle_pool: largest negative impact, of the size", .min = Ratio{0}});
    v("skew_scale", skew_scale,
      {.doc = "skew_pool: skew at which the premium is 100 %", .min = Quantity{1}});
    v("open_interest_max", open_interest_max,
      {.doc = "vamm, oracle_pool, skew_pool: largest net position of the traders; 0 is no limit",
       .min = Quantity{0}});
    v("open_interest_ratio_max", open_interest_ratio_max,
      {.doc = "The same as its value at the index over the pool's equity; 0 is no limit",
       .min = Ratio{0}});
    v("deleverage_above", deleverage_above,
      {.doc = "oracle_pool: winners of a side are closed when their profits exceed this share of "
              "the pool; 0 is never",
       .min = Ratio{0}});
    v("deleverage_until", deleverage_until,
      {.doc = "oracle_pool: down to this share; 0 is deleverage_above", .min = Ratio{0}});
  }

  // Throw ScenarioError; called once, while building. The second one also checks what depends on
  // the contract and on the price at the start.
  void check(const std::string& path) const;
  void check(const std::string& path, const ContractSpec& contract, Price initial) const;
};

}  // namespace mezz::venue
